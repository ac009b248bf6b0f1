"""How many requests a vendor allows in a window of time, and how many of them are left."""

from __future__ import annotations

import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from .tokens import TokenKey

OnBudget = Literal["wait", "raise", "report"]
"""What becomes of a request that the budget has no room for: it waits, RateLimited is raised, or it is sent anyway."""

RateLimit = tuple[int, float]
"""Number of requests, and seconds of the window in which so many are allowed."""


@dataclass(frozen=True, slots=True)
class BudgetEvent:
    """A request for which the budget has no room."""

    operation: str
    limit: int
    """Requests that the vendor allows in a window."""
    seconds: float
    """Length of the window."""
    wait: float
    """Seconds until there is room, as far as it can be told now."""
    action: OnBudget
    """What becomes of the request."""

    def __str__(self) -> str:
        return (
            f"{self.operation}: {self.limit} requests in {self.seconds:g} s are used up, "
            f"room in {self.wait:.1f} s ({self.action})"
        )


class Window:
    """The budget of one operation: a log of the requests in the last ``seconds``.

    The log slides, whatever the vendor does. A client that counted in fixed windows of its own could not know where
    the vendor's begin: by sending a full budget at the end of its window and another at the beginning of the next,
    it would put twice the limit into one of the vendor's. With the log, any stretch of time as long as the window,
    wherever it begins, holds at most the limit, so a fixed window of the vendor does too.

    For the same reason a request counts from before it is sent until ``seconds`` after its answer came: the vendor
    counted it somewhere between the two, and the time on the way differs from one request to the next.

    Requests that wait are served in the order in which they came, threads and tasks alike. No lock is held while
    one waits. The clock is read under the lock, so that a thread which is held up cannot come with an old time.

    Args:
        limit: Requests allowed in a window.
        seconds: Length of the window.
    """

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self.seconds = seconds
        self._lock = threading.Lock()  # guards all below; held for a few comparisons at a time
        self._answered: deque[float] = deque()  # when, in order; requests of other processes among them
        self._in_flight = 0
        self._closed_until = float("-inf")  # the vendor's own word after a 429
        self._queue: dict[object, None] = {}

    @contextmanager
    def queued(self) -> Iterator[object]:
        """A place at the end of the queue, for as long as the block lasts."""
        ticket = object()
        with self._lock:
            self._queue[ticket] = None
        try:
            yield ticket
        finally:
            with self._lock:
                self._queue.pop(ticket, None)

    def take(self, clock: Callable[[], float], ticket: object | None = None) -> float:
        """Take room for one request if there is any that nobody ahead waits for.

        Args:
            clock: Seconds since the epoch.
            ticket: The place in the queue; without one the request comes after all that wait.

        Returns:
            0 if there is room, which is taken; else the seconds until there may be.
        """
        with self._lock:
            now = clock()
            self._forget(now)
            ahead = len(self._queue) if ticket is None else list(self._queue).index(ticket)
            wait = self._wait(now, ahead)
            if wait <= 0.0:
                self._in_flight += 1
                if ticket is not None:
                    del self._queue[ticket]
            return wait

    def overdraw(self) -> None:
        """Count a request for which there is no room."""
        with self._lock:
            self._in_flight += 1

    def settle(self, clock: Callable[[], float], *, sent: bool = True) -> None:
        """Note that a request for which room was taken has ended.

        Args:
            clock: Seconds since the epoch.
            sent: Whether it may have reached the vendor; else its room is free again at once.
        """
        with self._lock:
            self._in_flight -= 1
            if sent:
                self._answered.append(clock())

    def remaining(self, clock: Callable[[], float], number: int) -> None:
        """Take over what the vendor says is left, if that is less than is known here.

        Less is left when another process uses the same credential. When its requests were made is not known; they
        are taken to be made now.

        Args:
            clock: Seconds since the epoch.
            number: Requests left.
        """
        with self._lock:
            now = clock()
            self._forget(now)
            unknown = self.limit - self._in_flight - len(self._answered) - number
            self._answered.extend([now] * unknown)

    def close(self, until: float) -> None:
        """Let nobody through for a while.

        Args:
            until: Seconds since the epoch.
        """
        with self._lock:
            self._closed_until = max(self._closed_until, until)

    def _forget(self, now: float) -> None:
        if self._answered and self._answered[-1] > now:
            # The clock was set back. To count from now is the longest that it can be right to wait.
            self._answered = deque(min(moment, now) for moment in self._answered)
            self._closed_until = min(self._closed_until, now + self.seconds)
        while self._answered and self._answered[0] + self.seconds <= now:
            self._answered.popleft()

    def _wait(self, now: float, ahead: int) -> float:
        missing = ahead + 1 - (self.limit - self._in_flight - len(self._answered))
        if missing <= 0:
            wait = 0.0
        elif missing <= len(self._answered):
            wait = self._answered[missing - 1] + self.seconds - now
        else:  # for a request in flight, whose answer will not have come before now
            wait = self.seconds
        return max(wait, self._closed_until - now)


class Budget:
    """The windows of one credential."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows: dict[str, Window] = {}

    def window(self, operation: str, limit: RateLimit) -> Window:
        """The window of an operation.

        Args:
            operation: operationId.
            limit: Its limit, if this is the first to ask.
        """
        with self._lock:
            window = self._windows.get(operation)
            if window is None:
                window = self._windows[operation] = Window(*limit)
            return window


_lock = threading.Lock()
_shared: dict[int, dict[tuple[str, str, str, str], Budget]] = {}


def shared_budget(key: TokenKey, clock: Callable[[], float]) -> Budget:
    """The budget of a credential, the same for all clients of the process that tell the time by the same clock.

    It outlives the clients: one that is made after another was closed has no new budget. A clock that a test made
    takes its budgets with it.

    Args:
        key: Whose budget: vendor, base URL, credential. Only a fingerprint of the credential is kept.
        clock: Seconds since the epoch.
    """
    owner = getattr(clock, "__self__", clock)  # a bound method is made anew each time it is read
    name = (getattr(clock, "__name__", ""), key.vendor, key.base_url, key.credential.fingerprint())
    with _lock:
        budgets = _shared.get(id(owner))
        if budgets is None:
            try:
                weakref.finalize(owner, _shared.pop, id(owner), None).atexit = False
            except TypeError:  # cannot be watched, hence not told from its successor at the same address
                return Budget()
            budgets = _shared[id(owner)] = {}
        budget = budgets.get(name)
        if budget is None:
            budget = budgets[name] = Budget()
        return budget
