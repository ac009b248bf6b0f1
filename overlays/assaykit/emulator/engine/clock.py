"""The time inside a world: real, shifted, frozen, or moved by hand."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol

Listener = Callable[[datetime], None]


class Clock(Protocol):
    """What the engine and the behaviours ask of a clock."""

    def now(self) -> datetime:
        """Return the instant in UTC."""
        ...

    def time(self) -> float:
        """Return the instant as seconds since 1970-01-01T00:00Z."""
        ...

    def advance(self, delta: timedelta | None = None, /, **units: float) -> datetime:
        """Move forward and return the new instant."""
        ...

    def set(self, instant: datetime) -> datetime:
        """Move to an instant and return it."""
        ...

    def freeze(self) -> datetime:
        """Stop the clock and return where it stands."""
        ...

    def resume(self) -> datetime:
        """Let the clock run on from where it stands and return that instant."""
        ...

    def reset(self) -> datetime:
        """Go back to how the clock began and return the instant."""
        ...

    @property
    def frozen(self) -> bool:
        """Whether time passes only by hand."""
        ...

    def subscribe(self, listener: Listener) -> None:
        """Call a function with the new instant whenever the clock was moved by hand."""
        ...


def as_utc(instant: datetime) -> datetime:
    """Return the instant in UTC; one without a zone is taken to be in UTC."""
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


class _Movable(ABC):
    """Moving by hand, and telling those who wait for something to fall due."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._moving = Lock()  # two threads that move the clock at once move it by both distances

    @abstractmethod
    def now(self) -> datetime:
        """Return the instant in UTC."""

    @abstractmethod
    def _move(self, instant: datetime) -> None:
        """Take the instant as the present."""

    def time(self) -> float:
        """Return the instant as seconds since 1970-01-01T00:00Z."""
        return self.now().timestamp()

    def advance(self, delta: timedelta | None = None, /, **units: float) -> datetime:
        """Move forward.

        Args:
            delta: How far.
            **units: The same in `timedelta`'s words: `hours=1, minutes=30`.

        Returns:
            The new instant.

        Raises:
            ValueError: The clock would run backwards; use `set` for that.
        """
        distance = (delta or timedelta()) + timedelta(**units)
        if distance < timedelta():
            raise ValueError("advance() moves forward; use set() to go back")
        with self._moving:
            moved = self.now() + distance
            self._move(moved)
        return self._tell(moved)

    def set(self, instant: datetime) -> datetime:
        """Move to an instant, forwards or backwards, and return it in UTC."""
        moved = as_utc(instant)
        with self._moving:
            self._move(moved)
        return self._tell(moved)

    def _tell(self, moved: datetime) -> datetime:
        for listener in tuple(self._listeners):
            listener(moved)
        return moved

    def subscribe(self, listener: Listener) -> None:
        """Call a function with the new instant whenever the clock was moved by hand."""
        self._listeners.append(listener)


class SystemClock(_Movable):
    """The computer's clock plus an offset; it can be frozen and resumed.

    Args:
        frozen_at: Begin frozen at this instant; None to begin with the real time.
        source: Returns the real instant; for tests of the clock itself.
    """

    def __init__(
        self, frozen_at: datetime | None = None, source: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__()
        self._source = source
        self._begin = None if frozen_at is None else as_utc(frozen_at)
        self._offset = timedelta()
        self._fixed = self._begin

    def now(self) -> datetime:
        """Return the instant in UTC."""
        return self._fixed if self._fixed is not None else self._source() + self._offset

    def _move(self, instant: datetime) -> None:
        if self._fixed is not None:
            self._fixed = instant
        else:
            self._offset = instant - self._source()

    def freeze(self) -> datetime:
        """Stop the clock and return where it stands."""
        self._fixed = self.now()
        return self._fixed

    def resume(self) -> datetime:
        """Let the clock run on from where it stands and return that instant."""
        if self._fixed is not None:
            self._offset = self._fixed - self._source()
            self._fixed = None
        return self.now()

    def reset(self) -> datetime:
        """Go back to how the clock began and return the instant."""
        self._offset = timedelta()
        self._fixed = self._begin
        return self.now()

    @property
    def frozen(self) -> bool:
        """Whether time passes only by hand."""
        return self._fixed is not None


class ManualClock(_Movable):
    """A clock that stands still until it is moved; the clock of tests.

    Args:
        start: Where it stands at first; without a zone it is UTC.
    """

    def __init__(self, start: datetime) -> None:
        super().__init__()
        self._start = self._instant = as_utc(start)

    def now(self) -> datetime:
        """Return the instant in UTC."""
        return self._instant

    def _move(self, instant: datetime) -> None:
        self._instant = instant

    def freeze(self) -> datetime:
        """Return where the clock stands; it never runs by itself."""
        return self._instant

    def resume(self) -> datetime:
        """Return where the clock stands; it never runs by itself."""
        return self._instant

    def reset(self) -> datetime:
        """Go back to the start and return it."""
        self._instant = self._start
        return self._instant

    @property
    def frozen(self) -> bool:
        """Always true."""
        return True
