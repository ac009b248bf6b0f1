"""Storage in SQLite: in memory, or in a file with a write-ahead log."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

import orjson

from assaykit.emulator.engine.jsontext import dumps
from assaykit.emulator.engine.storage import (
    FIELD_TYPES,
    Collection,
    Document,
    KeyTaken,
    NoSuchDocument,
    Scalar,
    Storage,
    Where,
)

_TYPES = {str: "TEXT", int: "INTEGER", float: "REAL", bool: "INTEGER"}
_REMEMBERED_READS = 1000
_REMEMBERED_ROWS = 100
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
_OPERATORS = {"=": "IS", "!=": "IS NOT", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class StorageUnusable(Exception):
    """The file cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class _Table:
    """A declared collection and the statements that serve it."""

    collection: Collection
    fields: tuple[str, ...]
    name: str
    insert: str
    get: str
    replace: str
    delete: str

    def column(self, field: str) -> str:
        if field not in self.collection.indexes:
            known = ", ".join(self.fields) or "none"
            raise ValueError(f"{self.collection.name} has no index on {field!r}; declared: {known}")
        return f'"i_{field}"'


def _quoted(name: str) -> str:
    if '"' in name or "\0" in name:
        raise ValueError(f"not a usable name: {name!r}")
    return f'"{name}"'


def _table(collection: Collection) -> _Table:
    fields = tuple(collection.indexes)
    for field, kind in collection.indexes.items():
        if kind not in FIELD_TYPES:
            raise ValueError(f"{collection.name}.{field}: an index is str, int, float or bool, not {kind}")
    name = _quoted(collection.name)
    columns = [_quoted(f"i_{field}") for field in fields]
    names = "".join(f", {column}" for column in columns)
    marks = ", ?" * len(columns)
    assigned = "".join(f", {column} = ?" for column in columns)
    return _Table(
        collection=collection,
        fields=fields,
        name=name,
        insert=f"INSERT INTO {name} (key, document{names}) VALUES (?, ?{marks})",  # noqa: S608 - names are declared and quoted
        get=f"SELECT document FROM {name} WHERE key = ?",  # noqa: S608 - names are declared and quoted
        replace=f"UPDATE {name} SET document = ?{assigned} WHERE key = ?",  # noqa: S608 - names are declared and quoted
        delete=f"DELETE FROM {name} WHERE key = ?",  # noqa: S608 - names are declared and quoted
    )


def _ddl(table: _Table) -> list[str]:
    collection = table.collection
    columns = "".join(f", {_quoted(f'i_{field}')} {_TYPES[kind]}" for field, kind in collection.indexes.items())
    statements = [
        f"CREATE TABLE IF NOT EXISTS {table.name} "
        f"(seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, document BLOB NOT NULL{columns})"
    ]
    # An index of its own would tell nothing that a compound one beginning with the same field does not.
    leading = {group[0] for group in collection.compound} - set(collection.unique)
    groups = [(field,) for field in table.fields if field not in leading] + list(collection.compound)
    for group in groups:
        unique = "UNIQUE " if len(group) == 1 and group[0] in collection.unique else ""
        index = _quoted(f"{collection.name}/{'/'.join(group)}")
        parts = ", ".join(table.column(field) for field in group)
        statements.append(f"CREATE {unique}INDEX IF NOT EXISTS {index} ON {table.name} ({parts})")
    return statements


def _comparable(value: Any) -> Scalar:
    """Return what the column stores: SQLite's integers have 64 bits, larger ones are kept as reals."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and not _SMALLEST <= value <= _LARGEST:
        return float(value)
    if isinstance(value, str | int | float):
        return value
    raise ValueError(f"an indexed field holds text, a number, a truth value or null, not {type(value).__name__}")


class _Transaction(AbstractContextManager[None]):
    """Enters and leaves the one transaction that a storage can have; a class, since a generator costs more."""

    def __init__(self, storage: SqliteStorage) -> None:
        self._storage = storage

    def __enter__(self) -> None:
        self._storage._enter()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._storage._leave(failed=kind is not None)


def _packed(document: Document) -> bytes | str:
    """Return the text of a document: bytes that orjson reads, or a str where it would lose digits."""
    try:
        return orjson.dumps(document)
    except TypeError:
        return dumps(document).decode()


def _unpacked(text: bytes | str) -> Any:
    return orjson.loads(text) if isinstance(text, bytes) else json.loads(text)


class SqliteStorage(Storage):
    """Collections in one SQLite database.

    Args:
        path: File of the database, made with its folder where missing; None keeps it in memory.

    Raises:
        StorageUnusable: The file is not a database, or cannot be opened.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.durable = path is not None
        self._lock = RLock()
        self._tables: dict[str, _Table] = {}
        self._depth = 0
        self._begun = False
        self._transaction = _Transaction(self)
        self._statements: dict[tuple[object, ...], str] = {}
        self._reads: dict[tuple[str, tuple[Scalar, ...]], list[Any]] = {}
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                ":memory:" if path is None else path, isolation_level=None, check_same_thread=False
            )
            if path is not None:
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = NORMAL")
                self._connection.execute("PRAGMA busy_timeout = 5000")
        except (sqlite3.Error, OSError) as error:
            raise StorageUnusable(f"cannot keep a world in {path}: {error}; name another file") from error
        self._execute = self._connection.execute

    def declare(self, collection: Collection) -> None:
        """Make room for a collection; declaring the same one again does nothing."""
        with self._lock:
            table = _table(collection)
            known = self._tables.get(collection.name)
            if known is not None:
                if known.collection != collection:
                    raise ValueError(f"{collection.name} is declared already, with other indexes")
                return
            for statement in _ddl(table):
                self._execute(statement)
            present = {row[1] for row in self._execute(f"PRAGMA table_info({table.name})")}
            wanted = {"seq", "key", "document"} | {f"i_{field}" for field in table.fields}
            if present != wanted:
                raise StorageUnusable(
                    f"{self._path} was written by another version ({collection.name} has other indexes); "
                    "delete the file or name another"
                )
            self._tables[collection.name] = table

    def insert(self, collection: str, key: str, document: Document) -> None:
        """Add a document."""
        table = self._tables[collection]
        values = [_comparable(document.get(field)) for field in table.fields]
        with self._lock:
            try:
                self._write(table.insert, (key, _packed(document), *values))
            except sqlite3.IntegrityError as error:
                raise KeyTaken(f"{collection}: {key!r} or one of its unique fields is in use") from error

    def get(self, collection: str, key: str) -> Document | None:
        """Return the document with this key, or None."""
        table = self._tables[collection]
        rows = self._read(table.get, (key,))
        return _unpacked(rows[0][0]) if rows else None

    def replace(self, collection: str, key: str, document: Document) -> None:
        """Put a document in the place of the one with this key."""
        table = self._tables[collection]
        values = [_comparable(document.get(field)) for field in table.fields]
        with self._lock:
            try:
                cursor = self._write(table.replace, (_packed(document), *values, key))
            except sqlite3.IntegrityError as error:
                raise KeyTaken(f"{collection}: a unique field of {key!r} is in use") from error
            if cursor.rowcount == 0:
                raise NoSuchDocument(f"{collection} has no {key!r}")

    def delete(self, collection: str, key: str) -> bool:
        """Remove the document with this key and return whether there was one."""
        with self._lock:
            return self._write(self._tables[collection].delete, (key,)).rowcount > 0

    def find(
        self,
        collection: str,
        where: Sequence[Where] = (),
        *,
        order: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Document]:
        """Return the documents that meet every condition, in insertion order where `order` does not say else."""
        table = self._tables[collection]
        shape, values = _shape(where)
        known = (collection, shape, tuple(order))
        statement = self._statements.get(known)
        if statement is None:
            terms = [
                f"{table.column(name.removeprefix('-'))} {'DESC' if name.startswith('-') else 'ASC'}" for name in order
            ]
            sort = ", ".join([*terms, "seq"])
            statement = f"SELECT document FROM {table.name}{_condition(table, shape)} ORDER BY {sort} LIMIT ? OFFSET ?"  # noqa: S608 - names are declared and quoted
            self._statements[known] = statement
        rows = self._read(statement, (*values, -1 if limit is None else limit, offset))
        return [_unpacked(row[0]) for row in rows]

    def count(self, collection: str, where: Sequence[Where] = ()) -> int:
        """Return how many documents meet every condition."""
        table = self._tables[collection]
        shape, values = _shape(where)
        statement = f"SELECT count(*) FROM {table.name}{_condition(table, shape)}"  # noqa: S608 - names are declared and quoted
        return int(self._read(statement, tuple(values))[0][0])

    def transaction(self) -> AbstractContextManager[None]:
        """Keep everything written inside if the block ends, nothing if it raises."""
        return self._transaction

    def _enter(self) -> None:
        self._lock.acquire()
        self._depth += 1

    def _leave(self, *, failed: bool) -> None:
        try:
            self._depth -= 1
            if self._begun and self._depth == 0:
                self._begun = False
                if failed:
                    self._reads.clear()
                self._execute("ROLLBACK" if failed else "COMMIT")
        finally:
            self._lock.release()

    def _read(self, statement: str, values: tuple[Scalar, ...]) -> list[Any]:
        """Return the rows of a query, from the last time it was asked if nothing was written since.

        Polling is what clients of these vendors do most. A file may be written by another process, so there every
        query is run.
        """
        with self._lock:
            known = self._reads.get((statement, values))
            if known is None:
                known = self._execute(statement, values).fetchall()
                if self._path is None and len(known) <= _REMEMBERED_ROWS:
                    if len(self._reads) >= _REMEMBERED_READS:
                        self._reads.clear()
                    self._reads[statement, values] = known
            return known

    def _write(self, statement: str, values: Sequence[object]) -> sqlite3.Cursor:
        # The database learns of a transaction with its first write: most requests only read.
        self._reads.clear()
        if self._depth and not self._begun:
            self._execute("BEGIN IMMEDIATE")
            self._begun = True
        return self._execute(statement, values)

    def snapshot(self) -> bytes:
        """Return the whole database as SQLite serializes it."""
        with self._lock:
            self._refuse_inside_transaction()
            if self._path is None:
                return self._connection.serialize()
            copy = sqlite3.connect(":memory:")
            try:
                self._connection.backup(copy)
                image = copy.serialize()
            finally:
                copy.close()
            # Bytes 18 and 19 of the header say "write-ahead log", which memory cannot open; 1 says "rollback journal".
            return image[:18] + b"\x01\x01" + image[20:]

    def restore(self, image: object) -> None:
        """Bring the database back to a snapshot."""
        if not isinstance(image, bytes):
            raise TypeError("not a snapshot of this kind of storage")
        with self._lock:
            self._refuse_inside_transaction()
            self._reads.clear()
            if self._path is None:
                self._connection.deserialize(image)
                return
            copy = sqlite3.connect(":memory:")
            try:
                copy.deserialize(image)
                copy.backup(self._connection)
            finally:
                copy.close()

    def clear(self) -> None:
        """Remove all documents of all declared collections."""
        with self.transaction():
            for table in self._tables.values():
                self._write(f"DELETE FROM {table.name}", ())  # noqa: S608 - names are declared and quoted

    def _refuse_inside_transaction(self) -> None:
        if self._depth:
            raise RuntimeError("a snapshot is taken or restored outside of transactions")

    def close(self, *, forget: bool = False) -> None:
        """Close the database, and delete its file if it is to be forgotten."""
        with self._lock:
            self._connection.close()
        if forget and self._path is not None:
            for suffix in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)


_Shape = tuple[tuple[str, str, int], ...]
"""Field, operator, and how many values are compared with, of each condition."""


def _shape(where: Sequence[Where]) -> tuple[_Shape, list[Scalar]]:
    """Split conditions into what decides the statement, and the values that it is given."""
    shape: list[tuple[str, str, int]] = []
    values: list[Scalar] = []
    for field, operator, value in where:
        if operator != "in":
            shape.append((field, operator, 1))
            values.append(_comparable(value))
            continue
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise ValueError(f"{field} in …: a sequence of values is needed")
        given = [_comparable(one) for one in value if one is not None]
        shape.append((field, "null" if len(given) < len(value) else "in", len(given)))
        values.extend(given)
    return tuple(shape), values


def _condition(table: _Table, shape: _Shape) -> str:
    """Return the WHERE clause of conditions, or nothing if there are none."""
    clauses: list[str] = []
    for field, operator, count in shape:
        column = table.column(field)
        if operator in _OPERATORS:
            clauses.append(f"{column} {_OPERATORS[operator]} ?")
            continue
        options = f"{column} IN ({', '.join('?' * count)})"
        clauses.append(f"({options} OR {column} IS NULL)" if operator == "null" else options)
    return f" WHERE {' AND '.join(clauses)}" if clauses else ""
