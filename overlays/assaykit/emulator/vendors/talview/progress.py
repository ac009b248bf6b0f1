"""How candidates advance through the sections of an assessment, and the assessment with them.

The documentation names no operation for any of this. Inferred: the status of an assessment candidate follows from those
of the section candidates and only ever rises by itself, and a decision (selected and beyond) is never touched.
"""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.storage import Document, Where, equal
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview.scoring import OBJECTIVE_SECTION
from assaykit.emulator.vendors.talview.statuses import (
    ASSESSED,
    ATTENDING,
    COMPLETED,
    INVITED,
    MAILED,
    OF_ASSESSMENT,
    OF_SECTION,
    SELECTED,
    row_id,
    sort_key,
)

KINDS: Final = {"assessment_candidates": OF_ASSESSMENT, "assessment_section_candidates": OF_SECTION}
"""Type of the statuses of each kind of document."""


def set_status(
    state: State, kind: str, document: Document, key: int, *, user: int | None = None, **more: Any
) -> Document:
    """Give an assessment candidate or section candidate the status of a sort key, and further values with it.

    Args:
        state: The vendor's part of the world.
        kind: Kind of the document, one of `KINDS`.
        document: The document.
        key: The sort key.
        user: Who does it.
        **more: Further values.

    Returns:
        The document as it is now.
    """
    values = {"status_id": row_id(KINDS[kind], key), **more}
    return resources_of(state).records.change(state, kind, document, values, user=user)


def mail(state: State, section_candidate: Document, *, user: int | None = None) -> Document:
    """Note that an invitation or reminder went out: who was only invited is mailed from now on."""
    if sort_key(section_candidate["status_id"]) < MAILED:
        section_candidate = set_status(state, "assessment_section_candidates", section_candidate, MAILED, user=user)
    follow(state, section_candidate["assessment_candidate_id"], user=user)
    return section_candidate


def begin(state: State, section_candidate: Document) -> Document:
    """Let a candidate begin a section; nothing happens if that was done before."""
    if section_candidate["started_at"] is None:
        section_candidate = set_status(
            state,
            "assessment_section_candidates",
            section_candidate,
            max(ATTENDING, sort_key(section_candidate["status_id"])),
            started_at=state.now(),
            isRegistered=True,
        )
    follow(state, section_candidate["assessment_candidate_id"])
    return section_candidate


def complete(state: State, section_candidate: Document, **more: Any) -> Document:
    """Let a candidate complete a section, with further values such as the score; nothing if that was done before."""
    if not section_candidate["isComplete"]:
        section_candidate = set_status(
            state,
            "assessment_section_candidates",
            section_candidate,
            max(COMPLETED, sort_key(section_candidate["status_id"])),
            completed_at=state.now(),
            started_at=section_candidate["started_at"] or state.now(),
            isComplete=True,
            isRegistered=True,
            **more,
        )
    follow(state, section_candidate["assessment_candidate_id"])
    return section_candidate


def is_over(section_candidate: Document) -> bool:
    """Whether a candidate is through with a section; who was evaluated without having attended is not."""
    key = sort_key(section_candidate["status_id"])
    return section_candidate["isComplete"] or key == COMPLETED or key > ASSESSED


def assess(state: State, section_candidate: Document, *, user: int | None = None) -> Document:
    """Note that a section candidate was evaluated; a decision about the section stays."""
    key = max(ASSESSED, sort_key(section_candidate["status_id"]))
    section_candidate = set_status(
        state, "assessment_section_candidates", section_candidate, key, user=user, evaluated_at=state.now()
    )
    follow(state, section_candidate["assessment_candidate_id"], user=user, assessed=True)
    return section_candidate


def start_anew(state: State, section_candidate: Document, *, mailed: bool, user: int | None = None) -> Document:
    """Put a section candidate back to the beginning; earlier answers stay until they are replaced.

    Args:
        state: The vendor's part of the world.
        section_candidate: The section candidate.
        mailed: Whether a mail goes out.
        user: Who does it.
    """
    emptied = dict.fromkeys(("started_at", "completed_at", "evaluated_at"))
    section_candidate = set_status(
        state,
        "assessment_section_candidates",
        section_candidate,
        MAILED if mailed else INVITED,
        user=user,
        isComplete=False,
        externalComplete=False,
        **emptied,
    )
    follow(state, section_candidate["assessment_candidate_id"], user=user, lower=True)
    return section_candidate


def follow(
    state: State,
    assessment_candidate_id: int,
    *,
    user: int | None = None,
    lower: bool = False,
    assessed: bool = False,
) -> None:
    """Let the status of an assessment candidate follow those of its section candidates, and the times with it.

    Args:
        state: The vendor's part of the world.
        assessment_candidate_id: Id of the assessment candidate.
        user: Who caused it.
        lower: Whether it may fall, even from a decision, as after another invitation.
        assessed: Whether an evaluation is the cause.
    """
    records = resources_of(state).records
    document = records.get(state, "assessment_candidates", assessment_candidate_id)
    parts = records.find(state, "assessment_section_candidates", equal(assessment_candidate_id=assessment_candidate_id))
    if document is None or not parts:
        return
    now, wanted = sort_key(document["status_id"]), _overall(state, parts)
    values: dict[str, Any] = {}
    if lower or now < min(wanted, SELECTED):
        values["status_id"] = row_id(OF_ASSESSMENT, wanted)
    attended = any(part["started_at"] is not None for part in parts)
    if attended and document["attended_at"] is None:
        values["attended_at"] = state.now()
    elif lower and not attended:
        values["attended_at"] = None
    if wanted == ASSESSED and (assessed or document["evaluated_at"] is None):
        values["evaluated_at"] = state.now()
    elif lower and wanted < ASSESSED:
        values["evaluated_at"] = None
    if any(document.get(name) != value for name, value in values.items()):
        records.change(state, "assessment_candidates", document, values, user=user)


def _overall(state: State, parts: list[Document]) -> int:
    """Return the sort key that follows from those of the sections; at most assessed."""
    keys = [sort_key(part["status_id"]) for part in parts]
    if min(keys) >= COMPLETED:
        waiting = [part["section_id"] for part, key in zip(parts, keys, strict=True) if key == COMPLETED]
        where = [Where("id", "in", waiting), Where("section_type_id", "!=", OBJECTIVE_SECTION)]
        assessed = max(keys) >= ASSESSED and not (
            waiting and resources_of(state).records.count(state, "sections", where)
        )
        return ASSESSED if assessed else COMPLETED
    highest = max(keys)
    return ATTENDING if highest >= ATTENDING else highest
