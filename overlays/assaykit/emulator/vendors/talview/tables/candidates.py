"""Candidates and what is known about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from assaykit.emulator.engine.resources import Resource, belongs, refers
from assaykit.emulator.engine.resources.filters import selected
from assaykit.emulator.engine.storage import Where
from assaykit.emulator.engine.vendor import Call
from assaykit.emulator.vendors.talview.tables.statuses import NEW_CANDIDATE


def _of_menu_card(call: Call, value: int) -> Sequence[Where]:
    """Return the condition that a candidate is invited to an assessment of a menu card."""
    assessments = selected(call, "menu_card_assessments", "assessment_id", [Where("menu_card_id", "=", value)])
    invited = selected(call, "assessment_candidates", "candidate_id", [Where("assessment_id", "in", assessments)])
    return [Where("id", "in", invited)]


_CANDIDATE: Final = belongs("candidates")

RESOURCES: Final = (
    Resource(
        "candidates",
        "Candidate",
        references={"status_id": refers("statuses"), "assigned_to": refers("users")},
        unique=(("email",),),
        tallies=(("status_id",),),
        defaults={"status_id": NEW_CANDIDATE},
        searches={"s": ("first_name", "last_name", "email", "external_id")},
        filters={"menu_card_id": _of_menu_card},
        links={
            "image": "/models/candidate-image/{id}",
            "resume": "/models/file?candidate_id={id}&file_type_id=11",
            "calendar": "/models/candidate-calendar?candidate_id={id}",
            "assessmentCandidates": "/models/assessment-candidate?candidate_id={id}",
            "candidateFileAttachments": "/models/candidate-file-attachment?candidate_id={id}",
        },
    ),
    Resource("candidate_images", "Candidate", of="candidates"),
    Resource("candidate_calendars", "Calendar entry", references={"candidate_id": _CANDIDATE}),
    Resource("candidate_educations", "Education", references={"candidate_id": _CANDIDATE}),
    Resource("candidate_experiences", "Experience", references={"candidate_id": _CANDIDATE}),
    Resource(
        "candidate_file_attachments",
        "Attachment",
        references={"candidate_id": _CANDIDATE, "file_id": belongs("files")},
        links={"candidate": "/models/candidate/{candidate_id}", "file": "/models/file/{file_id}"},
    ),
)
