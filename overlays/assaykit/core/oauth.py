"""Answers of OAuth 2.0's token endpoint (RFC 6749 section 5.1), for every grant."""

from __future__ import annotations

from typing import Any

from .tokens import Token, token

_DIGITS = 12  # more seconds than that are no lifetime


def read_bearer_token(document: Any, *, now: float, lifetime: float) -> Token:
    """Read a token; of its properties only the token itself has to be there.

    Args:
        document: The answer's JSON.
        now: Seconds since the epoch when it was asked for.
        lifetime: Seconds that the token is taken to hold if neither the answer nor the token itself says it.

    Raises:
        ValueError: There is no token; the message says what is missing and no value of it.
    """
    answer = document if isinstance(document, dict) else {}
    value, refresh_value = answer.get("access_token"), answer.get("refresh_token")
    if not isinstance(value, str) or not value:
        raise ValueError("access_token is not a text")
    seconds = _seconds(answer.get("expires_in"))
    found = token(value, now=now, lifetime=lifetime) if seconds is None else Token(value, now, now + seconds)
    if isinstance(refresh_value, str) and refresh_value:
        return Token(found.value, found.obtained_at, found.expires_at, refresh_value)
    return found


def _seconds(value: Any) -> float | None:
    """A lifetime; digits in quotes count as one, since some servers send them."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[: _DIGITS + 1])
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**_DIGITS:
        return None
    return float(value)
