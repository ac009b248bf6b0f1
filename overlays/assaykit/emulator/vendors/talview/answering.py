"""Answers of candidates: whose they are, what they are worth, and what they make of the section.

Inferred, as no operation is documented that begins or completes a section: the first answer begins it, and it is
complete once every question has an answer of status 3000.
"""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.dates import parse_instant
from assaykit.emulator.engine.rejection import FORBIDDEN, Rejected
from assaykit.emulator.engine.resources import Change, resources_of
from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview import progress
from assaykit.emulator.vendors.talview.asked import asked
from assaykit.emulator.vendors.talview.identities import CANDIDATE
from assaykit.emulator.vendors.talview.scoring import ANSWERED, OBJECTIVE, points, totals

CHOICES: Final = 5


def attended(change: Change) -> Document | None:
    """Return the section candidate whose token a request carries; None for a user.

    Raises:
        Rejected: The section candidate is gone.
    """
    if change.call is None or change.call.identity.kind != CANDIDATE:
        return None
    return section_candidate(change.state, change.call.identity.section_candidate)


def section_candidate(state: State, number: int) -> Document:
    """Return a section candidate.

    Raises:
        Rejected: There is none.
    """
    found = resources_of(state).records.get(state, "assessment_section_candidates", number)
    if found is None:
        raise Rejected(FORBIDDEN, "The section candidate does not exist any more.")
    return found


def why_closed(state: State, section: Document) -> str:
    """Return why a candidate cannot attend a section now; "" if nothing speaks against it.

    Where the candidate has no bounds of their own, those of the section hold, and without any there the assessment's.
    """
    records, now = resources_of(state).records, state.now()
    levels = [section]
    for kind, field in (("assessment_sections", "assessment_section_id"), ("assessments", "assessment_id")):
        levels += [found for found in [records.get(state, kind, section[field])] if found is not None]
    start = next((one["start_date"] for one in levels if one["start_date"] is not None), now)
    end = next((one["end_date"] for one in levels if one["end_date"] is not None), now)
    if start > now:
        return "The time to attend the section has not come."
    return "The time to attend the section is over." if end < now else ""


def check_open(state: State, section: Document) -> None:
    """Refuse what a candidate does when the section is complete, or cannot be attended now.

    Raises:
        Rejected: It is so.
    """
    why = "The section is complete." if progress.is_over(section) else why_closed(state, section)
    if why:
        raise Rejected(FORBIDDEN, why)


def identify(change: Change) -> None:
    """Note whose a new answer is, and what it is worth: before it is created.

    Raises:
        Rejected: A candidate answers what was not asked, or was answered, or not in time.
    """
    document = change.document
    document.pop("question", None)
    section = attended(change)
    if section is not None:
        check_open(change.state, section)
        if document["question_id"] not in asked(change.state, section):
            raise unfit("question_id", "names no question of the section that the candidate attends")
        where = equal(assessment_section_candidate_id=section["id"], question_id=document["question_id"])
        if resources_of(change.state).records.count(change.state, "answers", where):
            raise unfit("question_id", "names a question that has an answer; change that one")
        document.update(belonging(section))
    document["started_at"] = change.state.now()
    value(change)


def belonging(section: Document) -> dict[str, Any]:
    """Return the ids that tell to whom an answer or a form belongs."""
    return {
        "assessment_section_id": section["assessment_section_id"],
        "assessment_candidate_id": section["assessment_candidate_id"],
        "assessment_section_candidate_id": section["id"],
    }


def value(change: Change) -> None:
    """Note when an answer was given, and its points: before it is created or changed.

    Raises:
        Rejected: A candidate chooses what is no choice, or changes an answer after the end.
    """
    state, document = change.state, change.document
    records = resources_of(state).records
    question = records.get(state, "questions", document["question_id"])
    section = attended(change)
    if section is not None and change.verb == "update":
        check_open(state, section)
    if section is not None and question is not None and document["choice"] is not None:
        _check_choice(question, document["choice"])
    document["answered_at"] = (document["answered_at"] or state.now()) if document["status"] == ANSWERED else None
    document["score"] = None
    if question is not None and document["status"] == ANSWERED:
        within = records.get(state, "assessment_sections", document["assessment_section_id"]) or {}
        document["score"] = points(question, document["choice"], within)


def _check_choice(question: Document, choice: int) -> None:
    there = {str(number) for number in range(1, CHOICES + 1) if question[f"choice_{number}"] is not None}
    digits = str(choice)
    if question["type"] in OBJECTIVE and (not set(digits) <= there or len(set(digits)) < len(digits)):
        raise unfit("choice", f"must be of the numbers of the choices: {', '.join(sorted(there))}")
    if question["type"] == "multiple choice" and len(digits) > 1:
        raise unfit("choice", "must be the number of one choice")


def settle(change: Change) -> None:
    """Let a section begin, add up its points, and complete it with the last answer: after one was given."""
    number = change.document["assessment_section_candidate_id"]
    found = resources_of(change.state).records.get(change.state, "assessment_section_candidates", number)
    if found is not None:
        withdrawn = change.old is not None and change.old["score"] is not None
        total(change.state, progress.begin(change.state, found), withdrawn=withdrawn)
        complete_if_answered(change.state, number)


def total(state: State, section: Document, *, withdrawn: bool = False) -> Document:
    """Note the points of a section candidate's answers.

    Args:
        state: The vendor's part of the world.
        section: The section candidate.
        withdrawn: Whether an answer that had points may have lost them, so that none can be left.
    """
    sums = totals(state, section)
    if not sums and withdrawn:
        sums = {"score": None, "positiveScore": 0, "negativeScore": 0}
    if not sums:
        return section
    return resources_of(state).records.change(state, "assessment_section_candidates", section, sums)


def complete_if_answered(state: State, number: int) -> None:
    """Complete a section candidate's section if every question has been answered."""
    found = section_candidate(state, number)
    answers = resources_of(state).records.find(state, "answers", equal(assessment_section_candidate_id=number))
    answered = {answer["question_id"] for answer in answers if answer["status"] == ANSWERED}
    wanted = set(asked(state, found))
    if wanted and wanted <= answered:
        complete(state, found)


def complete(state: State, section: Document, **more: Any) -> Document:
    """Complete a section, noting how long it took."""
    if section["started_at"] is not None:
        more["timeElapsed"] = _seconds(section["started_at"], state.now())
    return progress.complete(state, section, **more)


def _seconds(begin: str, end: str) -> int:
    return max(0, int((parse_instant(end) - parse_instant(begin)).total_seconds()))
