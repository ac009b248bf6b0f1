"""What several tests of Podium need."""

from __future__ import annotations

from assaykit.podium import AsyncPodium, Podium, models

CLIENT = "client-1"


def new_participant(partner_id: str = "partner-1") -> models.NewParticipant:
    return models.NewParticipant(
        first_name="Ada",
        last_name="Sample",
        gender=models.Gender.FEMALE,
        email_address="ada.sample@example.com",
        integration_partner_participant_id=partner_id,
    )


def one_test(test_id: str = "test1") -> models.TestAssignments:
    return models.TestAssignments(tests=[models.TestAssignment(test_id=test_id, language_id="EN")])


def report_of(participant_id: str, *report_ids: str) -> models.ReportRequest:
    return models.ReportRequest(
        participant_ids=[participant_id],
        report_bundle_id="reportBundle1",
        report_ids=list(report_ids or ("report1",)),
        norm_ids=["norm1"],
    )


def queue_report(api: Podium, *report_ids: str) -> str:
    """Queue a report on a new participant; returns its id in the queue."""
    person = api.participants.create(CLIENT, body=new_participant())
    return api.reports.request(CLIENT, body=report_of(person.participant_id, *report_ids)).report_queue_id


async def queue_report_async(api: AsyncPodium, *report_ids: str) -> str:
    """Queue a report on a new participant; returns its id in the queue."""
    person = await api.participants.create(CLIENT, body=new_participant())
    body = report_of(person.participant_id, *report_ids)
    return (await api.reports.request(CLIENT, body=body)).report_queue_id
