"""Participants: created by the partner, read by either party's id."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import quote

from assaykit.emulator.engine.editing import edited
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import NOT_FOUND, Rejected
from assaykit.emulator.engine.storage import Document, Storage
from assaykit.emulator.engine.urls import MalformedText, parse_query
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.podium.records import (
    PARTICIPANTS,
    client_of,
    invitations_of,
    is_open,
    participant_of,
    participants_by_partner_id,
)

behaviours = Behaviours()


def assessment_url(base_url: str, participant_id: str) -> str:
    """Return the address under which a participant reaches all their tests; the emulator answers it itself."""
    return f"{base_url}/assessment?loginKey={quote(participant_id)}"


@behaviours.operation("participants_create")
def create(call: Call) -> Success:
    """Add a participant to a client."""
    client = client_of(call)
    participant_id = f"1-1-{call.state.ids.uuid('participant')}"
    body = call.body
    call.state.store.insert(
        PARTICIPANTS,
        participant_id,
        {
            "id": participant_id,
            "clientId": client["id"],
            "partnerParticipantId": body["integrationPartnerParticipantId"],
            "firstName": body["firstName"],
            "lastName": body["lastName"],
            "gender": body["gender"],
            "emailAddress": body["emailAddress"],
            "metadata": body.get("integrationPartnerParticipantMetadata"),
            "createdAt": call.state.now(),
        },
    )
    return Success(
        {
            "participantId": participant_id,
            "integrationPartnerParticipantId": body["integrationPartnerParticipantId"],
            "participantAssessmentUrl": assessment_url(call.request.base_url, participant_id),
        }
    )


def shown_invitation(invitation: Document) -> dict[str, Any]:
    """Return an invitation as the API shows it."""
    shown = {
        "invitationId": invitation["id"],
        "testId": invitation["testId"],
        "creationDate": invitation["createdAt"],
        "completionDate": invitation["completedAt"],
        "expiryDate": invitation["expiresAt"],
        "firstLaunched": invitation["startedAt"],
    }
    return edited("invitations", invitation, shown)


def shown_participant(store: Storage, participant: Document, *, address: bool = False) -> dict[str, Any]:
    """Return how far a participant has got, as the API shows it.

    Args:
        store: Where the invitations are kept.
        participant: The participant.
        address: Whether the e-mail address belongs to it.
    """
    shown = {
        "participantId": participant["id"],
        **({"emailAddress": participant["emailAddress"]} if address else {}),
        "integrationPartnerParticipantId": participant["partnerParticipantId"],
        "integrationPartnerParticipantMetadata": participant["metadata"],
        "tests": [shown_invitation(invitation) for invitation in invitations_of(store, participant["id"])],
    }
    return edited("participants", participant, shown)


@behaviours.operation("participants_status")
def status(call: Call) -> Success:
    """Tell how far a participant's tests have got."""
    return Success(shown_participant(call.state.store, participant_of(call)))


@behaviours.operation("participants_status_by_partner_id")
def status_by_partner_id(call: Call) -> Success:
    """Tell the same for every participant that carries the partner's id."""
    found = participants_by_partner_id(call)
    return Success([shown_participant(call.state.store, participant, address=True) for participant in found])


@behaviours.page("GET", "/assessment")
def assessment(call: Call) -> Success:
    """Show what a participant sees when they follow their address: a list of their tests."""
    try:
        key = parse_query(call.request.query).get("loginKey", [""])[0]
    except MalformedText:
        key = ""
    participant = call.state.store.get(PARTICIPANTS, key)
    if participant is None:
        raise Rejected(NOT_FOUND, "There is no participant with this login key.")
    now = call.state.now()
    rows = "".join(
        f"<li>{escape(invitation['testId'])}: {_progress(invitation, now)}</li>"
        for invitation in invitations_of(call.state.store, participant["id"])
    )
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Your tests</title>'
        f"<h1>{escape(participant['firstName'])}, these are your tests</h1><ul>{rows}</ul></html>"
    )
    return Success(page.encode(), media_type="text/html; charset=utf-8")


def _progress(invitation: Document, now: str) -> str:
    if invitation["completedAt"] is not None:
        return "completed"
    if not is_open(invitation, now):
        return "expired"
    return "open" if invitation["startedAt"] is None else "started"
