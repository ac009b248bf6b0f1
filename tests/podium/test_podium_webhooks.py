"""Webhooks as typed events."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

import assaykit
from assaykit import podium
from assaykit.testing.podium import Emulator
from tests.podium.support import CLIENT, new_participant, one_test

JSON = {"Content-Type": "application/json; charset=utf-8"}
# As printed on the vendor's page, "Test Completed With Result Scoring".
SCORED: dict[str, Any] = {
    "event": "testCompletedAndScored",
    "timeStamp": "2019-01-23T11:07:15.1077954Z",
    "participantId": "1-1-c57ffc13-7f62-4eb7-b7c8-8d38ad11acc2",
    "integrationPartnerParticipantId": "partner-id-12345",
    "invitationId": "327677cb-a539-4a2f-af1f-d72e603e9072",
    "testId": "PERSPECTIVES90",
    "results": {
        "participantId": "1-1-c57ffc13-7f62-4eb7-b7c8-8d38ad11acc2",
        "clientId": "d10ffc13-7f62-fef7-b7c8-8d38ad11acc2",
        "integrationPartnerId": "partner-12345",
        "integrationPartnerParticipantId": "partner-id-12345",
        "integrationPartnerParticipantMetadata": None,
        "results": [
            {
                "testId": "PERSPECTIVES90",
                "completionDate": "2019-01-23T11:07:15.1077954Z",
                "scores": [{"scaleId": "SOC", "percentileScore": 41, "rawScore": 23.0, "standardisedScore": 5.0}],
            }
        ],
    },
}
COMPLETED = {name: value for name, value in SCORED.items() if name != "results"} | {"event": "testCompleted"}


def parse(payload: object, headers: Mapping[str, str] = JSON) -> Any:
    return podium.webhooks.parse(headers, json.dumps(payload).encode())


def test_sample_of_a_completed_test() -> None:
    event = parse(COMPLETED)

    assert isinstance(event, podium.webhooks.TestCompleted)
    assert event.participant_id == "1-1-c57ffc13-7f62-4eb7-b7c8-8d38ad11acc2"
    assert isinstance(event.time_stamp, datetime)
    assert event.time_stamp.year == 2019


@pytest.mark.parametrize("name", ["testCompletedAndScored", "testCompletedWithResultScoring"])
def test_sample_of_a_scored_test_under_both_names(name: str) -> None:
    event = parse(SCORED | {"event": name})

    assert isinstance(event, podium.webhooks.TestCompletedAndScored)
    assert event.event == "testCompletedAndScored"
    assert event.results.results[0].scores[0].raw_score == 23.0


def test_text_bytes_and_charsets_are_read() -> None:
    payload = json.dumps(COMPLETED | {"testId": "prüfung"}, ensure_ascii=False)
    for headers, body in (
        (JSON, payload),
        (JSON, payload.encode()),
        ({}, payload.encode()),
        ({"content-type": "application/json; charset=latin-1"}, payload.encode("latin-1")),
        ({}, b"\xef\xbb\xbf" + payload.encode()),
    ):
        assert podium.webhooks.parse(headers, body).test_id == "prüfung"  # type: ignore[union-attr]  # a TestCompleted, as the event says


def test_unknown_kind_is_kept_whole() -> None:
    event = parse({"event": "testStarted", "testId": "test1"})

    assert event == podium.UnknownEvent("testStarted", {"event": "testStarted", "testId": "test1"})
    assert "test1" not in repr(event)


def test_unknown_fields_and_dates_do_not_cost_the_event() -> None:
    event = parse(COMPLETED | {"added": 1, "timeStamp": "some day"})

    assert isinstance(event, podium.webhooks.TestCompleted)
    assert event.test_id == "PERSPECTIVES90"


def changed(path: str, value: object) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(json.dumps(SCORED))
    *way, last = path.split(".")
    place: Any = payload
    for part in way:
        place = place[int(part) if part.isdigit() else part]
    place[last] = value
    return payload


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ([], "$"),
        ("text", "$"),
        ({}, "$.event"),
        ({"event": 5}, "$.event"),
        ({"event": ""}, "$.event"),
        ({"event": "testCompleted"}, "$.timeStamp"),
        (changed("participantId", 5), "$.participantId"),
        (changed("results", None), "$.results"),
        (changed("results.clientId", 5), "$.results.clientId"),
        (changed("results.results.0.scores", "high"), "$.results.results[0].scores"),
    ],
)
def test_misfit_names_its_place(payload: object, path: str) -> None:
    with pytest.raises(assaykit.WebhookInvalid) as caught:
        parse(payload)

    assert caught.value.path == path
    assert path in str(caught.value)
    assert "partner-id-12345" not in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (JSON, b""),
        (JSON, b"{"),
        (JSON, b"event=testCompleted"),
        (JSON, b'{"event": NaN}'),
        (JSON, b"\xff\xfe"),
        (JSON, b"[" * 100_000),
        ({"Content-Type": "application/json; charset=klingon"}, b"{}"),
    ],
)
def test_body_that_is_not_json_is_refused(headers: Mapping[str, str], body: bytes) -> None:
    with pytest.raises(assaykit.WebhookInvalid) as caught:
        podium.webhooks.parse(headers, body)

    assert caught.value.path == "$"


def test_what_the_emulator_sends_is_read(podium_emulator: Emulator) -> None:
    events: list[Any] = []
    podium_emulator.subscribe(lambda headers, body: events.append(podium.webhooks.parse(headers, body)))
    with podium_emulator.client() as api:
        person = api.participants.create(CLIENT, body=new_participant("x-1"))
        api.tests.assign(CLIENT, person.participant_id, body=one_test())
    podium_emulator.complete(person, "test1", raw_score=18)

    completed, scored = events
    assert isinstance(completed, podium.webhooks.TestCompleted)
    assert isinstance(scored, podium.webhooks.TestCompletedAndScored)
    assert completed.participant_id == scored.results.participant_id == person.participant_id
    assert scored.results.results[0].scores[0].raw_score == 18


def test_without_pydantic_the_error_says_how_to_install_it() -> None:
    program = """
import sys
sys.modules["pydantic"] = None
import assaykit
from assaykit import podium
for use in (lambda: podium.webhooks.parse({}, b"{}"), lambda: podium.webhooks.TestCompleted):
    try:
        use()
    except assaykit.MissingExtra as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert done.stdout.count("pip install assaykit[webhooks]") == 2


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="TestStarted"):
        podium.webhooks.TestStarted  # type: ignore[attr-defined]  # noqa: B018 - the access is the test
