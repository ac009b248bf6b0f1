"""Query filters: from the value of a parameter to conditions on stored documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from assaykit.emulator.engine.dates import instant_text, parse_instant
from assaykit.emulator.engine.resources.declarations import Filter
from assaykit.emulator.engine.resources.lookup import resources_of
from assaykit.emulator.engine.storage import Operator, Select, Where

if TYPE_CHECKING:
    from assaykit.emulator.engine.vendor import Call

NOTHING: Final = (Where("id", "in", ()),)
"""Conditions that no document meets."""
_DAY: Final = len("2026-01-05")
_LAST_INSTANT: Final = 253_402_300_799


def equals(field: str, kind: type | None = None) -> Filter:
    """Return a filter by the value of a field, or by any of several.

    Args:
        field: Name of the field.
        kind: Its type; a value that cannot be one meets nothing. None takes the value as it is.
    """

    def conditions(_: Call, value: Any) -> Sequence[Where]:
        if isinstance(value, list):
            fitting = [fit for one in value if (fit := _fitted(one, kind)) is not None]
            return [Where(field, "in", fitting)]
        fit = _fitted(value, kind)
        return NOTHING if fit is None else [Where(field, "=", fit)]

    return Filter(conditions, (("", field),))


def _fitted(value: Any, kind: type | None) -> Any:
    """Return a value as a type, or None if it cannot be one."""
    if kind is None or type(value) is kind:
        return value
    if kind is bool:
        return {0: False, 1: True}.get(value) if isinstance(value, int) else None
    try:
        return kind(value)
    except (ValueError, OverflowError):
        return None


def contains(search: str) -> Filter:
    """Return a filter by a text that one of the fields of a search contains, whatever its case."""
    return Filter(lambda _, value: [Where(search, "contains", value)])


def has(field: str) -> Filter:
    """Return a filter by an entry, or any of several, of a list."""
    return Filter(lambda _, value: [Where(field, "has", value)])


def at(field: str) -> Filter:
    """Return a filter by an instant to the second, or by a day."""
    return _instants(field, lambda first, last: [Where(field, ">=", first), Where(field, "<=", last)])


def since(field: str) -> Filter:
    """Return a filter by an instant or a day, and all later ones."""
    return _instants(field, lambda first, _: [Where(field, ">=", first)])


def until(field: str) -> Filter:
    """Return a filter by an instant or a day, and all earlier ones."""
    return _instants(field, lambda _, last: [Where(field, "<=", last)])


def _instants(field: str, between: Callable[[str, str], Sequence[Where]]) -> Filter:
    def conditions(_: Call, value: Any) -> Sequence[Where]:
        ends = _ends(value)
        return NOTHING if ends is None else between(*ends)

    return Filter(conditions, (("", field),))


def _ends(value: Any) -> tuple[str, str] | None:
    """Return the first and the last instant of a second or a day; None if the value is neither."""
    try:
        if isinstance(value, int):
            # Beyond the years that Python knows there is nothing to compare with.
            text = instant_text(datetime.fromtimestamp(max(0, min(value, _LAST_INSTANT)), UTC))
        elif len(value) == _DAY:
            return f"{value}T00:00:00.000000Z", f"{value}T23:59:59.999999Z"
        else:
            text = instant_text(parse_instant(value))
    except ValueError:
        return None
    return (text, f"{text[:19]}.999999Z") if text[20:26] == "000000" else (text, text)


def through(kind: str, given: str, *, leads_to: str = "id", field: str = "id", inner: Operator = "=") -> Filter:
    """Return a filter by a property of other documents.

    Args:
        kind: Kind of the other documents.
        given: Their field, or search, that is compared with the value; a list of values fits any of them.
        leads_to: Their field whose values the shown documents have.
        field: The field of the shown documents in which they have them.
        inner: How `given` is compared with a single value, such as "contains".
    """

    def conditions(call: Call, value: Any) -> Sequence[Where]:
        operator: Operator = "in" if isinstance(value, list) and inner == "=" else inner
        return [Where(field, "in", selected(call, kind, leads_to, [Where(given, operator, value)]))]

    compared = [("", field), (kind, leads_to)] + ([] if inner == "contains" else [(kind, given)])
    return Filter(conditions, tuple(compared))


def selected(call: Call, kind: str, field: str, where: Sequence[Where]) -> Select:
    """Return the values of a field of the documents of a kind that meet conditions and are not deleted."""
    resources = resources_of(call.state)
    return Select(resources.kinds[kind].collection, field, [*where, *resources.records.alive(kind)])
