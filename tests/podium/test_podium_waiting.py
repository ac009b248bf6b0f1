"""Waiting for a report."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

import assaykit
from assaykit import podium
from assaykit.podium.waiting import OnError
from assaykit.testing.podium import Emulator
from tests.podium.support import CLIENT, queue_report, queue_report_async


def looks(emulator: Emulator) -> int:
    return len(emulator.journal.find(operation="reports_status"))


def test_completed_report_ends_the_wait(podium_emulator: Emulator) -> None:
    with podium_emulator.client() as api:
        report = queue_report(api)
        status = podium.wait_for_report(api, CLIENT, report)
        assert looks(podium_emulator) > 1
        before = looks(podium_emulator)
        podium.wait_for_report(api, CLIENT, report)

    assert status.completion_date is not None
    assert looks(podium_emulator) == before + 1


def test_pauses_grow_to_the_longest_and_the_last_look_is_at_the_end(podium_emulator: Emulator) -> None:
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        podium_emulator.sleep(seconds)

    with podium_emulator.client(sleep=sleep) as api:
        report = queue_report(api)
        podium_emulator.fail_report(report)
        with pytest.raises(podium.ReportTimeout) as caught:
            podium.wait_for_report(api, CLIENT, report, timeout=20, interval=2, longest_interval=5, on_error="wait")

    assert pauses == pytest.approx([2.0, 3.0, 4.5, 5.0, 5.0, 0.5], abs=0.01)
    assert caught.value.waited == pytest.approx(20.0, abs=0.01)
    assert caught.value.report_queue_id == report
    assert caught.value.status.error
    assert str(caught.value) == f"podium report {report} is not generated after 20 s"


def test_error_ends_the_wait_by_default(podium_emulator: Emulator) -> None:
    with podium_emulator.client() as api:
        report = queue_report(api)
        podium_emulator.fail_report(report)
        with pytest.raises(podium.ReportFailed, match="met an error") as caught:
            podium.wait_for_report(api, CLIENT, report)

    assert caught.value.status.error
    assert looks(podium_emulator) == 1


def test_error_may_be_waited_out(podium_emulator: Emulator) -> None:
    def mend(seconds: float) -> None:
        podium_emulator.sleep(seconds)
        podium_emulator.finish_reports()

    with podium_emulator.client(sleep=mend) as api:
        report = queue_report(api)
        podium_emulator.fail_report(report)
        status = podium.wait_for_report(api, CLIENT, report, on_error="wait")

    assert status.completion_date is not None


@pytest.mark.parametrize("on_error", ["raise", "wait"])
def test_suspended_ends_the_wait_always(podium_emulator: Emulator, on_error: OnError) -> None:
    with podium_emulator.client() as api:
        report = queue_report(api)
        podium_emulator.suspend_report(report)
        with pytest.raises(podium.ReportSuspended, match="suspended") as caught:
            podium.wait_for_report(api, CLIENT, report, on_error=on_error)

    assert caught.value.status.suspended
    assert isinstance(caught.value, podium.ReportNotCompleted)
    assert isinstance(caught.value, assaykit.AssaykitError)
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.status == caught.value.status


def test_unknown_report_is_not_waited_for(podium_emulator: Emulator) -> None:
    with podium_emulator.client() as api, pytest.raises(assaykit.NotFound):
        podium.wait_for_report(api, CLIENT, "no-such-report")


@pytest.mark.anyio
async def test_async_twin(podium_emulator: Emulator) -> None:
    async with podium_emulator.async_client() as api:
        report = await queue_report_async(api)
        status = await podium.wait_for_report_async(api, CLIENT, report)
        podium_emulator.suspend_report(failing := await queue_report_async(api))
        with pytest.raises(podium.ReportSuspended):
            await podium.wait_for_report_async(api, CLIENT, failing)

    assert status.completion_date is not None


@pytest.mark.parametrize(
    ("argument", "value"),
    [("timeout", 0), ("interval", -1.0), ("longest_interval", float("nan")), ("on_error", "ignore")],
)
def test_arguments_that_cannot_be_used_are_named(podium_emulator: Emulator, argument: str, value: object) -> None:
    arguments: dict[str, Any] = {argument: value}
    with podium_emulator.client() as api, pytest.raises(assaykit.ConfigurationError) as caught:
        podium.wait_for_report(api, CLIENT, "report", **arguments)

    assert caught.value.argument == argument
