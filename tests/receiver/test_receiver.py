"""The receiver without a framework."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest

import assaykit
from assaykit import podium
from assaykit.receiver import Claim, MemoryDuplicateStore, Receiver
from tests.receiver.support import SECRET, Acme, Finished, Handler, post


def test_any_identity_seen_before_is_a_duplicate() -> None:
    handler = Handler()
    receiver = Receiver(Acme(), handler)

    statuses = [post(receiver, x_delivery="d-1"), post(receiver, x_delivery="d-2"), post(receiver)]

    assert [b"duplicate" in answer.body for answer in statuses] == [False, True, True]
    assert len(handler.events) == 1


def test_events_without_identity_are_all_handled() -> None:
    class Anonymous(Acme):
        def identities(self, headers: object, event: Finished) -> tuple[str, ...]:
            return ()

    handler = Handler()
    receiver = Receiver(Anonymous(), handler)

    assert [post(receiver).status for _ in range(2)] == [200, 200]
    assert len(handler.events) == 2


def test_failed_event_is_handled_at_the_next_attempt() -> None:
    handler = Handler(failures=2)
    receiver = Receiver(Acme(), handler)

    assert [post(receiver).status for _ in range(4)] == [500, 500, 200, 200]
    assert handler.events == [Finished("1")]


def test_interrupted_event_is_not_remembered() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    store = MemoryDuplicateStore()
    with pytest.raises(KeyboardInterrupt):
        post(Receiver(Acme(), Handler(then=interrupt), duplicates=store))

    assert post(Receiver(Acme(), Handler(), duplicates=store)).body == b'{"status": "received"}'


class BrokenStore(MemoryDuplicateStore):
    """Cannot be reached for one of its methods."""

    def __init__(self, broken: str) -> None:
        super().__init__()
        setattr(self, broken, self._fail)

    def _fail(self, identities: Sequence[str], owner: str) -> Claim:
        raise ConnectionError("no route to the store")


@pytest.mark.parametrize(("broken", "status", "handled"), [("claim", 500, 0), ("confirm", 200, 1)])
def test_store_that_cannot_be_reached_loses_nothing(broken: str, status: int, handled: int) -> None:
    handler = Handler()

    assert post(Receiver(Acme(), handler, duplicates=BrokenStore(broken))).status == status
    assert len(handler.events) == handled


def test_duplicate_waits_for_the_first_and_takes_over_when_that_fails() -> None:
    store = MemoryDuplicateStore()
    handler, waits = Handler(), list[float]()
    store.claim(["acme:id:1"], "the first")

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            store.release(["acme:id:1"], "the first")

    assert post(Receiver(Acme(), handler, duplicates=store, sleep=sleep)).status == 200
    assert (len(waits), len(handler.events)) == (3, 1)


def test_duplicate_does_not_wait_for_ever() -> None:
    store = MemoryDuplicateStore()
    handler, waits = Handler(), list[float]()
    store.claim(["acme:id:1"], "the first")

    answer = post(Receiver(Acme(), handler, duplicates=store, patience=2, sleep=waits.append))

    assert (answer.status, answer.headers["retry-after"]) == (503, "10")
    assert sum(waits) == pytest.approx(2)
    assert handler.events == []
    assert store.claim(["acme:id:1"], "another") is Claim.BUSY  # the claim of the first still stands


def test_unknown_kinds_are_delivered() -> None:
    handler = Handler()
    receiver = Receiver(podium.webhooks, handler)

    assert receiver.receive({}, b'{"event": "testStarted", "testId": "test1"}').status == 200
    assert handler.events == [podium.UnknownEvent("testStarted", {"event": "testStarted", "testId": "test1"})]


def test_refusals_show_the_field_but_no_value(caplog: pytest.LogCaptureFixture) -> None:
    person = "1-1-c57ffc13"
    body = f'{{"event": "testCompleted", "timeStamp": "t", "participantId": ["{person}"]}}'.encode()

    answer = Receiver(podium.webhooks, Handler()).receive({}, body)

    assert answer.status == 400
    assert b'"field": "$.participantId"' in answer.body
    assert "$.participantId" in caplog.text
    assert person not in caplog.text + answer.body.decode()


def test_route_without_a_place_for_the_secret_is_told(caplog: pytest.LogCaptureFixture) -> None:
    answer = Receiver(Acme(), Handler(), secret=SECRET).refusal("POST", {}, None)

    assert answer is not None
    assert answer.status == 404
    assert "no part named 'secret'" in caplog.text


def test_headers_are_found_in_any_case() -> None:
    receiver = Receiver(Acme(), Handler(), secret=SECRET, secret_header="X-Hook-Secret", max_bytes=10)

    refused = receiver.refusal("POST", {"x-hook-SECRET": SECRET, "Content-Length": "11"})

    assert refused is not None
    assert refused.status == 413
    assert receiver.refusal("POST", {"x-hook-SECRET": SECRET, "Content-Length": "10"}) is None
    assert [b"duplicate" in post(receiver, X_DELIVERY="d").body for _ in range(2)] == [False, True]


def test_secret_does_not_show() -> None:
    for header in (None, "X-Hook-Secret"):
        receiver = Receiver(podium.webhooks, Handler(), secret=SECRET, secret_header=header)
        shown = f"{receiver!r} {receiver} {receiver.secret!r} {vars(receiver)!r} {vars(receiver.secret)!r}"
        assert "Receiver(assaykit.podium.webhooks, Handler, secret in" in shown
        assert SECRET not in shown


async def _async_handler(event: object) -> None:
    raise AssertionError("never called")


class AsyncObject:
    """A handler that is an object."""

    async def __call__(self, event: object) -> None:
        await _async_handler(event)


def _receiver(**options: Any) -> Receiver[Finished]:
    return Receiver(Acme(), Handler(), **options)


@pytest.mark.parametrize(
    ("make", "argument"),
    [
        (lambda: _receiver(secret=""), "secret"),
        (lambda: _receiver(secret="short"), "secret"),
        (lambda: _receiver(secret="has/a/slash/that/is/split"), "secret"),
        (lambda: _receiver(secret_header="X-Hook-Secret"), "secret_header"),
        (lambda: _receiver(secret=SECRET, secret_header="X Hook"), "secret_header"),
        (lambda: _receiver(max_bytes=0), "max_bytes"),
        (lambda: _receiver(patience=-1), "patience"),
        (lambda: _receiver().flask_blueprint("hooks/acme"), "path"),
        (lambda: Receiver(Acme(), "print"), "handler"),  # type: ignore[arg-type]  # the mistake is the test
        (lambda: Receiver(podium, Handler()), "webhooks"),  # type: ignore[arg-type]  # the mistake is the test
        (lambda: Receiver(Acme(), _async_handler).flask_view(), "handler"),
        (lambda: Receiver(Acme(), _async_handler).flask_blueprint("/hooks"), "handler"),
        (lambda: Receiver(Acme(), AsyncObject()).flask_view(), "handler"),
        (lambda: Receiver(Acme(), _async_handler).receive({}, b""), "handler"),
    ],
)
def test_mistakes_are_told_at_once(make: Callable[[], object], argument: str) -> None:
    with pytest.raises(assaykit.ConfigurationError) as caught:
        make()

    assert caught.value.argument == argument
    assert caught.value.remedy


def test_async_function_in_disguise_is_told(caplog: pytest.LogCaptureFixture) -> None:
    receiver = Receiver(Acme(), lambda event: _async_handler(event))

    assert post(receiver).status == 500
    assert "give the async function itself" in caplog.text
    assert caplog.records[0].levelno == logging.ERROR


_IMPORTS = """
import sys
from assaykit import podium
from assaykit.receiver import Receiver
receiver = Receiver(podium.webhooks, print)
receiver.asgi()
print(sorted({"starlette", "fastapi", "flask", "django", "uvicorn"} & set(sys.modules)))
"""
_NO_PYDANTIC = """
import sys
sys.modules["pydantic"] = None
import assaykit
from assaykit import podium
from assaykit.receiver import Receiver
try:
    Receiver(podium.webhooks, print)
except assaykit.MissingExtra as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("program", "printed"),
    [(_IMPORTS, "[]\n"), (_NO_PYDANTIC, "webhooks are read with pydantic: pip install assaykit[webhooks]\n")],
)
def test_what_is_needed_and_when(program: str, printed: str) -> None:
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)

    assert done.stdout == printed
