"""Podium: nothing that its world shows beyond the specification fails a call. Its answers have no enumeration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

import assaykit
from assaykit import podium
from assaykit.testing.podium import Emulator
from podium_client.wire import DateTime, UnparsedDateTime
from tests.tolerance.conftest import Client

PAT = "1-1-49164582-ad37-45aa-abc5-c4d622824131"
COMPLETED = "6f1c0f3e-51f4-4d0b-9a55-0d6cf2b1f001"
OPEN = "a33384de-3ae5-43f3-a3bb-84832556e62b"
REPORT = "1-1-58bbcd87-d0f4-4673-9e40-c9e3d3772012"


def status(api: Any) -> Any:
    return api.participants.status("client-1", PAT)


def results(api: Any) -> Any:
    return api.results.get("client-1", PAT, test_id=["test1"], norm_id=["norm1"])


def test_unknown_fields_are_kept(podium_emulator: Emulator, client: Client) -> None:
    podium_emulator.set_field("participants", PAT, "badges", value=["first"])
    podium_emulator.set_field("invitations", OPEN, "device", value={"kind": "phone"})
    podium_emulator.set_field("results", COMPLETED, "scores", 0, "confidence", value="high")
    podium_emulator.set_field("reports", REPORT, "pages", value=3)
    podium_emulator.set_field("clients", "client-1", "creditReserve", value=None)

    shown = client.ask(podium_emulator, status)
    assert shown.additional_properties == {"badges": ["first"]}
    assert [test["device"] for test in shown.tests if test.invitation_id == OPEN] == [{"kind": "phone"}]
    scored = client.ask(podium_emulator, results)
    assert (scored["badges"], scored.results[0].scores[0]["confidence"]) == (["first"], "high")
    assert client.ask(podium_emulator, lambda api: api.reports.status("client-1", REPORT))["pages"] == 3
    assert client.ask(podium_emulator, lambda api: api.credits.get("client-1"))["creditReserve"] is None


def test_one_malformed_date_spoils_nothing_around_it(podium_emulator: Emulator, client: Client) -> None:
    podium_emulator.set_field("invitations", OPEN, "creationDate", value="last week")
    podium_emulator.set_field("invitations", COMPLETED, "expiryDate", value=1_700_000_000)
    podium_emulator.set_field("results", COMPLETED, "completionDate", value="2018-10-3 9:05")

    tests = {test.invitation_id: test for test in client.ask(podium_emulator, status).tests}
    assert len(tests) == 3
    malformed = tests[OPEN].creation_date
    assert isinstance(malformed, UnparsedDateTime)
    assert (malformed, malformed.raw) == ("last week", "last week")
    assert tests[OPEN].to_dict()["creationDate"] == "last week"
    assert tests[COMPLETED].creation_date == datetime(2018, 10, 1, 8, 5, tzinfo=UTC)
    seconds = tests[COMPLETED].expiry_date
    assert isinstance(seconds, DateTime)
    assert seconds.raw == 1_700_000_000
    [first, *_] = client.ask(podium_emulator, results).results
    assert isinstance(first.completion_date, DateTime)
    assert (first.completion_date.day, first.completion_date.raw) == (3, "2018-10-3 9:05")


def test_one_malformed_date_in_a_list(podium_emulator: Emulator, client: Client) -> None:
    podium_emulator.set_field("results", COMPLETED, "completionDate", value="autumn")

    found = client.ask(podium_emulator, lambda api: api.results.list("client-1", test_id=["test1"], norm_id=["norm1"]))
    dates = [result.completion_date for participant in found for result in participant.results]
    assert (dates[0], isinstance(dates[1], DateTime), len(dates)) == ("autumn", True, 2)


@pytest.mark.parametrize(
    ("status_code", "kind"),
    [(400, assaykit.ValidationFailed), (409, assaykit.Conflict), (418, assaykit.ApiError), (599, assaykit.ServerError)],
)
def test_new_error_codes_keep_their_class_and_their_body(
    podium_emulator: Emulator, client: Client, status_code: int, kind: type[assaykit.ApiError]
) -> None:
    body = {"error": {"code": "quota_of_the_moon", "message": "Not tonight.", "details": [{"phase": "full"}]}, "v": 2}
    podium_emulator.fail_next("participants_status", status=status_code, body=body, times=None)

    with pytest.raises(assaykit.ApiError) as caught:
        client.ask(podium_emulator, status)
    error = caught.value
    assert (type(error), error.status, error.code) == (kind, status_code, "quota_of_the_moon")
    assert "Not tonight." in str(error)
    assert error.response is not None
    assert error.response.json() == body


def test_a_new_code_in_the_usual_body(podium_emulator: Emulator, client: Client) -> None:
    podium_emulator.fail_next("participants_status", status=409, code="quota_of_the_moon")
    with pytest.raises(assaykit.Conflict) as caught:
        client.ask(podium_emulator, status)
    assert caught.value.code == "quota_of_the_moon"


@pytest.mark.parametrize("body", [[], "no", {"error": "no"}, {"error": {"code": 7}}, {"problems": [1]}])
def test_error_bodies_of_another_shape(podium_emulator: Emulator, client: Client, body: Any) -> None:
    podium_emulator.fail_next("participants_status", status=409, body=body)
    with pytest.raises(assaykit.Conflict) as caught:
        client.ask(podium_emulator, status)
    assert caught.value.response is not None
    assert caught.value.response.json() == body


def test_webhooks_of_an_unknown_kind_with_unknown_fields_and_a_malformed_date(podium_emulator: Emulator) -> None:
    events: list[Any] = []

    def receive(headers: Mapping[str, str], body: bytes) -> None:
        events.append(podium.webhooks.parse(headers, body))

    podium_emulator.subscribe(receive, events=["testCompleted"])
    podium_emulator.set_field("webhooks", OPEN, "timeStamp", value="just now")
    podium_emulator.set_field("webhooks", OPEN, "proctor", value={"id": 4})
    podium_emulator.complete(PAT, invitation_id=OPEN)
    podium_emulator.set_field("webhooks", "4012ed2d-6445-4aa0-a5f7-e5cadffe2c0c", "event", value="testReviewed")
    podium_emulator.complete(PAT, "test2")

    known, unknown = events
    assert isinstance(known, podium.webhooks.TestCompleted)
    assert (str(known.time_stamp), known.model_extra) == ("just now", {"proctor": {"id": 4}})
    assert isinstance(unknown, podium.webhooks.UnknownEvent)
    assert (unknown.event, unknown.payload["testId"]) == ("testReviewed", "test2")
