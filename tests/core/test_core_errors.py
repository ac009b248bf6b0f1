"""Errors: classes by cause, texts, attributes, pickling."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import assaykit
from assaykit.core.errors import (
    ApiError,
    AuthenticationError,
    ConfigurationError,
    Conflict,
    ConnectionFailed,
    ErrorCause,
    ErrorDetail,
    FieldError,
    Gone,
    NotFound,
    PaymentRequired,
    PermissionDenied,
    RateLimited,
    ResponseInvalid,
    ServerError,
    Timeout,
    ValidationFailed,
    WebhookInvalid,
    json_path,
)
from assaykit.core.failures import Failures
from tests.core.support import API_KEY, Clock, Server, read_error

FAILURES = Failures("acme", read_error, lambda: 784_111_777.0)  # Sun, 06 Nov 1994 08:49:37 GMT


def answer(status: int, **more: object) -> httpx.Response:
    body = {"error": {"code": "some_code", "message": "some message", **more}}
    return httpx.Response(status, json=body, headers={"X-Request-Id": "r-1"})


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, ValidationFailed),
        (401, AuthenticationError),
        (402, PaymentRequired),
        (403, PermissionDenied),
        (404, NotFound),
        (405, ApiError),
        (409, Conflict),
        (410, Gone),
        (413, ApiError),
        (415, ApiError),
        (422, ValidationFailed),
        (429, RateLimited),
        (500, ServerError),
        (503, ServerError),
        (599, ServerError),
    ],
)
def test_each_status_has_the_class_of_its_cause(status: int, expected: type[ApiError]) -> None:
    error = FAILURES.from_response(answer(status), "things_get")

    assert type(error) is expected
    assert isinstance(error, ApiError)
    assert error.vendor == "acme"
    assert error.operation == "things_get"
    assert error.status == status
    assert error.code == "some_code"
    assert error.message == "some message"
    assert error.request_id == "r-1"
    assert error.response is not None
    assert error.response.status_code == status


def test_code_may_say_more_than_the_status_and_hold_other_causes() -> None:
    causes = (ErrorCause("denied"), ErrorCause("spent", "no credit left"))
    failures = Failures("acme", lambda _: ErrorDetail("spent", None, (), causes, PaymentRequired))

    error = failures.from_response(answer(403), "things_create")

    assert type(error) is PaymentRequired
    assert (error.status, error.code, error.causes) == (403, "spent", causes)
    assert type(failures.from_response(answer(403), "token_create", AuthenticationError)) is AuthenticationError
    assert FAILURES.from_response(answer(403), "things_create").causes == ()


def test_text_of_a_refused_field_reads_as_one_line() -> None:
    response = answer(400, fields=[{"field": "firstName", "message": "is required"}])

    error = FAILURES.from_response(response, "things_create")

    assert isinstance(error, ValidationFailed)
    assert list(error.fields) == [FieldError("firstName", "is required")]
    assert str(error) == "acme things_create: 400 some_code: firstName: is required (request id r-1)"


def test_text_without_a_readable_body_still_says_what_happened() -> None:
    error = FAILURES.from_response(httpx.Response(502, text="<html>Bad gateway</html>"), "things_get")

    assert str(error) == "acme things_get: 502: Bad Gateway"


def test_redirect_names_its_target_without_query_secrets() -> None:
    response = httpx.Response(301, headers={"Location": "https://other.example/x?code=abc"})

    error = FAILURES.from_response(response, "things_get")

    assert "https://other.example/x" in str(error)
    assert "abc" not in str(error)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("Sun, 06 Nov 1994 08:50:37 GMT", 60.0),
        ("Sun, 06 Nov 1994 08:00:00 GMT", 0.0),
        ("Sun, 06 Nov 1994 08:50:37 -0000", 60.0),
        ("soon", None),
        ("nan", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_seconds_whatever_its_form(status: int, value: str | None, expected: float | None) -> None:
    headers = {} if value is None else {"Retry-After": value}

    error = FAILURES.from_response(httpx.Response(status, headers=headers), "things_get")

    assert isinstance(error, RateLimited | ServerError)
    assert error.retry_after == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), "$"),
        (("results", 3, "scores"), "$.results[3].scores"),
        (("odd key", 0), "$['odd key'][0]"),
    ],
)
def test_json_path(path: tuple[str | int, ...], expected: str) -> None:
    assert json_path(path) == expected


def repickled(error: Exception) -> Any:
    return pickle.loads(pickle.dumps(error))


def test_every_error_survives_pickle_and_copy() -> None:
    validation = FAILURES.from_response(answer(400, fields=[{"field": "a", "message": "b"}]), "things_get")
    invalid = FAILURES.invalid(answer(200), "things_get", "expected a list", ("results", 3))
    limited = FAILURES.from_response(httpx.Response(429, headers={"Retry-After": "7"}), "things_get")
    lost = FAILURES.from_httpx(httpx.ConnectError("refused"), "things_get")
    for error in (validation, invalid, limited, lost, WebhookInvalid("acme", "$.event", "missing")):
        for again in (repickled(error), copy.copy(error)):
            assert type(again) is type(error)
            assert str(again) == str(error)
    again = repickled(validation)
    assert again.fields == (FieldError("a", "b"),)
    assert again.response.json() == answer(400, fields=[{"field": "a", "message": "b"}]).json()
    assert repickled(limited).retry_after == 7.0
    assert repickled(invalid).path == "$.results[3]"


def test_pickled_error_holds_neither_token_nor_key() -> None:
    server = Server(answers=[httpx.Response(404, json={}, headers={"Set-Cookie": "session=s3cret"})])
    with server.client() as api, pytest.raises(NotFound) as caught:
        api.things.get()

    pickled = pickle.dumps(caught.value)

    assert server.valid
    assert not any(token.encode() in pickled for token in server.valid)
    assert API_KEY.encode() not in pickled
    assert b"s3cret" not in pickled


def test_error_with_half_a_response_is_pickled_too() -> None:
    unread = httpx.Response(500, stream=Unread(), headers={"Content-Encoding": "gzip"})
    error = ServerError("m", vendor="acme", status=500, response=unread)

    again = repickled(error)

    assert again.response.status_code == 500
    assert again.response.content == b""


class Unread(httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        raise AssertionError("pickling must not read from the network")


def test_configuration_error_names_argument_and_remedy() -> None:
    error = ConfigurationError("timeout", "'x' is not a number", "give for example 30")

    assert str(error) == "timeout: 'x' is not a number; give for example 30"
    assert error.argument == "timeout"
    assert error.remedy == "give for example 30"
    assert isinstance(error, ValueError)
    assert str(repickled(error)) == str(error)


@pytest.mark.parametrize(
    ("raised", "expected", "text"),
    [
        (httpx.ReadTimeout("slow"), Timeout, "no answer within 30 s"),
        (httpx.ConnectTimeout("slow"), Timeout, "no connection within 5 s"),
        (httpx.PoolTimeout("slow"), Timeout, "no free connection in the pool within 10 s"),
        (httpx.ConnectError("refused"), ConnectionFailed, "connect error: refused"),
        (httpx.RemoteProtocolError("cut off"), ConnectionFailed, "remote protocol error: cut off"),
    ],
)
def test_transmission_failures_have_their_own_classes(
    raised: httpx.TransportError, expected: type[ApiError], text: str
) -> None:
    server = Server(answers=[raised])
    with server.client(max_retries=0) as api, pytest.raises(ConnectionFailed) as caught:
        api.things.create()

    assert type(caught.value) is expected
    assert str(caught.value) == f"acme things_create: {text}"
    assert caught.value.status is None
    assert caught.value.__cause__ is raised


def test_failure_of_the_token_request_says_so() -> None:
    server = Server()
    server.token_answers = [httpx.ReadTimeout("slow")]
    with server.client(max_retries=0) as api, pytest.raises(Timeout) as caught:
        api.things.get()

    assert caught.value.operation == "token_create"


def test_answer_that_does_not_fit_names_the_path_and_keeps_the_response() -> None:
    server = Server(answers=[httpx.Response(200, json={"id": 5})])
    with server.client() as api, pytest.raises(ResponseInvalid) as caught:
        api.things.get()

    assert str(caught.value) == "acme things_get: 200: response does not fit at $.results[3].scores: expected a list"
    assert caught.value.path == "$.results[3].scores"
    assert caught.value.response is not None
    assert caught.value.response.json() == {"id": 5}


def test_broken_compression_is_an_invalid_response() -> None:
    broken = httpx.Response(200, stream=httpx.ByteStream(b"not gzip"), headers={"Content-Encoding": "gzip"})
    server = Server(answers=[broken])
    with server.client() as api, pytest.raises(ResponseInvalid, match="cannot be decoded"):
        api.things.get()


def test_package_exports_every_error_lazily() -> None:
    for name in assaykit.__all__:
        assert getattr(assaykit, name) is not None
    assert assaykit.NotFound is NotFound
    assert "NotFound" in dir(assaykit)
    with pytest.raises(AttributeError, match="no_such"):
        assaykit.no_such  # type: ignore[attr-defined]  # noqa: B018 - the access is the test


def test_retry_after_over_the_cap_ends_the_call_at_once() -> None:
    clock = Clock()
    server = Server(clock, [httpx.Response(429, headers={"Retry-After": "3600"})])
    with server.client() as api, pytest.raises(RateLimited) as caught:
        api.things.get()

    assert caught.value.retry_after == 3600.0
    assert clock.slept == []
    assert len(server.requests) == 1
