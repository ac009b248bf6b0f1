"""Walking pages: all styles, sync and async, ahead and not, and servers that go in circles."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import httpx
import pytest

from assaykit.core.caller import AsyncCaller, Caller
from assaykit.core.errors import ApiError, ConfigurationError, NotFound, ResponseInvalid
from assaykit.core.failures import Failures
from assaykit.core.pagers import PAGERS, Answer, lookup
from assaykit.core.paging import AsyncPages, Pages
from tests.core.support import DecodeError, Operation, read_error

PAGE = {
    "style": "page",
    "page": "page",
    "size": "per_page",
    "items": "data",
    "total": "meta.total",
    "last": "meta.last_page",
    "next": "links.next",
}
OFFSET = {
    "style": "offset",
    "skip": "$skip",
    "size": "$top",
    "items": "value",
    "total": "totalCount",
    "more": "hasMoreItems",
    "offset": "skip",
}
HEADERS = {
    "style": "page",
    "page": "page",
    "size": "pageSize",
    "totalHeader": "X-Pagination-Total-Count",
    "lastHeader": "X-Pagination-Page-Count",
    "currentHeader": "X-Pagination-Current-Page",
}


@dataclass
class DataPage:
    data: list[int]


@dataclass
class ValuePage:
    value: list[int]


def numbered(request: httpx.Request, count: int) -> dict[str, Any]:
    """A page as Laravel makes it, of the numbers up to ``count``."""
    page = int(request.url.params.get("page", 1))
    size = int(request.url.params.get("per_page", 2))
    last = max(1, -(-count // size))
    return {
        "data": list(range(count))[(page - 1) * size : page * size],
        "links": {"next": None if page >= last else f"https://acme.example/numbers?page={page + 1}"},
        "meta": {"total": count, "last_page": last, "per_page": str(size)},
    }


def skipped(request: httpx.Request, count: int) -> dict[str, Any]:
    """A page by offset."""
    skip, top = (int(request.url.params.get(name, default)) for name, default in (("$skip", 0), ("$top", 2)))
    items = list(range(count))[skip : skip + top]
    return {"value": items, "totalCount": count, "hasMoreItems": skip + top < count, "skip": skip, "top": top}


def bare(request: httpx.Request, count: int) -> httpx.Response:
    """A page as Yii makes it: a bare list, the numbers about it in headers, the last page for those beyond it."""
    size = int(request.url.params.get("pageSize", 2))
    last = -(-count // size)
    page = max(1, min(int(request.url.params.get("page", 1)), last))
    headers = {
        "X-Pagination-Total-Count": str(count),
        "X-Pagination-Page-Count": str(last),
        "X-Pagination-Current-Page": str(page),
    }
    return httpx.Response(200, json=list(range(count))[(page - 1) * size : page * size], headers=headers)


class Numbers:
    """A server of numbers and both kinds of clients for it.

    Args:
        answer: Makes the JSON of an answer, or the answer itself.
    """

    def __init__(self, answer: Callable[[httpx.Request], Any], paging: dict[str, Any] | None = None) -> None:
        self.requests: list[httpx.Request] = []
        self._answer = answer
        self._operation = Operation("numbers_list", paging=paging or PAGE)
        self._failures = Failures("acme", read_error)

    @property
    def queries(self) -> list[dict[str, str]]:
        return [dict(request.url.params) for request in self.requests]

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answer(request)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    def parse(self, response: httpx.Response) -> Any:
        document = response.json()
        if isinstance(document, list):
            return document
        return DataPage(document["data"]) if "data" in document else ValuePage(document["value"])

    def _request(self, parameters: dict[str, object]) -> dict[str, Any]:
        return {"method": "GET", "url": "https://acme.example/numbers", "params": parameters}

    def walk(self, **parameters: object) -> Pages[Any]:
        caller = Caller(httpx.Client(transport=httpx.MockTransport(self.handle)), self._failures, DecodeError)

        def method() -> Any:
            return caller.call(self._operation, self._request(parameters), self.parse)

        return Pages(self._failures, method)

    def walk_async(self, **parameters: object) -> AsyncPages[Any]:
        client = httpx.AsyncClient(transport=httpx.MockTransport(self.handle))
        caller = AsyncCaller(client, self._failures, DecodeError)

        async def method() -> Any:
            await asyncio.sleep(0)
            return await caller.call(self._operation, self._request(parameters), self.parse)

        return AsyncPages(self._failures, method)


def laravel(count: int) -> Numbers:
    return Numbers(lambda request: numbered(request, count))


def by_offset(count: int) -> Numbers:
    return Numbers(lambda request: skipped(request, count), OFFSET)


def in_headers(count: int) -> Numbers:
    return Numbers(lambda request: bare(request, count), HEADERS)


@pytest.mark.parametrize("ahead", [0, 1, 3, 100])
@pytest.mark.parametrize("make", [laravel, by_offset, in_headers])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 8, 9])
def test_every_item_once_and_in_order(make: Callable[[int], Numbers], count: int, ahead: int) -> None:
    server = make(count)
    walk = server.walk().prefetch(ahead)

    assert list(walk) == list(range(count))
    assert walk.total == count
    assert len(server.requests) == max(1, -(-count // 2))


@pytest.mark.anyio
@pytest.mark.parametrize("ahead", [0, 1, 3, 100])
@pytest.mark.parametrize("make", [laravel, by_offset, in_headers])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 8, 9])
async def test_every_item_once_and_in_order_async(make: Callable[[int], Numbers], count: int, ahead: int) -> None:
    server = make(count)
    walk = server.walk_async().prefetch(ahead)

    assert [item async for item in walk] == list(range(count))
    assert walk.total == count
    assert len(server.requests) == max(1, -(-count // 2))


def test_pages_are_models_and_total_is_known_from_the_first() -> None:
    walk = laravel(5).walk()
    pages = walk.pages()
    totals = [walk.total]

    assert next(pages) == DataPage([0, 1])
    totals.append(walk.total)
    assert totals == [None, 5]
    assert list(pages) == [DataPage([2, 3]), DataPage([4])]


def test_list_that_gets_shorter_during_the_walk_gives_no_item_twice() -> None:
    counts = iter([6, 4, 4])
    server = Numbers(lambda request: bare(request, next(counts)), HEADERS)
    assert list(server.walk()) == [0, 1, 2, 3]
    counts = iter([5, 2])
    assert list(server.walk()) == [0, 1]  # the second page had become the first


def test_nothing_is_asked_for_before_it_is_needed_and_each_iteration_begins_anew() -> None:
    server = laravel(6)
    walk = server.walk()
    assert server.requests == []
    items = iter(walk)
    assert [next(items), next(items)] == [0, 1]
    assert len(server.requests) == 1
    assert list(walk) == list(walk) == [0, 1, 2, 3, 4, 5]


def test_arguments_hold_for_every_page_and_the_walk_begins_where_they_say() -> None:
    server = laravel(9)
    assert list(server.walk(page=2, per_page=3, status="open")) == [3, 4, 5, 6, 7, 8]
    assert server.queries == [
        {"page": "2", "per_page": "3", "status": "open"},
        {"page": "3", "per_page": "3", "status": "open"},
    ]
    server = by_offset(9)
    assert list(server.walk(**{"$skip": 4, "$top": 3})) == [4, 5, 6, 7, 8]
    assert server.queries == [{"$skip": "4", "$top": "3"}, {"$skip": "7", "$top": "3"}]


def test_vendor_that_gives_fewer_items_than_asked_for_loses_none() -> None:
    def answer(request: httpx.Request) -> dict[str, Any]:
        skip = int(request.url.params.get("$skip", 0))
        return {"value": list(range(7))[skip : skip + 3], "hasMoreItems": skip + 3 < 7}

    assert list(Numbers(answer, OFFSET).walk(**{"$top": 100})) == list(range(7))


@pytest.mark.parametrize(
    ("paging", "document", "parameters", "items", "expected"),
    [
        (PAGE, {"links": {"next": "/x?page=2"}}, {}, 2, {"page": 2}),
        (PAGE, {"links": {"next": "no page in it"}, "meta": {"last_page": 1}}, {}, 2, {"page": 2}),
        (PAGE, {"links": {"next": None}, "meta": {"last_page": 9}}, {}, 2, None),
        (PAGE, {"meta": {"last_page": "3"}}, {"page": 2}, 2, {"page": 3}),
        (PAGE, {"meta": {"last_page": 3}}, {"page": "3"}, 2, None),
        (PAGE, {}, {"per_page": 2}, 2, {"page": 2}),
        (PAGE, {}, {"per_page": 2}, 1, None),
        (PAGE, {}, {}, 0, None),
        (OFFSET, {"hasMoreItems": True}, {}, 2, {"$skip": 2}),
        (OFFSET, {"hasMoreItems": False, "totalCount": 9}, {}, 2, None),
        (OFFSET, {"totalCount": 9}, {"$skip": 4}, 2, {"$skip": 6}),
        (OFFSET, {"totalCount": 6}, {"$skip": 4}, 2, None),
        (OFFSET, {}, {"$top": 2}, 2, {"$skip": 2}),
        (OFFSET, {}, {"$top": 3}, 2, None),
        (OFFSET, {}, {}, 0, None),
    ],
)
def test_how_a_style_goes_on(
    paging: dict[str, Any], document: Any, parameters: dict[str, Any], items: int, expected: dict[str, Any] | None
) -> None:
    answer = Answer(parameters=parameters, document=document, items=items)

    assert PAGERS[paging["style"]](paging).following(answer) == expected


def test_lookup_of_what_is_not_there() -> None:
    assert lookup({"a": {"b": 1}}, "a.b") == 1
    assert lookup({"a": []}, "a.b") is None
    assert lookup([], "a") is None


@pytest.mark.parametrize(
    ("paging", "answer", "message"),
    [
        (
            PAGE,
            lambda _: {"data": [1], "links": {"next": "https://acme.example/?page=2"}},
            r"acme numbers_list page 2: 200: .* at \$\.links\.next: the page after 2 is said to be 2",
        ),
        (PAGE, lambda _: {"data": [1], "meta": {"last_page": 9}}, "page 2: 200: .*same as the one before"),
        (PAGE, lambda _: {"data": [], "links": {"next": "/?page=2"}}, "page 1: 200: .*nothing came"),
        (OFFSET, lambda _: {"value": [1], "hasMoreItems": True}, "page 2: 200: .*same as the one before"),
        (OFFSET, lambda _: {"value": [], "hasMoreItems": True}, r"page 1: 200: .*\$\.hasMoreItems: .*nothing came"),
        (
            OFFSET,
            lambda _: {"value": [1], "hasMoreItems": True, "skip": 0},
            r"page 2: 200: .*\$\.skip: items from 1 were asked for, items from 0 came",
        ),
    ],
)
@pytest.mark.parametrize("ahead", [0, 2])
def test_vendor_that_goes_in_circles_is_told_apart(
    paging: dict[str, Any], answer: Callable[[httpx.Request], Any], message: str, ahead: int
) -> None:
    server = Numbers(answer, paging)
    with pytest.raises(ResponseInvalid, match=message) as caught:
        list(server.walk().prefetch(ahead))

    assert caught.value.page == len(server.requests)
    assert caught.value.response is not None


def failing_at(page: str) -> Numbers:
    def answer(request: httpx.Request) -> Any:
        return httpx.Response(404) if request.url.params.get("page") == page else numbered(request, 9)

    return Numbers(answer)


@pytest.mark.parametrize("ahead", [0, 5])
def test_errors_name_the_page_and_come_after_the_pages_before(ahead: int) -> None:
    items = iter(failing_at("3").walk().prefetch(ahead))

    assert list(islice(items, 4)) == [0, 1, 2, 3]
    with pytest.raises(NotFound, match="acme numbers_list page 3: 404") as caught:
        next(items)
    assert caught.value.page == 3


@pytest.mark.anyio
@pytest.mark.parametrize("ahead", [0, 5])
async def test_errors_name_the_page_and_come_after_the_pages_before_async(ahead: int) -> None:
    items = aiter(failing_at("3").walk_async().prefetch(ahead))

    assert [await anext(items) for _ in range(4)] == [0, 1, 2, 3]
    with pytest.raises(NotFound, match="acme numbers_list page 3: 404"):
        await anext(items)


def test_errors_outside_a_walk_name_no_page() -> None:
    assert str(ApiError("m", vendor="acme", operation="get")) == "acme get: m"


@pytest.mark.parametrize("paging", [{"style": "cursor"}, {}])
def test_methods_without_pages_are_refused(paging: dict[str, Any]) -> None:
    server = Numbers(lambda request: numbered(request, 3))
    server._operation = Operation("numbers_list", paging=paging or None)
    with pytest.raises(ConfigurationError, match=r"method: numbers_list has (no pages|pages of style 'cursor')"):
        list(server.walk())


def test_methods_that_make_no_call_or_two_are_refused() -> None:
    server = laravel(3)
    failures = Failures("acme", read_error)
    with pytest.raises(ConfigurationError, match="method: made no call"):
        list(Pages(failures, lambda: DataPage([1])))
    walk = server.walk()

    def twice() -> Any:
        return [walk._call(), walk._call()]

    with pytest.raises(ConfigurationError, match="method: calls numbers_list after numbers_list"):
        list(Pages(failures, twice))
    with pytest.raises(ConfigurationError, match="pages: -1"):
        walk.prefetch(-1)


@pytest.mark.parametrize("ahead", [1, 2, 4])
def test_no_more_pages_are_fetched_ahead_than_asked_for(ahead: int) -> None:
    server = laravel(40)
    pages = server.walk().prefetch(ahead).pages()
    for taken in range(1, 6):
        next(pages)
        wait_until(partial(_has_sent, server, taken + ahead))
        assert len(server.requests) <= taken + ahead
    pages.close()


def _has_sent(server: Numbers, number: int) -> bool:
    return len(server.requests) == number


def wait_until(condition: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(500):
        if condition():
            return
        waiting.wait(0.01)
    raise AssertionError("it did not happen within 5 s")


def tasks() -> list[asyncio.Task[Any]]:
    return [task for task in asyncio.all_tasks() if task.get_name() == "assaykit-prefetch"]


def workers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "assaykit-prefetch"]


def test_thread_ends_with_the_walk_and_when_the_walk_is_left() -> None:
    wait_until(lambda: not workers())
    server = laravel(1000)
    for item in server.walk().prefetch(2):
        assert len(workers()) == 1
        if item == 10:
            break
    wait_until(lambda: not workers())
    assert len(server.requests) <= 6 + 2
    assert list(laravel(9).walk().prefetch(2)) == list(range(9))
    wait_until(lambda: not workers())


def test_request_on_its_way_is_dropped_when_the_walk_is_left() -> None:
    begun, go = threading.Event(), threading.Event()

    def answer(request: httpx.Request) -> Any:
        if request.url.params.get("page") == "2":
            begun.set()
            go.wait(5.0)
        return numbered(request, 100)

    server = Numbers(answer)
    items = server.walk().prefetch(3).pages()
    next(items)
    assert begun.wait(5.0)
    items.close()  # does not wait for page 2
    go.set()
    wait_until(lambda: not workers())
    assert len(server.requests) == 2


def test_context_of_the_caller_holds_in_the_thread() -> None:
    span: contextvars.ContextVar[str] = contextvars.ContextVar("span", default="none")
    seen: list[str] = []

    def answer(request: httpx.Request) -> Any:
        seen.append(span.get())
        return numbered(request, 4)

    token = span.set("mine")
    try:
        assert len(list(Numbers(answer).walk().prefetch(1))) == 4
    finally:
        span.reset(token)
    assert seen == ["mine", "mine"]


@pytest.mark.anyio
async def test_task_is_cancelled_when_the_walk_is_left() -> None:
    cancelled: list[bool] = []
    server = laravel(1000)

    walk = server.walk_async().prefetch(2)
    call = walk._call

    async def slow() -> Any:
        if server.requests:
            try:
                await asyncio.sleep(60.0)
            except asyncio.CancelledError:
                cancelled.append(True)
                raise
        return await call()

    walk._call = slow
    async with aclosing(walk.pages()) as pages:
        assert await anext(pages) == DataPage([0, 1])
        await asyncio.sleep(0.01)
        assert len(tasks()) == 1

    assert cancelled == [True]
    assert not tasks()
    assert len(server.requests) == 1


@pytest.mark.anyio
async def test_loop_that_is_left_early_leaves_no_task_behind() -> None:
    server = laravel(1000)
    async for item in server.walk_async().prefetch(3):
        if item == 4:
            break
    for _ in range(20):
        await asyncio.sleep(0)

    assert not tasks()
    assert len(server.requests) <= 3 + 3


def test_memory_holds_no_pages_but_those_at_hand() -> None:
    import gc
    import weakref

    class Page(DataPage):
        pass

    server = laravel(200)
    server.parse = lambda response: Page(response.json()["data"])  # type: ignore[method-assign]
    alive: weakref.WeakSet[Page] = weakref.WeakSet()
    Page.__hash__ = object.__hash__  # type: ignore[method-assign]

    def watched() -> Iterator[int]:
        for page in server.walk().prefetch(2).pages():
            alive.add(page)
            yield len(alive)

    most = max(watched())
    gc.collect()
    assert most <= 3
