"""What the clock makes due in a vendor's part of a world, and how the vendor delivers what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from assaykit.emulator.engine.clock import ManualClock, SystemClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.message import Request
from assaykit.emulator.engine.vendor import Vendor
from assaykit.emulator.engine.webhooks import Courier
from assaykit.emulator.engine.worlds import State, World
from tests.emulator.conftest import START
from tests.emulator.mini import AUTH, ITEMS, mini

HOUR = timedelta(hours=1)


def _expire(state: State) -> None:
    """Rename every item after an hour, once, and tell so."""
    if state.clock.now() < START + HOUR:
        return
    for item in state.store.find(ITEMS):
        if item["name"] != "old":
            item["name"] = "old"
            state.store.replace(ITEMS, str(item["id"]), item)
            for subscription in state.subscriptions("made"):
                state.emit(subscription, "made", item)


class _Sender:
    """Keeps what was posted, and fails as often as told."""

    def __init__(self) -> None:
        self.posted: list[tuple[Mapping[str, str], Courier]] = []
        self.failures = 0

    def __call__(self, _: str, headers: Mapping[str, str], body: bytes, courier: Courier) -> int:
        self.posted.append((headers, courier))
        return 500 if len(self.posted) <= self.failures else 200


@pytest.fixture
def sender() -> _Sender:
    return _Sender()


def _vendor() -> Vendor:
    return replace(
        mini(),
        catch_up=_expire,
        delivery_header="X-Delivery",
        delivery_timeout=7.0,
        follow_redirects=True,
        actions={"names": lambda state, _: [item["name"] for item in state.store.find(ITEMS)]},
    )


@pytest.fixture
def expiring(sender: _Sender) -> Iterator[World]:
    made = Emulator([_vendor()], sender=sender).make_world("a", ManualClock(START))
    made.outbox.subscribe("mini", ["made"], "http://127.0.0.1:9/", {})
    yield made
    made.close()


def test_it_happens_before_a_request_and_webhooks_follow_it(sender: _Sender) -> None:
    """A clock that runs tells nobody."""
    now = [START]
    clock = SystemClock(source=lambda: now[0])
    running = Emulator([_vendor()], sender=sender).make_world("running", clock)
    running.outbox.subscribe("mini", ["made"], "http://127.0.0.1:9/", {})
    now[0] += HOUR
    assert sender.posted == []
    assert b'"old"' in running.handle("mini", Request("GET", "/items", b"", AUTH)).body
    assert len(sender.posted) == 1
    running.close()


def test_it_happens_before_an_action(expiring: World) -> None:
    assert expiring.act("mini", "names", {}) == ["first"]
    expiring.clock.advance(hours=1)
    assert expiring.act("mini", "names", {}) == ["old"]


def test_it_happens_when_the_clock_is_moved(expiring: World, sender: _Sender) -> None:
    expiring.clock.advance(minutes=59)
    assert sender.posted == []
    expiring.clock.advance(minutes=1)
    assert len(sender.posted) == 1


def test_a_delivery_keeps_its_id_and_the_vendors_ways(expiring: World, sender: _Sender) -> None:
    sender.failures = 2
    expiring.clock.advance(hours=1)
    expiring.clock.advance(minutes=10)
    expiring.clock.advance(minutes=10)
    ids = [UUID(headers["X-Delivery"]) for headers, _ in sender.posted]
    assert ids == [ids[0]] * 3
    assert {(courier.timeout, courier.follow_redirects) for _, courier in sender.posted} == {(7.0, True)}
    [delivery] = expiring.outbox.deliveries()
    assert delivery["headers"] == {"X-Delivery": str(ids[0])}


def test_a_vendor_without_such_a_header_sends_none(world: World) -> None:
    received: list[Mapping[str, str]] = []
    world.outbox.subscribe("mini", ["made"], lambda headers, body: received.append(headers), {})
    state = world.states["mini"]
    state.emit(state.subscriptions("made")[0], "made", {"id": 1})
    world.settle()
    assert [set(headers) for headers in received] == [{"content-type", "user-agent"}]
