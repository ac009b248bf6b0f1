"""Questions, sections, and what a section asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import Any, Final

from assaykit.emulator.engine.resources import Change, Computed, Resource, View, belongs, each, loose, resources_of
from assaykit.emulator.engine.resources.declarations import Conditions
from assaykit.emulator.engine.storage import Document, Where
from assaykit.emulator.engine.vendor import Call
from assaykit.emulator.vendors.talview import sections

_MARKUP: Final = re.compile(r"<[^>]*>")


def plain_text(markup: str) -> str:
    """Return text without its markup."""
    return unescape(_MARKUP.sub("", markup)).strip()


def _written(change: Change) -> None:
    """Keep the content as it was written, and as plain text to filter by."""
    raw = change.values.get("content", change.document.get("contentRaw") or "")
    change.document.pop("content", None)
    change.document["contentRaw"] = raw
    change.document["plainTxtContent"] = plain_text(raw)


def _content(_: View, document: Document) -> dict[str, str]:
    return {"text/html": document["contentRaw"], "text/plain": document["plainTxtContent"]}


def _worded(_: Call, value: str) -> Sequence[Where]:
    """Return the condition that a text is the content, written with or without markup."""
    return [Where("contentRaw" if _MARKUP.search(value) else "plainTxtContent", "=", value)]


def _questions_count(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    """Count what sections ask: single questions, and as many as a skill is to give."""
    resources = resources_of(view.state)
    wanted = [document["id"] for document in documents]
    numbers = dict.fromkeys(wanted, 0)
    for entry in resources.records.find(view.state, "section_combined", [Where("section_id", "in", wanted)]):
        numbers[entry["section_id"]] += entry["q_count"] or 1
    single = view.state.store.tally(
        resources.collection("section_questions"), ["section_id"], [Where("section_id", "in", wanted)]
    )
    return [numbers[number] or single.get((number,), 0) for number in wanted]


def asked_in(kind: str, field: str) -> Conditions:
    """Return a filter by the section that asks for something, alone or as an entry of its list.

    Args:
        kind: Kind of the mappings of sections to it.
        field: Field of mappings and entries with its id.
    """

    def conditions(call: Call, value: Any) -> Sequence[Where]:
        records = resources_of(call.state).records
        where = [Where("section_id", "=", value), Where(field, "!=", None)]
        # There is no "or" between selections; a section has few entries.
        entries = [*records.find(call.state, kind, where), *records.find(call.state, "section_combined", where)]
        return [Where("id", "in", sorted({entry[field] for entry in entries}))]

    return conditions


def _labelled(change: Change) -> None:
    """Give a section the name of its type."""
    document = change.document
    document["type"] = document["type"] or sections.label(document["section_type_id"])


_SECTION: Final = belongs("sections")

RESOURCES: Final = (
    Resource(
        "questions",
        "Question",
        indexes={"category_id": int, "plainTxtContent": str, "contentRaw": str},
        computed={"content": each(_content)},
        filters={
            "content": _worded,
            "section_id": asked_in("section_questions", "question_id"),
        },
        before={"create": _written, "update": _written},
        links={
            "files": "/models/file?question_id={id}&file_type_id%5B0%5D=14&file_type_id%5B1%5D=26",
            "skills": "/models/skill?question_id={id}",
            "categories": "/models/category?question_id={id}",
        },
    ),
    Resource(
        "question_skills",
        "Skill of the question",
        references={"question_id": belongs("questions"), "skill_id": belongs("skills")},
    ),
    Resource(
        "sections",
        "Section",
        references={
            "evaluation_form_id": loose("forms"),
            "form_id": loose("forms"),
            "external_assessment_id": loose("external_assessments"),
        },
        before={"create": _labelled},
        computed={
            "questionsCount": Computed(_questions_count),
            "type_id": each(lambda _, document: document["section_type_id"]),
        },
        links={
            "sectionParameters": "/models/section-parameter?section_id={id}",
            "sectionQuestions": "/models/section-question?section_id={id}",
            "sectionSkills": "/models/section-skill?section_id={id}",
            "parameters": "/models/parameter?section_id={id}",
            "questions": "/models/question?section_id={id}",
            "skills": "/models/skills?section_id={id}",
            "combined": "/models/section-combined?section_id={id}",
        },
    ),
    Resource(
        "section_combined",
        "Entry of the section",
        references={"section_id": _SECTION, "question_id": belongs("questions"), "skill_id": belongs("skills")},
    ),
    Resource(
        "section_parameters",
        "Parameter of the section",
        references={"section_id": _SECTION, "parameter_id": belongs("parameters")},
    ),
    Resource(
        "section_questions",
        "Question of the section",
        references={"section_id": _SECTION, "question_id": belongs("questions")},
    ),
    Resource(
        "section_skills", "Skill of the section", references={"section_id": _SECTION, "skill_id": belongs("skills")}
    ),
)
