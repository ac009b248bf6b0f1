"""Numbers of documents by the values of some fields, kept in SQLite while documents are written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Final

from assaykit.emulator.engine.sqlite_tables import Table, column_ddl, quoted
from assaykit.emulator.engine.storage import Collection, Scalar, Where

NUMBER: Final = "number"
"""Column with the number."""


def tally_name(collection: Collection, group: Sequence[str]) -> str:
    """Return the name of the table that keeps the numbers of documents by the values of a group of fields."""
    return f"{collection.name}#{'/'.join(group)}"


def tally_table(table: Table, group: Sequence[str]) -> str:
    """Return this name as SQL writes it."""
    return quoted(tally_name(table.collection, group))


def covering(table: Table, where: Sequence[Where], fields: Sequence[str] = ()) -> str | None:
    """Return the name of the smallest table of numbers that knows conditions and fields, or None if none does.

    Args:
        table: The table of the documents.
        where: The conditions.
        fields: The fields.
    """
    wanted = {*fields, *(one.field for one in where)}
    groups = [group for group in table.collection.tallies if wanted <= set(group)]
    if not groups or any(one.operator in ("contains", "has") for one in where):
        return None
    return tally_table(table, min(groups, key=len))


def tally_ddl(table: Table, group: Sequence[str]) -> list[str]:
    """Return the statements that make a table of numbers, of the documents that are there already.

    Args:
        table: The table of the documents.
        group: The fields.
    """
    name, listed = tally_table(table, group), ", ".join(map(table.column, group))
    declared = ", ".join(column_ddl(table.collection, field) for field in group)
    index = quoted(f"{tally_name(table.collection, group)}#")
    return [
        f"CREATE TABLE {name} ({declared}, {NUMBER} INTEGER NOT NULL)",
        f"CREATE INDEX {index} ON {name} ({listed})",
        f"INSERT INTO {name} SELECT {listed}, count(*) FROM {table.name} GROUP BY {listed}",  # noqa: S608 - names are declared and quoted
    ]


class Tallies:
    """What has been written since the numbers were brought up to date; that is done once for a transaction.

    Args:
        execute: Runs a statement.
    """

    def __init__(self, execute: Callable[[str, Sequence[Scalar]], sqlite3.Cursor]) -> None:
        self._execute = execute
        self._changes: dict[tuple[Table, int], dict[tuple[Scalar, ...], int]] = {}

    def add(self, table: Table, values: Sequence[Scalar], number: int) -> None:
        """Note documents that have come or gone.

        Args:
            table: The table of the documents.
            values: The values of their fields.
            number: How many have come; below 0 if they have gone.
        """
        for place, positions in enumerate(table.tallied):
            changes = self._changes.setdefault((table, place), {})
            key = tuple([values[position] for position in positions])
            changes[key] = changes.get(key, 0) + number

    def settle(self) -> None:
        """Bring the numbers up to date; belongs into the transaction of what was noted."""
        noted, self._changes = self._changes, {}
        for (table, place), changes in noted.items():
            group = table.collection.tallies[place]
            name, columns = tally_table(table, group), [table.column(field) for field in group]
            met = " AND ".join(f"{column} IS ?" for column in columns)
            more = f"UPDATE {name} SET {NUMBER} = {NUMBER} + ? WHERE {met}"  # noqa: S608 - names are declared and quoted
            first = f"INSERT INTO {name} ({', '.join([NUMBER, *columns])}) VALUES (?{', ?' * len(columns)})"  # noqa: S608 - likewise
            empty = f"DELETE FROM {name} WHERE {met} AND {NUMBER} = 0"  # noqa: S608 - likewise
            for key, number in changes.items():
                if number and self._execute(more, (number, *key)).rowcount == 0:
                    self._execute(first, (number, *key))
                elif number < 0:
                    self._execute(empty, key)

    def forget(self) -> None:
        """Forget what was noted, since it was rolled back."""
        self._changes.clear()
