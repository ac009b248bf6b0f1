"""What candidates see and do on their devices: other views of what recruiters see."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

from assaykit.emulator.engine.resources import Change, Computed, Resource, View, belongs, each, refers, resources_of
from assaykit.emulator.engine.storage import Document, Where
from assaykit.emulator.engine.vendor import Call
from assaykit.emulator.vendors.talview import answering, attaching, own, sections, submitting
from assaykit.emulator.vendors.talview.asked import asked
from assaykit.emulator.vendors.talview.asked import questions as in_order
from assaykit.emulator.vendors.talview.presenting import as_shown_by, fitted

_MINUTES_EACH: Final = 2
"""How many minutes a question takes; inferred, for the words that tell how long a section takes."""
_POSITION: Final = ("_place", "id")


def _questions(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    """Return the question of each answer."""
    found = in_order(view.state, [document["question_id"] for document in documents])
    shown = as_shown_by(view, "mobile_questions", "mobile_questions_get", found)
    gone = {"id": 0, "type": "essay", "content": {}, "contentRaw": "", "updated_at": view.state.now()}
    return [shown.get(document["question_id"]) or {**gone, "id": document["question_id"]} for document in documents]


def _all_questions(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    """Return all questions of each section candidate."""
    asked_of = [asked(view.state, document) for document in documents]
    found = in_order(view.state, list(dict.fromkeys(number for numbers in asked_of for number in numbers)))
    shown = as_shown_by(view, "mobile_questions", "mobile_questions_get", found)
    return [[shown[number] for number in numbers if number in shown] for numbers in asked_of]


def _files(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    """Return the files that belong to each answer."""
    files = resources_of(view.state).records.find(
        view.state, "files", [Where("answer_id", "in", [document["id"] for document in documents])]
    )
    shown = as_shown_by(view, "files", "files_get", files)
    return [[shown[file["id"]] for file in files if file["answer_id"] == document["id"]] for document in documents]


def _file(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    """Return the file of each attachment."""
    where = [Where("id", "in", [document["file_id"] for document in documents])]
    found = resources_of(view.state).records.find(view.state, "files", where)
    shown = as_shown_by(view, "files", "files_get", found)
    return [shown[document["file_id"]] for document in documents]


def _sections(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    """Return the section of each assessment section."""
    state = view.state
    known = view.by_id("sections", [document["section_id"] for document in documents])
    drawn = {
        entry["section_id"]
        for entry in resources_of(state).records.find(
            state, "section_combined", [Where("section_id", "in", list(known))]
        )
        if entry["skill_id"] is not None
    }
    told: list[dict[str, Any]] = []
    for document in documents:
        section = known.get(document["section_id"], {"id": document["section_id"]})
        kind = section.get("section_type_id") or 1
        more: dict[str, Any] = {
            "type": section.get("type") or sections.label(kind),
            "type_id": kind,
            "isDynamic": section["id"] in drawn,
            "_links": [],
        }
        told.append(fitted(state, "MobileSection", {**section, **more}))
    return told


def _assessments(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    """Return the assessment of each assessment section."""
    state = view.state
    known = view.by_id("assessments", [document["assessment_id"] for document in documents])
    owners = view.by_id("admin_organizations", [document["organization_id"] for document in documents])
    told: list[dict[str, Any]] = []
    for document in documents:
        assessment = known.get(document["assessment_id"], {"id": document["assessment_id"]})
        number = document["organization_id"]
        organization = fitted(state, "MobileOrganization", owners.get(number) or {"id": number})
        more = {"organization": organization, "position": None, "hasMobile": True}
        told.append(fitted(state, "MobileAssessment", {**assessment, **more}))
    return told


def _durations(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    """Return in words how long each assessment section takes: two minutes for each question, or what is allowed."""
    known = view.by_id("sections", [document["section_id"] for document in documents])
    told: list[str] = []
    for document in documents:
        count = known.get(document["section_id"], {}).get("questionsCount") or 1
        most = (document["max_section_time"] or 0) // 60 or _MINUTES_EACH * count + 1
        told.append(f"{min(_MINUTES_EACH * count, most)} - {most} minutes")
    return told


def _code(_: View, document: Document) -> str:
    return sha256(f"attendee-{document['id']}".encode()).hexdigest()[:32]


def _meeting_token(_: View, document: Document) -> str:
    """Return what looks like a signed token and lets nobody in anywhere."""
    return f"assaykit.attendee-{document['id']}.{_code(_, document)}"


def _public(_: Call) -> Sequence[Where]:
    return [Where("is_public", "=", True)]


def _largest_sequence(change: Change) -> None:
    """Keep the text of a question, which requests may repeat, out of the answer."""
    change.document.pop("question", None)
    answering.value(change)


_NO_LINKS: Final = each(lambda *_: [])
_SEEN: Final = {
    "section": Computed(_sections),
    "assessment": Computed(_assessments),
    "duration": Computed(_durations),
    "questionDisplayTime": each(lambda _, document: document["questionDisplayTime"] or 0),
}
_ANSWERED: Final = {"create": answering.settle, "update": answering.settle}
_TOLD: Final = {"create": answering.identify, "update": _largest_sequence}
_QUESTION: Final = {"question": "/mobile/question?id={question_id}"}
_ANSWER: Final = {"answer_id": belongs("answers"), "file_id": refers("files", "")}

RESOURCES: Final = (
    Resource(
        "mobile_answers",
        "Answer",
        of="answers",
        visible=own.by_section_candidate,
        computed={"question": Computed(_questions), "submitted_files": Computed(_files)},
        links=_QUESTION,
        before=_TOLD,
        after=_ANSWERED,
    ),
    Resource(
        "attend_answers",
        "Answer",
        of="answers",
        visible=own.by_section_candidate,
        links=_QUESTION,
        before=_TOLD,
        after=_ANSWERED,
    ),
    Resource(
        "mobile_answer_files",
        "File of the answer",
        references=_ANSWER,
        defaults={"file_id": None},
        computed={"file": Computed(_file)},
        before={"create": attaching.attach_file},
        after={"create": attaching.note_sequence},
    ),
    Resource(
        "mobile_answer_recordings",
        "Recording of the answer",
        references=_ANSWER,
        defaults={"file_id": None},
        computed={"file": Computed(_file)},
        before={"create": attaching.attach_recording},
        after={"create": attaching.note_sequence},
    ),
    Resource(
        "mobile_assessment_sections",
        "Section of the assessment",
        of="assessment_sections",
        visible=own.assessment_sections,
        computed=_SEEN,
    ),
    Resource(
        "mobile_public_assessment_sections",
        "Public section",
        of="assessment_sections",
        scope="all",
        visible=_public,
        indexes={"is_public": bool},
        computed={
            **_SEEN,
            "hasNegative": each(lambda _, document: float(document["negative_mark"] or 0) > 0),
            "publicLinkUrl": each(lambda view, document: f"{view.base_url}/register/{document['id']}"),
        },
        links={
            "unassigned": "/models/assessment-section-candidate?assessment_section_id={id}&unassigned=1",
            "panel": "/models/panel?assessment_section_id={id}",
            "parameters": "/models/parameter?section_id={section_id}",
            "assessment": "/models/assessment/{assessment_id}",
        },
    ),
    Resource(
        "mobile_assessment_section_candidates",
        "Candidate of the section",
        of="assessment_section_candidates",
        visible=own.section_candidates,
        computed={"questions": Computed(_all_questions)},
    ),
    Resource("mobile_questions", "Question", of="questions", visible=own.questions),
    Resource(
        "mobile_forms",
        "Form",
        of="forms",
        visible=own.forms,
        computed={
            "structure": each(lambda _, document: document["structure"] or []),
            "status": each(lambda _, document: document["status"] or 0),
            "is_public": each(lambda _, document: bool(document["is_public"])),
            "is_editable": each(lambda _, document: bool(document["is_editable"])),
        },
    ),
    Resource(
        "mobile_form_submissions",
        "Form submission",
        of="form_instances",
        visible=own.by_section_candidate,
        computed={"data": each(lambda _, document: document["data"] or [])},
        before={"create": submitting.identify},
        after={"create": submitting.attach_files},
    ),
    Resource(
        "mobile_live_attendees",
        "Attendee",
        of="live_attendees",
        visible=own.by_candidate,
        computed={
            "c": each(_code),
            "passcode": each(lambda *_: None),
            "token": each(_meeting_token),
            "theme": each(lambda *_: "default"),
            "_links": _NO_LINKS,
        },
    ),
    Resource(
        "mobile_live_sessions",
        "Live session",
        of="live_sessions",
        visible=own.by_section_candidate,
        computed={"_links": _NO_LINKS},
    ),
    Resource("mobile_select_field_data", "Choice", of="select_field_data", order=_POSITION),
)
