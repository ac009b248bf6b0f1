"""50 requests in 15 minutes, for whoever uses the credential in this process."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import assaykit
from assaykit.talentics import BudgetEvent
from assaykit.talentics.client import PROFILE
from talentics_client.api.exams import exams_list
from tests.talentics.support import Server

LIMITED = {"exams_list", "exams_get", "tickets_list", "tickets_scores", "jobs_list"}

# Windows that begin with the first request, shortly before it ends, and in its middle.
BEGINS = [None, 1_700_000_001.0, 1_700_000_450.0]


def test_the_five_operations_that_document_a_limit_have_one() -> None:
    assert PROFILE.rate_limit is not None
    others = {"jobs_get", "applicants_list", "applicants_get", "applicants_employment_application_form", "nonsense"}

    assert {PROFILE.rate_limit(operation) for operation in LIMITED} == {(50, 900)}
    assert {PROFILE.rate_limit(operation) for operation in others} == {None}
    assert exams_list.OPERATION.rate_limit == (50, 900)


@pytest.mark.parametrize("begin", BEGINS)
def test_51_calls_of_two_threads_with_a_client_each_wait_and_are_never_refused(begin: float | None) -> None:
    server = Server(begin=begin)
    calls = iter(range(51))
    lock = threading.Lock()
    start = threading.Barrier(2)

    def work() -> int:
        done = 0
        with server.client() as api:
            start.wait(5.0)
            while True:
                with lock:
                    if next(calls, None) is None:
                        return done
                api.exams.list()
                done += 1

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(work), pool.submit(work)
        assert first.result(20.0) + second.result(20.0) == 51

    assert server.limits.refused == []
    assert len(server.limits.accepted) == 51
    assert server.limits.accepted[50] - server.limits.accepted[0] >= 900.0


@pytest.mark.anyio
@pytest.mark.parametrize("begin", BEGINS)
async def test_51_calls_of_two_tasks_wait_and_are_never_refused(begin: float | None) -> None:
    server = Server(begin=begin)
    calls = iter(range(51))

    async def work() -> int:
        done = 0
        async with server.async_client() as api:
            while next(calls, None) is not None:
                await api.exams.list()
                done += 1
        return done

    assert sum(await asyncio.gather(work(), work())) == 51
    assert server.limits.refused == []
    assert len(server.limits.accepted) == 51
    assert server.limits.accepted[50] - server.limits.accepted[0] >= 900.0


def test_51_calls_of_two_threads_raise_once_when_told_to() -> None:
    server = Server()

    def work(number: int) -> list[assaykit.RateLimited]:
        refusals = []
        with server.client(on_budget="raise") as api:
            for _ in range(number):
                try:
                    api.exams.list()
                except assaykit.RateLimited as error:
                    refusals.append(error)
        return refusals

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(work, 26), pool.submit(work, 25)
        (error,) = first.result(20.0) + second.result(20.0)

    assert error.retry_after == 900.0
    assert str(error) == "talentics exams_list: not sent: 50 requests in 900 s are used up, room in 900.0 s"
    assert len(server.requests) == 50
    assert server.limits.refused == []
    assert server.clock.slept == []


@pytest.mark.anyio
async def test_51_calls_of_two_tasks_raise_once_when_told_to() -> None:
    server = Server()
    async with server.async_client(on_budget="raise") as api:
        for _ in range(50):
            await api.exams.list()
        server.clock.advance(600.0)
        with pytest.raises(assaykit.RateLimited) as caught:
            await api.exams.list()
        assert caught.value.retry_after == 300.0
        server.clock.advance(300.0)
        await api.exams.list()

    assert server.limits.refused == []


def test_report_lets_through_and_the_vendor_decides() -> None:
    server = Server()
    events: list[BudgetEvent] = []
    with server.client(on_budget="report", on_budget_event=events.append) as api:
        for _ in range(50):
            api.exams.list()
        with pytest.raises(assaykit.RateLimited) as caught:
            api.exams.list()

    assert [(event.operation, event.action) for event in events] == [("exams_list", "report")]
    assert caught.value.status == 429
    assert caught.value.retry_after == 901.0


def test_operations_have_a_budget_each_and_some_have_none() -> None:
    server = Server()
    server.answers["/v2/jobs/1/applicants"] = {"data": []}
    with server.client(on_budget="raise") as api:
        for _ in range(50):
            api.exams.list()
        with pytest.raises(assaykit.NotFound):
            api.exams.get(999)
        for _ in range(60):
            api.applicants.list(1)

    assert len(server.requests) == 111


def test_clients_clones_and_plain_modules_of_a_credential_share_the_budget_and_others_do_not() -> None:
    server = Server()
    with server.client(on_budget="raise") as api:
        for _ in range(48):
            api.exams.list()
        api.with_options(timeout=5.0).exams.list()
        exams_list.sync(client=api.client)
    with server.client(on_budget="raise") as another, pytest.raises(assaykit.RateLimited):
        another.exams.list()
    with (
        server.client(app_secret="another-secret", on_budget="raise") as stranger,
        pytest.raises(assaykit.AuthenticationError),
    ):
        stranger.exams.list()


@pytest.mark.anyio
async def test_sync_and_async_clients_share_the_budget() -> None:
    server = Server()
    with server.client() as api:
        for _ in range(50):
            api.exams.list()
    async with server.async_client(on_budget="raise") as other:
        with pytest.raises(assaykit.RateLimited):
            await other.exams.list()


def test_walk_longer_than_the_budget_waits_and_ends() -> None:
    server = Server(exams=120)
    with server.client() as api:
        numbers = [exam.id for exam in api.paginate(api.exams.list, per_page=2).prefetch(3)]

    assert numbers == list(range(1, 121))
    assert server.limits.refused == []


def test_retries_count_against_the_budget() -> None:
    server = Server()
    with server.client(on_budget="raise") as api:
        for _ in range(49):
            api.exams.list()
        server.limits.spend("/v2/exams", 1)  # another process
        with pytest.raises(assaykit.RateLimited) as caught:
            api.exams.list()
        assert caught.value.status == 429
        with pytest.raises(assaykit.RateLimited, match="not sent"):
            api.exams.list()


def test_429_is_waited_out_even_when_it_takes_longer_than_a_retry_would() -> None:
    server = Server()
    server.limits.spend("/v2/exams", 50)
    with server.client() as api:
        assert len(api.exams.list().data) == 15

    assert len(server.limits.refused) == 1
    assert server.limits.accepted[-1] - server.limits.accepted[0] >= 900.0
