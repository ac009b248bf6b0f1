"""The calendars of users."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from assaykit.emulator.engine.resources import Change, Resource, belongs
from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.resources.filters import since, until
from assaykit.emulator.engine.storage import Where
from assaykit.emulator.engine.vendor import Call
from assaykit.emulator.vendors.talview.tables.hooks import by_caller, each_of


def _in_order(change: Change) -> None:
    if change.document["to"] <= change.document["from"]:
        raise unfit("to", "must be later than from")


def _my_calendar(call: Call) -> Sequence[Where]:
    """Limit to events of the caller; a filter lists those of another user, but nobody changes them."""
    if "id" not in call.path and "user_id" in call.query:
        return ()
    return [Where("user_id", "=", call.identity.user)]


_FILTERS: Final = {"from": since("from"), "to": until("to"), "startsAt": since("from")}
_LINKS: Final = {"user": "/user?id={user_id}", "self": "/models/user-calendar?id={id}"}

RESOURCES: Final = (
    Resource(
        "calendar",
        "Calendar entry",
        references={"user_id": belongs("users")},
        visible=_my_calendar,
        filters=_FILTERS,
        # Who creates an event for somebody else, as live sessions do, names the user.
        defaults={"user_id": None},
        before={"create": each_of(by_caller("user_id"), _in_order), "update": _in_order},
        links=_LINKS,
    ),
    Resource("user_calendars", "Calendar entry", of="calendar", filters=_FILTERS, links=_LINKS),
)
