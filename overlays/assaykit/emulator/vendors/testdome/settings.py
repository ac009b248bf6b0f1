"""Settings of a test. Name, description and addresses to notify are those that the test itself shows."""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.editing import edited
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.testdome.records import TESTS, owned_test, save

behaviours = Behaviours()
NAMES: Final = (
    "name",
    "description",
    "timingPolicy",
    "showFinalScoreToCandidate",
    "notifyTo",
    "databaseOptions",
    "isAiForbidden",
    "integrationDeadlineInDays",
    "integrationProctoring",
)


def shown_settings(test: Document) -> dict[str, Any]:
    """Return the settings of a test as the API shows them."""
    return edited("settings", test, {name: test[name] for name in NAMES} | {"_links": {}})


@behaviours.operation("settings_get")
def get(call: Call) -> Success:
    """Show the settings of a test."""
    return Success(shown_settings(owned_test(call)))


@behaviours.operation("settings_update")
def update(call: Call) -> Success:
    """Change the settings that were sent."""
    test = owned_test(call)
    test.update({name: value for name, value in call.body.items() if name in NAMES})
    save(call.state.store, TESTS, test)
    return Success(status=204)
