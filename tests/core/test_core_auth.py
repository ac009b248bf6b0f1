"""Tokens on the way: first use, renewal ahead of expiry, single flight, the retry on 401."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from assaykit.core.auth import TokenAuth
from assaykit.core.errors import ApiError, AuthenticationError, ResponseInvalid, ServerError, ValidationFailed
from assaykit.core.failures import Failures
from assaykit.core.tokens import MemoryTokenStore, Token, TokenKey
from tests.core.support import (
    API_KEY,
    BASE_URL,
    PROFILE,
    AsyncAcme,
    Clock,
    KeySource,
    Operation,
    Server,
    gather,
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


def slowly(server: Server, seconds: float = 0.05) -> Callable[[httpx.Request], httpx.Response]:
    """A token answer that takes its time, so that others come to wait for it."""

    def answer(_request: httpx.Request) -> httpx.Response:
        time.sleep(seconds)
        return server.give_token()

    return answer


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


def test_while_one_call_renews_ahead_of_time_the_others_go_on() -> None:
    clock = Clock()
    server = Server(clock)
    renewing, others_done = threading.Event(), threading.Event()

    def answer(_request: httpx.Request) -> httpx.Response:
        renewing.set()
        assert others_done.wait(5.0)
        return server.give_token()

    with server.client() as api, ThreadPoolExecutor(1) as pool:
        api.things.get()
        clock.now += 3400.0
        server.token_answers = [answer]
        first = pool.submit(api.things.get)
        assert renewing.wait(5.0)
        api.things.get()
        assert len(server.requests) == 2
        others_done.set()
        first.result(5.0)

    assert len(server.token_requests) == 2


def test_twenty_threads_make_one_token_request() -> None:
    server = Server()
    server.token_answers = [slowly(server)]
    start = threading.Barrier(20)
    with server.client() as api, ThreadPoolExecutor(20) as pool:

        def call() -> object:
            start.wait(5.0)
            return api.things.get()

        results = [future.result(5.0) for future in [pool.submit(call) for _ in range(20)]]

    assert results == [{"id": "1"}] * 20
    assert len(server.token_requests) == 1
    assert len(server.requests) == 20


def asynchronous(server: Server, tokens_given: list[str], seconds: float = 0.02) -> httpx.AsyncBaseTransport:
    async def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/token"):
            await asyncio.sleep(seconds)
            tokens_given.append("one")
        return server(request)

    return httpx.MockTransport(handle)


@pytest.mark.anyio
async def test_twenty_tasks_make_one_token_request() -> None:
    server, given = Server(), list[str]()
    async with server.async_client(transport=asynchronous(server, given)) as api:
        results = await gather(*(api.things.get() for _ in range(20)))

    assert results == [{"id": "1"}] * 20
    assert len(server.token_requests) == 1


@pytest.mark.anyio
async def test_event_loop_runs_on_while_tasks_wait_for_the_token() -> None:
    server, given = Server(), list[str]()
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while not given:
            ticks += 1
            await asyncio.sleep(0.001)

    async with server.async_client(transport=asynchronous(server, given, 0.05)) as api:
        await gather(tick(), api.things.get(), api.things.get())

    assert ticks > 5


@pytest.mark.anyio
async def test_cancelled_task_hands_the_fetch_to_the_next() -> None:
    server, given = Server(), list[str]()
    async with server.async_client(transport=asynchronous(server, given, 0.05)) as api:
        first = asyncio.create_task(api.things.get())
        await asyncio.sleep(0.01)
        second, third = asyncio.create_task(api.things.get()), asyncio.create_task(api.things.get())
        await asyncio.sleep(0.01)
        first.cancel()
        assert await gather(second, third) == [{"id": "1"}] * 2
        with pytest.raises(asyncio.CancelledError):
            await first

    assert len(server.token_requests) == 1  # the first one's never arrived


@pytest.mark.anyio
async def test_cancelled_waiter_leaves_the_fetch_alone() -> None:
    server, given = Server(), list[str]()
    async with server.async_client(transport=asynchronous(server, given, 0.05)) as api:
        first = asyncio.create_task(api.things.get())
        await asyncio.sleep(0.01)
        second = asyncio.create_task(api.things.get())
        await asyncio.sleep(0.01)
        second.cancel()
        assert await first == {"id": "1"}

    assert len(server.token_requests) == 1


def test_threads_with_loops_of_their_own_share_one_fetch() -> None:
    server = Server()
    server.token_answers = [slowly(server)]
    auth = TokenAuth(KeySource(BASE_URL), Failures("acme", PROFILE.read_error), clock=server.clock)
    start = threading.Barrier(6)

    def sync_call() -> int:
        with httpx.Client(transport=server.transport, auth=auth) as client:
            start.wait(5.0)
            return client.get(f"{BASE_URL}/things/1").status_code

    async def async_call() -> int:
        async with httpx.AsyncClient(transport=server.transport, auth=auth) as client:
            start.wait(5.0)
            return (await client.get(f"{BASE_URL}/things/1")).status_code

    with ThreadPoolExecutor(6) as pool:
        calls = [pool.submit(sync_call) for _ in range(3)]
        calls += [pool.submit(lambda: asyncio.run(async_call())) for _ in range(3)]
        assert [call.result(5.0) for call in calls] == [200] * 6

    assert len(server.token_requests) == 1


def test_refusal_is_told_to_everybody_who_waited() -> None:
    server = Server()

    def refuse(_request: httpx.Request) -> httpx.Response:
        time.sleep(0.05)
        return httpx.Response(401, json={"error": {"code": "bad_key", "message": f"{API_KEY} is unknown"}})

    server.token_answers = [refuse] * 20
    start = threading.Barrier(5)
    with server.client() as api, ThreadPoolExecutor(5) as pool:

        def call() -> object:
            start.wait(5.0)
            return api.things.get()

        errors = [future.exception(5.0) for future in [pool.submit(call) for _ in range(5)]]

    assert all(isinstance(error, AuthenticationError) for error in errors)
    assert len({id(error) for error in errors}) == 5
    assert len(server.token_requests) == 1
    assert str(errors[0]) == "acme token_create: 401 bad_key: [redacted] is unknown"


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


def test_401_uses_the_token_that_another_call_has_fetched_meanwhile() -> None:
    server = Server()
    both_refused = threading.Barrier(2)

    def handle(request: httpx.Request) -> httpx.Response:
        response = server(request)
        if response.status_code == 401:
            both_refused.wait(5.0)
        return response

    with server.client(transport=httpx.MockTransport(handle)) as api, ThreadPoolExecutor(2) as pool:
        api.things.get()
        server.valid.clear()
        calls = [pool.submit(api.things.get) for _ in range(2)]
        assert [call.result(5.0) for call in calls] == [{"id": "1"}] * 2

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
