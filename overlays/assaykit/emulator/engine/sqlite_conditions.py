"""WHERE clauses of SQLite: from conditions on documents to SQL and the values that it is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

from assaykit.emulator.engine.sqlite_tables import Table, comparable, quoted, text_index
from assaykit.emulator.engine.storage import Operator, Scalar, Select, Where

_OPERATORS = {"=": "IS", "= ?": "=", "!=": "IS NOT", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
MATCHES: Final = cast(Operator, "matches")
"""What "contains" becomes where the index of texts is asked."""


Shape = tuple[tuple[str, str, Any], ...]
"""Field, operator, and how many values are compared with, or what is selected, of each condition."""


def is_rare(part: tuple[str, str, Any]) -> bool:
    """Whether a condition looks up few documents by a rare text, here or in another collection."""
    _, operator, detail = part
    return operator == MATCHES or (operator == "in" and isinstance(detail, tuple) and any(map(is_rare, detail[2])))


def others(shape: Shape) -> Iterator[str]:
    """Return the collections from which conditions select."""
    for _, _, detail in shape:
        if isinstance(detail, tuple):
            yield detail[0]
            yield from others(detail[2])


def shape_of(where: Sequence[Where]) -> tuple[Shape, list[Scalar]]:
    """Split conditions into what decides the statement, and the values that it is given."""
    shape: list[tuple[str, str, Any]] = []
    values: list[Scalar] = []
    for field, operator, value in where:
        if isinstance(value, Select):
            if operator not in ("in", "not in"):
                raise ValueError(f"{field} {operator} …: a selection is only for in and not in")
            inner, given = shape_of(value.where)
            shape.append((field, operator, (value.collection, value.field, inner)))
        elif operator in ("in", "not in"):
            if not isinstance(value, Sequence) or isinstance(value, str):
                raise ValueError(f"{field} {operator} …: a sequence of values is needed")
            given = [comparable(one) for one in value if one is not None]
            shape.append((field, f"{operator} null" if len(given) < len(value) else operator, len(given)))
        elif operator in ("contains", "has"):
            several = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
            given = [comparable(one) for one in several]
            if operator == "contains":
                given = [str(one).casefold() for one in given]
            shape.append((field, operator, len(given)))
            if operator == "has":
                given.insert(0, f"$.{quoted(field)}")
        else:
            # An equality that cannot be with null is one that a unique index decides.
            shape.append((field, "= ?" if operator == "=" and value is not None else operator, 1))
            given = [comparable(value)]
        values.extend(given)
    return tuple(shape), values


def condition(tables: Mapping[str, Table], table: Table, shape: Shape) -> str:
    """Return the WHERE clause of conditions, or nothing if there are none."""
    # SQLite cannot know that a text is rare; a plus sign keeps it from walking through another index instead.
    rare = any(map(is_rare, shape))
    clauses = [_clause(tables, table, *part, "+" if rare and not is_rare(part) else "") for part in shape]
    return f" WHERE {' AND '.join(clauses)}" if clauses else ""


def _clause(tables: Mapping[str, Table], table: Table, field: str, operator: str, detail: Any, mark: str) -> str:
    marks = ", ".join("?" * detail) if isinstance(detail, int) else ""
    if operator == "contains":
        found = f"instr({table.search(field)}, ?) > 0"
        return f"({' OR '.join([found] * detail)})" if detail else "0"
    if operator == MATCHES:
        index = text_index(table.collection.name, field)
        return f"seq IN (SELECT rowid FROM {index} WHERE {index} MATCH ?)"  # noqa: S608 - names are declared and quoted
    if operator == "has":
        return f"EXISTS (SELECT 1 FROM json_each(CAST(document AS TEXT), ?) WHERE value IN ({marks}))"  # noqa: S608 - only question marks are put in
    column = f"{mark}{table.column(field)}"
    if operator in _OPERATORS:
        term = f"{column} {_OPERATORS[operator]} ?"
        # A truth value tells few documents apart; an index that begins with another field is nearly always better.
        return f"likelihood({term}, 0.95)" if table.collection.indexes[field] is bool else term
    word = "NOT IN" if operator.startswith("not") else "IN"
    if isinstance(detail, tuple):
        other, wanted, inner = detail
        source = tables[other]
        some = condition(tables, source, inner)
        rest = f"{' AND' if some else ' WHERE'} {source.column(wanted)} IS NOT NULL"
        options = f"{column} {word} (SELECT {source.column(wanted)} FROM {source.name}{some}{rest})"  # noqa: S608 - names are declared and quoted
        return f"({options} OR {column} IS NULL)" if word == "NOT IN" else options
    # Null is a value like any other here, while SQL's IN knows nothing about it.
    options = f"{column} {word} ({marks})"
    if word == "IN":
        return f"({options} OR {column} IS NULL)" if operator.endswith("null") else options
    return f"({options} AND {column} IS NOT NULL)" if operator.endswith("null") else f"({options} OR {column} IS NULL)"
