"""Lists in pages: which part of the documents a request asks for, and the headers that tell its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from assaykit.emulator.engine.contract import Contract, Operation
from assaykit.emulator.engine.resources.declarations import Conventions
from assaykit.emulator.engine.resources.kinds import Kind
from assaykit.emulator.engine.storage import Document, Where
from assaykit.emulator.engine.urls import parse_query

if TYPE_CHECKING:
    from assaykit.emulator.engine.vendor import Call


@dataclass(frozen=True, slots=True)
class Paging:
    """How one list is paged, from `x-paging` and the headers that its specification documents.

    Args:
        page: Query parameter with the number of the page, counted from 1.
        size: Query parameter with the number of items on it.
        total: Header with the number of all items, "" for none; so with the next ones.
        last: Header with the number of pages.
        current: Header with the number of this page.
        per_page: Header with the number of items on a full page.
        link: Header with the addresses of this page and its neighbours.
    """

    page: str
    size: str
    total: str = ""
    last: str = ""
    current: str = ""
    per_page: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a list that was asked for.

    Args:
        documents: The documents on the page.
        number: Number of the page.
        size: Documents on a full page.
        total: Documents on all pages.
    """

    documents: list[Document]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """Return the number of pages; none if there are no documents."""
        return -(-self.total // self.size)


def read_paging(operation: Operation, contract: Contract) -> Paging | None:
    """Return how an operation is paged, or None if it always answers everything.

    Raises:
        ValueError: Its `x-paging` has another style than `page`.
    """
    declared = contract.document["paths"][operation.template]["get"]
    rules = declared.get("x-paging")
    if rules is None:
        return None
    if rules.get("style") != "page":
        raise ValueError(f"{operation.id}: x-paging style {rules.get('style')} is not supported for plain resources")
    ok = contract.schemas.follow(operation.replies["200"])[0]
    headers = list(ok.get("headers", {}))
    return Paging(
        page=rules["page"],
        size=rules["size"],
        total=rules.get("totalHeader", ""),
        last=rules.get("lastHeader", ""),
        current=rules.get("currentHeader", ""),
        per_page=next((name for name in headers if name.lower().endswith("per-page")), ""),
        link=next((name for name in headers if name.lower() == "link"), ""),
    )


def read_part(
    call: Call, kind: Kind, where: Sequence[Where], order: Sequence[str], paging: Paging, conventions: Conventions
) -> Part:
    """Read the page that a request asks for."""
    store = call.state.store
    total = store.count(kind.collection, where)
    size = min(call.query.get(paging.size, conventions.page_size), conventions.largest_page)
    number = call.query.get(paging.page, 1)
    last = max(1, -(-total // size))
    if number > last:
        if not conventions.last_page_beyond:
            return Part([], number, size, total)
        number = last
    offset = (number - 1) * size
    limit = min(size, total - offset)
    if limit <= 0:
        return Part([], number, size, total)
    order = order if any(name.lstrip("-") == "id" for name in order) else [*order, "id"]
    # What comes before a page is skipped one by one, so a page in the second half is read from the end.
    if offset * 2 > total:
        backwards = [name[1:] if name.startswith("-") else f"-{name}" for name in order]
        found = store.find(kind.collection, where, order=backwards, limit=limit, offset=total - offset - limit)
        return Part(found[::-1], number, size, total)
    return Part(store.find(kind.collection, where, order=order, limit=limit, offset=offset), number, size, total)


def headers(call: Call, part: Part, paging: Paging) -> tuple[tuple[str, str], ...]:
    """Return the headers that tell the place of a page."""
    values: Mapping[str, Any] = {
        paging.total: part.total,
        paging.last: part.pages,
        paging.current: part.number,
        paging.per_page: part.size,
    }
    told = [(name, str(value)) for name, value in values.items() if name]
    if paging.link:
        told.append((paging.link, _links(call, part, paging)))
    return tuple(told)


def _links(call: Call, part: Part, paging: Paging) -> str:
    numbers = {"self": part.number}
    if part.pages:
        numbers["first"] = 1
        if 1 < part.number <= part.pages + 1:
            numbers["prev"] = part.number - 1
        if part.number < part.pages:
            numbers["next"] = part.number + 1
        numbers["last"] = part.pages
    query = [
        (name, value)
        for name, values in parse_query(call.request.query).items()
        for value in values
        if name not in (paging.page, paging.size)
    ]
    address = f"{call.request.base_url}{call.request.path}"
    parts: list[str] = []
    for relation, number in numbers.items():
        text = urlencode([*query, (paging.page, number), (paging.size, part.size)])
        parts.append(f"<{address}?{text}>; rel={relation}")
    return ", ".join(parts)
