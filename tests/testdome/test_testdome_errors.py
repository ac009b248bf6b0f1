"""Errors: nested codes down to the innermost known one, both spellings, classes of their cause."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import assaykit
from assaykit.testdome.errors import KNOWN_CODES, read_error
from tests.testdome.support import DOCUMENT, TEST, Server, example, invitation


def codes_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("code"), str):
            yield value["code"]
        for inner in value.values():
            yield from codes_in(inner)


def nested(*codes: str, spelling: str = "innerError", **innermost: object) -> dict[str, Any]:
    """An error body with one code in the other."""
    *outer, last = codes
    error: dict[str, Any] = {"code": last, "message": f"about {last}"} | innermost
    for code in reversed(outer):
        error = {"code": code, "message": f"about {code}", spelling: error}
    return {"error": error}


def refusal(body: object, status: int = 403) -> assaykit.ApiError:
    server = Server()
    server.answers["/v3/accounts/current/plan"] = (
        httpx.Response(status, content=body) if isinstance(body, bytes) else httpx.Response(status, json=body)
    )
    with server.client() as api, pytest.raises(assaykit.ApiError) as caught:
        api.plans.get_current()
    return caught.value


def test_known_codes_are_those_of_the_specification() -> None:
    examples = DOCUMENT["components"]["examples"].values()

    assert {code for entry in examples for code in codes_in(entry["value"])} == KNOWN_CODES


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        (("forbidden", "planNotAuthorized"), "planNotAuthorized"),
        (("forbidden",), "forbidden"),
        (("forbidden", "brandNew"), "forbidden"),
        (("forbidden", "planNotAuthorized", "brandNew", "newer"), "planNotAuthorized"),
        (("brandNew", "forbidden", "newer"), "forbidden"),
        (("brandNew", "newer"), "brandNew"),
        (("forbidden", *("new",) * 200), "forbidden"),
    ],
)
@pytest.mark.parametrize("spelling", ["innerError", "innererror", "InnerError"])
def test_code_is_the_innermost_known_one(codes: tuple[str, ...], code: str, spelling: str) -> None:
    error = refusal(nested(*codes, spelling=spelling))

    assert type(error) is assaykit.PermissionDenied
    assert error.code == code
    assert [cause.code for cause in error.causes] == list(codes)
    assert error.causes[0] == assaykit.ErrorCause(codes[0], f"about {codes[0]}")
    assert error.message == f"about {codes[-1]}"
    assert str(error) == f"testdome plans_get_current: 403 {code}: about {codes[-1]}"


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (nested("forbidden", "planNotAuthorized", message=None), "planNotAuthorized", "about forbidden"),
        (nested("forbidden", "planNotAuthorized", message=5), "planNotAuthorized", "about forbidden"),
        ({"code": "forbidden", "innerError": {"code": "planNotAuthorized"}}, "planNotAuthorized", "Forbidden"),
        ({"error": {"message": "m", "innererror": {"code": "planNotAuthorized"}}}, "planNotAuthorized", "Forbidden"),
        ({"error": {"code": "forbidden", "innerError": None}}, "forbidden", "Forbidden"),
        ({"error": {"code": "forbidden", "innerError": "text"}}, "forbidden", "Forbidden"),
        ({"error": {"code": "forbidden", "innerError": [{"code": "x"}]}}, "forbidden", "Forbidden"),
        ({"error": {"code": 5, "message": "m"}}, "5", "m"),
        ({"error": "forbidden"}, "forbidden", "Forbidden"),
        ({"message": "m"}, None, "m"),
        ({"title": "t", "status": 403}, None, "t"),
        (b'"text"', None, "Forbidden"),
        (b"<html>", None, "Forbidden"),
        (b"", None, "Forbidden"),
        (b"[" * 100_000, None, "Forbidden"),
    ],
)
def test_error_body_is_read_as_far_as_it_goes(body: object, code: str | None, message: str) -> None:
    error = refusal(body)

    assert (error.code, error.message) == (code, message)


@pytest.mark.parametrize(
    ("name", "status", "kind", "code"),
    [
        ("InvalidRequest", 400, assaykit.ValidationFailed, "invalidProperty"),
        ("Unauthorized", 401, assaykit.AuthenticationError, "tokenExpired"),
        ("Forbidden", 403, assaykit.PermissionDenied, "planNotAuthorized"),
        ("NoInvitesLeft", 403, assaykit.PaymentRequired, "noInvitesLeft"),
        ("UnknownTest", 404, assaykit.NotFound, "testNotFound"),
        ("UnknownTestUrl", 404, assaykit.NotFound, "testUrlNotFound"),
        ("UnknownCandidate", 404, assaykit.NotFound, "candidateNotFound"),
        ("TestArchived", 409, assaykit.Conflict, "testArchived"),
        ("InvitationClosed", 409, assaykit.Conflict, "invitationClosed"),
        ("NotCompleted", 409, assaykit.Conflict, "candidateNotCompleted"),
        ("TooLarge", 413, assaykit.ApiError, "tooLarge"),
        ("UnsupportedMediaType", 415, assaykit.ApiError, "unsupportedMediaType"),
        ("TooManyRequests", 429, assaykit.RateLimited, "tooManyRequests"),
    ],
)
def test_every_error_of_the_specification_has_the_class_of_its_cause(
    name: str, status: int, kind: type[assaykit.ApiError], code: str
) -> None:
    error = refusal(example(name), status)

    assert type(error) is kind
    assert (error.status, error.code) == (status, code)
    assert error.response is not None
    assert error.response.json() == example(name)


def test_code_inside_an_empty_balance_is_an_empty_balance_still() -> None:
    error = refusal(nested("forbidden", "noInvitesLeft", "monthlyAllowanceSpent"))

    assert isinstance(error, assaykit.PaymentRequired)
    assert (error.status, error.code) == (403, "noInvitesLeft")


@pytest.mark.anyio
async def test_empty_balance_async() -> None:
    server = Server()
    server.answers[f"/v3/tests/{TEST}/candidates/invite-via-email"] = httpx.Response(403, json=example("NoInvitesLeft"))
    async with server.async_client() as api:
        with pytest.raises(assaykit.PaymentRequired, match="The account has no invites left") as caught:
            await api.candidates.invite(TEST, body=invitation("ada.sample@example.com"))

    assert [cause.code for cause in caught.value.causes] == ["forbidden", "planNotAuthorized", "noInvitesLeft"]


def test_causes_survive_pickling() -> None:
    error = refusal(example("NoInvitesLeft"))

    assert pickle.loads(pickle.dumps(error)).causes == error.causes


def test_fields_beside_the_code_are_kept() -> None:
    body = nested("badRequest", "invalidProperty")
    body["error"]["fields"] = {"emails": ["too many"]}
    error = refusal(body, 400)

    assert isinstance(error, assaykit.ValidationFailed)
    assert error.fields == (assaykit.FieldError("emails", "too many"),)


def test_body_that_was_not_read_is_no_error_of_its_own() -> None:
    response = httpx.Response(403, stream=httpx.ByteStream(b"{}"))

    assert read_error(response).code is None
