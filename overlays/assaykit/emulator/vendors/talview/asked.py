"""Which questions a section asks of a candidate: those that it names, and some drawn from skills."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.storage import Document, Where, equal
from assaykit.emulator.engine.worlds import State


def asked(state: State, section_candidate: Document) -> list[int]:
    """Return the ids of the questions that a candidate is asked in a section, in their order, none twice.

    Those drawn from a skill differ from candidate to candidate, but never for the same one.

    Args:
        state: The vendor's part of the world.
        section_candidate: The section candidate.
    """
    records = resources_of(state).records
    section = equal(section_id=section_candidate["section_id"])
    found: dict[int, None] = {}
    entries = records.find(state, "section_combined", section)
    for entry in sorted(entries, key=lambda entry: (entry["sort_order"], entry["id"])):
        if entry["question_id"] is not None:
            found[entry["question_id"]] = None
        elif entry["skill_id"] is not None:
            drawn = _drawn(state, section_candidate["id"], entry["skill_id"])
            found.update(dict.fromkeys(drawn[: entry["q_count"] or 1]))
    found.update(dict.fromkeys(entry["question_id"] for entry in records.find(state, "section_questions", section)))
    return list(found)


def _drawn(state: State, section_candidate: int, skill: int) -> list[int]:
    """Return the questions of a skill in an order that only the candidate decides."""
    entries = resources_of(state).records.find(state, "question_skills", equal(skill_id=skill))
    numbers = {entry["question_id"] for entry in entries}
    return sorted(numbers, key=lambda number: sha256(f"{section_candidate}:{number}".encode()).digest())


def questions(state: State, numbers: Sequence[int]) -> list[Document]:
    """Return questions by their ids, in the same order; those that do not exist are left out."""
    found = resources_of(state).records.find(state, "questions", [Where("id", "in", sorted(set(numbers)))])
    by_id: dict[Any, Document] = {question["id"]: question for question in found}
    return [by_id[number] for number in numbers if number in by_id]
