"""The requests a world has seen, and why some were turned down."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from assaykit.emulator.engine.dates import instant_text
from assaykit.emulator.engine.jsontext import MalformedJSON, loads
from assaykit.emulator.engine.message import Request
from assaykit.emulator.engine.rejection import Field, Rejected

REDACTED: Final = "[redacted]"
SECRET_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key"})
_SECRET_NAMES = re.compile(r"(?i)(key$|secret|password|token|authorization|downloadlink|signature)")
_SECRET_QUERY = re.compile(r"(?i)((?:^|&)[^=&]*(?:key|secret|password|token|signature)[^=&]*=)[^&]*")
MAX_BODY: Final = 65_536
"""Bodies up to this size are kept; of larger ones only the size is told."""


def redact(value: Any) -> Any:
    """Return a JSON value with the values of secret-sounding names replaced."""
    if isinstance(value, dict):
        return {
            name: REDACTED if _SECRET_NAMES.search(name) and not isinstance(item, dict | list) else redact(item)
            for name, item in value.items()
        }
    return [redact(item) for item in value] if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Entry:
    """One request and its answer.

    Args:
        number: Counts the requests of the world from 1.
        at: World time of the answer.
        vendor: The vendor addressed.
        request: The request; see `as_json` for a form without secrets.
        operation: The operationId, or None if no operation matched.
        status: Status that was decided on.
        code: Error code, or None for success.
        message: Why it was turned down, or None.
        fields: What was wrong with single parts.
        fault: Id of the fault rule that struck, or None.
    """

    number: int
    at: datetime
    vendor: str
    request: Request
    operation: str | None
    status: int
    code: str | None
    message: str | None
    fields: tuple[Field, ...]
    fault: str | None

    @property
    def method(self) -> str:
        """Return the request's method."""
        return self.request.method

    @property
    def path(self) -> str:
        """Return the request's path below the vendor's base URL."""
        return self.request.path

    @property
    def headers(self) -> Mapping[str, str]:
        """Return the request's headers without secrets."""
        return {name: REDACTED if name in SECRET_HEADERS else value for name, value in self.request.headers.items()}

    @property
    def body(self) -> Any:
        """Return the request's JSON body without secrets, None if empty, or a note on what else it was."""
        body = self.request.body
        if not body:
            return None
        if len(body) <= MAX_BODY:
            try:
                return redact(loads(body))
            except MalformedJSON:
                pass
        return f"[{len(body)} bytes]"

    def as_json(self) -> dict[str, Any]:
        """Return the entry as JSON, without secrets."""
        query = self.request.query.decode("latin-1")
        return {
            "number": self.number,
            "at": instant_text(self.at),
            "vendor": self.vendor,
            "method": self.method,
            "path": self.path,
            "query": _SECRET_QUERY.sub(rf"\1{REDACTED}", query),
            "headers": dict(self.headers),
            "body": self.body,
            "operation": self.operation,
            "status": self.status,
            "code": self.code,
            "message": self.message,
            "fields": [{"field": field.name, "message": field.message} for field in self.fields],
            "fault": self.fault,
        }

    def __repr__(self) -> str:
        reason = "" if self.message is None else f" ({self.message})"
        return f"<{self.number}: {self.method} {self.path} -> {self.status} {self.operation}{reason}>"


_Parts = tuple[int, datetime, str, Request, str | None, int, Rejected | None, str | None]


def _entry(parts: _Parts) -> Entry:
    number, at, vendor, request, operation, status, rejected, fault = parts
    if rejected is None:
        return Entry(number, at, vendor, request, operation, status, None, None, (), fault)
    return Entry(
        number, at, vendor, request, operation, status, rejected.code, rejected.message, rejected.fields, fault
    )


class Journal:
    """The latest requests of a world, oldest first.

    Args:
        limit: How many are kept.
    """

    def __init__(self, limit: int = 1000) -> None:
        # What an entry is made of; entries themselves are made for those who read, which is rare.
        self._entries: deque[_Parts] = deque(maxlen=limit)
        self._count = 0

    def record(
        self,
        at: datetime,
        vendor: str,
        request: Request,
        operation: str | None,
        status: int,
        rejected: Rejected | None = None,
        fault: str | None = None,
    ) -> None:
        """Add a request; a large body is not kept."""
        self._count += 1
        if len(request.body) > MAX_BODY:
            note = f'"[{len(request.body)} bytes]"'.encode()
            request = Request(request.method, request.path, request.query, request.headers, note, request.base_url)
        self._entries.append((self._count, at, vendor, request, operation, status, rejected, fault))

    def __iter__(self) -> Iterator[Entry]:
        return map(_entry, tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, index: int) -> Entry:
        return _entry(self._entries[index])

    def find(self, *, operation: str | None = None, status: int | None = None) -> list[Entry]:
        """Return the kept entries of an operation, or with a status, or both."""
        return [
            entry
            for entry in self
            if (operation is None or entry.operation == operation) and (status is None or entry.status == status)
        ]

    def clear(self) -> None:
        """Forget everything and count from 1 again."""
        self._entries.clear()
        self._count = 0
