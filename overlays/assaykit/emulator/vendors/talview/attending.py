"""The simulated candidate: begins a section, answers its questions, and completes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assaykit.emulator.engine.control_arguments import invalid, whole
from assaykit.emulator.engine.rejection import CONFLICT, NOT_FOUND, Rejected
from assaykit.emulator.engine.resources import View, resources_of
from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.engine.vendor import Action
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview import answering, progress
from assaykit.emulator.vendors.talview.asked import asked, questions
from assaykit.emulator.vendors.talview.presenting import as_shown_by
from assaykit.emulator.vendors.talview.scoring import ANSWERED, OBJECTIVE, is_objective, points
from assaykit.emulator.vendors.talview.tokens import issue_to_candidate

SAMPLE_TEXT: Final = "<p>An answer of a simulated candidate.</p>"
_KIND: Final = "assessment_section_candidates"


def _meant(state: State, arguments: Mapping[str, Any]) -> Document:
    """Return the section candidate that `sectionCandidateId` names.

    Raises:
        Rejected: There is none.
    """
    number = whole(arguments, "sectionCandidateId")
    found = resources_of(state).records.get(state, _KIND, number)
    if found is None:
        raise Rejected(NOT_FOUND, f"There is no section candidate {number}.")
    return found


def _open(state: State, section: Document) -> Document:
    """Return a section candidate who can attend.

    Raises:
        Rejected: The section is complete, or it is not the time for it.
    """
    why = answering.why_closed(state, section)
    if progress.is_over(section):
        why = "The section is complete; invite the candidate again to attend once more."
    if why:
        raise Rejected(CONFLICT, why)
    return section


def _told(state: State, section: Document) -> dict[str, Any]:
    """Return a section candidate as the API shows it, instants in the vendor's form."""
    plan = state.vendor.contract.schema_plan("AssessmentSectionCandidate")
    shown = as_shown_by(View(state), _KIND, f"{_KIND}_get", [section])[section["id"]]
    return shown if plan is None else dict(plan(shown))


def candidate_token(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return a token with which a candidate can call the operations for candidates: `sectionCandidateId`."""
    return issue_to_candidate(state, _meant(state, arguments)["id"])


def start(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let a candidate begin a section: `sectionCandidateId`.

    Raises:
        Rejected: There is no such section candidate, the section is complete, or it is not the time for it.
    """
    return _told(state, progress.begin(state, _open(state, _meant(state, arguments))))


def complete(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let a candidate complete a section: `sectionCandidateId`, and `score` instead of the sum of the answers.

    Raises:
        Rejected: There is no such section candidate, the section is complete, or it is not the time for it.
    """
    section = _open(state, _meant(state, arguments))
    return _told(state, _completed(state, progress.begin(state, section), _score(arguments)))


def attend(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let a candidate begin, answer and complete a section: `sectionCandidateId`.

    `answers` is a list of `{questionId, choice?, text?}`; without it and `score`, every question gets an answer, and
    objective ones the right one. `score` counts instead of the sum of the answers.

    Raises:
        Rejected: There is no such section candidate, the section is complete, it is not the time for it, or an answer
            belongs to no question of the section.
    """
    section = progress.begin(state, _open(state, _meant(state, arguments)))
    score = _score(arguments)
    known = {question["id"]: question for question in questions(state, asked(state, section))}
    given = arguments.get("answers")
    if given is None:
        given = [] if score is not None else [_right(question) for question in known.values()]
    if not isinstance(given, list):
        raise invalid("answers", "must be a list of objects with a questionId, and a choice or a text")
    for place, one in enumerate(given):
        _give(state, section, known, one, f"answers[{place}]")
    return _told(state, _completed(state, answering.total(state, section), score))


def _right(question: Document) -> dict[str, Any]:
    """Return a good answer to a question."""
    if question["type"] in OBJECTIVE:
        return {"questionId": question["id"], "choice": question["correct_choice"] or 1}
    return {"questionId": question["id"], "text": SAMPLE_TEXT}


def _give(state: State, section: Document, known: Mapping[int, Document], one: Any, place: str) -> None:
    """Store an answer, in place of an earlier one to the same question."""
    number = one.get("questionId") if isinstance(one, dict) else None
    question = known.get(number) if isinstance(number, int) else None
    if question is None:
        raise invalid(place, f"must have as questionId one of {', '.join(map(str, known)) or 'none'}")
    choice, text = one.get("choice"), one.get("text")
    if not isinstance(choice, int | None) or isinstance(choice, bool) or not isinstance(text, str | None):
        raise invalid(place, "must have as choice a whole number, and as text a text")
    records = resources_of(state).records
    within = records.get(state, "assessment_sections", section["assessment_section_id"]) or {}
    values = {
        "choice": choice,
        "text": text,
        "status": ANSWERED,
        "answered_at": state.now(),
        "score": points(question, choice, within),
    }
    where = equal(assessment_section_candidate_id=section["id"], question_id=question["id"])
    for earlier in records.find(state, "answers", where, limit=1):
        records.change(state, "answers", earlier, values)
        return
    values |= {"question_id": question["id"], "started_at": state.now(), **answering.belonging(section)}
    records.insert(state, "answers", values)


def _score(arguments: Mapping[str, Any]) -> float | None:
    score = arguments.get("score")
    if score is not None and (not isinstance(score, int | float) or isinstance(score, bool)):
        raise invalid("score", "must be a number")
    return score


def _completed(state: State, section: Document, score: float | None) -> Document:
    more: dict[str, Any] = {}
    if score is not None:
        more["score"] = score
        if is_objective(state, section):
            more |= {"positiveScore": max(0, score), "negativeScore": max(0, -score)}
    return answering.complete(state, section, **more)


ACTIONS: Final[Mapping[str, Action]] = {
    "candidate-token": candidate_token,
    "start": start,
    "complete": complete,
    "attend": attend,
}
