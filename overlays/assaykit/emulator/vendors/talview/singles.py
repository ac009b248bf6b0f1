"""What some operations show otherwise than the lists of the same objects, as the documentation's samples have it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.vendor import Behaviour, Behaviours, Call
from assaykit.emulator.vendors.talview.counting import counts

Edit = Callable[[Call, dict[str, Any]], None]
"""Changes an object that is about to be shown."""

_PANEL_COUNTS: Final = ("selectedCount", "rejectedCount", "holdCount", "evaluatedCount", "assignedCount")


def _uncounted(_: Call, panel: dict[str, Any]) -> None:
    panel.update(dict.fromkeys(_PANEL_COUNTS))


def _counted(call: Call, assessment: dict[str, Any]) -> None:
    assessment.update(counts(call.state, assessment["id"]))


def _as_sent(_: Call, question: dict[str, Any]) -> None:
    question["content"] = question["contentRaw"]


def _retaken(_: Call, section: dict[str, Any]) -> None:
    section["isRetake"] = section["is_retake"]


_EDITS: Final[dict[str, Edit]] = {
    "panels_create": _uncounted,
    "panels_get": _uncounted,
    "assessments_update": _counted,
    "questions_create": _as_sent,
    "questions_update": _as_sent,
    "assessment_sections_list": _retaken,
    "assessment_sections_get": _retaken,
    "assessment_sections_create": _retaken,
    "assessment_sections_update": _retaken,
}
_ALIASES: Final = {
    "answer_code_submissions_list": "/models/answer-code-submission",
    "answer_code_submissions_get": "/models/answer-code-submission/{id}",
    "skills_list": "/models/skills",
}
"""Second paths, as links spell them."""


def adapt(behaviours: Behaviours) -> None:
    """Let the operations show what their samples do, and answer under the paths that links have."""
    for name, edit in _EDITS.items():
        behaviours.operations[name] = _edited(behaviours.operations[name], edit)
    for name, template in _ALIASES.items():
        behaviours.alias(name, template)


def _edited(behaviour: Behaviour, edit: Edit) -> Behaviour:
    def answer(call: Call) -> Success:
        success = behaviour(call)
        shown = success.body
        for item in shown if isinstance(shown, list) else [shown]:
            edit(call, item)
        return success

    return answer
