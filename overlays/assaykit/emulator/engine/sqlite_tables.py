"""Tables of SQLite that keep collections: their columns, their indexes, and the values in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from assaykit.emulator.engine.storage import FIELD_TYPES, Collection, Document, Scalar

_TYPES = {str: "TEXT", int: "INTEGER", float: "REAL", bool: "INTEGER"}
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
_BETWEEN: Final = "\x1f"
"""What separates the texts of a search, so that no term is found across two of them."""


@dataclass(frozen=True, slots=True)
class Table:
    """A declared collection and the statements that serve it."""

    collection: Collection
    fields: tuple[str, ...]
    name: str
    insert: str
    get: str
    replace: str
    delete: str

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

    def values(self, document: Document) -> list[Scalar]:
        """Return what the columns beside key and document hold."""
        values = [comparable(document.get(field)) for field in self.fields]
        values.extend(
            _BETWEEN.join(_texts(document.get(field)) for field in fields).casefold()
            for fields in self.collection.searches.values()
        )
        return values


def quoted(name: str) -> str:
    """Return a name as SQL writes it.

    Raises:
        ValueError: It holds what SQL cannot write.
    """
    if '"' in name or "\0" in name:
        raise ValueError(f"not a usable name: {name!r}")
    return f'"{name}"'


def table_of(collection: Collection) -> Table:
    """Return the table that keeps a collection.

    Raises:
        ValueError: A name or the type of an index cannot be used.
    """
    fields = tuple(collection.indexes)
    for field, kind in collection.indexes.items():
        if kind not in FIELD_TYPES:
            raise ValueError(f"{collection.name}.{field}: an index is str, int, float or bool, not {kind}")
    name = quoted(collection.name)
    columns = [quoted(f"i_{field}") for field in fields] + [quoted(f"s_{name}") for name in collection.searches]
    names = "".join(f", {column}" for column in columns)
    marks = ", ?" * len(columns)
    assigned = "".join(f", {column} = ?" for column in columns)
    return Table(
        collection=collection,
        fields=fields,
        name=name,
        insert=f"INSERT INTO {name} (key, document{names}) VALUES (?, ?{marks})",  # noqa: S608 - names are declared and quoted
        get=f"SELECT document FROM {name} WHERE key = ?",  # noqa: S608 - names are declared and quoted
        replace=f"UPDATE {name} SET document = ?{assigned} WHERE key = ?",  # noqa: S608 - names are declared and quoted
        delete=f"DELETE FROM {name} WHERE key = ?",  # noqa: S608 - names are declared and quoted
    )


def ddl(table: Table) -> list[str]:
    """Return the statements that make a table and its indexes."""
    collection = table.collection
    columns = "".join(f", {quoted(f'i_{field}')} {_TYPES[kind]}" for field, kind in collection.indexes.items())
    columns += "".join(f", {quoted(f's_{name}')} TEXT" for name in collection.searches)
    statements = [
        f"CREATE TABLE IF NOT EXISTS {table.name} "
        f"(seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, document BLOB NOT NULL{columns})"
    ]
    # An index of its own would tell nothing that a compound one beginning with the same field does not.
    leading = {group[0] for group in collection.compound} - set(collection.unique)
    groups = [(field,) for field in table.fields if field not in leading] + list(collection.compound)
    for group in groups:
        unique = "UNIQUE " if len(group) == 1 and group[0] in collection.unique else ""
        index = quoted(f"{collection.name}/{'/'.join(group)}")
        parts = ", ".join(table.column(field) for field in group)
        statements.append(f"CREATE {unique}INDEX IF NOT EXISTS {index} ON {table.name} ({parts})")
    # Reading the texts from an index leaves the documents, which are many times longer, alone.
    for name in collection.searches:
        index = quoted(f"{collection.name}?{name}")
        statements.append(f"CREATE INDEX IF NOT EXISTS {index} ON {table.name} ({table.search(name)})")
    return statements


def text_ddl(table: Table, name: str) -> list[str]:
    """Return the statements that make an index of texts which follows the table."""
    index, column = text_index(table.collection.name, name), table.search(name)
    words = "tokenize = 'trigram case_sensitive 1'"
    source = table.collection.name.replace("'", "''")
    added = f"INSERT INTO {index} (rowid, {column}) VALUES (new.seq, new.{column});"  # noqa: S608 - names are declared and quoted
    removed = f"INSERT INTO {index} ({index}, rowid, {column}) VALUES ('delete', old.seq, old.{column});"  # noqa: S608 - likewise

    def trigger(event: str, body: str) -> str:
        label = quoted(f"{table.collection.name}~{name}~{event.split()[0]}")
        return f"CREATE TRIGGER IF NOT EXISTS {label} AFTER {event} BEGIN {body} END"

    changed = f"UPDATE OF {column} ON {table.name} WHEN old.{column} IS NOT new.{column}"
    return [
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {index} USING fts5("
        f"{column}, content = '{source}', content_rowid = 'seq', {words})",
        trigger(f"INSERT ON {table.name}", added),
        trigger(f"DELETE ON {table.name}", removed),
        trigger(changed, removed + added),
    ]


def text_index(collection: str, name: str) -> str:
    """Return the name of the index of the texts of a search."""
    return quoted(f"{collection}~{name}")


def _texts(value: Any) -> str:
    """Return a value, or the entries of a list, as text to search in."""
    if value is None:
        return ""
    return _BETWEEN.join(map(str, value)) if isinstance(value, list) else str(value)


def comparable(value: Any) -> Scalar:
    """Return what the column stores: SQLite's integers have 64 bits, larger ones are kept as reals."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and not _SMALLEST <= value <= _LARGEST:
        return float(value)
    if isinstance(value, str | int | float):
        return value
    raise ValueError(f"an indexed field holds text, a number, a truth value or null, not {type(value).__name__}")
