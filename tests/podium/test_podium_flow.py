"""The hiring flow from the first participant to the report, against the emulator."""

from __future__ import annotations

from pathlib import Path

import pytest

from assaykit import podium
from assaykit.testing.podium import Emulator
from tests.podium.support import CLIENT, new_participant, one_test, report_of


def test_hiring_flow(podium_emulator: Emulator, tmp_path: Path) -> None:
    events: list[object] = []
    podium_emulator.subscribe(lambda headers, body: events.append(podium.webhooks.parse(headers, body)))
    with podium_emulator.client() as api:
        person = api.participants.create(CLIENT, body=new_participant())
        (invitation,) = api.tests.assign(CLIENT, person.participant_id, body=one_test())
        api.invitations.send(CLIENT, person.participant_id)
        podium_emulator.complete(person, "test1", raw_score=18)
        status = api.participants.status(CLIENT, person.participant_id)
        results = api.results.get(CLIENT, person.participant_id, test_id=["test1"], norm_id=["norm1"])
        queued = api.reports.request(CLIENT, body=report_of(person.participant_id))
        report = podium.wait_for_report(api, CLIENT, queued.report_queue_id, timeout=600)
        saved = podium.download_report(api, CLIENT, queued.report_queue_id, tmp_path / "report.docx")
        left = api.credits.get(CLIENT)

    assert invitation.test_id == "test1"
    assert status.tests[0].invitation_id == invitation.invitation_id
    assert status.tests[0].completion_date is not None
    assert results.results[0].scores[0].raw_score == 18
    assert report.completion_date is not None
    assert saved.path.stat().st_size == saved.size > 0
    assert left.credit_total == podium_emulator.credits == 99
    assert [getattr(event, "event", None) for event in events] == ["testCompleted", "testCompletedAndScored"]
    assert [delivery["state"] for delivery in podium_emulator.webhooks] == ["delivered", "delivered"]


@pytest.mark.anyio
async def test_hiring_flow_async(podium_emulator: Emulator, tmp_path: Path) -> None:
    async with podium_emulator.async_client() as api:
        person = await api.participants.create(CLIENT, body=new_participant())
        await api.tests.assign(CLIENT, person.participant_id, body=one_test())
        await api.invitations.send(CLIENT, person.participant_id)
        podium_emulator.complete(person, "test1", raw_score=18)
        results = await api.results.get(CLIENT, person.participant_id, test_id=["test1"], norm_id=["norm1"])
        queued = await api.reports.request(CLIENT, body=report_of(person.participant_id))
        report = await podium.wait_for_report_async(api, CLIENT, queued.report_queue_id)
        path = tmp_path / "report.docx"
        saved = await podium.download_report_async(api, CLIENT, queued.report_queue_id, path)
        left = await api.credits.get(CLIENT)

    assert results.results[0].scores[0].raw_score == 18
    assert report.completion_date is not None
    assert path.stat().st_size == saved.size > 0
    assert left.credit_total == 99


def test_operations_of_the_documentation_that_the_flow_leaves_out(podium_emulator: Emulator) -> None:
    metadata = podium.models.Metadata.from_dict({"candidateId": "cand-7890"})
    body = podium.models.MetadataUpdate(integration_partner_participant_metadata=metadata)
    with podium_emulator.client() as api:
        person = api.participants.create(CLIENT, body=new_participant("x-1"))
        api.tests.assign(CLIENT, person.participant_id, body=one_test())
        stored = api.metadata.update(CLIENT, person.participant_id, body=body)
        by_partner = api.participants.status_by_partner_id(CLIENT, "x-1")
        api.metadata.delete_by_partner_id(CLIENT, "x-1")
        api.metadata.update_by_partner_id(CLIENT, "x-1", body=body)
        api.metadata.delete(CLIENT, person.participant_id)
        api.tests.remove(CLIENT, person.participant_id, test_id=["test1"])
        status = api.participants.status(CLIENT, person.participant_id)
        token = api.tokens.create(body=podium.models.TokenRequest(api_key=podium_emulator.api_key))

    assert stored.integration_partner_participant_metadata == metadata
    assert by_partner[0].email_address == "ada.sample@example.com"
    assert status.tests == []
    assert status.integration_partner_participant_metadata is None
    assert token.token
