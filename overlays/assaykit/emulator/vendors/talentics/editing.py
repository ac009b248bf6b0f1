"""Writing anything into what the API shows: unknown values, unknown fields, dates that are none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assaykit.emulator.engine.rejection import INVALID, Field, Rejected
from assaykit.emulator.engine.vendor import Action
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talentics.candidate import text, whole
from assaykit.emulator.vendors.talentics.records import (
    APPLICANTS,
    EXAMS,
    FORMS,
    JOBS,
    ORGANIZATIONS,
    SCORES,
    TICKETS,
    unknown,
)

_COLLECTIONS: Final = {
    "applicants": APPLICANTS,
    "exams": EXAMS,
    "forms": FORMS,
    "jobs": JOBS,
    "organizations": ORGANIZATIONS,
    "scores": SCORES,
    "tickets": TICKETS,
}


def _invalid(field: str, message: str) -> Rejected:
    return Rejected(INVALID, f"{field} {message}.", [Field(field, message)])


def _steps(field: Any) -> list[str | int]:
    """Return the way to a field: its name, or a list of names and places."""
    steps = [field] if isinstance(field, str) else field
    fits = isinstance(steps, list) and all(isinstance(step, str | int) and not isinstance(step, bool) for step in steps)
    if not fits or not steps:
        raise _invalid("field", "must be a name, or a list of names and places such as ['results', 0, 'total_score']")
    return list(steps)


def set_field(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Write a value of any kind into a document, as the API will show it.

    Args:
        state: Talentics's part of the world.
        arguments: `kind` (applicants, exams, forms, jobs, organizations, scores, tickets), `id`, `field` (a name, or
            a list of names and places), and `value`; without a value the field is removed.

    Returns:
        The document as it is kept now: instants are in UTC, and what is taken from other documents is null.

    Raises:
        Rejected: There is no such document, or no such place in it.
    """
    collection = _COLLECTIONS.get(text(arguments, "kind"))
    if collection is None:
        raise _invalid("kind", f"must be one of {', '.join(_COLLECTIONS)}")
    key = str(whole(arguments, "id"))
    document = state.store.get(collection, key)
    if document is None:
        raise unknown(arguments["kind"].removesuffix("s"))
    *way, last = _steps(arguments.get("field"))
    holder: Any = document["shown"]
    try:
        for step in way:
            holder = holder[step]
        if "value" in arguments:
            holder[last] = arguments["value"]
        else:
            del holder[last]
    except (KeyError, IndexError, TypeError):
        raise _invalid("field", "leads to no place in this document") from None
    state.store.replace(collection, key, document)
    shown: dict[str, Any] = document["shown"]
    return shown


ACTIONS: Final[dict[str, Action]] = {"set-field": set_field}
