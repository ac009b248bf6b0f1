"""Invitations by e-mail: they spend invites of the balance, and give them back when cancelled."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from assaykit.emulator.engine.dates import instant_text, parse_instant
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import CONFLICT, FORBIDDEN, Rejected
from assaykit.emulator.engine.storage import Document, Storage, equal
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.testdome.accounts import invites_left, move_balance
from assaykit.emulator.vendors.testdome.lifecycle import (
    add_candidate,
    address_of,
    keep,
    move,
    note,
    return_invite,
    send,
)
from assaykit.emulator.vendors.testdome.records import (
    CANCELED,
    CANDIDATES,
    FINAL,
    OPEN,
    TAKING,
    TESTS,
    owned_candidate,
    owned_test,
    save,
)
from assaykit.emulator.vendors.testdome.records import COMPLETED as FINISHED

behaviours = Behaviours()
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
NO_INVITES: Final = "The account has no invites left."
_NO_ADDRESS: Final = "Some texts are no e-mail addresses."
_OVER: Final = "The deadline is over."


@dataclass(slots=True)
class _Outcome:
    """What became of the addresses of one request."""

    invited: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        causes = dict.fromkeys(self.failed.values())
        return {
            "failedEmails": list(self.failed),
            "message": " ".join(causes) or None,
            "result": self.invited,
            "_links": {},
        }


@behaviours.operation("candidates_invite")
def invite(call: Call) -> Success:
    """Invite every address; each new candidate costs one invite of the balance."""
    test = owned_test(call)
    if test["archived"]:
        raise Rejected(CONFLICT, "The test is archived; bring it back first.", code="testArchived")
    body = call.body
    deadline = instant_text(parse_instant(body["deadline"]))
    state, store = call.state, call.state.store
    outcome = _Outcome()
    spellings: dict[str, list[str]] = {}
    for email in dict.fromkeys(body["emails"]):
        if _ADDRESS.fullmatch(email) is None:
            outcome.failed[email] = _NO_ADDRESS
        elif deadline <= state.now():
            outcome.failed[email] = _OVER
        else:
            spellings.setdefault(address_of(email), []).append(email)
    known = {address: _find(store, test, address) for address in spellings}
    costly = [address for address, candidate in known.items() if candidate is None or _came_back(candidate)]
    left = invites_left(state, call.identity)
    if costly and left == 0:
        raise Rejected(FORBIDDEN, NO_INVITES, code="noInvitesLeft")
    beyond = frozenset(costly[left:])
    for address, emails in spellings.items():
        if address in beyond:
            outcome.failed |= dict.fromkeys(emails, NO_INVITES)
        else:
            _invite(call, test, emails[0], known[address], deadline)
            outcome.invited += emails
    move_balance(state, call.identity, len(beyond) - len(costly))
    if outcome.invited:
        test["inviteViaEmailParameters"] = {
            name: body[name] for name in ("body", "replyTo", "deadline", "proctoringEnabled")
        }
        save(store, TESTS, test)
    return Success(outcome.as_json())


def _find(store: Storage, test: Document, address: str) -> Document | None:
    found = store.find(CANDIDATES, equal(testId=test["id"], address=address), limit=1)
    return found[0] if found else None


def _came_back(candidate: Document) -> bool:
    """Whether the invite of a candidate has returned to the balance, so that inviting them costs one again."""
    return candidate["status"] in FINAL and candidate["status"] != FINISHED and not candidate["paid"]


def _invite(call: Call, test: Document, email: str, candidate: Document | None, deadline: str) -> None:
    state, proctored = call.state, call.body["proctoringEnabled"]
    if candidate is None:
        added = add_candidate(
            state, call.identity, test["id"], email, deadline=deadline, proctoringEnabled=proctored, paid=True
        )
        send(state, added, "The invitation was sent.")
        return
    if candidate["status"] in TAKING or candidate["status"] == FINISHED:
        # The e-mail goes out once more; the test that was started or finished stays what it is.
        note(candidate, state.now(), "The invitation was sent again.")
        keep(state, candidate)
        return
    if _came_back(candidate):
        # Another invitation, with a key of its own: its end is another event.
        candidate["invitationKey"] = state.ids.token("invitation key")
        candidate["paid"] = True
    candidate["deadline"] = deadline
    candidate["proctoringEnabled"] = proctored
    send(state, candidate, "The invitation was sent again.")


@behaviours.operation("candidates_cancel_invite")
def cancel(call: Call) -> Success:
    """Take an invitation back; the invite returns to the balance."""
    candidate = owned_candidate(call)
    if candidate["status"] not in OPEN:
        cause = "has started the test" if candidate["status"] in TAKING else "is past a final status"
        raise Rejected(CONFLICT, f"The candidate {cause}.", code="invitationClosed")
    return_invite(call.state, candidate)
    move(call.state, candidate, CANCELED, call.state.now(), "The invitation was cancelled.")
    return Success(status=204)
