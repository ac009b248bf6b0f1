"""Entries that actions make in the calendars of users, and that move and go with what they are about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from assaykit.emulator.engine.dates import parse_instant
from assaykit.emulator.vendors.talview import bookings
from assaykit.emulator.vendors.talview.actions.declared import Work

LIVE_SCHEDULE: Final = "live-schedule"
BUSY: Final = 3
"""Type of the entries of live sessions, as the samples have it."""


def book(work: Work, about: str, users: Iterable[int], start: str, end: str, told: str, kind: str | None) -> None:
    """Give users an entry in their calendars.

    Args:
        work: The action.
        about: What the entries are about, such as `live-1665`; they are found by it.
        users: Ids of the users; those who have an entry about it keep it.
        start: When it begins.
        end: When it ends; no entry is made unless that is later.
        told: What it is, in words.
        kind: Kind of the event, as `eventType` tells it.
    """
    booked = bookings.booked(work.state, about)
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
    bookings.keep(work.state, about, booked)


def move(work: Work, about: str, start: str, end: str) -> None:
    """Give the entries about something other times; they go if it would end before it begins."""
    if not _later(end, start):
        bookings.cancel(work.state, about)
    for number in bookings.booked(work.state, about).values():
        entry = work.records.get(work.state, "calendar", number)
        if entry is not None:
            values = {"from": start, "to": end}
            work.records.change(work.state, "calendar", entry, values, user=entry["user_id"])


def _later(end: str, start: str) -> bool:
    return parse_instant(end) > parse_instant(start)
