"""All plain resources of a vendor: from declarations and specification to collections and behaviours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assaykit.emulator.engine.contract import Contract, Operation
from assaykit.emulator.engine.editing import Kind as Editable
from assaykit.emulator.engine.resources.behaviours import Served, serve
from assaykit.emulator.engine.resources.declarations import VERBS, Conventions, Resource
from assaykit.emulator.engine.resources.kinds import Child, Kind, make_collection, make_kind
from assaykit.emulator.engine.resources.records import Records
from assaykit.emulator.engine.resources.selection import make_selection
from assaykit.emulator.engine.resources.shapes import Property, reply_properties
from assaykit.emulator.engine.resources.views import View
from assaykit.emulator.engine.storage import Collection, Document
from assaykit.emulator.engine.vendor import Behaviours
from assaykit.emulator.engine.worlds import State


class Resources:
    """The plain resources of one vendor.

    Args:
        contract: The vendor's specification.
        declared: The table of declarations.
        conventions: What they have in common.
        prefix: Beginning of the names of the collections; the vendor's name.

    Raises:
        ValueError: Declarations and specification do not fit together; the message names the place and the remedy.
    """

    def __init__(
        self, contract: Contract, declared: Sequence[Resource], conventions: Conventions, *, prefix: str
    ) -> None:
        self.conventions = conventions
        self.declared = {resource.tag: resource for resource in declared}
        if len(self.declared) < len(declared):
            tags = sorted({one.tag for one in declared if one is not self.declared[one.tag]})
            raise ValueError(f"two resources have the same tag: {', '.join(tags)}; declare each once")
        views: dict[str, list[Resource]] = {}
        for resource in declared:
            if resource.kind not in self.declared:
                raise ValueError(
                    f"{resource.tag} shows {resource.kind}, which is not declared; declare a resource of that tag"
                )
            views.setdefault(resource.kind, []).append(resource)
        operations = {tag: _operations(contract, resource) for tag, resource in self.declared.items()}
        self.kinds: dict[str, Kind] = {}
        shown_of: dict[str, dict[str, Property]] = {}
        for name, shown in views.items():
            # What the declaring resource says of a property counts before what another one does.
            home = self.declared[name]
            shown[:] = [home, *(view for view in shown if view is not home)]
            shown_of[name] = _properties([operations[view.tag] for view in shown])
        selections = {
            tag: make_selection(view, self.declared[view.kind], operations[tag], shown_of[view.kind], contract)
            for tag, view in self.declared.items()
        }
        compared: dict[str, list[str]] = {name: [] for name in views}
        for tag, selection in selections.items():
            for kind, field in selection.compared:
                compared.setdefault(kind or self.declared[tag].kind, []).append(field)
        for name, shown in views.items():
            self.kinds[name] = make_kind(
                self.declared[name], shown, shown_of[name], compared[name], prefix, conventions
            )
        self._connect()
        self.records = Records(self.kinds, conventions)
        self.behaviours = Behaviours()
        for tag, resource in self.declared.items():
            serve(
                Served(
                    resource, self.kinds[resource.kind], operations[tag], selections[tag], self.records, conventions
                ),
                self.kinds,
                self.behaviours,
            )

    def _connect(self) -> None:
        for kind in self.kinds.values():
            for field, reference in kind.references.items():
                if reference.kind not in self.kinds:
                    raise ValueError(
                        f"{kind.name}.{field} refers to {reference.kind}, which is not declared; declare it, "
                        "as hidden if it has no operation"
                    )
                self.kinds[reference.kind].children.append(Child(kind.name, field, reference))

    @property
    def collections(self) -> list[Collection]:
        """Return the collections to declare."""
        return [make_collection(kind, self.conventions) for kind in self.kinds.values()]

    def collection(self, kind: str) -> str:
        """Return the name of the collection of a kind, to use the storage directly."""
        return self.kinds[kind].collection

    def show(self, state: State, kind: str, document: Document, base_url: str = "") -> dict[str, Any]:
        """Return what the API shows of a document."""
        declared = self.kinds[kind]
        return View(state, base_url).page(declared.home, declared, declared.properties, [document])[0]

    def editable(self) -> dict[str, Editable]:
        """Return what the action `set-field` can write into."""

        def editable(kind: str) -> Editable:
            return Editable(self.kinds[kind].collection, lambda state, found: self.show(state, kind, found), int)

        return {name: editable(name) for name in self.kinds}


def _operations(contract: Contract, resource: Resource) -> dict[str, Operation]:
    """Return the operations of a resource that its declaration leaves to the engine, by verb."""
    found: dict[str, Operation] = {}
    for verb in VERBS:
        name = resource.operations.get(verb, f"{resource.tag}_{verb}")
        if verb in resource.operations and name not in contract.operations:
            raise ValueError(f"{resource.tag}: there is no operation {name}; correct its name in operations")
        if name in contract.operations:
            found[verb] = contract.operations[name]
    if not found and not resource.hidden:
        raise ValueError(f"{resource.tag} has no operation; its operations are named {resource.tag}_list and so on")
    return found


def _properties(views: Sequence[Mapping[str, Operation]]) -> dict[str, Property]:
    """Return the properties that any operation shows; of two with one name that of the first."""
    properties: dict[str, Property] = {}
    for operations in views:
        for verb in ("get", "list", "create", "update"):
            if verb in operations:
                for name, found in (reply_properties(operations[verb])[1] or {}).items():
                    properties.setdefault(name, found)
    return properties
