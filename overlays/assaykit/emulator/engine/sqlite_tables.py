"""Tables of SQLite that keep collections: their columns, their indexes, and the values in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from assaykit.emulator.engine.sqlite_texts import joined
from assaykit.emulator.engine.storage import FIELD_TYPES, Collection, Document, Scalar

_TYPES: Final = {str: "TEXT", int: "INTEGER", float: "REAL", bool: "INTEGER"}
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A declared collection and the statements that serve it.

    Args:
        collection: The collection.
        fields: Its indexed fields.
        tail: The fields with which indexes go on behind the one that they begin with.
        tallied: The places among the fields of each group by which documents are counted.
        name: Name of the table, as SQL writes it.
        insert: Adds a row.
        get: Finds the document of a key.
        replace: Changes the row of a key.
        delete: Removes the row of a key.
        fields_of: Finds the indexed fields of a key.
    """

    collection: Collection
    fields: tuple[str, ...]
    tail: tuple[str, ...]
    tallied: tuple[tuple[int, ...], ...]
    name: str
    insert: str
    get: str
    replace: str
    delete: str
    fields_of: str

    def column(self, field: str) -> str:
        """Return the column of an indexed field.

        Raises:
            ValueError: The field has no index; the message lists those that have.
        """
        if field not in self.collection.indexes:
            known = ", ".join(self.fields) or "none"
            raise ValueError(f"{self.collection.name} has no index on {field!r}; declared: {known}")
        return f'"i_{field}"'

    def search(self, name: str) -> str:
        """Return the column in which the texts of a search stand.

        Raises:
            ValueError: No such search is declared.
        """
        if name not in self.collection.searches:
            known = ", ".join(self.collection.searches) or "none"
            raise ValueError(f"{self.collection.name} has no search {name!r}; declared: {known}")
        return f'"s_{name}"'

    @property
    def columns(self) -> set[str]:
        """Return the names of all columns, as SQLite tells them."""
        names = {f"i_{field}" for field in self.fields} | {f"s_{name}" for name in self.collection.searches}
        return {"seq", "key", "document"} | names

    def values(self, document: Document) -> list[Scalar]:
        """Return what the columns beside key and document hold."""
        values = [
            value if value is None or type(value) is str else comparable(value)
            for value in map(document.get, self.fields)
        ]
        values.extend(joined(map(document.get, fields)) for fields in self.collection.searches.values())
        return values


def quoted(name: str) -> str:
    """Return a name as SQL writes it.

    Raises:
        ValueError: It holds what SQL cannot write.
    """
    if '"' in name or "\0" in name:
        raise ValueError(f"not a usable name: {name!r}")
    return f'"{name}"'


def literal(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'{}'".format(text.replace("'", "''"))


def table_of(collection: Collection) -> Table:
    """Return the table that keeps a collection.

    Raises:
        ValueError: A name or the type of an index cannot be used.
    """
    fields = tuple(collection.indexes)
    for field, kind in collection.indexes.items():
        if kind not in FIELD_TYPES:
            raise ValueError(f"{collection.name}.{field}: an index is str, int, float or bool, not {kind}")
    for group in collection.tallies:
        if not group or not set(group) <= set(fields):
            raise ValueError(f"{collection.name}: documents are counted by indexed fields, which {group} are not")
    name = quoted(collection.name)
    columns = [quoted(f"i_{field}") for field in fields] + [quoted(f"s_{name}") for name in collection.searches]
    names = "".join(f", {column}" for column in columns)
    marks = ", ?" * len(columns)
    assigned = "".join(f"{column} = ?, " for column in columns)
    return Table(
        collection=collection,
        fields=fields,
        tail=tuple(dict.fromkeys(field for group in collection.compound for field in group[1:])),
        tallied=tuple(tuple(map(fields.index, group)) for group in collection.tallies),
        name=name,
        insert=f"INSERT INTO {name} (key{names}, document) VALUES (?{marks}, ?)",  # noqa: S608 - names are declared and quoted
        get=f"SELECT document FROM {name} WHERE key = ?",  # noqa: S608 - names are declared and quoted
        replace=f"UPDATE {name} SET {assigned}document = ? WHERE key = ?",  # noqa: S608 - names are declared and quoted
        delete=f"DELETE FROM {name} WHERE key = ?",  # noqa: S608 - names are declared and quoted
        fields_of=f"SELECT {', '.join(columns[: len(fields)]) or 'seq'} FROM {name} WHERE key = ?",  # noqa: S608 - names are declared and quoted
    )


def column_ddl(collection: Collection, field: str) -> str:
    """Return the declaration of the column of an indexed field."""
    return f"{quoted(f'i_{field}')} {_TYPES[collection.indexes[field]]}"


def ddl(table: Table) -> list[str]:
    """Return the statements that make a table and its indexes."""
    collection = table.collection
    columns = "".join(f", {column_ddl(collection, field)}" for field in table.fields)
    columns += "".join(f", {table.search(name)} TEXT" for name in collection.searches)
    # The document comes last: to read a column, SQLite walks through all that stands before it.
    columns = f"seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE{columns}, document BLOB NOT NULL"
    statements = [f"CREATE TABLE {table.name} ({columns})"]
    # An index of its own would tell nothing that a compound one beginning with the same field does not.
    leading = {group[0] for group in collection.compound} - set(collection.unique)
    groups = [(field,) for field in table.fields if field not in leading] + list(collection.compound)
    for group in groups:
        unique = "UNIQUE " if len(group) == 1 and group[0] in collection.unique else ""
        index = quoted(f"{collection.name}/{'/'.join(group)}")
        parts = ", ".join(table.column(field) for field in group)
        statements.append(f"CREATE {unique}INDEX {index} ON {table.name} ({parts})")
    # Reading the texts from an index leaves the documents, which are many times longer, alone.
    for name in collection.searches:
        index = quoted(f"{collection.name}?{name}")
        parts = ", ".join([table.search(name), *map(table.column, table.tail)])
        statements.append(f"CREATE INDEX {index} ON {table.name} ({parts})")
    return statements


def comparable(value: Any) -> Scalar:
    """Return what the column stores: SQLite's integers have 64 bits, larger ones are kept as reals."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and not _SMALLEST <= value <= _LARGEST:
        return float(value)
    if isinstance(value, str | int | float):
        return value
    raise ValueError(f"an indexed field holds text, a number, a truth value or null, not {type(value).__name__}")
