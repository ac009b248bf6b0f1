"""Statements of SQLite: lists, and what of a number depends on one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assaykit.emulator.engine.sqlite_conditions import Shape, alias, condition, shape_of, with_each, with_list
from assaykit.emulator.engine.sqlite_tables import Table
from assaykit.emulator.engine.storage import Select, Where


def listing(tables: Mapping[str, Table], table: Table, shapes: Sequence[Shape], order: Sequence[str]) -> str:
    """Return the statement that lists documents which meet one of several groups of conditions.

    Args:
        tables: The tables of all collections.
        table: The table of the documents.
        shapes: The groups; no document meets two of them.
        order: Fields to sort by, "-" in front for descending.
    """
    names = [name.removeprefix("-") for name in order]
    columns = [table.column(name) for name in names]
    directions = ["DESC" if name.startswith("-") else "ASC" for name in order]
    # Nothing is left to decide once a unique field has, and an index alone can then give the order.
    if not any(name in table.collection.unique for name in names):
        columns, directions = [*columns, "seq"], [*directions, "ASC"]
    row = ", ".join(["document", *columns] if len(shapes) > 1 else ["document"])
    selects = [
        f"SELECT {row} FROM {table.name} AS {alias(0)}{condition(tables, table, shape)}"  # noqa: S608 - names are declared and quoted
        for shape in shapes
    ]
    sort = ", ".join(f"{column} {direction}" for column, direction in zip(columns, directions, strict=True))
    return f"{' UNION ALL '.join(selects)} ORDER BY {sort} LIMIT ? OFFSET ?"


def dependents(tables: Mapping[str, Table], table: Table, where: Sequence[Where]) -> dict[str, str] | None:
    """Return the statements that count what depends on one row, by the collection that has it.

    Args:
        tables: The tables of all collections.
        table: The table whose documents are counted.
        where: The conditions, planned.

    Returns:
        Statements to be given the values of the conditions and a key; None if documents are not looked through for a
        text, or if one row may decide about others than those that name it.
    """
    single = [with_list(one) for one in where if isinstance(one.value, Select)]
    selects = {one.value.collection: (one, one.value) for one in single if isinstance(one.value, Select)}
    searched = _looks_through(where) or any(_looks_through(select.where) for _, select in selects.values())
    if not searched or len(selects) < len(single) or table.collection.name in selects:
        return None
    each = [with_each(with_list(one)) if isinstance(one.value, Select) else one for one in where]
    met = condition(tables, table, shape_of(each)[0])
    start = f"SELECT count(*) FROM {table.name} AS {alias(0)}{met} AND"  # noqa: S608 - names are declared and quoted
    found = {table.collection.name: f"{start} {alias(0)}.key = ?"}
    for name, (one, inner) in selects.items():
        source = tables[name]
        nested = any(isinstance(part.value, Select) for part in inner.where)
        if nested or one.operator != "in" or inner.field not in source.collection.unique:
            return None
        row = f"(SELECT {source.column(inner.field)} FROM {source.name} WHERE key = ?)"  # noqa: S608 - likewise
        found[name] = f"{start} {alias(0)}.{table.column(one.field)} = {row}"
    return found


def _looks_through(where: Sequence[Where]) -> bool:
    return any(one.operator.endswith("contains") for one in where)
