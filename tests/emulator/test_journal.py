"""The journal: what came, what became of it, and no secrets."""

from __future__ import annotations

import json

from assaykit.emulator.engine.journal import MAX_BODY, Journal, redact
from assaykit.emulator.engine.message import Request
from assaykit.emulator.engine.worlds import World
from tests.emulator.conftest import START, Ask


def test_an_entry_says_what_was_asked_and_why_it_was_refused(ask: Ask, world: World) -> None:
    ask("POST", "/items", body=b'{"name": ""}', query=b"a=1")
    entry = world.journal[-1]
    assert entry.as_json() == {
        "number": 1,
        "at": "2026-01-05T09:00:00.000000Z",
        "vendor": "mini",
        "method": "POST",
        "path": "/items",
        "query": "a=1",
        "headers": {"x-mini-key": "mini-key", "content-type": "application/json"},
        "body": {"name": ""},
        "operation": "items_create",
        "status": 400,
        "code": "invalid",
        "message": "The request does not fit its description.",
        "fields": [{"field": "body.name", "message": "must have at least 1 character"}],
        "fault": None,
    }
    assert "POST /items -> 400 items_create" in repr(entry)


def test_unmatched_requests_are_noted_too(ask: Ask, world: World) -> None:
    ask("GET", "/nothing")
    ask("PUT", "/items")
    assert [(entry.status, entry.operation) for entry in world.journal] == [(404, None), (405, None)]
    assert world.journal.find(status=405)[0].message == "PUT is not possible here; use GET, HEAD, OPTIONS, POST."


def test_a_fault_is_named(ask: Ask, world: World) -> None:
    rule = world.faults.add(status=503)
    ask("GET", "/items")
    assert (world.journal[0].fault, world.journal[0].code) == (rule.id, "fault")


def test_secrets_are_replaced() -> None:
    headers = {"authorization": "Bearer secret-1", "x-api-key": "secret-2", "accept": "*/*"}
    body = json.dumps({"apiKey": "secret-3", "list": [{"client_secret": "secret-4", "name": "n"}]}).encode()
    query = b"page=1&access_token=secret-5&api_key=secret-6"
    journal = Journal()
    journal.record(START, "mini", Request("POST", "/a", query, headers, body), None, 200)
    shown = json.dumps(journal[0].as_json()) + repr(journal[0])
    assert "secret-" not in shown
    assert journal[0].as_json()["query"] == "page=1&access_token=[redacted]&api_key=[redacted]"
    assert journal[0].headers["accept"] == "*/*"
    assert journal[0].body["list"][0]["name"] == "n"
    assert redact({"token": {"kind": "open"}}) == {"token": {"kind": "open"}}


def test_what_is_no_json_is_told_by_its_size() -> None:
    journal = Journal()
    for body in (b"", b"\xff\xfe", b"[" + b"1," * MAX_BODY + b"1]"):
        journal.record(START, "mini", Request("POST", "/a", body=body), None, 200)
    assert [entry.body for entry in journal] == [None, "[2 bytes]", f"[{MAX_BODY * 2 + 3} bytes]"]


def test_only_the_latest_are_kept() -> None:
    journal = Journal(limit=3)
    for number in range(5):
        journal.record(START, "mini", Request("GET", f"/{number}"), None, 200)
    assert [(entry.number, entry.path) for entry in journal] == [(3, "/2"), (4, "/3"), (5, "/4")]
    journal.clear()
    assert (len(journal), list(journal)) == (0, [])
