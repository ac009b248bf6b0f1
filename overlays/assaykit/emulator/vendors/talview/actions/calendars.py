"""Entries that actions make in the calendars of users, and that move and go with what they are about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from assaykit.emulator.engine.dates import parse_instant
from assaykit.emulator.engine.storage import Collection
from assaykit.emulator.vendors.talview.actions.declared import Work

BOOKINGS: Final = "talview._bookings"
COLLECTIONS: Final = (Collection(BOOKINGS),)
LIVE_SCHEDULE: Final = "live-schedule"
BUSY: Final = 3
"""Type of the entries of live sessions, as the samples have it."""


def book(work: Work, about: str, users: Iterable[int], start: str, end: str, told: str, kind: str | None) -> None:
    """Give users an entry in their calendars.

    Args:
        work: The action.
        about: What the entries are about, such as `live-1665`; `move` and `cancel` find them by it.
        users: Ids of the users; those who have an entry about it keep it.
        start: When it begins.
        end: When it ends; no entry is made unless that is later.
        told: What it is, in words.
        kind: Kind of the event, as `eventType` tells it.
    """
    booked = _booked(work, about)
    for user in users:
        if str(user) in booked or not _later(end, start):
            continue
        entry = work.records.insert(
            work.state,
            "calendar",
            {
                "organization_id": work.organization,
                "user_id": user,
                "from": start,
                "to": end,
                "event": told,
                "eventType": kind,
                "type": BUSY,
            },
            user=user,
        )
        booked[str(user)] = entry["id"]
    _keep(work, about, booked)


def move(work: Work, about: str, start: str, end: str) -> None:
    """Give the entries about something other times; they go if it would end before it begins."""
    if not _later(end, start):
        cancel(work, about)
    for number in _booked(work, about).values():
        entry = work.records.get(work.state, "calendar", number)
        if entry is not None:
            values = {"from": start, "to": end}
            work.records.change(work.state, "calendar", entry, values, user=entry["user_id"])


def cancel(work: Work, about: str, stay: Iterable[int] = ()) -> None:
    """Delete the entries about something, except for those of some users."""
    kept = {str(user) for user in stay}
    left: dict[str, int] = {}
    for user, number in _booked(work, about).items():
        if user in kept:
            left[user] = number
            continue
        entry = work.records.get(work.state, "calendar", number)
        if entry is not None:
            work.records.remove(work.state, "calendar", entry, user=entry["user_id"])
    _keep(work, about, left)


def _later(end: str, start: str) -> bool:
    return parse_instant(end) > parse_instant(start)


def _booked(work: Work, about: str) -> dict[str, int]:
    """Return the ids of entries by the users whose they are."""
    known = work.state.store.get(BOOKINGS, about)
    entries: dict[str, int] = {} if known is None else known["entries"]
    return {
        user: number for user, number in entries.items() if work.records.get(work.state, "calendar", number) is not None
    }


def _keep(work: Work, about: str, entries: dict[str, int]) -> None:
    document = {"entries": entries}
    if work.state.store.get(BOOKINGS, about) is None:
        work.state.store.insert(BOOKINGS, about, document)
    else:
        work.state.store.replace(BOOKINGS, about, document)
