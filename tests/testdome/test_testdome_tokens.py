"""Tokens: both grants, the end of one of them, expiry, renewal, refusal."""

from __future__ import annotations

import logging
import pickle
import traceback
import warnings
from typing import Any

import httpx
import pytest

import assaykit
from assaykit import testdome
from tests.core.support import gather, jwt
from tests.testdome.support import CLIENT_ID, CLIENT_SECRET, LOGINS, PASSWORD, TEST, USERNAME, Server

BOTH = pytest.mark.parametrize("client", [testdome.TestDome, testdome.AsyncTestDome])
ENDS = r"TestDome ends getting tokens by username and password in November 2026, .* use client_id and client_secret"


def test_client_credentials_go_into_the_form_and_nowhere_else() -> None:
    server = Server()
    with server.client() as api:
        api.candidates.list_by_test(TEST)

    assert server.forms == [LOGINS[0]]
    assert server.requests[0].headers["Authorization"] == "Bearer token-1"


@pytest.mark.anyio
async def test_client_credentials_go_into_the_form_async() -> None:
    server = Server()
    async with server.async_client() as api:
        await gather(*(api.candidates.list_by_test(TEST) for _ in range(5)))

    assert server.forms == [LOGINS[0]]


def test_login_gets_a_token_and_a_warning_that_names_end_and_remedy() -> None:
    server = Server()
    with (
        pytest.warns(DeprecationWarning, match=ENDS) as told,
        testdome.TestDome(username=USERNAME, password=PASSWORD, **server.options()) as api,
    ):
        api.candidates.list_by_test(TEST)

    assert server.forms == [LOGINS[1]]
    assert [warning.filename for warning in told] == [__file__]
    assert PASSWORD not in str(told[0].message)


@BOTH
def test_warning_names_the_line_of_whoever_reads_the_environment(client: Any) -> None:
    variables = {"ASSAYKIT_TESTDOME_USERNAME": USERNAME, "ASSAYKIT_TESTDOME_PASSWORD": PASSWORD}
    with pytest.warns(DeprecationWarning, match=ENDS) as told:
        client.from_env(variables)

    assert [warning.filename for warning in told] == [__file__]


@BOTH
def test_client_credentials_warn_of_nothing(client: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client(CLIENT_ID, CLIENT_SECRET)


@pytest.mark.parametrize(
    ("comes_with", "serves"),
    [
        ({"expires_in": 1800}, 1800.0),
        ({"expires_in": 600}, 600.0),
        ({"expires_in": "600"}, 600.0),
        ({}, 1800.0),
        ({"expires_in": None}, 1800.0),
        ({"expires_in": "soon"}, 1800.0),
        ({"expires_in": -5}, 1800.0),
        ({"expires_in": 10**400}, 1800.0),
        ({"expires_in": "9" * 400}, 1800.0),
        ({"expires_in": True}, 1800.0),
    ],
)
def test_token_is_renewed_ahead_of_its_end(comes_with: dict[str, object], serves: float) -> None:
    server = Server()
    server.token = comes_with
    with server.client() as api:
        api.candidates.list_by_test(TEST)
        server.clock.now += serves * 0.75
        api.candidates.list_by_test(TEST)
        assert len(server.forms) == 1
        server.clock.now += serves * 0.1
        api.candidates.list_by_test(TEST)

    assert len(server.forms) == 2
    assert server.requests[-1].headers["Authorization"] == "Bearer token-2"
    assert len(server.requests) == 3


def test_answer_says_the_expiry_and_the_token_only_where_it_does_not() -> None:
    server = Server()
    begin = server.clock.now
    server.answers["/token"] = {"access_token": jwt(iat=begin, exp=begin + 60.0), "expires_in": 900}
    with server.client() as api:
        auth: Any = api.session.http.auth
        source = auth._source
        said = source.read(httpx.Response(200, json=server.answers["/token"]), begin)
        silent = source.read(httpx.Response(200, json={"access_token": jwt(iat=begin, exp=begin + 60.0)}), begin)

    assert (said.expires_at, silent.expires_at) == (begin + 900.0, begin + 60.0)


def test_token_that_is_refused_is_replaced_once() -> None:
    server = Server()
    with server.client() as api:
        api.candidates.list_by_test(TEST)
        server.revoke_tokens()
        assert api.candidates.list_by_test(TEST).total_count == 250
        server.lifetime = -1.0
        server.revoke_tokens()
        with pytest.raises(assaykit.AuthenticationError) as caught:
            api.candidates.list_by_test(TEST)

    assert caught.value.code == "tokenExpired"
    assert len(server.forms) == 3
    assert len(server.requests) == 5


@pytest.mark.anyio
async def test_token_that_is_refused_is_replaced_once_async() -> None:
    server = Server()
    async with server.async_client() as api:
        await api.candidates.list_by_test(TEST)
        server.revoke_tokens()
        assert (await api.candidates.list_by_test(TEST)).total_count == 250

    assert len(server.forms) == 2


def test_refused_credentials_are_an_authentication_error() -> None:
    with Server().client("another-secret") as api, pytest.raises(assaykit.AuthenticationError) as caught:
        api.candidates.list_by_test(TEST)

    error = caught.value
    assert (error.operation, error.status, error.code) == ("tokens_create", 401, "invalid_client")
    assert str(error) == "testdome tokens_create: 401 invalid_client: The client id or secret is wrong."


def test_refused_login_is_an_authentication_error_too() -> None:
    with pytest.warns(DeprecationWarning, match="November 2026"):
        api = testdome.TestDome(username=USERNAME, password="wrong", **Server().options())
    with api, pytest.raises(assaykit.AuthenticationError) as caught:
        api.candidates.list_by_test(TEST)

    assert (caught.value.status, caught.value.code) == (400, "invalid_grant")


def test_grant_that_has_ended_is_an_authentication_error_too() -> None:
    server = Server()
    server.answers["/token"] = httpx.Response(400, json={"error": "unsupported_grant_type"})
    with server.client() as api, pytest.raises(assaykit.AuthenticationError, match="unsupported_grant_type"):
        api.candidates.list_by_test(TEST)


@pytest.mark.parametrize("answer", [{}, {"access_token": 5}, {"access_token": ""}, [], "token", 5])
def test_token_answer_that_does_not_fit_is_invalid(answer: object) -> None:
    server = Server()
    server.answers["/token"] = httpx.Response(200, json=answer)
    with server.client() as api, pytest.raises(assaykit.ResponseInvalid) as caught:
        api.candidates.list_by_test(TEST)

    assert caught.value.operation == "tokens_create"


def test_token_answer_that_is_not_json_is_invalid() -> None:
    server = Server()
    server.answers["/token"] = httpx.Response(200, text="<html>")
    with server.client() as api, pytest.raises(assaykit.ResponseInvalid, match="JSON is expected"):
        api.candidates.list_by_test(TEST)


def test_clients_share_a_token_by_their_store_if_they_have_one_credential() -> None:
    server = Server()
    store = assaykit.MemoryTokenStore()
    with server.client(token_store=store) as one, server.client(token_store=store) as two:
        one.candidates.list_by_test(TEST)
        two.candidates.list_by_test(TEST)
    with (
        testdome.TestDome("another-id", CLIENT_SECRET, **server.options(token_store=store)) as other,
        pytest.raises(assaykit.AuthenticationError),
    ):
        other.candidates.list_by_test(TEST)

    assert len(server.forms) == 2


def test_credentials_are_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "a-wrong-secret-of-a-test"
    server = Server()
    server.answers["/token"] = httpx.Response(
        400, json={"error": "invalid_client", "error_description": f"no {secret}"}
    )
    with server.client(secret) as api:
        shown = [repr(api), repr(api.session), repr(api.session.http.auth), repr(vars(api)), repr(api.client)]
        with pytest.raises(assaykit.AuthenticationError) as caught:
            api.candidates.list_by_test(TEST)
    shown += [str(caught.value), repr(caught.value), "".join(traceback.format_exception(caught.value)), caplog.text]
    shown += [repr(caught.value.response)]

    assert not [text for text in shown if secret in text]
    assert caught.value.message == "no [redacted]"
    assert secret not in repr(vars(pickle.loads(pickle.dumps(caught.value))))
