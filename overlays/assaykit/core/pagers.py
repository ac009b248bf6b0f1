"""How vendors number their pages: one strategy for each style of ``x-paging``.

The values of ``x-paging`` name query parameters and, with dots between, fields of the answer:

======  ===========================================================================================
page    ``page``, ``size`` (parameters); ``items``, ``total``, ``last``, ``next`` (fields);
        ``totalHeader``, ``lastHeader``, ``currentHeader`` (response headers)
offset  ``skip``, ``size`` (parameters); ``items``, ``total``, ``more``, ``offset`` (fields)
======  ===========================================================================================

Only the first parameter of each and ``items`` must be there; an answer that is a list needs no ``items``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

_NOTHING = "there is said to be more, but nothing came"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a strategy looks at to know whether and how it goes on."""

    parameters: Mapping[str, Any]
    """Query parameters that were sent."""
    document: Any
    """The answer's JSON."""
    items: int
    """Number of items in it."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Its headers; names are looked up as written in ``x-paging``, so the mapping should ignore case."""


class PagingBroken(ValueError):
    """The answer leads nowhere; the message says how, and ``path`` where in the answer."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(reason)
        self.path: tuple[str, ...] = tuple(path.split(".")) if path else ()
        self.reason = reason


class Pager(ABC):
    """A style of paging, without state.

    Args:
        paging: The operation's ``x-paging``.
    """

    style: ClassVar[str]

    def __init__(self, paging: Mapping[str, Any]) -> None:
        self._paging = paging

    @property
    def items(self) -> str | None:
        """The field that holds the items; None if the answer itself is the list."""
        name: str | None = self._paging.get("items")
        return name

    def total(self, answer: Answer) -> int | None:
        """Number of items on all pages, None if the vendor does not say."""
        return self._integer(answer, "total")

    def is_beyond(self, _answer: Answer) -> bool:
        """Whether the vendor gave an earlier page because the list has become shorter than the one asked for."""
        return False

    def number(self, _parameters: Mapping[str, Any], ordinal: int) -> int:
        """What the page is called in errors.

        Args:
            _parameters: Query parameters that ask for it.
            ordinal: How many pages into the walk it is, counted from 1.
        """
        return ordinal

    @abstractmethod
    def following(self, answer: Answer) -> dict[str, Any] | None:
        """Query parameters to set for the page after ``answer``, None after the last one.

        Raises:
            PagingBroken: The answer says that there is more, but not what was not seen already.
        """

    def _integer(self, answer: Answer, role: str) -> int | None:
        """The number in the header or field that ``x-paging`` names for ``role``; digits in quotes count as one."""
        header = self._paging.get(f"{role}Header")
        said = None if header is None else _integer(answer.headers.get(header))
        return _integer(self._field(answer.document, role)) if said is None else said

    def _field(self, document: Any, role: str) -> Any:
        name = self._paging.get(role)
        return None if name is None else lookup(document, name)

    def _is_full(self, answer: Answer) -> bool:
        """Whether the page has as many items as were asked for, as far as that is known."""
        size = _integer(answer.parameters.get(self._paging.get("size", "")))
        return size is None or answer.items >= size


class PagePager(Pager):
    """Pages counted from 1. ``next`` decides where the vendor sends it, else ``last``, else a page that is not full.

    The number is counted here and not taken out of the address in ``next``, which need not repeat the other
    parameters; it must agree, though, or a vendor that answers every request with the same page would keep the
    walk going for ever.
    """

    style = "page"

    def number(self, parameters: Mapping[str, Any], _ordinal: int) -> int:
        """The page's own number."""
        page = _integer(parameters.get(self._paging["page"]))
        return 1 if page is None else page

    def following(self, answer: Answer) -> dict[str, Any] | None:
        """See ``Pager.following``."""
        current = self.number(answer.parameters, 1)
        if not self._goes_on(answer, current):
            return None
        if answer.items == 0:
            raise PagingBroken(self._paging.get("next") or self._paging.get("last", ""), _NOTHING)
        named = self._named_next(answer.document)
        if named is not None and named <= current:
            raise PagingBroken(self._paging["next"], f"the page after {current} is said to be {named}")
        return {self._paging["page"]: current + 1}

    def is_beyond(self, answer: Answer) -> bool:
        """See ``Pager.is_beyond``."""
        said = self._integer(answer, "current")
        return said is not None and said < self.number(answer.parameters, 1)

    def _goes_on(self, answer: Answer, current: int) -> bool:
        name = self._paging.get("next")
        if name is not None and has(answer.document, name):
            return self._field(answer.document, "next") is not None
        last = self._integer(answer, "last")
        return answer.items > 0 and self._is_full(answer) if last is None else current < last

    def _named_next(self, document: Any) -> int | None:
        address = self._field(document, "next")
        if not isinstance(address, str):
            return _integer(address)
        from urllib.parse import parse_qs, urlsplit

        try:
            values = parse_qs(urlsplit(address).query).get(self._paging["page"])
        except ValueError:  # not an address at all
            return None
        return _integer(values[0]) if values else None


class OffsetPager(Pager):
    """Items to skip, counted from 0. ``more`` decides where the vendor sends it, else ``total``, else a full page.

    What is skipped next is what came so far, because a vendor may give fewer items than were asked for.
    """

    style = "offset"

    def following(self, answer: Answer) -> dict[str, Any] | None:
        """See ``Pager.following``."""
        skipped = _integer(answer.parameters.get(self._paging["skip"])) or 0
        said = self._integer(answer, "offset")
        if said is not None and said != skipped:
            raise PagingBroken(self._paging["offset"], f"items from {skipped} were asked for, items from {said} came")
        if not self._goes_on(answer, skipped + answer.items):
            return None
        if answer.items == 0:
            raise PagingBroken(self._paging.get("more", ""), _NOTHING)
        return {self._paging["skip"]: skipped + answer.items}

    def _goes_on(self, answer: Answer, seen: int) -> bool:
        more = self._field(answer.document, "more")
        if isinstance(more, bool):
            return more
        total = self.total(answer)
        return answer.items > 0 and (self._is_full(answer) if total is None else seen < total)


PAGERS: dict[str, type[Pager]] = {kind.style: kind for kind in (PagePager, OffsetPager)}
"""Strategies by style."""


def lookup(document: Any, name: str) -> Any:
    """The value of a field, None if it is not there.

    Args:
        document: JSON.
        name: Names of fields, with dots between.
    """
    for part in name.split("."):
        if not isinstance(document, dict):
            return None
        document = document.get(part)
    return document


def has(document: Any, name: str) -> bool:
    """Whether a field is there, even if it is null."""
    parent, _, last = name.rpartition(".")
    holder = lookup(document, parent) if parent else document
    return isinstance(holder, dict) and last in holder


def _integer(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
