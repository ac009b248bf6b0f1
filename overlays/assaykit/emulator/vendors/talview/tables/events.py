"""Events, and who and what belongs to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from assaykit.emulator.engine.resources import Change, Computed, Resource, View, belongs, loose, refers
from assaykit.emulator.engine.resources.filters import selected, through
from assaykit.emulator.engine.storage import Document, Where
from assaykit.emulator.engine.vendor import Call
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview.counting import COUNTS
from assaykit.emulator.vendors.talview.tables.hooks import below, by_caller, counted_where
from assaykit.emulator.vendors.talview.tables.statuses import with_key

DRAFT: Final = 1
PENDING: Final = 1


def _code(state: State, _: Document) -> str:
    return str(1_500_000_000 + int(state.ids.fraction("event-code") * 100_000_000))


def _owner(change: Change) -> None:
    """Requests may name the owner in text, and leave the place out."""
    document = change.document
    document["owned_by"] = int(document["owned_by"])
    document["location"] = document["location"] or []


def _owner_number(change: Change) -> None:
    by_caller("owned_by")(change)
    _owner(change)


def _by_sort_key(call: Call, value: int) -> Sequence[Where]:
    statuses = selected(call, "statuses", "id", [Where("sort_key", "=", value)])
    invited = selected(call, "assessment_candidates", "id", [Where("status_id", "in", statuses)])
    return [Where("assessment_candidate_id", "in", invited)]


def _count(key: int | None) -> Computed:
    where = () if key is None else with_key(key)
    return counted_where("assessment_candidates", "assessment_id", lambda _: where, expanded=True, own="assessment_id")


def _assessments(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    known = view.by_id("assessments", [document["assessment_id"] for document in documents])
    return [known.get(document["assessment_id"]) for document in documents]


def _none(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    """Return no declined candidates: no operation lets a candidate decline."""
    del view
    return [0] * len(documents)


_EVENT: Final = belongs("events")
_COUNTED: Final = (
    "addedCount%2CdeclinedCount%2CinvitedCount%2CinProgressCount%2CattendedCount%2CassessedCount"
    "%2CselectedCount%2CholdCount%2CrejectedCount%2CassessmentExpanded"
)
_COUNTED_ASSESSMENTS: Final = (
    "addedCount%2CinvitedCount%2CinProgressCount%2CattendedCount%2CassessedCount%2CselectedCount%2CholdCount"
    "%2CrejectedCount"
)

RESOURCES: Final = (
    Resource(
        "events",
        "Event",
        references={
            "owned_by": refers("users"),
            "point_of_contact": refers("users"),
            "registration_form_id": loose("forms"),
        },
        defaults={"status": DRAFT, "code": _code, "owned_by": None},
        searches={"s": ("title", "code", "external_id")},
        computed={"publicUrl": below("/event/{code}")},
        filters={"assessment_id": through("event_assessments", "assessment_id", leads_to="event_id")},
        before={"create": _owner_number, "update": _owner},
        links={
            "self": "/models/event/{id}",
            "users": "/models/event-user?event_id={id}",
            "panel": "/models/event-user?event_id={id}&role=Evaluator",
            "recruiter": "/models/event-user?event_id={id}&role=Recruiter",
            "candidates": "/models/event-candidate?event_id={id}",
            "eventAssessments": "/models/event-assessment?event_id={id}",
            "assessments": "/models/assessment?event_id={id}",
            "eventAssessmentsCount": f"/models/event-assessment?event_id={{id}}&expand={_COUNTED}",
            "assessmentsCount": f"/models/assessment?event_id={{id}}&expand={_COUNTED_ASSESSMENTS}",
        },
    ),
    Resource(
        "event_assessments",
        "Assessment of the event",
        references={"event_id": _EVENT, "assessment_id": belongs("assessments")},
        computed={
            **{name: _count(key) for name, key in COUNTS.items()},
            "declinedCount": Computed(_none, expanded=True),
            "assessmentExpanded": Computed(_assessments, expanded=True),
        },
    ),
    Resource(
        "event_candidates",
        "Candidate of the event",
        references={
            "event_id": _EVENT,
            "candidate_id": belongs("candidates"),
            "assessment_candidate_id": loose("assessment_candidates"),
            "form_instance_id": loose("form_instances"),
        },
        filters={
            "s": through("candidates", "s", field="candidate_id", inner="contains"),
            "assessment_id": through("assessment_candidates", "assessment_id", field="assessment_candidate_id"),
            "status_sort_key": _by_sort_key,
        },
    ),
    Resource(
        "event_users",
        "User of the event",
        references={"event_id": _EVENT, "user_id": belongs("users"), "panel_id": loose("panels")},
        defaults={"status": PENDING},
    ),
)
