"""Enumerations stay open: a value that is not listed is kept."""

from __future__ import annotations

import copy
import pickle

import pytest

from tests.sdkgen.golden.generated.example_client.models import Level, State


def test_listed_values_are_members() -> None:
    assert State.from_wire("a_b") is State.A_LINE_B
    assert State("open") is State.OPEN
    assert Level.from_wire(-1) is Level.UNKNOWN
    assert Level.from_wire("1") is Level.HIGH
    assert Level.from_wire(1.0) is Level.HIGH
    assert State.OPEN.is_known
    assert Level.NONE.is_known
    assert f"{State.OPEN} {Level.HIGH}" == "open 1"


@pytest.mark.parametrize("value", ["closed", "", "OPEN", 5, None])
def test_other_values_are_kept_by_text_enumerations(value: str | int | None) -> None:
    member = State.from_wire(value)

    assert value == member.value
    assert not member.is_known
    assert member not in list(State)
    assert member == State.from_wire(value)
    assert repr(value) in repr(member)


@pytest.mark.parametrize("value", [7, "seven", None, 1.5])
def test_other_values_are_kept_by_number_enumerations(value: object) -> None:
    member = Level.from_wire(value)

    assert value == member.value
    assert not member.is_known
    assert member != Level.NONE
    assert member == Level.from_wire(value)
    assert hash(member) == hash(Level.from_wire(value))
    assert repr(value) in repr(member)


@pytest.mark.parametrize("member", [State.OPEN, State.from_wire("new"), Level.HIGH, Level.from_wire(9)])
def test_copies_are_equal(member: State | Level) -> None:
    for twin in (copy.copy(member), copy.deepcopy(member), pickle.loads(pickle.dumps(member))):
        assert member == twin
        assert member.value == twin.value
        assert member.is_known == twin.is_known


def test_a_structure_is_no_value() -> None:
    structures: list[object] = [[], {}]
    for value in structures:
        with pytest.raises((ValueError, TypeError)):
            State.from_wire(value)
        with pytest.raises((ValueError, TypeError)):
            Level.from_wire(value)


def test_members_compare_with_plain_values() -> None:
    opened: str = State.OPEN
    assert opened == "open"
    assert State.from_wire("new") == "new"
    assert Level.HIGH == 1
    assert Level.from_wire(5) > Level.HIGH
