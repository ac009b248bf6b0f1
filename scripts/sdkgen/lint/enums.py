"""Rules for enumerations."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scripts.sdkgen.document import Mapping, array, mapping, snake_case
from scripts.sdkgen.lint.report import Report
from scripts.sdkgen.lint.walk import SchemaNode, schemas
from scripts.sdkgen.source import Json


def check(document: Mapping, report: Report) -> None:
    """Checks every enumeration."""
    for node in schemas(document):
        if "enum" in mapping(node.value):
            _values(node, report)
            _names(node, report)
            _meanings(node, report)


def _values(node: SchemaNode, report: Report) -> None:
    value = mapping(node.value)
    values = array(value["enum"])
    place = (*node.pointer, "enum")
    if None in values or "null" in array(value.get("type")):
        remedy = "write `oneOf: [{$ref: <the enum>}, {type: 'null'}]`"
        report.add("nullable-enum", place, "null among the values gives three classes instead of one", remedy)
        return
    if not values or not (_all(values, str) or _all(values, int)):
        message = "the values are not all text or all integers"
        report.add("enum-type", place, message, "use values of one kind, or describe the type without an enum")
    if len({repr(item) for item in values}) != len(values):
        report.add("enum-type", place, "a value is there twice", "remove one of the two")
    kind = value.get("type")
    expected = "string" if _all(values, str) else "integer"
    if kind != expected and values:
        report.add("enum-type", node.pointer, f"type is {kind!r} for {expected} values", f"write `type: {expected}`")


def _all(values: Sequence[Json], kind: type) -> bool:
    return all(isinstance(item, kind) and not isinstance(item, bool) for item in values)


def _names(node: SchemaNode, report: Report) -> None:
    value = mapping(node.value)
    values = [item for item in array(value["enum"]) if item is not None]
    given = value.get("x-enum-varnames")
    if given is not None:
        place = (*node.pointer, "x-enum-varnames")
        names = array(given)
        if len(names) != len(values):
            message = f"{len(names)} names for {len(values)} values"
            report.add("enum-names", place, message, "give each value one name, in the same order")
        elif not all(isinstance(name, str) and re.fullmatch(r"[A-Z][A-Z0-9_]*", name) for name in names):
            report.add(
                "enum-names", place, "a name is not in UPPER_CASE", "start with a letter; use letters, digits and _"
            )
        elif len({snake_case(str(name)) for name in names}) != len(names):
            report.add("enum-names", place, "two values get the same name", "name them differently")
        return
    derived = [_derived(item, index) for index, item in enumerate(values)]
    doubles = sorted({name for name in derived if derived.count(name) > 1})
    if doubles:
        message = f"values become the same name in Python: {', '.join(doubles)}"
        report.add("enum-names", (*node.pointer, "enum"), message, "add x-enum-varnames")
    elif not all(re.fullmatch(r"[A-Z_][A-Z0-9_]*", name) for name in derived):
        message = "a value gives no readable name in Python"
        report.add("enum-names", (*node.pointer, "enum"), message, "add x-enum-varnames")
    elif _all(values, int):
        message = "numbers give names that say nothing"
        report.add("enum-names", (*node.pointer, "enum"), message, "add x-enum-varnames")


def _derived(value: Json, index: int) -> str:
    """The member name that openapi-python-client makes of a value."""
    if isinstance(value, int):
        return f"VALUE_NEGATIVE_{-value}" if value < 0 else f"VALUE_{value}"
    word = str(value)
    return snake_case(word.upper()).upper() if word[:1].isalpha() else f"VALUE_{index}"


def _meanings(node: SchemaNode, report: Report) -> None:
    value = mapping(node.value)
    values = [item for item in array(value["enum"]) if item is not None]
    meanings = value.get("x-enum-descriptions")
    if isinstance(meanings, dict):
        missing = [str(item) for item in values if not meanings.get(str(item))]
    else:
        said = array(meanings)
        missing = (
            [] if len(said) == len(values) and all(said) else [str(item) for item in values[len(said) :]] or ["some"]
        )
    if missing:
        message = f"no meaning is given for: {', '.join(missing[:5])}"
        place = (*node.pointer, "x-enum-descriptions") if meanings is not None else (*node.pointer, "enum")
        report.add(
            "enum-descriptions", place, message, "add x-enum-descriptions, one text for each value in the same order"
        )
