"""Storage in SQLite: in memory, or in a file with a write-ahead log."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from threading import RLock
from typing import Any, Final, cast

import orjson

from assaykit.emulator.engine.jsontext import dumps
from assaykit.emulator.engine.sqlite_conditions import MATCHES, condition, others, shape_of
from assaykit.emulator.engine.sqlite_tables import Table, ddl, table_of, text_ddl, text_index
from assaykit.emulator.engine.storage import (
    Collection,
    Document,
    KeyTaken,
    NoSuchDocument,
    Operator,
    Scalar,
    Select,
    Storage,
    Where,
)

_REMEMBERED_READS = 1000
_FEW: Final = 2000
"""Documents with a text up to which it is quicker to look them up than to walk through all in their order."""
_SHORTEST: Final = 3
"""Characters that the index of texts needs."""
_REMEMBERED_ROWS = 100


class StorageUnusable(Exception):
    """The file cannot be used; the message says why and what to do."""


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
        self._tables: dict[str, Table] = {}
        self._depth = 0
        self._begun = False
        self._transaction = _Transaction(self)
        self._statements: dict[tuple[object, ...], str] = {}
        self._reads: dict[tuple[str, tuple[Scalar, ...]], list[Any]] = {}
        self._counts: dict[tuple[str, tuple[Scalar, ...]], tuple[int, tuple[int, ...]]] = {}
        self._versions: dict[str, int] = {}
        self._foreign_version = 0
        self._indexed_texts: set[tuple[str, str]] = set()
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
            table = table_of(collection)
            known = self._tables.get(collection.name)
            if known is not None:
                if known.collection != collection:
                    raise ValueError(f"{collection.name} is declared already, with other indexes")
                return
            for statement in ddl(table):
                self._execute(statement)
            self._index_texts(table)
            present = {row[1] for row in self._execute(f"PRAGMA table_info({table.name})")}
            wanted = {"seq", "key", "document"} | {f"i_{field}" for field in table.fields}
            wanted |= {f"s_{name}" for name in collection.searches}
            if present != wanted:
                raise StorageUnusable(
                    f"{self._path} was written by another version ({collection.name} has other indexes); "
                    "delete the file or name another"
                )
            self._tables[collection.name] = table

    def _index_texts(self, table: Table) -> None:
        """Keep an index of the three-character parts of texts, where SQLite can (3.34)."""
        for name in table.collection.searches:
            try:
                for statement in text_ddl(table, name):
                    self._execute(statement)
            except sqlite3.OperationalError:
                return
            self._indexed_texts.add((table.collection.name, name))

    def insert(self, collection: str, key: str, document: Document) -> None:
        """Add a document."""
        table = self._tables[collection]
        values = table.values(document)
        with self._lock:
            try:
                self._write(collection, table.insert, (key, _packed(document), *values))
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
        values = table.values(document)
        with self._lock:
            try:
                cursor = self._write(collection, table.replace, (_packed(document), *values, key))
            except sqlite3.IntegrityError as error:
                raise KeyTaken(f"{collection}: a unique field of {key!r} is in use") from error
            if cursor.rowcount == 0:
                raise NoSuchDocument(f"{collection} has no {key!r}")

    def delete(self, collection: str, key: str) -> bool:
        """Remove the document with this key and return whether there was one."""
        with self._lock:
            return self._write(collection, self._tables[collection].delete, (key,)).rowcount > 0

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
        shape, values = shape_of(self._narrowed(collection, where))
        known = (collection, shape, tuple(order))
        statement = self._statements.get(known)
        if statement is None:
            terms = [
                f"{table.column(name.removeprefix('-'))} {'DESC' if name.startswith('-') else 'ASC'}" for name in order
            ]
            # Nothing is left to decide once a unique field has, and an index alone can then give the order.
            decided = any(name.removeprefix("-") in table.collection.unique for name in order)
            sort = ", ".join(terms if decided else [*terms, "seq"])
            met = condition(self._tables, table, shape)
            statement = f"SELECT document FROM {table.name}{met} ORDER BY {sort} LIMIT ? OFFSET ?"  # noqa: S608 - names are declared and quoted
            self._statements[known] = statement
        rows = self._read(statement, (*values, -1 if limit is None else limit, offset))
        return [_unpacked(row[0]) for row in rows]

    def count(self, collection: str, where: Sequence[Where] = ()) -> int:
        """Return how many documents meet every condition."""
        table = self._tables[collection]
        shape, values = shape_of(self._narrowed(collection, where))
        statement = f"SELECT count(*) FROM {table.name}{condition(self._tables, table, shape)}"  # noqa: S608 - names are declared and quoted
        with self._lock:
            # Counting takes as long as there are documents, so a number is kept until one of its collections changes.
            self._notice_others()
            versions = tuple(self._versions.get(name, 0) for name in (collection, *others(shape)))
            known = self._counts.get((statement, tuple(values)))
            if known is not None and known[1] == versions:
                return known[0]
            number = int(self._execute(statement, values).fetchone()[0])
            if len(self._counts) >= _REMEMBERED_READS:
                self._counts.clear()
            self._counts[statement, tuple(values)] = number, versions
            return number

    def _notice_others(self) -> None:
        """Forget every number if another process has written into the file."""
        if self._path is not None:
            version = int(self._execute("PRAGMA data_version").fetchone()[0])
            if version != self._foreign_version:
                self._foreign_version = version
                self._counts.clear()

    def tally(
        self, collection: str, fields: Sequence[str], where: Sequence[Where] = ()
    ) -> dict[tuple[Scalar, ...], int]:
        """Return how many documents that meet every condition have each combination of values in indexed fields."""
        table = self._tables[collection]
        shape, values = shape_of(self._narrowed(collection, where))
        columns = ", ".join(table.column(field) for field in fields)
        met = condition(self._tables, table, shape)
        statement = f"SELECT {columns}, count(*) FROM {table.name}{met} GROUP BY {columns}"  # noqa: S608 - names are declared and quoted
        return {row[:-1]: row[-1] for row in self._read(statement, tuple(values))}

    def _narrowed(self, collection: str, where: Sequence[Where]) -> Sequence[Where]:
        """Return conditions that look a rare text up in the index of texts."""
        if not any(operator == "contains" or isinstance(value, Select) for _, operator, value in where):
            return where
        return [self._narrow(collection, *condition) for condition in where]

    def _narrow(self, collection: str, field: str, operator: str, value: Any) -> Where:
        if isinstance(value, Select):
            value = value._replace(where=self._narrowed(value.collection, value.where))
        elif operator == "contains" and (collection, field) in self._indexed_texts and isinstance(value, str):
            text = value.casefold()
            if len(text) >= _SHORTEST and "\0" not in text:
                quoted = text.replace('"', '""')
                phrase, index = f'"{quoted}"', text_index(collection, field)
                probe = f"SELECT count(*) FROM (SELECT 1 FROM {index} WHERE {index} MATCH ? LIMIT {_FEW})"  # noqa: S608 - names are declared and quoted
                if self._read(probe, (phrase,))[0][0] < _FEW:
                    return Where(field, MATCHES, phrase)
        return Where(field, cast(Operator, operator), value)

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
                    self._counts.clear()
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

    def _write(self, collection: str, statement: str, values: Sequence[object]) -> sqlite3.Cursor:
        # The database learns of a transaction with its first write: most requests only read.
        self._reads.clear()
        self._versions[collection] = self._versions.get(collection, 0) + 1
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
            self._counts.clear()
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
                self._write(table.collection.name, f"DELETE FROM {table.name}", ())  # noqa: S608 - names are declared and quoted

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
