"""The candidates of assessments and of their sections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from assaykit.emulator.engine.dates import instant_text
from assaykit.emulator.engine.resources import Change, Computed, Resource, belongs, loose, refers
from assaykit.emulator.engine.resources.filters import through
from assaykit.emulator.engine.storage import Document, Where
from assaykit.emulator.engine.vendor import Call
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview import bookings, progress
from assaykit.emulator.vendors.talview.statuses import COMPLETED, INVITED, OF_ASSESSMENT, OF_SECTION, row_id
from assaykit.emulator.vendors.talview.tables.assessments import flag, unassigned
from assaykit.emulator.vendors.talview.tables.hooks import decimal, each_of
from assaykit.emulator.vendors.talview.tables.statuses import by_sort_key, of_type, status_objects, with_key

RECENTLY: Final = timedelta(days=7)
"""How long an evaluation counts as recent; inferred."""


def _recent(call: Call) -> Sequence[Where]:
    return [Where("evaluated_at", ">=", instant_text(call.state.clock.now() - RECENTLY))]


def _verification_code(state: State, _: Document) -> str:
    return str(100_000_000 + int(state.ids.fraction("verification-code") * 900_000_000))


def _hash(state: State, _: Document) -> str:
    return state.ids.token("section-candidate")


def _completed(change: Change) -> None:
    """Count a section as complete once it is told when it was."""
    if change.values.get("completed_at") is not None:
        change.document["isComplete"] = True


def _left(change: Change) -> None:
    """Clear calendars of the simulation, and let the assessment candidate follow the sections that are left."""
    bookings.cancel(change.state, bookings.of_simulation(change.document["id"]))
    progress.follow(change.state, change.document["assessment_candidate_id"], user=change.user)


_ASSESSMENT: Final = belongs("assessments")
_INVITED: Final = belongs("assessment_candidates")
_IN_SECTION: Final = belongs("assessment_section_candidates")
_IS_OF_SECTION: Final = of_type(OF_SECTION)

RESOURCES: Final = (
    Resource(
        "assessment_candidates",
        "Candidate of the assessment",
        references={
            "assessment_id": _ASSESSMENT,
            "candidate_id": belongs("candidates"),
            "status_id": refers("statuses"),
            "invited_by": refers("users"),
        },
        unique=(("assessment_id", "candidate_id"),),
        tallies=(("status_id",), ("assessment_id", "status_id")),
        defaults={"status_id": row_id(OF_ASSESSMENT, INVITED)},
        indexes={"evaluated_at": str},
        before={"create": of_type(OF_ASSESSMENT), "update": of_type(OF_ASSESSMENT)},
        filters={
            "s": through("candidates", "s", field="candidate_id", inner="contains"),
            "status_sort_key": by_sort_key(),
            "panel_id": through("panel_candidates", "panel_id", leads_to="assessment_candidate_id"),
            "isPendingInvite": flag(lambda _: with_key(INVITED)),
            "isUnassigned": unassigned("assessment_candidate_id"),
            "isPendingEval": flag(lambda _: with_key(COMPLETED)),
            "isRecentEval": flag(_recent),
        },
        links={
            "assessmentSectionCandidates": "/models/assessment-section-candidate?assessment_candidate_id={id}",
            "evaluations": "/models/evaluation?assessment_candidate_id={id}",
            "assessment": "/models/assessment/{assessment_id}",
            "candidate": "/models/candidate/{candidate_id}",
            "files": "/models/file?assessment_candidate_id={id}",
            "tbiReport": "/models/file?assessment_candidate_id={id}&file_type_id=40",
        },
    ),
    Resource(
        "assessment_section_candidates",
        "Candidate of the section",
        references={
            "assessment_candidate_id": _INVITED,
            "section_id": refers("sections"),
            "assessment_id": _ASSESSMENT,
            "assessment_section_id": belongs("assessment_sections"),
            "status_id": refers("statuses"),
            "status_reason_id": loose("status_reasons"),
        },
        defaults={
            "status_id": row_id(OF_SECTION, INVITED),
            "c": _hash,
            "verification_code": _verification_code,
            "duration": "2 - 3 minutes",
        },
        tallies=(("status_id",), ("section_id",), ("assessment_section_id", "status_id")),
        computed={"status": Computed(status_objects)},
        filters={"unassigned": unassigned("assessment_section_candidate_id")},
        before={
            "create": each_of(_IS_OF_SECTION, decimal("score")),
            "update": each_of(_IS_OF_SECTION, _completed, decimal("score")),
        },
        after={"delete": _left},
        links={
            "self": "/models/assessment-section-candidate?id={id}",
            "answers": "/models/answer?assessment_section_candidate_id={id}",
            "formInstances": "/models/form-instance?assessment_section_candidate_id={id}",
            "preFormInstances": "/models/form-instance?assessment_section_candidate_id={id}"
            "&type%5B0%5D=3&type%5B1%5D=17&type%5B2%5D=18",
            "evaluationFormInstances": "/models/form-instance?assessment_section_candidate_id={id}&type=2",
            "evaluations": "/models/evaluation?assessment_section_candidate_id={id}",
            "selfEvaluations": "/models/evaluation?assessment_section_candidate_id={id}&self=1",
            "panelCandidates": "/models/panel-candidate?assessment_section_candidate_id={id}",
            "status": "/status?id={status_id}",
            "index": "/models/assessment-section-candidate",
            "reports": "/models/file?assessment_section_candidate_id={id}"
            "&file_type_id%5B0%5D=31&file_type_id%5B1%5D=40",
            "liveSessions": "/models/live-session?assessment_section_candidate_id={id}",
            "liveSessionsWithRecording": "/models/live-session?assessment_section_candidate_id={id}&expand=recordings",
        },
    ),
    Resource(
        "assessment_candidate_files",
        "File of the candidate",
        references={
            "assessment_candidate_id": _INVITED,
            "assessment_section_candidate_id": _IN_SECTION,
            "file_id": belongs("files"),
        },
    ),
)
