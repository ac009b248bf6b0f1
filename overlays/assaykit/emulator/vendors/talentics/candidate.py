"""The simulated participant: is invited, starts a test, finishes it and has scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assaykit.emulator.engine.control_arguments import invalid, text, whole
from assaykit.emulator.engine.rejection import CONFLICT, Rejected
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.vendor import Action
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talentics.records import EXAMS, SCORES, TICKETS, put, unknown
from assaykit.emulator.vendors.talentics.tickets import shown

SENDING: Final = "sending invitation"
INVITED: Final = "invited"
STARTED: Final = "started"
FINISHED: Final = "finished"
STATUSES: Final = (SENDING, INVITED, STARTED, FINISHED)
MAXIMUM: Final = 100


def _exam_of(state: State, number: int) -> Document:
    exam = state.store.get(EXAMS, str(number))
    if exam is None:
        raise unknown("test")
    return exam


def _ticket(state: State, arguments: Mapping[str, Any]) -> Document:
    ticket = state.store.get(TICKETS, str(whole(arguments, "ticketId")))
    if ticket is None:
        raise unknown("ticket")
    return ticket


def _told(state: State, ticket: Document, exam: Document) -> dict[str, Any]:
    """Return a ticket as the API shows it, its instants in the vendor's form."""
    plan = state.vendor.contract.schema_plan("Ticket")
    told = shown(ticket, exam)
    return told if plan is None else dict(plan(told))


def _advance(state: State, ticket: Document, status: str, **times: str) -> dict[str, Any]:
    """Bring a ticket to a later status and return it as the API shows it."""
    ticket["shown"] |= {"status": status, "updated_at": state.now(), **times}
    ticket["stage"] = status
    state.store.replace(TICKETS, str(ticket["id"]), ticket)
    return _told(state, ticket, _exam_of(state, ticket["examId"]))


def _expect(ticket: Document, *stages: str) -> None:
    if ticket["stage"] not in stages:
        raise Rejected(CONFLICT, f"The ticket is at {ticket['stage']!r}; that is possible at {' or '.join(stages)}.")


def add_ticket(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let a company add a participant to a test, as it does at the vendor's site; the invitation is being sent.

    Args:
        state: Talentics's part of the world.
        arguments: `examId`, `name`, `email`.

    Raises:
        Rejected: There is no such test, or an argument does not fit.
    """
    exam = _exam_of(state, whole(arguments, "examId"))
    name, email = text(arguments, "name"), text(arguments, "email")
    number = state.ids.integer("ticket")
    ticket = new_ticket(number, name, email, state.now())
    put(state.store, TICKETS, number, ticket, owner=exam["owner"], examId=exam["id"], stage=SENDING)
    keep_scores(state, number, name, email, [])
    return _told(state, {"shown": ticket}, exam)


def new_ticket(number: int, name: str, email: str, now: str) -> dict[str, Any]:
    """Return what the API shows of a ticket that was just made."""
    return {
        "id": number,
        "name": name,
        "email": email,
        "started_at": None,
        "finished_at": None,
        "exam": None,
        "created_at": now,
        "updated_at": now,
        "status": SENDING,
    }


def keep_scores(state: State, number: int, name: str, email: str, results: list[dict[str, Any]]) -> None:
    """Add the scores of a ticket."""
    put(state.store, SCORES, number, {"ticket_id": number, "name": name, "email": email, "results": results})


def invite(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let the invitation reach its participant: `ticketId`.

    Raises:
        Rejected: There is no such ticket, or its invitation was sent before.
    """
    ticket = _ticket(state, arguments)
    _expect(ticket, SENDING)
    return _advance(state, ticket, INVITED)


def start(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let a participant start the test, who is invited first if they were not: `ticketId`.

    Raises:
        Rejected: There is no such ticket, or its test was started before.
    """
    ticket = _ticket(state, arguments)
    _expect(ticket, SENDING, INVITED)
    return _advance(state, ticket, STARTED, started_at=state.now())


def finish(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let a participant finish the test, starting it first if they have not, and score it.

    Args:
        state: Talentics's part of the world.
        arguments: `ticketId`; `score` for every aspect or `scores` by the aspect's slug, drawn if left out.

    Returns:
        The ticket, with its results under `results`.

    Raises:
        Rejected: There is no such ticket, it is finished, or a score does not fit.
    """
    ticket = _ticket(state, arguments)
    _expect(ticket, SENDING, INVITED, STARTED)
    exam = _exam_of(state, ticket["examId"])
    results = score(state, exam["assessments"], arguments)
    started = ticket["shown"]["started_at"] if ticket["stage"] == STARTED else state.now()
    told = _advance(state, ticket, FINISHED, started_at=started, finished_at=state.now())
    key = str(ticket["id"])
    kept = state.store.get(SCORES, key)
    if kept is None:
        raise unknown("ticket")
    kept["shown"]["results"] = results
    state.store.replace(SCORES, key, kept)
    return told | {"results": results}


def score(state: State, assessments: list[dict[str, Any]], arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the results of a test; an assessment's score is the mean of its aspects', rounded.

    Args:
        state: Talentics's part of the world.
        assessments: The test's assessments.
        arguments: As for `finish`.

    Raises:
        Rejected: A score does not fit.
    """
    slugs = [aspect["slug"] for assessment in assessments for aspect in assessment["aspects"]]
    one, several = arguments.get("score"), arguments.get("scores") or {}
    if not isinstance(several, dict) or not set(several) <= set(slugs):
        raise invalid("scores", f"must be an object with scores under {', '.join(slugs)}")
    return [_result(state, assessment, one, several) for assessment in assessments]


def _result(state: State, assessment: dict[str, Any], one: Any, several: Mapping[str, Any]) -> dict[str, Any]:
    aspects = []
    for aspect in assessment["aspects"]:
        value = several.get(aspect["slug"], one)
        if value is None:
            value = round(state.ids.fraction("score") * MAXIMUM)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAXIMUM:
            raise invalid("score", f"of {aspect['slug']} must be a whole number from 0 to {MAXIMUM}")
        aspects.append(
            {
                "aspect_group": aspect["group"],
                "aspect_name": aspect["name"],
                "aspect_slug": aspect["slug"],
                "score": value,
            }
        )
    return {
        "assessment_name": assessment["name"],
        "assessment_slug": assessment["slug"],
        "total_score": round(sum(aspect["score"] for aspect in aspects) / len(aspects)),
        "aspect_scores": aspects,
    }


ACTIONS: Final[dict[str, Action]] = {"add-ticket": add_ticket, "invite": invite, "start": start, "finish": finish}
