"""Assessments of other vendors, and the invitations to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from assaykit.emulator.engine.resources import Computed, Resource, View, belongs, resources_of
from assaykit.emulator.engine.storage import Document, Select, Where
from assaykit.emulator.vendors.talview import statuses
from assaykit.emulator.vendors.talview.statuses import OF_SECTION
from assaykit.emulator.vendors.talview.tables.hooks import counted_where
from assaykit.emulator.vendors.talview.tables.statuses import with_key

ACTIVE: Final = 100
INVITED: Final = 15
_COUNTS: Final = {
    "addedCount": statuses.INVITED,
    "invitedCount": statuses.MAILED,
    "attendingCount": statuses.ATTENDING,
    "completedCount": statuses.COMPLETED,
    "evaluatedCount": statuses.ASSESSED,
    "selectedCount": statuses.SELECTED,
    "rejectedCount": statuses.REJECTED,
}
"""Sort key of the section candidates that each number counts, which is inferred."""


def _candidates(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    """Return the candidate behind each invitation, as far as it shows one."""
    numbers = [document["assessment_section_candidate_id"] for document in documents]
    sections = view.by_id("assessment_section_candidates", numbers)
    invited = view.by_id("assessment_candidates", [one["assessment_candidate_id"] for one in sections.values()])
    people = view.by_id("candidates", [one["candidate_id"] for one in invited.values()])

    def person(number: int | None) -> dict[str, Any] | None:
        section = sections.get(number)
        if section is None:
            return None
        found = people[invited[section["assessment_candidate_id"]]["candidate_id"]]
        return {name: found[name] for name in ("email", "first_name", "last_name")}

    return [person(number) for number in numbers]


def _counted(key: int) -> Computed:
    """Return how many of those who are invited have a status in their section."""

    def where(view: View) -> Sequence[Where]:
        collection = resources_of(view.state).collection("assessment_section_candidates")
        return [Where("assessment_section_candidate_id", "in", Select(collection, "id", with_key(key, OF_SECTION)))]

    return counted_where("evaluation_invitations", "external_assessment_id", where)


RESOURCES: Final = (
    Resource("pearson_assessments", "Pearson assessment", scope="all", order=("id",)),
    Resource(
        "external_assessments",
        "External assessment",
        defaults={"status": ACTIVE},
        computed={name: _counted(key) for name, key in _COUNTS.items()},
        links={
            "self": "/models/external-assessment/{id}",
            "external-invitations": "/models/evaluation-invitation?external_assessment_id={id}",
        },
    ),
    Resource(
        "evaluation_invitations",
        "Invitation",
        references={
            "external_assessment_id": belongs("external_assessments"),
            "assessment_section_candidate_id": belongs("assessment_section_candidates"),
        },
        defaults={"status": INVITED},
        computed={"candidate": Computed(_candidates)},
        links={"self": "/models/evaluation-invitation/{id}"},
    ),
)
