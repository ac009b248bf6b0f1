"""The webhook: read, told apart from its repetitions, and traced to its sender."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import pytest

import assaykit
from assaykit import testdome
from assaykit.testdome import webhooks
from assaykit.testing.testdome import Emulator
from tests.testdome.support import DOCUMENT, example

GUID = "dbdc7382-d252-4376-ab6e-dead2f9d149a"
JSON = {"Content-Type": "application/json; charset=utf-8", "X-TestDome-CorrelationId": GUID}
COMPLETED: dict[str, Any] = example("CandidateEvent")


def parse(payload: object, headers: Mapping[str, str] = JSON) -> Any:
    return webhooks.parse(headers, json.dumps(payload).encode())


def test_sample_of_the_page() -> None:
    event = parse(COMPLETED)

    assert isinstance(event, webhooks.CandidateEvent)
    assert event.candidate_id == "f1950b31a9be4e55a6149c3c4dac942c"
    assert (event.test_id, event.status) == (1234567, "Completed")


def test_unknown_status_and_fields_do_not_cost_the_event() -> None:
    event = parse(COMPLETED | {"status": "OnHold", "event": "candidateFinalState", "attempt": 2})

    assert isinstance(event, webhooks.CandidateEvent)
    assert event.status == "OnHold"
    assert event.model_extra == {"event": "candidateFinalState", "attempt": 2}


@pytest.mark.parametrize("field", ["event", "eventType", "type"])
def test_body_of_another_kind_is_kept_whole(field: str) -> None:
    payload = {field: "testArchived", "testId": 1234567}

    assert parse(payload) == testdome.UnknownEvent("testArchived", payload)


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ([], "$"),
        ("text", "$"),
        ({}, "$.candidateId"),
        ({"event": ""}, "$.candidateId"),
        ({"event": 5}, "$.candidateId"),
        (COMPLETED | {"candidateId": None}, "$.candidateId"),
        (COMPLETED | {"testId": "many"}, "$.testId"),
        (COMPLETED | {"status": 1}, "$.status"),
        ({name: value for name, value in COMPLETED.items() if name != "status"}, "$.status"),
    ],
)
def test_misfit_names_its_place(payload: object, path: str) -> None:
    with pytest.raises(assaykit.WebhookInvalid) as caught:
        parse(payload)

    assert caught.value.path == path
    assert caught.value.vendor == "testdome"
    assert COMPLETED["candidateId"] not in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"{", b"status=Completed", b"\xff\xfe", b"[" * 100_000])
def test_body_that_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(assaykit.WebhookInvalid, match=r"testdome webhook does not fit at \$"):
        webhooks.parse(JSON, body)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (JSON, GUID),
        ({"x-testdome-correlationid": GUID}, GUID),
        ({"X-TESTDOME-CORRELATIONID": f" {{{GUID.upper()}}} "}, GUID),
        ({}, None),
        ({"X-TestDome-CorrelationId": ""}, None),
        ({"X-TestDome-CorrelationId": "x" * 9000}, None),
    ],
)
def test_correlation_id(headers: Mapping[str, str], expected: str | None) -> None:
    assert webhooks.correlation_id(headers) == expected


def same(one: tuple[Mapping[str, str], Any], other: tuple[Mapping[str, str], Any]) -> bool:
    first, second = (webhooks.identities(headers, event) for headers, event in (one, other))
    return bool(set(first) & set(second))


def test_same_event_is_told_by_the_delivery_or_by_candidate_and_status() -> None:
    event, other = parse(COMPLETED), parse(COMPLETED | {"candidateId": "f" * 32})
    canceled = parse(COMPLETED | {"status": "Canceled"})
    again = {"X-TestDome-CorrelationId": "11111111-2222-4333-8444-555555555555"}

    assert same((JSON, event), (JSON, event))
    assert same((JSON, event), (again, event))
    assert same((JSON, event), ({}, event))
    assert same((JSON, event), (JSON, other))
    assert not same((JSON, event), (again, other))
    assert not same((JSON, event), (again, canceled))
    assert len(webhooks.identities({}, event)) == 1


def test_event_of_another_kind_is_told_by_its_delivery_alone() -> None:
    event = testdome.UnknownEvent("testArchived", {})

    assert same((JSON, event), (JSON, event))
    assert webhooks.identities({}, event) == ()


def test_repeated_events_are_handled_once() -> None:
    handled: list[str] = []
    duplicates = assaykit.Deduplicator()
    for headers in (JSON, JSON, {}):
        event = parse(COMPLETED, headers)
        with duplicates.event(webhooks.identities(headers, event)) as new:
            if new:
                handled.append(event.status)

    assert handled == ["Completed"]


def test_addresses_are_those_of_the_specification() -> None:
    described = DOCUMENT["webhooks"]["candidateFinalState"]["post"]["description"]
    listed = re.findall(r"\d+\.\d+\.\d+\.\d+", described)

    assert len(listed) == 10
    assert set(map(IPv4Address, listed)) == webhooks.SENDER_ADDRESSES


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("13.69.68.17", True),
        ("104.214.230.42", True),
        ("::ffff:13.69.68.17", True),
        ("::FFFF:0d45:4411", True),
        (IPv4Address("13.69.68.17"), True),
        (IPv6Address("::ffff:13.69.68.17"), True),
        ("13.69.68.18", False),
        ("127.0.0.1", False),
        ("::1", False),
        ("::13.69.68.17", False),
        ("64:ff9b::13.69.68.17", False),
        ("13.69.68.17:443", False),
        ("13.69.68.17, 10.0.0.1", False),
        (" 13.69.68.17", False),
        ("13.069.68.17", False),
        ("13.69.68.0/24", False),
        ("225788945", False),
        ("testdome.com", False),
        ("", False),
    ],
)
def test_sender_is_known_by_address(address: str, expected: bool) -> None:
    assert webhooks.is_sender(address) is expected


def test_what_the_emulator_sends_is_read(testdome_emulator: Emulator) -> None:
    received: list[tuple[Mapping[str, str], Any]] = []
    testdome_emulator.subscribe(lambda headers, body: received.append((headers, webhooks.parse(headers, body))))
    testdome_emulator.complete(7654322, score=80)
    testdome_emulator.clock.advance(hours=2)

    [(headers, event)] = received
    assert isinstance(event, webhooks.CandidateEvent)
    assert (event.candidate_id, event.status) == ("3b6c0f52d7ab41f5a7b6a1c3e98d4f10", "Completed")
    assert webhooks.correlation_id(headers) is not None


def test_without_pydantic_the_error_says_how_to_install_it() -> None:
    program = """
import sys
sys.modules["pydantic"] = None
import assaykit
from assaykit.testdome import webhooks
assert webhooks.is_sender("13.69.68.17")
for use in (lambda: webhooks.parse({}, b"{}"), lambda: webhooks.CandidateEvent):
    try:
        use()
    except assaykit.MissingExtra as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert done.stdout.count("pip install assaykit[webhooks]") == 2


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="TestStarted"):
        webhooks.TestStarted  # type: ignore[attr-defined]  # noqa: B018 - the access is the test
