"""Answers of token endpoints, and how long a refresh token stays in use."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from assaykit.core.errors import ServerError, ValidationFailed
from assaykit.core.oauth import read_bearer_token
from tests.core.support import API_KEY, Clock, Server, jwt

NOW = 1_700_000_000.0


def read(document: Any) -> Any:
    return read_bearer_token(document, now=NOW, lifetime=3600.0)


def test_answer_of_the_standard() -> None:
    answer = {"access_token": "a", "expires_in": 60, "token_type": "bearer", "refresh_token": "r", "scope": "x"}
    token = read(answer)

    assert (token.value, token.refresh_value, token.header) == ("a", "r", "Bearer a")
    assert (token.obtained_at, token.expires_at) == (NOW, NOW + 60.0)
    assert "'a'" not in repr(token)
    assert "'r'" not in repr(token)


@pytest.mark.parametrize(
    ("said", "lifetime"),
    [
        (60, 60.0),
        (60.5, 60.5),
        (0, 0.0),
        ("60", 60.0),
        (None, 3600.0),
        ("", 3600.0),
        ("soon", 3600.0),
        ("-5", 3600.0),
        ("٦٠", 3600.0),
        (-5, 3600.0),
        (True, 3600.0),
        ([60], 3600.0),
        (float("nan"), 3600.0),
        (float("inf"), 3600.0),
        (10**400, 3600.0),
        ("9" * 400, 3600.0),
    ],
)
def test_lifetime_is_read_where_it_makes_sense(said: object, lifetime: float) -> None:
    assert read({"access_token": "a", "expires_in": said}).expires_at == NOW + lifetime


def test_answer_says_the_expiry_and_the_token_only_where_it_does_not() -> None:
    value = jwt(iat=NOW, exp=NOW + 60.0)

    assert read({"access_token": value, "expires_in": 900}).expires_at == NOW + 900.0
    assert read({"access_token": value}).expires_at == NOW + 60.0


@pytest.mark.parametrize("refresh", [None, "", 5, ["r"]])
def test_refresh_token_that_is_no_text_is_none(refresh: object) -> None:
    assert read({"access_token": "a", "refresh_token": refresh}).refresh_value is None


@pytest.mark.parametrize(
    "document", [{}, {"access_token": None}, {"access_token": ""}, {"access_token": 5}, [], "s3cret", 5, None]
)
def test_answer_without_a_token_is_told_without_its_values(document: object) -> None:
    with pytest.raises(ValueError, match=r"^access_token is not a text$"):
        read(document)


def sent(server: Server) -> list[bytes]:
    return [request.read() for request in server.token_requests]


KEY = b'{"key":"' + API_KEY.encode() + b'"}'


def test_refresh_token_that_brings_no_other_stays_in_use() -> None:
    clock = Clock()
    server = Server(clock)
    server.token_answers = [lambda _: server.give_token(refresh="r-1")]
    with server.client() as api:
        for _ in range(3):
            api.things.get()
            clock.now += 4000.0

    assert sent(server) == [KEY, b'{"refresh":"r-1"}', b'{"refresh":"r-1"}']


def test_credentials_end_the_use_of_the_refresh_token_that_was_refused() -> None:
    clock = Clock()
    server = Server(clock)
    server.token_answers = [lambda _: server.give_token(refresh="r-1"), httpx.Response(400)]
    with server.client() as api:
        for _ in range(3):
            api.things.get()
            clock.now += 4000.0

    assert sent(server) == [KEY, b'{"refresh":"r-1"}', KEY, KEY]


@pytest.mark.parametrize("status", [400, 401, 403, 422])
def test_refused_refresh_token_gives_way_to_the_credentials(status: int) -> None:
    clock = Clock()
    server = Server(clock)
    server.token_answers = [lambda _: server.give_token(refresh="r-1"), httpx.Response(status)]
    with server.client() as api:
        api.things.get()
        clock.now += 4000.0
        assert api.things.get() == {"id": "1"}

    assert sent(server) == [KEY, b'{"refresh":"r-1"}', KEY]


@pytest.mark.parametrize(("statuses", "kind"), [([500], ServerError), ([422, 422], ValidationFailed)])
def test_other_failures_are_the_calls_error(statuses: list[int], kind: type[Exception]) -> None:
    clock = Clock()
    server = Server(clock)
    server.token_answers = [lambda _: server.give_token(refresh="r-1"), *map(httpx.Response, statuses)]
    with server.client(max_retries=0) as api:
        api.things.get()
        clock.now += 4000.0
        with pytest.raises(kind):
            api.things.get()

    assert len(server.token_requests) == 1 + len(statuses)
