"""What `set-field` can write into: everything that the API shows."""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.editing import Kind, set_field
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.vendor import Action
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talentics.records import APPLICANTS, EXAMS, FORMS, JOBS, ORGANIZATIONS, SCORES, TICKETS


def _shown(_: State, document: Document) -> Any:
    """Return the part that the API shows; what is taken from other documents is null in it."""
    return document["shown"]


_KINDS: Final = {
    "applicants": Kind(APPLICANTS, _shown, key=int, in_place=True),
    "exams": Kind(EXAMS, _shown, key=int, in_place=True),
    "forms": Kind(FORMS, _shown, key=int, in_place=True),
    "jobs": Kind(JOBS, _shown, key=int, in_place=True),
    "organizations": Kind(ORGANIZATIONS, _shown, key=int, in_place=True),
    "scores": Kind(SCORES, _shown, key=int, in_place=True),
    "tickets": Kind(TICKETS, _shown, key=int, in_place=True),
}
ACTIONS: Final[dict[str, Action]] = {"set-field": set_field(_KINDS)}
