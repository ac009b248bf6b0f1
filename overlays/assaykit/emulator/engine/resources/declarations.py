"""What a vendor declares about its plain resources; a table of these is all that most of them need."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from assaykit.emulator.engine.storage import Document, Scalar, Where

if TYPE_CHECKING:
    from assaykit.emulator.engine.resources.changes import Change
    from assaykit.emulator.engine.resources.views import View
    from assaykit.emulator.engine.vendor import Call
    from assaykit.emulator.engine.worlds import State

Fate = Literal["delete", "null", "keep"]
"""What becomes of a document when the one that it refers to is deleted."""
Scope = Literal["own", "shared", "all"]
"""Which documents are seen: the caller's, these and those without an owner, or everybody's."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A field that holds the id of another document.

    Args:
        kind: What it refers to.
        fate: What becomes of this document when the other one is deleted.
        name: Name under which `expand` shows the other one; None for the field's without `_id` at its end, and for none
            if it has another end.
    """

    kind: str
    fate: Fate = "keep"
    name: str | None = None


def belongs(kind: str, name: str | None = None) -> Reference:
    """Return a reference to what this document is a part of: it is deleted with it."""
    return Reference(kind, "delete", name)


def refers(kind: str, name: str | None = None) -> Reference:
    """Return a reference that stays as it is when its object is deleted."""
    return Reference(kind, "keep", name)


def loose(kind: str, name: str | None = None) -> Reference:
    """Return a reference that becomes null when its object is deleted."""
    return Reference(kind, "null", name)


Conditions = Callable[["Call", Any], Sequence[Where]]
"""Turns the value of a query parameter into conditions."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a query parameter asks for.

    Args:
        conditions: Turns its value into conditions.
        compared: The fields that they compare, each with the kind that has it, "" for the kind that is listed; they
            become indexes on their own.
    """

    conditions: Conditions
    compared: tuple[tuple[str, str], ...] = ()


ForPage = Callable[["View", Sequence[Document]], Sequence[Any]]
"""Computes a value for each document of a page at once, so that a list costs few queries."""


@dataclass(frozen=True, slots=True)
class Computed:
    """A property that is computed when a document is shown.

    Args:
        values: Returns its value for each document of a page.
        expanded: Whether it is shown only to those who ask for it with `expand`.
    """

    values: ForPage
    expanded: bool = False


Link = str | Callable[["View", Document], str | None]
"""An address with fields in braces, or what computes an address, or None for no link."""


def each(compute: Callable[[View, Document], Any], *, expanded: bool = False) -> Computed:
    """Return a property that is computed from one document alone."""
    return Computed(lambda view, documents: [compute(view, document) for document in documents], expanded)


@dataclass(frozen=True, slots=True)
class Derived:
    """A stored field that the rest of the document decides.

    Args:
        type: Its type, as an index has one.
        value: Computes it.
    """

    type: type
    value: Callable[[Document], Scalar]


Hook = Callable[["Change"], None]
"""Sees, changes or refuses what is about to happen, or adds to what has happened."""
Default = Scalar | list[Any] | dict[str, Any] | Callable[["State", Document], Any]
"""A value, or what makes it from the document as far as it is known."""
VERBS: Final = ("list", "get", "create", "update", "delete")


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource: documents of one kind, and the operations that show and change them.

    Two resources can show the same kind, such as one for administrators; what is declared about the kind (references,
    unique fields, defaults, computed properties, searches, softness, hooks) then holds for both.

    Args:
        tag: Beginning of the names of its operations: `<tag>_list`, `<tag>_get` and so on.
        thing: What it is, for messages.
        of: Tag of the resource whose documents it shows; "" for its own.
        operations: The operation of a verb where it has another name.
        custom: Verbs that the vendor answers itself.
        parents: Field that each path parameter above the id tells. It limits what is seen and is set on creation. With
            a question mark after it, documents in which the field is null are seen as well.
        scope: Whose documents are seen, unless a parent tells the owner.
        visible: Further conditions on what the caller may see.
        references: Fields that hold ids of other documents.
        unique: Groups of fields whose values no two living documents of an owner share; nulls may repeat.
        unique_everywhere: Likewise, among the documents of all owners.
        defaults: Values of properties that are not sent; without one it is null, or what comes closest to nothing.
        computed: Properties that are computed when shown.
        links: Template of each link, or what computes its address; `{field}` is the value of a field, and a link that
            needs a null is left out.
        searches: Names of searches and the fields in which they look.
        filters: Query parameters that are not equality with the field of their name; a function of one's own compares
            fields that are references, or that `indexes` names.
        order: Fields to sort lists by, "-" in front for descending.
        soft: Whether deletion only marks a document, in `is_deleted`.
        shows_deleted: Whether lists show marked documents without being asked.
        indexes: Further stored fields that filters and hooks look up by, with their types.
        derived: Further stored fields that are computed anew with every change, to filter or sort by.
        tallies: Groups of fields by whose values documents are counted as they are written. Lists that many documents
            fit, filtered by fields of one group, then tell their number as quickly as those that few fit.
        first_id: The first id that is generated.
        hidden: Whether it has no operation of its own, and is only referred to and expanded; it shows what is stored.
        before: Called before a document is created, changed or deleted.
        after: Called afterwards.
    """

    tag: str
    thing: str = "Object"
    of: str = ""
    operations: Mapping[str, str] = field(default_factory=dict)
    custom: frozenset[str] = frozenset()
    parents: Mapping[str, str] = field(default_factory=dict)
    scope: Scope = "own"
    visible: Callable[[Call], Sequence[Where]] | None = None
    references: Mapping[str, Reference] = field(default_factory=dict)
    unique: tuple[tuple[str, ...], ...] = ()
    unique_everywhere: tuple[tuple[str, ...], ...] = ()
    defaults: Mapping[str, Default] = field(default_factory=dict)
    computed: Mapping[str, Computed] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    searches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    filters: Mapping[str, Filter | Conditions] = field(default_factory=dict)
    order: tuple[str, ...] = ("-id",)
    soft: bool = False
    shows_deleted: bool = False
    indexes: Mapping[str, type] = field(default_factory=dict)
    derived: Mapping[str, Derived] = field(default_factory=dict)
    tallies: tuple[tuple[str, ...], ...] = ()
    first_id: int | None = None
    hidden: bool = False
    before: Mapping[str, Hook] = field(default_factory=dict)
    after: Mapping[str, Hook] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Return the kind of its documents: the tag of the resource that they are declared in."""
        return self.of or self.tag


@dataclass(frozen=True, slots=True)
class Conventions:
    """What all resources of a vendor have in common.

    Args:
        owner: Field that names the owner of a document; documents without an owner are shared.
        owners: Kind of the owners, or "" if they are no documents.
        owner_of: Returns the owner on whose behalf a caller acts.
        user_of: Returns the id of the user who calls, or None.
        created: Fields that tell the time of creation.
        updated: Fields that tell the time of the last change.
        creator: Fields that tell who created a document.
        updater: Fields that tell who changed it last.
        deleted: Field that marks deleted documents of soft resources.
        first_id: The first id that is generated; ids of the start world are below or elsewhere.
        page_size: Items on a page if the request and the specification do not tell.
        largest_page: Sizes above it count as this.
        last_page_beyond: Whether a page beyond the last one gives the last one, or nothing.
        tells_fresh: Whether the times that a creation or change has just set are written in the form for such.
    """

    owner: str
    owner_of: Callable[[Any], Scalar]
    user_of: Callable[[Any], int | None]
    owners: str = ""
    created: tuple[str, ...] = ("created_at",)
    updated: tuple[str, ...] = ("updated_at",)
    creator: tuple[str, ...] = ("created_by",)
    updater: tuple[str, ...] = ("updated_by",)
    deleted: str = "is_deleted"
    first_id: int = 10_000_001
    page_size: int = 20
    largest_page: int = 50
    last_page_beyond: bool = True
    tells_fresh: bool = False
