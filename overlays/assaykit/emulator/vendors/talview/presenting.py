"""Objects inside of objects, as a component of the specification describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assaykit.emulator.engine.resources import View, resources_of
from assaykit.emulator.engine.resources.shapes import NOW, properties, reply_properties
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.worlds import State

_COMPONENTS: Final = "#/components/schemas/"


def fitted(state: State, component: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object with all properties of a component.

    Args:
        state: The vendor's part of the world.
        component: Name of the component.
        values: The values; what is missing, or null where null is not described, becomes what comes closest to nothing.
    """
    schemas = next(iter(state.vendor.contract.operations.values())).schemas
    found: dict[str, Any] = {}
    for name, declared in properties(schemas.follow(_COMPONENTS + component)[0], schemas).items():
        value = values.get(name)
        if value is None:
            value = state.now() if declared.nothing is NOW else declared.nothing
        found[name] = value
    return found


def as_shown_by(view: View, tag: str, operation: str, documents: list[Document]) -> dict[int, dict[str, Any]]:
    """Return documents as an operation shows them, by their ids.

    Args:
        view: Who sees them.
        tag: Tag of the resource.
        operation: Name of the operation.
        documents: The documents.
    """
    resources = resources_of(view.state)
    resource = resources.declared[tag]
    shape = reply_properties(view.state.vendor.contract.operations[operation])[1] or {}
    return {item["id"]: item for item in view.page(resource, resources.kinds[resource.kind], shape, documents)}
