"""Percent-encoded text, read strictly."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class MalformedText(ValueError):
    """The text is not percent-encoded UTF-8; the message says what is wrong and what would be right."""


def decode(raw: bytes) -> str:
    """Decode percent-encoded UTF-8.

    Args:
        raw: Text from a URL, with `+` standing for itself.

    Returns:
        The text.

    Raises:
        MalformedText: A percent sign without two hexadecimal digits, bytes that are not UTF-8, or NUL.
    """
    if b"%" in raw:
        if _BROKEN_ESCAPE.search(raw):
            raise MalformedText("has a percent sign that is not followed by two hexadecimal digits; write it as %25")
        raw = unquote_to_bytes(raw)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise MalformedText("is not UTF-8; send percent-encoded UTF-8") from None
    if "\0" in text:
        raise MalformedText("holds the NUL character; leave it out")
    return text


def parse_query(query: bytes) -> dict[str, list[str]]:
    """Split a query string, or a form body, into names and their values in order.

    Args:
        query: `a=1&b=2`; a plus sign is a space, a name without an equals sign has the value "".

    Returns:
        All values of each name.

    Raises:
        MalformedText: See `decode`; the message begins with the name where that is known.
    """
    values: dict[str, list[str]] = {}
    for part in query.split(b"&"):
        if not part:
            continue
        name, _, value = part.partition(b"=")
        key = decode(name.replace(b"+", b" "))
        try:
            values.setdefault(key, []).append(decode(value.replace(b"+", b" ")))
        except MalformedText as error:
            raise MalformedText(f"{key}: {error}") from None
    return values
