"""Whether the body of a request can be sent a second time."""

from __future__ import annotations

from typing import Any

import httpx


def is_replayable(request: httpx.Request) -> bool:
    """Whether the body can be sent twice: bytes can, and a form in parts whose files can go back to their beginning.

    httpx begins each file of such a form anew when it writes the form again. A stream that is read once cannot.
    """
    stream = request.stream
    if isinstance(stream, httpx.ByteStream):
        return True
    fields = getattr(stream, "fields", None)  # those of a form in parts, whose class httpx does not export
    return isinstance(fields, list) and all(_can_begin_anew(getattr(field, "file", b"")) for field in fields)


def _can_begin_anew(file: Any) -> bool:
    if isinstance(file, str | bytes):
        return True
    try:
        return bool(file.seekable())
    except (AttributeError, ValueError):  # not that much of a file, or closed meanwhile
        return False
