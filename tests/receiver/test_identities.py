"""What makes two of Podium's webhooks the same event."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assaykit import podium

COMPLETED = {
    "event": "testCompleted",
    "timeStamp": "2019-01-23T11:07:15.1077954Z",
    "participantId": "1-1-c57ffc13-7f62-4eb7-b7c8-8d38ad11acc2",
    "integrationPartnerParticipantId": "partner-id-12345",
    "invitationId": "327677cb-a539-4a2f-af1f-d72e603e9072",
    "testId": "PERSPECTIVES90",
}


def identities(**changes: Any) -> tuple[str, ...]:
    event = podium.webhooks.parse({}, json.dumps(COMPLETED | changes))
    return podium.webhooks.identities({}, event)


@pytest.mark.parametrize(
    "changes",
    [{}, {"integrationPartnerParticipantId": "renamed"}, {"added": "later"}],
)
def test_the_same_completion_is_the_same_event(changes: dict[str, str]) -> None:
    assert len(identities()) == 1
    assert identities(**changes) == identities()


@pytest.mark.parametrize(
    "changes",
    [
        {"timeStamp": "2019-01-23T11:07:15.1077955Z"},  # differs beyond what a datetime holds
        {"timeStamp": "some day"},
        {"timeStamp": None},
        {"participantId": "another"},
        {"testId": "test1"},
        {"invitationId": "assigned once more"},
        {"event": "testExpired"},
    ],
)
def test_another_completion_is_another_event(changes: dict[str, str]) -> None:
    assert identities(**changes) != identities()


def test_unknown_kinds_are_told_apart_by_all_they_say() -> None:
    assert identities(event="testExpired") == identities(event="testExpired")
    assert identities(event="testExpired") != identities(event="testExpired", testId="test1")


def test_unknown_kind_without_a_date_may_be_meant_twice() -> None:
    event = podium.UnknownEvent("creditsLow", {"event": "creditsLow"})

    assert podium.webhooks.identities({}, event) == ()
