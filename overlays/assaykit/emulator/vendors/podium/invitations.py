"""Invitations by e-mail. Nothing leaves the emulator: mails are kept where tests can read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.engine.vendor import Action, Behaviours, Call
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.podium.participants import assessment_url
from assaykit.emulator.vendors.podium.records import MAILS, invitations_of, is_open, participant_of

behaviours = Behaviours()


@behaviours.operation("invitations_send")
def send(call: Call) -> Success:
    """Send one mail if the participant has an open, valid invitation; answer alike if not."""
    participant = participant_of(call)
    now = call.state.now()
    tests = [
        invitation["testId"]
        for invitation in invitations_of(call.state.store, participant["id"])
        if is_open(invitation, now)
    ]
    if tests:
        mail_id = f"mail-{call.state.ids.integer('mail')}"
        call.state.store.insert(
            MAILS,
            mail_id,
            {
                "id": mail_id,
                "participantId": participant["id"],
                "to": participant["emailAddress"],
                "url": assessment_url(call.request.base_url, participant["id"]),
                "testIds": tests,
                "sentAt": now,
            },
        )
    return Success()


def mails(state: State, arguments: Mapping[str, Any]) -> list[Document]:
    """List the mails, oldest first; `participantId` narrows them to one participant."""
    participant_id = arguments.get("participantId")
    return state.store.find(MAILS, [] if participant_id is None else equal(participantId=str(participant_id)))


ACTIONS: Final[dict[str, Action]] = {"mails": mails}
