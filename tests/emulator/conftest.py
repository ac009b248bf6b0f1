"""Worlds for the emulator's own tests; every reply in them is compared with its specification."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from assaykit.emulator import vendors
from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.jsontext import loads
from assaykit.emulator.engine.message import Reply, Request
from assaykit.emulator.engine.transport import EmulatorTransport, base_url
from assaykit.emulator.engine.worlds import World
from tests.emulator import testdome_calls
from tests.emulator.mini import AUTH, mini

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def mini_emulator() -> Emulator:
    return Emulator([mini()], check_replies=True)


@pytest.fixture
def world(mini_emulator: Emulator) -> Iterator[World]:
    made = mini_emulator.make_world("mini", ManualClock(START))
    yield made
    made.close()


class Answer:
    """A reply with its body parsed."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.status = reply.status
        self.json: Any = loads(reply.body) if reply.body else None

    @property
    def fields(self) -> dict[str, str]:
        fields: dict[str, str] = self.json["fields"]
        return fields


Ask = Callable[..., Answer]


@pytest.fixture
def ask(world: World) -> Ask:
    """Send one request to the mini vendor, with its key unless headers say else."""

    def send(
        method: str,
        path: str,
        *,
        body: bytes = b"",
        query: bytes = b"",
        headers: dict[str, str] | None = None,
        media: str | None = "application/json",
    ) -> Answer:
        sent = dict(AUTH if headers is None else headers)
        if body and media is not None:
            sent["content-type"] = media
        return Answer(world.handle("mini", Request(method, path, query, sent, body, "https://mini.test")))

    return send


@pytest.fixture(scope="session")
def podium_vendors() -> Emulator:
    return Emulator([vendors.load("podium")], check_replies=True)


@pytest.fixture
def podium_world(podium_vendors: Emulator) -> Iterator[World]:
    made = podium_vendors.make_world("podium", ManualClock(START))
    yield made
    made.close()


@pytest.fixture
def podium(podium_world: World) -> Iterator[httpx.Client]:
    """Return a plain httpx client of a Podium world, signed in with the start world's key."""
    with signed_in(podium_world) as client:
        yield client


@contextmanager
def signed_in(world: World, api_key: str = "assaykit-demo-key") -> Iterator[httpx.Client]:
    """Open a client in process with a token."""
    with httpx.Client(transport=EmulatorTransport(world), base_url=base_url("podium")) as client:
        answer = client.post("/token", json={"apiKey": api_key})
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        yield client


@pytest.fixture(scope="session")
def talentics_vendors() -> Emulator:
    return Emulator([vendors.load("talentics")], check_replies=True)


@pytest.fixture
def talentics_world(talentics_vendors: Emulator) -> Iterator[World]:
    made = talentics_vendors.make_world("talentics", ManualClock(START))
    yield made
    made.close()


@pytest.fixture
def talentics(talentics_world: World) -> Iterator[httpx.Client]:
    """Return a plain httpx client of a Talentics world; the base URL is the vendor's real one."""
    with httpx.Client(
        transport=EmulatorTransport(talentics_world),
        base_url="https://api.talentics.id",
        auth=("assaykit-demo-app", "assaykit-demo-secret"),
    ) as client:
        yield client


@pytest.fixture(scope="session")
def testdome_vendors() -> Emulator:
    return Emulator([vendors.load("testdome")], check_replies=True)


@pytest.fixture
def testdome_world(testdome_vendors: Emulator) -> Iterator[World]:
    made = testdome_vendors.make_world("testdome", ManualClock(START))
    yield made
    made.close()


@pytest.fixture
def testdome(testdome_world: World) -> Iterator[httpx.Client]:
    """Return a plain httpx client of a TestDome world, signed in with the start world's client credentials."""
    with testdome_calls.signed_in(testdome_world) as client:
        yield client
