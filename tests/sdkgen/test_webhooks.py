"""Webhook payloads: known ones typed, everything else kept."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from scripts.sdkgen.bundle import bundle
from scripts.sdkgen.generate import build
from scripts.sdkgen.lint import lint
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
    assert {"itemCreated", "itemRemoved", "testFinished"} == set(webhooks.EVENTS)
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


def test_secrets_are_not_shown() -> None:
    secrets = {"key": "hidden-key", "code": "hidden-code", "_password": "hidden-password"}
    payload = {"event": "testFinished", "run": {"type": "run", "name": "Spot"}, **secrets}
    finished = webhooks.TestFinished.model_validate(payload)

    assert "Spot" in repr(finished)
    assert "hidden" not in repr(finished) + str(finished)
    assert (finished.key, finished.code, finished.password) == tuple(secrets.values())
    assert finished.model_dump(by_alias=True, exclude_unset=True) == payload


def only_webhook(spec: Path) -> None:
    """Leaves one webhook, whose payload does not name its event."""
    root, events = spec / "openapi.yaml", spec / "schemas" / "events.yaml"
    text = root.read_text(encoding="utf-8")
    start, end = text.index("  itemCreated:\n"), text.index("  testFinished:\n")
    kept = text[:start] + text[end:].replace("event: testFinished, ", "")
    root.write_text(kept, encoding="utf-8")
    tag = "    event: {type: string, const: testFinished, description: Tells it apart.}\n"
    text = events.read_text(encoding="utf-8").replace(tag, "").replace("[event, run, key]", "[run, key]")
    events.write_text(text, encoding="utf-8")


def test_the_only_webhook_need_not_name_its_event(spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only_webhook(spec)
    target = tmp_path / "only_event_client"
    build("example", spec, target, thorough=True)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = import_module("only_event_client.webhooks")
    index = json.loads((target / "operations.json").read_text(encoding="utf-8"))

    assert module.EVENT_PROPERTY == ""
    assert {"testFinished": module.TestFinished} == module.EVENTS
    assert module.WebhookEvent is module.TestFinished
    assert index["webhooks"] == [{"name": "testFinished", "event": "testFinished", "schema": "TestFinished"}]


def test_one_of_several_webhooks_must_name_its_event(spec: Path) -> None:
    events = spec / "schemas" / "events.yaml"
    text = events.read_text(encoding="utf-8").replace("const: testFinished, ", "")
    events.write_text(text, encoding="utf-8")
    broken = [v for v in lint(bundle(spec), with_standard=False) if v.rule == "webhook-payload"]

    assert any("'testFinished' has no constant" in v.message for v in broken)
