"""Single flight: many calls at once make one token request, and none waits in vain."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from assaykit.core.auth import TokenAuth
from assaykit.core.errors import AuthenticationError
from assaykit.core.failures import Failures
from tests.core.support import (
    API_KEY,
    BASE_URL,
    PROFILE,
    Clock,
    KeySource,
    Server,
    gather,
)


def slowly(server: Server, seconds: float = 0.05) -> Callable[[httpx.Request], httpx.Response]:
    """A token answer that takes its time, so that others come to wait for it."""

    def answer(_request: httpx.Request) -> httpx.Response:
        time.sleep(seconds)
        return server.give_token()

    return answer


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
async def test_cancelled_early_renewal_leaves_the_old_token_in_use() -> None:
    clock = Clock()
    server, given = Server(clock), list[str]()
    async with server.async_client(transport=asynchronous(server, given, 0.05)) as api:
        await api.things.get()
        clock.now += 3400.0
        renewing = asyncio.create_task(api.things.get())
        await asyncio.sleep(0.01)
        renewing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await renewing
        await api.things.get()
        assert len(server.token_requests) == 1
        clock.now += 31.0
        await api.things.get()

    assert len(server.token_requests) == 2


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
