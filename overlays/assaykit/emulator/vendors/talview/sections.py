"""Sections of assessments in their order: added at the end or between two others, and taken out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.storage import Document, Select, Where, equal
from assaykit.emulator.engine.worlds import State

LIVE: Final = 7
PLACE: Final = "_place"
"""Stored field of an assessment section that tells where it stands, counted from 0."""
LABELS: Final = {
    1: "Default",
    2: "Landing",
    3: "Form",
    4: "Essay",
    5: "Video Interview",
    6: "Objective Test",
    7: "Live",
    8: "Post",
    9: "Promo",
    10: "Typing Test",
    11: "Instruction",
}


def label(section_type_id: int) -> str:
    """Return the kind of a section in words; those without a name on the page are called after their number."""
    return LABELS.get(section_type_id, f"Type {section_type_id}")


def make_section(state: State, values: Mapping[str, Any], *, user: int | None, owner: int) -> Document:
    """Make a section.

    Args:
        state: The vendor's part of the world.
        values: Its properties, of which `title` and `section_type_id` are needed.
        user: Who makes it.
        owner: Id of the organization.
    """
    return resources_of(state).records.insert(state, "sections", {**values, "organization_id": owner}, user=user)


def in_order(state: State, assessment_id: int) -> list[Document]:
    """Return the sections of an assessment in the order in which they are taken."""
    where = equal(assessment_id=assessment_id)
    return resources_of(state).records.find(state, "assessment_sections", where, order=[PLACE, "id"])


def add(
    state: State,
    assessment_id: int,
    section_id: int,
    values: Mapping[str, Any],
    *,
    user: int | None,
    before: Document | None = None,
) -> Document:
    """Use a section in an assessment.

    Args:
        state: The vendor's part of the world.
        assessment_id: Id of the assessment.
        section_id: Id of the section.
        values: Its settings in this assessment, by the names of the answers.
        user: Who does it.
        before: The assessment section that it comes before; None puts it at the end.
    """
    records = resources_of(state).records
    told = {**values, "assessment_id": assessment_id, "section_id": section_id}
    if before is not None:
        place = before[PLACE]
        later = [*equal(assessment_id=assessment_id), Where(PLACE, ">=", place)]
        collection = resources_of(state).collection("assessment_sections")
        # Moving up is no change of the sections themselves, so their times stay.
        for one in records.find(state, "assessment_sections", later):
            state.store.replace(collection, str(one["id"]), {**one, PLACE: one[PLACE] + 1})
        told[PLACE] = place
    return records.insert(state, "assessment_sections", told, user=user)


def put_first(state: State, assessment_id: int) -> None:
    """Note on an assessment which of its sections is the first, or that there is none."""
    resources = resources_of(state)
    assessment = resources.records.get(state, "assessments", assessment_id)
    if assessment is None:
        return
    where = equal(assessment_id=assessment_id)
    found = resources.records.find(state, "assessment_sections", where, order=[PLACE, "id"], limit=1)
    first = found[0]["id"] if found else None
    if assessment["first_assessment_section_id"] != first:
        changed = {**assessment, "first_assessment_section_id": first}
        state.store.replace(resources.collection("assessments"), str(assessment_id), changed)


def of_type(state: State, section_type_id: int) -> Select:
    """Return the sections of a type, to select by."""
    return Select(resources_of(state).collection("sections"), "id", equal(section_type_id=section_type_id))
