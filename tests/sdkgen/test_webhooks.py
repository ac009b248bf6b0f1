"""Webhook payloads: known ones typed, everything else kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from tests.sdkgen.golden.generated.example_client import webhooks
from tests.sdkgen.golden.generated.example_client.dates import DateTime, UnparsedDateTime

CREATED: dict[str, Any] = {
    "event": "itemCreated",
    "at": "2020-05-23 00:54:00",
    "day": "2020-5-3",
    "item": {"id": "not-a-uuid", "kind": "box", "new": 1},
    "state": "never-heard-of",
    "extra": {"kept": True},
}


def test_the_event_decides_the_type() -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(webhooks.WebhookEvent)
    created = adapter.validate_python(CREATED)
    removed = adapter.validate_json(b'{"event": "itemRemoved", "itemId": "i1"}')

    assert isinstance(created, webhooks.ItemCreated)
    assert isinstance(created.at, DateTime)
    assert isinstance(removed, webhooks.ItemRemoved)
    assert {"itemCreated", "itemRemoved"} == set(webhooks.EVENTS)
    with pytest.raises(ValidationError):
        adapter.validate_python({"event": "other"})


def test_unknown_fields_and_values_and_odd_dates_are_kept() -> None:
    created = webhooks.ItemCreated.model_validate({**CREATED, "at": "garbage"})

    assert created.at == UnparsedDateTime("garbage")
    assert created.state == "never-heard-of"
    assert created.model_extra == {"extra": {"kept": True}}


def test_a_payload_goes_back_as_it_came() -> None:
    created = webhooks.ItemCreated.model_validate(CREATED)

    assert json.loads(created.model_dump_json(by_alias=True, exclude_unset=True)) == CREATED
