"""Scores of objective questions: points for a right choice, minus what a wrong one costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.engine.worlds import State

ANSWERED: Final = 3000
OBJECTIVE: Final = frozenset({"multiple choice", "multiple choice multiple answer"})
"""Types of the questions whose answers are scored; the documentation names no others."""
OBJECTIVE_SECTION: Final = 6
"""Type of objective sections, which nobody has to evaluate."""
POSITIVE: Final = 1.0
"""Points for a right answer in a section that does not tell; inferred."""
NEGATIVE: Final = 0.0
"""Points that a wrong answer costs there; inferred."""


def is_right(question: Mapping[str, Any], choice: int) -> bool:
    """Whether a choice is correct; several are the digits of one number, in any order."""
    return set(str(choice)) == set(str(question["correct_choice"]))


def points(question: Mapping[str, Any], choice: int | None, section: Mapping[str, Any]) -> float | None:
    """Return the points for an answer.

    Args:
        question: The question.
        choice: What was chosen; None if nothing was, which costs nothing.
        section: The assessment section, which holds the marks.

    Returns:
        None for a question that is not scored, or has no correct choice.
    """
    if question["type"] not in OBJECTIVE or not question["correct_choice"]:
        return None
    if choice is None:
        return 0.0
    if is_right(question, choice):
        return _mark(section.get("positive_mark"), POSITIVE)
    # Without this a wrong answer that costs nothing would show as -0.0.
    return 0.0 - _mark(section.get("negative_mark"), NEGATIVE)


def _mark(told: Any, otherwise: float) -> float:
    return otherwise if told is None else float(told)


def totals(state: State, section_candidate: Document) -> dict[str, Any]:
    """Return the sums of a section candidate's answers; nothing if none of them is scored."""
    where = equal(assessment_section_candidate_id=section_candidate["id"])
    answers = resources_of(state).records.find(state, "answers", where)
    scores = [answer["score"] for answer in answers if answer["score"] is not None]
    if not scores:
        return {}
    sums: dict[str, Any] = {"score": sum(scores)}
    if is_objective(state, section_candidate):
        sums["positiveScore"] = sum(score for score in scores if score > 0)
        sums["negativeScore"] = sum(-score for score in scores if score < 0)
    return sums


def is_objective(state: State, section_candidate: Mapping[str, Any]) -> bool:
    """Whether a section candidate's section is objective; of others, no points are told apart."""
    section = resources_of(state).records.get(state, "sections", section_candidate["section_id"])
    return section is not None and section["section_type_id"] == OBJECTIVE_SECTION
