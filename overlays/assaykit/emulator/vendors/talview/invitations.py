"""Invitations: a candidate becomes an assessment candidate, and a section candidate of each section."""

from __future__ import annotations

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview import progress


class AlreadyInvitedError(Exception):
    """The candidate is a candidate of the section already."""


def assessment_candidate(state: State, assessment_id: int, candidate_id: int, *, user: int | None) -> Document:
    """Return the assessment candidate of an assessment and a candidate, who becomes one if need be.

    Args:
        state: The vendor's part of the world.
        assessment_id: Id of the assessment.
        candidate_id: Id of the candidate.
        user: Who invites; None for a registration through a public link.
    """
    records = resources_of(state).records
    where = equal(assessment_id=assessment_id, candidate_id=candidate_id)
    found = records.find(state, "assessment_candidates", where, limit=1)
    if found:
        return found[0]
    values = {
        "assessment_id": assessment_id,
        "candidate_id": candidate_id,
        "invited_by": user,
        "invited_at": state.now(),
    }
    return records.insert(state, "assessment_candidates", values, user=user)


def invite(
    state: State,
    section: Document,
    candidate_id: int,
    *,
    user: int | None,
    end_date: str | None = None,
    start_date: str | None = None,
    mailed: bool = False,
    registered: bool = False,
) -> Document:
    """Invite a candidate to a section of an assessment.

    Args:
        state: The vendor's part of the world.
        section: The assessment section.
        candidate_id: Id of the candidate.
        user: Who invites; None for a registration through a public link.
        end_date: Instant until which the candidate can take it; None for no limit.
        start_date: Instant from which; None for no limit.
        mailed: Whether the mail goes out at once; `progress.mail` tells later.
        registered: Whether the candidate has registered.

    Returns:
        The section candidate.

    Raises:
        AlreadyInvitedError: The candidate is one already.
    """
    records = resources_of(state).records
    invited = assessment_candidate(state, section["assessment_id"], candidate_id, user=user)
    where = equal(assessment_candidate_id=invited["id"], assessment_section_id=section["id"])
    if records.count(state, "assessment_section_candidates", where):
        raise AlreadyInvitedError(f"candidate {candidate_id} was invited to section {section['id']} already")
    values = {
        "assessment_candidate_id": invited["id"],
        "assessment_section_id": section["id"],
        "assessment_id": section["assessment_id"],
        "section_id": section["section_id"],
        "start_date": start_date,
        "end_date": end_date,
        "invited_at": state.now(),
        "isRegistered": registered,
    }
    made = records.insert(state, "assessment_section_candidates", values, user=user)
    return progress.mail(state, made, user=user) if mailed else made
