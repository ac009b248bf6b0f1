"""What each query filter of Talview keeps, by brute force: a predicate of one row and one value, and values to ask for.

A filter on a field follows from the parameter's name, schema and description; those that look elsewhere stand in
`talview_elsewhere`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from tests.emulator.talview_lists import Listed, Parameter, Reader, Row

Texts = tuple[str, ...]
"""One value as it is sent; several texts for a list of values."""
Keeps = Callable[[Row, Texts], bool]
LARGEST: Final = 2_147_483_647
_SOME: Final = 4
_ABSENT: Final = "no such text"
_ODD: Final = ("%", "_", '"', "'", "*", "\\", "É", "ß", "%%%", "___", '"a"', "a*b", "(", "-- ", " ")
"""Texts that mean something to a database, or change with their case."""


@dataclass(frozen=True)
class Matching:
    """A filter: the values to ask for, and whether it keeps a row."""

    values: Sequence[Texts]
    keeps: Keeps


def matching(reader: Reader, listed: Listed, parameter: Parameter) -> Matching:
    """Return what a filter on a field of the answered object keeps, as its description says."""
    rows = reader.rows(listed.id)
    field = "id" if parameter.name == "ids[]" else parameter.field
    assert field in listed.shown, f"{listed.id}: {parameter.name} is no field; say in talview_elsewhere what it keeps"
    found = [row[field] for row in rows]
    if "contains this text" in parameter.description:
        return text_search(rows, lambda row: [row[field]])
    if "or later" in parameter.description:
        return bounded(found, lambda row: row[field], lambda at, given: at >= given)
    if "or earlier" in parameter.description:
        return bounded(found, lambda row: row[field], lambda at, given: at <= given)
    return equality(parameter, found, lambda row: row[field])


def equality(parameter: Parameter, found: Iterable[Any], value: Callable[[Row], Any]) -> Matching:
    """Return a filter by a value, or by any of several.

    Args:
        parameter: The parameter.
        found: Values that are worth asking for.
        value: Returns what is compared of a row.
    """
    singles = [(text,) for text in asked(parameter, found)]
    several = [tuple(text for (text,) in part) for part in (singles[:2], singles[1:3], singles)]
    values = [*singles, *several] if parameter.is_list else singles
    return Matching(values, lambda row, texts: any(same(parameter.item, value(row), text) for text in texts))


def asked(parameter: Parameter, found: Iterable[Any]) -> list[str]:
    """Return texts to ask for: some that are there, in several spellings, and some that are not."""
    item, there = parameter.item, spread(found)
    kind, written = item.get("type"), item.get("format")
    if "enum" in item:
        return [str(option) for option in item["enum"]]
    if kind == "boolean":
        return ["true", "false"]
    if kind == "integer":
        return [*map(str, there), str(item.get("maximum", LARGEST))]
    if kind == "number":
        return [spelled for value in there for spelled in (str(value), f"{float(value):g}")] + ["99.5"]
    if written == "date-time":
        instants = [instant(value) for value in there]
        elsewhere = timezone(timedelta(hours=5, minutes=30))
        return [
            *(f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in instants),
            *(at.astimezone(elsewhere).isoformat() for at in instants[:1]),
            *(f"{at + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}" for at in instants[:1]),
        ]
    if written == "date":
        return [*(str(value)[:10] for value in there), "1999-12-31"]
    if "pattern" in item:
        return [*map(str, there), "09:59:59"]
    texts = [str(value) for value in there]
    variants = [variant for text in texts[:2] for variant in (text.upper(), text.lower(), text[:-1], f"{text} ")]
    return list(dict.fromkeys([*texts, *(variant for variant in variants if variant), _ABSENT, "%", "null"]))


def same(item: Any, value: Any, text: str) -> bool:
    """Whether a text that was sent means a value, by the schema of the parameter."""
    if value is None:
        return False
    match item.get("type"), item.get("format"):
        case "boolean", _:
            return value is (text == "true")
        case "integer", _:
            return int(value) == int(text)
        case "number", _:
            return float(value) == float(text)
        case _, "date-time":
            return instant(value) == instant(text)
        case _, "date":
            return str(value)[:10] == text
    return str(value) == text


def text_search(rows: Iterable[Row], texts: Callable[[Row], Iterable[Any]]) -> Matching:
    """Return a search for a text in any of several, whatever its case.

    Args:
        rows: Rows that are worth searching for.
        texts: Returns the texts of a row in which is searched.
    """
    columns = zip(*([*texts(row)] for row in rows), strict=True)
    values = [part for column in columns for text in spread(column) for part in _parts(str(text))]
    lines = [" ".join(str(text) for text in texts(row) if text) for row in rows][:1]
    wanted = list(dict.fromkeys([*values, *lines, *_ODD, _ABSENT]))

    def keeps(row: Row, given: Texts) -> bool:
        return any(given[0].casefold() in str(text).casefold() for text in texts(row) if text is not None)

    return Matching([(text,) for text in wanted if text], keeps)


def _parts(text: str) -> list[str]:
    """Return a text and parts of it, in other cases too; also shorter ones than an index of three characters knows."""
    middle = len(text) // 2
    return [text, text.upper(), text[1 : middle + 2].lower(), text[:3].swapcase(), text[-2:].upper(), text[middle]]


def bounded(
    found: Iterable[Any],
    value: Callable[[Row], Any],
    fits: Callable[[datetime, datetime], bool],
    *,
    seconds: bool = False,
) -> Matching:
    """Return a filter by a range that an instant bounds.

    Args:
        found: Instants that are worth asking around.
        value: Returns the instant of a row.
        fits: Whether the instant of a row fits the given one.
        seconds: Whether it is given in seconds since 1970.
    """
    around = [instant(one) + timedelta(seconds=more) for one in spread(found) for more in (-1, 0, 1)]
    values = [str(int(at.timestamp())) if seconds else f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in around]

    def keeps(row: Row, given: Texts) -> bool:
        limit = datetime.fromtimestamp(int(given[0]), UTC) if seconds else instant(given[0])
        return value(row) is not None and fits(instant(value(row)), limit)

    return Matching([(text,) for text in values], keeps)


def instant(text: str) -> datetime:
    """Return a time in one of the forms of the documentation; one without a zone is in UTC."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def spread(values: Iterable[Any], most: int = _SOME) -> list[Any]:
    """Return a few of the values, from all over them; nulls are left out."""
    distinct = list(dict.fromkeys(value for value in values if value is not None))
    step = max(1, -(-len(distinct) // most))
    return distinct[::step]
