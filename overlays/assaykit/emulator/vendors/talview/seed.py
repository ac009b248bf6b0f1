"""The start world: small, invented, with the ids of the documentation's examples."""

from __future__ import annotations

from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview.credentials import CLIENT_ID, CLIENT_SECRET
from assaykit.emulator.vendors.talview.records import APPLICATIONS
from assaykit.emulator.vendors.talview.seeds import (
    actions,
    assess,
    attending,
    candidates,
    catalog,
    events,
    notifications,
    people,
)


def fill(state: State) -> None:
    """Fill a new world."""
    state.store.insert(APPLICATIONS, CLIENT_ID, {"id": CLIENT_ID, "secret": CLIENT_SECRET})
    people.fill(state)
    assess.fill(state)
    catalog.fill(state)
    notifications.fill(state)
    # These leave out what another group has put in already.
    candidates.fill(state)
    actions.fill(state)
    events.fill(state)
    attending.fill(state)
