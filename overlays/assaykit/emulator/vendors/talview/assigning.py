"""Panels: users who become members of a section's panel, and the candidates who are assigned to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.storage import Document, Where, equal
from assaykit.emulator.engine.worlds import State


def member(state: State, assessment_section_id: int, user_id: int, *, user: int | None) -> Document:
    """Return a user's place in the panel of a section, which is made if need be.

    Args:
        state: The vendor's part of the world.
        assessment_section_id: Id of the assessment section.
        user_id: Id of the member.
        user: Who does it.
    """
    records = resources_of(state).records
    where = equal(assessment_section_id=assessment_section_id, user_id=user_id)
    found = records.find(state, "panels", where, limit=1)
    if found:
        return found[0]
    values = {"assessment_section_id": assessment_section_id, "user_id": user_id}
    return records.insert(state, "panels", values, user=user)


def assign(state: State, panel: Document, section_candidate: Document, *, user: int | None) -> Document:
    """Assign a section candidate to a panel member, unless that is so already, and return the panel candidate."""
    records = resources_of(state).records
    where = equal(panel_id=panel["id"], assessment_section_candidate_id=section_candidate["id"])
    found = records.find(state, "panel_candidates", where, limit=1)
    if found:
        return found[0]
    values = {
        "panel_id": panel["id"],
        "assessment_candidate_id": section_candidate["assessment_candidate_id"],
        "assessment_section_candidate_id": section_candidate["id"],
    }
    return records.insert(state, "panel_candidates", values, user=user)


def replace(
    state: State, section_candidates: Iterable[Document], panels: Sequence[Document], *, user: int | None
) -> list[Document]:
    """Give section candidates a panel instead of the one that they have had, and return their panel candidates.

    Args:
        state: The vendor's part of the world.
        section_candidates: The section candidates.
        panels: The members of their panel from now on; those who were members before keep their row.
        user: Who does it.
    """
    records = resources_of(state).records
    made: list[Document] = []
    for candidate in section_candidates:
        old = [
            *equal(assessment_section_candidate_id=candidate["id"]),
            Where("panel_id", "not in", [panel["id"] for panel in panels]),
        ]
        for one in records.find(state, "panel_candidates", old):
            records.remove(state, "panel_candidates", one, user=user)
        made.extend(assign(state, panel, candidate, user=user) for panel in panels)
    return made
