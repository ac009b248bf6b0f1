"""The rate budget: never more than the vendor allows, whoever asks, and what happens beyond."""

from __future__ import annotations

import asyncio
import gc
import logging
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from assaykit.core.budget import Budget, BudgetEvent, OnBudget, Window, shared_budget
from assaykit.core.budget_transport import BudgetTransport
from assaykit.core.errors import RateLimited
from assaykit.core.retry import RetryEvent, RetryPolicy, RetryTransport
from assaykit.core.secrets import Secret
from assaykit.core.tokens import TokenKey
from assaykit.core.turns import CANCELLED
from tests.core.limits import FixedWindows, SharedClock

URL = "https://acme.example/things"
KEY = TokenKey("acme", "https://acme.example", Secret("key"))

Handler = Callable[[httpx.Request], httpx.Response]


def limited(
    handler: Handler,
    clock: SharedClock,
    *,
    limit: int = 50,
    budget: Budget | None = None,
    max_retries: int = 2,
    on_retry: Callable[[RetryEvent], object] | None = None,
    **options: Any,
) -> RetryTransport:
    """The transports of a client whose operation ``list`` has a limit."""
    below = BudgetTransport(
        httpx.MockTransport(handler),
        budget or Budget(),
        lambda operation: (limit, 900) if operation == "list" else None,
        vendor="acme",
        clock=clock,
        **{"sleep": clock.sleep, "async_sleep": clock.async_sleep, **options},
    )
    return RetryTransport(
        below,
        RetryPolicy(max_retries=max_retries),
        sleep=clock.sleep,
        async_sleep=clock.async_sleep,
        clock=clock,
        jitter=lambda: 0.0,
        on_retry=on_retry,
    )


def get(client: httpx.Client, operation: str | None = "list") -> httpx.Response:
    return client.get(URL, extensions={"operation": operation} if operation else {})


def test_51st_request_waits_for_the_window_of_the_first() -> None:
    clock = SharedClock()
    server = FixedWindows(clock)
    with httpx.Client(transport=limited(server, clock)) as client:
        for _ in range(51):
            assert get(client).status_code == 200

    assert server.refused == []
    assert server.accepted[50] - server.accepted[0] == 900.0
    assert max(clock.slept) <= 30.0


def test_operations_without_a_limit_and_other_requests_pass() -> None:
    clock = SharedClock()
    sent: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200)

    with httpx.Client(transport=limited(handle, clock, limit=1)) as client:
        for operation in ("get", None, "get", None):
            get(client, operation)

    assert len(sent) == 4
    assert clock.slept == []


@pytest.mark.parametrize("seed", range(20))
def test_no_fixed_window_of_the_vendor_ever_holds_more_than_the_limit(seed: int) -> None:
    """Whenever its windows begin, and however long requests are on the way."""
    chance = random.Random(seed)
    clock = SharedClock()
    server = FixedWindows(clock, limit=5, begin=chance.uniform(0.0, 900.0))
    server.remaining_header = False

    def handle(request: httpx.Request) -> httpx.Response:
        clock.advance(chance.uniform(0.0, 60.0))
        response = server(request)
        clock.advance(chance.uniform(0.0, 60.0))
        return response

    with httpx.Client(transport=limited(handle, clock, limit=5)) as client:
        for _ in range(40):
            get(client)
            clock.advance(chance.choice((0.0, 0.0, 1.0, 300.0)))

    assert server.refused == []


def test_threads_share_a_budget_in_the_order_in_which_they_came() -> None:
    clock = SharedClock()
    server = FixedWindows(clock, limit=1)
    budget = Budget()
    window = budget.window("list", (1, 900))
    all_wait = threading.Event()
    order: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        order.append(request.headers["X-Number"])
        return server(request)

    def sleep(seconds: float) -> None:
        all_wait.wait(5.0)  # nobody wakes before everybody is in the queue
        clock.advance(seconds)

    def call(number: int) -> None:
        transport = limited(handle, clock, limit=1, budget=budget, sleep=sleep)
        with httpx.Client(transport=transport, headers={"X-Number": str(number)}) as client:
            get(client)

    call(0)
    with ThreadPoolExecutor(4) as pool:
        calls = []
        for number in range(1, 5):
            calls.append(pool.submit(call, number))
            while len(window._queue) < number:
                threading.Event().wait(0.001)
        all_wait.set()
        for done in calls:
            done.result(20.0)

    assert order == ["0", "1", "2", "3", "4"]
    assert server.refused == []


@pytest.mark.anyio
async def test_tasks_wait_in_order_and_the_event_loop_runs_on() -> None:
    clock = SharedClock()
    server = FixedWindows(clock, limit=1)
    order: list[int] = []

    async with httpx.AsyncClient(transport=limited(server, clock, limit=1)) as client:

        async def call(number: int) -> None:
            await client.get(URL, extensions={"operation": "list"})
            order.append(number)

        await asyncio.gather(*(call(number) for number in range(5)))

    assert order == [0, 1, 2, 3, 4]
    assert server.refused == []


@pytest.mark.anyio
async def test_task_that_is_cancelled_gives_up_its_place() -> None:
    clock = SharedClock()
    server = FixedWindows(clock, limit=1)
    forever = asyncio.Event()
    budget = Budget()

    async def stuck(_seconds: float) -> None:
        await forever.wait()

    waiting = limited(server, clock, limit=1, budget=budget, async_sleep=stuck)
    async with (
        httpx.AsyncClient(transport=waiting) as first,
        httpx.AsyncClient(transport=limited(server, clock, limit=1, budget=budget)) as second,
    ):
        await first.get(URL, extensions={"operation": "list"})
        task = asyncio.create_task(first.get(URL, extensions={"operation": "list"}))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await second.get(URL, extensions={"operation": "list"})

    assert len(server.accepted) == 2
    assert not budget.window("list", (1, 900))._queue


def test_raise_tells_how_long_to_wait_and_sends_nothing() -> None:
    clock = SharedClock()
    server = FixedWindows(clock, limit=2)
    with httpx.Client(transport=limited(server, clock, limit=2, on_budget="raise")) as client:
        get(client)
        clock.advance(100.0)
        get(client)
        with pytest.raises(RateLimited, match="2 requests in 900 s are used up, room in 800") as caught:
            get(client)
        assert caught.value.retry_after == 800.0
        assert (caught.value.vendor, caught.value.operation, caught.value.status) == ("acme", "list", None)
        clock.advance(800.0)
        get(client)

    assert len(server.accepted) == 3
    assert server.refused == []
    assert clock.slept == []


@pytest.mark.parametrize(
    ("action", "status", "level"),
    [("wait", 200, logging.INFO), ("report", 429, logging.WARNING)],
)
def test_event_is_reported_before(action: OnBudget, status: int, level: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "assaykit.budget")
    clock = SharedClock()
    events: list[BudgetEvent] = []
    transport = limited(FixedWindows(clock, 1), clock, limit=1, on_budget=action, on_event=events.append)
    with httpx.Client(transport=transport) as client:
        get(client)
        clock.advance(1.0)
        assert get(client).status_code == status

    assert events == [BudgetEvent("list", 1, 900, 899.0, action)]
    assert [(record.levelno, record.message) for record in caplog.records] == [
        (level, f"acme list: 1 requests in 900 s are used up, room in 899.0 s ({action})")
    ]


def test_429_stops_everybody_until_retry_after_and_is_repeated() -> None:
    clock = SharedClock()
    server = FixedWindows(clock, limit=3)
    server.remaining_header = False
    server.spend("/things", 3)
    clock.advance(100.0)
    budget = Budget()
    retries: list[RetryEvent] = []
    first = httpx.Client(transport=limited(server, clock, limit=3, budget=budget, on_retry=retries.append))
    other = httpx.Client(transport=limited(server, clock, limit=3, budget=budget, on_budget="raise"))
    with first, other:
        assert get(first).status_code == 200
        assert clock() >= 1_700_000_900.0
        assert len(server.refused) == 1
        assert [event.status for event in retries] == [429]
        assert get(other).status_code == 200


@pytest.mark.parametrize(("header", "seconds"), [({"Retry-After": "500"}, 500.0), ({}, 900.0)])
def test_429_is_not_repeated_with_raise_and_closes_the_window(header: dict[str, str], seconds: float) -> None:
    clock = SharedClock()
    answers = [httpx.Response(429, headers=header), httpx.Response(200)]
    transport = limited(lambda _: answers.pop(0), clock, on_budget="raise")
    with httpx.Client(transport=transport) as client:
        assert get(client).status_code == 429
        with pytest.raises(RateLimited) as caught:
            get(client)
        assert caught.value.retry_after == seconds
        clock.advance(seconds)
        assert get(client).status_code == 200


def test_429_is_repeated_as_often_as_the_retries_allow() -> None:
    clock = SharedClock()
    sent: list[float] = []

    def handle(_request: httpx.Request) -> httpx.Response:
        sent.append(clock())
        return httpx.Response(429, headers={"Retry-After": "200"})

    with httpx.Client(transport=limited(handle, clock)) as client:
        assert get(client).status_code == 429
    assert [round(moment - sent[0]) for moment in sent] == [0, 200, 400]

    with httpx.Client(transport=limited(handle, clock, max_retries=0)) as client:
        assert get(client).status_code == 429
    assert len(sent) == 4


def test_what_another_process_spent_is_taken_over() -> None:
    clock = SharedClock()
    server = FixedWindows(clock, limit=10)
    server.spend("/things", 6)
    with httpx.Client(transport=limited(server, clock, limit=10, on_budget="raise")) as client:
        for _ in range(4):
            get(client)
        with pytest.raises(RateLimited):
            get(client)

    assert server.refused == []


@pytest.mark.parametrize(
    "headers",
    [{"X-RateLimit-Remaining": "soon"}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Limit": "60"}, {}],
)
def test_what_is_left_of_something_else_does_not_count(headers: dict[str, str]) -> None:
    clock = SharedClock()
    transport = limited(lambda _: httpx.Response(200, headers=headers), clock, limit=2, on_budget="raise")
    with httpx.Client(transport=transport) as client:
        get(client), get(client)


def test_retries_count() -> None:
    clock = SharedClock()
    answers = [httpx.Response(500), httpx.Response(500), httpx.Response(200)]
    with httpx.Client(transport=limited(lambda _: answers.pop(0), clock, limit=3, on_budget="raise")) as client:
        get(client)
        with pytest.raises(RateLimited):
            get(client)


@pytest.mark.parametrize(("error", "counts"), [(httpx.ConnectError("no"), False), (httpx.ReadTimeout("slow"), True)])
def test_request_that_was_never_sent_does_not_count(error: httpx.TransportError, counts: bool) -> None:
    clock = SharedClock()
    answers: list[httpx.Response | Exception] = [error, httpx.Response(200)]

    def handle(_request: httpx.Request) -> httpx.Response:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    transport = limited(handle, clock, limit=1, on_budget="raise", max_retries=0)
    with httpx.Client(transport=transport) as client:
        with pytest.raises(type(error)):
            get(client)
        if counts:
            with pytest.raises(RateLimited):
                get(client)
        else:
            assert get(client).status_code == 200


def test_request_that_nobody_waits_for_stops_waiting() -> None:
    clock = SharedClock()
    budget = Budget()
    with httpx.Client(transport=limited(FixedWindows(clock, 1), clock, limit=1, budget=budget)) as client:
        get(client)
        with pytest.raises(RateLimited):
            client.get(URL, extensions={"operation": "list", CANCELLED: lambda: True})

    assert clock.slept == [30.0]
    assert not budget.window("list", (1, 900))._queue


def test_clock_that_is_set_back_costs_a_window_at_most() -> None:
    window = Window(1, 900)
    assert window.take(lambda: 10_000.0) == 0.0
    window.settle(lambda: 10_000.0)
    window.close(12_000.0)
    assert window.take(lambda: 100.0) == 900.0
    assert window.take(lambda: 1000.0) == 0.0


def test_budget_is_shared_by_vendor_address_credential_and_clock() -> None:
    clock, other = SharedClock(), SharedClock()
    budget = shared_budget(KEY, clock)

    assert shared_budget(TokenKey("acme", "https://acme.example", Secret("key")), clock) is budget
    for changed in (
        TokenKey("other", "https://acme.example", Secret("key")),
        TokenKey("acme", "https://other.example", Secret("key")),
        TokenKey("acme", "https://acme.example", Secret("another")),
    ):
        assert shared_budget(changed, clock) is not budget
    assert shared_budget(KEY, other) is not budget
    assert shared_budget(KEY, clock.__call__) is shared_budget(KEY, clock.__call__)


def test_budget_of_the_process_outlives_its_clients_and_a_tests_clock_takes_its_budget_along() -> None:
    import time

    window = shared_budget(KEY, time.time).window("only-here", (1, 900))
    del window
    gc.collect()
    assert "only-here" in shared_budget(KEY, time.time)._windows

    from assaykit.core import budget

    before = len(budget._shared)
    clock = SharedClock()
    shared_budget(KEY, clock)
    assert len(budget._shared) == before + 1
    del clock
    gc.collect()
    assert len(budget._shared) == before
