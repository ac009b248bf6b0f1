"""Pages with `links` and `meta`, as Laravel's paginator writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assaykit.emulator.engine.storage import Document, Where
from assaykit.emulator.engine.vendor import Call


def page_of(call: Call, collection: str, where: Sequence[Where], path: str) -> tuple[list[Document], dict[str, Any]]:
    """Return one page of a list in the order of its ids, and the envelope's `links` and `meta`.

    Args:
        call: The request; its query has `page` and `per_page`.
        collection: What is listed.
        where: What belongs to the list.
        path: The list's path below the base URL.
    """
    number, size = call.query["page"], call.query["per_page"]
    total = call.state.store.count(collection, where)
    last = max(1, -(-total // size))
    # Numbers beyond the last page have any number of digits, more than a database counts to.
    skipped = (number - 1) * size if number <= last else total
    found: list[Document] = []
    if skipped < total:
        found = call.state.store.find(collection, where, order=["id"], limit=size, offset=skipped)
    address = f"{call.request.base_url}{path}"
    around = {
        # The samples' links carry the page alone, though their pages are of one record each.
        "links": {
            "first": f"{address}?page=1",
            "last": f"{address}?page={last}",
            "prev": f"{address}?page={number - 1}" if number > 1 else None,
            "next": f"{address}?page={number + 1}" if number < last else None,
        },
        "meta": {
            "current_page": number,
            "from": skipped + 1 if found else None,
            "last_page": last,
            "path": address,
            "per_page": str(size),
            "to": skipped + len(found) if found else None,
            "total": total,
        },
    }
    return found, around
