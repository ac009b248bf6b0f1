"""Waiting for a report to leave Podium's queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from assaykit.core import config
from assaykit.core.waiting import Pauses

from .errors import ReportFailed, ReportSuspended, ReportTimeout

if TYPE_CHECKING:
    from podium_client.models import ReportStatus

    from .client import AsyncPodium, Podium

OnError = Literal["raise", "wait"]


class _Wait:
    """Decides after each status whether to go on."""

    def __init__(self, report_queue_id: str, pauses: Pauses, on_error: OnError) -> None:
        self._report_queue_id = report_queue_id
        self._pauses = pauses
        self._on_error = config.one_of("on_error", on_error, OnError)

    def is_over(self, status: ReportStatus) -> bool:
        """Whether the report is generated; raises if it never will be."""
        waited = self._pauses.waited
        if status.suspended:
            raise ReportSuspended(self._report_queue_id, status, waited)
        if status.completion_date is not None:
            return True
        if status.error and self._on_error == "raise":
            raise ReportFailed(self._report_queue_id, status, waited)
        if self._pauses.is_over:
            raise ReportTimeout(self._report_queue_id, status, waited)
        return False


def wait_for_report(
    api: Podium,
    client_id: str,
    report_queue_id: str,
    *,
    timeout: float = 600.0,
    interval: float = 2.0,
    longest_interval: float = 30.0,
    on_error: OnError = "raise",
) -> ReportStatus:
    """Wait until a report is generated.

    Podium's ``error`` flag means that its support has been told and that the report may still come; ``suspended``
    means that it will not. By default both end the wait, as a program can seldom wait for people; with
    ``on_error="wait"`` only ``suspended`` and the timeout do. A report with a completion date is generated,
    whatever ``error`` says.

    Args:
        api: The client; its clock and sleep are used.
        client_id: Id of the Podium client.
        report_queue_id: Id of the report in the queue.
        timeout: Seconds to wait at most. The last look is taken when they have passed.
        interval: Seconds between the first two looks; each pause is half as long again as the one before.
        longest_interval: Seconds between two looks at most.
        on_error: Whether the ``error`` flag ends the wait.

    Returns:
        The status with the completion date.

    Raises:
        ReportFailed: Podium met an error while generating the report.
        ReportSuspended: Podium gave the report up.
        ReportTimeout: It was not generated in time.
        ApiError: Asking for the status failed, for example NotFound.

    Source:
        Podium Developer API, "Check the Status of a Report"
    """
    pauses = Pauses(api.session.clock, timeout, interval, longest_interval)
    wait = _Wait(report_queue_id, pauses, on_error)
    while not wait.is_over(status := api.reports.status(client_id, report_queue_id)):
        api.session.sleep(pauses.take())
    return status


async def wait_for_report_async(
    api: AsyncPodium,
    client_id: str,
    report_queue_id: str,
    *,
    timeout: float = 600.0,
    interval: float = 2.0,
    longest_interval: float = 30.0,
    on_error: OnError = "raise",
) -> ReportStatus:
    """Wait until a report is generated; see ``wait_for_report``."""
    pauses = Pauses(api.session.clock, timeout, interval, longest_interval)
    wait = _Wait(report_queue_id, pauses, on_error)
    while not wait.is_over(status := await api.reports.status(client_id, report_queue_id)):
        await api.session.sleep(pauses.take())
    return status
