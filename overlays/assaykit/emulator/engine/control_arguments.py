"""What requests to the control API and its actions carry, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from assaykit.emulator.engine.jsontext import MalformedJSON, loads
from assaykit.emulator.engine.message import Request
from assaykit.emulator.engine.rejection import INVALID, Field, Rejected

_UNITS: Final = ("days", "hours", "minutes", "seconds")


def invalid(field: str, message: str) -> Rejected:
    """Return the refusal of a field."""
    return Rejected(INVALID, f"{field} {message}.", [Field(field, message)])


def read_body(request: Request) -> Mapping[str, Any]:
    """Return the object in a body; none is an empty one."""
    if not request.body:
        return {}
    try:
        value = loads(request.body)
    except MalformedJSON as error:
        raise invalid("body", f"is not valid JSON: {error}") from None
    if not isinstance(value, dict):
        raise invalid("body", "must be an object")
    return value


def read_instant(value: Any) -> datetime:
    """Return the instant to which a clock is set."""
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise invalid("set", "must be an instant such as 2030-01-01T00:00:00Z") from None


def read_units(value: Any) -> dict[str, float]:
    """Return how far a clock is moved, by unit."""
    fits = isinstance(value, dict) and all(
        unit in _UNITS and isinstance(number, int | float) and not isinstance(number, bool)
        for unit, number in value.items()
    )
    if not fits or not value:
        raise invalid("advance", f"must be an object of numbers under {', '.join(_UNITS)}")
    return dict(value)


def text(arguments: Mapping[str, Any], field: str) -> str:
    """Return a text that an action needs.

    Raises:
        Rejected: It is missing, empty or something else.
    """
    value = arguments.get(field)
    if not isinstance(value, str) or not value:
        raise invalid(field, "must be text")
    return value


def whole(arguments: Mapping[str, Any], field: str) -> int:
    """Return a whole number that an action needs.

    Raises:
        Rejected: It is missing or something else.
    """
    value = arguments.get(field)
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid(field, "must be a whole number")
    return value
