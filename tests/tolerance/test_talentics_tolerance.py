"""Talentics: nothing that its world shows beyond the specification fails a call or a walk over pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import assaykit
from assaykit.testing.talentics import Emulator
from talentics_client.wire import DateTime, UnparsedDateTime
from tests.tolerance.conftest import Client


def tickets(api: Any) -> Any:
    return api.paginate(api.tickets.list, 8, per_page=20)


def test_unknown_enumeration_values_are_kept(talentics_emulator: Emulator, client: Client) -> None:
    talentics_emulator.set_field("tickets", 40, "status", value="paused by proctor")
    talentics_emulator.set_field("applicants", 1, "gender", value=9)
    talentics_emulator.set_field("forms", 30, "employment_application_form", 0, "name", value="shoe_size")

    found = {ticket.id: ticket for ticket in client.walk(talentics_emulator, tickets)}
    assert len(found) == 52
    status = found[40].status
    assert (status, status.is_known, found[40].to_dict()["status"]) == ("paused by proctor", False, "paused by proctor")
    gender = client.ask(talentics_emulator, lambda api: api.applicants.get(1)).data.gender
    assert (gender, gender.is_known) == (9, False)
    form = client.ask(talentics_emulator, lambda api: api.applicants.employment_application_form(30)).data
    name = form.employment_application_form[0].name
    assert (name, name.is_known) == ("shoe_size", False)


def test_unknown_fields_are_kept(talentics_emulator: Emulator, client: Client) -> None:
    talentics_emulator.set_field("exams", 8, "proctors", value=[{"id": 1}])
    talentics_emulator.set_field("scores", 1, "results", 0, "band", value="B")
    talentics_emulator.set_field("jobs", 1, "remote", value=None)

    exam = client.ask(talentics_emulator, lambda api: api.exams.get(8)).data
    assert exam.additional_properties == {"proctors": [{"id": 1}]}
    scores = client.ask(talentics_emulator, lambda api: api.tickets.scores(1)).data
    assert scores.results[0]["band"] == "B"
    job = client.ask(talentics_emulator, lambda api: api.jobs.get(1)).data
    assert ("remote" in job.to_dict(), job["remote"]) == (True, None)


def test_one_malformed_date_spoils_neither_its_page_nor_the_walk(talentics_emulator: Emulator, client: Client) -> None:
    talentics_emulator.set_field("tickets", 40, "created_at", value="the day before")
    talentics_emulator.set_field("tickets", 41, "created_at", value="2021-06-7 00:00:00")

    found = {ticket.id: ticket for ticket in client.walk(talentics_emulator, tickets)}
    assert len(found) == 52
    assert [number for number, ticket in found.items() if isinstance(ticket.created_at, UnparsedDateTime)] == [40]
    malformed, odd = found[40].created_at, found[41].created_at
    assert (malformed.raw, found[40].to_dict()["created_at"]) == ("the day before", "the day before")
    assert isinstance(odd, DateTime)
    assert (odd.raw, odd.day, odd.utcoffset()) == ("2021-06-7 00:00:00", 7, timedelta(hours=7))


def test_dates_of_another_type(talentics_emulator: Emulator, client: Client) -> None:
    talentics_emulator.set_field("exams", 8, "started_at", value=1_700_000_000)
    talentics_emulator.set_field("exams", 8, "ended_at", value=False)

    exam = client.ask(talentics_emulator, lambda api: api.exams.get(8)).data
    assert isinstance(exam.started_at, DateTime)
    assert (exam.started_at.raw, exam.ended_at.raw) == (1_700_000_000, False)
    assert exam.to_dict()["started_at"] == 1_700_000_000


@pytest.mark.parametrize(
    ("status", "kind"),
    [(402, assaykit.PaymentRequired), (418, assaykit.ApiError), (422, assaykit.ValidationFailed)],
)
@pytest.mark.parametrize(
    "body",
    [
        {"data": {"errors": [{"code": "E_MOON", "detail": {"phase": "full"}}]}, "trace": 7},
        {"data": {"errors": "not tonight"}},
        {"data": None},
        {"errors": {"page": ["not tonight"]}},
        ["not tonight"],
    ],
)
def test_new_errors_keep_their_class_and_their_body(
    talentics_emulator: Emulator, client: Client, status: int, kind: type[assaykit.ApiError], body: Any
) -> None:
    talentics_emulator.fail_next("jobs_get", status=status, body=body)

    with pytest.raises(assaykit.ApiError) as caught:
        client.ask(talentics_emulator, lambda api: api.jobs.get(1))
    error = caught.value
    assert (type(error), error.status, error.operation) == (kind, status, "jobs_get")
    assert error.response is not None
    assert error.response.json() == body
