"""Texts to search in: how SQLite keeps them, and how terms are put to the index of their parts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

PART: Final = 3
"""Characters of the parts of texts that the index knows."""
_BETWEEN: Final = "\x1f"
"""What separates the texts of a search, so that no term is found across two of them."""
PADDING: Final = _BETWEEN * (PART - 1)
"""With it behind a text, a part begins at each of its characters; that is how shorter terms are looked up."""
_LEAD, _ONE, _TWO = "\x1a", "\x1b", "\x1c"
_ESCAPES: Final = {
    ord("\0"): _LEAD + _ONE + _ONE,
    ord(_LEAD): _LEAD + _ONE + _TWO,
    ord(_ONE): _LEAD + _TWO + _ONE,
    ord(_TWO): _LEAD + _TWO + _TWO,
}
"""The index reads texts up to a NUL, so none is left in them; what stands for it cannot be found in part."""
_ESCAPED: Final = re.compile("[\0\x1a-\x1c]")
_SURROGATES: Final = range(0xD800, 0xE000)
_LAST: Final = 0x10FFFF


def searchable(value: Any) -> str:
    """Return text as it is searched in and for: without its case, and without NUL."""
    text = str(value).casefold()
    return text.translate(_ESCAPES) if _ESCAPED.search(text) else text


def joined(values: Iterable[Any]) -> str:
    """Return the texts of several fields of a document, lists among them, as one to search in."""
    return searchable(_BETWEEN.join(map(_text, values)))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return _BETWEEN.join(map(str, value)) if isinstance(value, list) else str(value)


def can_be_looked_up(term: str) -> bool:
    """Whether the index tells where a searchable term stands; what separates texts looks like the padding."""
    return bool(term) and _BETWEEN not in term


def phrase(term: str) -> str:
    """Return the expression by which the index finds a term of at least `PART` characters."""
    return '"{}"'.format(term.replace('"', '""'))


def following(text: str) -> str | None:
    """Return the first text, in the order of SQLite, behind all that begin with this one; None if there is none."""
    last = ord(text[-1]) + 1
    if last in _SURROGATES:
        last = _SURROGATES.stop
    return None if last > _LAST else text[:-1] + chr(last)
