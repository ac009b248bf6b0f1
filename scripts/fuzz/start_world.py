"""Ids of the start world that generated requests can name."""

from assaykit.emulator.engine.resources import Resources, resources_of
from assaykit.emulator.engine.storage import Document, Where
from assaykit.emulator.engine.worlds import State

_MOST = 20
"""Ids of a kind; more of them show nothing more."""
_DEEPEST = 4
"""Generations that count when the weight of a deletion is estimated."""


class StartWorld:
    """The documents of a vendor's start world, parted into those to read and those to delete.

    What a run deletes must be missed by nothing else that it asks for, or it soon answers 404 to everything.

    Args:
        state: the vendor's part of a world that nothing has changed yet.
        owner: id of the owner on whose behalf the fuzzing account acts.
        kept: ids by kind that are never given, such as the account's own.
    """

    def __init__(self, state: State, owner: int, kept: dict[str, list[int]]) -> None:
        self.resources: Resources = resources_of(state)
        self._state = state
        self._owner = owner
        self._kept = kept
        self._documents: dict[str, list[Document]] = {}
        self._doomed: dict[str, list[int]] = {}

    def documents(self, kind: str) -> list[Document]:
        """Return the documents of a kind that the account sees, ordered by their ids.

        Args:
            kind: a kind of the vendor's resources.
        """
        if kind not in self._documents:
            conventions = self.resources.conventions
            within = [Where(conventions.owner, "in", [self._owner, None])] if kind != conventions.owners else []
            found = self.resources.records.find(self._state, kind, within)
            if kind == conventions.owners:
                found = [document for document in found if document["id"] == self._owner]
            kept = self._kept.get(kind, [])
            self._documents[kind] = [document for document in found if document["id"] not in kept]
        return self._documents[kind]

    def to_read(self, kind: str) -> list[int]:
        """Return ids of documents that no deletion of a run takes; those to which most refers come first."""
        ids = [document["id"] for document in self.documents(kind)]
        doomed = set(self.to_delete(kind))
        left = [number for number in ids if number not in doomed] or ids
        return sorted(left, key=lambda number: (-self._weight(kind, number, 0), number))[:_MOST]

    def to_delete(self, kind: str) -> list[int]:
        """Return ids of documents that deletions may take: the lighter half of those that no other deletion takes."""
        if kind not in self._doomed:
            self._doomed[kind] = []  # a kind may refer to itself
            declared = self.resources.kinds[kind]
            parents = {
                field: set(self.to_delete(reference.kind))
                for field, reference in declared.references.items()
                if reference.fate == "delete" and reference.kind != kind
            }
            safe = [
                document["id"]
                for document in self.documents(kind)
                if not any(document.get(field) in gone for field, gone in parents.items())
            ]
            safe.sort(key=lambda number: (-self._weight(kind, number, 0), number))
            self._doomed[kind] = safe[(len(safe) + 1) // 2 :][-_MOST:] or safe[-1:]
        return self._doomed[kind]

    def _weight(self, kind: str, number: int, depth: int) -> int:
        """Return how many documents belong to one, and to these."""
        if depth == _DEEPEST:
            return 0
        return sum(
            1 + self._weight(child.kind, document["id"], depth + 1)
            for child in self.resources.kinds[kind].children
            if child.reference.fate == "delete"
            for document in self.documents(child.kind)
            if document.get(child.field) == number
        )
