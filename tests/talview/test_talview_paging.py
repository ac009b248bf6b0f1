"""Walking Talview's lists, whose pages are counted in headers, and what `expand` puts into them."""

from __future__ import annotations

import tracemalloc

import httpx
import pytest

import assaykit
from assaykit import talview
from tests.talview.support import OPERATIONS, Server, error, example


def pages(server: Server) -> list[tuple[str, str]]:
    return [(request.url.params["page"], request.url.params["pageSize"]) for request in server.requests]


def test_every_list_is_paged_by_headers_and_the_same_way() -> None:
    paged = [operation["paging"] for operation in OPERATIONS if operation["paging"]]

    assert len(paged) > 80
    assert {tuple(sorted(paging.items())) for paging in paged} == {
        (
            ("currentHeader", "X-Pagination-Current-Page"),
            ("lastHeader", "X-Pagination-Page-Count"),
            ("page", "page"),
            ("size", "pageSize"),
            ("style", "page"),
            ("totalHeader", "X-Pagination-Total-Count"),
        )
    }


@pytest.mark.parametrize("ahead", [0, 1, 3])
def test_one_line_walks_all_pages(ahead: int) -> None:
    server = Server(candidates=85)
    with server.client() as api:
        walk = api.paginate(api.candidates.list).prefetch(ahead)
        assert [candidate.id for candidate in walk] == list(range(1, 86))

    assert walk.total == 85
    assert pages(server) == [(str(number), "20") for number in range(1, 6)]
    assert len(server.bodies) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("ahead", [0, 2])
async def test_one_line_walks_all_pages_async(ahead: int) -> None:
    server = Server(candidates=85)
    async with server.async_client() as api:
        walk = api.paginate(api.candidates.list, page_size=17).prefetch(ahead)
        assert [candidate.id async for candidate in walk] == list(range(1, 86))

    assert walk.total == 85
    assert len(server.requests) == 5


def test_filters_go_with_every_page_and_the_walk_begins_where_it_is_told() -> None:
    server = Server(candidates=9)
    with server.client() as api:
        walk = api.paginate(api.candidates.list, page=2, page_size=4, status_id=25, ids=[3, 4], expand=["status"])
        assert [[one.id for one in page] for page in walk.pages()] == [[5, 6, 7, 8], [9]]

    assert pages(server) == [("2", "4"), ("3", "4")]
    assert {request.url.params["status_id"] for request in server.requests} == {"25"}
    assert [request.url.params.get_list("ids[]") for request in server.requests] == [["3", "4"]] * 2


def test_page_shorter_than_asked_for_loses_nobody() -> None:
    server = Server(candidates=120)
    with server.client() as api:
        assert [one.id for one in api.paginate(api.candidates.list, page_size=500)] == list(range(1, 121))

    assert len(server.requests) == 3


@pytest.mark.parametrize("ahead", [0, 1])
def test_list_that_shrinks_meanwhile_gives_nobody_twice(ahead: int) -> None:
    server = Server(candidates=60)

    def shrink(request: httpx.Request) -> httpx.Response:
        answer = server.page(int(request.url.params["page"]), 20)
        server.candidates = server.candidates[:40] if request.url.params["page"] == "2" else server.candidates
        return answer

    server.answers["/models/candidate"] = shrink
    with server.client() as api:
        assert [one.id for one in api.paginate(api.candidates.list).prefetch(ahead)] == list(range(1, 41))

    assert len(server.requests) == 3


def test_walk_that_begins_behind_the_last_page_is_empty() -> None:
    server = Server(candidates=5)
    with server.client() as api:
        assert list(api.paginate(api.candidates.list, page=9)) == []
        assert list(api.paginate(api.candidates.list, page_size=2, page=3)) != []

    assert len(server.requests) == 2


def test_empty_list_is_one_request() -> None:
    server = Server(candidates=0)
    with server.client() as api:
        walk = api.paginate(api.candidates.list)
        assert list(walk) == []

    assert walk.total == 0
    assert len(server.requests) == 1


def test_list_without_headers_ends_with_a_page_that_is_not_full() -> None:
    server = Server(candidates=45)

    def bare(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=server.page(int(request.url.params["page"]), 20).content)

    server.answers["/models/candidate"] = bare
    with server.client() as api:
        walk = api.paginate(api.candidates.list)
        assert len(list(walk)) == 45

    assert walk.total is None
    assert len(server.requests) == 3


@pytest.mark.parametrize("ahead", [0, 2])
def test_vendor_that_goes_in_circles_is_an_error(ahead: int) -> None:
    server = Server()
    first = server.page(1, 20)
    del first.headers["X-Pagination-Current-Page"]
    server.answers["/models/candidate"] = lambda _: httpx.Response(200, content=first.content, headers=first.headers)
    with (
        server.client() as api,
        pytest.raises(assaykit.ResponseInvalid, match=r"page 2: .* the same as the one before"),
    ):
        list(api.paginate(api.candidates.list).prefetch(ahead))


@pytest.mark.anyio
async def test_error_names_its_page_async() -> None:
    server = Server(candidates=60)
    server.answers["/models/candidate"] = lambda request: (
        error(403, "Forbidden", "You are not allowed to perform this action.")
        if request.url.params["page"] == "3"
        else None
    )
    async with server.async_client() as api:
        with pytest.raises(assaykit.PermissionDenied, match="talview candidates_list page 3: 403: You are not"):
            [one async for one in api.paginate(api.candidates.list).prefetch(1)]


def test_token_is_renewed_in_the_middle_of_a_walk() -> None:
    server = Server(candidates=60)
    with server.client() as api:
        for number, _ in enumerate(api.paginate(api.candidates.list).pages()):
            server.clock.now += 90_000.0 * (number == 0)

    assert [request.headers["Authorization"] for request in server.requests] == [
        "Bearer token-1",
        "Bearer token-2",
        "Bearer token-2",
    ]


def test_memory_does_not_grow_with_the_list() -> None:
    def peak(candidates: int) -> int:
        server = Server(candidates)
        page = server.page(1, 50)
        server.answers["/models/candidate"] = lambda request: httpx.Response(
            200,
            content=page.content[:-1] + b" " * int(request.url.params["page"]) + b"]",
            headers={**page.headers, "X-Pagination-Current-Page": request.url.params["page"]},
        )
        with server.client() as api:
            walk = iter(api.paginate(api.candidates.list, page_size=50).prefetch(2))
            next(walk)
            server.requests.clear()
            tracemalloc.start()
            for _ in walk:
                server.requests.clear()
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return found

    assert peak(4000) < 4 * peak(400)  # ten times the candidates; pytest itself keeps a log line of each request


def test_what_is_no_list_is_not_walked() -> None:
    server = Server()
    with server.client() as api, pytest.raises(assaykit.ConfigurationError, match="candidates_get has no pages"):
        list(api.paginate(api.candidates.get, 1).pages())

    assert server.requests == []


def invitation(number: int) -> object:
    """An assessment candidate with what `candidate.status` puts into it."""
    person = example("Candidate") | {"status": {"id": 25, "label": "Evaluated", "sort_key": 60}}
    return example("AssessmentCandidate") | {"id": number, "candidate": person}


def test_expanded_objects_are_typed_and_the_names_joined_by_commas() -> None:
    server = Server()
    server.answers["/models/assessment-candidate"] = [invitation(7)]
    with server.client() as api:
        [found] = api.paginate(api.assessment_candidates.list, expand=["candidate.status", "assessment"])

    assert b"expand=candidate.status%2Cassessment" in server.requests[0].url.query
    assert isinstance(found.candidate, talview.models.ExpandedCandidate)
    assert found.candidate.email == "ada.sample@example.com"
    assert isinstance(found.candidate.status, talview.models.Status)
    assert (found.candidate.status.id, found.candidate.status.label) == (25, "Evaluated")


def test_without_expand_the_object_is_not_there_and_the_parameter_neither() -> None:
    server = Server()
    server.answers["/models/assessment-candidate/7"] = example("AssessmentCandidate") | {"id": 7}
    with server.client() as api:
        found = api.assessment_candidates.get(7)

    assert not found.candidate
    assert "expand" not in server.requests[0].url.params


@pytest.mark.anyio
async def test_expanded_objects_are_typed_async() -> None:
    server = Server()
    server.answers["/models/assessment-candidate/7"] = invitation(7)
    async with server.async_client() as api:
        found = await api.assessment_candidates.get(7, expand=["candidate.status"])

    assert isinstance(found.candidate, talview.models.ExpandedCandidate)
    assert isinstance(found.candidate.status, talview.models.Status)
