"""Podium's error body. The vendor's page shows none; the shape is the one that the specification settles on."""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.jsontext import dumps
from assaykit.emulator.engine.message import Reply
from assaykit.emulator.engine.rejection import BAD_SYNTAX, FAULT, INVALID, Rejected

_CODES: Final = {BAD_SYNTAX: "invalid_request", INVALID: "invalid_request", FAULT: "fault"}
INSUFFICIENT_CREDITS: Final = "insufficient_credits"
REPORT_EXPIRED: Final = "report_expired"
REPORT_NOT_READY: Final = "report_not_ready"
TEST_STARTED: Final = "test_started"


def write_error(rejected: Rejected) -> Reply:
    """Return `{"error": {"code", "message", "fields"}}`; a 401 names the scheme to authenticate with."""
    detail: dict[str, Any] = {"code": _CODES.get(rejected.code, rejected.code), "message": rejected.message}
    if rejected.fields:
        detail["fields"] = [{"field": field.name, "message": field.message} for field in rejected.fields]
    headers = [("Content-Type", "application/json"), *rejected.headers]
    if rejected.status == 401 and all(name != "WWW-Authenticate" for name, _ in headers):
        headers.append(("WWW-Authenticate", "Bearer"))
    return Reply(rejected.status, headers, dumps({"error": detail}))
