"""TestDome: candidates are invited to a test, one takes it, and the applicant-tracking system reads the result."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import httpx

import assaykit
from assaykit import testdome
from assaykit.testdome import models, webhooks

from .control import Control
from .inbox import open_inbox
from .steps import Steps

CLIENT_ID = "assaykit-demo-client"
CLIENT_SECRET = "assaykit-demo-secret"  # noqa: S105 - opens the emulator and nothing else
TEST = 1234567
EMAILS = ["una.sample@example.com", "bela.sample@example.com", "cleo.sample@example.com"]


def run(server: str, steps: Steps) -> None:
    """Run the flow.

    Args:
        server: where the emulator is served.
        steps: where each step is noted.
    """
    with (
        closing(Control(server, "testdome")) as control,
        open_inbox() as inbox,
        testdome.TestDome(CLIENT_ID, CLIENT_SECRET, base_url=f"{server}/testdome") as api,
    ):
        control.subscribe(inbox.url, "candidateFinalState")

        tests = {test.id: test for test in api.paginate(api.tests.list, top=10).prefetch(1)}
        steps.expect("list the tests", TEST in tests and len(tests) > 20, f"{len(tests)} tests on pages of 10")

        changed = api.tests.update_cutoff_score(TEST, body=models.CutoffScoreUpdate(70))
        steps.done("set the cut-off score", f"70 of 100, {changed.expected_pass_rate:g} % are expected to pass")

        control.act("set-balance", invites=2)
        failed = _invite(api, EMAILS)
        steps.expect(
            "invite three with two invites left",
            failed == ("cleo.sample@example.com",),
            f"PartialFailure.failed: {', '.join(failed)}",
        )

        control.act("set-balance", invites=5)
        steps.expect("invite again who failed", _invite(api, list(failed)) == (), "everybody is invited")

        control.advance(minutes=1)
        [una] = api.paginate(api.candidates.list_by_test, TEST, filter_term=EMAILS[0])
        steps.expect("find the candidate", una.status == models.CandidateStatus.INVITED, f"{una.email}: {una.status}")

        control.act("start", candidateId=una.id)
        control.advance(minutes=40)
        control.act("complete", candidateId=una.id, score=82)
        headers, body = inbox.take(timeout=10)
        event = webhooks.parse(headers, body)
        steps.expect(
            "receive the webhook",
            isinstance(event, webhooks.CandidateEvent) and event.candidate_id == una.invitation_key,
            f"{event.status}, correlation id {webhooks.correlation_id(headers)}"
            if isinstance(event, webhooks.CandidateEvent)
            else event.event,
        )

        result = api.candidates.get(una.id, expand=["test", "activities"])
        steps.expect(
            "read the result",
            result.status == models.CandidateStatus.COMPLETED and result.score == 82 and result.passed is True,
            f"{result.name}: {result.score:g}, passed, in {result.time_taken:g} s",
        )

        shared = api.candidates.share(una.id)
        report = httpx.get(shared.share_url, trust_env=False)
        steps.expect(
            "share the report",
            report.status_code == 200 and "Una Sample" in report.text,
            f"{len(report.content)} bytes that need no login",
        )

        plan = api.plans.get_current()
        steps.done("read the plan", f"{plan.name} ({plan.type_})")


def _invite(api: testdome.TestDome, emails: list[str]) -> tuple[str, ...]:
    """Invite candidates; return whom TestDome did not."""
    body = models.InviteRequest(
        emails=emails,
        body="Please take our test for backend developers.",
        reply_to="hiring@example.com",
        deadline=datetime.now(UTC) + timedelta(days=14),
        proctoring_enabled=False,
    )
    try:
        api.candidates.invite(TEST, body=body)
    except assaykit.PartialFailure as error:
        return tuple(error.failed)
    return ()
