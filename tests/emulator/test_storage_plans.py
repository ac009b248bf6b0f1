"""Storage: what is found, listed and counted does not depend on how SQLite is asked for it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assaykit.emulator.engine import sqlite_plans, storage_sqlite
from assaykit.emulator.engine.storage import Collection, Document, Select, Where
from assaykit.emulator.engine.storage_sqlite import SqliteStorage
from tests.emulator.explaining import Asked, steps

TAIL = ("owner", "gone")
FIELDS: dict[str, type] = {"id": int, "owner": int, "gone": bool, "kind": int, "name": str, "at": str, "other": int}
THINGS, OTHERS = (
    Collection(
        name,
        FIELDS,
        unique=("id",),
        compound=tuple((field, *(part for part in TAIL if part != field), "id") for field in ("owner", "kind", "name")),
        searches={"s": ("name", "at")},
        tallies=(TAIL, ("kind", *TAIL), ("kind", "other", *TAIL)),
    )
    for name in ("things", "others")
)
KINDS, NAMES, TIMES = (None, 1, 2, 3), (None, "ab", "abc", "Bcd", "b"), (None, "2026-01", "2026-02", "2026-03")
DOCUMENTS = st.fixed_dictionaries(
    {
        "owner": st.sampled_from((None, 1, 2)),
        "gone": st.booleans(),
        "kind": st.sampled_from(KINDS),
        "name": st.sampled_from(NAMES),
        "at": st.sampled_from(TIMES),
        "other": st.one_of(st.none(), st.integers(0, 12)),
    }
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "id": st.integers(0, 12),
    "owner": st.sampled_from((None, 1, 2)),
    "gone": st.booleans(),
    "kind": st.sampled_from(KINDS),
    "name": st.sampled_from(NAMES),
    "at": st.sampled_from(TIMES),
    "other": st.integers(0, 12),
}
ORDERINGS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
TERMS = st.sampled_from(("b", "bc", "ABC", "2026-01", "", "zz"))
ORDERS = st.sampled_from((("id",), ("-id",), ("at", "id"), ("-kind", "id"), ("owner", "-id"), ("name", "-at"), ()))


def _conditions(depth: int = 0) -> st.SearchStrategy[Where]:
    def compared(field: str) -> st.SearchStrategy[Where]:
        value = VALUES[field]
        operators = st.sampled_from(("=", "!=", "<", "<=", ">", ">="))
        lists = st.lists(value, max_size=5)
        return st.one_of(
            st.builds(Where, st.just(field), operators, value),
            st.builds(Where, st.just(field), st.sampled_from(("in", "not in")), lists),
        )

    options = [compared(field) for field in FIELDS]
    options.append(st.builds(Where, st.just("s"), st.just("contains"), st.one_of(TERMS, st.lists(TERMS, max_size=2))))
    if depth == 0:
        inner = st.lists(_conditions(1), max_size=2)
        selects = st.builds(Select, st.sampled_from(("things", "others")), st.sampled_from(("id", "other")), inner)
        link = st.sampled_from(("id", "other"))
        options.append(st.builds(Where, link, st.sampled_from(("in", "not in")), selects))
    return st.one_of(options)


class Model:
    """The same documents as plain dictionaries, in the order in which they were put in."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Document]] = {"things": [], "others": []}

    def find(self, collection: str, where: Sequence[Where]) -> list[Document]:
        return [row for row in self.rows[collection] if all(self._meets(row, one) for one in where)]

    def _meets(self, row: Document, one: Where) -> bool:
        if one.operator == "contains":
            terms: Any = [one.value] if isinstance(one.value, str) else one.value
            text = "\x1f".join(row[field] or "" for field in ("name", "at")).casefold()
            return any(term.casefold() in text for term in terms)
        value = row[one.field]
        wanted: Any = one.value
        if one.operator in ("in", "not in"):
            options = wanted
            if isinstance(wanted, Select):
                found = [other[wanted.field] for other in self.find(wanted.collection, wanted.where)]
                options = [one for one in found if one is not None]
            return (value in options) == (one.operator == "in")
        if one.operator in ("=", "!="):
            return bool((value == wanted) == (one.operator == "="))
        if value is None or wanted is None:
            return False
        return bool(ORDERINGS[one.operator](value, wanted))


def _sorted(rows: list[Document], order: Sequence[str]) -> list[Document]:
    for name in reversed(order):
        field = name.removeprefix("-")
        known = sorted({row[field] for row in rows if row[field] is not None})
        place = {None: -1} | {value: number for number, value in enumerate(known)}
        sign = -1 if name.startswith("-") else 1
        rows = sorted(rows, key=lambda row: sign * place[row[field]])
    return rows


@pytest.fixture(scope="module", params=[1, 4, 2000], ids="few={}".format)
def store(request: pytest.FixtureRequest) -> Iterator[SqliteStorage]:
    """Return a storage that takes so many documents for few: each way of asking is taken with a handful of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite_plans, "FEW", request.param)
        patch.setattr(storage_sqlite, "FEW", request.param)
        made = SqliteStorage()
        made.declare(THINGS)
        made.declare(OTHERS)
        yield made
        made.close()


def _write(store: SqliteStorage, model: Model, collection: str, number: int, values: Document) -> None:
    """Put a document in, in place of the one with its number if there is one that differs, or away if there is none."""
    rows, document = model.rows[collection], {"id": number, **values}
    place = next((place for place, row in enumerate(rows) if row["id"] == number), None)
    if place is None:
        store.insert(collection, str(number), document)
        rows.append(document)
    elif rows[place] == document:
        store.delete(collection, str(number))
        del rows[place]
    else:
        store.replace(collection, str(number), document)
        rows[place] = document


WRITES = st.lists(st.tuples(st.sampled_from(("things", "others")), st.integers(0, 12), DOCUMENTS), max_size=30)


class Undone(Exception):
    """Ends a transaction that is to leave nothing."""


def _write_and_fail(store: SqliteStorage, model: Model, writes: Any) -> None:
    with store.transaction():
        for write in writes:
            _write(store, model, *write)
        raise Undone


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(
    kept=WRITES,
    undone=WRITES,
    later=WRITES,
    queries=st.lists(
        st.tuples(st.lists(_conditions(), max_size=3), ORDERS, st.integers(0, 4), st.integers(0, 3)),
        min_size=1,
        max_size=5,
    ),
    groups=st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=3, unique=True),
)
def test_the_way_of_asking_changes_no_answer(
    store: SqliteStorage, kept: Any, undone: Any, later: Any, queries: Any, groups: list[str]
) -> None:
    store.clear()
    model, lost = Model(), Model()
    with store.transaction():
        for write in kept:
            _write(store, model, *write)
    writes: Any
    for writes in (later, undone, []):
        for where, order, limit, offset in queries:
            expected = _sorted(model.find("things", where), order)
            assert store.find("things", where, order=order) == expected
            assert store.find("things", where, order=order, limit=limit, offset=offset) == expected[offset:][:limit]
            assert store.count("things", where) == len(expected)
            tally: dict[Any, int] = {}
            for row in expected:
                key = tuple(row[field] for field in groups)
                tally[key] = tally.get(key, 0) + 1
            assert store.tally("things", groups, where) == tally
        if writes is undone:
            lost.rows = {name: list(rows) for name, rows in model.rows.items()}
            with pytest.raises(Undone):
                _write_and_fail(store, lost, undone)
        else:
            for write in writes:
                _write(store, model, *write)


@pytest.mark.parametrize("operator_", ["in", "not in"])
def test_a_number_follows_what_it_selects_from(store: SqliteStorage, operator_: Any) -> None:
    def made(number: int, name: str) -> Document:
        return {"id": number, "owner": 1, "gone": False, "kind": 1, "name": name, "at": None, "other": number % 3}

    store.clear()
    for number in range(12):
        store.insert("things", str(number), made(number, "ab"))
    where = [Where("id", operator_, Select("others", "id", [Where("s", "contains", "abc")]))]
    changes: list[Callable[[], object]] = [
        lambda: store.insert("others", "1", made(1, "abc")),
        lambda: store.insert("others", "0", made(0, "xabcx")),
        lambda: store.replace("others", "1", made(2, "abc")),
        lambda: store.insert("things", "20", made(20, "ab")),
        lambda: store.replace("others", "0", made(0, "b")),
        lambda: store.delete("things", "2"),
        lambda: store.delete("others", "1"),
    ]
    numbers = []
    for change in changes:
        change()
        assert store.count("things", where) == len(store.find("things", where))
        numbers.append(store.count("things", where))
    assert len(set(numbers)) > 2


@pytest.mark.parametrize("order", [("-id",), ("id",), ("name", "id")])
def test_documents_of_several_owners_are_listed_without_sorting_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, order: tuple[str, ...]
) -> None:
    asked, path = Asked(monkeypatch), tmp_path / "world.db"
    store = SqliteStorage(path)
    store.declare(THINGS)
    rows: list[Document] = []
    with store.transaction():
        for number in range(2500):
            owner = (None, 1, 2)[number % 3]
            values = {"owner": owner, "gone": False, "kind": None, "name": f"n{number % 7}", "at": None, "other": None}
            rows.append({"id": number, **values})
            store.insert("things", str(number), rows[-1])
    seen = [row for row in rows if row["owner"] in (None, 1)]
    where = [Where("owner", "in", (None, 1)), Where("gone", "=", False)]
    assert store.find("things", where, order=order, limit=7, offset=3) == _sorted(seen, order)[3:10]
    if "name" not in order:
        [statement] = asked.listings
        assert not [step for step in steps(path, statement) if "TEMP B-TREE" in step or step.startswith("SCAN")]
    store.close()
