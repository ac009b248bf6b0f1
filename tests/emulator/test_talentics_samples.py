"""Every sample request of the vendor's page, sent by curl with its flags as printed, its host alone swapped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from assaykit.emulator import vendors
from tests.emulator.curl import curl, fields, served
from tests.emulator.talentics_fields import FIELDS

SAMPLES = {
    "exams_list": "/v2/exams",
    "exams_get": "/v2/exams/1",
    "tickets_list": "/v2/exams/1/tickets",
    "tickets_scores": "/v2/exams/tickets/1/scores",
    "jobs_list": "/v2/jobs",
    "jobs_get": "/v2/jobs/1",
    "applicants_list": "/v2/jobs/1/applicants",
    "applicants_get": "/v2/jobs/applicants/1",
    "applicants_employment_application_form": "/v2/jobs/applicants/30/employment-application-form",
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with served("talentics") as (_, url):
        yield url


def _curl(url: str, credentials: str = "assaykit-demo-app:assaykit-demo-secret") -> tuple[int, Any]:
    answer = curl("-v", "--compressed", *([f"-u{credentials}"] if credentials else []), url)
    return answer.status, answer.json


@pytest.mark.parametrize("operation", SAMPLES)
def test_each_sample_is_answered_with_every_field(server: str, operation: str) -> None:
    status, answer = _curl(f"{server}{SAMPLES[operation]}")
    assert status == 200
    assert fields(answer) == set(FIELDS[operation].split())


def test_every_operation_has_a_sample() -> None:
    assert set(SAMPLES) == set(vendors.load("talentics").contract.operations)


def test_the_path_that_the_page_prints_beside_the_sample(server: str) -> None:
    assert _curl(f"{server}/v2/exams/ticket/1/scores") == _curl(f"{server}/v2/exams/tickets/1/scores")


@pytest.mark.parametrize("credentials", ["", "assaykit-demo-app:wrong", "nobody:assaykit-demo-secret"])
def test_wrong_credentials_are_answered_as_documented(server: str, credentials: str) -> None:
    assert _curl(f"{server}/v2/jobs", credentials) == (401, {"data": {"errors": []}})


def test_values_of_the_samples(server: str) -> None:
    def data(path: str) -> Any:
        return _curl(f"{server}{path}")[1]["data"]

    sample_exam = {
        "id": 8,
        "organization_id": 106291,
        "job_id": 10,
        "title": "Random title",
        "started_at": "2020-05-23 00:54:00",
        "ended_at": "2020-05-29 00:55:00",
        "created_at": "2020-05-23 00:54:27",
        "updated_at": "2020-05-23 00:54:27",
    }
    assert data("/v2/exams/8") == sample_exam
    assert data("/v2/exams/1") == sample_exam | {"id": 1}
    tickets = {ticket["id"]: ticket for ticket in data("/v2/exams/8/tickets?per_page=100")}
    assert tickets[12] == {
        "id": 12,
        "name": "John Doe",
        "email": "john.doe@example.com",
        "started_at": None,
        "finished_at": None,
        "exam": {name: sample_exam[name] for name in ("id", "title", "started_at", "ended_at")},
        "created_at": "2020-05-27T13:12:50.000000Z",
        "updated_at": "2020-11-04T08:39:37.000000Z",
        "status": "sending invitation",
    }
    assert (tickets[25]["name"], tickets[25]["created_at"]) == ("Tina Smith", "2020-06-02T16:21:03.000000Z")
    [result] = data("/v2/exams/tickets/1/scores")["results"]
    assert (result["assessment_slug"], result["total_score"]) == ("asm-1", 10)
    assert result["aspect_scores"][0]["score"] == 100
    job = next(job for job in data("/v2/jobs?per_page=100") if job["id"] == 10)
    assert (job["title"], job["due_date"], job["code"]) == (
        "Quality Control Analysts",
        "2021-08-18 15:30:11",
        "JOBCODE123",
    )
    detail = data("/v2/jobs/1")
    assert (detail["organization"], detail["organization"]["id"]) == (detail["company"], 107172)
    assert "created_at" not in detail
    first, second = data("/v2/jobs/1/applicants")
    assert (first["gender"], first["access_code_expired_at"]) == (1, "2021-06-06 00:00:00")
    assert (second["year_of_experience"], second["access_code_expired_at"]) == ("< 1 years", "2021-06-7 00:00:00")
    form = data("/v2/jobs/applicants/30/employment-application-form")
    assert (form["applicant_id"], form["application_time"]) == (30, "2021-07-07 10:10:10")
    names = [entry["name"] for entry in form["employment_application_form"]]
    assert (len(names), names[0], names[-1]) == (23, "birthplace", "other_document")
