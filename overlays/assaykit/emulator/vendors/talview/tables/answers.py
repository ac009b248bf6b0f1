"""What candidates have answered."""

from __future__ import annotations

from typing import Final

from assaykit.emulator.engine.resources import Change, Resource, belongs, refers
from assaykit.emulator.engine.storage import Where
from assaykit.emulator.vendors.talview.tables.questions import plain_text

_FILES: Final = "/models/file?answer_id={{id}}&file_type_id%5B0%5D={}"

_NO_TEXT: Final = "(not set)"
"""What the documentation's samples show where there is no text."""


def _plain(change: Change) -> None:
    """Keep the text of an answer without its markup as well."""
    text = change.document["text"]
    change.document["plainTxtContent"] = _NO_TEXT if text is None else plain_text(text)


RESOURCES: Final = (
    Resource(
        "answers",
        "Answer",
        before={"create": _plain, "update": _plain},
        references={
            "question_id": refers("questions"),
            "assessment_section_id": belongs("assessment_sections"),
            "assessment_candidate_id": belongs("assessment_candidates"),
            "assessment_section_candidate_id": belongs("assessment_section_candidates"),
        },
        # What a user has answered by the operations for candidates belongs to no candidate, and is not shown here.
        visible=lambda _: [Where("assessment_section_candidate_id", "!=", None)],
        defaults={
            "plainTxtContent": _NO_TEXT,
            "assessment_section_id": None,
            "assessment_candidate_id": None,
            "assessment_section_candidate_id": None,
        },
        links={
            "question": "/models/question?id={question_id}",
            "thumbnails": "/models/file?answer_id={id}&file_type_id=15",
            "videos": "/models/file?answer_id={id}&file_type_id%5B0%5D=4&file_type_id%5B1%5D=5",
            "attachments": _FILES.format(25),
            "vmRecordings": _FILES.format(37),
            "vmAttachment": _FILES.format(38),
            "answerCodeSubmissions": "/models/answer-code-submission?answer_id={id}&type=2",
        },
    ),
    Resource("answer_code_submissions", "Code submission", references={"answer_id": belongs("answers")}),
)
