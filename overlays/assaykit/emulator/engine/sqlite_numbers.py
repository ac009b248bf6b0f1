"""Numbers of documents that SQLite has counted, remembered until a document changes, or kept up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from threading import RLock
from typing import Final

from assaykit.emulator.engine.sqlite_tables import Table
from assaykit.emulator.engine.storage import Scalar

_REMEMBERED: Final = 1000
_WATCHED: Final = 8
_Key = tuple[str, tuple[Scalar, ...]]


class Numbers:
    """Counts documents, and remembers how many there were.

    Counting takes as long as there are documents, so a number is kept until one of its collections changes.

    Args:
        execute: Runs a statement.
        lock: Held while the database is asked.
        shared: Whether other processes may write into the database.
    """

    def __init__(
        self, execute: Callable[[str, Sequence[Scalar]], sqlite3.Cursor], lock: RLock, *, shared: bool
    ) -> None:
        self._execute = execute
        self._lock = lock
        self._shared = shared
        self._counts: dict[_Key, tuple[int, tuple[int, ...]]] = {}
        self._watched: dict[_Key, tuple[Sequence[str], Mapping[str, str]]] = {}
        self._versions: dict[str, int] = {}
        self._sizes: dict[str, tuple[int, int]] = {}
        self._foreign_version = 0

    def number(self, statement: str, values: Sequence[Scalar], collections: Sequence[str]) -> int:
        """Return the number that a statement asks for, from the last time unless a collection has changed.

        Args:
            statement: The statement.
            values: What it is given.
            collections: The collections in which it looks.
        """
        key = statement, tuple(values)
        with self._lock:
            self._notice_others()
            versions = tuple([self._versions.get(name, 0) for name in collections])
            known = self._counts.get(key)
            if known is not None and known[1] == versions:
                return known[0]
            number = int(self._execute(statement, values).fetchone()[0])
            if len(self._counts) >= _REMEMBERED:
                self._counts.clear()
            self._counts[key] = number, versions
            return number

    def size(self, table: Table) -> int:
        """Return about how many documents a collection has: not those that were put in lately."""
        name = table.collection.name
        version = self._versions.get(name, 0)
        size, then = self._sizes.get(name, (0, -1))
        # A collection grows by no more than is written, and a rough answer will do.
        if then < 0 or version - then > size:
            with self._lock:
                row = self._execute(f"SELECT max(seq) FROM {table.name}", ()).fetchone()  # noqa: S608 - names are declared and quoted
                size = row[0] or 0
                self._sizes[name] = size, version
        return size

    def watches(self, statement: str, values: Sequence[Scalar]) -> bool:
        """Whether a number is kept up to date."""
        return (statement, tuple(values)) in self._watched

    def watch(
        self, statement: str, values: Sequence[Scalar], collections: Sequence[str], checks: Mapping[str, str]
    ) -> None:
        """Keep a number that was just asked for up to date, since counting again would take long.

        Args:
            statement: The statement.
            values: What it is given.
            collections: The collections in which it looks, each once.
            checks: For each of them the statement that counts only what depends on the row with a key, which it is
                given behind the values.
        """
        if len(self._watched) >= _WATCHED:
            del self._watched[next(iter(self._watched))]
        self._watched[statement, tuple(values)] = collections, checks

    def before(self, collection: str, key: str) -> dict[_Key, int]:
        """Return how much of each number that is kept up to date depends on a row that is about to change."""
        found: dict[_Key, int] = {}
        for known, (_, checks) in self._watched.items():
            if collection in checks:
                found[known] = self._execute(checks[collection], (*known[1], key)).fetchone()[0]
        return found

    def after(self, collection: str, key: str, before: Mapping[_Key, int]) -> None:
        """Note that a row has changed, and what that does to numbers that are kept up to date.

        Args:
            collection: Its collection.
            key: Its key.
            before: What `before` returned.
        """
        version = self._versions.get(collection, 0)
        self.note(collection)
        for known, less in before.items():
            collections, checks = self._watched[known]
            place = collections.index(collection)
            number, versions = self._counts.get(known, (0, ()))
            if not versions or versions[place] != version:
                del self._watched[known]
                continue
            more = self._execute(checks[collection], (*known[1], key)).fetchone()[0]
            current = (*versions[:place], version + 1, *versions[place + 1 :])
            self._counts[known] = number - less + more, current

    def note(self, collection: str) -> None:
        """Note that a collection changes."""
        self._versions[collection] = self._versions.get(collection, 0) + 1

    def forget(self) -> None:
        """Forget all numbers, since documents are other ones now."""
        self._counts.clear()
        self._sizes.clear()
        self._watched.clear()

    def _notice_others(self) -> None:
        if self._shared:
            version = int(self._execute("PRAGMA data_version", ()).fetchone()[0])
            if version != self._foreign_version:
                self._foreign_version = version
                self.forget()
