"""The numbers of an assessment's candidates by status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.storage import Where
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview.statuses import (
    ASSESSED,
    ATTENDING,
    COMPLETED,
    HOLD,
    INVITED,
    MAILED,
    OF_ASSESSMENT,
    REJECTED,
    SELECTED,
    row_id,
)

COUNTS: Final = {
    "addedCount": INVITED,
    "invitedCount": MAILED,
    "inProgressCount": ATTENDING,
    "attendedCount": COMPLETED,
    "assessedCount": ASSESSED,
    "selectedCount": SELECTED,
    "holdCount": HOLD,
    "rejectedCount": REJECTED,
}
"""Sort key of the status that each number counts."""


def counts(state: State, assessment_id: int) -> dict[str, int]:
    """Return the numbers of one assessment's candidates."""
    return counts_of(state, [assessment_id])[assessment_id]


def counts_of(state: State, assessment_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Return the numbers of the candidates of several assessments, with one query."""
    where = [Where("assessment_id", "in", sorted(set(assessment_ids)))]
    collection = resources_of(state).collection("assessment_candidates")
    numbers = state.store.tally(collection, ["assessment_id", "status_id"], where)
    return {
        number: {name: numbers.get((number, row_id(OF_ASSESSMENT, key)), 0) for name, key in COUNTS.items()}
        for number in assessment_ids
    }
