"""Walking TestDome's lists by offset."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

import assaykit
from tests.testdome.support import OPERATIONS, TEST, Server, example

PATH = f"/v3/tests/{TEST}/candidates"


def skips(server: Server) -> list[tuple[str, str]]:
    return [(request.url.params["$skip"], request.url.params["$top"]) for request in server.requests]


def test_every_list_of_v3_is_paged_by_offset() -> None:
    paged = {operation["id"]: operation["paging"]["style"] for operation in OPERATIONS if operation["paging"]}

    assert paged == {"tests_list": "offset", "candidates_list_by_test": "offset", "candidates_list": "offset"}


@pytest.mark.parametrize("ahead", [0, 1, 3])
def test_one_line_walks_all_pages(ahead: int) -> None:
    server = Server(candidates=450)
    with server.client() as api:
        walk = api.paginate(api.candidates.list_by_test, TEST).prefetch(ahead)
        assert [candidate.id for candidate in walk] == list(range(1, 451))

    assert walk.total == 450
    assert skips(server) == [("0", "100"), ("100", "100"), ("200", "100"), ("300", "100"), ("400", "100")]
    assert len(server.forms) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("ahead", [0, 2])
async def test_one_line_walks_all_pages_async(ahead: int) -> None:
    server = Server(candidates=450)
    async with server.async_client() as api:
        walk = api.paginate(api.candidates.list_by_test, TEST, top=90).prefetch(ahead)
        assert [candidate.id async for candidate in walk] == list(range(1, 451))

    assert walk.total == 450
    assert len(server.requests) == 5


def test_filters_go_with_every_page_and_the_walk_begins_where_it_is_told() -> None:
    server = Server(candidates=9)
    with server.client() as api:
        method = api.candidates.list_by_test
        walk = api.paginate(method, TEST, skip=3, top=4, filter_term="ada", expand=["test", "activities"])
        assert [[one.id for one in page.value] for page in walk.pages()] == [[4, 5, 6, 7], [8, 9]]

    assert skips(server) == [("3", "4"), ("7", "4")]
    assert {request.url.params["$filter[term]"] for request in server.requests} == {"ada"}
    assert server.requests[1].url.params.get_list("$expand") == ["test", "activities"]


def test_page_shorter_than_asked_for_loses_nobody() -> None:
    server = Server(candidates=250)
    server.answers[PATH] = lambda request: server.page({**request.url.params, "$top": "30"})
    with server.client() as api:
        assert [one.id for one in api.paginate(api.candidates.list_by_test, TEST)] == list(range(1, 251))

    assert skips(server)[:3] == [("0", "100"), ("30", "100"), ("60", "100")]


def test_total_that_shrinks_meanwhile_neither_ends_nor_prolongs_the_walk() -> None:
    server = Server(candidates=300)
    with server.client() as api:
        walk = api.paginate(api.candidates.list_by_test, TEST)
        found: list[int] = []
        totals: list[int | None] = []
        for page in walk.pages():
            found += [one.id for one in page.value]
            totals.append(walk.total)
            server.candidates = server.candidates[: 150 if len(found) == 100 else 120]

    assert totals == [300, 150]
    assert found == list(range(1, 151))


def test_total_does_not_count_where_the_vendor_says_whether_there_is_more() -> None:
    server = Server(candidates=9)
    server.answers[PATH] = lambda request: server.page(request.url.params) | {"totalCount": 1}
    with server.client() as api:
        assert len(list(api.paginate(api.candidates.list_by_test, TEST, top=2))) == 9


def test_walk_that_begins_behind_the_last_one_is_empty() -> None:
    server = Server(candidates=5)
    with server.client() as api:
        assert list(api.paginate(api.candidates.list_by_test, TEST, skip=50)) == []

    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("answer", "message", "requests"),
    [
        ({"value": []}, r"page 1: 200: .* at \$\.hasMoreItems: there is said to be more, but nothing came", 1),
        ({"value": [{"id": 1}]}, "page 2: 200: .* the page is the same as the one before", 2),
    ],
)
@pytest.mark.parametrize("ahead", [0, 2])
def test_vendor_that_goes_in_circles_is_an_error(
    answer: dict[str, Any], message: str, requests: int, ahead: int
) -> None:
    server = Server()
    server.answers[PATH] = {"totalCount": 9, "hasMoreItems": True, **answer}
    with server.client() as api, pytest.raises(assaykit.ResponseInvalid, match=message):
        list(api.paginate(api.candidates.list_by_test, TEST).prefetch(ahead))

    assert len(server.requests) == requests


@pytest.mark.anyio
async def test_error_names_its_page_async() -> None:
    server = Server(candidates=300)
    server.answers[PATH] = lambda request: (
        httpx.Response(404, json=example("UnknownTest"))
        if request.url.params["$skip"] == "200"
        else server.page(request.url.params)
    )
    async with server.async_client() as api:
        with pytest.raises(assaykit.NotFound, match="testdome candidates_list_by_test page 3: 404 testNotFound"):
            [one async for one in api.paginate(api.candidates.list_by_test, TEST).prefetch(1)]


def test_token_is_renewed_in_the_middle_of_a_walk() -> None:
    server = Server(candidates=300)
    with server.client() as api:
        for number, _ in enumerate(api.paginate(api.candidates.list_by_test, TEST).pages()):
            server.clock.now += 1700.0 * (number == 0)

    assert [request.headers["Authorization"] for request in server.requests] == [
        "Bearer token-1",
        "Bearer token-2",
        "Bearer token-2",
    ]


def test_list_of_v2_and_single_things_are_not_walked() -> None:
    server = Server()
    with server.client() as api:
        with pytest.raises(assaykit.ConfigurationError, match="v2_tests_list has no pages"):
            list(api.paginate(api.v2_tests.list).pages())
        with pytest.raises(assaykit.ConfigurationError, match="candidates_get has no pages"):
            list(api.paginate(api.candidates.get, 1).pages())

    assert server.requests == []
