"""How behaviours, hooks and actions reach the plain resources of their vendor."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assaykit.emulator.engine.resources.registry import Resources
    from assaykit.emulator.engine.worlds import State


def resources_of(state: State) -> Resources:
    """Return the plain resources of the vendor to which a state belongs.

    Raises:
        LookupError: The vendor has none.
    """
    found = state.vendor.resources
    if found is None:
        raise LookupError(f"{state.vendor.name} has no plain resources; give its Vendor `resources`")
    return found
