"""Skills that questions test, and parameters that candidates are rated by."""

from __future__ import annotations

from typing import Final

from assaykit.emulator.engine.resources import Resource, loose
from assaykit.emulator.engine.resources.filters import through
from assaykit.emulator.vendors.talview.tables.questions import asked_in

NUMERIC: Final = 1

RESOURCES: Final = (
    Resource(
        "skills",
        "Skill",
        filters={
            "question_id": through("question_skills", "question_id", leads_to="skill_id"),
            "section_id": asked_in("section_skills", "skill_id"),
        },
    ),
    Resource(
        "parameters",
        "Parameter",
        references={"category_id": loose("categories")},
        defaults={"type": NUMERIC},
        filters={"section_id": through("section_parameters", "section_id", leads_to="parameter_id")},
    ),
)
