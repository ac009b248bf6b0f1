"""JSON text in and out, strict where RFC 8259 leaves room for doubt.

NaN, Infinity, numbers beyond a double, lone surrogates, invalid UTF-8 and a byte order mark are refused. Of two
members with one name the last wins, as it does in nearly every parser. Integers of any size keep all digits.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final, NoReturn

import orjson

MAX_DEPTH: Final = 128
"""Arrays and objects inside each other; deeper text is refused before a parser's stack decides."""

_LONG_DIGITS = re.compile(rb"[0-9]{18}")
_MAX_DIGITS = 4300


class MalformedJSON(ValueError):
    """The text is not JSON; the message says where."""


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedJSON(f"{name} is not a JSON number")


def _integer(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise MalformedJSON(f"a number of {len(text)} digits is beyond what can be processed")
    return int(text)


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise MalformedJSON(f"the number {text[:20]} is beyond a double")
    return value


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
        if _LONG_DIGITS.search(data) is None:
            return value
        # orjson turns integers beyond 64 bits into floats, which would lose digits on the way back.
        return json.loads(data, parse_constant=_refuse_constant, parse_int=_integer, parse_float=_float)
    except MalformedJSON:
        raise
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
