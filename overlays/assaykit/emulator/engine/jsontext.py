"""JSON text in and out, strict where RFC 8259 leaves room for doubt.

NaN, Infinity, numbers beyond a double, lone surrogates, invalid UTF-8 and a byte order mark are refused. Of two
members with one name the last wins, as it does in nearly every parser. Integers of any size keep all digits.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

import orjson

MAX_DEPTH: Final = 128
"""Arrays and objects inside each other; deeper text is refused before a parser's stack decides."""

_LONG_DIGITS = re.compile(rb"[0-9]{18}")


class MalformedJSON(ValueError):
    """The text is not JSON; the message says where."""


def _depth(data: bytes) -> int:
    depth = deepest = 0
    inside_string = escaped = False
    for byte in data:
        if inside_string:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                inside_string = False
        elif byte == 0x22:
            inside_string = True
        elif byte in (0x5B, 0x7B):
            depth += 1
            deepest = max(deepest, depth)
        elif byte in (0x5D, 0x7D):
            depth -= 1
    return deepest


def loads(data: bytes) -> Any:
    """Parse JSON.

    Args:
        data: UTF-8 text.

    Returns:
        The value.

    Raises:
        MalformedJSON: The text is not JSON, or holds what this module refuses.
    """
    if data.count(b"[") + data.count(b"{") > MAX_DEPTH and _depth(data) > MAX_DEPTH:
        raise MalformedJSON(f"nested more than {MAX_DEPTH} levels deep")
    try:
        value = orjson.loads(data)
        # orjson turns integers beyond 64 bits into floats, which would lose digits on the way back. What it refuses,
        # numbers beyond a double among them, never gets to the more lenient parser.
        return value if _LONG_DIGITS.search(data) is None else json.loads(data)
    except ValueError as error:
        raise MalformedJSON(str(error)) from None


def dumps(value: Any) -> bytes:
    """Write JSON in UTF-8 without spaces.

    Args:
        value: A JSON value; integers of any size.

    Returns:
        The text.
    """
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
