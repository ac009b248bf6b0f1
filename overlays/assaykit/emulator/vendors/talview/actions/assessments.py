"""Actions that create an assessment with its sections, and that add a section to one or take one out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.vendors.talview import sections
from assaykit.emulator.vendors.talview.actions.declared import Action, Work

_DRAFT: Final = 1
_TYPES: Final = frozenset({*range(1, 12), *range(13, 23)})
_OWN: Final = ("title", "evaluation_form_id")
"""Properties that the section itself has; all others are settings that it has in the assessment."""
_SETTINGS: Final = {
    "positive_mark": "positive_mark",
    "negative_mark": "negative_mark",
    "isPlaylist": "isPlaylist",
    "is_review": "is_review",
    "isSkipAllowed": "isSkipAllowed",
    "isRetake": "is_retake",
    "max_section_time": "max_section_time",
    "max_question_time": "max_question_time",
    "questionDisplayTime": "questionDisplayTime",
}
"""Names of settings in requests, and in assessment sections."""


def _check_section(work: Work, section: Mapping[str, Any], at: str) -> None:
    """Refuse a section of an unknown type, or that asks or rates by something the organization does not have."""
    if int(section["section_type_id"]) not in _TYPES:
        raise unfit(f"{at}.section_type_id", "is no type of sections")
    if section.get("evaluation_form_id") is not None:
        work.need("forms", section["evaluation_form_id"], f"{at}.evaluation_form_id", "form")
    for place, entry in enumerate(section.get("combined") or ()):
        for field, kind, thing in (("question_id", "questions", "question"), ("skill_id", "skills", "skill")):
            if entry.get(field) is not None:
                work.need(kind, int(entry[field]), f"{at}.combined[{place}].{field}", thing)
    for place, entry in enumerate(section.get("parameters") or ()):
        if "parameter_id" in entry:
            field = f"{at}.parameters[{place}].parameter_id"
            if not isinstance(entry["parameter_id"], int) or isinstance(entry["parameter_id"], bool):
                raise unfit(field, "must be a whole number")
            work.need("parameters", entry["parameter_id"], field, "parameter")


def _make_section(work: Work, section: Mapping[str, Any]) -> Document:
    """Make a section with its questions and parameters."""
    number = int(section["section_type_id"])
    values = {name: section[name] for name in _OWN if section.get(name) is not None}
    values |= {"section_type_id": number, "type_id": number, "type": sections.label(number)}
    if section.get("evaluation_form_url") is not None:
        values["evaluationFormUrl"] = section["evaluation_form_url"]
    made = sections.make_section(work.state, values, user=work.user, owner=work.organization)
    for place, entry in enumerate(section.get("combined") or ()):
        _add_entry(work, made["id"], entry, entry.get("sort_order", place + 1))
    for entry in section.get("parameters") or ():
        if "parameter_id" in entry:
            work.insert("section_parameters", section_id=made["id"], parameter_id=entry["parameter_id"])
    return made


def _add_entry(work: Work, section_id: int, entry: Mapping[str, Any], sort_order: int) -> None:
    question = None if entry.get("question_id") is None else int(entry["question_id"])
    skill = entry.get("skill_id")
    count = entry.get("q_count", 1)
    work.insert(
        "section_combined",
        section_id=section_id,
        question_id=question,
        skill_id=skill,
        q_count=count,
        sort_order=sort_order,
    )
    if question is not None:
        work.insert("section_questions", section_id=section_id, question_id=question, sort_order=sort_order)
    if skill is not None:
        work.insert("section_skills", section_id=section_id, skill_id=skill, q_count=count, sort_order=sort_order)


def _settings(section: Mapping[str, Any]) -> dict[str, Any]:
    settings = {stored: section[sent] for sent, stored in _SETTINGS.items() if section.get(sent) is not None}
    if section.get("is_proctor"):
        # Actions cannot name the kind of proctoring, and a section without one is not proctored.
        settings["proview_type"] = "ai_proctor"
    return settings


def _ordered(listed: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return sections by their `order`, which is their place in the list if it is left out."""
    return [
        section
        for _, section in sorted(enumerate(listed, 1), key=lambda pair: (pair[1].get("order", pair[0]), pair[0]))
    ]


def _may_create(work: Work) -> None:
    if work.body.get("owned_by") is not None:
        work.need("users", work.body["owned_by"], "owned_by", "user")
    for place, section in enumerate(work.body["sections"]):
        _check_section(work, section, f"sections[{place}]")


def _create(work: Work) -> None:
    body = work.body
    given = {
        "title": body["title"],
        "start_date": body.get("start_date"),
        "end_date": body.get("end_date"),
        "external_id": body.get("externalID"),
        "status_id": body.get("assessmentStatus", _DRAFT),
        "owned_by": body.get("owned_by") or work.user,
    }
    if body.get("description") is not None:
        given["description"] = body["description"]
    assessment = work.insert("assessments", **given)
    for section in _ordered(body["sections"]):
        made = _make_section(work, section)
        sections.add(work.state, assessment["id"], made["id"], _settings(section), user=work.user)
    work.shown["_links"] = {"assessment": {"href": f"/models/assessment/{assessment['id']}"}}


def _chain(work: Work) -> tuple[list[Document], int, int]:
    """Return the sections of the assessment in their order, and the places of `parent` and `child` among them."""
    body = work.body
    work.need("assessments", body["assessmentID"], "assessmentID", "assessment")
    chain = sections.in_order(work.state, body["assessmentID"])
    numbers = [one["id"] for one in chain]
    for name in ("parent", "child"):
        if body[name] not in numbers:
            raise unfit(name, "names no section of the assessment")
    return chain, numbers.index(body["parent"]), numbers.index(body["child"])


def _between(work: Work, chain: Sequence[Document], parent: int, child: int) -> Document:
    """Return the section to remove."""
    inner = chain[parent + 1 : child]
    wanted = work.body.get("assessmentSectionID")
    for one in inner:
        if wanted in (None, one["id"]) and len(inner) == 1:
            return one
    if wanted is not None:
        raise unfit("assessmentSectionID", "must be the one section between parent and child")
    raise unfit("child", "must have exactly one section between parent and itself")


def _may_work(work: Work) -> None:
    chain, parent, child = _chain(work)
    if work.body["type"] == "delete":
        _between(work, chain, parent, child)
        return
    if child != parent + 1:
        raise unfit("child", "must be the section that follows parent")
    _check_section(work, work.body["section"], "section")


def _work(work: Work) -> None:
    work.shown["type"] = work.body["type"]
    chain, parent, child = _chain(work)
    if work.body["type"] == "delete":
        removed = _between(work, chain, parent, child)
        work.records.remove(work.state, "assessment_sections", removed, user=work.user)
        return
    section = work.body["section"]
    made = _make_section(work, section)
    assessment = work.body["assessmentID"]
    sections.add(work.state, assessment, made["id"], _settings(section), user=work.user, before=chain[child])


ACTIONS: Final = (
    Action(
        "create_assessment",
        14,
        {
            "title": None,
            "externalID": None,
            "templateID": None,
            "description": None,
            "start_date": None,
            "assessmentStatus": None,
            "end_date": None,
            "cf": None,
            "owned_by": None,
            "theme": None,
            "pre_page": None,
            "form_url": None,
            "post_url": None,
            "promo": None,
            "is_practice": None,
            "sections": None,
        },
        _create,
        _may_create,
        queued=False,
        numbered=False,
        stamps=("started_at", "completed_at"),
    ),
    Action(
        "section_workflow",
        None,
        {"parent": None, "child": None, "assessmentSectionID": None, "assessmentID": None},
        _work,
        _may_work,
        queued=False,
        numbered=False,
    ),
)
