"""Values for parameters and fields: by the declarations of an emulator, and by facts where these say nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from assaykit.emulator.engine.resources import Resource
from assaykit.emulator.engine.resources.declarations import VERBS

from .start_world import StartWorld


class Finder:
    """Finds the values of one operation after the other.

    Args:
        world: the start world.
        kinds: what parameters and fields refer to which kind, "" for what only looks like a reference.
        values: the values of others.
    """

    def __init__(self, world: StartWorld, kinds: Mapping[str, str], values: Mapping[str, list[Any]]) -> None:
        self._world = world
        self._kinds = kinds
        self._values = values
        self._unused = {*kinds, *values}
        self._resources = {
            resource.operations.get(verb, f"{tag}_{verb}"): resource
            for tag, resource in world.resources.declared.items()
            for verb in VERBS
        }

    def of_parameters(
        self, tag: str, operation: str, taken: Sequence[tuple[str, str]], *, deletes: bool
    ) -> dict[str, list[Any]]:
        """Return the values of an operation's parameters; in a path, parent and child fit together.

        Args:
            tag: the operation's tag.
            operation: its operationId.
            taken: place and name of each parameter; of those in a query, only what the facts list has values.
            deletes: whether it is a deletion.
        """
        resource = self._resource(tag, operation)
        found: dict[str, list[Any]] = {}
        for place, name in taken:
            values = self._listed(tag, operation, name) if place == "path" else self._own(operation, name)
            if place == "path" and values is None and resource is not None:
                if name in resource.parents:
                    values = self._parent(resource, name)
                else:
                    values = self._ids(resource, operation, deletes=deletes)
            if values and place in ("path", "query"):
                found[f"{place}.{name}"] = values
        return found

    def of_body(self, tag: str, operation: str, ways: list[str]) -> dict[str, list[Any]]:
        """Return the values of those fields of an operation's body that refer to something.

        Args:
            tag: the operation's tag.
            operation: its operationId.
            ways: the ways to the fields of its body.
        """
        resource = self._resource(tag, operation)
        references = self._world.resources.kinds[resource.kind].references if resource is not None else {}
        found: dict[str, list[Any]] = {}
        for way in ways:
            values = self._listed(tag, operation, way)
            if values is None and way in references:
                values = self._world.to_read(references[way].kind)
            if values:
                found[way] = values
        return found

    def unique(self, tag: str, operation: str) -> list[str]:
        """Return the fields of an operation's resource that are unique on their own.

        Args:
            tag: the operation's tag.
            operation: its operationId.
        """
        resource = self._resource(tag, operation)
        if resource is None:
            return []
        home = self._world.resources.kinds[resource.kind].home
        return [group[0] for group in (*home.unique, *home.unique_everywhere) if len(group) == 1]

    def is_shared(self, tag: str, operation: str) -> bool:
        """Return whether an operation shows everybody the same documents, with no condition on who sees which.

        Args:
            tag: the operation's tag.
            operation: its operationId.
        """
        resource = self._resource(tag, operation)
        if resource is None or resource.kind == self._world.resources.conventions.owners:
            return False
        return resource.scope == "all" and resource.visible is None

    @property
    def unused(self) -> list[str]:
        """Return the facts that no parameter and no field has asked for."""
        return sorted(self._unused)

    def _own(self, operation: str, name: str) -> list[Any] | None:
        """Return the values that the facts list for a parameter of one operation."""
        key = f"{operation}:{name}"
        self._unused.discard(key)
        return self._values.get(key)

    def _listed(self, tag: str, operation: str, name: str) -> list[Any] | None:
        """Return what the table of facts says; an operation's own line counts before its tag's, and before a name's."""
        for key in (f"{operation}:{name}", f"{tag}:{name}", name):
            if key in self._values:
                self._unused.discard(key)
                return self._values[key]
            if key in self._kinds:
                self._unused.discard(key)
                kind = self._kinds[key]
                return self._world.to_read(kind) if kind else []
        return None

    def _resource(self, tag: str, operation: str) -> Resource | None:
        """Return the resource that an operation shows: the one that declares it, or else that of its tag."""
        return self._resources.get(operation) or self._world.resources.declared.get(tag)

    def _parent(self, resource: Resource, name: str) -> list[Any]:
        """Return the parent that has the most children, of those that may be named."""
        own = resource.parents[name].removesuffix("?")
        counted = Counter(document.get(own) for document in self._world.documents(resource.kind))
        reference = self._world.resources.kinds[resource.kind].references.get(own)
        if reference is not None:
            named = {document["id"] for document in self._world.documents(reference.kind)}
            counted = Counter({value: number for value, number in counted.items() if value in named})
        counted.pop(None, None)
        return [counted.most_common(1)[0][0]] if counted else []

    def _ids(self, resource: Resource, operation: str, *, deletes: bool) -> list[Any]:
        """Return the ids to read or to delete; deletions of one kind share the latter among them."""
        world = self._world
        if not deletes:
            return self._below_parents(resource, world.to_read(resource.kind))
        sharing = sorted(
            name
            for name, one in self._resources.items()
            if one.kind == resource.kind and name.endswith("_delete") and name in world.resources.behaviours.operations
        )
        gone = self._below_parents(resource, world.to_delete(resource.kind))
        return (gone[sharing.index(operation) :: len(sharing)] if operation in sharing else []) or gone

    def _below_parents(self, resource: Resource, ids: list[int]) -> list[int]:
        wanted = {own.removesuffix("?"): self._parent(resource, name) for name, own in resource.parents.items()}
        documents = {document["id"]: document for document in self._world.documents(resource.kind)}
        return [
            number
            for number in ids
            if all(documents[number].get(own) in (*parents, None) for own, parents in wanted.items())
        ]
