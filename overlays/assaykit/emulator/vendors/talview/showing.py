"""What answers of hand-written behaviours show of stored documents."""

from __future__ import annotations

from typing import Any

from assaykit.emulator.engine.resources import View, resources_of
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.vendor import Call


def shown(call: Call, tag: str, document: Document) -> dict[str, Any]:
    """Return what a resource shows of a document.

    Args:
        call: The request.
        tag: Tag of the resource.
        document: The document.
    """
    resources = resources_of(call.state)
    resource = resources.declared[tag]
    kind = resources.kinds[resource.kind]
    view = View(call.state, call.request.base_url, call.identity)
    return view.page(resource, kind, kind.properties, [document])[0]
