"""The storage interface: collections of JSON documents with declared indexes.

Behaviours and engine know this interface and no database. An implementation keeps a document as it was given, finds
it by its key or by indexed fields, keeps insertion order, and rolls back what a failed transaction wrote.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple, TypeVar

Document = dict[str, Any]
Scalar = str | int | float | bool | None
Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in", "contains", "has"]
T = TypeVar("T")

FIELD_TYPES: Final = (str, int, float, bool)


class KeyTaken(Exception):
    """A document with this key, or with this value in a unique field, exists already."""


class NoSuchDocument(LookupError):
    """There is no document with this key."""


@dataclass(frozen=True, slots=True)
class Collection:
    """One kind of document.

    Args:
        name: Lower-case name, unique in the storage; a vendor's start with the vendor's name and a dot.
        indexes: Type of each top-level field that `find` may filter or order by. An absent field is null.
        unique: Indexed fields whose value no two documents share; nulls may repeat.
        compound: Groups of indexed fields that are often asked for together, most selective first.
        searches: Names under which "contains" looks for a text, and the top-level fields in which it does.
        tallies: Groups of indexed fields by which documents are counted as they are written: `count` and `tally`, by
            fields of one group alone, then take no longer with more documents.
    """

    name: str
    indexes: Mapping[str, type] = field(default_factory=dict)
    unique: tuple[str, ...] = ()
    compound: tuple[tuple[str, ...], ...] = ()
    searches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tallies: tuple[tuple[str, ...], ...] = ()


class Select(NamedTuple):
    """The values that an indexed field has in other documents; what "in" and "not in" may look in.

    Args:
        collection: Name of the collection of these documents.
        field: Name of the field; documents in which it is null are left out.
        where: Conditions that these documents meet.
    """

    collection: str
    field: str
    where: Sequence[Where] = ()


class Where(NamedTuple):
    """A condition on an indexed field.

    Args:
        field: Name of the field; for "contains" that of a search of the collection, for "has" any top-level field.
        operator: Comparison. Null is equal to null, different from all else, and fits no range. "contains" ignores
            case and holds if one of the search's fields has the text, or one of several texts, in it. "has" holds if
            the field is a list with the value, or one of several values, among its entries.
        value: What to compare with; for "in" and "not in" a sequence or a `Select`, for "contains" and "has" one
            value or a sequence.
    """

    field: str
    operator: Operator
    value: Scalar | Sequence[Scalar] | Select


def equal(**fields: Scalar) -> list[Where]:
    """Return one equality condition for each keyword."""
    return [Where(name, "=", value) for name, value in fields.items()]


class Storage(ABC):
    """Collections of documents in one isolated database; safe to call from several threads."""

    durable: bool = False
    """Whether the data outlives the process."""

    @abstractmethod
    def declare(self, collection: Collection) -> None:
        """Make room for a collection; declaring the same one again does nothing."""

    @abstractmethod
    def insert(self, collection: str, key: str, document: Document) -> None:
        """Add a document.

        Raises:
            KeyTaken: The key, or the value of a unique field, is in use.
        """

    @abstractmethod
    def get(self, collection: str, key: str) -> Document | None:
        """Return the document with this key, or None."""

    @abstractmethod
    def replace(self, collection: str, key: str, document: Document) -> None:
        """Put a document in the place of the one with this key.

        Raises:
            NoSuchDocument: There is none.
            KeyTaken: The value of a unique field is in use.
        """

    @abstractmethod
    def delete(self, collection: str, key: str) -> bool:
        """Remove the document with this key and return whether there was one."""

    @abstractmethod
    def find(
        self,
        collection: str,
        where: Sequence[Where] = (),
        *,
        order: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Document]:
        """Return the documents that meet every condition.

        Args:
            collection: Name of the collection.
            where: Conditions on indexed fields.
            order: Indexed fields to sort by, "-" in front for descending; nulls come first, equals stay in
                insertion order.
            limit: At most so many.
            offset: Leave out so many at the start.
        """

    @abstractmethod
    def count(self, collection: str, where: Sequence[Where] = ()) -> int:
        """Return how many documents meet every condition."""

    @abstractmethod
    def tally(
        self, collection: str, fields: Sequence[str], where: Sequence[Where] = ()
    ) -> dict[tuple[Scalar, ...], int]:
        """Return how many documents that meet every condition have each combination of values in indexed fields.

        Args:
            collection: Name of the collection.
            fields: The indexed fields; a truth value is told as 0 or 1.
            where: Conditions, as `find` takes them.
        """

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """Keep everything written inside if the block ends, nothing if it raises. Nested blocks join."""

    @abstractmethod
    def snapshot(self) -> object:
        """Return an image of all collections, for `restore` of this or another storage of the same kind."""

    @abstractmethod
    def restore(self, image: object) -> None:
        """Bring all collections back to an image."""

    @abstractmethod
    def clear(self) -> None:
        """Remove all documents of all declared collections."""

    @abstractmethod
    def close(self, *, forget: bool = False) -> None:
        """Give back files and memory.

        Args:
            forget: Delete what outlives the process as well.
        """


def change(storage: Storage, collection: str, key: str, edit: Callable[[Document], None]) -> Document:
    """Edit one document in place of its old self.

    Args:
        storage: Where it is kept.
        collection: Name of its collection.
        key: Its key.
        edit: Changes the document that it is given.

    Returns:
        The edited document.

    Raises:
        NoSuchDocument: There is none with this key.
    """
    document = storage.get(collection, key)
    if document is None:
        raise NoSuchDocument(f"{collection} has no {key!r}")
    edit(document)
    storage.replace(collection, key, document)
    return document
