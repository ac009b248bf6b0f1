"""Assessments and their sections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from assaykit.emulator.engine.jsontext import MalformedJSON, dumps, loads
from assaykit.emulator.engine.rejection import INVALID, Field, Rejected
from assaykit.emulator.engine.resources import (
    Change,
    Computed,
    Resource,
    View,
    belongs,
    each,
    loose,
    refers,
    resources_of,
)
from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.resources.filters import NOTHING, equals, selected, through
from assaykit.emulator.engine.storage import Document, Where, equal
from assaykit.emulator.engine.vendor import Call
from assaykit.emulator.vendors.talview import sections
from assaykit.emulator.vendors.talview.counting import COUNTS, counts_of
from assaykit.emulator.vendors.talview.tables.hooks import below, by_caller, decimal, each_of

DRAFT: Final = 1
_STATUSES: Final = range(DRAFT, 5)
_CUSTOM: Final = "_cf"
"""Stored field of an assessment with its custom fields as texts that a filter finds."""
_NEEDED: Final = {
    4: ("max_section_time",),
    5: ("max_question_time",),
    6: ("max_section_time", "cut_off", "positive_mark", "negative_mark"),
}
"""What a section needs by its type. The page names code and simulation sections too, but not their types."""


def _count(name: str) -> Computed:
    def count(view: View, documents: Sequence[Document]) -> Sequence[Any]:
        numbers = counts_of(view.state, [document["id"] for document in documents])
        return [numbers[document["id"]][name] for document in documents]

    return Computed(count, expanded=True)


def _status(change: Change) -> None:
    """Take the status over from the name that requests give it, and keep it a number of the list.

    Raises:
        Rejected: It is none.
    """
    document = change.document
    sent = document.pop("status", None)
    if sent is not None:
        document["status_id"] = sent
    if document["status_id"] is None:
        document["status_id"] = DRAFT if change.old is None else change.old["status_id"]
    if change.changed("status_id") and document["status_id"] not in _STATUSES:
        raise unfit("status_id", f"must be a status of assessments, from {_STATUSES.start} to {_STATUSES.stop - 1}")


def custom_texts(values: object) -> list[str]:
    """Return custom fields as texts, one for each."""
    return [f"{key}={dumps(value).decode()}" for key, value in values.items()] if isinstance(values, dict) else []


def _keep_custom(change: Change) -> None:
    change.document[_CUSTOM] = custom_texts(change.document["cf"])


def _custom_fields(_: Call, value: str) -> Sequence[Where]:
    try:
        wanted = loads(value.encode())
    except (MalformedJSON, UnicodeEncodeError):
        return NOTHING
    if wanted == []:
        return ()
    return [Where(_CUSTOM, "has", text) for text in custom_texts(wanted)] if isinstance(wanted, dict) else NOTHING


def _live(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    """Return whether assessments have a live section."""
    resources = resources_of(view.state)
    live = sections.of_type(view.state, sections.LIVE)
    where = [Where("assessment_id", "in", [document["id"] for document in documents]), Where("section_id", "in", live)]
    numbers = view.state.store.tally(resources.collection("assessment_sections"), ["assessment_id"], where)
    return [(document["id"],) in numbers for document in documents]


def _types(*numbers: int) -> str:
    types = "".join(f"&section_type_id%5B{place}%5D={number}" for place, number in enumerate(numbers))
    return f"/models/assessment-section?assessment_id={{id}}{types}"


def _all(key: int) -> str:
    return f"/models/assessment-candidate?assessment_id={{id}}&status_sort_key={key}"


def flag(where: Any) -> Any:
    """Return a filter that 1 turns on, and that any other number leaves off.

    Args:
        where: Takes the request and returns the conditions.
    """

    def conditions(call: Call, value: int) -> Sequence[Where]:
        return where(call) if value == 1 else ()

    return conditions


def unassigned(field: str) -> Any:
    """Return a filter of those whom no panel candidate names in a field."""
    return flag(lambda call: [Where("id", "not in", selected(call, "panel_candidates", field, []))])


def _settings(change: Change) -> None:
    """Take the names of requests over, and put a new section behind the others of its assessment.

    Raises:
        Rejected: A setting is missing that sections of the type need.
    """
    document = change.document
    number = document.pop("section_type_id", None)
    if "isRetake" in document:
        document["is_retake"] = bool(document.pop("isRetake"))
    missing = [name for name in _NEEDED.get(number or 0, ()) if document[name] is None]
    if missing:
        told = [Field(f"body.{name}", f"is needed in a section of type {number}") for name in missing]
        raise Rejected(INVALID, "The body is not accepted.", told)
    document["is_proctor"] = document["proview_type"] is not None
    if document.get(sections.PLACE) is None:
        resources = resources_of(change.state)
        where = equal(assessment_id=document["assessment_id"])
        last = resources.records.find(change.state, "assessment_sections", where, order=[f"-{sections.PLACE}"], limit=1)
        document[sections.PLACE] = last[0][sections.PLACE] + 1 if last else 0


def _order(change: Change) -> None:
    sections.put_first(change.state, change.document["assessment_id"])


def _public_link(view: View, document: Document) -> str | None:
    return f"{view.base_url}/register/{document['id']}" if document["is_public"] else None


_ASSESSMENT: Final = belongs("assessments")
_MARKS: Final = decimal("positive_mark", "negative_mark")

RESOURCES: Final = (
    Resource(
        "assessments",
        "Assessment",
        references={"owned_by": refers("users"), "first_assessment_section_id": loose("assessment_sections")},
        defaults={"status_id": DRAFT, "owned_by": None, _CUSTOM: [], "cf": []},
        computed={
            "formUrl": below("/form/{id}"),
            "reportUrl": each(lambda _, document: f"/reports/excel/assessment/{document['id']}.xls"),
            "hasLive": Computed(_live),
            **{name: _count(name) for name in COUNTS},
        },
        filters={
            "cf": _custom_fields,
            "status": equals("status_id", int),
            "event_id": through("event_assessments", "event_id", leads_to="assessment_id"),
            "menu_card_id": through("menu_card_assessments", "menu_card_id", leads_to="assessment_id"),
        },
        indexes={"status_id": int},
        before={
            "create": each_of(by_caller("owned_by"), _status, _keep_custom),
            "update": each_of(_status, _keep_custom),
        },
        links={
            "metrics": "/reports/assessment-time/{id}",
            "notificationLog": "/models/notification-log?assessment_id={id}",
            "templates": "/models/notification-template?assessment_id={id}",
            "menuCardAssessments": "/models/menu-card-assessment?assessment_id={id}",
            "all": "/models/assessment-candidate?assessment_id={id}",
            "categories": "/models/assessment-category?assessment_id={id}",
            "assessmentSummary": "/assessment/{id}",
            "publicSection": _types(21, 19, 20, 4, 5, 6, 10, 17),
            "assessmentSections": _types(21, 19, 20, 4, 5, 6, 15, 7, 16, 10, 13, 14, 18, 9, 17, 22),
            "evaluateSections": _types(4, 5, 10, 13, 15, 14, 18, 20, 19, 17, 21, 22, 7),
            "allSections": "/models/assessment-section?assessment_id={id}",
            "added": _all(10),
            "invited": _all(20),
            "attended": _all(50),
            "rejected": _all(90),
            "evaluated": _all(60),
            "selected": _all(70),
            "hold": _all(80),
            "inProgress": _all(30),
        },
    ),
    Resource(
        "assessment_categories",
        "Category of the assessment",
        references={"assessment_id": _ASSESSMENT, "category_id": belongs("categories")},
    ),
    Resource(
        "assessment_collaborators",
        "Collaborator",
        references={"assessment_id": _ASSESSMENT, "user_id": belongs("users")},
    ),
    Resource(
        "assessment_sections",
        "Section of the assessment",
        references={"assessment_id": _ASSESSMENT, "section_id": refers("sections")},
        defaults={"is_visible": True, "isObjectiveScoreBreakup": True, "proview_type": None},
        indexes={sections.PLACE: int},
        filters={"section_type_id[]": through("sections", "section_type_id", field="section_id")},
        before={"create": each_of(_settings, _MARKS), "update": each_of(_settings, _MARKS)},
        after={"create": _order, "delete": _order},
        computed={"publicLinkUrl": each(_public_link)},
        links={
            "unassigned": "/models/assessment-section-candidate?assessment_section_id={id}&unassigned=1",
            "parameters": "/models/parameter?section_id={section_id}",
            "assessment": "/models/assessment/{assessment_id}",
        },
    ),
)
