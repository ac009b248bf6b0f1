"""Podium: a participant is tested, and the applicant-tracking system learns how it went."""

import tempfile
from contextlib import closing
from pathlib import Path

from assaykit import podium
from assaykit.podium import models

from .control import Control
from .inbox import open_inbox
from .steps import Steps

CLIENT = "client-1"
NORM = "norm1"


def run(server: str, steps: Steps) -> None:
    """Run the flow.

    Args:
        server: where the emulator is served.
        steps: where each step is noted.
    """
    with (
        closing(Control(server, "podium")) as control,
        open_inbox() as inbox,
        podium.Podium(api_key="assaykit-demo-key", base_url=f"{server}/podium") as api,
        tempfile.TemporaryDirectory() as folder,
    ):
        control.subscribe(inbox.url, "testCompleted")
        before = api.credits.get(CLIENT).credit_total

        person = api.participants.create(
            CLIENT,
            body=models.NewParticipant(
                first_name="Ada",
                last_name="Sample",
                gender=models.Gender.FEMALE,
                email_address="ada.sample@example.com",
                integration_partner_participant_id="candidate-4711",
            ),
        )
        steps.done("add a participant", person.participant_id)

        invitations = api.tests.assign(
            CLIENT,
            person.participant_id,
            body=models.TestAssignments(
                tests=[
                    models.TestAssignment(test_id="test1", language_id="EN", order=1),
                    models.TestAssignment(test_id="test2", language_id="EN", order=2),
                ]
            ),
        )
        steps.expect("assign two tests", len(invitations) == 2, ", ".join(i.test_id for i in invitations))

        api.invitations.send(CLIENT, person.participant_id)
        mails = control.act("mails")
        sent = [mail for mail in mails if mail["to"] == "ada.sample@example.com"]
        steps.expect("send the invitation", len(sent) == 1, f"{len(sent)} e-mail to ada.sample@example.com")

        control.act("complete", participantId=person.participant_id, testId="test1", rawScore=18)
        status = api.participants.status(CLIENT, person.participant_id)
        completed = [test.test_id for test in status.tests if test.completion_date is not None]
        steps.expect(
            "the candidate completes test1", completed == ["test1"], f"status: {', '.join(completed)} completed"
        )

        event = podium.webhooks.parse(*inbox.take(timeout=10))
        steps.expect(
            "receive the webhook",
            isinstance(event, podium.webhooks.TestCompleted) and event.participant_id == person.participant_id,
            type(event).__name__,
        )

        results = api.results.get(CLIENT, person.participant_id, test_id=["test1"], norm_id=[NORM])
        [score] = results.results[0].scores
        steps.expect(
            "read the results",
            score.raw_score == 18,
            f"{score.scale_id}: raw {score.raw_score:g}, percentile {score.percentile_score:g}",
        )

        queued = api.reports.request(
            CLIENT,
            body=models.ReportRequest(
                participant_ids=[person.participant_id],
                report_bundle_id="reportBundle1",
                report_ids=["report1"],
                norm_ids=[NORM],
                format_=models.ReportFormat.PDF,
            ),
        )
        steps.done("request a report", queued.report_queue_id)

        control.advance(minutes=5)
        report = podium.wait_for_report(api, CLIENT, queued.report_queue_id, timeout=60)
        steps.done("wait for the report", f"generated {report.completion_date}")

        saved = podium.download_report(api, CLIENT, queued.report_queue_id, Path(folder) / "report.pdf")
        head = saved.path.read_bytes()[:5]
        steps.expect("download it", head == b"%PDF-", f"{saved.size} bytes of {saved.media_type}")

        after = api.credits.get(CLIENT).credit_total
        steps.expect("read the credits", before - after == 1, f"{before} before, {after} after: one test scored once")
