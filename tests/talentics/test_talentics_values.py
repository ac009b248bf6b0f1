"""What answers hold: zones, malformed dates, values and fields that nobody documents."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from assaykit.talentics import AsyncTalentics, Talentics, models
from assaykit.talentics.client import HOME
from talentics_client.api.exams import exams_list
from talentics_client.wire import DateTime, UnparsedDateTime, default_zone
from tests.talentics.support import APP_ID, APP_SECRET, Server, example


def test_dates_without_a_zone_are_jakartas_and_keep_their_text() -> None:
    server = Server()
    server.answers["/v2/exams/8/tickets"] = example("TicketPage")
    with server.client() as api:
        exam = next(iter(api.paginate(api.exams.list)))
        ticket = api.tickets.list(8).data[0]

    assert isinstance(exam.started_at, DateTime)
    assert exam.started_at == datetime(2020, 5, 22, 17, 54, tzinfo=UTC)
    assert exam.started_at.tzinfo == ZoneInfo("Asia/Jakarta")
    assert exam.started_at.raw == "2020-05-23 00:54:00"
    assert exam.to_dict()["started_at"] == "2020-05-23 00:54:00"
    assert ticket.created_at == datetime(2020, 5, 27, 13, 12, 50, tzinfo=UTC)  # this one says its zone


@pytest.mark.parametrize(
    ("zone", "offset"), [("Asia/Makassar", 8), (ZoneInfo("Asia/Jayapura"), 9), (UTC, 0), ("UTC", 0)]
)
def test_zone_is_the_users_choice(zone: Any, offset: int) -> None:
    server = Server()
    with Talentics(APP_ID, APP_SECRET, zone=zone, transport=httpx.MockTransport(server)) as api:
        started = api.with_options(timeout=9.0).exams.list().data[0].started_at

    assert isinstance(started, DateTime)
    assert started.utcoffset() == timedelta(hours=offset)


def test_zone_is_of_one_client_and_of_its_own_answers() -> None:
    server = Server()
    transport = httpx.MockTransport(server)
    zones = {hours: timezone(timedelta(hours=hours)) for hours in range(-4, 4)}

    def offsets(hours: int) -> set[timedelta | None]:
        api = Talentics(APP_ID, APP_SECRET, zone=zones[hours], transport=transport, clock=server.clock)
        with api:
            exams = [exam for _ in range(6) for exam in api.exams.list().data]
        return {exam.started_at.utcoffset() for exam in exams if isinstance(exam.started_at, DateTime)}

    with ThreadPoolExecutor(8) as pool:
        found = dict(zip(zones, pool.map(offsets, zones), strict=True))

    assert found == {hours: {timedelta(hours=hours)} for hours in zones}
    assert default_zone.get() is None


@pytest.mark.anyio
async def test_zone_is_of_one_client_and_of_its_own_answers_async() -> None:
    server = Server()

    async def offsets(hours: int) -> set[timedelta | None]:
        zone = timezone(timedelta(hours=hours))

        async def handle(request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(0)
            return server(request)

        transport = httpx.MockTransport(handle)
        async with AsyncTalentics(APP_ID, APP_SECRET, zone=zone, transport=transport, clock=server.clock) as api:
            exams = [exam for _ in range(6) for exam in (await api.exams.list()).data]
        return {exam.started_at.utcoffset() for exam in exams if isinstance(exam.started_at, DateTime)}

    found = await asyncio.gather(*(offsets(hours) for hours in range(8)))

    assert found == [{timedelta(hours=hours)} for hours in range(8)]
    assert default_zone.get() is None


def test_zone_is_gone_after_an_answer_that_does_not_fit() -> None:
    server = Server()
    server.answers["/v2/exams"] = {"data": 5}
    with server.client() as api, pytest.raises(Exception, match="does not fit"):
        api.exams.list()

    assert default_zone.get() is None


def test_plain_modules_leave_the_dates_without_a_zone() -> None:
    server = Server()
    with server.client() as api:
        page = exams_list.sync(client=api.client)

    assert isinstance(page, models.ExamPage)
    started = page.data[0].started_at
    assert isinstance(started, DateTime)
    assert started.tzinfo is None


def test_system_without_time_zones_has_jakarta_still(monkeypatch: pytest.MonkeyPatch) -> None:
    import assaykit
    from assaykit.talentics import client

    def nowhere(zone: object) -> Any:
        raise assaykit.ConfigurationError("zone", f"{zone!r} is no time zone that this system knows")

    monkeypatch.setattr(client, "time_zone", nowhere)
    server = Server()
    with server.client() as api:
        started = api.exams.list().data[0].started_at
    assert isinstance(started, DateTime)
    assert started.utcoffset() == timedelta(hours=7)
    assert HOME == "Asia/Jakarta"
    with pytest.raises(assaykit.ConfigurationError):
        Talentics(APP_ID, APP_SECRET, zone="Asia/Makassar")


def test_page_with_malformed_dates_passes() -> None:
    server = Server()
    document = example("ApplicantList")
    assert document["data"][1]["access_code_expired_at"] == "2021-06-7 00:00:00"
    document["data"].append({**document["data"][0], "access_code_expired_at": "soon", "dob": "19 dec", "id": 3})
    server.answers["/v2/jobs/1/applicants"] = document
    with server.client() as api:
        fine, short, garbage = api.applicants.list(1).data

    zone = ZoneInfo("Asia/Jakarta")
    assert fine.access_code_expired_at == datetime(2021, 6, 6, tzinfo=zone)
    assert short.access_code_expired_at == datetime(2021, 6, 7, tzinfo=zone)
    assert isinstance(short.access_code_expired_at, DateTime)
    assert short.access_code_expired_at.raw == "2021-06-7 00:00:00"
    assert isinstance(garbage.access_code_expired_at, UnparsedDateTime)
    assert garbage.access_code_expired_at == "soon"
    assert garbage.dob == "19 dec"
    assert [one.to_dict() for one in (fine, short, garbage)] == document["data"]


def test_unknown_values_and_fields_are_kept() -> None:
    server = Server()
    document = example("ApplicantEnvelope")
    document["data"] |= {"gender": 9, "shoe_size": {"eu": 41}}
    document["trace"] = "t"
    server.answers["/v2/jobs/applicants/1"] = document
    tickets = example("TicketPage")
    tickets["data"][0]["status"] = "paused by proctor"
    server.answers["/v2/exams/8/tickets"] = tickets
    with server.client() as api:
        envelope = api.applicants.get(1)
        ticket = api.tickets.list(8).data[0]

    assert not envelope.data.gender.is_known
    assert envelope.data.gender == 9
    assert envelope.data["shoe_size"] == {"eu": 41}
    assert envelope["trace"] == "t"
    assert envelope.to_dict() == document
    assert not ticket.status.is_known
    assert ticket.status == "paused by proctor"


def test_secrets_of_applicants_and_companies_do_not_show() -> None:
    server = Server()
    server.answers["/v2/jobs/applicants/1"] = example("ApplicantEnvelope")
    with server.client() as api:
        applicant = api.applicants.get(1).data

    assert isinstance(applicant.access_code, str)
    assert applicant.access_code not in repr(applicant)
