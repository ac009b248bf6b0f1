"""Statuses and the reasons for them, as resources, and what other tables need to filter by statuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from assaykit.emulator.engine.resources import Change, Resource, View, refers
from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.resources.declarations import Conditions, Hook
from assaykit.emulator.engine.resources.filters import selected
from assaykit.emulator.engine.storage import Document, Where
from assaykit.emulator.vendors.talview import statuses

NEW_CANDIDATE: Final = statuses.NEW_CANDIDATE


def with_key(key: int, kind: int = statuses.OF_ASSESSMENT) -> list[Where]:
    """Return the condition that a document has the status of a sort key."""
    return [Where("status_id", "=", statuses.row_id(kind, key))]


def by_sort_key(field: str = "status_id") -> Conditions:
    """Return a filter by the sort key of the status that a field names."""
    return lambda call, value: [Where(field, "in", selected(call, "statuses", "id", [Where("sort_key", "=", value)]))]


def of_type(kind: int) -> Hook:
    """Return a hook that refuses a status of another type than the one that fits."""

    def check(change: Change) -> None:
        number = change.document["status_id"]
        if change.changed("status_id") and number is not None and statuses.type_of(number) != kind:
            raise unfit("status_id", f"must be the id of a status of type {kind}")

    return check


def status_objects(_: View, documents: Sequence[Document]) -> Sequence[Any]:
    """Return the whole status of each document."""
    return [statuses.row(document["status_id"]) for document in documents]


RESOURCES: Final = (
    Resource("statuses", "Status", hidden=True, scope="all", indexes={"sort_key": int, "type": int}),
    Resource("status_reasons", "Status reason", references={"status_id": refers("statuses")}),
)
