"""Tokens on the way: first use, renewal ahead of expiry, refresh tokens, the retry on 401."""

from __future__ import annotations

import threading

import httpx
import pytest

from assaykit.core.caller import Caller
from assaykit.core.client import SyncClient
from assaykit.core.errors import ApiError, AuthenticationError, ResponseInvalid, ServerError, ValidationFailed
from assaykit.core.tokens import MemoryTokenStore, Token, TokenKey
from tests.core.support import (
    API_KEY,
    BASE_URL,
    PROFILE,
    AsyncAcme,
    Clock,
    Operation,
    Server,
    Things,
    jwt,
    parse,
)


class SlowStore(MemoryTokenStore):
    """A store that is not memory alone, so that async calls reach it in a thread."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: set[int] = set()

    def load(self, key: TokenKey) -> Token | None:
        self.threads.add(threading.get_ident())
        return super().load(key)


def test_token_is_fetched_on_first_use_and_then_kept() -> None:
    server = Server()
    with server.client() as api:
        assert server.token_requests == []
        api.things.get()
        api.things.get()

    assert len(server.token_requests) == 1
    assert len(server.requests) == 2
    assert server.token_requests[0].read() == b'{"key":"' + API_KEY.encode() + b'"}'
    assert server.token_requests[0].headers["User-Agent"].startswith("assaykit/")
    assert server.token_requests[0].extensions["timeout"]["connect"] == 5.0


def test_public_operation_needs_no_token() -> None:
    server = Server()
    server.valid.add("")
    with server.client() as api:
        request = {"method": "GET", "url": "/public", "extensions": {"operation": "things_public"}}
        api.session.caller.call(Operation("things_public"), request, parse)

    assert server.token_requests == []
    assert "Authorization" not in server.requests[0].headers


@pytest.mark.anyio
async def test_public_operation_needs_no_token_async() -> None:
    server = Server()
    server.valid.add("")
    async with server.async_client() as api:
        request = {"method": "GET", "url": "/public", "extensions": {"operation": "things_public"}}
        await api.session.caller.call(Operation("things_public"), request, parse)

    assert server.token_requests == []


def test_other_authentication_takes_the_tokens_place() -> None:
    class Basic(SyncClient):
        def _bind(self, caller: Caller) -> None:
            self.things = Things(caller)

    server = Server()
    server.valid.add("Basic dXNlcjpwYXNz")
    with Basic(PROFILE, BASE_URL, httpx.BasicAuth("user", "pass"), transport=server.transport) as api:
        assert api.things.get() == {"id": "1"}

    assert server.token_requests == []


def test_early_and_late_margins_follow_the_lifetime() -> None:
    hour = Token("t", 0.0, 3600.0)
    assert (hour.early_refresh_at(), hour.must_refresh_at()) == (3300.0, 3570.0)
    minute = Token("t", 0.0, 60.0)
    assert (minute.early_refresh_at(), minute.must_refresh_at()) == (48.0, 57.0)
    assert Token("t", 0.0, None).must_refresh_at() == float("inf")


@pytest.mark.parametrize(("age", "requests"), [(3299.0, 1), (3301.0, 2), (3571.0, 2), (9999.0, 2)])
def test_token_is_renewed_ahead_of_its_own_expiry(age: float, requests: int) -> None:
    clock = Clock()
    server = Server(clock)
    with server.client() as api:
        api.things.get()
        clock.now += age
        api.things.get()

    assert len(server.token_requests) == requests


def test_vendors_lifetime_counts_where_the_token_names_none() -> None:
    clock = Clock()
    server = Server(clock)
    server.valid.add("opaque")
    server.token_answers = [httpx.Response(200, json={"token": "opaque"})]
    with server.client() as api:
        api.things.get()
        clock.now += 3200.0
        api.things.get()
        assert len(server.token_requests) == 1
        clock.now += 200.0
        api.things.get()

    assert len(server.token_requests) == 2


def test_clock_that_is_off_does_not_matter_where_the_token_says_when_it_was_issued() -> None:
    clock = Clock()
    server = Server(clock)
    value = jwt(iat=clock.now - 90_000.0, exp=clock.now - 86_400.0)
    server.valid.add(value)
    server.token_answers = [httpx.Response(200, json={"token": value})]
    with server.client() as api:
        api.things.get()
        clock.now += 3000.0
        api.things.get()

    assert len(server.token_requests) == 1


def test_early_renewal_that_is_refused_leaves_the_old_token_in_use() -> None:
    clock = Clock()
    server = Server(clock)
    with server.client() as api:
        api.things.get()
        clock.now += 3400.0
        server.token_answers = [httpx.Response(500), httpx.ConnectError("refused")]
        api.things.get()
        api.things.get()
        assert len(server.token_requests) == 2  # one try, then a pause
        clock.now += 31.0
        api.things.get()
        assert len(server.token_requests) == 3  # a failed connection does not fail the call either
        clock.now += 31.0
        api.things.get()

    assert len(server.token_requests) == 4
    assert server.token_answers == []
    assert clock.slept == []


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, AuthenticationError),
        (401, AuthenticationError),
        (403, AuthenticationError),
        (422, ValidationFailed),
        (500, ServerError),
    ],
)
def test_token_request_that_fails_is_the_calls_error(status: int, expected: type[Exception]) -> None:
    server = Server()
    server.token_answers = [httpx.Response(status) for _ in range(3)]
    with server.client() as api, pytest.raises(expected) as caught:
        api.things.get()

    assert type(caught.value) is expected
    assert server.requests == []
    assert isinstance(caught.value, ApiError)
    assert caught.value.response is not None
    assert API_KEY not in caught.value.response.request.read().decode()


def test_token_answer_without_a_token_is_invalid() -> None:
    server = Server()
    server.token_answers = [httpx.Response(200, json={"tokken": "s3cret"})]
    with server.client() as api, pytest.raises(ResponseInvalid, match="token is missing") as caught:
        api.things.get()

    assert "s3cret" not in str(caught.value)
    assert caught.value.operation == "token_create"


def test_401_is_retried_once_with_a_new_token() -> None:
    server = Server()
    with server.client() as api:
        api.things.get()
        server.valid.clear()  # the vendor forgets its tokens
        assert api.things.create() == {"id": "1"}

    assert len(server.token_requests) == 2
    assert len(server.requests) == 3
    assert server.requests[1].read() == server.requests[2].read() == b'{"name":"one"}'


@pytest.mark.anyio
async def test_401_is_retried_once_with_a_new_token_async() -> None:
    server = Server()
    async with server.async_client() as api:
        await api.things.get()
        server.valid.clear()
        assert await api.things.create() == {"id": "1"}

    assert len(server.token_requests) == 2
    assert len(server.requests) == 3


@pytest.mark.parametrize("warm", [False, True])
def test_401_that_stays_is_raised_after_one_retry(warm: bool) -> None:
    server = Server()
    with server.client() as api:
        if warm:
            api.things.get()
        before = len(server.requests)
        server.answers = [httpx.Response(401) for _ in range(5)]
        with pytest.raises(AuthenticationError):
            api.things.get()

    assert len(server.requests) - before == 2
    assert len(server.token_requests) == 2


def test_401_to_a_body_that_cannot_be_sent_again_is_raised() -> None:
    server = Server()
    with server.client() as api:
        api.things.get()
        server.valid.clear()
        auth = api.session.http.auth
        uploads: list[bytes] = []

        class Uploads(httpx.BaseTransport):
            def handle_request(self, request: httpx.Request) -> httpx.Response:
                assert isinstance(request.stream, httpx.SyncByteStream)
                uploads.append(b"".join(request.stream))
                return httpx.Response(401)

        with httpx.Client(transport=Uploads(), auth=auth) as client:
            assert client.post(BASE_URL, content=iter([b"once"])).status_code == 401

    assert uploads == [b"once"]


def test_refresh_token_is_used_and_the_credentials_when_it_is_refused() -> None:
    clock = Clock()
    server = Server(clock)
    server.token_answers = [
        lambda _: server.give_token(refresh="r-1"),
        lambda _: server.give_token(refresh="r-2"),
        httpx.Response(400),
    ]
    with server.client() as api:
        for _ in range(3):
            api.things.get()
            clock.now += 4000.0

    sent = [request.read() for request in server.token_requests]
    key = b'{"key":"' + API_KEY.encode() + b'"}'
    assert sent == [key, b'{"refresh":"r-1"}', b'{"refresh":"r-2"}', key]


def test_store_is_shared_between_clients() -> None:
    server, store = Server(), MemoryTokenStore()
    with server.client(token_store=store) as first, server.client(token_store=store) as second:
        first.things.get()
        second.things.get()
        assert len(server.token_requests) == 1
        server.valid.clear()
        first.things.get()
        second.things.get()  # its own token was refused, and the store holds a newer one

    assert len(server.token_requests) == 2


class BrokenStore(MemoryTokenStore):
    def load(self, key: TokenKey) -> Token | None:
        raise OSError("disk gone")

    def save(self, key: TokenKey, token: Token) -> None:
        raise OSError("disk full")


def test_store_that_fails_costs_only_the_reuse(caplog: pytest.LogCaptureFixture) -> None:
    server = Server()
    with server.client(token_store=BrokenStore()) as api:
        assert api.things.get() == {"id": "1"}
        assert api.things.get() == {"id": "1"}

    assert len(server.token_requests) == 1
    assert "disk gone" in caplog.text
    assert "disk full" in caplog.text


@pytest.mark.anyio
async def test_store_that_may_block_is_reached_in_a_thread() -> None:
    server, store = Server(), SlowStore()
    api: AsyncAcme
    async with server.async_client(token_store=store) as api:
        await api.things.get()

    assert store.threads
    assert threading.get_ident() not in store.threads


def test_token_exchange_leaves_no_trace_in_the_response_history() -> None:
    server = Server()
    with server.client() as api:
        _, response = api.raw(api.things.get)

    assert response.history == []
