"""What a vendor is answered: short JSON that repeats nothing of what was sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response, whatever the framework."""

    status: int
    body: bytes
    extra: Mapping[str, str] = field(default_factory=dict)
    """Headers that this status asks for."""

    @property
    def headers(self) -> dict[str, str]:
        """All headers."""
        return {"content-type": "application/json", "content-length": str(len(self.body)), **self.extra}


def _answer(status: int, document: Mapping[str, object], extra: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(document).encode(), extra or {})


def _error(status: int, code: str, message: str, extra: Mapping[str, str] | None = None, **more: str) -> Answer:
    return _answer(status, {"error": {"code": code, **more, "message": message}}, extra)


RETRY_AFTER: Final = 10
"""Seconds after which the vendor may ask again about an event that is being handled."""

RECEIVED: Final = _answer(200, {"status": "received"})
DUPLICATE: Final = _answer(200, {"status": "duplicate"})
NOT_FOUND: Final = _error(404, "not_found", "nothing is here")
UNAUTHORIZED: Final = _error(
    401, "unauthorized", "the header with the shared secret is missing or wrong", {"www-authenticate": "SharedSecret"}
)
METHOD_NOT_ALLOWED: Final = _error(405, "method_not_allowed", "webhooks are sent with POST", {"allow": "POST"})
FAILED: Final = _error(500, "failed", "the event was not handled; send it again")
IN_PROGRESS: Final = _error(
    503, "in_progress", "the same event is being handled; send it again", {"retry-after": str(RETRY_AFTER)}
)


def too_large(max_bytes: int) -> Answer:
    """The body exceeds the limit."""
    return _error(413, "too_large", f"the body may have {max_bytes} bytes")


def invalid(path: str, reason: str) -> Answer:
    """The body does not fit.

    Args:
        path: Where, as a JSON path; made of names that the model knows.
        reason: What was expected there, without what was found.
    """
    return _error(400, "invalid", reason, field=path)
