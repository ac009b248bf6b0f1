"""Generated models read and write JSON, tolerantly in values and strictly in structure."""

from __future__ import annotations

import copy
import datetime
import json
import pickle
from typing import Any, cast

import pytest

from tests.sdkgen.golden.generated.example_client import models
from tests.sdkgen.golden.generated.example_client.dates import DateTime, UnparsedDateTime
from tests.sdkgen.golden.generated.example_client.errors import ResponseDecodeError
from tests.sdkgen.golden.generated.example_client.types import UNSET, Unset

FULL: dict[str, Any] = {
    "id": "not-a-uuid",
    "kind": "box",
    "state": "a-b",
    "level": 1,
    "owner": {"name": "Ada", "since": "2018-11-13T12:18:49.7233333Z"},
    "due": "2020-5-3",
    "changed": "2020-05-23 00:54:00",
    "visits": ["2021-06-7 00:00:00", "", 1590195240],
    "pet": {"species": "dog", "tricks": ["sit"]},
    "price": "on request",
    "grid": [[{"name": "Bob"}], []],
    "children": [{"id": "i2", "kind": "box"}],
    "size": {"width": 1.5, "unit": "m"},
    "labels": {"lender": {"name": "Cy"}},
    "to_dict": "a",
    "cls": "b",
    "class": "c",
    "anything": [1, {"two": None}],
    "unknown": {"kept": True},
}


def test_everything_goes_back_as_it_came() -> None:
    item = models.Item.from_dict(FULL)

    assert item.to_dict() == FULL
    assert json.loads(json.dumps(item.to_dict())) == FULL


def test_values_are_typed() -> None:
    item = models.Item.from_dict(FULL)

    assert item.state is models.State.A_DASH_B
    assert item.level is models.Level.HIGH
    assert isinstance(item.owner, models.Owner)
    assert isinstance(item.due, datetime.date)
    assert (item.due.year, item.due.month, item.due.day) == (2020, 5, 3)
    assert isinstance(item.pet, models.Dog)
    assert isinstance(item.visits, list)
    assert isinstance(item.visits[0], DateTime)
    assert item.visits[1] == UnparsedDateTime("")
    assert isinstance(item.grid, list)
    assert item.grid[0][0].name == "Bob"
    assert isinstance(item.labels, models.ItemLabels)
    assert item.labels["lender"].name == "Cy"
    assert item.to_dict_ == "a"
    assert item.additional_keys == ["unknown"]
    assert item["unknown"] == {"kept": True}


def test_what_is_absent_stays_absent() -> None:
    item = models.Item.from_dict({"id": "i1", "kind": "box"})

    assert item.owner is UNSET
    assert item.to_dict() == {"id": "i1", "kind": "box"}


def test_null_is_kept_where_it_is_allowed_and_never_refused() -> None:
    nulls = dict.fromkeys(FULL, None) | {"id": "i1", "kind": "box", "unknown": None}
    item = models.Item.from_dict(nulls)

    assert (item.level, item.owner, item.due, item.anything) == (None, None, None, None)
    assert item.state is UNSET
    assert item.children is UNSET
    allowed = {"id": "i1", "kind": "box", "level": None, "owner": None, "due": None, "anything": None, "unknown": None}
    assert allowed == item.to_dict()


def test_scalars_of_another_type_pass() -> None:
    item = models.Item.from_dict({"id": 7, "kind": "crate", "level": "1", "state": "new", "due": True})

    assert item.to_dict() == {"id": 7, "kind": "crate", "level": 1, "state": "new", "due": True}
    assert item.level is models.Level.HIGH


@pytest.mark.parametrize(
    ("value", "path", "reason"),
    [
        ({"items": [{"id": "i1", "kind": "box"}, {"id": "i2"}]}, ("items", 1, "kind"), "a required field is missing"),
        ({"items": {}}, ("items",), "a list is expected, not object"),
        ({"items": None}, ("items",), "a list is expected, not null"),
        ({}, ("items",), "a required field is missing"),
        ([], (), "an object is expected, not list"),
        (None, (), "an object is expected, not null"),
        ("text", (), "an object is expected, not string"),
        ({"items": ["text"]}, ("items", 0), "an object is expected, not string"),
        ({"items": [{**FULL, "owner": 5}]}, ("items", 0, "owner"), "an object is expected, not number"),
        ({"items": [{**FULL, "grid": [[], [{"name": "a"}, None]]}]}, ("items", 0, "grid", 1, 1), "not null"),
        ({"items": [{**FULL, "labels": {"lender": []}}]}, ("items", 0, "labels", "lender"), "not list"),
        ({"items": [{**FULL, "pet": {"species": "cat"}}]}, ("items", 0, "pet", "lives"), "missing"),
        ({"items": [{**FULL, "pet": {"species": "fish"}}]}, ("items", 0, "pet", "species"), "none of Cat, Dog"),
        ({"items": [{**FULL, "changed": []}]}, ("items", 0, "changed"), "a date-time is expected"),
        ({"items": [{**FULL, "state": {}}]}, ("items", 0, "state"), ""),
        ({"items": [{**FULL, "children": [{**FULL, "size": {}}]}]}, ("items", 0, "children", 0, "size", "width"), ""),
    ],
)
def test_a_misfit_is_named_by_its_path(value: Any, path: tuple[str | int, ...], reason: str) -> None:
    with pytest.raises(ResponseDecodeError) as caught:
        models.ItemPage.from_dict(value)

    assert path == caught.value.path
    assert reason in caught.value.reason
    assert caught.value.__suppress_context__


def test_a_bad_date_never_costs_a_page() -> None:
    page = models.ItemPage.from_dict({"items": [{**FULL, "changed": "0000-00-00 00:00:00"}] * 3})

    assert [UnparsedDateTime("0000-00-00 00:00:00")] * 3 == [item.changed for item in page.items]


def test_inherited_and_own_fields_of_allof() -> None:
    item = models.DetailedItem.from_dict({"id": "i1", "kind": "box", "detail": "x", "changed": "2020-05-23 00:54:00"})
    item.seen = datetime.datetime(2020, 5, 23, 0, 54, 0, 123456, tzinfo=datetime.UTC)
    item.changed = datetime.datetime(2021, 1, 2, 3, 4, 5)

    assert item.to_dict()["changed"] == "2021-01-02 03:04:05"
    assert item.to_dict()["seen"] == "2020-05-23T00:54:00.123456Z"


def test_defaults_are_sent_unless_taken_away() -> None:
    assert models.NewItem(name="Box").to_dict() == {"name": "Box", "state": "open"}
    assert models.NewItem(name="Box", state=UNSET).to_dict() == {"name": "Box"}


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda item: pickle.loads(pickle.dumps(item))])
def test_copies_are_equal_and_write_the_same(duplicate: Any) -> None:
    item = models.Item.from_dict({**FULL, "state": "never-heard-of"})
    twin = duplicate(item)

    assert item == twin
    assert item.to_dict() == twin.to_dict()
    assert duplicate(models.Item(id="i", kind="box")).owner is UNSET


def test_unset_is_one_of_a_kind_and_false() -> None:
    assert Unset() is UNSET
    assert pickle.loads(pickle.dumps(UNSET)) is UNSET
    assert not UNSET
    assert repr(UNSET) == "UNSET"


def test_a_constant_need_not_be_stated() -> None:
    assert models.Cat(9).to_dict() == {"species": "cat", "lives": 9}
    assert models.Item("i1").kind == "box"
    assert models.DetailedItem("i1", "x").to_dict() == {"id": "i1", "kind": "box", "detail": "x"}
    assert models.Cat(9, species="cat") == models.Cat.from_dict({"species": "cat", "lives": 9})


def test_a_constant_takes_no_place_among_the_arguments() -> None:
    owner = models.Owner("Ada")
    item = models.Item("i1", models.State.OPEN, None, owner)

    assert (item.state, item.level, item.owner) == (models.State.OPEN, None, owner)
    with pytest.raises(TypeError, match="positional"):
        cast(Any, models.Cat)("cat", 9)


def test_a_constant_that_is_not_received_is_still_missed() -> None:
    with pytest.raises(ResponseDecodeError, match="species: a required field is missing"):
        models.Cat.from_dict({"lives": 9})


def test_secrets_are_not_shown() -> None:
    credentials = models.Credentials(user="ada", password="hidden-thing")

    assert "ada" in repr(credentials)
    assert "hidden-thing" not in repr(credentials)
    assert credentials.to_dict()["password"] == "hidden-thing"


def test_models_that_are_not_there_are_refused() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = getattr(models, "Nothing")  # noqa: B009  # the type checker would refuse models.Nothing, rightly
    assert set(models.__all__) <= set(dir(models))
