"""Time zones for vendors that write dates without one."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import tzinfo
from typing import TypeVar

import httpx

from .errors import ConfigurationError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NaiveDates:
    """The zone that the dates without one are in, for the answers to one client."""

    variable: ContextVar[tzinfo | None]
    """Where the generated package looks for the zone."""
    zone: tzinfo

    def read(self, parse: Callable[[httpx.Response], T], response: httpx.Response) -> T:
        """Parse an answer with the zone set for just this; other threads and tasks have their own."""
        token = self.variable.set(self.zone)
        try:
            return parse(response)
        finally:
            self.variable.reset(token)


def time_zone(zone: str | tzinfo) -> tzinfo:
    """Find a time zone.

    Args:
        zone: Its name, such as ``Asia/Jakarta``, or the zone itself.

    Raises:
        ConfigurationError: There is no such zone on this system.
    """
    if isinstance(zone, tzinfo):
        return zone
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(zone)
    except (LookupError, ValueError, TypeError, OSError):  # OSError: the name of a folder of zones
        raise ConfigurationError(
            "zone",
            f"{zone!r} is no time zone that this system knows",
            "give a name such as Asia/Jakarta or a tzinfo; where the system has no zones: pip install tzdata",
        ) from None
