"""Walking Talentics' lists."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

import assaykit
from tests.talentics.support import Server, example


def test_one_line_walks_all_pages() -> None:
    server = Server(exams=250)
    with server.client() as api:
        assert [exam.id for exam in api.paginate(api.exams.list, per_page=100)] == list(range(1, 251))

    assert [dict(request.url.params) for request in server.requests] == [
        {"page": str(page), "per_page": "100"} for page in (1, 2, 3)
    ]


@pytest.mark.anyio
async def test_one_line_walks_all_pages_async() -> None:
    server = Server(exams=250)
    async with server.async_client() as api:
        walk = api.paginate(api.exams.list, per_page=100).prefetch(2)
        assert [exam.id async for exam in walk] == list(range(1, 251))

    assert walk.total == 250


def test_walk_begins_where_it_is_told_and_gives_pages() -> None:
    server = Server(exams=50)
    with server.client() as api:
        pages = list(api.paginate(api.exams.list, page=3).pages())

    assert server.pages == ["3", "4"]
    assert [page.meta.per_page for page in pages] == ["15", "15"]
    assert [len(page.data) for page in pages] == [15, 5]


def test_walk_with_a_path_parameter_and_options_of_a_clone() -> None:
    server = Server()
    document = example("TicketPage")
    document["links"]["next"] = None
    server.answers["/v2/exams/8/tickets"] = document
    with server.client() as api:
        clone = api.with_options(headers={"X-Trace": "1"})
        names = [ticket.name for ticket in clone.paginate(clone.tickets.list, 8, per_page=2)]

    assert names == ["Ada Sample", "Tom Sample"]
    assert server.requests[0].headers["X-Trace"] == "1"


def test_vendor_that_repeats_a_page_is_an_error_with_its_number() -> None:
    server = Server()
    server.answers["/v2/exams"] = example("ExamPage")  # its next page is 2, always
    with server.client() as api, pytest.raises(assaykit.ResponseInvalid, match="exams_list page 2: 200") as caught:
        list(api.paginate(api.exams.list))

    assert caught.value.page == 2
    assert caught.value.path == "$.links.next"
    assert len(server.requests) == 2


def test_list_that_comes_whole_and_single_things_are_not_walked() -> None:
    server = Server()
    with server.client() as api:
        with pytest.raises(assaykit.ConfigurationError, match="applicants_list has no pages; call it by itself"):
            list(api.paginate(api.applicants.list, 1))
        with pytest.raises(assaykit.ConfigurationError, match="exams_get has no pages"):
            list(api.paginate(api.exams.get, 1).pages())

    assert server.requests == []


def test_every_list_with_page_numbers_says_how_it_is_paged() -> None:
    operations = json.loads((files("talentics_client") / "operations.json").read_text())["operations"]
    paged = {operation["id"]: operation["paging"]["style"] for operation in operations if operation["paging"]}

    assert paged == {"exams_list": "page", "tickets_list": "page", "jobs_list": "page"}
