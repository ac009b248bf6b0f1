"""Actions: what users ask Talview to do, done at once or a little later, each under /actions."""

from __future__ import annotations

from typing import Final

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.vendor import Behaviour, Behaviours, Call
from assaykit.emulator.vendors.talview import bookings
from assaykit.emulator.vendors.talview.actions import (
    assessments,
    candidates,
    events,
    panels,
    running,
    sessions,
    simulations,
)
from assaykit.emulator.vendors.talview.actions.declared import Action

RUNNER: Final = running.Runner(
    *candidates.ACTIONS,
    *panels.ACTIONS,
    *assessments.ACTIONS,
    *sessions.ACTIONS,
    *simulations.ACTIONS,
    *events.ACTIONS,
)
COLLECTIONS: Final = (*running.COLLECTIONS, *bookings.COLLECTIONS)
show_action = running.show_action
catch_up = RUNNER.catch_up
behaviours = Behaviours()


def _accepting(action: Action) -> Behaviour:
    def accept(call: Call) -> Success:
        return RUNNER.accept(call, action)

    return accept


for _action in RUNNER.actions.values():
    behaviours.operation(_action.operation)(_accepting(_action))
