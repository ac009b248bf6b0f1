"""Storage in SQLite: in memory, or in a file with a write-ahead log."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from threading import RLock
from typing import Any, Final

import orjson

from assaykit.emulator.engine.jsontext import dumps
from assaykit.emulator.engine.sqlite_conditions import alias, condition, others, shape_of
from assaykit.emulator.engine.sqlite_numbers import Numbers
from assaykit.emulator.engine.sqlite_parts import index_name, text_ddl
from assaykit.emulator.engine.sqlite_plans import FEW, Planner, branches
from assaykit.emulator.engine.sqlite_statements import dependents, listing
from assaykit.emulator.engine.sqlite_tables import Table, ddl, table_of
from assaykit.emulator.engine.sqlite_tallies import NUMBER, Tallies, covering, tally_ddl, tally_name, tally_table
from assaykit.emulator.engine.storage import (
    Collection,
    Document,
    KeyTaken,
    NoSuchDocument,
    Scalar,
    Select,
    Storage,
    Where,
)

_REMEMBERED_READS: Final = 1000
_REMEMBERED_ROWS: Final = 100
_LAYOUT: Final = 2
"""Number of the way in which tables, indexes and triggers are laid out; it is kept in the file."""


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
        self._indexed_texts: set[tuple[str, str]] = set()
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                ":memory:" if path is None else path, isolation_level=None, check_same_thread=False
            )
            self._execute = self._connection.execute
            if path is not None:
                self._execute("PRAGMA journal_mode = WAL")
                self._execute("PRAGMA synchronous = NORMAL")
                self._execute("PRAGMA busy_timeout = 5000")
            known = self._execute("PRAGMA user_version").fetchone()[0]
            self._present = self._made()
        except (sqlite3.Error, OSError) as error:
            raise StorageUnusable(f"cannot keep a world in {path}: {error}; name another file") from error
        if self._present and known != _LAYOUT:
            self._connection.close()
            raise StorageUnusable(f"{path} was written by another version; delete the file or name another")
        if not self._present:
            self._execute(f"PRAGMA user_version = {_LAYOUT}")
        self._tallies = Tallies(self._execute)
        self._numbers = Numbers(self._execute, self._lock, shared=path is not None)
        self._planner = Planner(self._tables, self._indexed_texts, self._numbers, self._read)

    def declare(self, collection: Collection) -> None:
        """Make room for a collection; declaring the same one again does nothing."""
        with self.transaction():
            table = table_of(collection)
            known = self._tables.get(collection.name)
            if known is not None:
                if known.collection != collection:
                    raise ValueError(f"{collection.name} is declared already, with other indexes")
                return
            self._begin()
            if (
                not self._make(collection.name, ddl(table))
                and {row[1] for row in self._execute(f"PRAGMA table_info({table.name})")} != table.columns
            ):
                raise StorageUnusable(
                    f"{self._path} was written by another version ({collection.name} has other indexes); "
                    "delete the file or name another"
                )
            for group in collection.tallies:
                self._make(tally_name(collection, group), tally_ddl(table, group))
            for name in collection.searches:
                # Not every SQLite can index parts of texts: that takes 3.34 with its full-text search.
                with suppress(sqlite3.OperationalError):
                    self._make(index_name(collection.name, name), text_ddl(table, name))
                    self._indexed_texts.add((collection.name, name))
            self._tables[collection.name] = table

    def _make(self, name: str, statements: Sequence[str]) -> bool:
        """Make a table with all that belongs to it, unless it is there, and return whether that was to be done."""
        if name not in self._present and self._path is not None:
            # Another process may have made it meanwhile.
            self._present = self._made()
        if name in self._present:
            return False
        for statement in statements:
            self._execute(statement)
        self._present.add(name)
        return True

    def _made(self) -> set[str]:
        """Return the names of the tables that are there."""
        return {row[0] for row in self._execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def insert(self, collection: str, key: str, document: Document) -> None:
        """Add a document."""
        table = self._tables[collection]
        values = table.values(document)
        with self._transaction:
            try:
                self._write(collection, key, table.insert, (key, *values, _packed(document)))
            except sqlite3.IntegrityError as error:
                raise KeyTaken(f"{collection}: {key!r} or one of its unique fields is in use") from error
            self._tallies.add(table, values, 1)

    def get(self, collection: str, key: str) -> Document | None:
        """Return the document with this key, or None."""
        table = self._tables[collection]
        rows = self._read(table.get, (key,))
        return _unpacked(rows[0][0]) if rows else None

    def replace(self, collection: str, key: str, document: Document) -> None:
        """Put a document in the place of the one with this key."""
        table = self._tables[collection]
        values = table.values(document)
        with self._transaction:
            old = self._tallied(table, key)
            try:
                cursor = self._write(collection, key, table.replace, (*values, _packed(document), key))
            except sqlite3.IntegrityError as error:
                raise KeyTaken(f"{collection}: a unique field of {key!r} is in use") from error
            if cursor.rowcount == 0:
                raise NoSuchDocument(f"{collection} has no {key!r}")
            if old is not None:
                self._tallies.add(table, old, -1)
                self._tallies.add(table, values, 1)

    def delete(self, collection: str, key: str) -> bool:
        """Remove the document with this key and return whether there was one."""
        table = self._tables[collection]
        with self._transaction:
            old = self._tallied(table, key)
            there = self._write(collection, key, table.delete, (key,)).rowcount > 0
            if old is not None:
                self._tallies.add(table, old, -1)
            return there

    def _tallied(self, table: Table, key: str) -> Sequence[Scalar] | None:
        """Return the fields of a document by which it is counted, or None if it is not, or not there."""
        self._begin()
        found: Sequence[Scalar] | None = self._execute(table.fields_of, (key,)).fetchone() if table.tallied else None
        return found

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
        planned = self._planner.plan(collection, where, None if limit is None else order)
        parts = [shape_of(branch) for branch in ([planned] if limit is None else branches(table, planned))]
        known = (collection, tuple(shape for shape, _ in parts), tuple(order))
        statement = self._statements.get(known)
        if statement is None:
            if len(self._statements) >= _REMEMBERED_READS:
                self._statements.clear()
            statement = self._statements[known] = listing(self._tables, table, [shape for shape, _ in parts], order)
        values = [value for _, given in parts for value in given]
        rows = self._read(statement, (*values, -1 if limit is None else limit, offset))
        return [_unpacked(row[0]) for row in rows]

    def count(self, collection: str, where: Sequence[Where] = ()) -> int:
        """Return how many documents meet every condition."""
        table, planner = self._tables[collection], self._planner
        source = covering(table, where)
        if source is not None:
            self._settle()
            where, number, rows = planner.resolve(collection, where), f"coalesce(sum({NUMBER}), 0)", source
        else:
            for place, one in enumerate(where):
                # Where few are excepted, these are counted instead of all the others.
                if one.operator == "not in" and isinstance(one.value, Select) and planner.is_few(one.value):
                    rest = [*where[:place], *where[place + 1 :]]
                    return self.count(collection, rest) - self.count(collection, [*rest, one._replace(operator="in")])
            where, number, rows = planner.plan(collection, where), "count(*)", table.name
        shape, values = shape_of(where)
        met = condition(self._tables, table, shape)
        statement = f"SELECT {number} FROM {rows} AS {alias(0)}{met}"  # noqa: S608 - names are declared and quoted
        names = (collection, *others(shape))
        found = self._numbers.number(statement, values, names)
        if source is None and found >= FEW and not self._numbers.watches(statement, values):
            affected = dependents(self._tables, table, where)
            if affected is not None:
                self._numbers.watch(statement, values, names, affected)
        return found

    def tally(
        self, collection: str, fields: Sequence[str], where: Sequence[Where] = ()
    ) -> dict[tuple[Scalar, ...], int]:
        """Return how many documents that meet every condition have each combination of values in indexed fields."""
        table = self._tables[collection]
        columns = ", ".join(f"{alias(0)}.{table.column(field)}" for field in fields)
        source = covering(table, where, fields)
        if source is not None:
            self._settle()
            where, number, rows = self._planner.resolve(collection, where), f"sum({NUMBER})", source
        else:
            where, number, rows = self._planner.plan(collection, where), "count(*)", table.name
        shape, values = shape_of(where)
        met = condition(self._tables, table, shape)
        statement = f"SELECT {columns}, {number} FROM {rows} AS {alias(0)}{met} GROUP BY {columns}"  # noqa: S608 - names are declared and quoted
        return {row[:-1]: row[-1] for row in self._read(statement, tuple(values))}

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
                self._end(failed=failed)
        finally:
            self._lock.release()

    def _end(self, *, failed: bool) -> None:
        """Keep what was written, or none of it if something failed or the numbers cannot follow."""
        try:
            if not failed:
                self._tallies.settle()
        except sqlite3.Error:
            failed = True
            raise
        finally:
            self._begun = False
            if failed:
                self._reads.clear()
                self._numbers.forget()
                self._tallies.forget()
            self._execute("ROLLBACK" if failed else "COMMIT")

    def _settle(self) -> None:
        with self._lock:
            self._tallies.settle()

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

    def _write(self, collection: str, key: str, statement: str, values: Sequence[object]) -> sqlite3.Cursor:
        # The database learns of a transaction with its first write: most requests only read.
        self._begin()
        before = self._numbers.before(collection, key)
        cursor = self._execute(statement, values)
        self._reads.clear()
        self._numbers.after(collection, key, before)
        return cursor

    def _begin(self) -> None:
        if self._depth and not self._begun:
            self._execute("BEGIN IMMEDIATE")
            self._begun = True

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
            self._numbers.forget()
            if self._path is None:
                self._connection.deserialize(image)
            else:
                copy = sqlite3.connect(":memory:")
                try:
                    copy.deserialize(image)
                    copy.backup(self._connection)
                finally:
                    copy.close()
            self._present = self._made()

    def clear(self) -> None:
        """Remove all documents of all declared collections."""
        with self.transaction():
            self._begin()
            for table in self._tables.values():
                for name in (table.name, *(tally_table(table, group) for group in table.collection.tallies)):
                    self._execute(f"DELETE FROM {name}")  # noqa: S608 - names are declared and quoted
            self._tallies.forget()
            self._numbers.forget()
            self._reads.clear()

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
