"""Documented rate limits: fixed windows per sender and operation, by the world's clock."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.control import Control
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.limits import Limits
from assaykit.emulator.engine.message import Request
from assaykit.emulator.engine.storage_sqlite import SqliteStorage
from assaykit.emulator.engine.worlds import World
from tests.emulator.conftest import START, Ask
from tests.emulator.mini import AUTH, mini

PASSWORD = {"authorization": f"Basic {base64.b64encode(b'mini-key:open').decode()}"}


def test_a_window_takes_its_limit_and_then_says_when_to_come_back(world: World, ask: Ask) -> None:
    left = [ask("GET", "/limited/1").reply.header("X-Left") for _ in range(3)]
    assert left == ["2", "1", "0"]
    world.clock.advance(seconds=17.5)
    refused = ask("GET", "/limited/1")
    assert refused.status == 429
    assert refused.json["message"] == "3 requests in 60 seconds are allowed; try again in 43 seconds."
    assert (refused.reply.header("Retry-After"), refused.reply.header("X-Left")) == ("43", "0")
    assert [entry.status for entry in world.journal.find(operation="limited_get")] == [200, 200, 200, 429]


def test_headers_are_sent_where_the_specification_has_them(ask: Ask) -> None:
    assert ask("GET", "/limited/1").reply.header("X-Limit") == "3"
    assert ask("GET", "/limited/404").reply.header("X-Limit") is None
    ask("GET", "/limited/1")
    refused = ask("GET", "/limited/1")
    assert (refused.status, refused.reply.header("X-Limit")) == (429, None)


def test_waiting_as_long_as_told_is_enough_and_no_shorter_wait_is(world: World, ask: Ask) -> None:
    for _ in range(3):
        ask("GET", "/limited/1")
    world.clock.advance(seconds=0.25)
    wait = int(ask("GET", "/limited/1").reply.header("Retry-After") or 0)
    world.clock.advance(seconds=wait - 0.3)
    assert ask("GET", "/limited/1").status == 429
    world.clock.advance(seconds=0.3)
    assert ask("GET", "/limited/1").reply.header("X-Left") == "2"


def test_a_window_begins_at_its_first_request_and_not_at_a_whole_minute(world: World, ask: Ask) -> None:
    world.clock.advance(seconds=50)
    for _ in range(3):
        ask("GET", "/limited/1")
    world.clock.advance(seconds=59)
    assert ask("GET", "/limited/1").status == 429
    world.clock.advance(seconds=1)
    assert ask("GET", "/limited/1").status == 200


def test_refused_requests_count_too_but_strangers_do_not(ask: Ask) -> None:
    assert ask("GET", "/limited/1", headers={}).status == 401
    assert ask("GET", "/limited/0").status == 400
    assert ask("GET", "/limited/404").status == 404
    assert ask("HEAD", "/limited/1").reply.header("X-Left") == "0"
    assert ask("GET", "/limited/1").status == 429
    assert ask("GET", "/limited/1", headers={}).status == 401


def test_each_sender_operation_and_world_has_windows_of_its_own(mini_emulator: Emulator, ask: Ask) -> None:
    for _ in range(3):
        ask("GET", "/limited/1")
    assert ask("GET", "/limited/1").status == 429
    assert ask("GET", "/limited/1", headers=PASSWORD).status == 200
    assert ask("GET", "/items").status == 200
    other = mini_emulator.make_world("other", ManualClock(START))
    assert other.handle("mini", Request("GET", "/limited/1", b"", AUTH)).status == 200
    other.close()


def test_a_request_that_a_fault_answers_is_not_counted(world: World, ask: Ask) -> None:
    world.faults.add(operation="limited_get", status=503)
    assert ask("GET", "/limited/1").status == 503
    assert ask("GET", "/limited/1").reply.header("X-Left") == "2"


def test_a_clock_that_is_set_back_opens_a_new_window(world: World, ask: Ask) -> None:
    for _ in range(4):
        ask("GET", "/limited/1")
    world.clock.set(START.replace(year=2020))
    assert ask("GET", "/limited/1").reply.header("X-Left") == "2"


def test_a_world_can_do_without_limits_until_it_is_reset(world: World, ask: Ask) -> None:
    world.rate_limits = False
    replies = [ask("GET", "/limited/1") for _ in range(10)]
    assert {reply.status for reply in replies} == {200}
    assert replies[0].reply.header("X-Left") is None
    world.reset()
    assert world.rate_limits
    assert ask("GET", "/limited/1").reply.header("X-Left") == "2"


def test_reset_forgets_the_windows(world: World, ask: Ask) -> None:
    for _ in range(4):
        ask("GET", "/limited/1")
    world.reset()
    assert ask("GET", "/limited/1").status == 200


def test_an_emulator_without_limits_stays_so() -> None:
    world = Emulator([mini()], rate_limits=False).make_world("a", ManualClock(START))
    world.reset()
    assert {world.handle("mini", Request("GET", "/limited/1", b"", AUTH)).status for _ in range(5)} == {200}
    world.close()


@pytest.fixture
def controlled() -> Iterator[tuple[Emulator, Control]]:
    emulator = Emulator([mini()], clock=lambda: ManualClock(START))
    yield emulator, Control(emulator)
    emulator.close()


def _control(control: Control, method: str, body: object = None) -> tuple[int, object]:
    sent = b"" if body is None else json.dumps(body).encode()
    path = "/_emulator/worlds/default/rate-limits"
    reply = control.handle(Request(method, path, b"", {"host": "127.0.0.1"}, sent, "http://127.0.0.1"))
    return reply.status, json.loads(reply.body)


def test_the_control_api_shows_and_switches_them(controlled: tuple[Emulator, Control]) -> None:
    emulator, control = controlled
    world = emulator.world()
    world.handle("mini", Request("GET", "/limited/1", b"", AUTH))
    world.clock.advance(seconds=10)
    window = {"vendor": "mini", "operation": "limited_get", "limit": 3, "remaining": 2, "endsInSeconds": 50}
    assert _control(control, "GET") == (200, {"enabled": True, "windows": [window]})
    assert _control(control, "POST", {"enabled": False}) == (200, {"enabled": False, "windows": [window]})
    assert not world.rate_limits
    world.clock.advance(minutes=1)
    assert _control(control, "GET") == (200, {"enabled": False, "windows": []})


@pytest.mark.parametrize("body", [{}, {"enabled": 1}, {"enabled": True, "windows": []}])
def test_the_control_api_refuses_anything_else(controlled: tuple[Emulator, Control], body: object) -> None:
    status, _ = _control(controlled[1], "POST", body)
    assert status == 400
    assert controlled[0].world().rate_limits


@contextmanager
def _run(path: Path, seconds: int = 0) -> Iterator[Emulator]:
    """Run an emulator on a file, so many seconds after the first run began."""
    emulator = Emulator([mini()], store=path, clock=lambda: ManualClock(START + timedelta(seconds=seconds)))
    yield emulator
    emulator.close()


def _ask(emulator: Emulator, times: int) -> list[int]:
    request = Request("GET", "/limited/1", b"", AUTH)
    return [emulator.world().handle("mini", request).status for _ in range(times)]


def test_windows_survive_a_restart_with_a_file(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    with _run(path) as emulator:
        assert _ask(emulator, 2) == [200, 200]
    with _run(path, 30) as emulator:
        assert emulator.world().limits.listing() == [
            {"vendor": "mini", "operation": "limited_get", "limit": 3, "remaining": 1, "endsInSeconds": 30}
        ]
        assert _ask(emulator, 2) == [200, 429]
    with _run(path, 60) as emulator:  # a new window in the place of the old
        assert _ask(emulator, 1) == [200]
    with _run(path, 60) as emulator:
        assert _ask(emulator, 3) == [200, 200, 429]
        emulator.world().reset()
        assert _ask(emulator, 1) == [200]
    with _run(path, 60) as emulator:
        assert _ask(emulator, 3) == [200, 200, 429]


def test_an_image_of_a_file_brings_back_its_windows(tmp_path: Path) -> None:
    with _run(tmp_path / "kept.db") as emulator:
        _ask(emulator, 1)
        image = emulator.world().snapshot()
        assert _ask(emulator, 3) == [200, 200, 429]
        emulator.world().restore(image)
        assert _ask(emulator, 3) == [200, 200, 429]


def test_windows_that_are_over_are_forgotten() -> None:
    clock = ManualClock(START)
    limits = Limits(clock, SqliteStorage())
    for number in range(10_000):
        limits.take("mini", f"sender {number}", "limited_get", 1, 60)
    clock.advance(seconds=60)
    limits.take("mini", "one more", "limited_get", 1, 60)
    assert len(limits._windows) == 1


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 40_000_000)), max_size=40),
    limit=st.integers(1, 5),
)
def test_windows_agree_with_their_definition(steps: list[tuple[str, int]], limit: int) -> None:
    """Model: the requests that were let through, from which the window's begin and use follow anew each time."""
    clock = ManualClock(START)
    limits = Limits(clock, SqliteStorage())
    begun: dict[str, int] = {}
    used: dict[str, int] = {}
    now = 0
    for sender, microseconds in steps:
        clock.advance(microseconds=microseconds)
        now += microseconds
        if sender not in begun or now >= begun[sender] + 60_000_000:
            begun[sender], used[sender] = now, 0
        budget = limits.take("mini", sender, "op", limit, 60)
        assert budget.allowed == (used[sender] < limit)
        used[sender] += budget.allowed
        assert budget.remaining == limit - used[sender]
        left = begun[sender] + 60_000_000 - now
        assert budget.wait == -(-left // 1_000_000)
