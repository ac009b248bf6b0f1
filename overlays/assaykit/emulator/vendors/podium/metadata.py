"""The partner's own data about a participant."""

from __future__ import annotations

from typing import Any

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.podium.records import (
    PARTICIPANTS,
    participant_of,
    participants_by_partner_id,
    unknown,
)

behaviours = Behaviours()


def _store(call: Call, participants: list[Document], metadata: Any) -> None:
    for participant in participants:
        participant["metadata"] = metadata
        call.state.store.replace(PARTICIPANTS, participant["id"], participant)


def _by_partner_id(call: Call) -> list[Document]:
    participants = participants_by_partner_id(call)
    if not participants:
        raise unknown("participant", "path.integrationPartnerParticipantId")
    return participants


def _replaced(call: Call, participants: list[Document]) -> Success:
    metadata = call.body["integrationPartnerParticipantMetadata"]
    _store(call, participants, metadata)
    return Success({"integrationPartnerParticipantMetadata": metadata})


@behaviours.operation("metadata_update")
def update(call: Call) -> Success:
    """Put an object in the place of a participant's metadata."""
    return _replaced(call, [participant_of(call)])


@behaviours.operation("metadata_update_by_partner_id")
def update_by_partner_id(call: Call) -> Success:
    """Do the same for every participant that carries the partner's id."""
    return _replaced(call, _by_partner_id(call))


@behaviours.operation("metadata_delete")
def delete(call: Call) -> Success:
    """Set a participant's metadata to null."""
    _store(call, [participant_of(call)], None)
    return Success()


@behaviours.operation("metadata_delete_by_partner_id")
def delete_by_partner_id(call: Call) -> Success:
    """Do the same for every participant that carries the partner's id."""
    _store(call, _by_partner_id(call), None)
    return Success()
