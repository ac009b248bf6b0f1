"""What callers see of documents: the properties of an operation, computed ones, links and expansions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from assaykit.emulator.engine.editing import EDITS, edited
from assaykit.emulator.engine.resources.declarations import Link, Resource
from assaykit.emulator.engine.resources.kinds import LINKS, Kind, expansion
from assaykit.emulator.engine.resources.lookup import resources_of
from assaykit.emulator.engine.resources.shapes import Property
from assaykit.emulator.engine.storage import Document, Where

if TYPE_CHECKING:
    from assaykit.emulator.engine.worlds import State

Tree = Mapping[str, Any]
"""Names to expand, each with the names to expand inside of it."""
_PLACE: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
NO_TREE: Final[Tree] = {}


def tree(names: Iterable[str]) -> Tree:
    """Return dotted names as a tree: `a.b` and `a.c` are `{"a": {"b": {}, "c": {}}}`."""
    root: dict[str, Any] = {}
    for name in names:
        branch = root
        for part in name.split("."):
            branch = branch.setdefault(part, {})
    return root


@dataclass(frozen=True, slots=True)
class View:
    """Shows documents to one caller.

    Args:
        state: The vendor's part of the world.
        base_url: Address of the vendor in this world.
        identity: Who calls; None if nobody does.
    """

    state: State
    base_url: str = ""
    identity: Any = None

    def page(
        self,
        resource: Resource,
        kind: Kind,
        shape: Mapping[str, Property],
        documents: Sequence[Document],
        expand: Tree = NO_TREE,
    ) -> list[dict[str, Any]]:
        """Return what is seen of documents.

        Args:
            resource: The resource that shows them.
            kind: Their kind.
            shape: The properties that the operation shows.
            documents: The documents.
            expand: What to expand.
        """
        if not documents:
            return []
        columns: dict[str, Sequence[Any]] = {}
        computed = {**kind.home.computed, **resource.computed}
        for name, one in computed.items():
            if name in expand or (name in shape and not one.expanded):
                columns[name] = one.values(self, documents)
        for name, values in self._expanded(resource, kind, documents, expand).items():
            columns.setdefault(name, values)
        templates = resource.links or kind.home.links
        shown: list[dict[str, Any]] = []
        for index, document in enumerate(documents):
            item: dict[str, Any] = {}
            for name in shape or document:
                if name in columns:
                    item[name] = columns[name][index]
                elif name == LINKS:
                    links = self._links(templates, document)
                    item[name] = links or ([] if shape[LINKS].is_list else {})
                elif name in document:
                    item[name] = document[name]
            for name, values in columns.items():
                item.setdefault(name, values[index])
            shown.append(edited(resource.tag, document, deepcopy(item)) if EDITS in document else item)
        return shown

    def _expanded(
        self, resource: Resource, kind: Kind, documents: Sequence[Document], expand: Tree
    ) -> dict[str, Sequence[Any]]:
        """Return the objects that references name, for those references that are asked for."""
        columns: dict[str, Sequence[Any]] = {}
        where = self._shown_to_all(resource)
        for field, reference in kind.references.items():
            name = expansion(field, reference)
            if name and name in expand:
                numbers = [document.get(field) for document in documents]
                found = self.by_id(reference.kind, numbers, expand[name], where)
                columns[name] = [found.get(document.get(field)) for document in documents]
        return columns

    def _shown_to_all(self, resource: Resource) -> Sequence[Where]:
        """Return what limits expansion in lists of all owners: it opens the caller's and shared documents only."""
        conventions = resources_of(self.state).conventions
        if self.identity is None or resource.scope != "all" or conventions.owner in resource.parents.values():
            return ()
        return [Where(conventions.owner, "in", (None, conventions.owner_of(self.identity)))]

    def _links(self, templates: Mapping[str, Link], document: Document) -> dict[str, dict[str, str]]:
        """Return the links of a document; a template with a field that is null gives none."""
        links: dict[str, dict[str, str]] = {}
        for name, template in templates.items():
            href = template(self, document) if callable(template) else filled(template, document)
            if href is not None:
                links[name] = {"href": href}
        return links

    def by_id(
        self, kind: str, numbers: Iterable[Any], expand: Tree = NO_TREE, where: Sequence[Where] = ()
    ) -> dict[Any, dict[str, Any]]:
        """Return what is seen of documents of a kind, by their ids.

        Args:
            kind: Their kind.
            numbers: Their ids; null and those of which there is nothing are left out.
            expand: What to expand in them.
            where: Further conditions that they meet.
        """
        wanted = sorted({number for number in numbers if number is not None})
        if not wanted:
            return {}
        return {item["id"]: item for item in self.all(kind, [Where("id", "in", wanted), *where], expand)}

    def columns(self, kind: str, field: str, numbers: Iterable[Any]) -> dict[Any, Any]:
        """Return the value of a stored field, shown or not, of documents of a kind, by their ids."""
        resources = resources_of(self.state)
        documents = resources.records.find(self.state, kind, [Where("id", "in", sorted(set(numbers)))])
        return {document["id"]: document.get(field) for document in documents}

    def all(self, kind: str, where: Sequence[Where], expand: Tree = NO_TREE) -> list[dict[str, Any]]:
        """Return what is seen of all documents of a kind that are not deleted and meet conditions, by their ids."""
        resources = resources_of(self.state)
        documents = resources.records.find(self.state, kind, where)
        declared = resources.kinds[kind]
        return self.page(declared.home, declared, declared.properties, documents, expand)


def filled(template: str, document: Document) -> str | None:
    """Return a template with the values of fields put in, or None if one of them is null."""
    if any(document.get(field) is None for field in _PLACE.findall(template)):
        return None
    return _PLACE.sub(lambda found: quote(str(document[found[1]]), safe=""), template)
