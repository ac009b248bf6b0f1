"""The query options of lists and single records: `$top`, `$skip`, `$sort`, `$select`, `$expand`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from assaykit.emulator.engine.storage import Document, Where
from assaykit.emulator.engine.vendor import Call

_ALWAYS: Final = ("id", "_links")
Show = Callable[[Document, frozenset[str]], dict[str, Any]]
"""Shows a document with all plain properties and the named expandable ones."""


def names(call: Call, option: str) -> list[str]:
    """Return the names in an option, which comes repeated, with commas between them, or both."""
    return [name.strip() for value in call.query.get(option, ()) for name in value.split(",") if name.strip()]


def show(call: Call, document: Document, view: Show, expandable: frozenset[str]) -> dict[str, Any]:
    """Return a document as `$select` and `$expand` ask for it.

    Args:
        call: The request.
        document: What is shown.
        view: Shows it.
        expandable: Names of the properties that are there only if asked for.
    """
    wanted = frozenset(names(call, "$expand")) & expandable
    shown = view(document, wanted)
    selected = names(call, "$select") if "$select" in call.query else None
    return {
        name: value
        for name, value in shown.items()
        if name in wanted or (name not in expandable and (selected is None or name in selected or name in _ALWAYS))
    }


def page_of(
    call: Call,
    collection: str,
    where: Sequence[Where],
    view: Show,
    expandable: frozenset[str],
    fits: Callable[[Document], bool] | None = None,
) -> dict[str, Any]:
    """Return one page of a list in its envelope.

    Args:
        call: The request.
        collection: What is listed.
        where: What belongs to the list.
        view: Shows one of its documents.
        expandable: Names of the properties that are there only if asked for.
        fits: A further condition, which the storage cannot judge.
    """
    top, skip = call.query["$top"], call.query["$skip"]
    terms = [_term(text) for text in names(call, "$sort")]
    store = call.state.store
    if fits is None and not terms:
        total = store.count(collection, where)
        found = store.find(collection, where, order=["id"], limit=top, offset=skip) if skip < total else []
    else:
        listed = [
            document for document in store.find(collection, where, order=["id"]) if fits is None or fits(document)
        ]
        total = len(listed)
        found = _sorted(listed, terms, view)[skip : skip + top]
    more = skip + len(found) < total and bool(found)
    return {
        "value": [show(call, document, view, expandable) for document in found],
        "totalCount": total,
        "hasMoreItems": more,
        "skip": skip,
        "top": top,
        "_links": _links(call, skip, top, more=more),
    }


def _term(text: str) -> tuple[str, bool]:
    """Return the property in a part of `$sort`, and whether it sorts downwards."""
    name, _, direction = text.removeprefix("-").partition(" ")
    return name, text.startswith("-") or direction.strip().lower() == "desc"


def _sorted(documents: list[Document], terms: list[tuple[str, bool]], view: Show) -> list[Document]:
    """Return documents sorted by what is shown of them; nulls come first, equals stay in the order of their ids."""
    if not terms:
        return documents
    shown = [(view(document, frozenset()), document) for document in documents]
    # From the last property to the first, since sorting keeps the order of equals.
    for name, downwards in reversed(terms):
        shown.sort(key=lambda pair: _rank(pair[0].get(name)), reverse=downwards)
    return [document for _, document in shown]


def _rank(value: Any) -> tuple[int, Any]:
    """Return what a value is sorted by; values of different kinds do not compare, lists and objects are all equal."""
    if isinstance(value, bool | int | float):
        return 1, value
    return (2, value) if isinstance(value, str) else (0, 0)


def _links(call: Call, skip: int, top: int, *, more: bool) -> dict[str, Any]:
    """Return the addresses of this page and its neighbours."""

    def at(position: int) -> dict[str, str]:
        kept = [
            (name, value)
            for name, value in parse_qsl(call.request.query.decode("latin-1"), keep_blank_values=True)
            if name not in ("$skip", "$top")
        ]
        query = urlencode([*kept, ("$skip", position), ("$top", top)], safe="$[]", encoding="utf-8")
        return {"href": f"{call.request.base_url}{call.request.path}?{query}"}

    links = {"self": at(skip)}
    if more:
        links["next"] = at(skip + top)
    if skip:
        links["previous"] = at(max(0, skip - top))
    return links
