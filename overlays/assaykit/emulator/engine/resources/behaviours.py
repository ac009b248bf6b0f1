"""Behaviours of plain resources: list, get, create, update and delete."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from assaykit.emulator.engine.contract import Operation
from assaykit.emulator.engine.dates import Fresh
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.resources.changes import missing
from assaykit.emulator.engine.resources.declarations import Conventions, Resource
from assaykit.emulator.engine.resources.kinds import Kind
from assaykit.emulator.engine.resources.paging import headers, read_part
from assaykit.emulator.engine.resources.records import Records
from assaykit.emulator.engine.resources.selection import EXPAND, FIELDS, Selection
from assaykit.emulator.engine.resources.shapes import Property, body_properties, reply_properties
from assaykit.emulator.engine.resources.views import View, tree
from assaykit.emulator.engine.storage import Document, Where

if TYPE_CHECKING:
    from assaykit.emulator.engine.vendor import Behaviours, Call

_PARAMETER: Final = re.compile(r"\{([^}]+)\}")


@dataclass(frozen=True, slots=True)
class Served:
    """A resource with all that its behaviours need.

    Args:
        resource: Its declaration.
        kind: The kind of its documents.
        operations: Its operations by verb.
        selection: How the query of its list is read.
        records: The documents of all kinds.
        conventions: What the vendor's resources have in common.
    """

    resource: Resource
    kind: Kind
    operations: Mapping[str, Operation]
    selection: Selection
    records: Records
    conventions: Conventions


def serve(served: Served, kinds: Mapping[str, Kind], behaviours: Behaviours) -> None:
    """Add the behaviours of a resource's operations.

    Args:
        served: The resource.
        kinds: All kinds, for parents.
        behaviours: Where they are added.

    Raises:
        ValueError: A path parameter is neither the id nor declared as a parent's.
    """
    makers: Mapping[str, type[_Answering]] = {
        "list": _List,
        "get": _Get,
        "create": _Create,
        "update": _Update,
        "delete": _Delete,
    }
    for verb, operation in served.operations.items():
        if verb not in served.resource.custom:
            behaviours.operation(operation.id)(makers[verb](served, operation, kinds))


class _Answering(ABC):
    """One operation of a resource.

    Args:
        served: The resource.
        operation: The operation.
        kinds: All kinds.
    """

    takes_id = True

    def __init__(self, served: Served, operation: Operation, kinds: Mapping[str, Kind]) -> None:
        self.served = served
        self.operation = operation
        self._kinds = kinds
        self.status, self.shape = reply_properties(operation)
        own = [name for name in _PARAMETER.findall(operation.template) if name not in served.resource.parents]
        if len(own) != (1 if self.takes_id else 0):
            left = "all but the id" if self.takes_id else "all"
            raise ValueError(
                f"{operation.id}: declare which field each of {own} tells in the resource's parents, {left} of them"
            )
        self.id = own[0] if own else ""

    @abstractmethod
    def __call__(self, call: Call) -> Success:
        """Answer a request."""

    def parents(self, call: Call) -> dict[str, Any]:
        """Return the fields that the path tells.

        Raises:
            Rejected: A parent does not exist, or is no part of the ones above it.
        """
        told: dict[str, Any] = {}
        for parameter, declared in self.served.resource.parents.items():
            field, value = declared.removesuffix("?"), call.path[parameter]
            kind = self._parent(field)
            if kind is not None:
                where = [Where(name, "=", above) for name, above in told.items() if name in kind.indexes]
                if self.served.records.get(call.state, kind.name, value, where) is None:
                    raise missing(value)
            told[field] = value
        return told

    def _parent(self, field: str) -> Kind | None:
        if field == self.served.conventions.owner:
            return self._kinds.get(self.served.conventions.owners)
        reference = self.served.kind.references.get(field)
        return None if reference is None else self._kinds[reference.kind]

    def visible(self, call: Call, parents: Mapping[str, Any]) -> list[Where]:
        """Return the conditions under which a document is seen here."""
        resource, conventions = self.served.resource, self.served.conventions
        loose = {field.removesuffix("?") for field in resource.parents.values() if field.endswith("?")}
        where = [
            Where(field, "in", (None, value)) if field in loose else Where(field, "=", value)
            for field, value in parents.items()
        ]
        if conventions.owner not in parents and resource.scope != "all":
            owner = conventions.owner_of(call.identity)
            shared = resource.scope == "shared"
            where.append(
                Where(conventions.owner, "in", (None, owner)) if shared else Where(conventions.owner, "=", owner)
            )
        if resource.visible is not None:
            where.extend(resource.visible(call))
        return where

    def one(self, call: Call, *, deleted: bool = False) -> Document:
        """Return the document that the path names.

        Args:
            call: The request.
            deleted: Whether one that is marked as deleted will do.

        Raises:
            Rejected: There is none, or the caller does not see it.
        """
        where = [Where("id", "=", call.path[self.id]), *self.visible(call, self.parents(call))]
        if not deleted:
            where += self.served.records.alive(self.served.kind.name)
        found = call.state.store.find(self.served.kind.collection, where, limit=1)
        if not found:
            raise missing(call.path[self.id])
        return found[0]

    def show(self, call: Call, documents: list[Document]) -> list[dict[str, Any]]:
        """Return what the caller sees of documents, with what `expand` and `fields` ask for."""
        view = View(call.state, call.request.base_url, call.identity)
        expand = tree(call.query.get(EXPAND, ()))
        items = view.page(self.served.resource, self.served.kind, self.shape or {}, documents, expand)
        wanted = set(call.query.get(FIELDS, ()))
        if not wanted:
            return items
        # Schemas demand the id whatever was asked for.
        wanted |= {"id", *expand}
        return [{name: value for name, value in item.items() if name in wanted} for item in items]

    def answer(self, call: Call, document: Document, *more: tuple[str, str], fresh: tuple[str, ...] = ()) -> Success:
        """Return the answer that shows one document, if the specification documents one.

        Args:
            call: The request.
            document: The document.
            *more: Headers.
            fresh: Fields with a time that the request has just set.
        """
        body = None if self.shape is None else self.show(call, [document])[0]
        if body is not None and self.served.conventions.tells_fresh:
            for name in fresh:
                if isinstance(body.get(name), str):
                    body[name] = Fresh(body[name])
        return Success(body, self.status, headers=more)


class _List(_Answering):
    takes_id = False

    def __call__(self, call: Call) -> Success:
        served = self.served
        where = self.visible(call, self.parents(call)) + served.selection.where(call)
        deleted = served.conventions.deleted
        if served.kind.home.soft and not served.resource.shows_deleted and deleted not in call.query:
            where.append(Where(deleted, "=", False))
        paging = served.selection.paging
        if paging is None:
            found = call.state.store.find(served.kind.collection, where, order=served.resource.order)
            return Success(self.show(call, found), self.status)
        part = read_part(call, served.kind, where, served.resource.order, paging, served.conventions)
        return Success(self.show(call, part.documents), self.status, headers=headers(call, part, paging))


class _Get(_Answering):
    def __call__(self, call: Call) -> Success:
        return self.answer(call, self.one(call))


class _Create(_Answering):
    takes_id = False

    def __init__(self, served: Served, operation: Operation, kinds: Mapping[str, Kind]) -> None:
        super().__init__(served, operation, kinds)
        self._taken = body_properties(operation)
        reply = operation.reply(self.status)
        self._located = reply is not None and "location" in reply.headers
        item = next(
            (served.operations[verb] for verb in ("get", "update", "delete") if verb in served.operations), None
        )
        self._address = operation.template if item is None else item.template

    def __call__(self, call: Call) -> Success:
        served = self.served
        parents = self.parents(call)
        values = {**_sent(call.body, self._taken), **parents}
        user = served.conventions.user_of(call.identity)
        document = served.records.insert(
            call.state, served.kind.name, values, user=user, call=call, view=served.resource
        )
        more = [("Location", self._location(call, document))] if self._located else []
        conventions = served.conventions
        return self.answer(call, document, *more, fresh=(*conventions.created, *conventions.updated))

    def _location(self, call: Call, document: Document) -> str:
        named = {**call.path}
        for name in _PARAMETER.findall(self._address):
            named.setdefault(name, document["id"])
        path = _PARAMETER.sub(lambda found: quote(str(named[found[1]]), safe=""), self._address)
        if self._address == self.operation.template:
            path += f"?id={document['id']}"
        return f"{call.request.base_url}{path}"


class _Update(_Answering):
    def __init__(self, served: Served, operation: Operation, kinds: Mapping[str, Kind]) -> None:
        super().__init__(served, operation, kinds)
        self._taken = body_properties(operation)

    def __call__(self, call: Call) -> Success:
        served = self.served
        values = _sent(call.body, self._taken)
        back = served.kind.home.soft and values.get(served.conventions.deleted) is False
        document = self.one(call, deleted=back)
        user = served.conventions.user_of(call.identity)
        changed = served.records.change(
            call.state, served.kind.name, document, values, user=user, call=call, view=served.resource
        )
        return self.answer(call, changed, fresh=served.conventions.updated)


class _Delete(_Answering):
    def __call__(self, call: Call) -> Success:
        served = self.served
        document = self.one(call)
        user = served.conventions.user_of(call.identity)
        served.records.remove(call.state, served.kind.name, document, user=user, call=call, view=served.resource)
        return Success(status=self.status)


def _sent(body: Any, taken: Mapping[str, Property]) -> dict[str, Any]:
    """Return the properties of a body that the operation takes."""
    return {name: value for name, value in body.items() if name in taken} if isinstance(body, dict) else {}
