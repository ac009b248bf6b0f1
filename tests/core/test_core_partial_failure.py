"""Bulk calls of an invented vendor: a success that lists failures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from assaykit.core.errors import ApiError, ConfigurationError, PartialFailure
from tests.core.support import Operation, Server

NAMED = {"items": "outcome.failed", "message": "outcome.why"}
REQUEST = {"method": "POST", "url": "/things/move"}


def read(response: httpx.Response) -> Any:
    return response.json()


def outcome(failed: object = (), why: object = "locked") -> dict[str, Any]:
    return {"id": "1", "outcome": {"failed": failed, "why": why}}


def call(document: object, named: Mapping[str, str] | None = None, **options: Any) -> Any:
    server = Server(answers=[httpx.Response(200, json=document)])
    with server.client(**options) as api:
        operation = Operation("things_move", partial_failure=NAMED if named is None else named)
        return api.session.caller.call(operation, dict(REQUEST), read)


def test_failures_are_raised_with_the_model_beside_them() -> None:
    with pytest.raises(PartialFailure) as caught:
        call(outcome(["a", "b"]))

    error = caught.value
    assert isinstance(error, ApiError)
    assert (error.failed, error.message, error.status) == (("a", "b"), "locked", 200)
    assert error.result == outcome(["a", "b"])
    assert str(error) == "acme things_move: 200: 2 failed, the rest is done: locked"


@pytest.mark.parametrize("document", [outcome([]), outcome(None), {"id": "1"}, {"outcome": "all moved"}, [1]])
def test_whole_success_is_a_success(document: object) -> None:
    assert call(document) == document


@pytest.mark.parametrize(("failed", "expected"), [("a", ("a",)), ({"a": 1}, ({"a": 1},)), (7, (7,))])
def test_failure_in_another_form_is_not_overlooked(failed: object, expected: tuple[object, ...]) -> None:
    with pytest.raises(PartialFailure) as caught:
        call(outcome(failed))

    assert caught.value.failed == expected


@pytest.mark.parametrize(("named", "why"), [({"items": "outcome.failed"}, "locked"), (NAMED, None), (NAMED, ["x"])])
def test_message_is_a_text_that_the_vendor_names(named: Mapping[str, str], why: object) -> None:
    with pytest.raises(PartialFailure, match=r"1 failed, the rest is done$") as caught:
        call(outcome([1], why), named)

    assert caught.value.message == ""


def test_failures_are_returned_by_choice_of_client_or_clone() -> None:
    document = outcome(["a"])
    assert call(document, on_partial="return") == document
    server = Server(answers=[httpx.Response(200, json=document)] * 3)
    operation = Operation("things_move", partial_failure=NAMED)
    with server.client(on_partial="return") as api:
        strict = api.with_options(on_partial="raise")
        with pytest.raises(PartialFailure):
            strict.session.caller.call(operation, dict(REQUEST), read)
        with pytest.raises(PartialFailure):
            strict.with_options(timeout=9.0).session.caller.call(operation, dict(REQUEST), read)
        assert api.with_options(timeout=9.0).session.caller.call(operation, dict(REQUEST), read) == document


@pytest.mark.anyio
async def test_failures_are_raised_or_returned_async() -> None:
    server = Server(answers=[httpx.Response(200, json=outcome(["a"]))] * 2)
    operation = Operation("things_move", partial_failure=NAMED)
    async with server.async_client() as api:
        with pytest.raises(PartialFailure):
            await api.session.caller.call(operation, dict(REQUEST), read)
        returned = await api.with_options(on_partial="return").session.caller.call(operation, dict(REQUEST), read)
    assert json.dumps(returned) == json.dumps(outcome(["a"]))


def test_other_choices_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="on_partial: 'log' is not known; give 'raise' or 'return'"):
        call(outcome(), on_partial="log")
