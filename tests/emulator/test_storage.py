"""The storage interface, as every implementation must keep it; run for memory and file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assaykit.emulator.engine.storage import Collection, KeyTaken, NoSuchDocument, Storage, Where, change, equal
from assaykit.emulator.engine.storage_sqlite import SqliteStorage, StorageUnusable

THINGS = Collection(
    "test.things", {"name": str, "size": int, "ok": bool, "code": str}, unique=("code",), compound=(("name", "size"),)
)


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    made = SqliteStorage(None if request.param == "memory" else tmp_path / "deep" / "world.db")
    made.declare(THINGS)
    yield made
    made.close()


def _fill(store: Storage) -> None:
    for key, name, size in (("a", "x", 3), ("b", "y", 1), ("c", "x", 2), ("d", None, 1)):
        store.insert("test.things", key, {"key": key, "name": name, "size": size, "ok": size > 1})


def _keys(store: Storage, *where: Where, order: tuple[str, ...] = (), limit: int | None = None, offset: int = 0) -> str:
    found = store.find("test.things", where, order=order, limit=limit, offset=offset)
    return "".join(document["key"] for document in found)


def test_document_comes_back_as_it_was_given(store: Storage) -> None:
    document = {"deep": [{"n": None, "f": 1.5, "big": 10**30}], "text": "a\0b €😀", "name": "n\0m"}
    store.insert("test.things", "k/ö\0", document)
    assert store.get("test.things", "k/ö\0") == document
    assert store.find("test.things", equal(name="n\0m")) == [document]
    assert store.get("test.things", "k/ö") is None


def test_a_stored_document_does_not_change_with_the_given_one(store: Storage) -> None:
    document = {"list": [1]}
    store.insert("test.things", "a", document)
    document["list"].append(2)
    found = store.get("test.things", "a")
    assert found == {"list": [1]}
    found["list"].append(3)
    assert store.get("test.things", "a") == {"list": [1]}


def test_find_filters_orders_and_pages(store: Storage) -> None:
    _fill(store)
    assert _keys(store) == "abcd"
    assert _keys(store, Where("name", "=", "x")) == "ac"
    assert _keys(store, Where("name", "=", None)) == "d"
    assert _keys(store, Where("name", "!=", "x")) == "bd"
    assert _keys(store, Where("size", ">=", 2)) == "ac"
    assert _keys(store, Where("size", ">", 1), Where("size", "<", 3)) == "c"
    assert _keys(store, Where("size", "<=", 1)) == "bd"
    assert _keys(store, Where("ok", "=", True)) == "ac"
    assert _keys(store, Where("name", "in", ["y", "z"])) == "b"
    assert _keys(store, Where("name", "in", ["y", None])) == "bd"
    assert _keys(store, Where("name", "in", [])) == ""
    assert _keys(store, order=("size",)) == "bdca"
    assert _keys(store, order=("-size",)) == "acbd"
    assert _keys(store, order=("name", "-size")) == "dacb"
    assert _keys(store, order=("size",), limit=2, offset=1) == "dc"
    assert _keys(store, limit=0) == ""
    assert store.count("test.things") == 4
    assert store.count("test.things", equal(name="x", size=2)) == 1


def test_a_field_without_index_cannot_be_asked_for(store: Storage) -> None:
    with pytest.raises(ValueError, match="no index on 'other'"):
        store.find("test.things", [Where("other", "=", 1)])
    with pytest.raises(ValueError, match="no index"):
        store.find("test.things", order=["other"])


def test_keys_and_unique_fields_are_kept_apart(store: Storage) -> None:
    store.insert("test.things", "a", {"code": "one"})
    store.insert("test.things", "b", {"code": None})
    store.insert("test.things", "c", {})
    with pytest.raises(KeyTaken):
        store.insert("test.things", "a", {})
    with pytest.raises(KeyTaken):
        store.insert("test.things", "d", {"code": "one"})
    with pytest.raises(KeyTaken):
        store.replace("test.things", "b", {"code": "one"})


def test_replace_keeps_the_place_and_moves_in_the_index(store: Storage) -> None:
    _fill(store)
    change(store, "test.things", "a", lambda document: document.update(name="z"))
    assert _keys(store) == "abcd"
    assert _keys(store, Where("name", "=", "x")) == "c"
    assert _keys(store, Where("name", "=", "z")) == "a"


def test_what_is_not_there_cannot_be_replaced(store: Storage) -> None:
    with pytest.raises(NoSuchDocument):
        store.replace("test.things", "a", {})
    with pytest.raises(NoSuchDocument):
        change(store, "test.things", "a", lambda _: None)
    assert store.delete("test.things", "a") is False


def test_a_failed_transaction_leaves_nothing(store: Storage) -> None:
    _fill(store)

    def fail() -> None:
        with store.transaction():
            store.delete("test.things", "a")
            store.insert("test.things", "e", {})
            with store.transaction():
                change(store, "test.things", "b", lambda document: document.update(name="z"))
            assert store.count("test.things") == 4
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()
    assert _keys(store) == "abcd"
    assert _keys(store, Where("name", "=", "y")) == "b"


def test_a_transaction_that_ends_keeps_everything(store: Storage) -> None:
    with store.transaction():
        store.insert("test.things", "a", {"key": "a"})
        with store.transaction():
            store.insert("test.things", "b", {"key": "b"})
    with pytest.raises(RuntimeError), store.transaction():
        raise RuntimeError
    assert _keys(store) == "ab"


def test_snapshot_and_restore(store: Storage) -> None:
    _fill(store)
    image = store.snapshot()
    store.delete("test.things", "a")
    store.insert("test.things", "e", {"key": "e"})
    store.restore(image)
    assert _keys(store) == "abcd"
    assert _keys(store, Where("size", ">", 1)) == "ac"
    store.insert("test.things", "e", {"key": "e"})
    store.restore(image)
    assert _keys(store) == "abcd"


def test_an_image_moves_between_memory_and_file(tmp_path: Path) -> None:
    memory, file = SqliteStorage(), SqliteStorage(tmp_path / "a.db")
    for one in (memory, file):
        one.declare(THINGS)
    _fill(memory)
    file.restore(memory.snapshot())
    assert _keys(file) == "abcd"
    file.delete("test.things", "a")
    memory.restore(file.snapshot())
    assert _keys(memory) == "bcd"
    for one in (memory, file):
        one.close()


def test_snapshot_inside_a_transaction_is_refused(store: Storage) -> None:
    with store.transaction(), pytest.raises(RuntimeError, match="outside"):
        store.snapshot()


def test_clear_removes_all_documents(store: Storage) -> None:
    _fill(store)
    store.clear()
    assert store.count("test.things") == 0


def test_storages_are_isolated() -> None:
    one, other = SqliteStorage(), SqliteStorage()
    for store in (one, other):
        store.declare(THINGS)
    one.insert("test.things", "a", {})
    assert other.count("test.things") == 0
    one.close()
    other.close()


def test_threads_do_not_lose_writes(store: Storage) -> None:
    def work(name: str) -> None:
        for number in range(100):
            with store.transaction():
                store.insert("test.things", f"{name}{number}", {"name": name})

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.count("test.things") == 400


def test_integers_beyond_64_bits_can_be_indexed(store: Storage) -> None:
    store.insert("test.things", "a", {"key": "a", "size": 10**30})
    assert _keys(store, Where("size", ">", 10**29)) == "a"


def test_a_file_outlives_its_storage(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    first = SqliteStorage(path)
    first.declare(THINGS)
    _fill(first)
    first.close()
    second = SqliteStorage(path)
    second.declare(THINGS)
    assert _keys(second) == "abcd"
    second.close(forget=True)
    assert list(tmp_path.iterdir()) == []


def test_a_file_with_other_indexes_is_refused(tmp_path: Path) -> None:
    first = SqliteStorage(tmp_path / "world.db")
    first.declare(THINGS)
    first.close()
    second = SqliteStorage(tmp_path / "world.db")
    with pytest.raises(StorageUnusable, match="another version"):
        second.declare(Collection("test.things", {"name": str}))
    second.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    path.write_text("not a database, but long enough to be looked at by the library")
    with pytest.raises(StorageUnusable, match=r"world\.db"):
        SqliteStorage(path)
