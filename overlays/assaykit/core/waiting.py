"""Looking again and again until something has happened: how long to wait between two looks."""

from __future__ import annotations

from collections.abc import Callable

from .errors import ConfigurationError

_GROWTH = 1.5


class Pauses:
    """The pauses between looks: each half as long again as the one before, none beyond the time that there is.

    Args:
        clock: Seconds since the epoch.
        timeout: Seconds to wait at most; the last look is taken when they have passed.
        interval: Seconds between the first two looks.
        longest_interval: Seconds between two looks at most.

    Raises:
        ConfigurationError: A number of seconds is not positive; the error names it.
    """

    def __init__(self, clock: Callable[[], float], timeout: float, interval: float, longest_interval: float) -> None:
        for name, value in (("timeout", timeout), ("interval", interval), ("longest_interval", longest_interval)):
            if not value > 0:
                raise ConfigurationError(name, f"{value!r} is not a positive number of seconds", "give for example 60")
        self._clock = clock
        self._timeout = timeout
        self._interval = interval
        self._longest_interval = longest_interval
        self._began = clock()

    @property
    def waited(self) -> float:
        """Seconds so far."""
        return self._clock() - self._began

    @property
    def is_over(self) -> bool:
        """Whether the time has passed."""
        return self.waited >= self._timeout

    def take(self) -> float:
        """Seconds until the next look, the last of which is at the very end of the time."""
        seconds = min(self._interval, self._longest_interval, max(self._timeout - self.waited, 0.0))
        self._interval *= _GROWTH
        return seconds
