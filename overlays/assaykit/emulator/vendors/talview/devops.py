"""Work on answers that is begun by hand; it ends unseen, since nothing that is documented shows its result."""

from __future__ import annotations

from typing import Final

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.talview import statuses

_COMPLETED: Final = frozenset(
    {statuses.COMPLETED, statuses.ASSESSED, statuses.SELECTED, statuses.HOLD, statuses.REJECTED}
)
"""Sort keys of the statuses of those who have completed an assessment."""
behaviours = Behaviours()


def _own(call: Call, kind: str, number: int) -> Document | None:
    where = equal(organization_id=call.identity.organization)
    return resources_of(call.state).records.get(call.state, kind, number, where)


@behaviours.operation("admin_devops_generate_tbi_report")
def generate_tbi_report(call: Call) -> Success:
    """Begin a report on somebody who has completed an assessment."""
    invited = _own(call, "assessment_candidates", call.body["assessment_candidate_id"])
    if invited is None:
        raise unfit("assessment_candidate_id", "names no assessment candidate that exists")
    if statuses.sort_key(invited["status_id"]) not in _COMPLETED:
        raise unfit("assessment_candidate_id", "names an assessment candidate who has not completed the assessment")
    return Success({"response": "The report is being made."})


@behaviours.operation("admin_devops_process_speech_to_text")
def process_speech_to_text(call: Call) -> Success:
    """Begin to turn spoken answers into text."""
    for place, number in enumerate(call.body["assessmentCandidates"]):
        if _own(call, "assessment_candidates", number) is None:
            raise unfit(f"assessmentCandidates[{place}]", "names no assessment candidate that exists")
    return Success({"response": "The answers are being turned into text."})


@behaviours.operation("admin_devops_convert_recording")
def convert_recording(call: Call) -> Success:
    """Begin to convert recorded answers."""
    if _own(call, "candidates", call.body["candidate_id"]) is None:
        raise unfit("candidate_id", "names no candidate that exists")
    return Success({"response": "The recordings are being converted."})
