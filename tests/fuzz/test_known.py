"""Values that exist are found by the declarations of an emulator, and by facts where these say nothing."""

from dataclasses import replace
from typing import Any

import pytest

from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.vendor import Vendor
from assaykit.emulator.engine.worlds import State
from scripts.fuzz.known import Known, facts_of, known
from scripts.fuzz.spec import operations
from tests.emulator.library import MINE, OTHER, TABLE, document, library

ACCOUNT = {"account": {"owner": MINE, "kept": {"authors": [9]}}}


def _seed(state: State) -> None:
    records = resources_of(state).records
    records.seed(state, "libraries", {"id": MINE, "name": "Mine"}, {"id": OTHER, "name": "Other"})
    mine, other = {"library_id": MINE}, {"library_id": OTHER}
    authors: list[dict[str, Any]] = [{"id": number, "name": f"Author {number}", **mine} for number in (1, 2, 3, 4, 9)]
    records.seed(state, "authors", *authors, {"id": 50, "name": "Elsewhere", **other})
    books = [(21, 1), (22, 1), (23, 2), (24, 4)]
    records.seed(state, "books", *({"id": number, "title": "T", "author_id": who, **mine} for number, who in books))
    records.seed(state, "reviews", *({"id": number, "book_id": 21, "text": "Good", **mine} for number in (31, 32)))


def _found(vendor: Vendor | None = None, **more: Any) -> Known:
    spec = document()
    for _, _, definition in operations(spec):
        definition["tags"] = [definition["operationId"].rpartition("_")[0]]
    emulator = Emulator([vendor or replace(library(), seed=_seed)])
    return known(emulator, "library", spec, {**ACCOUNT, **more})


@pytest.fixture(scope="module")
def found() -> Known:
    return _found()


def test_ids_are_those_that_the_account_sees_and_may_name(found: Known) -> None:
    named = found.parameters["authors_get"]["path.id"] + found.parameters["authors_delete"]["path.id"]

    assert sorted(named) == [1, 2, 3, 4]


def test_what_is_deleted_takes_least_along_and_is_not_read(found: Known) -> None:
    assert found.parameters["authors_get"]["path.id"] == [1, 2]  # that with two books and their reviews comes first
    assert found.parameters["authors_delete"]["path.id"] == [4, 3]


def test_what_belongs_to_something_that_is_deleted_is_not_deleted_itself(found: Known) -> None:
    deleted = found.parameters["books_delete"]["path.id"] + found.parameters["admin_books_delete"]["path.id"]

    assert 24 not in deleted
    assert 24 in found.parameters["books_get"]["path.id"]


def test_two_resources_of_one_kind_share_what_is_deleted() -> None:
    found = _found(vendor=replace(library(), seed=_seed_more))

    plain, admin = (found.parameters[f"{tag}_delete"]["path.id"] for tag in ("books", "admin_books"))
    assert plain
    assert admin
    assert not set(plain) & set(admin)


def _seed_more(state: State) -> None:
    _seed(state)
    books = [{"id": number, "title": "T", "author_id": 1, "library_id": MINE} for number in range(60, 70)]
    resources_of(state).records.seed(state, "books", *books)


def test_a_parent_in_a_path_is_the_one_whose_children_are_named(found: Known) -> None:
    assert found.parameters["admin_books_get"]["path.lid"] == [MINE]


def test_fields_that_refer_get_ids_of_what_they_refer_to(found: Known) -> None:
    assert found.bodies["books_create"]["author_id"] == [1, 2]


def test_only_what_everybody_sees_without_condition_is_shared() -> None:
    changed: dict[str, dict[str, Any]] = {
        "reviews": {"scope": "all"},
        "books": {"scope": "all", "visible": lambda _: []},
    }
    table = [replace(resource, **changed.get(resource.tag, {})) for resource in TABLE]

    found = _found(vendor=replace(library(table), seed=_seed))

    assert {"reviews_get", "reviews_list"} <= found.shared
    assert not found.shared & {"books_get", "authors_get", "libraries_get"}


def test_what_a_fact_calls_shared_is_shared() -> None:
    assert "authors_get" in _found(shared={"authors_get": "everybody's"}).shared


def test_unique_fields_are_told(found: Known) -> None:
    assert found.unique["authors_create"] == ["email", "external_id"]
    assert found.unique["books_create"] == []


def test_the_narrowest_fact_counts_before_any_declaration() -> None:
    kinds = {"id": "reviews", "books_get:id": "authors", "author_id": ""}
    found = _found(kinds=kinds, values={"books_list:title": ["T"], "reviews:id": [32], "books:pages": [7]})

    assert found.parameters["books_get"]["path.id"] == [1, 2]
    assert found.parameters["authors_get"]["path.id"] == [31]
    assert found.parameters["reviews_get"]["path.id"] == [32]
    assert found.parameters["books_list"]["query.title"] == ["T"]
    assert "author_id" not in found.bodies["books_create"]


def test_without_an_account_only_queries_are_narrowed() -> None:
    assert known(Emulator([library()]), "library", document(), {"query": {"a": [1]}}) == Known(queries={"a": [1]})


def test_a_fact_about_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError, match="writers"):
        _found(kinds={"books_get:id": "writers"})


def test_a_fact_about_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="books_get:number is asked for by nothing"):
        _found(values={"books_get:number": [1]})
    with pytest.raises(ValueError, match="writers_get is asked for by nothing"):
        _found(shared={"writers_get": "everybody's"})


def test_the_table_of_facts_knows_its_vendors() -> None:
    assert facts_of("podium")["query"]
    assert facts_of("nobody") == {}
