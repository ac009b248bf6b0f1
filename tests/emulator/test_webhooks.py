"""The outbox: attempts recorded, retries on the world's clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.jsontext import loads
from assaykit.emulator.engine.webhooks import KEPT, Courier, send_with_httpx
from assaykit.emulator.engine.worlds import World
from tests.emulator.conftest import START
from tests.emulator.mini import mini


class Subscriber:
    """Answers with what the test sets, and keeps what came."""

    def __init__(self) -> None:
        self.answers: list[int | Exception | None] = []
        self.bodies: list[Any] = []

    def __call__(self, headers: Mapping[str, str], body: bytes) -> int | None:
        assert headers["content-type"] == "application/json"
        self.bodies.append(loads(body))
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def subscriber(world: World) -> Subscriber:
    made = Subscriber()
    world.outbox.subscribe("mini", ["made"], made, {"a": 1})
    return made


def _emit(world: World) -> None:
    state = world.states["mini"]
    for subscription in state.subscriptions("made"):
        state.emit(subscription, "made", {"id": 1, "name": "a", "made": state.now()})
    world.settle()


def _attempts(world: World) -> list[tuple[str, list[int | None]]]:
    return [
        (delivery["state"], [attempt["status"] for attempt in delivery["attempts"]])
        for delivery in world.outbox.deliveries()
    ]


def test_delivered_at_once_with_dates_in_the_vendors_form(world: World, subscriber: Subscriber) -> None:
    _emit(world)
    assert subscriber.bodies == [{"id": 1, "name": "a", "made": "2026-01-05T09:00:00.0000000Z"}]
    assert _attempts(world) == [("delivered", [200])]
    assert world.outbox.next_due() is None


def test_retried_on_the_vendors_schedule_and_then_given_up(world: World, subscriber: Subscriber) -> None:
    subscriber.answers = [500, ConnectionError("refused"), 302]
    _emit(world)
    world.clock.advance(seconds=59)
    assert _attempts(world) == [("pending", [500])]
    world.clock.advance(seconds=1)
    assert _attempts(world) == [("pending", [500, None])]
    assert world.outbox.deliveries()[0]["attempts"][1]["error"] == "ConnectionError: refused"
    world.clock.advance(seconds=300)
    assert _attempts(world) == [("failed", [500, None, 302])]
    world.clock.advance(days=1)
    assert len(subscriber.bodies) == 3


def test_a_retry_can_succeed(world: World, subscriber: Subscriber) -> None:
    subscriber.answers = [503]
    _emit(world)
    world.clock.advance(minutes=1)
    assert _attempts(world) == [("delivered", [503, 200])]


def test_redelivery(world: World, subscriber: Subscriber) -> None:
    _emit(world)
    delivery = world.outbox.deliveries()[0]["id"]
    assert world.outbox.redeliver(delivery)
    world.settle()
    assert _attempts(world) == [("delivered", [200, 200])]
    assert subscriber.bodies[0] == subscriber.bodies[1]
    assert not world.outbox.redeliver("delivery-77")


def test_only_subscribers_of_the_event_hear_of_it(world: World, subscriber: Subscriber) -> None:
    other = Subscriber()
    world.outbox.subscribe("mini", ["something else"], other, {})
    added = world.outbox.subscribe("mini", ["made"], other, {})
    assert world.outbox.unsubscribe(added.id)
    assert not world.outbox.unsubscribe(added.id)
    _emit(world)
    assert (len(subscriber.bodies), len(other.bodies)) == (1, 0)


def test_a_failed_request_sends_nothing(world: World, subscriber: Subscriber) -> None:
    def fail() -> None:
        with world.store.transaction():
            state = world.states["mini"]
            state.emit(state.subscriptions("made")[0], "made", {"id": 1})
            raise RuntimeError("refused")

    with pytest.raises(RuntimeError):
        fail()
    world.settle()
    assert subscriber.bodies == []


def test_a_subscriber_may_call_back(world: World) -> None:
    seen: list[int] = []

    def receive(headers: Mapping[str, str], body: bytes) -> None:
        seen.append(world.outbox.deliver_due())

    world.outbox.subscribe("mini", ["made"], receive, {})
    _emit(world)
    assert seen == [0]
    assert _attempts(world) == [("delivered", [200])]


def test_the_log_is_bounded(world: World, subscriber: Subscriber) -> None:
    for _ in range(KEPT + 20):
        _emit(world)
    assert len(world.outbox.deliveries()) <= KEPT
    assert len(subscriber.bodies) == KEPT + 20


def test_urls_are_posted_to_by_the_injected_sender() -> None:
    sent: list[tuple[str, bytes]] = []

    def sender(url: str, headers: Mapping[str, str], body: bytes, _: Courier) -> int:
        sent.append((url, body))
        return 204

    world = Emulator([mini()], sender=sender).make_world("a", ManualClock(START))
    world.outbox.subscribe("mini", ["made"], "http://127.0.0.1:9/hook", {})
    _emit(world)
    assert [url for url, _ in sent] == ["http://127.0.0.1:9/hook"]
    assert _attempts(world) == [("delivered", [204])]
    world.close()


@pytest.fixture
def refused_port() -> Iterator[int]:
    import socket

    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def test_nobody_listens(refused_port: int) -> None:
    with pytest.raises(httpx.ConnectError):
        send_with_httpx(f"http://127.0.0.1:{refused_port}/", {}, b"{}", Courier())
