"""WHERE clauses of SQLite: from conditions on documents to SQL and the values that it is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

from assaykit.emulator.engine.sqlite_parts import text_index
from assaykit.emulator.engine.sqlite_tables import Table, comparable, quoted
from assaykit.emulator.engine.sqlite_texts import searchable
from assaykit.emulator.engine.storage import Operator, Scalar, Select, Where

_OPERATORS: Final = {"=": "IS", "= ?": "=", "!=": "IS NOT", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
MATCHES: Final = cast(Operator, "matches")
"""What "contains" becomes where the index of texts is asked."""
_EXISTS: Final = "exists "
"""Stands before "in" and "not in" where each document looks for its like, instead of all of these being listed."""
_UNUSED: Final = "+"
"""Stands before an operator whose column no index is to be used for."""
Shape = tuple[tuple[str, str, Any], ...]
"""Field, operator, and how many values are compared with, or what is selected, of each condition."""


def with_each(condition: Where) -> Where:
    """Return a condition in which each document looks for its like among those that are selected."""
    return condition._replace(operator=cast(Operator, _EXISTS + condition.operator))


def has_each(condition: Where) -> bool:
    """Whether each document looks for its like in a condition."""
    return condition.operator.startswith(_EXISTS)


def with_list(condition: Where) -> Where:
    """Return a condition in which all that is selected is listed, and an index may be used."""
    return condition._replace(operator=cast(Operator, condition.operator.removeprefix(_UNUSED).removeprefix(_EXISTS)))


def without_index(condition: Where) -> Where:
    """Return a condition for which no index is used."""
    return condition._replace(operator=cast(Operator, _UNUSED + condition.operator.removeprefix(_UNUSED)))


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
    for field, written, value in where:
        operator = written.removeprefix(_UNUSED)
        mark = written[: -len(operator)]
        if isinstance(value, Select):
            if operator.removeprefix(_EXISTS) not in ("in", "not in"):
                raise ValueError(f"{field} {operator} …: a selection is only for in and not in")
            inner, given = shape_of(value.where)
            shape.append((field, mark + operator, (value.collection, value.field, inner)))
        elif operator in ("in", "not in"):
            if not isinstance(value, Sequence) or isinstance(value, str):
                raise ValueError(f"{field} {operator} …: a sequence of values is needed")
            given = [comparable(one) for one in value if one is not None]
            kind = f"{operator} null" if len(given) < len(value) else operator
            shape.append((field, mark + kind, len(given)))
        elif operator in ("contains", "has"):
            several = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
            given = [comparable(one) for one in several]
            if operator == "contains":
                given = [searchable(one) for one in given]
            shape.append((field, operator, len(given)))
            if operator == "has":
                given.insert(0, f"$.{quoted(field)}")
        else:
            # An equality that cannot be with null is one that a unique index decides.
            kind = "= ?" if operator == "=" and value is not None else operator
            shape.append((field, mark + kind, 1))
            given = [comparable(value)]
        values.extend(given)
    return tuple(shape), values


def condition(tables: Mapping[str, Table], table: Table, shape: Shape, depth: int = 0) -> str:
    """Return the WHERE clause of conditions, or nothing if there are none.

    Args:
        tables: The tables of all collections.
        table: The table whose rows they hold for.
        shape: The conditions.
        depth: How many selections they stand in; the rows go by the name `alias(depth)`.
    """
    clauses = [_clause(tables, table, *part, depth) for part in shape]
    return f" WHERE {' AND '.join(clauses)}" if clauses else ""


def alias(depth: int) -> str:
    """Return the name by which rows go in a statement, or in a selection in it."""
    return f"d{depth}"


def _clause(tables: Mapping[str, Table], table: Table, field: str, written: str, detail: Any, depth: int) -> str:
    operator, own = written.removeprefix(_UNUSED), alias(depth)
    marks = ", ".join("?" * detail) if isinstance(detail, int) else ""
    if operator == "contains":
        found = f"instr({own}.{table.search(field)}, ?) > 0"
        return f"({' OR '.join([found] * detail)})" if detail else "0"
    if operator == MATCHES:
        index = text_index(table.collection.name, field)
        return f"{own}.seq IN (SELECT rowid FROM {index} WHERE {index} MATCH ?)"  # noqa: S608 - names are declared and quoted
    if operator == "has":
        return f"EXISTS (SELECT 1 FROM json_each(CAST({own}.document AS TEXT), ?) WHERE value IN ({marks}))"  # noqa: S608 - only question marks are put in
    column = f"{_UNUSED if written != operator else ''}{own}.{table.column(field)}"
    if operator in _OPERATORS:
        term = f"{column} {_OPERATORS[operator]} ?"
        # A truth value tells few documents apart; an index that begins with another field is nearly always better.
        return f"likelihood({term}, 0.95)" if table.collection.indexes[field] is bool else term
    if isinstance(detail, tuple):
        return _selection(tables, column, operator, detail, depth + 1)
    # Null is a value like any other here, while SQL's IN knows nothing about it.
    options = f"{column} {'NOT IN' if operator.startswith('not') else 'IN'} ({marks})"
    if operator.startswith("in"):
        return f"({options} OR {column} IS NULL)" if operator.endswith("null") else options
    return f"({options} AND {column} IS NOT NULL)" if operator.endswith("null") else f"({options} OR {column} IS NULL)"


def _selection(tables: Mapping[str, Table], column: str, operator: str, detail: Any, depth: int) -> str:
    """Return the clause that a column has, or has not, a value of selected documents."""
    other, wanted, inner = detail
    source = tables[other]
    some = condition(tables, source, inner, depth)
    value, rows = f"{alias(depth)}.{source.column(wanted)}", f"{source.name} AS {alias(depth)}{some}"
    also = "AND" if some else "WHERE"
    if operator.startswith(_EXISTS):
        word = "NOT EXISTS" if operator.endswith("not in") else "EXISTS"
        return f"{word} (SELECT 1 FROM {rows} {also} {value} = {column})"  # noqa: S608 - names are declared and quoted
    listed = f"(SELECT {value} FROM {rows} {also} {value} IS NOT NULL)"  # noqa: S608 - likewise
    return f"({column} NOT IN {listed} OR {column} IS NULL)" if operator == "not in" else f"{column} IN {listed}"
