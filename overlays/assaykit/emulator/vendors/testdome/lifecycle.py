"""A candidate's way from the invitation to a final status, what the clock does to it, and the webhook at its end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from assaykit.emulator.engine.dates import instant_text
from assaykit.emulator.engine.editing import edited
from assaykit.emulator.engine.storage import Document, Where
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.testdome.accounts import DEMO, move_balance
from assaykit.emulator.vendors.testdome.records import (
    CANCELED,
    CANDIDATES,
    COMPLETED,
    DID_NOT_TAKE,
    INVITED,
    OPEN,
    SENDING,
    save,
)

EVENT: Final = "candidateFinalState"
SENDING_SECONDS: Final = 10
"""How long an invitation is on its way."""
_FIRST: Final = 8_000_001
_FINAL_STATUSES: Final = {COMPLETED: "Completed", DID_NOT_TAKE: "DidNotTake", CANCELED: "Canceled"}
"""Final statuses, and how the webhook writes them."""


def add_candidate(state: State, owner: str, test_id: int, email: str, **given: Any) -> Document:
    """Add a candidate, who is nowhere yet; `move` brings them to a status.

    Args:
        state: TestDome's part of the world.
        owner: The account.
        test_id: The test.
        email: E-mail address.
        **given: Values of their own, such as the id; the usual ones if left out.
    """
    number = given.get("id") or state.ids.integer("candidate", _FIRST)
    candidate: Document = {
        "id": number,
        "owner": owner,
        "testId": test_id,
        "urlId": None,
        "address": address_of(email),
        "name": None,
        "email": email,
        "status": SENDING,
        "score": None,
        "maxScore": None,
        "passedOverride": None,
        "timeTaken": 0,
        "deadline": None,
        "invitationKey": state.ids.token("invitation key"),
        "archived": False,
        "anonymized": None,
        "tags": [],
        "needsScoring": False,
        "proctoringEnabled": False,
        "proctoringStatus": None,
        "possibleCheating": False,
        "possibleCheatingAttempts": [],
        "skillScores": [],
        "notes": [],
        "activities": [],
        "certificate": None,
        "notified": False,
        "paid": False,
        "sentAt": None,
        "startedAt": None,
        "pausedAt": None,
        "pausedSeconds": 0,
        "dueAt": None,
        "shareKey": None,
    } | given
    state.store.insert(CANDIDATES, str(number), candidate)
    return candidate


def address_of(email: str) -> str:
    """Return an e-mail address as two spellings of one are compared."""
    return email.casefold()


def note(candidate: Document, at: str, text: str) -> None:
    """Add to what happened to a candidate."""
    candidate["activities"].append({"date": at, "description": text})


def move(state: State, candidate: Document, status: str, at: str, text: str) -> None:
    """Bring a candidate to a status and keep everything that was changed; at a final one webhooks go out.

    Args:
        state: TestDome's part of the world.
        candidate: The candidate.
        status: The new status.
        at: When it happened.
        text: What happened, in words.
    """
    candidate["status"] = status
    note(candidate, at, text)
    keep(state, candidate)
    if status in _FINAL_STATUSES:
        tell(state, candidate)


def keep(state: State, candidate: Document) -> None:
    """Keep a candidate that was changed, with the instant at which the clock next does something to them."""
    candidate["dueAt"] = None
    if candidate["status"] in OPEN:
        dates = [candidate["deadline"], candidate["sentAt"] if candidate["status"] == SENDING else None]
        candidate["dueAt"] = min((date for date in dates if date is not None), default=None)
    save(state.store, CANDIDATES, candidate)


def send(state: State, candidate: Document, text: str) -> None:
    """Put a candidate's invitation on its way."""
    candidate["sentAt"] = instant_text(state.clock.now() + timedelta(seconds=SENDING_SECONDS))
    move(state, candidate, SENDING, state.now(), text)


def catch_up(state: State) -> None:
    """Let everything happen that the clock has made due: invitations arrive, and deadlines pass, in their order."""
    while due := state.store.find(CANDIDATES, [Where("dueAt", "<=", state.now())], order=["dueAt", "id"], limit=1):
        [candidate] = due
        at = candidate["dueAt"]
        if candidate["deadline"] is not None and candidate["deadline"] <= at:
            return_invite(state, candidate)
            move(state, candidate, DID_NOT_TAKE, at, "The deadline passed.")
        else:
            move(state, candidate, INVITED, at, "The candidate was invited.")


def return_invite(state: State, candidate: Document) -> None:
    """Give the account back the invite that a candidate has cost, if there is one."""
    if candidate["paid"]:
        candidate["paid"] = False
        move_balance(state, candidate["owner"], 1)


def shown_event(candidate: Document) -> dict[str, Any]:
    """Return what the webhook tells of a candidate."""
    status = candidate["status"]
    event = {
        "candidateId": candidate["invitationKey"],
        "testId": candidate["testId"],
        "status": _FINAL_STATUSES.get(status, status),
    }
    return edited("webhooks", candidate, event)


def tell(state: State, candidate: Document) -> None:
    """Put the webhook into the outbox for those who subscribed for the candidate's account."""
    for subscription in state.subscriptions(EVENT):
        if subscription.options.get("account", DEMO) == candidate["owner"]:
            state.emit(subscription, EVENT, shown_event(candidate))
