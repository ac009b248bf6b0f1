"""Worlds: isolated, returning to their seed, and alike in every run."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assaykit.emulator.engine.clock import ManualClock, SystemClock
from assaykit.emulator.engine.emulator import MAX_WORLDS, Emulator, WorldNameRefused
from assaykit.emulator.engine.jsontext import loads
from assaykit.emulator.engine.message import Request
from assaykit.emulator.engine.storage_sqlite import SqliteStorage
from assaykit.emulator.engine.worlds import State, World
from tests.emulator.conftest import START
from tests.emulator.mini import AUTH, ITEMS, mini

MEDIA = {**AUTH, "content-type": "application/json"}


def _create(world: World, name: str = "ink") -> bytes:
    return world.handle("mini", Request("POST", "/items", b"", MEDIA, b'{"name": "%s"}' % name.encode())).body


def _run(world: World) -> list[bytes]:
    """Do this and that, and return every answer."""
    world.faults.add(status=503, probability=0.5, times=None)
    answers = [_create(world, f"item{number}") for number in range(20)]
    world.clock.advance(hours=1)
    world.outbox.subscribe("mini", ["made"], lambda headers, body: answers.append(body), {})
    state = world.states["mini"]
    for subscription in state.subscriptions("made"):
        state.emit(subscription, "made", {"id": 1, "name": "a", "made": state.now(), "token": state.ids.token("t")})
    world.settle()
    answers.append(world.handle("mini", Request("GET", "/items", b"", AUTH)).body)
    return answers


def test_two_runs_are_byte_equal() -> None:
    one = Emulator([mini()]).make_world("a", ManualClock(START))
    other = Emulator([mini()]).make_world("b", ManualClock(START))
    first = _run(one)
    assert first == _run(other)
    assert len(set(first)) > 10
    one.close()
    other.close()


def test_a_run_after_reset_is_byte_equal(world: World) -> None:
    first = _run(world)
    world.reset()
    assert _run(world) == first


def test_another_seed_draws_other_values() -> None:
    worlds = [Emulator([mini()], seed=seed).make_world("a", ManualClock(START)) for seed in ("one", "two")]
    keys = {world.states["mini"].ids.uuid("x") for world in worlds}
    assert len(keys) == 2
    for world in worlds:
        world.close()


def test_reset_returns_everything_to_the_seed(world: World) -> None:
    _run(world)
    world.reset()
    assert world.store.count(ITEMS) == 1
    assert world.clock.now() == START
    assert len(world.journal) == 0
    assert world.faults.rules == []
    assert world.outbox.subscriptions() == []
    assert world.outbox.deliveries() == []


def test_reset_takes_milliseconds(world: World) -> None:
    for number in range(200):
        _create(world, f"item{number}")
    begun = time.process_time()
    for _ in range(20):
        world.reset()
    assert (time.process_time() - begun) / 20 < 0.005


def test_worlds_do_not_see_each_other() -> None:
    emulator = Emulator([mini()])
    one, other = emulator.world("one"), emulator.world("two")
    _create(one)
    assert (one.store.count(ITEMS), other.store.count(ITEMS)) == (2, 1)
    assert len(other.journal) == 0
    assert one.states["mini"].key() != other.states["mini"].key()
    one.clock.advance(days=1)
    assert other.clock.now() - one.clock.now() < -timedelta(hours=23)
    emulator.close()


def test_a_snapshot_can_be_returned_to(world: World) -> None:
    first = _create(world)
    image = world.snapshot()
    second = _create(world)
    world.restore(image)
    assert world.store.count(ITEMS) == 2
    assert _create(world) == second != first


def test_url_space() -> None:
    emulator = Emulator([mini()])

    def status(path: str) -> int | None:
        reply = emulator.handle(Request("GET", path, b"", AUTH, b"", "http://127.0.0.1:1"))
        return None if reply is None else reply.status

    assert status("/mini/items") == 200
    assert status("/worlds/other/mini/items") == 200
    assert [world.name for world in emulator.worlds()] == ["default", "other"]
    for path in ("/", "/other/items", "/worlds/other", "/worlds/-/mini/items", f"/worlds/{'a' * 65}/mini/items"):
        assert status(path) is None
    assert status("/mini") == 404
    assert status("/mini/") == 404
    emulator.close()


def test_links_name_the_world_in_which_they_were_made() -> None:
    emulator = Emulator([mini()])
    request = Request("POST", "/worlds/w/mini/items", b"", MEDIA, b'{"name": "a"}', "http://127.0.0.1:1")
    reply = emulator.handle(request)
    assert reply is not None
    assert reply.header("Location") == "http://127.0.0.1:1/worlds/w/mini/items/1"
    emulator.close()


def test_world_names_are_checked_and_deleted_worlds_are_gone() -> None:
    emulator = Emulator([mini()])
    with pytest.raises(WorldNameRefused, match="1 to 64"):
        emulator.world("a/b")
    _create(emulator.world("a"))
    assert emulator.delete_world("a")
    assert not emulator.delete_world("a")
    assert emulator.world("a").store.count(ITEMS) == 1
    assert MAX_WORLDS >= 100
    emulator.close()


def test_a_file_keeps_a_world_between_runs_and_resets_to_the_seed(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    first = Emulator([mini()], store=path)
    made = [loads(_create(first.world()))["id"] for _ in range(2)]
    loads(_create(first.world("other")))
    first.close()
    second = Emulator([mini()], store=path)
    world = second.world()
    assert world.store.count(ITEMS) == 3
    assert loads(_create(world))["id"] not in made
    world.reset()
    assert world.store.count(ITEMS) == 1
    assert loads(_create(world))["id"] == made[0]
    world.reset()
    assert world.store.count(ITEMS) == 1
    assert sorted(file.name for file in tmp_path.glob("*.db")) == ["store.db", "store.other.db"]
    second.world("other")
    second.delete_world("other")
    second.close()
    assert sorted(file.name for file in tmp_path.glob("*other*")) == []


def test_a_counter_drawn_by_a_refused_request_does_not_return_in_a_file(tmp_path: Path) -> None:
    world = Emulator([mini()]).make_world("a", SystemClock(), SqliteStorage(tmp_path / "a.db"))
    _create(world, "refused")
    kept = loads(_create(world))["id"]
    world.close()
    again = Emulator([mini()]).make_world("a", SystemClock(), SqliteStorage(tmp_path / "a.db"))
    assert loads(_create(again))["id"] > kept
    again.close()


def test_worlds_made_within_a_minute_are_seeded_once_and_stay_apart() -> None:
    seedings: list[datetime] = []
    real = START
    vendor = mini()

    def seed(state: State) -> None:
        seedings.append(state.clock.now())
        vendor.seed(state)

    emulator = Emulator([replace(vendor, seed=seed)], clock=lambda: SystemClock(source=lambda: real))
    _create(emulator.world("one"))
    real += timedelta(seconds=59)
    other = emulator.world("other")
    assert seedings == [START]
    assert other.store.count(ITEMS) == 1
    assert other.clock.now() == real

    real += timedelta(seconds=1)
    emulator.world("later")
    assert seedings == [START, real]
    emulator.close()
