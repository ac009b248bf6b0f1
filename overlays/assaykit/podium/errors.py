"""What can happen to a report while one waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assaykit.core.errors import AssaykitError

if TYPE_CHECKING:
    from podium_client.models import ReportStatus


class ReportNotCompleted(AssaykitError):
    """A report was waited for and is not there.

    Args:
        report_queue_id: Id of the report in the queue.
        status: The last status that Podium gave.
        waited: Seconds since the wait began.
    """

    what = "is not completed"

    def __init__(self, report_queue_id: str, status: ReportStatus, waited: float) -> None:
        super().__init__(report_queue_id, status, waited)
        self.report_queue_id = report_queue_id
        self.status = status
        self.waited = waited

    def __str__(self) -> str:
        return f"podium report {self.report_queue_id} {self.what} after {self.waited:.0f} s"


class ReportFailed(ReportNotCompleted):
    """Podium met an error while generating the report and told its support, who may still mend it."""

    what = "met an error that Podium's support has been told of (wait longer with on_error='wait')"


class ReportSuspended(ReportNotCompleted):
    """Podium gave the report up: a more serious problem, of which it informs the integration partner."""

    what = "is suspended by Podium"


class ReportTimeout(ReportNotCompleted):
    """The report was not generated in time. It may still be: its id stays valid."""

    what = "is not generated"
