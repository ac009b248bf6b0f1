"""Errors: Talview's error object, its list of fields, and whatever else may come."""

from __future__ import annotations

import pickle

import httpx
import pytest

import assaykit
from assaykit import talview
from assaykit.talview.errors import read_error
from tests.talview.support import DOCUMENT, Server, error

BLANK = {"field": "email", "message": "Email cannot be blank."}
TAKEN = {"field": "external_id", "message": "External ID has already been taken."}


def refusal(body: object, status: int = 403) -> assaykit.ApiError:
    server = Server()
    server.answers["/models/candidate"] = (
        httpx.Response(status, content=body) if isinstance(body, bytes) else httpx.Response(status, json=body)
    )
    with server.client(max_retries=0) as api, pytest.raises(assaykit.ApiError) as caught:
        api.candidates.create(body=talview.models.NewCandidate(email="ada.sample@example.com"))
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, assaykit.ValidationFailed),
        (401, assaykit.AuthenticationError),
        (403, assaykit.PermissionDenied),
        (404, assaykit.NotFound),
        (405, assaykit.ApiError),
        (413, assaykit.ApiError),
        (415, assaykit.ApiError),
        (429, assaykit.RateLimited),
        (500, assaykit.ServerError),
    ],
)
def test_error_object_has_the_class_of_its_cause(status: int, kind: type[assaykit.ApiError]) -> None:
    told = refusal({"name": "The name", "message": "The message.", "code": 0, "status": status}, status)

    assert type(told) is kind
    assert (told.status, told.code, told.message) == (status, None, "The message.")
    assert str(told) == f"talview candidates_create: {status}: The message."


def test_every_error_of_the_specification_is_read() -> None:
    kinds = {name: response for name, response in DOCUMENT["components"]["responses"].items() if "content" in response}
    assert {"BadRequest", "Unauthorized", "Forbidden", "NotFound", "ValidationFailed", "TooManyRequests"} <= set(kinds)
    for name, response in kinds.items():
        for sample in response["content"]["application/json"]["examples"].values():
            told = read_error(httpx.Response(400, json=sample["value"]))
            assert told.message, name
            assert bool(told.fields) is (name == "ValidationFailed")
            assert told.code is None


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({"name": "Forbidden", "message": "No.", "code": 7, "status": 403}, "7", "No."),
        ({"name": "Forbidden", "message": "No.", "code": "E7"}, "E7", "No."),
        ({"name": "Forbidden", "message": "No.", "code": "0"}, None, "No."),
        ({"name": "Forbidden", "message": "No.", "code": True}, None, "No."),
        ({"name": "Forbidden", "message": "No.", "code": None}, None, "No."),
        ({"name": "Forbidden", "message": "", "code": 0}, None, "Forbidden"),
        ({"name": "Forbidden", "message": None}, None, "Forbidden"),
        ({"name": "Forbidden", "message": [5]}, None, "Forbidden"),
        ({"name": "Forbidden", "message": "No.", "type": "yii\\web\\ForbiddenHttpException"}, None, "No."),
        ({"name": 5, "message": "No."}, "5", "No."),
        ({"message": "No."}, None, "No."),
        ({"error": "access_denied", "error_description": "No."}, "access_denied", "No."),
        ([], None, "Forbidden"),
        ([5, None, {"field": 5, "message": "No."}, {"field": "email"}], None, "Forbidden"),
        (b'"text"', None, "Forbidden"),
        (b"<html>", None, "Forbidden"),
        (b"", None, "Forbidden"),
        (b"[" * 100_000, None, "Forbidden"),
    ],
)
def test_error_body_is_read_as_far_as_it_goes(body: object, code: str | None, message: str) -> None:
    told = refusal(body)

    assert (told.code, told.message) == (code, message)


def test_list_of_fields_is_a_failed_validation() -> None:
    told = refusal([BLANK, TAKEN], 422)

    assert isinstance(told, assaykit.ValidationFailed)
    assert told.fields == (
        assaykit.FieldError("email", "Email cannot be blank."),
        assaykit.FieldError("external_id", "External ID has already been taken."),
    )
    assert str(told) == (
        "talview candidates_create: 422: email: Email cannot be blank.; "
        "external_id: External ID has already been taken."
    )
    assert pickle.loads(pickle.dumps(told)).fields == told.fields


def test_items_of_the_list_that_do_not_fit_do_not_cost_the_others() -> None:
    told = refusal([None, {"field": None, "message": "x"}, BLANK | {"code": 5}], 422)

    assert isinstance(told, assaykit.ValidationFailed)
    assert told.fields == (assaykit.FieldError("email", "Email cannot be blank."),)


@pytest.mark.anyio
async def test_list_of_fields_async() -> None:
    server = Server()
    server.answers["/models/candidate"] = httpx.Response(422, json=[BLANK])
    async with server.async_client() as api:
        with pytest.raises(assaykit.ValidationFailed, match="email: Email cannot be blank") as caught:
            await api.candidates.create(body=talview.models.NewCandidate(email=""))

    assert caught.value.fields == (assaykit.FieldError("email", "Email cannot be blank."),)


def test_too_many_requests_are_repeated_when_the_vendor_says_when() -> None:
    server = Server()
    slow = error(429, "Too Many Requests", "Rate limit exceeded.")
    slow.headers["Retry-After"] = "7"
    answers = [slow, server.page(1, 20)]
    server.answers["/models/candidate"] = lambda _: answers.pop(0)
    with server.client() as api:
        assert len(api.candidates.list()) == 20

    assert server.clock.slept == [7.0]


def test_too_many_requests_that_stay_say_when_to_come_again() -> None:
    server = Server()
    slow = error(429, "Too Many Requests", "Rate limit exceeded.")
    slow.headers["Retry-After"] = "600"
    server.answers["/models/candidate"] = slow
    with server.client() as api, pytest.raises(assaykit.RateLimited) as caught:
        api.candidates.list()

    assert caught.value.retry_after == 600.0


def test_body_that_was_not_read_is_no_error_of_its_own() -> None:
    assert read_error(httpx.Response(403, stream=httpx.ByteStream(b"{}"))).code is None
