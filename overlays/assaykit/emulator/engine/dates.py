"""Instants as the engine keeps them, and as each vendor writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import MINYEAR, UTC, datetime, timedelta, tzinfo
from typing import Any, Final

from assaykit.emulator.engine.clock import as_utc
from assaykit.emulator.engine.storage import Where

_LEAP_SECOND = re.compile(r":60(?![0-9])")
_ZONED = re.compile(r":[0-9]{2}(?:[.,][0-9]+)?(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)\Z")


def instant_text(instant: datetime) -> str:
    """Return the form in which documents keep an instant: UTC, six digits, sortable as text."""
    return f"{as_utc(instant).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def parse_instant(text: str) -> datetime:
    """Read an RFC 3339 instant.

    Digits beyond a microsecond are cut, no zone means UTC, a leap second is the second after it, and an instant
    outside the years that Python knows becomes the nearest one inside.

    Raises:
        ValueError: The text is not an instant.
    """
    upper = text.upper()
    if upper.startswith("0000-"):
        return datetime.min.replace(tzinfo=UTC)
    leap = _LEAP_SECOND.search(upper)
    if leap is not None:
        upper = upper[: leap.start()] + ":59" + upper[leap.end() :]
    instant = datetime.fromisoformat(upper)
    try:
        instant = as_utc(instant)
        return instant + timedelta(seconds=1) if leap is not None else instant
    except OverflowError:
        nearest = datetime.min if instant.year == MINYEAR else datetime.max
        return nearest.replace(tzinfo=UTC)


def day_range(field: str, first: str | None, last: str | None) -> list[Where]:
    """Return the conditions that an instant lies within an inclusive range of UTC days.

    Args:
        field: Indexed field that holds the instant as `instant_text` writes it.
        first: First day, `YYYY-MM-DD`, or None for no lower end.
        last: Last day, or None for no upper end.
    """
    conditions: list[Where] = []
    if first is not None:
        conditions.append(Where(field, ">=", f"{first}T00:00:00.000000Z"))
    if last is not None:
        conditions.append(Where(field, "<=", f"{last}T23:59:59.999999Z"))
    return conditions


def _rfc3339(text: str) -> str:
    return f"{text[:26].rstrip('0').rstrip('.')}Z"


FORMS: Final[Mapping[str, Callable[[str], str]]] = {
    "rfc3339": _rfc3339,
    "fraction6": lambda text: text,
    "fraction7": lambda text: f"{text[:26]}0Z",
    "naive-space": lambda text: f"{text[:10]} {text[11:19]}",
    "offset-short": lambda text: f"{text[:10]} {text[11:19]}+00",
}
"""Wire form of each `x-datetime` name, made from what `instant_text` writes; all are in UTC."""
FRESH_FORMS: Final[Mapping[str, Callable[[str], str]]] = {
    "offset-short": lambda text: f"{text[:10]}T{text[11:19]}+00:00",
}
"""Wire form of instants that the request has just set, for names in `FORMS` that write them in another way."""
NAIVE: Final = frozenset({"naive-space"})
"""Forms that name no zone; they are written in the vendor's."""


class Fresh(str):
    """An instant that the request has just set, as `instant_text` writes it; see `FRESH_FORMS`."""

    __slots__ = ()


Plan = Callable[[Any], Any]
"""Returns a copy of a reply with its instants written in the vendor's form."""


def write_instant(value: Any, form: str, zone: tzinfo = UTC) -> Any:
    """Return an instant in a wire form; whatever is not an instant is returned as it is.

    A text without a zone is no instant: nobody knows which one is meant, so it reaches the wire as it was stored.

    Args:
        value: What `instant_text` wrote, another RFC 3339 text, or a datetime.
        form: A name in `FORMS`.
        zone: Zone in which the forms in `NAIVE` are written.
    """
    if isinstance(value, str):
        # Nearly always the form in which documents keep it, which needs no parsing.
        if len(value) != 27 or value[19] != "." or value[26] != "Z":
            if _ZONED.search(value) is None:
                return value
            try:
                value = instant_text(parse_instant(value))
            except ValueError:
                return value
    elif isinstance(value, datetime):
        value = instant_text(value)
    else:
        return value
    return FORMS[form](value if zone is UTC or form not in NAIVE else _local(value, zone))


def _local(text: str, zone: tzinfo) -> str:
    """Return what `instant_text` wrote as the time of day in a zone, in the same form."""
    try:
        local = datetime.fromisoformat(text).astimezone(zone)
    except (OverflowError, ValueError):
        return text
    return instant_text(local.replace(tzinfo=UTC))


def _writer(form: str, zone: tzinfo) -> Plan:
    """Return `write_instant` for one form, with the common cases first."""
    convert, fresh = FORMS[form], FRESH_FORMS.get(form, FORMS[form])
    shifted = form in NAIVE and zone is not UTC

    def write(value: Any) -> Any:
        if type(value) is Fresh:
            return fresh(value)
        if isinstance(value, str) and len(value) == 27 and value[19] == "." and value[26] == "Z":
            return convert(_local(value, zone) if shifted else value)
        return write_instant(value, form, zone)

    return write


def compile_plan(
    schema: Mapping[str, Any], resolve: Callable[[str], Mapping[str, Any]], zone: tzinfo = UTC
) -> Plan | None:
    """Find where a schema holds instants.

    Args:
        schema: Schema of a reply.
        resolve: Returns what a `$ref` points to.
        zone: Zone in which the forms in `NAIVE` are written.

    Returns:
        A function that rewrites these places, or None if there are none.
    """
    return _Compiler(resolve, zone).plan(schema, ())


class _Compiler:
    """Walks a schema once; a schema that contains itself is walked no deeper."""

    def __init__(self, resolve: Callable[[str], Mapping[str, Any]], zone: tzinfo) -> None:
        self._resolve = resolve
        self._zone = zone

    def plan(self, schema: Any, seen: tuple[str, ...]) -> Plan | None:
        if not isinstance(schema, Mapping):
            return None
        plans: list[Plan] = []
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference not in seen:
            target = self.plan(self._resolve(reference), (*seen, reference))
            if target is not None:
                plans.append(target)
        form = schema.get("x-datetime") or ("rfc3339" if schema.get("format") == "date-time" else None)
        if form is not None:
            if form not in FORMS:
                raise ValueError(f"x-datetime {form!r} is unknown; known: {', '.join(FORMS)}")
            plans.append(_writer(form, self._zone))
        for keyword in ("allOf", "oneOf", "anyOf"):
            plans.extend(plan for part in schema.get(keyword, ()) if (plan := self.plan(part, seen)) is not None)
        plans.extend(self._members(schema, seen))
        items = self.plan(schema.get("items"), seen)
        if items is not None:
            plans.append(lambda value: [items(item) for item in value] if isinstance(value, list) else value)
        return _chain(plans)

    def _members(self, schema: Mapping[str, Any], seen: tuple[str, ...]) -> list[Plan]:
        members = {
            name: plan
            for name, part in schema.get("properties", {}).items()
            if (plan := self.plan(part, seen)) is not None
        }
        if not members:
            return []

        def rewrite(value: Any) -> Any:
            if not isinstance(value, dict):
                return value
            changed = None
            for name, plan in members.items():
                old = value.get(name)
                if old is None:
                    continue
                new = plan(old)
                if new is not old:
                    if changed is None:
                        changed = value.copy()
                    changed[name] = new
            return value if changed is None else changed

        return [rewrite]


def _chain(plans: list[Plan]) -> Plan | None:
    if not plans:
        return None
    if len(plans) == 1:
        return plans[0]

    def run(value: Any) -> Any:
        for plan in plans:
            value = plan(value)
        return value

    return run
