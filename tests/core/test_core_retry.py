"""The retry policy: what is repeated, how often, after what wait."""

from __future__ import annotations

import asyncio
import logging
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Self

import httpx
import pytest

from assaykit.core.errors import ApiError, ConnectionFailed, RateLimited, ServerError
from assaykit.core.retry import STREAMED, RetryEvent, RetryPolicy, RetryTransport
from tests.core.support import Answer, Clock, Server

AFTER = {"Retry-After": "7"}


def refused_certificate() -> httpx.ConnectError:
    error = httpx.ConnectError("certificate verify failed")
    error.__cause__ = ssl.SSLCertVerificationError("self-signed")
    return error


@dataclass(frozen=True)
class Answered:
    """An answer that is made anew for each test."""

    status: int
    after: str | None = None

    def __call__(self, _request: httpx.Request) -> httpx.Response:
        return httpx.Response(self.status, headers={} if self.after is None else {"Retry-After": self.after})


# what happened, repeated for an idempotent operation, for any operation
TABLE: list[tuple[Answer, bool, bool]] = [
    (httpx.ConnectError("refused"), True, True),
    (httpx.ConnectTimeout("slow"), True, True),
    (httpx.PoolTimeout("full"), True, True),
    (refused_certificate(), False, False),
    (httpx.ReadTimeout("slow"), True, False),
    (httpx.WriteTimeout("slow"), True, False),
    (httpx.ReadError("reset"), True, False),
    (httpx.RemoteProtocolError("cut off"), True, False),
    (httpx.UnsupportedProtocol("gopher"), False, False),
    (Answered(429, "7"), True, True),
    (Answered(503, "7"), True, True),
    (Answered(429), True, False),
    (Answered(503), True, False),
    (Answered(500), True, False),
    (Answered(500, "7"), True, False),
    (Answered(502), True, False),
    (Answered(504), True, False),
    (Answered(429, "61"), False, False),
    (Answered(503, "61"), False, False),
    (Answered(400), False, False),
    (Answered(404), False, False),
    (Answered(409, "7"), False, False),
]


def name(value: object) -> str:
    return type(value).__name__ if isinstance(value, Exception) else str(value)


@pytest.mark.parametrize(("happened", "idempotent", "others"), TABLE, ids=name)
def test_table_sync(happened: Answer, idempotent: bool, others: bool) -> None:
    for operation, repeated in (("get", idempotent), ("create", others)):
        server = Server(answers=[happened])
        with server.client() as api:
            if repeated:
                assert getattr(api.things, operation)() == {"id": "1"}
            else:
                with pytest.raises(ApiError):
                    getattr(api.things, operation)()

        assert len(server.requests) == (2 if repeated else 1)


@pytest.mark.anyio
@pytest.mark.parametrize(("happened", "idempotent", "others"), TABLE, ids=name)
async def test_table_async(happened: Answer, idempotent: bool, others: bool) -> None:
    for operation, repeated in (("get", idempotent), ("create", others)):
        server = Server(answers=[happened])
        async with server.async_client() as api:
            if repeated:
                assert await getattr(api.things, operation)() == {"id": "1"}
            else:
                with pytest.raises(ApiError):
                    await getattr(api.things, operation)()

        assert len(server.requests) == (2 if repeated else 1)


@pytest.mark.parametrize(("method", "attempts"), [("GET", 2), ("PUT", 2), ("DELETE", 2), ("POST", 1), ("PATCH", 1)])
def test_without_an_operation_the_method_decides(method: str, attempts: int) -> None:
    answers = [httpx.Response(500), httpx.Response(200)]
    transport = RetryTransport(httpx.MockTransport(lambda _: answers.pop(0)), sleep=lambda _: None)
    with httpx.Client(transport=transport) as client:
        client.request(method, "https://acme.example/")

    assert 2 - len(answers) == attempts


@pytest.mark.parametrize(
    ("jitter", "expected"), [(0.0, [0.5, 1.0, 2.0, 4.0, 8.0, 8.0]), (0.5, [0.375, 0.75, 1.5, 3.0, 6.0, 6.0])]
)
def test_waits_grow_to_the_cap_and_jitter_shortens_them(jitter: float, expected: list[float]) -> None:
    clock = Clock()
    server = Server(clock, [httpx.Response(500) for _ in range(6)])
    with server.client(max_retries=6, jitter=lambda: jitter) as api:
        api.things.get()

    assert clock.slept == expected


def test_retry_after_is_waited_for_exactly() -> None:
    clock = Clock(now=784_111_777.0)
    date = {"Retry-After": "Sun, 06 Nov 1994 08:49:52 GMT"}
    server = Server(clock, [httpx.Response(429, headers=AFTER), httpx.Response(503, headers=date)])
    with server.client() as api:
        api.things.create()

    assert clock.slept == [7.0, 8.0]  # the date is 15 seconds away, of which 7 have passed


def test_retries_end_and_the_last_answer_is_the_error() -> None:
    clock = Clock()
    server = Server(clock, [httpx.Response(500 + number) for number in range(5)])
    with server.client(max_retries=2) as api, pytest.raises(ServerError) as caught:
        api.things.get()

    assert caught.value.status == 502
    assert len(server.requests) == 3
    assert len(clock.slept) == 2


def test_retries_end_and_the_last_failure_is_raised() -> None:
    last = httpx.ConnectError("second")
    server = Server(answers=[httpx.ConnectError("first"), last])
    with server.client(max_retries=1) as api, pytest.raises(ConnectionFailed, match="second") as caught:
        api.things.create()

    assert caught.value.__cause__ is last


def test_clone_may_have_its_own_number_of_retries() -> None:
    server = Server(answers=[httpx.Response(500), httpx.Response(500)])
    with server.client(max_retries=5) as api:
        with pytest.raises(ServerError):
            api.with_options(max_retries=0).things.get()

        assert len(server.requests) == 1
        api.things.get()


def test_hook_and_log_line_tell_of_each_retry(caplog: pytest.LogCaptureFixture) -> None:
    events: list[RetryEvent] = []
    server = Server(answers=[httpx.Response(503, headers=AFTER), httpx.ConnectError("refused")])
    with caplog.at_level(logging.INFO, "assaykit.retry"), server.client(on_retry=events.append) as api:
        api.things.create("x")

    assert [(event.attempt, event.max_retries, event.wait, event.status) for event in events] == [
        (1, 2, 7.0, 503),
        (2, 2, 1.0, None),
    ]
    assert isinstance(events[1].error, httpx.ConnectError)
    assert events[0].operation == "things_create"
    assert events[0].method == "POST"
    assert events[0].url == "https://acme.example/api/things"
    assert [record.getMessage() for record in caplog.records] == [
        "things_create: status 503, retry 1 of 2 in 7.00 s",
        "things_create: ConnectError, retry 2 of 2 in 1.00 s",
    ]


class Stream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that arrives in pieces, breaks if told to, and remembers whether it was closed."""

    def __init__(self, parts: list[bytes], breaks: bool = False) -> None:
        self.parts, self.breaks, self.closed = parts, breaks, False

    def __iter__(self) -> Iterator[bytes]:
        yield from self.parts
        if self.breaks:
            raise httpx.ReadError("reset")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self:
            yield part

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


def test_body_that_breaks_off_counts_as_a_failed_attempt() -> None:
    broken = Stream([b'{"id":'], breaks=True)
    server = Server(
        answers=[httpx.Response(200, stream=broken), httpx.Response(200, stream=Stream([b'{"id":', b'"2"}']))]
    )
    with server.client() as api:
        assert api.things.get() == {"id": "2"}

    assert broken.closed


@pytest.mark.anyio
async def test_body_that_breaks_off_counts_as_a_failed_attempt_async() -> None:
    broken = Stream([b'{"id":'], breaks=True)
    server = Server(
        answers=[httpx.Response(200, stream=broken), httpx.Response(200, stream=Stream([b'{"id":', b'"2"}']))]
    )
    async with server.async_client() as api:
        assert await api.things.get() == {"id": "2"}

    assert broken.closed


def test_streamed_success_is_handed_over_as_it_comes_and_a_streamed_failure_is_read() -> None:
    endless, refused = Stream([b"part"], breaks=True), Stream([b'{"error":'], breaks=True)
    answers = [httpx.Response(404, stream=refused), httpx.Response(200, stream=endless)]
    transport = RetryTransport(httpx.MockTransport(lambda _: answers.pop(0)), sleep=lambda _: None)
    with httpx.Client(transport=transport) as client:
        request = client.build_request("GET", "https://acme.example/", extensions={"operation": "x", STREAMED: True})
        response = client.send(request, stream=True)
        assert response.status_code == 200  # the broken 404 was a failed attempt
        pieces = response.iter_raw()
        assert next(pieces) == b"part"
        with pytest.raises(httpx.ReadError):
            next(pieces)
        response.close()

    assert refused.closed
    assert endless.closed


def test_failed_answers_are_closed_before_the_next_attempt() -> None:
    failed = Stream([b"busy"])
    answers = [httpx.Response(503, stream=failed), httpx.Response(200)]

    def handle(_request: httpx.Request) -> httpx.Response:
        assert len(answers) == 2 or failed.closed
        return answers.pop(0)

    transport = RetryTransport(httpx.MockTransport(handle), sleep=lambda _: None)
    with httpx.Client(transport=transport) as client, client.stream("GET", "https://acme.example/") as response:
        assert response.status_code == 200

    assert failed.closed


class Uploads(httpx.BaseTransport):
    """Takes the request body piece by piece, as a network does, and is busy."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        self.bodies.append(b"".join(request.stream))
        return httpx.Response(503, headers=AFTER)


def test_request_body_that_is_a_stream_is_sent_once() -> None:
    uploads = Uploads()
    with httpx.Client(transport=RetryTransport(uploads, sleep=lambda _: None)) as client:
        response = client.put("https://acme.example/", content=iter([b"once"]))
        assert response.status_code == 503
        assert uploads.bodies == [b"once"]

        client.put("https://acme.example/", content=b"again")
        assert uploads.bodies == [b"once", b"again", b"again", b"again"]


def test_elapsed_time_stays_readable() -> None:
    server = Server(answers=[httpx.Response(200, stream=Stream([b"{}"]))])
    with server.client() as api:
        _, response = api.raw(api.things.get)

    assert response.elapsed.total_seconds() >= 0


def test_tenacity_is_not_imported_before_a_call_has_failed() -> None:
    program = """
import sys, httpx
from assaykit.core.retry import RetryTransport
answers = [httpx.Response(200), httpx.Response(404), httpx.Response(500), httpx.Response(200)]
transport = RetryTransport(httpx.MockTransport(lambda _: answers.pop(0)), sleep=lambda _: None)
client = httpx.Client(transport=transport)
client.get("https://acme.example/"); client.get("https://acme.example/")
assert "tenacity" not in sys.modules
client.get("https://acme.example/")
assert "tenacity" in sys.modules
"""
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True)


def test_policy_is_stated_in_the_event_and_limits_are_kept() -> None:
    policy = RetryPolicy(max_retries=1, longest_retry_after=5.0)
    transport = RetryTransport(
        httpx.MockTransport(lambda _: httpx.Response(429, headers=AFTER)), policy, sleep=lambda _: None
    )
    with httpx.Client(transport=transport) as client:
        assert client.get("https://acme.example/").status_code == 429


def test_rate_limit_that_stays_is_raised_with_its_wait() -> None:
    server = Server(answers=[httpx.Response(429, headers=AFTER) for _ in range(3)])
    with server.client() as api, pytest.raises(RateLimited) as caught:
        api.things.create()

    assert caught.value.retry_after == 7.0
    assert len(server.requests) == 3


def test_transport_opens_and_closes_the_one_below() -> None:
    calls: list[str] = []

    class Below(httpx.MockTransport):
        def __enter__(self) -> Self:
            calls.append("enter")
            return self

        def __exit__(self, *_error: object) -> None:
            calls.append("exit")

    with httpx.Client(transport=RetryTransport(Below(lambda _: httpx.Response(200)))):
        pass

    assert calls == ["enter", "exit"]


@pytest.mark.anyio
async def test_transport_opens_and_closes_the_one_below_async() -> None:
    calls: list[str] = []

    class Below(httpx.MockTransport):
        async def __aenter__(self) -> Self:
            calls.append("enter")
            return self

        async def __aexit__(self, *_error: object) -> None:
            calls.append("exit")

    async with httpx.AsyncClient(transport=RetryTransport(Below(lambda _: httpx.Response(200)))):
        pass

    assert calls == ["enter", "exit"]


@pytest.mark.anyio
async def test_async_wait_leaves_the_event_loop_free() -> None:
    answers = [httpx.Response(503), httpx.Response(200)]
    policy = RetryPolicy(initial=0.02)
    transport = RetryTransport(httpx.MockTransport(lambda _: answers.pop(0)), policy, jitter=lambda: 0.0)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while answers:
            ticks += 1
            await asyncio.sleep(0.001)

    async with httpx.AsyncClient(transport=transport) as client:
        response, _ = await asyncio.gather(client.get("https://acme.example/"), tick())

    assert response.status_code == 200
    assert ticks > 3
