"""The in-process transport, sync and async, and the faults it plays."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

from assaykit.emulator.engine.transport import EmulatorTransport, base_url
from assaykit.emulator.engine.worlds import World
from tests.emulator.mini import AUTH, ITEMS

URL = base_url("mini")


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def transport(world: World, slept: list[float]) -> EmulatorTransport:
    async def async_sleep(seconds: float) -> None:
        slept.append(seconds)

    return EmulatorTransport(world, sleep=slept.append, async_sleep=async_sleep)


@pytest.fixture
def client(transport: EmulatorTransport) -> Iterator[httpx.Client]:
    with httpx.Client(transport=transport, base_url=URL, headers=AUTH, timeout=5) as made:
        yield made


def test_sync_round_trip(client: httpx.Client) -> None:
    created = client.post("/items", json={"name": "ink"})
    assert (created.status_code, created.headers["location"]) == (201, f"{URL}/items/1")
    assert client.get(created.headers["location"]).json() == created.json()
    assert int(created.headers["content-length"]) == len(created.content)


@pytest.mark.anyio
async def test_async_round_trip(transport: EmulatorTransport) -> None:
    async with httpx.AsyncClient(transport=transport, base_url=URL, headers=AUTH) as client:
        created = await client.post("/items", json={"name": "ink"})
        assert (await client.get(f"/items/{created.json()['id']}")).json()["name"] == "ink"


@pytest.mark.anyio
async def test_sync_and_async_share_the_world(transport: EmulatorTransport, client: httpx.Client) -> None:
    client.post("/items", json={"name": "ink"})
    async with httpx.AsyncClient(transport=transport, base_url=URL, headers=AUTH) as other:
        assert len((await other.get("/items")).json()) == 2


def test_streamed_bodies_are_read(client: httpx.Client) -> None:
    def parts() -> Iterator[bytes]:
        yield b'{"name": '
        yield b'"ink"}'

    sent = client.post("/items", content=parts(), headers={"content-type": "application/json"})
    assert sent.json()["name"] == "ink"


def test_encoded_path_and_query_arrive_as_sent(client: httpx.Client, world: World) -> None:
    assert client.get("/items/a%2Fb/label").json()["path"] == {"name": "a/b"}
    assert client.get("/items", params={"tag": ["a&b", "ü"]}).status_code == 200
    assert world.states["mini"].cache["query"]["tag"] == ["a&b", "ü"]


def test_head_and_empty_answers(client: httpx.Client) -> None:
    head = client.head("/items")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(client.get("/items").content))
    assert client.delete("/items/9").status_code == 404
    number = client.post("/items", json={"name": "a"}).json()["id"]
    deleted = client.delete(f"/items/{number}")
    assert (deleted.status_code, deleted.content) == (204, b"")


def test_the_vendors_own_host_reaches_the_world(transport: EmulatorTransport) -> None:
    with httpx.Client(transport=transport, base_url="https://api.mini.example", headers=AUTH) as client:
        assert client.post("/items", json={"name": "a"}).headers["location"] == "https://api.mini.example/items/1"


def test_what_is_not_emulated_cannot_be_reached(transport: EmulatorTransport) -> None:
    with httpx.Client(transport=transport) as client, pytest.raises(httpx.ConnectError, match=URL):
        client.get("https://elsewhere.example/other/items")


FAULTS = [
    ("reset", httpx.ReadError),
    ("close", httpx.RemoteProtocolError),
    ("garbage", httpx.RemoteProtocolError),
    ("truncated", httpx.RemoteProtocolError),
]


@pytest.mark.parametrize(("kind", "error"), FAULTS)
def test_broken_connections_raise_what_httpx_raises(
    client: httpx.Client, world: World, kind: str, error: type[Exception]
) -> None:
    world.faults.add(kind=kind)
    with pytest.raises(error):
        client.get("/items")
    assert client.get("/items").status_code == 200


@pytest.mark.anyio
@pytest.mark.parametrize(("kind", "error"), FAULTS)
async def test_broken_connections_in_async_clients(
    transport: EmulatorTransport, world: World, kind: str, error: type[Exception]
) -> None:
    world.faults.add(kind=kind)
    async with httpx.AsyncClient(transport=transport, base_url=URL, headers=AUTH) as client:
        with pytest.raises(error):
            await client.get("/items")


def test_broken_bodies(client: httpx.Client, world: World) -> None:
    world.faults.add(kind="malformed")
    broken = client.get("/items")
    assert broken.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        broken.json()
    world.faults.add(kind="empty")
    assert client.get("/items").content == b""


def test_status_and_retry_after(client: httpx.Client, world: World) -> None:
    world.faults.add(status=429, retry_after=7, times=2)
    answers = [client.get("/items") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "7"
    assert answers[0].json()["kind"] == "fault"


def test_a_body_stands_in_for_the_error_or_the_proper_answer(client: httpx.Client, world: World) -> None:
    world.faults.add(status=418, body={"code": "brand_new"})
    world.faults.add(body=[{"id": "unheard of"}])
    refused, proper, usual = (client.get("/items") for _ in range(3))
    assert (refused.status_code, refused.json()) == (418, {"code": "brand_new"})
    assert (proper.status_code, proper.json()) == (200, [{"id": "unheard of"}])
    assert proper.headers.get_list("content-type") == ["application/json"]
    assert usual.json() != proper.json()


def test_before_means_nothing_was_done_and_after_means_only_the_answer_is_lost(
    client: httpx.Client, world: World
) -> None:
    for when, kind, status, count in (
        ("before", "reset", None, 1),
        ("before", None, 500, 1),
        ("after", "reset", None, 2),
        ("after", None, 500, 3),
    ):
        world.faults.add(when=when, kind=kind, status=status)
        try:
            client.post("/items", json={"name": "a"})
        except httpx.ReadError:
            assert kind == "reset"
        assert world.store.count(ITEMS) == count


def test_rules_concern_operations_paths_and_vendors(client: httpx.Client, world: World) -> None:
    world.faults.add(operation="items_get", status=500, times=None)
    world.faults.add(path="/items/*/label", status=501, times=None)
    world.faults.add(vendor="other", status=502, times=None)
    world.faults.add(operation="log*", status=504, times=None)
    assert client.get("/items").status_code == 200
    assert client.get("/items/1").status_code == 500
    assert client.get("/items/1/label").status_code == 501
    assert client.post("/login").status_code == 504
    assert client.get("/nothing").status_code == 404


def test_probability_is_drawn_from_the_seed(client: httpx.Client, world: World) -> None:
    def draw() -> list[int]:
        world.faults.add(status=503, probability=0.3, times=None)
        return [client.get("/items").status_code for _ in range(60)]

    first = draw()
    assert 5 < first.count(503) < 40
    world.reset()
    assert draw() == first


def test_a_fault_comes_before_authentication(client: httpx.Client, world: World) -> None:
    world.faults.add(status=503)
    assert client.get("/items", headers={"X-Mini-Key": "wrong"}).status_code == 503


def test_delays_wait_or_time_out(client: httpx.Client, world: World, slept: list[float]) -> None:
    world.faults.add(delay=3)
    assert client.get("/items").status_code == 200
    assert slept == [3]
    world.faults.add(delay=6)
    with pytest.raises(httpx.ReadTimeout):
        client.get("/items")
    world.faults.add(delay=6)
    assert client.get("/items", timeout=None).status_code == 200
    assert slept == [3, 6]


@pytest.mark.anyio
async def test_delays_in_async_clients(transport: EmulatorTransport, world: World, slept: list[float]) -> None:
    world.faults.add(delay=3, status=503)
    async with httpx.AsyncClient(transport=transport, base_url=URL, headers=AUTH) as client:
        assert (await client.get("/items")).status_code == 503
    assert slept == [3]


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"kind": "other"}, "one of reset, close"),
        ({"status": 99}, "between 100 and 599"),
        ({"status": 500, "times": 0}, "at least 1"),
        ({"status": 500, "probability": 2}, "between 0 and 1"),
        ({"status": 500, "when": "never"}, "'before' or 'after'"),
        ({"delay": -1}, "negative"),
        ({"kind": "empty", "body": []}, "sends no body"),
        ({"code": "brand_new"}, "go with a status"),
        ({"status": 400, "code": 7}, "code must be text"),
        ({}, "a status, a kind, a body or a delay"),
    ],
)
def test_unfit_rules_are_refused(world: World, rule: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        world.faults.add(**rule)
    assert world.faults.rules == []


def test_rules_are_removed(client: httpx.Client, world: World) -> None:
    rule = world.faults.add(status=500, times=None)
    assert client.get("/items").status_code == 500
    assert rule.struck == 1
    assert world.faults.remove(rule.id)
    assert not world.faults.remove(rule.id)
    assert client.get("/items").status_code == 200
