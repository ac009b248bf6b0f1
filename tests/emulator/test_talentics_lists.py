"""Lists, single records and refusals of the emulated Talentics."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from assaykit.emulator import vendors
from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.message import Request
from assaykit.emulator.engine.worlds import World
from tests.emulator.conftest import START

HUGE = "9" * 99
OTHER = ("assaykit-other-app", "assaykit-other-secret")


def walk(client: httpx.Client, path: str, size: int) -> list[dict[str, Any]]:
    """Return all pages of a list, followed by their links."""
    pages: list[dict[str, Any]] = []
    url: str | None = f"{path}?page=1"
    while url is not None:
        answer = client.get(url, params={**httpx.URL(url).params, "per_page": size})
        assert answer.status_code == 200, answer.text
        pages.append(answer.json())
        url = pages[-1]["links"]["next"]
    return pages


@pytest.mark.parametrize(
    ("path", "size", "total"),
    [
        ("/v2/exams", 7, 150),
        ("/v2/exams", 100, 150),
        ("/v2/jobs", 50, 200),
        ("/v2/exams/1/tickets", 1, 52),
        ("/v2/exams/8/tickets", 13, 52),
        ("/v2/exams/6/tickets", 5, 0),
    ],
)
def test_pages_add_up_to_the_whole_in_the_order_of_the_ids(
    talentics: httpx.Client, talentics_world: World, path: str, size: int, total: int
) -> None:
    talentics_world.rate_limits = False
    pages = walk(talentics, path, size)
    ids = [record["id"] for page in pages for record in page["data"]]
    assert (len(ids), ids) == (total, sorted(set(ids)))
    assert {page["meta"]["total"] for page in pages} == {total}
    assert [page["meta"]["current_page"] for page in pages] == list(range(1, len(pages) + 1))
    assert len(pages) == max(1, -(-total // size)) == pages[0]["meta"]["last_page"]


def test_the_first_page_is_linked_as_the_sample_shows(talentics: httpx.Client) -> None:
    page = talentics.get("/v2/exams/1/tickets?per_page=1").json()
    assert page["links"] == {
        "first": "https://api.talentics.id/v2/exams/1/tickets?page=1",
        "last": "https://api.talentics.id/v2/exams/1/tickets?page=52",
        "prev": None,
        "next": "https://api.talentics.id/v2/exams/1/tickets?page=2",
    }
    assert page["meta"] == {
        "current_page": 1,
        "from": 1,
        "last_page": 52,
        "path": "https://api.talentics.id/v2/exams/1/tickets",
        "per_page": "1",
        "to": 1,
        "total": 52,
    }


def test_a_page_holds_15_unless_told_otherwise(talentics: httpx.Client) -> None:
    page = talentics.get("/v2/jobs?page=2").json()
    assert (len(page["data"]), page["meta"]["per_page"]) == (15, "15")
    assert (page["meta"]["from"], page["meta"]["to"]) == (16, 30)


@pytest.mark.parametrize("number", ["11", HUGE])
def test_a_page_beyond_the_last_is_empty(talentics: httpx.Client, number: str) -> None:
    page = talentics.get(f"/v2/exams?page={number}").json()
    assert page["data"] == []
    assert page["meta"] | {"total": 150, "last_page": 10, "from": None, "to": None} == page["meta"]
    assert page["meta"]["current_page"] == int(number)
    assert page["links"]["next"] is None
    assert page["links"]["prev"].endswith(f"?page={int(number) - 1}")


def test_an_empty_list_has_one_page(talentics: httpx.Client) -> None:
    page = talentics.get("/v2/exams", auth=OTHER).json()
    assert (page["data"], page["meta"]["last_page"], page["meta"]["from"]) == ([], 1, None)
    assert page["links"]["first"] == page["links"]["last"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("page=0", "query.page: must be at least 1"),
        ("page=two", "query.page: must be a whole number"),
        ("per_page=101", "query.per_page: must be at most 100"),
        ("per_page=0", "query.per_page: must be at least 1"),
        ("page=1&page=2", "query.page: was given 2 times; give it once"),
    ],
)
def test_paging_that_does_not_fit_is_refused(talentics: httpx.Client, query: str, told: str) -> None:
    answer = talentics.get(f"/v2/exams?{query}")
    assert (answer.status_code, answer.json()) == (400, {"data": {"errors": [told]}})


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/v2/exams/{}", "There is no test with this id."),
        ("/v2/exams/{}/tickets", "There is no test with this id."),
        ("/v2/exams/tickets/{}/scores", "There is no ticket with this id."),
        ("/v2/exams/ticket/{}/scores", "There is no ticket with this id."),
        ("/v2/jobs/{}", "There is no job with this id."),
        ("/v2/jobs/{}/applicants", "There is no job with this id."),
        ("/v2/jobs/applicants/{}", "There is no applicant with this id."),
        ("/v2/jobs/applicants/{}/employment-application-form", "There is no applicant with this id."),
    ],
)
@pytest.mark.parametrize("number", ["999999", HUGE])
def test_unknown_ids_of_any_size_are_404(talentics: httpx.Client, path: str, told: str, number: str) -> None:
    answer = talentics.get(path.format(number))
    assert (answer.status_code, answer.json()) == (404, {"data": {"errors": [told]}})


def test_what_another_account_owns_is_unknown(talentics: httpx.Client) -> None:
    [job] = talentics.get("/v2/jobs", auth=OTHER).json()["data"]
    assert talentics.get(f"/v2/jobs/{job['id']}", auth=OTHER).status_code == 200
    assert talentics.get(f"/v2/jobs/{job['id']}").status_code == 404
    for path in ("exams/1", "exams/1/tickets", "exams/tickets/1/scores", "jobs/1", "jobs/applicants/1"):
        assert talentics.get(f"/v2/{path}", auth=OTHER).status_code == 404


def test_an_applicant_without_a_form(talentics: httpx.Client) -> None:
    answer = talentics.get("/v2/jobs/applicants/2/employment-application-form")
    assert answer.json() == {"data": {"errors": ["The applicant has not submitted the form."]}}


@pytest.mark.parametrize("header", ["", "Basic", "Basic !!!", "Basic YQ==", "Bearer abc"])
def test_credentials_that_cannot_be_read_are_401(talentics_world: World, header: str) -> None:
    reply = talentics_world.handle("talentics", Request("GET", "/v2/jobs", headers={"authorization": header}))
    assert (reply.status, reply.header("WWW-Authenticate")) == (401, 'Basic realm="Talentics"')
    assert reply.body == b'{"data":{"errors":[]}}'


def test_records_lead_to_each_other(talentics: httpx.Client, talentics_world: World) -> None:
    talentics_world.rate_limits = False
    jobs = [job for page in walk(talentics, "/v2/jobs", 100) for job in page["data"]]
    for job in jobs[:40]:
        detail = talentics.get(f"/v2/jobs/{job['id']}").json()["data"]
        assert {name: value for name, value in job.items() if name in detail}.items() <= detail.items()
        assert detail["organization"]["id"] == detail["organization_id"]
        assert detail["related_profession"]["id"] == detail["profession_id"]
        for applicant in talentics.get(f"/v2/jobs/{job['id']}/applicants").json()["data"]:
            assert applicant["job_id"] == job["id"]
            assert talentics.get(f"/v2/jobs/applicants/{applicant['id']}").json()["data"] == applicant
    known = {job["id"] for job in jobs}
    for page in walk(talentics, "/v2/exams", 100):
        assert {exam["job_id"] for exam in page["data"]} <= known


def test_five_operations_have_windows_of_50_requests_in_15_minutes(
    talentics: httpx.Client, talentics_world: World
) -> None:
    """Each of them has its own; the other four operations document none."""
    limited = ["exams", "exams/1", "exams/1/tickets", "exams/tickets/1/scores", "jobs"]
    free = ["jobs/1", "jobs/1/applicants", "jobs/applicants/1", "jobs/applicants/30/employment-application-form"]
    for path in limited:
        left = [talentics.get(f"/v2/{path}").headers["x-ratelimit-remaining"] for _ in range(50)]
        assert left == [str(number) for number in range(49, -1, -1)]
    talentics_world.clock.advance(minutes=14, seconds=59)
    for path in limited:
        refused = talentics.get(f"/v2/{path}")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        assert refused.headers["x-ratelimit-limit"] == "50"
        assert refused.json() == {
            "data": {"errors": ["50 requests in 900 seconds are allowed; try again in 1 second."]}
        }
    assert talentics.get("/v2/exams/ticket/1/scores").status_code == 429
    assert talentics.get("/v2/exams", auth=OTHER).status_code == 200
    for path in free:
        assert {talentics.get(f"/v2/{path}").status_code for _ in range(60)} == {200}
    talentics_world.clock.advance(seconds=1)
    assert {talentics.get(f"/v2/{path}").status_code for path in limited} == {200}


def test_two_worlds_begin_alike_and_another_seed_begins_otherwise() -> None:
    texts = []
    for seed in ("one", "one", "two"):
        world = Emulator([vendors.load("talentics")], seed=seed).make_world("a", ManualClock(START))
        basic = httpx.BasicAuth("assaykit-demo-app", "assaykit-demo-secret")._auth_header
        sent = {"authorization": basic}
        texts.append(world.handle("talentics", Request("GET", "/v2/jobs", b"per_page=100", sent)).body)
        world.close()
    assert texts[0] == texts[1]
    assert texts[0] != texts[2]
