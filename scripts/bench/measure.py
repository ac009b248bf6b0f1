"""Timing that holds on a noisy machine: contenders take turns, and only ratios are reported."""

import os
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the benchmark's table.

    Attributes:
        what: what was measured.
        ours: our figure, with unit.
        peer: the peer's figure, with its name and unit; empty for a figure without a peer.
        ratio: ours against the peer's, in the direction of the goal.
        goal: what was aimed for.
        met: whether the goal was reached.
    """

    what: str
    ours: str
    peer: str
    ratio: str
    goal: str
    met: bool


def per_call(
    contenders: Mapping[str, Callable[[], object]], *, rounds: int = 9, seconds: float = 0.15
) -> dict[str, float]:
    """Time several functions in turns.

    Args:
        contenders: the functions by name.
        rounds: how often each gets its turn.
        seconds: length of one turn.

    Returns:
        Seconds per call by name, the median over the rounds.
    """
    calls = {name: _calls_in(function, seconds) for name, function in contenders.items()}
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, function in contenders.items():
            started = time.perf_counter()
            for _ in range(calls[name]):
                function()
            taken[name].append((time.perf_counter() - started) / calls[name])
    return {name: statistics.median(values) for name, values in taken.items()}


def at_most(what: str, ours: float, peer: float, peer_name: str, goal: float) -> Row:
    """Report two times in seconds whose ratio should stay below a goal."""
    ratio = ours / peer
    return Row(what, micro(ours), f"{peer_name} {micro(peer)}", f"{ratio:.2f}x", f"<= {goal:g}x", ratio <= goal)


def micro(seconds: float) -> str:
    """Write a time in microseconds."""
    return f"{seconds * 1e6:.0f} us"


def user_environment() -> dict[str, str]:
    """Return this process's environment as a user's Python has it.

    A Python that is told not to keep compiled modules would measure its compiler at every start.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _calls_in(function: Callable[[], object], seconds: float) -> int:
    function()
    calls, taken = 1, 0.0
    while taken < seconds / 4:
        calls *= 2
        started = time.perf_counter()
        for _ in range(calls):
            function()
        taken = time.perf_counter() - started
    return max(1, int(calls * seconds / taken))
