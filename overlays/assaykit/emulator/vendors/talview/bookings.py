"""Which entries of calendars are about what, such as a live session, so that they move and go with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.storage import Collection
from assaykit.emulator.engine.worlds import State

BOOKINGS: Final = "talview._bookings"
COLLECTIONS: Final = (Collection(BOOKINGS),)


def of_session(number: int) -> str:
    """Return what entries about a live session are kept under.

    Args:
        number: Id of the session.
    """
    return f"live-{number}"


def of_simulation(number: int) -> str:
    """Return what entries about a simulation are kept under.

    Args:
        number: Id of the section candidate.
    """
    return f"simulation-{number}"


def booked(state: State, about: str) -> dict[str, int]:
    """Return the ids of the entries about something that still exist, by the ids of the users whose they are.

    Args:
        state: The vendor's part of the world.
        about: What they are about.
    """
    known = state.store.get(BOOKINGS, about)
    entries: dict[str, int] = {} if known is None else known["entries"]
    records = resources_of(state).records
    return {user: number for user, number in entries.items() if records.get(state, "calendar", number) is not None}


def keep(state: State, about: str, entries: Mapping[str, int]) -> None:
    """Note the entries about something.

    Args:
        state: The vendor's part of the world.
        about: What they are about.
        entries: Their ids by those of the users.
    """
    document = {"entries": dict(entries)}
    if state.store.get(BOOKINGS, about) is None:
        state.store.insert(BOOKINGS, about, document)
    else:
        state.store.replace(BOOKINGS, about, document)


def cancel(state: State, about: str, stay: Iterable[int] = ()) -> None:
    """Delete the entries about something.

    Args:
        state: The vendor's part of the world.
        about: What they are about.
        stay: Ids of the users who keep theirs.
    """
    kept = {str(user) for user in stay}
    records = resources_of(state).records
    left: dict[str, int] = {}
    for user, number in booked(state, about).items():
        if user in kept:
            left[user] = number
            continue
        entry = records.get(state, "calendar", number)
        if entry is not None:
            records.remove(state, "calendar", entry, user=entry["user_id"])
    if state.store.get(BOOKINGS, about) is not None:
        keep(state, about, left)
