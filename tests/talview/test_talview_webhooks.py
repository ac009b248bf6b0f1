"""The callback of an action: read, and told apart from its repetitions."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

import assaykit
from assaykit import talview
from assaykit.receiver import Receiver
from assaykit.talview import webhooks
from tests.talview.support import example

DONE: dict[str, Any] = example("ActionDone")


def parse(payload: object) -> Any:
    return webhooks.parse({"Content-Type": "application/json"}, json.dumps(payload).encode())


def test_sample_of_the_specification() -> None:
    event = parse(DONE)

    assert isinstance(event, webhooks.Action)
    assert (event.id, event.status) == (DONE["id"], 3)
    assert event.completed_at == datetime(2026, 1, 12, 13, 12, 39, tzinfo=UTC)


def test_unknown_status_and_the_fields_of_each_kind_do_not_cost_the_event() -> None:
    event = parse(DONE | {"status": 42, "mood": 5})

    assert event.status == 42
    assert event.model_extra["mood"] == 5
    assert event.model_extra["candidates"] == DONE["candidates"]


@pytest.mark.parametrize("field", ["event", "eventType", "name"])
def test_body_of_another_kind_is_kept_whole(field: str) -> None:
    payload = {field: "candidateDeleted", "candidate_id": 6507787}

    assert parse(payload) == talview.UnknownEvent("candidateDeleted", payload)


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ([], "$"),
        ("text", "$"),
        ({}, "$.id"),
        ({"name": ""}, "$.id"),
        (DONE | {"id": "many"}, "$.id"),
        (DONE | {"status": None}, "$.status"),
        ({name: value for name, value in DONE.items() if name != "status"}, "$.status"),
    ],
)
def test_misfit_names_its_place(payload: object, path: str) -> None:
    with pytest.raises(assaykit.WebhookInvalid) as caught:
        parse(payload)

    assert (caught.value.vendor, caught.value.path) == ("talview", path)


@pytest.mark.parametrize("body", [b"", b"{", b"status=3", b"\xff\xfe", b"[" * 100_000])
def test_body_that_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(assaykit.WebhookInvalid, match=r"talview webhook does not fit at \$"):
        webhooks.parse({}, body)


def identities(**changes: Any) -> tuple[str, ...]:
    return webhooks.identities({}, parse(DONE | changes))


def test_same_event_is_told_by_action_and_status() -> None:
    assert len(identities()) == 1
    assert identities(updated_at="2026-01-12 14:00:00+00", mood=5) == identities()
    assert identities(id=5) != identities()
    assert identities(status=99) != identities()
    assert webhooks.identities({}, talview.UnknownEvent("candidateDeleted", {})) == ()


def test_receiver_handles_repeated_callbacks_once() -> None:
    handled: list[tuple[int, int]] = []

    def handle(event: Any) -> None:
        handled.append((event.id, event.status))

    receiver = Receiver(webhooks, handle)
    failed = json.dumps(DONE | {"status": 99}).encode()
    done = json.dumps(DONE).encode()
    statuses = [receiver.receive({}, body).status for body in (failed, failed, done, done, b"{}")]

    assert handled == [(DONE["id"], 99), (DONE["id"], 3)]
    assert statuses[:4] == [200] * 4
    assert 400 <= statuses[4] < 500


def test_without_pydantic_the_error_says_how_to_install_it() -> None:
    program = """
import sys
sys.modules["pydantic"] = None
import assaykit
from assaykit.talview import webhooks
for use in (lambda: webhooks.parse({}, b"{}"), lambda: webhooks.Action):
    try:
        use()
    except assaykit.MissingExtra as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert done.stdout.count("pip install assaykit[webhooks]") == 2


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="ActionStarted"):
        webhooks.ActionStarted  # type: ignore[attr-defined]  # noqa: B018 - the access is the test
