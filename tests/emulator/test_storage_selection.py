"""Storage: texts in documents, entries of lists, values of other documents, and numbers of documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assaykit.emulator.engine.storage import Collection, Select, Where, equal
from assaykit.emulator.engine.storage_sqlite import SqliteStorage

PEOPLE = Collection(
    "people",
    {"name": str, "town": int, "tall": bool},
    searches={"text": ("name", "nicks", "town")},
    compound=(("town", "name"),),
)
TOWNS = Collection("towns", {"id": int, "country": str})
ROWS: list[dict[str, Any]] = [
    {"name": "Ada Lovelace", "nicks": ["Countess", 'A"L'], "town": 1, "tall": True},
    {"name": "Straße", "nicks": [], "town": 2, "tall": False},
    {"name": "İstanbul", "nicks": ["100%"], "town": None, "tall": True},
    {"name": None, "nicks": None, "town": 2, "tall": None},
    {"name": "ab", "nicks": ["cd"], "town": 12, "tall": False},
]


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqliteStorage]:
    made = SqliteStorage(tmp_path / "world.db" if request.param == "file" else None)
    fill(made)
    yield made
    made.close()


def fill(store: SqliteStorage) -> None:
    store.declare(PEOPLE)
    store.declare(TOWNS)
    for number, row in enumerate(ROWS):
        store.insert("people", str(number), {"id": number, **row})
    for number, country in ((1, "DE"), (2, "FR"), (3, "FR")):
        store.insert("towns", str(number), {"id": number, "country": country})


def ids(store: SqliteStorage, *where: Where) -> list[int]:
    found = [row["id"] for row in store.find("people", where)]
    assert store.count("people", where) == len(found)
    return found


@pytest.mark.parametrize(
    "term",
    [
        "ada",
        "LOVE",
        "a l",
        "countess",
        'a"l',
        '"',
        "strasse",
        "STRASSE",
        "istanbul",
        "100%",
        "%",
        "_",
        "b",
        "1",
        "12",
        "",
        "abcd",
        "ab\x1fcd",
        "nobody",
        "a\0b",
        "lovelace countess",
        "AND",
        "name:",
        "*",
        "ada*",
        "-ada",
    ],
)
def test_a_text_is_found_in_any_field_whatever_its_case(store: SqliteStorage, term: str) -> None:
    def fits(row: dict[str, Any]) -> bool:
        texts = [row["name"] or "", *(row["nicks"] or []), "" if row["town"] is None else str(row["town"])]
        return term.replace("ab\x1fcd", "ab\x1fcd").casefold() in "\x1f".join(texts).casefold()

    assert ids(store, Where("text", "contains", term)) == [n for n, row in enumerate(ROWS) if fits(row)]


def test_one_of_several_texts_suffices(store: SqliteStorage) -> None:
    assert ids(store, Where("text", "contains", ["ada", "stras"])) == [0, 1]
    assert ids(store, Where("text", "contains", [])) == []


def test_texts_follow_changes(store: SqliteStorage) -> None:
    store.replace("people", "0", {"id": 0, "name": "Renamed", "nicks": [], "town": 1})
    store.delete("people", "1")
    assert ids(store, Where("text", "contains", "renamed")) == [0]
    assert ids(store, Where("text", "contains", "love")) == []
    assert ids(store, Where("text", "contains", "strasse")) == []


def test_a_text_that_many_have_is_found_like_a_rare_one() -> None:
    store = SqliteStorage()
    fill(store)
    with store.transaction():
        for number in range(100, 2600):
            store.insert("people", str(number), {"id": number, "name": f"Common {number}", "nicks": [], "town": 1})
    assert len(ids(store, Where("text", "contains", "COMMON"))) == 2500
    assert ids(store, Where("text", "contains", "common 2599"), *equal(town=1)) == [2599]
    store.close()


@pytest.mark.parametrize(
    ("value", "expected"), [("Countess", [0]), ("countess", []), (["100%", "cd"], [2, 4]), ([], []), ("", [])]
)
def test_an_entry_of_a_list_is_found(store: SqliteStorage, value: Any, expected: list[int]) -> None:
    assert ids(store, Where("nicks", "has", value)) == expected


def test_values_of_other_documents_are_looked_in(store: SqliteStorage) -> None:
    french = Select("towns", "id", equal(country="FR"))
    assert ids(store, Where("town", "in", french)) == [1, 3]
    assert ids(store, Where("town", "not in", french)) == [0, 2, 4]
    assert ids(store, Where("town", "in", Select("towns", "id"))) == [0, 1, 3]
    assert ids(store, Where("town", "not in", Select("towns", "id", equal(country="US")))) == [0, 1, 2, 3, 4]


def test_selections_can_hold_selections(store: SqliteStorage) -> None:
    inner = Select("people", "town", [Where("text", "contains", "lovelace")])
    assert ids(store, Where("town", "in", Select("towns", "id", [Where("id", "in", inner)]))) == [0]


def test_not_in_knows_null(store: SqliteStorage) -> None:
    assert ids(store, Where("town", "not in", [2, 12])) == [0, 2]
    assert ids(store, Where("town", "not in", [2, None])) == [0, 4]
    assert ids(store, Where("town", "not in", [])) == [0, 1, 2, 3, 4]


def test_documents_are_tallied_by_several_fields(store: SqliteStorage) -> None:
    assert store.tally("people", ["town"]) == {(1,): 1, (2,): 2, (None,): 1, (12,): 1}
    assert store.tally("people", ["town", "tall"], [Where("town", "in", [1, 2])]) == {
        (1, 1): 1,
        (2, 0): 1,
        (2, None): 1,
    }


@pytest.mark.parametrize(
    "where", [Where("name", "contains", "x"), Where("nobody", "=", 1), Where("town", "=", Select("towns", "id"))]
)
def test_a_condition_on_what_was_not_declared_is_refused(store: SqliteStorage, where: Where) -> None:
    with pytest.raises(ValueError, match=r"has no|only for in"):
        store.find("people", [where])


CHANGES: dict[str, Callable[[SqliteStorage], object]] = {
    "insert": lambda store: store.insert("towns", "4", {"id": 4, "country": "FR"}),
    "replace": lambda store: store.replace("towns", "1", {"id": 1, "country": "FR"}),
    "delete": lambda store: store.delete("towns", "2"),
    "clear": lambda store: store.clear(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_number_is_counted_anew_after_a_change(
    store: SqliteStorage, change: Callable[[SqliteStorage], object]
) -> None:
    french = equal(country="FR")
    through = [Where("town", "in", Select("towns", "id", french))]
    before = store.count("towns", french), store.count("people", through)
    change(store)
    after = len(store.find("towns", french)), len(store.find("people", through))
    assert (store.count("towns", french), store.count("people", through)) == after
    assert after != before


def add_and_fail(store: SqliteStorage) -> None:
    with store.transaction():
        store.insert("towns", "4", {"id": 4, "country": "FR"})
        assert store.count("towns", equal(country="FR")) == 3
        raise KeyError


def test_a_number_is_counted_anew_after_a_transaction_failed(store: SqliteStorage) -> None:
    with pytest.raises(KeyError):
        add_and_fail(store)
    assert store.count("towns", equal(country="FR")) == 2


def test_a_number_is_counted_anew_after_another_process_wrote(tmp_path: Path) -> None:
    first, second = (SqliteStorage(tmp_path / "world.db") for _ in range(2))
    fill(first)
    second.declare(TOWNS)
    assert [one.count("towns") for one in (first, second)] == [3, 3]
    second.insert("towns", "9", {"id": 9, "country": "DE"})
    assert first.count("towns") == 4
    first.close()
    second.close()
