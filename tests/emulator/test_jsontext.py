"""Strict JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assaykit.emulator.engine.jsontext import MAX_DEPTH, MalformedJSON, dumps, loads

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(JSON)
def test_every_value_comes_back(value: object) -> None:
    assert loads(dumps(value)) == value
    assert loads(json.dumps(value).encode()) == value


@given(st.binary(max_size=40))
def test_nothing_but_json_is_accepted_and_nothing_crashes(data: bytes) -> None:
    try:
        value = loads(data)
    except MalformedJSON:
        return
    assert json.loads(data) == value


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"1e400",
        b"1" * 5000,
        b"[123456789012345678901, 1e400]",
        b"[123456789012345678901, NaN]",
        b'["123456789012345678901", "\\ud800"]',
        b'"\\ud800"',
        b'"\\ud800\\ud800"',
        b'"\xff"',
        b"\xef\xbb\xbf1",
        b"[1,]",
        b"01",
        b"+1",
        b".5",
        b'"\t"',
        b"'a'",
        b"[" * 100_000,
    ],
)
def test_what_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedJSON):
        loads(text)


def test_depth_is_counted_outside_of_strings() -> None:
    assert loads(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    with pytest.raises(MalformedJSON, match="deep"):
        loads(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))
    assert loads(b'["' + b"[{" * 200 + b'\\"[[", 1]')[1] == 1
    assert len(loads(b"[" + b",".join([b"[]"] * 500) + b"]")) == 500


def test_the_last_of_two_members_wins() -> None:
    assert loads(b'{"a": 1, "a": 2}') == {"a": 2}
