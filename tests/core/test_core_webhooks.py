"""Webhooks of an invented vendor that has one event, which its payload does not name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assaykit.core.errors import WebhookInvalid
from assaykit.core.webhooks import UnknownEvent, parse_event

JSON = {"Content-Type": "application/json"}
PAYLOADS = """
from pydantic import BaseModel, ConfigDict

class Finished(BaseModel):
    model_config = ConfigDict(extra="allow")
    id: int

EVENT_PROPERTY = {tag!r}
EVENTS = {{"finished": Finished}}
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """A generated package that has nothing but webhooks; its name differs so that no module is taken twice."""
    tag = getattr(request, "param", "")
    name = f"acme_webhooks_{tag or 'only'}_client"
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("", encoding="utf-8")
    (tmp_path / name / "webhooks.py").write_text(PAYLOADS.format(tag=tag), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return name


def parse(package: str, payload: object) -> Any:
    return parse_event("acme", package, JSON, json.dumps(payload), aliases={"done": "finished"})


@pytest.mark.parametrize("payload", [{"id": 1}, {"id": 1, "": "other", "event": "other"}])
def test_the_only_event_is_read_without_its_name(package: str, payload: dict[str, Any]) -> None:
    event = parse(package, payload)

    assert type(event).__name__ == "Finished"
    assert event.model_dump() == payload


@pytest.mark.parametrize(("payload", "path"), [({"id": "x"}, "id"), ({}, "id"), ([], "$")])
def test_a_payload_that_does_not_fit_is_refused(package: str, payload: object, path: str) -> None:
    with pytest.raises(WebhookInvalid) as caught:
        parse(package, payload)

    assert path in str(caught.value)


@pytest.mark.parametrize("package", ["kind"], indirect=True)
def test_a_named_event_must_be_named(package: str) -> None:
    assert type(parse(package, {"kind": "done", "id": 1})).__name__ == "Finished"
    assert isinstance(parse(package, {"kind": "other", "id": 1}), UnknownEvent)
    with pytest.raises(WebhookInvalid, match="kind"):
        parse(package, {"id": 1})


def test_a_payload_that_is_not_the_only_event_may_name_its_kind(package: str) -> None:
    def read(payload: object) -> Any:
        return parse_event("acme", package, JSON, json.dumps(payload), kind_fields=("event", "type"))

    assert type(read({"id": 1, "event": "paused"})).__name__ == "Finished"
    assert read({"event": "paused"}) == UnknownEvent("paused", {"event": "paused"})
    assert read({"id": "x", "type": "paused"}).event == "paused"
    for payload in ({}, {"event": ""}, {"event": 5}):
        with pytest.raises(WebhookInvalid):
            read(payload)
