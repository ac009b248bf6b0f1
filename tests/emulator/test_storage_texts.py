"""Storage: texts are found with the index of their parts as without, whatever stands in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assaykit.emulator.engine import storage_sqlite
from assaykit.emulator.engine.storage import Collection, Where
from assaykit.emulator.engine.storage_sqlite import SqliteStorage

NOTES = Collection("notes", {"id": int}, unique=("id",), searches={"s": ("text", "tags")})
ALPHABET = "aAbBß%_'\"*\\\0\x1a\x1b\x1c\x1f\x20éİ㎏😀\U0010ffff\ud7ff\ue000-"
TEXTS = st.text(ALPHABET, max_size=8)
ROWS = st.lists(st.tuples(TEXTS, st.lists(TEXTS, max_size=2)), max_size=12)


def _store() -> SqliteStorage:
    store = SqliteStorage()
    store.declare(NOTES)
    return store


def _fill(store: SqliteStorage, rows: list[tuple[str, list[str]]]) -> None:
    store.clear()
    for number, (text, tags) in enumerate(rows):
        store.insert("notes", str(number), {"id": number, "text": text, "tags": tags})


def _found(store: SqliteStorage, term: str | list[str]) -> list[int]:
    where = [Where("s", "contains", term)]
    found = [row["id"] for row in store.find("notes", where, order=["id"])]
    assert store.count("notes", where) == len(found)
    assert [row["id"] for row in store.find("notes", where, order=["id"], limit=3)] == found[:3]
    return found


@pytest.fixture(scope="module")
def indexed() -> Iterator[SqliteStorage]:
    store = _store()
    yield store
    store.close()


@pytest.fixture(scope="module")
def plain() -> Iterator[SqliteStorage]:
    """Return a storage whose SQLite cannot index parts of texts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage_sqlite, "text_ddl", lambda *_: ["CREATE VIRTUAL TABLE none USING missing"])
        store = _store()
    yield store
    store.close()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(rows=ROWS, terms=st.lists(st.text(ALPHABET, max_size=5), min_size=1, max_size=4))
def test_a_text_is_found_as_by_brute_force(
    indexed: SqliteStorage, plain: SqliteStorage, rows: list[tuple[str, list[str]]], terms: list[str]
) -> None:
    def fits(row: tuple[str, list[str]], term: str) -> bool:
        return term.casefold() in "\x1f".join([row[0], "\x1f".join(row[1])]).casefold()

    for store in (indexed, plain):
        _fill(store, rows)
        for term in terms:
            assert _found(store, term) == [number for number, row in enumerate(rows) if fits(row, term)]
        assert _found(store, terms) == [n for n, row in enumerate(rows) if any(fits(row, term) for term in terms)]


@pytest.mark.parametrize("term", ["q", "qu", "qui", "lp", "p"])
def test_a_term_that_many_have_is_found_like_a_rare_one(term: str) -> None:
    store = _store()
    with store.transaction():
        for number in range(2500):
            text = f"{'quill' if number == 7 else 'help'} {number}"
            store.insert("notes", str(number), {"id": number, "text": text, "tags": []})
    common = "p" in term
    assert len(_found(store, term)) == (2499 if common else 1)
    store.close()


def test_a_file_written_without_the_index_gets_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(storage_sqlite, "text_ddl", lambda *_: ["CREATE VIRTUAL TABLE none USING missing"])
        first = SqliteStorage(tmp_path / "world.db")
        first.declare(NOTES)
        _fill(first, [("Ada\0Lovelace", [])])
        first.close()
    second = SqliteStorage(tmp_path / "world.db")
    second.declare(NOTES)
    assert _found(second, "lovelace") == _found(second, "ce") == [0]
    second.delete("notes", "0")
    assert _found(second, "lovelace") == []
    second.close()


def test_a_file_of_another_layout_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (seq INTEGER PRIMARY KEY)")
    connection.close()
    with pytest.raises(storage_sqlite.StorageUnusable, match="another version"):
        SqliteStorage(path)
