"""What several resources do around creation and change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from assaykit.emulator.engine.resources import Change, Computed, View, each, resources_of
from assaykit.emulator.engine.resources.declarations import Hook
from assaykit.emulator.engine.storage import Document, Where


def by_caller(*fields: str) -> Hook:
    """Return a hook that puts the user who calls into fields that were not sent."""

    def stamp(change: Change) -> None:
        for field in fields:
            if not change.document.get(field):
                change.document[field] = change.user

    return stamp


def decimal(*fields: str) -> Hook:
    """Return a hook that keeps numbers as text with two digits after the point, as answers show them."""

    def write(change: Change) -> None:
        for field in fields:
            value = change.document.get(field)
            if isinstance(value, int | float):
                change.document[field] = f"{value:.2f}"

    return write


def each_of(*hooks: Hook) -> Hook:
    """Return a hook that runs several."""

    def run(change: Change) -> None:
        for hook in hooks:
            hook(change)

    return run


def counted(kind: str, field: str, where: Sequence[Where] = (), *, expanded: bool = False) -> Computed:
    """Return a property that tells how many documents of a kind refer to this one and meet conditions."""
    return counted_where(kind, field, lambda _: where, expanded=expanded)


def counted_where(
    kind: str, field: str, where: Callable[[View], Sequence[Where]], *, expanded: bool = False, own: str = "id"
) -> Computed:
    """Return a property like `counted` whose conditions depend on the world.

    Args:
        kind: Kind of the counted documents.
        field: Their field.
        where: Returns the conditions that they meet.
        expanded: Whether it is shown only when it is asked for.
        own: The field of the shown document that theirs is equal to.
    """

    def count(view: View, documents: Sequence[Document]) -> Sequence[Any]:
        resources = resources_of(view.state)
        wanted = sorted({document[own] for document in documents if document[own] is not None})
        conditions = [Where(field, "in", wanted), *where(view), *resources.records.alive(kind)]
        numbers = view.state.store.tally(resources.collection(kind), [field], conditions)
        return [numbers.get((document[own],), 0) for document in documents]

    return Computed(count, expanded)


def below(path: str) -> Computed:
    """Return a property that is an address below the vendor's base URL.

    Args:
        path: Its template, `{field}` standing for the value of a field.
    """
    return each(lambda view, document: f"{view.base_url}{path.format_map(document)}")
