"""What goes into the engine and what comes out, free of any web framework."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Request:
    """One HTTP request, its path not yet decoded.

    Args:
        method: Upper-case HTTP method.
        path: Path below the vendor's base URL as it stood on the wire, still percent-encoded.
        query: Query string as it stood on the wire, without the question mark.
        headers: Header values by lower-case name; repeated headers joined with ", ".
        body: The whole body.
        base_url: Public address of the vendor in this world, without a trailing slash. Links that the
            emulator hands out start with it.
    """

    method: str
    path: str
    query: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    base_url: str = ""


def read_headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return header values by lower-case name; repeated headers are joined with a comma."""
    headers: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("latin-1").lower()
        text = value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


@dataclass(slots=True)
class Reply:
    """One HTTP response, with what should go wrong on its way.

    Args:
        status: HTTP status.
        headers: Name and value pairs; content-length is added by the adapters.
        body: The whole body.
        delay: Seconds to wait before answering.
        fault: Name of a transport fault (see `assaykit.emulator.engine.faults.TRANSPORT_FAULTS`), or None.
        operation: The operationId that answered, or None when no operation did.
    """

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    delay: float = 0.0
    fault: str | None = None
    operation: str | None = None

    def header(self, name: str) -> str | None:
        """Return the first value of a header, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(slots=True)
class Success:
    """What a behaviour returns.

    Args:
        body: The JSON value to send, or bytes sent as they are, or None for an empty body.
        status: HTTP status; one that the specification documents.
        media_type: Media type of a bytes body.
        headers: Further headers.
    """

    body: Any = None
    status: int = 200
    media_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
