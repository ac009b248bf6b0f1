"""Tickets: who takes a test, how far they are, and what they scored."""

from __future__ import annotations

from typing import Any

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.talentics.paging import page_of
from assaykit.emulator.vendors.talentics.records import EXAMS, SCORES, TICKETS, owned, unknown

behaviours = Behaviours()
# The page's request line says `ticket`, its sample call `tickets`.
behaviours.alias("tickets_scores", "/v2/exams/ticket/{ticket_id}/scores")


def shown(ticket: Document, exam: Document) -> dict[str, Any]:
    """Return a ticket as the API shows it, with its test in short."""
    told, of_exam = ticket["shown"], exam["shown"]
    short = {name: of_exam[name] for name in ("id", "title", "started_at", "ended_at") if name in of_exam}
    # A ticket's own `exam` is null unless somebody wrote something else there.
    return {**told, "exam": told.get("exam") or short}


@behaviours.operation("tickets_list")
def list_tickets(call: Call) -> Success:
    """List the participants of a test."""
    exam = owned(call, EXAMS, call.path["exam_id"], "test")
    found, around = page_of(call, TICKETS, equal(examId=exam["id"]), f"/v2/exams/{exam['id']}/tickets")
    return Success({"data": [shown(ticket, exam) for ticket in found], **around})


@behaviours.operation("tickets_scores")
def scores(call: Call) -> Success:
    """Show the scores of a participant; there are none before the test is finished."""
    ticket = owned(call, TICKETS, call.path["ticket_id"], "ticket")
    kept = call.state.store.get(SCORES, str(ticket["id"]))
    if kept is None:
        raise unknown("ticket")
    return Success({"data": kept["shown"]})
