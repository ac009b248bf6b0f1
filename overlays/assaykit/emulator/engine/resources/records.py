"""Stored documents of plain resources: made, changed and deleted under the rules that their declarations state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final, Literal

from assaykit.emulator.engine.dates import instant_text, parse_instant
from assaykit.emulator.engine.rejection import INVALID, Field, Rejected
from assaykit.emulator.engine.resources.changes import Change
from assaykit.emulator.engine.resources.declarations import Conventions, Resource
from assaykit.emulator.engine.resources.kinds import Kind
from assaykit.emulator.engine.resources.shapes import NOW
from assaykit.emulator.engine.storage import Document, KeyTaken, Select, Where, equal

if TYPE_CHECKING:
    from assaykit.emulator.engine.vendor import Call
    from assaykit.emulator.engine.worlds import State

_READ_AT_ONCE: Final = 500


class Records:
    """The documents of all kinds of one vendor; works in any world.

    Args:
        kinds: The kinds by name.
        conventions: What they have in common.
    """

    def __init__(self, kinds: Mapping[str, Kind], conventions: Conventions) -> None:
        self._kinds = kinds
        self._conventions = conventions

    def alive(self, kind: str) -> list[Where]:
        """Return the condition that a document is not marked as deleted; none for kinds that are deleted for good."""
        return [Where(self._conventions.deleted, "=", False)] if self._kinds[kind].home.soft else []

    def get(self, state: State, kind: str, number: Any, where: Sequence[Where] = ()) -> Document | None:
        """Return a document by its id, or None if there is none that is not deleted and meets the conditions."""
        found = self.find(state, kind, [Where("id", "=", number), *where], limit=1)
        return found[0] if found else None

    def find(
        self,
        state: State,
        kind: str,
        where: Sequence[Where] = (),
        *,
        order: Sequence[str] = ("id",),
        limit: int | None = None,
    ) -> list[Document]:
        """Return the documents that are not deleted and meet the conditions, in the order of their ids."""
        where = [*where, *self.alive(kind)]
        return state.store.find(self._kinds[kind].collection, where, order=order, limit=limit)

    def each(self, state: State, kind: str, where: Sequence[Where] = ()) -> Iterator[Document]:
        """Return the documents that are not deleted and meet the conditions, one by one in the order of their ids.

        They are read in parts, so that very many need little memory; each part is as it stands when it is reached.
        """
        last: list[Where] = []
        while found := self.find(state, kind, [*where, *last], limit=_READ_AT_ONCE):
            yield from found
            last = [Where("id", ">", found[-1]["id"])]

    def count(self, state: State, kind: str, where: Sequence[Where] = ()) -> int:
        """Return how many documents are not deleted and meet the conditions."""
        return state.store.count(self._kinds[kind].collection, [*where, *self.alive(kind)])

    def seed(self, state: State, kind: str, *documents: Mapping[str, Any]) -> None:
        """Put documents of a start world in, with the ids and times that they name and without any check."""
        for values in documents:
            document = self._blank(state, self._kinds[kind], values)
            self._derive(self._kinds[kind], document)
            state.store.insert(self._kinds[kind].collection, str(document["id"]), document)

    def insert(
        self,
        state: State,
        kind: str,
        values: Mapping[str, Any],
        *,
        user: int | None = None,
        call: Call | None = None,
        view: Resource | None = None,
    ) -> Document:
        """Make a document.

        Args:
            state: The vendor's part of the world.
            kind: Its kind.
            values: Its properties; those left out get their defaults, and an owner that is left out is that of what
                it refers to, or of the caller.
            user: Id of the user who makes it.
            call: The request, if there is one.
            view: The resource through which it is made.

        Raises:
            Rejected: It refers to nothing, has a value that is taken, or a hook refuses it.
        """
        declared = self._kinds[kind]
        conventions = self._conventions
        document = self._blank(state, declared, values)
        for name in (*conventions.creator, *conventions.updater):
            if values.get(name) is None and name in declared.properties:
                document[name] = user
        if document.get(conventions.owner) is None:
            document[conventions.owner] = self._owner(state, declared, document, call)
        home = declared.home
        for name, default in home.defaults.items():
            if callable(default) and name not in values:
                document[name] = default(state, document)
        change = Change(state, kind, "create", document, None, values, user, call)
        self._check(change, declared)
        self._run(change, declared, view, "before")
        self._derive(declared, document)
        # The start world, or whoever sent ids, may have the one that comes next.
        while True:
            if "id" not in values:
                document["id"] = state.ids.integer(kind, home.first_id or conventions.first_id)
            try:
                state.store.insert(declared.collection, str(document["id"]), document)
                break
            except KeyTaken:
                if "id" in values:
                    raise
        self._run(change, declared, view, "after")
        return document

    def change(
        self,
        state: State,
        kind: str,
        document: Document,
        values: Mapping[str, Any],
        *,
        user: int | None = None,
        call: Call | None = None,
        view: Resource | None = None,
    ) -> Document:
        """Give a document other values; those that are not named stay.

        Args:
            state: The vendor's part of the world.
            kind: Its kind.
            document: The document as it was read; it is not changed.
            values: The properties that change.
            user: Id of the user who does it.
            call: The request, if there is one.
            view: The resource through which it is done.

        Returns:
            The document as it is now.

        Raises:
            Rejected: It would refer to nothing, has a value that is taken, or a hook refuses it.
        """
        declared = self._kinds[kind]
        new = deepcopy(document)
        for name, value in values.items():
            new[name] = self._kept(declared, name, value)
        self._touch(state, declared, new, values)
        for name in self._conventions.updater:
            if name in declared.properties and name not in values:
                new[name] = user
        change = Change(state, kind, "update", new, document, values, user, call)
        self._check(change, declared)
        self._run(change, declared, view, "before")
        self._derive(declared, new)
        state.store.replace(declared.collection, str(new["id"]), new)
        self._run(change, declared, view, "after")
        return new

    def remove(
        self,
        state: State,
        kind: str,
        document: Document,
        *,
        user: int | None = None,
        call: Call | None = None,
        view: Resource | None = None,
        for_good: bool = False,
    ) -> None:
        """Delete a document and deal with what refers to it, or mark it as deleted if its kind is soft.

        Args:
            state: The vendor's part of the world.
            kind: Its kind.
            document: The document.
            user: Id of the user who does it.
            call: The request, if there is one.
            view: The resource through which it is done.
            for_good: Delete it even if its kind is soft.

        Raises:
            Rejected: A hook refuses it.
        """
        declared = self._kinds[kind]
        new = deepcopy(document)
        change = Change(state, kind, "delete", new, document, {}, user, call)
        self._run(change, declared, view, "before")
        if declared.home.soft and not for_good:
            # What refers to it stays: the document may come back.
            new[self._conventions.deleted] = True
            self._touch(state, declared, new, {})
            self._derive(declared, new)
            state.store.replace(declared.collection, str(new["id"]), new)
        elif state.store.delete(declared.collection, str(document["id"])):
            self._settle_children(change, declared)
        self._run(change, declared, view, "after")

    def _settle_children(self, change: Change, declared: Kind) -> None:
        state, number = change.state, change.document["id"]
        for child in declared.children:
            if child.reference.fate == "keep":
                continue
            kind = self._kinds[child.kind]
            where = [Where(child.field, "=", number)]
            # Each round leaves fewer of them, so that a parent of very many needs little memory.
            while found := state.store.find(kind.collection, where, limit=_READ_AT_ONCE):
                for document in found:
                    if child.reference.fate == "null":
                        document[child.field] = None
                        self._derive(kind, document)
                        state.store.replace(kind.collection, str(document["id"]), document)
                    else:
                        # A marked document whose parent is gone could not be shown any more.
                        self.remove(state, child.kind, document, user=change.user, for_good=True)

    def dangling(self, state: State) -> list[str]:
        """Return the references of a world that lead nowhere; for tests of start worlds."""
        wrong: list[str] = []
        for kind in self._kinds.values():
            for name, reference in kind.references.items():
                target = self._kinds[reference.kind]
                where = [Where(name, "!=", None), Where(name, "not in", Select(target.collection, "id"))]
                wrong.extend(
                    f"{kind.name} {document['id']}: {name} {document[name]}"
                    for document in state.store.find(kind.collection, where)
                )
        return wrong

    def _blank(self, state: State, kind: Kind, values: Mapping[str, Any]) -> Document:
        """Return a document with these values, and what stands where nothing is said."""
        now = state.now()
        stamped = {*self._conventions.created, *self._conventions.updated}
        document: Document = {"id": None, self._conventions.owner: None}
        for name, found in kind.properties.items():
            if name in kind.home.computed or name in kind.unstored or name == self._conventions.owner:
                continue
            if name in stamped:
                document[name] = int(state.clock.time()) if found.type is int else now
            else:
                document[name] = now if found.nothing is NOW else deepcopy(found.nothing)
        for name, default in kind.home.defaults.items():
            document[name] = None if callable(default) else deepcopy(default)
        if kind.home.soft:
            document.setdefault(self._conventions.deleted, False)
        for name, value in values.items():
            document[name] = self._kept(kind, name, value)
        return document

    def _touch(self, state: State, kind: Kind, document: Document, values: Mapping[str, Any]) -> None:
        """Note the time of a change in the fields that tell it, unless they were sent."""
        for name in self._conventions.updated:
            found = kind.properties.get(name)
            if found is not None and name not in values:
                document[name] = int(state.clock.time()) if found.type is int else state.now()

    def _kept(self, kind: Kind, name: str, value: Any) -> Any:
        """Return a value in the form in which documents keep it."""
        found = kind.properties.get(name)
        if found is None or not found.is_instant or not isinstance(value, str):
            return value
        try:
            return instant_text(parse_instant(value))
        except ValueError:
            return value

    def _derive(self, kind: Kind, document: Document) -> None:
        for name, one in kind.derived.items():
            document[name] = one.value(document)

    def _owner(self, state: State, kind: Kind, document: Document, call: Call | None) -> Any:
        if call is not None:
            return self._conventions.owner_of(call.identity)
        for name, reference in kind.references.items():
            if document.get(name) is not None:
                target = state.store.get(self._kinds[reference.kind].collection, str(document[name]))
                if target is not None and target.get(self._conventions.owner) is not None:
                    return target[self._conventions.owner]
        return None

    def _check(self, change: Change, kind: Kind) -> None:
        """Refuse references that lead nowhere, and values that are taken."""
        wrong: list[Field] = []
        document, owner = change.document, self._conventions.owner
        for name, reference in kind.references.items():
            if document.get(name) is None or not change.changed(name):
                continue
            target = self.get(change.state, reference.kind, document[name])
            owners = (None, document.get(owner))
            if target is None or (target.get(owner) not in owners and reference.kind != self._conventions.owners):
                thing = self._kinds[reference.kind].home.thing
                wrong.append(Field(f"body.{name}", f"names no {thing[0].lower()}{thing[1:]} that exists"))
        within = [Where(owner, "=", document.get(owner))]
        groups = [(group, within) for group in kind.home.unique]
        groups += [(group, []) for group in kind.home.unique_everywhere]
        for group, bounds in groups:
            values = {name: document.get(name) for name in group}
            if None in values.values() or not any(change.changed(name) for name in group):
                continue
            where = [*equal(**values), *bounds, Where("id", "!=", document["id"])]
            if self.count(change.state, kind.name, where):
                wrong.append(Field(f"body.{group[-1]}", "is taken already; send another value"))
        if wrong:
            raise Rejected(INVALID, "The body is not accepted.", wrong)

    def _run(self, change: Change, kind: Kind, view: Resource | None, moment: Literal["before", "after"]) -> None:
        """Call the hooks of the kind, then those of the resource through which it happens if that is another."""
        for declared in (kind.home,) if view is None or view is kind.home else (kind.home, view):
            hook = (declared.before if moment == "before" else declared.after).get(change.verb)
            if hook is not None:
                hook(change)
