"""50 requests in 15 minutes against the emulator, which enforces them: 51 calls by two threads or two tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Lock

import pytest

import assaykit
from assaykit.core.budget import OnBudget
from assaykit.emulator import vendors
from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator as Engine
from assaykit.emulator.engine.serve import serve_in_thread
from assaykit.emulator.engine.worlds import World
from assaykit.talentics import Talentics
from assaykit.testing.handle import START
from assaykit.testing.talentics import Emulator

WINDOW = timedelta(minutes=15)
NOT_SENT = "talentics exams_list: not sent: 50 requests in 900 s are used up, room in 900.0 s"


def statuses(world: World) -> list[int]:
    return [entry.status for entry in world.journal.find(operation="exams_list")]


def threads(client: Callable[[], Talentics]) -> list[assaykit.RateLimited]:
    """Call 51 times from two threads with a client each; return the refusals."""
    calls, lock, start = iter(range(51)), Lock(), Barrier(2)

    def work() -> list[assaykit.RateLimited]:
        refusals: list[assaykit.RateLimited] = []
        with client() as api:
            start.wait(5.0)
            while True:
                with lock:
                    if next(calls, None) is None:
                        return refusals
                try:
                    api.exams.list()
                except assaykit.RateLimited as refusal:
                    refusals.append(refusal)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(work), pool.submit(work)
        return first.result(30.0) + second.result(30.0)


async def tasks(emulator: Emulator, on_budget: OnBudget) -> list[assaykit.RateLimited]:
    """The same from two tasks."""
    calls = iter(range(51))

    async def work() -> list[assaykit.RateLimited]:
        refusals: list[assaykit.RateLimited] = []
        async with emulator.async_client(on_budget=on_budget) as api:
            while next(calls, None) is not None:
                try:
                    await api.exams.list()
                except assaykit.RateLimited as refusal:
                    refusals.append(refusal)
        return refusals

    first, second = await asyncio.gather(work(), work())
    return first + second


def waited(world: World) -> None:
    assert statuses(world) == [200] * 51
    assert WINDOW <= world.clock.now() - START < 2 * WINDOW  # moved: the whole test takes a second or so


def refused(world: World, refusals: list[assaykit.RateLimited]) -> None:
    assert [(str(refusal), refusal.retry_after) for refusal in refusals] == [(NOT_SENT, 900.0)]
    assert statuses(world) == [200] * 50
    assert world.clock.now() == START


def test_two_threads_wait(talentics_emulator: Emulator) -> None:
    assert threads(talentics_emulator.client) == []
    waited(talentics_emulator.world)


def test_two_threads_are_told(talentics_emulator: Emulator) -> None:
    refused(talentics_emulator.world, threads(lambda: talentics_emulator.client(on_budget="raise")))


@pytest.mark.anyio
async def test_two_tasks_wait(talentics_emulator: Emulator) -> None:
    assert await tasks(talentics_emulator, "wait") == []
    waited(talentics_emulator.world)


@pytest.mark.anyio
async def test_two_tasks_are_told(talentics_emulator: Emulator) -> None:
    refused(talentics_emulator.world, await tasks(talentics_emulator, "raise"))


@pytest.mark.parametrize("on_budget", ["wait", "raise"])
def test_two_threads_over_http(on_budget: OnBudget) -> None:
    engine = Engine([vendors.load("talentics")], clock=lambda: ManualClock(START), deliver=False)
    clock = engine.world().clock
    with serve_in_thread(engine) as url:

        def client() -> Talentics:
            return Talentics(
                Emulator.app_id,
                Emulator.app_secret,
                base_url=f"{url}/talentics",
                on_budget=on_budget,
                clock=clock.time,
                sleep=lambda seconds: clock.advance(seconds=seconds),
            )

        refusals = threads(client)
    if on_budget == "wait":
        waited(engine.world())
    else:
        refused(engine.world(), refusals)
    engine.close()


def test_the_emulator_refuses_whoever_does_not_keep_to_it(talentics_emulator: Emulator) -> None:
    """Else the tests above would show nothing."""
    with talentics_emulator.client(on_budget="report", max_retries=0) as api:
        for _ in range(50):
            api.exams.list()
        with pytest.raises(assaykit.RateLimited) as caught:
            api.exams.list()
    assert (caught.value.status, caught.value.retry_after) == (429, 900.0)
    assert statuses(talentics_emulator.world) == [200] * 50 + [429]
