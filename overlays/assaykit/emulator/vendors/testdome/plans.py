"""The plan of an account."""

from __future__ import annotations

from typing import Any

from assaykit.emulator.engine.editing import edited
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.testdome.accounts import account

behaviours = Behaviours()


def shown_plan(held: Document) -> dict[str, Any]:
    """Return the plan of an account as the API shows it."""
    return edited("plans", held, held["plan"] | {"_links": {}})


@behaviours.operation("plans_get_current")
def get_current(call: Call) -> Success:
    """Show the plan of the account that asks."""
    return Success(shown_plan(account(call.state, call.identity)))
