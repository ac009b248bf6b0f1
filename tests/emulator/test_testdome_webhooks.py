"""Webhooks of the emulated TestDome, delivered to a real HTTP server; the clock is the world's."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import httpx
import pytest

from assaykit.emulator import vendors
from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.jsontext import loads
from assaykit.emulator.engine.serve import serve_in_thread
from assaykit.emulator.engine.webhooks import Courier, send_with_httpx
from assaykit.emulator.engine.worlds import World
from tests.emulator.conftest import START
from tests.emulator.testdome_calls import ADA, OTHER, TEST, TOM, act, invite, invited, signed_in

KEY_OF_TOM = "3b6c0f52d7ab41f5a7b6a1c3e98d4f10"
HEADER = "X-TestDome-CorrelationId"


class Receiver(ThreadingHTTPServer):
    """Keeps every request, and answers `/hook` with what the test sets; `/moved` leads to `/hook`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[int] = []
        self.came: list[tuple[str, str, Mapping[str, str], bytes]] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def events(self) -> list[Any]:
        return [loads(body) for method, path, _, body in self.came if (method, path) == ("POST", "/hook")]


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Receiver

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.came.append((self.command, self.path, dict(self.headers), body))
        if self.path.startswith("/moved/"):
            self.send_response(int(self.path.rpartition("/")[2]))
            self.send_header("Location", "/hook")
        elif self.path == "/slow":
            time.sleep(0.5)
            self.send_response(200)
        else:
            self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET = _answer  # noqa: N815 - the names that the base class looks for

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def subscribe(world: World, url: str, **options: Any) -> None:
    world.outbox.subscribe("testdome", ["candidateFinalState"], url, options)


def attempts(world: World) -> list[tuple[str, list[int | None]]]:
    return [
        (delivery["state"], [attempt["status"] for attempt in delivery["attempts"]])
        for delivery in world.outbox.deliveries()
    ]


def test_only_final_statuses_are_told(testdome: httpx.Client, testdome_world: World, receiver: Receiver) -> None:
    subscribe(testdome_world, f"{receiver.url}/hook")
    first, second = invited(testdome, "a@example.com"), invited(testdome, "b@example.com")
    act(testdome_world, "start", candidateId=TOM)
    act(testdome_world, "pause", candidateId=TOM)
    testdome.put(f"/v3/tests/{TEST}/candidates/proctoring-consent")
    assert receiver.came == []
    act(testdome_world, "complete", candidateId=TOM)
    testdome.post(f"/v3/candidates/{first['id']}/cancel-invite")
    assert len(receiver.came) == 2
    body = {"candidateIds": [second["id"]], "newDeadline": "2026-01-05T09:01:00Z"}
    testdome.put(f"/v3/tests/{TEST}/candidates/deadline", json=body)
    testdome_world.clock.advance(minutes=1)
    assert receiver.events == [
        {"candidateId": KEY_OF_TOM, "testId": TEST, "status": "Completed"},
        {"candidateId": first["invitationKey"], "testId": TEST, "status": "Canceled"},
        {"candidateId": second["invitationKey"], "testId": TEST, "status": "DidNotTake"},
    ]
    ids = [headers[HEADER] for _, _, headers, _ in receiver.came]
    assert len({UUID(text) for text in ids}) == 3


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_is_success(testdome_world: World, receiver: Receiver, status: int) -> None:
    subscribe(testdome_world, f"{receiver.url}/hook")
    receiver.answers = [status]
    act(testdome_world, "complete", candidateId=TOM)
    testdome_world.clock.advance(days=1)
    assert attempts(testdome_world)[0] == ("delivered", [status])


def test_one_failure_is_tried_again_under_the_same_id(testdome_world: World, receiver: Receiver) -> None:
    subscribe(testdome_world, f"{receiver.url}/hook")
    receiver.answers = [500]
    act(testdome_world, "complete", candidateId=TOM)
    testdome_world.clock.advance(seconds=59)
    assert attempts(testdome_world) == [("pending", [500])]
    testdome_world.clock.advance(seconds=1)
    assert attempts(testdome_world) == [("delivered", [500, 200])]
    first, second = receiver.came
    assert (first[2][HEADER], first[3]) == (second[2][HEADER], second[3])


def test_it_is_tried_again_once_alone(testdome_world: World, receiver: Receiver) -> None:
    subscribe(testdome_world, f"{receiver.url}/hook")
    receiver.answers = [503, 404, 200]
    act(testdome_world, "complete", candidateId=TOM)
    testdome_world.clock.advance(hours=1)
    assert attempts(testdome_world) == [("failed", [503, 404])]
    testdome_world.clock.advance(hours=1)
    assert len(receiver.came) == 2


@pytest.mark.parametrize("status", [307, 308])
def test_redirects_are_followed_with_everything(testdome_world: World, receiver: Receiver, status: int) -> None:
    subscribe(testdome_world, f"{receiver.url}/moved/{status}")
    act(testdome_world, "complete", candidateId=TOM)
    assert attempts(testdome_world) == [("delivered", [200])]
    moved, kept = receiver.came
    assert (kept[:2], kept[3]) == (("POST", "/hook"), moved[3])
    assert (kept[2][HEADER], kept[2]["content-type"]) == (moved[2][HEADER], "application/json")


def test_a_redirect_to_get_is_followed_as_http_says(testdome_world: World, receiver: Receiver) -> None:
    subscribe(testdome_world, f"{receiver.url}/moved/303")
    act(testdome_world, "complete", candidateId=TOM)
    assert attempts(testdome_world) == [("delivered", [200])]
    assert [(method, path) for method, path, _, _ in receiver.came] == [("POST", "/moved/303"), ("GET", "/hook")]


def test_an_event_that_comes_twice_has_another_id(testdome_world: World, receiver: Receiver) -> None:
    subscribe(testdome_world, f"{receiver.url}/hook")
    for _ in range(2):
        act(testdome_world, "repeat-event", candidateId=ADA)
    first, second = receiver.came
    assert first[3] == second[3]
    assert first[2][HEADER] != second[2][HEADER]


def test_each_account_hears_of_its_own_candidates(testdome_world: World, receiver: Receiver) -> None:
    subscribe(testdome_world, f"{receiver.url}/hook")
    subscribe(testdome_world, f"{receiver.url}/other", account="other")
    act(testdome_world, "complete", candidateId=9_000_002)
    assert [path for _, path, _, _ in receiver.came] == ["/other"]
    with signed_in(testdome_world, OTHER) as other:
        invite(other, "a@example.com", test=2_000_001)
    act(testdome_world, "complete", candidateId=TOM)
    assert [path for _, path, _, _ in receiver.came] == ["/other", "/hook"]


def test_a_payload_can_be_written_by_hand(testdome_world: World, receiver: Receiver) -> None:
    subscribe(testdome_world, f"{receiver.url}/hook")
    act(testdome_world, "set-field", kind="webhooks", id=ADA, field="status", value="Suspended")
    act(testdome_world, "set-field", kind="webhooks", id=ADA, field="unheardOf", value=[1])
    act(testdome_world, "repeat-event", candidateId=ADA)
    [event] = receiver.events
    assert (event["status"], event["unheardOf"]) == ("Suspended", [1])


def test_thirty_seconds_and_redirects_are_asked_of_the_sender() -> None:
    asked: list[Courier] = []

    def sender(url: str, headers: Mapping[str, str], body: bytes, courier: Courier) -> int:
        asked.append(courier)
        raise TimeoutError(url, headers, body)

    world = Emulator([vendors.load("testdome")], sender=sender).make_world("a", ManualClock(START))
    subscribe(world, "http://127.0.0.1:9/hook")
    act(world, "complete", candidateId=TOM)
    world.clock.advance(minutes=1)
    assert [(courier.timeout, courier.follow_redirects) for courier in asked] == [(30, True)] * 2
    assert attempts(world) == [("failed", [None, None])]
    world.close()


def test_a_slow_receiver_times_out(receiver: Receiver) -> None:
    with pytest.raises(httpx.ReadTimeout):
        send_with_httpx(f"{receiver.url}/slow", {}, b"{}", Courier(timeout=0.1))
    assert send_with_httpx(f"{receiver.url}/moved/307", {}, b"{}", Courier()) == 307


def test_a_served_world_tells_of_deadlines_by_itself(receiver: Receiver) -> None:
    """With a clock that runs, nobody moves it and nobody asks; the server notices."""
    emulator = Emulator([vendors.load("testdome")], deliver=False)
    with serve_in_thread(emulator):
        world = emulator.world()
        with signed_in(world) as client:
            subscribe(world, f"{receiver.url}/hook")
            deadline = (world.clock.now() + timedelta(seconds=0.3)).isoformat()
            body = {"candidateIds": [TOM], "newDeadline": deadline}
            assert client.put(f"/v3/tests/{TEST}/candidates/deadline", json=body).json() == {"failedCandidateIds": []}
        waited = 0.0
        while not receiver.events and waited < 10:
            time.sleep(0.05)
            waited += 0.05
    assert receiver.events == [{"candidateId": KEY_OF_TOM, "testId": TEST, "status": "DidNotTake"}]
    emulator.close()
