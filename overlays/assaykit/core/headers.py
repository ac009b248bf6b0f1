"""Response headers that mean the same at every vendor."""

from __future__ import annotations

import math
from collections.abc import Mapping

REQUEST_ID_HEADERS = ("x-request-id", "request-id", "x-correlation-id", "x-ms-request-id", "x-amzn-requestid")


def request_id(headers: Mapping[str, str]) -> str | None:
    """The vendor's id of the request, under whichever of the usual names it is sent."""
    for name in REQUEST_ID_HEADERS:
        value = headers.get(name)
        if value:
            return value
    return None


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Read Retry-After, in either form that RFC 9110 section 10.2.3 allows.

    Args:
        headers: Response headers, looked up without regard to case.
        now: Seconds since the epoch, for the form that names a date.

    Returns:
        Seconds to wait from now, never negative; None if the header is absent or unreadable.
    """
    text = headers.get("retry-after")
    if text is None:
        return None
    text = text.strip()
    try:
        seconds = float(text)
    except ValueError:
        return _seconds_until(text, now)
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _seconds_until(text: str, now: float) -> float | None:
    from datetime import UTC
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)  # RFC 9110: an HTTP date is always GMT
    return max(moment.timestamp() - now, 0.0)


def rate_limit_remaining(headers: Mapping[str, str], limit: int) -> int | None:
    """How many requests the vendor says are left of a limit.

    Args:
        headers: Response headers, looked up without regard to case.
        limit: The limit in question. What is left of another one, such as a proxy's, does not count.

    Returns:
        The number, None if the header is absent or unreadable.
    """
    left, whole = (_digits(headers.get(f"x-ratelimit-{name}")) for name in ("remaining", "limit"))
    return left if whole is None or whole == limit else None


def _digits(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() else None
