"""Tests assigned to participants: one invitation each."""

from __future__ import annotations

from assaykit.emulator.engine.dates import day_range, instant_text, parse_instant
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import CONFLICT, Field, Rejected
from assaykit.emulator.engine.storage import Where, equal
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.podium.errors import TEST_STARTED
from assaykit.emulator.vendors.podium.records import INVITATIONS, TESTS, participant_of, unknown

behaviours = Behaviours()


def _instant(text: str | None) -> str | None:
    return None if text is None else instant_text(parse_instant(text))


@behaviours.operation("tests_assign")
def assign(call: Call) -> Success:
    """Invite a participant to tests; an entry's own expiry overrides the outer one."""
    participant = participant_of(call)
    store, now = call.state.store, call.state.now()
    outer = call.body.get("expiryDate")
    invitations = []
    for index, wanted in enumerate(call.body["tests"]):
        if store.get(TESTS, wanted["testId"]) is None:
            raise unknown("test", f"body.tests[{index}].testId")
        invitation_id = call.state.ids.uuid("invitation")
        store.insert(
            INVITATIONS,
            invitation_id,
            {
                "id": invitation_id,
                "clientId": participant["clientId"],
                "participantId": participant["id"],
                "testId": wanted["testId"],
                "languageId": wanted["languageId"],
                "order": wanted.get("order"),
                "createdAt": now,
                "expiresAt": _instant(wanted.get("expiryDate", outer)),
                "startedAt": None,
                "completedAt": None,
                "rawScores": None,
            },
        )
        invitations.append({"testId": wanted["testId"], "invitationId": invitation_id})
    return Success(invitations)


@behaviours.operation("tests_remove")
def remove(call: Call) -> Success:
    """Take tests away again; a started one is kept, and refused if it was named."""
    participant = participant_of(call)
    store = call.state.store
    named = call.query.get("testId")
    where = equal(participantId=participant["id"])
    if named is not None:
        where.append(Where("testId", "in", named))
    where.extend(day_range("createdAt", call.query.get("startDate"), call.query.get("endDate")))
    chosen = store.find(INVITATIONS, where)
    started = sorted({invitation["testId"] for invitation in chosen if invitation["startedAt"] is not None})
    if named is not None and started:
        verb = "has" if len(started) == 1 else "have"
        raise Rejected(
            CONFLICT,
            f"{', '.join(started)} {verb} been started and cannot be removed.",
            [Field("query.testId", "names a started test")],
            code=TEST_STARTED,
        )
    for invitation in chosen:
        if invitation["startedAt"] is None:
            store.delete(INVITATIONS, invitation["id"])
    return Success()
