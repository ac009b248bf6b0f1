"""What the frameworks' requests are read with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import httpx


def read_headers(pairs: Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]]) -> httpx.Headers:
    """Headers, looked up without regard to case. WSGI and ASGI both hold what was sent as Latin-1."""
    encoding = "latin-1"
    raw = ((_bytes(name, encoding), _bytes(value, encoding)) for name, value in pairs)
    return httpx.Headers(list(raw), encoding=encoding)


def case_blind(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Headers that are looked up without regard to case, for callers who have a plain dict of them."""
    return headers if isinstance(headers, httpx.Headers) else read_headers(headers.items())


def _bytes(text: str | bytes, encoding: str) -> bytes:
    return text if isinstance(text, bytes) else text.encode(encoding, errors="replace")


def read_limited(read: Callable[[int], bytes], max_bytes: int) -> bytes | None:
    """Read a body to its end.

    Args:
        read: Reads up to so many bytes; empty at the end.
        max_bytes: How many there may be.

    Returns:
        The body, or None if it is longer; one byte more than allowed has been read then.
    """
    parts: list[bytes] = []
    left = max_bytes + 1
    while left and (part := read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts) if left else None
