"""The index of the parts of texts, which SQLite changes with the documents."""

from __future__ import annotations

from assaykit.emulator.engine.sqlite_tables import Table, literal, quoted
from assaykit.emulator.engine.sqlite_texts import PADDING


def index_name(collection: str, name: str) -> str:
    """Return the name of the index of the texts of a search."""
    return f"{collection}~{name}"


def text_index(collection: str, name: str) -> str:
    """Return this name as SQL writes it."""
    return quoted(index_name(collection, name))


def parts_table(collection: str, name: str) -> str:
    """Return the name of the table of all parts in an index of texts."""
    return quoted(f"{collection}~{name}~parts")


def text_ddl(table: Table, name: str) -> list[str]:
    """Return the statements that make the index of the texts of a search, as far as documents are there already.

    Args:
        table: The table of the documents.
        name: Name of the search.
    """
    collection, column = table.collection.name, table.search(name)
    index, parts = text_index(collection, name), parts_table(collection, name)
    padding = f"char({', '.join(str(ord(one)) for one in PADDING)})"
    added = f"INSERT INTO {index} (rowid, {column}) VALUES (new.seq, new.{column} || {padding});"  # noqa: S608 - names are declared and quoted
    removed = f"INSERT INTO {index} ({index}, rowid, {column}) VALUES ('delete', old.seq, old.{column} || {padding});"  # noqa: S608 - likewise

    def trigger(event: str, condition: str, body: str) -> str:
        label = quoted(f"{collection}~{name}~{event.split()[0]}")
        return f"CREATE TRIGGER {label} AFTER {event} ON {table.name} {condition} BEGIN {body} END"

    return [
        f"CREATE VIRTUAL TABLE {index} USING fts5({column}, content = '', tokenize = 'trigram case_sensitive 1')",
        f"CREATE VIRTUAL TABLE {parts} USING fts5vocab({literal(index_name(collection, name))}, row)",
        f"INSERT INTO {index} (rowid, {column}) SELECT seq, {column} || {padding} FROM {table.name}",  # noqa: S608 - likewise
        trigger("INSERT", "", added),
        trigger("DELETE", "", removed),
        trigger(f"UPDATE OF {column}", f"WHEN old.{column} IS NOT new.{column}", removed + added),
    ]
