"""Tokens of users: the refresh token first, the password where there is none or it is refused; expiry, refusal."""

from __future__ import annotations

import json
import logging
import pickle
import traceback
from pathlib import Path
from typing import Any

import httpx
import pytest

import assaykit
from assaykit import talview
from tests.core.support import gather
from tests.talview.support import APPLICATION, CLIENT_SECRET, LOGIN, PASSWORD, URL, USERNAME, Server, error, user


def grants(server: Server) -> list[str]:
    return [body["grant_type"] for body in server.bodies]


def refresh(value: str) -> dict[str, str]:
    return {"grant_type": "refresh_token", "refresh_token": value, **APPLICATION}


def test_password_goes_as_json_into_the_body_and_nowhere_else() -> None:
    server = Server()
    with server.client() as api:
        api.candidates.list()
        api.candidates.list()

    [request] = server.token_requests
    assert server.bodies == [LOGIN]
    assert str(request.url) == f"{URL}/oauth2/token"
    assert request.headers["Content-Type"] == "application/json"
    assert "Authorization" not in request.headers
    assert server.requests[0].headers["Authorization"] == "Bearer token-1"


@pytest.mark.anyio
async def test_tasks_share_one_token() -> None:
    server = Server()
    async with server.async_client() as api:
        await gather(*(api.candidates.list() for _ in range(5)))

    assert server.bodies == [LOGIN]


def test_refresh_token_comes_first_and_is_replaced_by_the_one_it_brings() -> None:
    server = Server()
    with server.client() as api:
        for _ in range(3):
            api.candidates.list()
            server.clock.now += 90_000.0

    assert server.bodies == [LOGIN, refresh("refresh-1"), refresh("refresh-2")]


def test_refresh_token_that_brings_no_other_stays_in_use() -> None:
    server = Server()
    answers = [{"access_token": "token", "refresh_token": "refresh"}, {"access_token": "token"}, {"access_token": "t"}]
    server.answers["/models/candidate"] = []
    sent: list[Any] = []

    def give(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/oauth2/token"):
            sent.append(json.loads(request.content))
            return httpx.Response(200, json={"expires_in": 60, **answers[len(sent) - 1]})
        return httpx.Response(200, json=[])

    with server.client(transport=httpx.MockTransport(give)) as api:
        for _ in range(3):
            api.candidates.list()
            server.clock.now += 100.0

    assert sent == [LOGIN, refresh("refresh"), refresh("refresh")]


@pytest.mark.parametrize(
    "refusal",
    [
        error(400, "Bad Request", "Invalid refresh token"),
        error(401, "Unauthorized", "Invalid refresh token"),
        error(403, "Forbidden", "Invalid refresh token"),
        httpx.Response(400, json={"error": "invalid_grant"}),
        httpx.Response(422, json=[{"field": "refresh_token", "message": "Refresh token is invalid."}]),
    ],
    ids=["400", "401", "403", "oauth", "422"],
)
def test_refused_refresh_token_gives_way_to_the_password(refusal: httpx.Response) -> None:
    server = Server()
    server.refused_refresh = refusal
    with server.client() as api:
        api.candidates.list()
        server.revoke_refresh_tokens()
        server.clock.now += 90_000.0
        api.candidates.list()

    assert grants(server) == ["password", "refresh_token", "password"]
    assert server.requests[-1].headers["Authorization"] == "Bearer token-3"


@pytest.mark.anyio
async def test_refused_refresh_token_gives_way_to_the_password_async() -> None:
    server = Server()
    async with server.async_client() as api:
        await api.candidates.list()
        server.clock.now += 90_000.0
        await api.candidates.list()
        server.revoke_refresh_tokens()
        server.clock.now += 90_000.0
        await api.candidates.list()

    assert grants(server) == ["password", "refresh_token", "refresh_token", "password"]


def test_without_refresh_tokens_the_password_goes_every_time() -> None:
    server = Server()
    server.gives_refresh_tokens = False
    with server.client() as api:
        api.candidates.list()
        server.clock.now += 90_000.0
        api.candidates.list()

    assert grants(server) == ["password", "password"]


def test_server_that_fails_does_not_get_the_password_instead() -> None:
    server = Server()
    server.refused_refresh = httpx.Response(500)
    with server.client(max_retries=0) as api:
        api.candidates.list()
        server.revoke_refresh_tokens()
        server.clock.now += 90_000.0
        with pytest.raises(assaykit.ServerError) as caught:
            api.candidates.list()

    assert caught.value.operation == "tokens_create"
    assert grants(server) == ["password", "refresh_token"]


def test_next_process_goes_on_with_the_refresh_token(tmp_path: Path) -> None:
    server = Server()
    for _ in range(2):
        with server.client(token_store=assaykit.FileTokenStore(tmp_path)) as api:
            api.candidates.list()
        server.clock.now += 90_000.0

    assert server.bodies == [LOGIN, refresh("refresh-1")]


@pytest.mark.parametrize(
    ("comes_with", "serves"),
    [
        ({"expires_in": 86400}, 86400.0),
        ({"expires_in": 600}, 600.0),
        ({"expires_in": "600"}, 600.0),
        ({}, 3600.0),
        ({"expires_in": None}, 3600.0),
        ({"expires_in": "soon"}, 3600.0),
    ],
)
def test_token_is_renewed_ahead_of_its_end(comes_with: dict[str, object], serves: float) -> None:
    server = Server()
    server.token = comes_with
    with server.client() as api:
        api.candidates.list()
        server.clock.now += serves * 0.75
        api.candidates.list()
        assert len(server.bodies) == 1
        server.clock.now += serves * 0.2475
        api.candidates.list()

    assert grants(server) == ["password", "refresh_token"]
    assert len(server.requests) == 3


def test_token_that_is_refused_is_replaced_once() -> None:
    server = Server()
    with server.client() as api:
        api.candidates.list()
        server.revoke_tokens()
        assert len(api.candidates.list()) == 20
        server.lifetime = -1.0
        server.revoke_tokens()
        with pytest.raises(assaykit.AuthenticationError, match="candidates_list: 401: Your request was made with"):
            api.candidates.list()

    assert grants(server) == ["password", "refresh_token", "refresh_token"]
    assert len(server.requests) == 5


def test_refused_credentials_are_an_authentication_error() -> None:
    server = Server()
    with server.client("wrong") as api, pytest.raises(assaykit.AuthenticationError) as caught:
        api.candidates.list()

    assert str(caught.value) == "talview tokens_create: 401: The user credentials were incorrect."
    assert server.requests == []


def test_refusal_in_the_form_of_oauth_is_read_too() -> None:
    server = Server()
    document = {"error": "invalid_client", "error_description": "Unknown application"}
    server.answers["/oauth2/token"] = httpx.Response(400, json=document)
    with server.client() as api, pytest.raises(assaykit.AuthenticationError) as caught:
        api.candidates.list()

    assert (caught.value.code, caught.value.message) == ("invalid_client", "Unknown application")


@pytest.mark.parametrize("answer", [{}, {"access_token": 5}, {"access_token": ""}, [], "token"])
def test_token_answer_that_does_not_fit_is_invalid(answer: object) -> None:
    server = Server()
    server.answers["/oauth2/token"] = httpx.Response(200, json=answer)
    with server.client() as api, pytest.raises(assaykit.ResponseInvalid, match="access_token is not a text") as caught:
        api.candidates.list()

    assert caught.value.operation == "tokens_create"


def test_token_answer_that_is_not_json_is_invalid() -> None:
    server = Server()
    server.answers["/oauth2/token"] = httpx.Response(200, text="<html>")
    with server.client() as api, pytest.raises(assaykit.ResponseInvalid, match="JSON is expected"):
        api.candidates.list()


def test_clients_share_a_token_by_their_store_if_they_have_one_credential() -> None:
    server, store = Server(), assaykit.MemoryTokenStore()
    with server.client(token_store=store) as one, server.client(token_store=store) as two:
        one.candidates.list()
        two.candidates.list()
    tom = user(username="tom.sample@example.com")
    with (
        talview.Talview(URL, **tom, **server.options(token_store=store)) as other,
        pytest.raises(assaykit.AuthenticationError),
    ):
        other.candidates.list()

    assert len(server.bodies) == 2


def test_public_operation_needs_no_token() -> None:
    server = Server()
    server.answers["/mobile/public-assessment-section/7"] = httpx.Response(404)
    with server.client() as api, pytest.raises(assaykit.ApiError):
        api.mobile_public_assessment_sections.get(7)

    assert server.bodies == []
    assert "Authorization" not in server.requests[0].headers


@pytest.mark.parametrize("status", [400, 500])
def test_credentials_are_never_shown(caplog: pytest.LogCaptureFixture, status: int) -> None:
    caplog.set_level(logging.DEBUG)
    server = Server()
    server.answers["/oauth2/token"] = error(status, "Bad Request", f"no {PASSWORD} and no {CLIENT_SECRET}")
    with server.client(max_retries=0) as api:
        shown = [repr(api), repr(api.session), repr(api.session.http.auth), repr(vars(api)), repr(api.client)]
        with pytest.raises(assaykit.ApiError) as caught:
            api.candidates.list()
    shown += [str(caught.value), repr(caught.value), "".join(traceback.format_exception(caught.value)), caplog.text]
    shown += [repr(caught.value.response)]

    assert not [text for text in shown if PASSWORD in text or CLIENT_SECRET in text]
    assert caught.value.message == "no [redacted] and no [redacted]"
    kept = repr(vars(pickle.loads(pickle.dumps(caught.value))))
    assert PASSWORD not in kept
    assert CLIENT_SECRET not in kept


def test_tokens_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server = Server()
    with server.client() as api:
        api.candidates.list(email=USERNAME)
        server.revoke_refresh_tokens()
        server.clock.now += 90_000.0
        api.candidates.list()

    assert "refresh token refused, presenting the credentials" in caplog.text
    for secret in ("token-1", "token-3", "refresh-1", PASSWORD, CLIENT_SECRET, "ada.sample"):
        assert secret not in caplog.text
