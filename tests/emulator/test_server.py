"""The emulator on a socket: URL space, wire faults, control API, webhooks to a real receiver."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.jsontext import loads
from assaykit.emulator.engine.serve import PortTaken, bind, serve_in_thread
from tests.emulator.mini import AUTH, mini


@dataclass
class Served:
    """A running server."""

    emulator: Emulator
    url: str


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    emulator = Emulator([mini()], check_replies=True, deliver=False)
    with serve_in_thread(emulator) as url:
        yield Served(emulator, url)
    emulator.close()


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, headers=AUTH, timeout=5, trust_env=False) as made:
        yield made
        made.post("/_emulator/worlds/default/reset").raise_for_status()


CONTROL = "/_emulator/worlds/default"


def test_round_trip_over_http(client: httpx.Client, served: Served) -> None:
    created = client.post("/mini/items", json={"name": "ink"})
    assert created.headers["location"] == f"{served.url}/mini/items/{created.json()['id']}"
    assert client.get(created.headers["location"]).json() == created.json()
    assert client.head("/mini/items").headers["content-length"] == client.get("/mini/items").headers["content-length"]
    assert client.options("/mini/items").headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert client.delete(created.headers["location"]).status_code == 204


def test_raw_paths_reach_the_engine(client: httpx.Client) -> None:
    assert client.get("/mini/items/a%2Fb/label").json()["path"] == {"name": "a/b"}
    assert client.get("/mini/items/%zz/label").status_code == 400
    assert client.get("/mini/items/%00/label").status_code == 400


def test_worlds_are_made_on_first_use_and_isolated(client: httpx.Client) -> None:
    client.post("/worlds/blue/mini/items", json={"name": "ink"})
    assert len(client.get("/worlds/blue/mini/items").json()) == 2
    assert len(client.get("/mini/items").json()) == 1
    assert client.delete("/_emulator/worlds/blue").status_code == 204
    assert client.get("/_emulator/worlds/blue").status_code == 404


def test_index_and_hint(client: httpx.Client, served: Served) -> None:
    index = client.get("/").json()
    assert index == {"vendors": {"mini": f"{served.url}/mini"}, "control": f"{served.url}/_emulator"}
    lost = client.get("/nowhere")
    assert lost.status_code == 404
    assert f"{served.url}/mini" in lost.json()["error"]["message"]


def test_too_large_a_body_is_413_on_the_wire(client: httpx.Client) -> None:
    big = client.post("/mini/items", content=b"x" * 3_000_000, headers={"content-type": "application/json"})
    assert big.status_code == 413


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("reset", httpx.ReadError),
        ("close", httpx.RemoteProtocolError),
        ("garbage", httpx.RemoteProtocolError),
        ("truncated", httpx.RemoteProtocolError),
    ],
)
def test_wire_faults(client: httpx.Client, kind: str, error: type[Exception]) -> None:
    client.get("/mini/items")
    assert client.post(f"{CONTROL}/faults", json={"kind": kind, "operation": "items_list"}).status_code == 201
    with pytest.raises(error):
        client.get("/mini/items")
    assert client.get("/mini/items").status_code == 200


def test_status_delay_and_body_faults_on_the_wire(client: httpx.Client) -> None:
    client.post(f"{CONTROL}/faults", json={"status": 429, "retry_after": 3})
    answer = client.get("/mini/items")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    client.post(f"{CONTROL}/faults", json={"delay": 0.3})
    begun = time.monotonic()
    assert client.get("/mini/items").status_code == 200
    assert time.monotonic() - begun >= 0.3
    client.post(f"{CONTROL}/faults", json={"delay": 5, "operation": "items_list"})
    with pytest.raises(httpx.ReadTimeout):
        client.get("/mini/items", timeout=0.2)
    client.post(f"{CONTROL}/faults", json={"kind": "malformed"})
    with pytest.raises(json.JSONDecodeError):
        client.get("/mini/items").json()


def test_a_crash_is_a_500_with_json(client: httpx.Client, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(served.emulator, "handle", crash)
    answer = client.get("/mini/items")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")


def test_control_lists_and_describes(client: httpx.Client) -> None:
    client.get("/mini/items")
    index = client.get("/_emulator").json()
    assert index["vendors"]["mini"]["events"] == ["made"]
    assert client.get("/_emulator/").json()["vendors"] == index["vendors"]
    assert [world["name"] for world in client.get("/_emulator/worlds").json()] == ["default"]
    assert client.get(CONTROL).json()["requests"] == 1


def test_control_makes_and_deletes_worlds(client: httpx.Client) -> None:
    assert client.post("/_emulator/worlds", json={"name": "red"}).status_code == 201
    assert client.post("/_emulator/worlds", json={"name": "red"}).status_code == 409
    assert client.post("/_emulator/worlds", json={"name": "a/b"}).status_code == 400
    assert client.post("/_emulator/worlds", json={}).json()["error"]["fields"][0]["field"] == "name"
    assert client.delete("/_emulator/worlds/red").status_code == 204
    assert client.delete("/_emulator/worlds/red").status_code == 404


def test_control_resets(client: httpx.Client) -> None:
    client.post("/mini/items", json={"name": "ink"})
    assert client.post(f"{CONTROL}/reset").json()["requests"] == 0
    assert len(client.get("/mini/items").json()) == 1


def test_control_moves_the_clock(client: httpx.Client) -> None:
    clock = f"{CONTROL}/clock"
    assert client.post(clock, json={"set": "2030-01-01T00:00:00Z", "freeze": True}).json()["frozen"] is True
    assert (
        client.post(clock, json={"advance": {"hours": 1, "seconds": 0.5}}).json()["now"][:20] == "2030-01-01T01:00:00."
    )
    assert client.get(clock).json()["frozen"] is True
    assert client.post(clock, json={"resume": True}).json()["frozen"] is False
    for unfit in (
        {},
        {"other": 1},
        {"set": "soon"},
        {"advance": {"years": 1}},
        {"advance": {"hours": -1}},
        {"advance": 5},
    ):
        assert client.post(clock, json=unfit).status_code == 400


def test_control_keeps_faults(client: httpx.Client) -> None:
    faults = f"{CONTROL}/faults"
    rule = client.post(faults, json={"status": 500, "times": None}).json()
    assert client.get(faults).json() == [rule]
    assert client.post(faults, json={"status": "x"}).status_code == 400
    assert client.post(faults, json={"staus": 500}).json()["error"]["fields"][0]["field"] == "staus"
    assert client.delete(f"{faults}/{rule['id']}").status_code == 204
    assert client.delete(f"{faults}/{rule['id']}").status_code == 404
    client.post(faults, json={"status": 500})
    assert client.delete(faults).status_code == 204
    assert client.get(faults).json() == []


def test_control_shows_the_journal(client: httpx.Client) -> None:
    client.get("/mini/items")
    client.get("/mini/items/0")
    client.get("/mini/items/5")
    journal = f"{CONTROL}/journal"
    assert [entry["status"] for entry in client.get(journal).json()] == [200, 400, 404]
    assert [entry["path"] for entry in client.get(journal, params={"status": 404}).json()] == ["/items/5"]
    assert [entry["status"] for entry in client.get(journal, params={"operation": "items_get", "limit": 1}).json()] == [
        404
    ]
    assert client.get(journal, params={"limit": "x"}).status_code == 400
    assert client.get(f"{journal}?limit=%zz").status_code == 400
    assert client.delete(journal).status_code == 204
    assert client.get(journal).json() == []


def test_control_refuses_what_it_does_not_know(client: httpx.Client) -> None:
    assert client.get(f"{CONTROL}/other").status_code == 404
    wrong = client.put(f"{CONTROL}/reset")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
    assert client.post(f"{CONTROL}/clock", content=b"{").status_code == 400
    assert client.post(f"{CONTROL}/clock", content=b"[]").status_code == 400
    assert client.post(f"{CONTROL}/mini/dance").status_code == 404
    assert client.post(f"{CONTROL}/other/dance").status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 403),
        ({"host": "evil.example:8080"}, 403),
        ({"host": "127.0.0.1.evil.example"}, 403),
        ({"host": "localhost:1"}, 200),
        ({"host": "[::1]:1"}, 200),
        ({"host": "127.0.0.9"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://localhost:3000"}, 200),
    ],
)
def test_control_answers_only_this_computer(client: httpx.Client, headers: dict[str, str], status: int) -> None:
    assert client.get("/_emulator", headers=headers).status_code == status


class Receiver(ThreadingHTTPServer):
    """A subscriber on a socket."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[Any] = []
        self.statuses: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        self.server.bodies.append(loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def _wait_for(client: httpx.Client, state: str, attempts: int) -> dict[str, Any]:
    for _ in range(500):
        found = client.get(f"{CONTROL}/webhooks/deliveries").json()
        if found and found[-1]["state"] == state and len(found[-1]["attempts"]) == attempts:
            delivery: dict[str, Any] = found[-1]
            return delivery
        time.sleep(0.01)
    raise AssertionError(f"no delivery became {state} after {attempts} attempts: {found}")


def test_webhooks_reach_a_real_receiver(client: httpx.Client, served: Served, receiver: Receiver) -> None:
    subscriptions = f"{CONTROL}/webhooks/subscriptions"
    added = client.post(subscriptions, json={"vendor": "mini", "url": receiver.url, "options": {"a": 1}})
    assert added.status_code == 201
    assert client.get(subscriptions).json() == [added.json()]
    world = served.emulator.world()
    state = world.states["mini"]
    receiver.statuses = [500]
    with world.lock, world.store.transaction():
        state.emit(state.subscriptions("made")[0], "made", {"id": 1, "name": "a", "made": state.now()})
    _wait_for(client, "pending", 1)
    client.post(f"{CONTROL}/clock", json={"advance": {"minutes": 1}})
    delivery = _wait_for(client, "delivered", 2)
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500, 200]
    assert client.post(f"{CONTROL}/webhooks/deliveries/{delivery['id']}/redeliver").status_code == 202
    _wait_for(client, "delivered", 3)
    assert receiver.bodies == [delivery["payload"]] * 3
    assert client.post(f"{CONTROL}/webhooks/deliveries/other/redeliver").status_code == 404
    assert client.delete(f"{subscriptions}/{added.json()['id']}").status_code == 204
    assert client.delete(f"{subscriptions}/{added.json()['id']}").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"vendor": "other", "url": "http://127.0.0.1/"},
        {"vendor": "mini", "url": "ftp://127.0.0.1/"},
        {"vendor": "mini", "url": "http://"},
        {"vendor": "mini"},
        {"vendor": "mini", "url": "http://127.0.0.1/", "events": ["other"]},
        {"vendor": "mini", "url": "http://127.0.0.1/", "events": []},
        {"vendor": "mini", "url": "http://127.0.0.1/", "options": []},
    ],
)
def test_unfit_subscriptions_are_refused(client: httpx.Client, body: dict[str, Any]) -> None:
    assert client.post(f"{CONTROL}/webhooks/subscriptions", json=body).status_code == 400


def test_requests_in_parallel(served: Served) -> None:
    results: list[int] = []

    def work() -> None:
        with httpx.Client(base_url=served.url, headers=AUTH, trust_env=False) as client:
            made = [client.post("/worlds/busy/mini/items", json={"name": "a"}).json()["id"] for _ in range(30)]
            results.extend(made)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == list(range(1, 121))
    served.emulator.delete_world("busy")


def test_old_clients_without_host_header_are_answered(served: Served) -> None:
    parts = urlsplit(served.url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port)
    connection.putrequest("GET", "/mini/items/search", skip_host=True)
    connection.endheaders()
    assert connection.getresponse().status == 200
    connection.close()


def test_a_taken_port_is_told() -> None:
    with bind("127.0.0.1", 0) as listener, pytest.raises(PortTaken, match="--port"):
        bind("127.0.0.1", listener.getsockname()[1])
