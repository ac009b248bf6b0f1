"""Talentics's error body: `{"data": {"errors": […]}}`, documented for 401, where the list is empty."""

from __future__ import annotations

from typing import Final

from assaykit.emulator.engine.jsontext import dumps
from assaykit.emulator.engine.message import Reply
from assaykit.emulator.engine.rejection import BAD_SYNTAX, INVALID, Rejected

_NAMING_FIELDS: Final = frozenset({BAD_SYNTAX, INVALID})


def write_error(rejected: Rejected) -> Reply:
    """Return the body; a 401 names the scheme to authenticate with and no cause, as the page shows it."""
    errors = [rejected.message]
    headers = [("Content-Type", "application/json"), *rejected.headers]
    if rejected.status == 401:
        errors = []
        headers.append(("WWW-Authenticate", 'Basic realm="Talentics"'))
    elif rejected.kind in _NAMING_FIELDS and rejected.fields:
        errors = [f"{field.name}: {field.message}" for field in rejected.fields]
    return Reply(rejected.status, headers, dumps({"data": {"errors": errors}}))
