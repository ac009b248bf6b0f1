"""Plain resources: list, get, create, update and delete, derived from a specification and a table of declarations."""

from __future__ import annotations

from assaykit.emulator.engine.resources.changes import Change
from assaykit.emulator.engine.resources.declarations import (
    Computed,
    Conventions,
    Derived,
    Reference,
    Resource,
    belongs,
    each,
    loose,
    refers,
)
from assaykit.emulator.engine.resources.lookup import resources_of
from assaykit.emulator.engine.resources.registry import Resources
from assaykit.emulator.engine.resources.views import View

__all__ = [
    "Change",
    "Computed",
    "Conventions",
    "Derived",
    "Reference",
    "Resource",
    "Resources",
    "View",
    "belongs",
    "each",
    "loose",
    "refers",
    "resources_of",
]
