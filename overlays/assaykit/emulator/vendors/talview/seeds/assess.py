"""What the start world has of assessments."""

from __future__ import annotations

from typing import Final

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview import file_types
from assaykit.emulator.vendors.talview.contents import seed_file
from assaykit.emulator.vendors.talview.seeds import assessments, invited, questions
from assaykit.emulator.vendors.talview.seeds.questions import OWNER, STAMP
from assaykit.emulator.vendors.talview.statuses import ROWS

_CATEGORIES: Final = ((1, 3127, 9), (2, 861338, 9), (3, 859988, 1), (4, 21318, 12), (5, 3129, 2))
"""Id, assessment and category of those that are in one."""


def fill(state: State) -> None:
    """Put assessments, their candidates and all that belongs to them into a new world."""
    records = resources_of(state).records
    records.seed(state, "statuses", *ROWS)
    questions.fill(state)
    assessments.fill(state)
    assessments.fill_small(state)
    invited.fill(state)
    if records.get(state, "categories", 9) is None:
        records.seed(state, "categories", {"id": 9, "name": "Software", "type": 1, **STAMP})
    for number, assessment, category in _CATEGORIES:
        told = {"id": number, "assessment_id": assessment, "category_id": category}
        records.seed(state, "assessment_categories", {**told, **STAMP})
    if records.get(state, "users", 30848) is None:
        email = "helper@example.com"
        known = {"username": email, "email": email, "name": "Hans Sample", "roles": ["Recruiter"], "status": 20}
        records.seed(state, "users", {"id": 30848, **known, **STAMP})
    for number in (4805609, 4805610):
        if records.get(state, "files", number) is None:
            named = {"originalName": f"resume-{number}.txt", "file_type_id": file_types.RESUME}
            seed_file(state, {"id": number, "organization_id": OWNER, **named}, b"Ada Sample\n")
