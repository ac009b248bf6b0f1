"""Writing anything into what an API shows: unknown values, unknown fields, dates that are none.

A vendor names the kinds of things that can be written into, and gets the action `set-field` for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from assaykit.emulator.engine.control_arguments import invalid, text, whole
from assaykit.emulator.engine.rejection import NOT_FOUND, Rejected
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.vendor import Action
from assaykit.emulator.engine.worlds import State

EDITS: Final = "edits"
"""Field of a document in which edits are kept beside what they hide."""
_REMOVED: Final = object()
_NOWHERE: Final = (KeyError, IndexError, TypeError)


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be written into under one name.

    Args:
        collection: Where its documents are kept.
        show: Returns what the API shows of a document.
        key: Type of the ids, `str` or `int`.
        in_place: What `show` returns is a part of the document, and is written into. Otherwise the edit is kept beside
            the document's own fields, and the vendor's code calls `edited` wherever it shows the document.
    """

    collection: str
    show: Callable[[State, Document], Any]
    key: type[str] | type[int] = str
    in_place: bool = False


def set_field(kinds: Mapping[str, Kind]) -> Action:
    """Return the action `set-field` for a vendor.

    Its arguments are `kind` (one of the names), `id`, `field` (a name, or a list of names and places that lead to it)
    and `value`; without a value the field is removed. It returns what the API shows of the document from now on, with
    instants in UTC.

    Args:
        kinds: What can be written into, by name; a plural with an `s`.
    """

    def act(state: State, arguments: Mapping[str, Any]) -> Any:
        name = text(arguments, "kind")
        kind = kinds.get(name)
        if kind is None:
            raise invalid("kind", f"must be one of {', '.join(kinds)}")
        key = str(whole(arguments, "id")) if kind.key is int else text(arguments, "id")
        document = state.store.get(kind.collection, key)
        if document is None:
            raise Rejected(NOT_FOUND, f"There is no {name.removesuffix('s')} with this id.")
        way = _way(arguments.get("field"))
        shown = kind.show(state, document)
        if not kind.in_place:  # an edit is kept beside what it hides, and must not reach the lists inside of it
            shown = deepcopy(shown)
        try:
            _write(shown, way, arguments.get("value", _REMOVED))
        except _NOWHERE:
            raise invalid("field", "leads to no place in this document") from None
        if not kind.in_place:
            edit = {"field": way} | ({"value": arguments["value"]} if "value" in arguments else {})
            document.setdefault(EDITS, {}).setdefault(name, []).append(edit)
        state.store.replace(kind.collection, key, document)
        return shown

    return act


def edited(name: str, document: Document, shown: dict[str, Any]) -> dict[str, Any]:
    """Return what the API shows of a document with the edits that were made to it.

    Args:
        name: Name of the kind under which the edits were made.
        document: The document.
        shown: What the API would show otherwise; changed in place. An edit that leads to no place in it is left out.
    """
    for edit in document.get(EDITS, {}).get(name, ()):
        try:
            _write(shown, edit["field"], edit.get("value", _REMOVED))
        except _NOWHERE:
            continue
    return shown


def _way(field: Any) -> list[str | int]:
    """Return the way to a field: its name, or a list of names and places."""
    steps = [field] if isinstance(field, str) else field
    fits = isinstance(steps, list) and all(isinstance(step, str | int) and not isinstance(step, bool) for step in steps)
    if not fits or not steps:
        raise invalid("field", "must be a name, or a list of names and places such as ['results', 0, 'score']")
    return list(steps)


def _write(shown: Any, way: list[str | int], value: Any) -> None:
    *steps, last = way
    for step in steps:
        shown = shown[step]
    if value is _REMOVED:
        del shown[last]
    else:
        shown[last] = value
