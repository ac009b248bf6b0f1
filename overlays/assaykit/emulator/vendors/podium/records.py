"""The documents that Podium keeps, and how they are looked up on behalf of a partner."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from assaykit.emulator.engine.rejection import NOT_FOUND, Field, Rejected
from assaykit.emulator.engine.storage import Collection, Document, Storage, equal
from assaykit.emulator.engine.vendor import Call

KEYS: Final = "podium.keys"
CLIENTS: Final = "podium.clients"
TESTS: Final = "podium.tests"
NORMS: Final = "podium.norms"
ROLE_PROFILES: Final = "podium.roleProfiles"
BUNDLES: Final = "podium.bundles"
PARTICIPANTS: Final = "podium.participants"
INVITATIONS: Final = "podium.invitations"
CHARGES: Final = "podium.charges"
REPORTS: Final = "podium.reports"
LINKS: Final = "podium.links"
MAILS: Final = "podium.mails"

COLLECTIONS: Final = (
    Collection(KEYS),
    Collection(CLIENTS),
    Collection(TESTS),
    Collection(NORMS),
    Collection(ROLE_PROFILES),
    Collection(BUNDLES),
    Collection(
        PARTICIPANTS,
        {"clientId": str, "partnerParticipantId": str},
        compound=(("partnerParticipantId", "clientId"),),
    ),
    Collection(
        INVITATIONS,
        {"clientId": str, "participantId": str, "testId": str, "createdAt": str, "completedAt": str},
        compound=(("clientId", "completedAt"),),
    ),
    Collection(CHARGES),
    Collection(REPORTS, {"clientId": str}),
    Collection(LINKS, {"expiresAt": str}),
    Collection(MAILS, {"participantId": str}),
)


def unknown(thing: str, field: str) -> Rejected:
    """Return the refusal of an id that names nothing the partner may see."""
    return Rejected(NOT_FOUND, f"There is no {thing} with this id.", [Field(field, "is not known")])


def client_of(call: Call) -> Document:
    """Return the client in the path.

    Raises:
        Rejected: There is none with this id, or it belongs to another partner.
    """
    client = call.state.store.get(CLIENTS, call.path["clientId"])
    if client is None or client["partnerId"] != call.identity:
        raise unknown("client", "path.clientId")
    return client


def participant_of(call: Call) -> Document:
    """Return the participant in the path.

    Raises:
        Rejected: The client is unknown, or has no participant with this id.
    """
    client = client_of(call)
    participant = call.state.store.get(PARTICIPANTS, call.path["participantId"])
    if participant is None or participant["clientId"] != client["id"]:
        raise unknown("participant", "path.participantId")
    return participant


def participants_by_partner_id(call: Call) -> list[Document]:
    """Return the client's participants with the partner's id in the path, in order of creation."""
    client = client_of(call)
    partner_id = call.path["integrationPartnerParticipantId"]
    return call.state.store.find(PARTICIPANTS, equal(clientId=client["id"], partnerParticipantId=partner_id))


def known(store: Storage, collection: str, thing: str, ids: Iterable[str], field: str) -> list[Document]:
    """Return the documents with the given ids, each once, in the given order.

    Args:
        store: Where they are kept.
        collection: Their collection.
        thing: What they are, in words.
        ids: Their ids.
        field: The request's field that holds the ids; errors name the entry.

    Raises:
        Rejected: One of the ids names nothing.
    """
    found: dict[str, Document] = {}
    for index, one in enumerate(ids):
        if one not in found:
            document = store.get(collection, one)
            if document is None:
                raise unknown(thing, f"{field}[{index}]")
            found[one] = document
    return list(found.values())


def invitations_of(store: Storage, participant_id: str) -> list[Document]:
    """Return a participant's invitations, oldest first."""
    return store.find(INVITATIONS, equal(participantId=participant_id))


def is_open(invitation: Document, now: str) -> bool:
    """Whether a participant may still start, or go on with, a test."""
    expires = invitation["expiresAt"]
    return invitation["completedAt"] is None and (expires is None or expires > now)
