"""Kinds of documents: what all declarations and operations together say about one collection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assaykit.emulator.engine.resources.declarations import Conventions, Derived, Reference, Resource
from assaykit.emulator.engine.resources.shapes import Property, column
from assaykit.emulator.engine.storage import Collection

LINKS: Final = "_links"
"""Property in which the addresses of related objects stand."""


@dataclass(frozen=True, slots=True)
class Child:
    """Documents that refer to another kind.

    Args:
        kind: Their kind.
        field: Their field with the other one's id.
        reference: How they refer to it.
    """

    kind: str
    field: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of documents.

    Args:
        name: Tag of the resource that declares it.
        collection: Name of its collection.
        home: Its declaration.
        properties: The properties that any operation shows of it.
        references: Its references, those to the owner left out.
        indexes: Type of each indexed field.
        derived: Its derived fields.
        children: What refers to it.
        unstored: Properties that are not stored: links, and what is expanded.
    """

    name: str
    collection: str
    home: Resource
    properties: Mapping[str, Property]
    references: Mapping[str, Reference]
    indexes: Mapping[str, type]
    derived: Mapping[str, Derived]
    children: list[Child]
    unstored: frozenset[str]


def make_kind(
    home: Resource,
    views: Sequence[Resource],
    properties: Mapping[str, Property],
    filtered: Sequence[str],
    prefix: str,
    conventions: Conventions,
) -> Kind:
    """Put a kind together.

    Args:
        home: The resource that declares it.
        views: All resources that show it, this one included.
        properties: The properties that any operation shows of it.
        filtered: Fields that filters compare.
        prefix: Beginning of its collection's name.
        conventions: The vendor's.

    Raises:
        ValueError: A field must be looked up by, and is no scalar.
    """
    references = {name: reference for view in views for name, reference in view.references.items()}
    derived = {name: one for view in views for name, one in view.derived.items()}
    indexes: dict[str, type] = {"id": int, conventions.owner: int}
    if home.soft:
        indexes[conventions.deleted] = bool
    indexes.update(dict.fromkeys(references, int))
    indexes.update({name: one.type for name, one in derived.items()})
    for view in views:
        indexes.update(view.indexes)
    wanted = [name.removeprefix("-") for view in views for name in view.order]
    wanted += [name for group in (*home.unique, *home.unique_everywhere, *home.tallies) for name in group]
    wanted += [name.removesuffix("?") for view in views for name in view.parents.values()]
    for name in [*wanted, *filtered]:
        if name in indexes:
            continue
        kind = column(properties[name]) if name in properties else None
        if kind is None:
            raise ValueError(
                f"{home.tag}: {name} is looked up by, and is no scalar of its schema; declare it in indexes"
            )
        indexes[name] = kind
    unstored = {LINKS} | {expansion(name, reference) for name, reference in references.items()} - set(indexes)
    collection = f"{prefix}.{home.tag}"
    return Kind(home.tag, collection, home, properties, references, indexes, derived, [], frozenset(unstored))


def expansion(field: str, reference: Reference) -> str:
    """Return the name under which a reference is expanded, or "" if it is not."""
    if reference.name is not None:
        return reference.name
    return field.removesuffix("_id") if field.endswith("_id") else ""


def make_collection(kind: Kind, conventions: Conventions) -> Collection:
    """Return the collection of a kind.

    Nearly every list asks for one owner's living documents, newest first, so each index goes on with these fields:
    then an index alone counts what meets a filter and gives the order. How many living documents an owner has is kept,
    and so are the numbers that the declaration names.
    """
    tail = tuple(name for name in (conventions.owner, conventions.deleted) if name in kind.indexes)
    leading = [name for name in kind.indexes if name not in ("id", *tail[1:])]
    return Collection(
        kind.collection,
        kind.indexes,
        unique=("id",),
        compound=tuple((name, *(part for part in tail if part != name), "id") for name in leading),
        searches=kind.home.searches,
        tallies=(tail, *((*group, *tail) for group in kind.home.tallies)),
    )
