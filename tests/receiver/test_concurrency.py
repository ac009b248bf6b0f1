"""The same event twice at the same time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from starlette.applications import Starlette

from assaykit.receiver import Receiver
from tests.receiver.support import SECRET, Acme, Finished, Handler, post


@pytest.mark.parametrize(("failures", "statuses"), [(0, [200, 200]), (1, [500, 200])])
def test_two_threads(failures: int, statuses: list[int]) -> None:
    entered, waiting = threading.Event(), threading.Event()
    running = threading.Semaphore(1)

    def meet() -> None:
        assert running.acquire(blocking=False), "the handler runs twice at a time"
        entered.set()
        assert waiting.wait(10)
        running.release()

    def sleep(seconds: float) -> None:
        waiting.set()
        threading.Event().wait(0.002)

    handler = Handler(failures, then=meet)
    receiver = Receiver(Acme(), handler, sleep=sleep, patience=1000)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(post, receiver, x_delivery="d-1")
        assert entered.wait(10)
        second = pool.submit(post, receiver, x_delivery="d-2")

        assert [first.result(20).status, second.result(20).status] == statuses
    assert len(handler.events) == 1


def _client(receiver: Receiver[Finished]) -> httpx.AsyncClient:
    app = Starlette()
    app.mount("/hooks", receiver.asgi())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test/hooks")


@pytest.mark.anyio
@pytest.mark.parametrize(("failures", "statuses"), [(0, [200, 200]), (1, [500, 200])])
async def test_two_tasks(failures: int, statuses: list[int]) -> None:
    entered, waiting = asyncio.Event(), asyncio.Event()
    handler, running = Handler(failures), 0

    async def on_event(event: Finished) -> None:
        nonlocal running
        running += 1
        assert running == 1
        entered.set()
        await waiting.wait()
        running -= 1
        handler(event)

    async def sleep(seconds: float) -> None:
        waiting.set()
        await asyncio.sleep(0)

    receiver = Receiver(Acme(), on_event, secret=SECRET, async_sleep=sleep, patience=1000)
    async with _client(receiver) as client, asyncio.timeout(20):
        first = asyncio.create_task(client.post(f"/{SECRET}", json={"id": "1"}))
        await entered.wait()
        second = await client.post(f"/{SECRET}", json={"id": "1"})

        assert [(await first).status_code, second.status_code] == statuses
    assert len(handler.events) == 1


@pytest.mark.anyio
async def test_impatient_duplicate_is_told_to_come_again() -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def on_event(event: Finished) -> None:
        entered.set()
        await leave.wait()

    async with _client(Receiver(Acme(), on_event, patience=0)) as client, asyncio.timeout(20):
        first = asyncio.create_task(client.post("/", json={"id": "1"}))
        await entered.wait()
        second = await client.post("/", json={"id": "1"})
        leave.set()

        assert (second.status_code, second.headers["retry-after"]) == (503, "10")
        assert (await first).status_code == 200


@pytest.mark.anyio
async def test_sync_handler_does_not_block_the_loop() -> None:
    entered, leave = threading.Event(), threading.Event()

    def on_event(event: Finished) -> None:
        entered.set()
        assert leave.wait(10)

    async with _client(Receiver(Acme(), on_event)) as client, asyncio.timeout(20):
        first = asyncio.create_task(client.post("/", json={"id": "1"}))
        while not entered.is_set():
            await asyncio.sleep(0.001)
        other = await client.get("/")
        leave.set()

        assert other.status_code == 405
        assert (await first).status_code == 200


@pytest.mark.anyio
@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_cancelled_request_is_handled_to_its_end(kind: str) -> None:
    entered, leave = threading.Event(), threading.Event()
    handler = Handler()

    def on_event(event: Finished) -> None:
        entered.set()
        assert leave.wait(10)
        handler(event)

    async def on_event_async(event: Finished) -> None:
        await asyncio.to_thread(on_event, event)

    receiver = Receiver(Acme(), on_event if kind == "sync" else on_event_async)
    async with _client(receiver) as client, asyncio.timeout(20):
        first = asyncio.create_task(client.post("/", json={"id": "1"}))
        while not entered.is_set():
            await asyncio.sleep(0.001)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        leave.set()
        second = await client.post("/", json={"id": "1"})

    assert second.json() == {"status": "duplicate"}
    assert len(handler.events) == 1


@pytest.mark.anyio
async def test_body_that_breaks_off_is_not_handled() -> None:
    handler = Handler()
    sent: list[object] = []
    messages: Iterator[dict[str, object]] = iter(
        [{"type": "http.request", "body": b'{"id": "1"}', "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> dict[str, object]:
        return next(messages)

    async def send(message: object) -> None:
        sent.append(message)

    await Receiver(Acme(), handler).asgi()(
        {"type": "http", "method": "POST", "path": "/", "headers": []}, receive, send
    )

    assert (handler.events, sent) == ([], [])
