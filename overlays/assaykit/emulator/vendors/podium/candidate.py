"""The simulated candidate: starts and completes tests, which sets off webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assaykit.emulator.engine.control_arguments import invalid
from assaykit.emulator.engine.editing import edited
from assaykit.emulator.engine.rejection import CONFLICT, NOT_FOUND, PAYMENT_REQUIRED, Field, Rejected
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.vendor import Action
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.podium.credit import charge
from assaykit.emulator.vendors.podium.records import (
    CLIENTS,
    INVITATIONS,
    NORMS,
    PARTICIPANTS,
    TESTS,
    invitations_of,
    is_open,
)
from assaykit.emulator.vendors.podium.scoring import scores, with_decimal_points

DEFAULT_NORM: Final = "norm1"
COMPLETED: Final = "testCompleted"
SCORED: Final = "testCompletedWithResultScoring"
SCORED_EVENT: Final = "testCompletedAndScored"


def _text(arguments: Mapping[str, Any], field: str) -> str | None:
    value = arguments.get(field)
    if value is not None and not isinstance(value, str):
        raise invalid(field, "must be text")
    return value


def _chosen(state: State, arguments: Mapping[str, Any]) -> tuple[Document, Document]:
    """Return the participant and the invitation meant: by its id, or the oldest open one to a test."""
    participant_id = _text(arguments, "participantId")
    test_id = _text(arguments, "testId")
    invitation_id = _text(arguments, "invitationId")
    participant = state.store.get(PARTICIPANTS, participant_id or "")
    if participant is None:
        raise Rejected(NOT_FOUND, "There is no participant with this id.", [Field("participantId", "is not known")])
    now = state.now()
    held = invitations_of(state.store, participant["id"])
    meant = [
        invitation
        for invitation in held
        if (invitation_id is None or invitation["id"] == invitation_id)
        and (test_id is None or invitation["testId"] == test_id)
    ]
    if invitation_id is None and test_id is None:
        raise invalid("testId", "or invitationId is required")
    if not meant:
        raise Rejected(NOT_FOUND, "The participant has no such invitation; assign the test first.")
    usable = [invitation for invitation in meant if is_open(invitation, now)]
    if not usable:
        cause = "is completed" if meant[-1]["completedAt"] is not None else "has expired"
        raise Rejected(CONFLICT, f"The invitation to {meant[-1]['testId']} {cause}; assign the test again.")
    invitation = usable[0]
    if invitation["order"] is not None:
        _keep_order(invitation, held, now)
    return participant, invitation


def _keep_order(invitation: Document, held: list[Document], now: str) -> None:
    """Refuse a test while one that comes before it in the forced order is still open."""
    for other in held:
        if other["order"] is not None and other["order"] < invitation["order"] and is_open(other, now):
            raise Rejected(CONFLICT, f"{other['testId']} comes before {invitation['testId']} and is not completed.")


def _start(state: State, invitation: Document) -> None:
    if invitation["startedAt"] is None:
        invitation["startedAt"] = state.now()
        state.store.replace(INVITATIONS, invitation["id"], invitation)


def _shown(invitation: Document) -> dict[str, Any]:
    return {
        "invitationId": invitation["id"],
        "testId": invitation["testId"],
        "startedAt": invitation["startedAt"],
        "completedAt": invitation["completedAt"],
        "rawScores": invitation["rawScores"],
    }


def start(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let a participant launch a test.

    Args:
        state: Podium's part of the world.
        arguments: `participantId`, and `testId` or `invitationId`.

    Raises:
        Rejected: There is no such invitation, it is completed or expired, or its turn has not come.
    """
    _, invitation = _chosen(state, arguments)
    _start(state, invitation)
    return _shown(invitation)


def _raw_scores(state: State, test: Document, arguments: Mapping[str, Any]) -> dict[str, float]:
    """Return the raw score of every scale: as given, else drawn from the world's seed."""
    one, several = arguments.get("rawScore"), arguments.get("rawScores") or {}
    scales = {scale["id"]: scale for scale in test["scales"]}
    if not isinstance(several, dict) or not set(several) <= set(scales):
        raise invalid("rawScores", f"must be an object with scores under {', '.join(scales)}")
    raw: dict[str, float] = {}
    for scale_id, scale in scales.items():
        value = several.get(scale_id, one)
        if value is None:
            value = round(state.ids.fraction("raw score") * scale["maximum"])
        fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= scale["maximum"]
        if not fits:
            raise invalid("rawScore", f"on {scale_id} must be a number from 0 to {scale['maximum']}")
        raw[scale_id] = value
    return raw


def complete(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let a participant complete a test, launching it first if they have not; webhooks go out.

    Args:
        state: Podium's part of the world.
        arguments: As for `start`; `rawScore` for every scale of the test or `rawScores` by scale, drawn if left out.

    Raises:
        Rejected: As for `start`, or a score does not fit its scale.
    """
    participant, invitation = _chosen(state, arguments)
    test = state.store.get(TESTS, invitation["testId"])
    if test is None:
        raise Rejected(NOT_FOUND, f"The test {invitation['testId']} does not exist any more.")
    raw = _raw_scores(state, test, arguments)
    _start(state, invitation)
    invitation["completedAt"] = state.now()
    invitation["rawScores"] = raw
    state.store.replace(INVITATIONS, invitation["id"], invitation)
    _tell(state, participant, invitation, test)
    return _shown(invitation)


def _tell(state: State, participant: Document, invitation: Document, test: Document) -> None:
    """Queue the webhooks. A client without credits gets no scored one, since it could not be charged."""
    event = _event(participant, invitation)
    for subscription in state.subscriptions(COMPLETED):
        state.emit(subscription, COMPLETED, edited("webhooks", invitation, dict(event)))
    for subscription in state.subscriptions(SCORED):
        norm = state.store.get(NORMS, subscription.options.get("normId", DEFAULT_NORM))
        if norm is None:
            continue
        try:
            charge(state, participant["clientId"], [(participant["id"], test["id"], norm["id"])])
        except Rejected as refusal:
            if refusal.kind != PAYMENT_REQUIRED:
                raise
            continue
        scored = {**event, "event": SCORED_EVENT, "results": _results(state, participant, invitation, test, norm)}
        state.emit(subscription, SCORED, edited("webhooks", invitation, scored))


def _event(participant: Document, invitation: Document) -> dict[str, Any]:
    return {
        "event": COMPLETED,
        "timeStamp": invitation["completedAt"],
        "participantId": participant["id"],
        "integrationPartnerParticipantId": participant["partnerParticipantId"],
        "invitationId": invitation["id"],
        "testId": invitation["testId"],
    }


def shown_webhook(state: State, invitation: Document) -> dict[str, Any]:
    """Return what a webhook tells, or will tell, of a completed test without its results."""
    participant = state.store.get(PARTICIPANTS, invitation["participantId"])
    return {} if participant is None else edited("webhooks", invitation, _event(participant, invitation))


def _results(
    state: State, participant: Document, invitation: Document, test: Document, norm: Document
) -> dict[str, Any]:
    client = state.store.get(CLIENTS, participant["clientId"])
    return {
        "participantId": participant["id"],
        "clientId": participant["clientId"],
        "integrationPartnerId": "" if client is None else client["partnerId"],
        "integrationPartnerParticipantId": participant["partnerParticipantId"],
        "integrationPartnerParticipantMetadata": participant["metadata"],
        "results": [
            {
                "testId": test["id"],
                "completionDate": invitation["completedAt"],
                "scores": with_decimal_points(scores(invitation["rawScores"], test, norm, ())),
            }
        ],
    }


ACTIONS: Final[dict[str, Action]] = {"start": start, "complete": complete}
