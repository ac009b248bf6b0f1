"""Walking all pages of a list, sync and async."""

from __future__ import annotations

import copy
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Iterator, Sequence
from contextlib import aclosing, closing
from typing import Any, Generic, ParamSpec, Protocol, Self, TypeVar, overload

from .errors import ApiError, ConfigurationError
from .failures import Failures
from .pagers import PAGERS, Answer, Pager, PagingBroken
from .prefetching import fetch_ahead, fetch_ahead_async
from .turns import Turn, turn

P = ParamSpec("P")
ItemT = TypeVar("ItemT")
ItemT_co = TypeVar("ItemT_co", covariant=True)
PageT = TypeVar("PageT")
PageT_co = TypeVar("PageT_co", covariant=True)


class HasData(Protocol[ItemT_co]):
    """A page whose items are in ``data``."""

    @property
    def data(self) -> Sequence[ItemT_co]:
        """The items."""


class HasValue(Protocol[ItemT_co]):
    """A page whose items are in ``value``."""

    @property
    def value(self) -> Sequence[ItemT_co]:
        """The items."""


class _Walk:
    """Which page comes next, without I/O.

    Args:
        failures: Makes the vendor's errors.
        cancelled: Says whether the walk has ended meanwhile.
    """

    def __init__(self, failures: Failures, cancelled: Callable[[], bool] | None = None) -> None:
        self._failures = failures
        self._cancelled = cancelled
        self._changes: dict[str, Any] | None = {}
        self._ordinal = 1
        self._before = b""
        self.total: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether the last page was read."""
        return self._changes is None

    def turn(self) -> Turn:
        """The page to ask for now."""
        return Turn(self._changes or {}, self._cancelled)

    def failed(self, page: Turn, error: ApiError) -> None:
        """Note in an error on which page it happened."""
        if page.operation is not None:
            error.page = _pager(page).number(page.parameters, self._ordinal)

    def advance(self, page: Turn, model: object) -> bool:
        """Learn from an answer whether and how it goes on.

        Returns:
            Whether the page is one to hand out; one that the list has since become too short for is not.

        Raises:
            ResponseInvalid: The vendor sends the walk in circles.
            ConfigurationError: The method made no call.
        """
        response = page.response
        if response is None or page.operation is None:
            raise ConfigurationError("method", "made no call", "give a list operation, such as api.exams.list")
        pager = _pager(page)
        answer = Answer(
            parameters=page.parameters,
            document=response.json(),
            items=len(items_of(pager, model)),
            headers=response.headers,
        )
        if pager.is_beyond(answer):
            self._changes = None
            return False
        try:
            self._changes = pager.following(answer)
            if self._changes is not None and response.content == self._before:
                raise PagingBroken("", "the page is the same as the one before")
        except PagingBroken as broken:
            error = self._failures.invalid(response, page.operation.id, broken.reason, broken.path)
            self.failed(page, error)
            raise error from None
        self._before = response.content
        self._ordinal += 1
        total = pager.total(answer)
        self.total = self.total if total is None else total
        return True


class _Common(Generic[PageT_co]):
    """What the two iterables below have in common."""

    def __init__(self, failures: Failures) -> None:
        self._failures = failures
        self._ahead = 0
        self._total: int | None = None
        self._pager: Pager | None = None

    @property
    def total(self) -> int | None:
        """Number of items on all pages; None before the first page was read, or if the vendor does not say."""
        return self._total

    def prefetch(self, pages: int) -> Self:
        """The same walk, fetching pages ahead while one is worked on.

        Args:
            pages: How many at most; 0 for none. So many are held in memory besides the one at hand.
        """
        if isinstance(pages, bool) or not isinstance(pages, int) or pages < 0:
            raise ConfigurationError("pages", f"{pages!r} is not a whole number from 0 up", "give for example 2")
        changed = copy.copy(self)
        changed._ahead = pages
        return changed

    def _learn(self, walk: _Walk, page: Turn) -> None:
        self._total = walk.total
        self._pager = _pager(page)

    def _items(self, page: object) -> Sequence[Any]:
        if self._pager is None:
            raise RuntimeError("no page was read")
        return items_of(self._pager, page)


class Pages(_Common[PageT_co]):
    """The pages of a list; iterating gives their items, ``pages()`` the pages themselves.

    Each iteration begins anew. What is asked for is one page at a time, when it is needed.

    Args:
        failures: Makes the vendor's errors.
        method: The list operation.
        *args: Its arguments.
        **kwargs: Its arguments.

    Raises:
        ApiError: From the iteration, when a page cannot be had; its ``page`` says which one.
        ConfigurationError: From the iteration; the method is no list operation of a client.
    """

    def __init__(self, failures: Failures, method: Callable[P, PageT_co], /, *args: P.args, **kwargs: P.kwargs) -> None:
        super().__init__(failures)

        def call() -> PageT_co:
            return method(*args, **kwargs)

        self._call = call

    @overload
    def __iter__(self: Pages[HasData[ItemT]]) -> Iterator[ItemT]: ...
    @overload
    def __iter__(self: Pages[HasValue[ItemT]]) -> Iterator[ItemT]: ...
    @overload
    def __iter__(self: Pages[Sequence[ItemT]]) -> Iterator[ItemT]: ...
    def __iter__(self) -> Iterator[Any]:
        """All items, in the vendor's order."""
        return self._all_items()

    def pages(self) -> Generator[PageT_co, None, None]:
        """All pages, as models. Closing the generator ends what is fetched ahead, as leaving its loop does."""
        with closing(self._walk()) as walk:
            yield from walk

    def _all_items(self) -> Iterator[Any]:
        with closing(self._walk()) as walk:
            for page in walk:
                yield from self._items(page)

    def _walk(self) -> Generator[PageT_co, None, None]:
        return fetch_ahead(self._fetched, self._ahead) if self._ahead else self._fetched(None)

    def _fetched(self, cancelled: Callable[[], bool] | None) -> Generator[PageT_co, None, None]:
        walk = _Walk(self._failures, cancelled)
        while not walk.is_over:
            page = walk.turn()
            token = turn.set(page)
            try:
                model = self._call()
            except ApiError as error:
                walk.failed(page, error)
                raise
            finally:
                turn.reset(token)
            if not walk.advance(page, model):
                return
            self._learn(walk, page)
            yield model


class AsyncPages(_Common[PageT_co]):
    """The pages of a list, for asyncio; the twin of Pages.

    A loop that is left early ends what is fetched ahead as soon as the event loop gets to it; to have it ended
    before the next statement, put ``contextlib.aclosing`` around ``pages()``.

    Args:
        failures: Makes the vendor's errors.
        method: The list operation.
        *args: Its arguments.
        **kwargs: Its arguments.
    """

    def __init__(
        self, failures: Failures, method: Callable[P, Awaitable[PageT_co]], /, *args: P.args, **kwargs: P.kwargs
    ) -> None:
        super().__init__(failures)

        def call() -> Awaitable[PageT_co]:
            return method(*args, **kwargs)

        self._call = call

    @overload
    def __aiter__(self: AsyncPages[HasData[ItemT]]) -> AsyncIterator[ItemT]: ...
    @overload
    def __aiter__(self: AsyncPages[HasValue[ItemT]]) -> AsyncIterator[ItemT]: ...
    @overload
    def __aiter__(self: AsyncPages[Sequence[ItemT]]) -> AsyncIterator[ItemT]: ...
    def __aiter__(self) -> AsyncIterator[Any]:
        """All items, in the vendor's order."""
        return self._all_items()

    async def pages(self) -> AsyncGenerator[PageT_co, None]:
        """All pages, as models; see ``Pages.pages``."""
        async with aclosing(self._walk()) as walk:
            async for page in walk:
                yield page

    async def _all_items(self) -> AsyncIterator[Any]:
        async with aclosing(self._walk()) as walk:
            async for page in walk:
                for item in self._items(page):
                    yield item

    def _walk(self) -> AsyncGenerator[PageT_co, None]:
        return fetch_ahead_async(self._fetched, self._ahead) if self._ahead else self._fetched()

    async def _fetched(self) -> AsyncGenerator[PageT_co, None]:
        walk = _Walk(self._failures)
        while not walk.is_over:
            page = walk.turn()
            token = turn.set(page)
            try:
                model = await self._call()
            except ApiError as error:
                walk.failed(page, error)
                raise
            finally:
                turn.reset(token)
            if not walk.advance(page, model):
                return
            self._learn(walk, page)
            yield model


def items_of(pager: Pager, page: object) -> Sequence[Any]:
    """The items of a page, as models."""
    if pager.items is None:
        found: object = page
    else:
        found = page
        for part in pager.items.split("."):
            found = getattr(found, _attribute(part), None)
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise ConfigurationError("method", f"gives no list in {pager.items or 'its answer'}", "give a list operation")
    return found


def _attribute(field: str) -> str:
    """``totalCount`` to ``total_count``, as the generated models have it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", field).lower()


def _pager(page: Turn) -> Pager:
    if page.operation is None or page.operation.paging is None:
        raise ConfigurationError("method", "has no pages", "give a list operation, such as api.exams.list")
    paging = page.operation.paging
    kind = PAGERS.get(paging["style"])
    if kind is None:
        problem = f"{page.operation.id} has pages of style {paging['style']!r}"
        raise ConfigurationError("method", problem, f"only {' and '.join(sorted(PAGERS))} are known")
    return kind(paging)
