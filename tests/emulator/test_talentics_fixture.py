"""The fixture `talentics_emulator`, as a user's test suite meets it."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
import pytest

from assaykit.emulator.engine.rejection import Rejected
from assaykit.testing.talentics import Emulator


def test_the_participant_takes_a_test(talentics_emulator: Emulator) -> None:
    with talentics_emulator.client() as api:
        added = talentics_emulator.add_ticket(8, "Ada Sample", "ada@example.com")
        assert talentics_emulator.invite(added["id"])["status"] == "invited"
        talentics_emulator.start(added["id"])
        talentics_emulator.clock.advance(minutes=30)
        told = talentics_emulator.finish(added["id"], score=64)
        ticket = next(one for one in api.paginate(api.tickets.list, 8, per_page=30) if one.id == added["id"])
        assert (ticket.status, told["status"]) == ("finished", "finished")
        assert isinstance(ticket.finished_at, datetime)
        assert ticket.finished_at == talentics_emulator.clock.now()
        assert ticket.finished_at.utcoffset() == timedelta(hours=7)
        assert api.tickets.scores(ticket.id).data.results[0].total_score == 64
        with pytest.raises(Rejected, match="finished"):
            talentics_emulator.start(ticket)


@pytest.mark.anyio
async def test_the_async_client_lives_in_the_same_world(talentics_emulator: Emulator) -> None:
    talentics_emulator.set_field("exams", 1, "title", value="Renamed")
    async with talentics_emulator.async_client() as api:
        assert (await api.exams.get(1)).data.title == "Renamed"
    assert [entry.operation for entry in talentics_emulator.journal] == ["exams_get"]


def test_other_credentials_and_no_rate_limits(talentics_emulator: Emulator) -> None:
    def ask(secret: str) -> int:
        auth = (talentics_emulator.app_id, secret)
        with httpx.Client(transport=talentics_emulator.transport(), auth=auth) as client:
            return client.get(f"{talentics_emulator.base_url}/v2/exams").status_code

    assert ask("wrong") == 401
    assert [ask(talentics_emulator.app_secret) for _ in range(51)] == [200] * 50 + [429]
    talentics_emulator.rate_limits = False
    assert ask(talentics_emulator.app_secret) == 200
    talentics_emulator.reset()
    assert talentics_emulator.rate_limits
    assert len(talentics_emulator.journal) == 0


def test_what_was_written_into_a_record_reaches_the_client(talentics_emulator: Emulator) -> None:
    talentics_emulator.set_field("tickets", 12, "status", value="paused")
    talentics_emulator.set_field("applicants", 1, "gender", value=9)
    talentics_emulator.set_field("exams", 1, "started_at", value="soon")
    talentics_emulator.set_field("exams", 1, "brand_new", value=[1])
    talentics_emulator.set_field("exams", 8, "title", value="once more")
    with talentics_emulator.client() as api:
        ticket = next(one for one in api.paginate(api.tickets.list, 8) if one.id == 12)
        assert (str(ticket.status), ticket.exam.title) == ("paused", "once more")
        assert int(api.applicants.get(1).data.gender) == 9
        exam = api.exams.get(1).data
        assert str(exam.started_at) == "soon"
        assert exam.additional_properties == {"brand_new": [1]}
