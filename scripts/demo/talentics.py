"""Talentics: a company follows a test from its list to the scores, and reads who applied for the job behind it."""

from contextlib import closing

from assaykit import talentics
from assaykit.talentics import models

from .control import Control
from .steps import Steps

APP_ID = "assaykit-demo-app"
APP_SECRET = "assaykit-demo-secret"  # noqa: S105 - opens the emulator and nothing else
EXAM = 8
TICKET = 12


def run(server: str, steps: Steps) -> None:
    """Run the flow.

    Args:
        server: where the emulator is served.
        steps: where each step is noted.
    """
    with (
        closing(Control(server, "talentics")) as control,
        talentics.Talentics(APP_ID, APP_SECRET, base_url=f"{server}/talentics") as api,
    ):
        total = api.exams.list(per_page=1).meta.total
        exams = list(api.paginate(api.exams.list, per_page=20))
        steps.expect("list the tests over all pages", len(exams) == total > 100, f"{len(exams)} tests on pages of 20")

        exam = api.exams.get(EXAM).data
        steps.done("read a test", f"{exam.title}, from {exam.started_at}")

        tickets = {ticket.id: ticket for ticket in api.paginate(api.tickets.list, exam.id, per_page=20)}
        before = tickets[TICKET]
        steps.expect(
            "list its participants",
            before.status == models.TicketStatus.SENDING_INVITATION,
            f"{len(tickets)} tickets; {before.name}: {before.status}",
        )

        control.act("start", ticketId=TICKET)
        control.advance(minutes=35)
        control.act("finish", ticketId=TICKET, score=82)
        after = next(ticket for ticket in api.paginate(api.tickets.list, exam.id) if ticket.id == TICKET)
        steps.expect(
            "the participant takes the test",
            after.status == models.TicketStatus.FINISHED,
            f"{after.name}: {after.status} at {after.finished_at}",
        )

        scores = api.tickets.scores(TICKET).data
        [result] = scores.results
        steps.expect("read the scores", result.total_score == 82, f"{result.assessment_name}: {result.total_score}")

        job = api.jobs.get(exam.job_id).data
        steps.done("read the job behind it", f"{job.title} at {job.organization.name}")

        applicants = api.applicants.list(job.id).data
        applicant = next(person for person in applicants if person.id == 30)
        steps.expect("list its applicants", len(applicants) == 12, f"{len(applicants)}, among them {applicant.name}")

        form = api.applicants.employment_application_form(applicant.id).data
        fields = form.employment_application_form
        steps.expect(
            "read the application form", len(fields) == 23, f"{len(fields)} fields, sent {form.application_time}"
        )
