"""Clocks that are moved, and values that are drawn alike."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from assaykit.emulator.engine.clock import Clock, ManualClock, SystemClock
from assaykit.emulator.engine.ids import Ids

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Source:
    """A real clock that the test turns."""

    def __init__(self) -> None:
        self.instant = START

    def __call__(self) -> datetime:
        return self.instant


def test_system_clock_runs_with_an_offset() -> None:
    source = Source()
    clock = SystemClock(source=source)
    clock.advance(hours=1)
    source.instant += HOUR
    assert clock.now() == START + 2 * HOUR
    clock.set(datetime(2030, 1, 1))
    source.instant += HOUR
    assert clock.now() == datetime(2030, 1, 1, 1, tzinfo=UTC)


def test_system_clock_is_frozen_and_resumed() -> None:
    source = Source()
    clock = SystemClock(source=source)
    clock.freeze()
    source.instant += HOUR
    assert (clock.now(), clock.frozen) == (START, True)
    clock.advance(minutes=5)
    assert clock.resume() == START + timedelta(minutes=5)
    source.instant += HOUR
    assert (clock.now(), clock.frozen) == (START + HOUR + timedelta(minutes=5), False)
    clock.reset()
    assert clock.now() == source.instant


def test_system_clock_returns_to_its_frozen_start() -> None:
    clock = SystemClock(START, Source())
    clock.resume()
    clock.advance(days=1)
    assert (clock.reset(), clock.frozen) == (START, True)


def test_two_threads_that_move_the_clock_move_it_by_both_distances() -> None:
    def slow_source() -> datetime:
        time.sleep(0.001)  # long enough for the other thread to read the clock too
        return START

    clock = SystemClock(source=slow_source)

    def advance_ten_times() -> None:
        for _ in range(10):
            clock.advance(hours=1)

    with ThreadPoolExecutor(2) as pool:
        for moved in [pool.submit(advance_ten_times) for _ in range(2)]:
            moved.result(10.0)
    assert clock.now() == START + 20 * HOUR


@pytest.mark.parametrize("clock", [ManualClock(START), SystemClock(START)])
def test_moving_tells_listeners_and_never_goes_back_by_advancing(clock: Clock) -> None:
    heard: list[datetime] = []
    clock.subscribe(heard.append)
    clock.advance(timedelta(minutes=1), seconds=30)
    clock.set(datetime(2026, 1, 5, 12, tzinfo=timezone(timedelta(hours=2))))
    assert heard == [START + timedelta(seconds=90), datetime(2026, 1, 5, 10, tzinfo=UTC)]
    with pytest.raises(ValueError, match="set"):
        clock.advance(seconds=-1)
    assert clock.time() == clock.now().timestamp()


def test_manual_clock_stands_still() -> None:
    clock = ManualClock(datetime(2026, 1, 5, 9))
    assert clock.now() == clock.freeze() == clock.resume() == START
    assert clock.frozen


def test_ids_are_version_4_uuids_and_differ() -> None:
    ids = Ids("seed")
    drawn = {ids.uuid("a") for _ in range(500)} | {ids.uuid("b") for _ in range(500)}
    assert len(drawn) == 1000
    form = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
    assert all(form.fullmatch(value) for value in drawn)


def test_streams_do_not_disturb_each_other() -> None:
    one, other = Ids("seed"), Ids("seed")
    one.uuid("test")
    assert one.uuid("participant") == other.uuid("participant")
    assert [one.integer("n"), one.integer("n"), one.integer("m", 100)] == [1, 2, 100]
    assert Ids("seed").uuid("a") != Ids("other").uuid("a")


def test_restored_ids_are_drawn_again() -> None:
    ids = Ids("seed")
    ids.uuid("a")
    state = ids.state()
    first = (ids.uuid("a"), ids.fraction("f"), ids.token("t"))
    ids.restore(state)
    assert (ids.uuid("a"), ids.fraction("f"), ids.token("t")) == first
    assert 0 <= first[1] < 1
