"""The pauses between looks."""

from __future__ import annotations

import pytest

from assaykit.core.errors import ConfigurationError
from assaykit.core.waiting import Pauses
from tests.core.support import Clock


def taken(pauses: Pauses, clock: Clock) -> list[float]:
    """All pauses until the time is over."""
    while not pauses.is_over:
        clock.sleep(pauses.take())
    return clock.slept


def test_pauses_grow_to_the_longest_and_end_with_the_time() -> None:
    clock = Clock()
    pauses = Pauses(clock, timeout=20.0, interval=2.0, longest_interval=5.0)

    assert taken(pauses, clock) == pytest.approx([2.0, 3.0, 4.5, 5.0, 5.0, 0.5])
    assert pauses.waited == pytest.approx(20.0)


def test_first_pause_is_never_longer_than_the_longest_or_the_time() -> None:
    clock = Clock()
    assert taken(Pauses(clock, timeout=3.0, interval=60.0, longest_interval=2.0), clock) == pytest.approx([2.0, 1.0])
    clock.slept.clear()
    assert taken(Pauses(clock, timeout=3.0, interval=60.0, longest_interval=90.0), clock) == pytest.approx([3.0])


def test_looks_take_time_too() -> None:
    clock = Clock()
    pauses = Pauses(clock, timeout=10.0, interval=4.0, longest_interval=30.0)
    clock.now += 8.0

    assert pauses.waited == 8.0
    assert pauses.take() == pytest.approx(2.0)
    clock.now += 9.0
    assert pauses.is_over
    assert pauses.take() == 0.0


@pytest.mark.parametrize("argument", ["timeout", "interval", "longest_interval"])
@pytest.mark.parametrize("value", [0, -1.0, float("nan")])
def test_seconds_that_are_not_positive_are_named(argument: str, value: float) -> None:
    seconds = {"timeout": 1.0, "interval": 1.0, "longest_interval": 1.0, argument: value}
    with pytest.raises(ConfigurationError, match="is not a positive number of seconds") as caught:
        Pauses(Clock(), **seconds)

    assert caught.value.argument == argument
