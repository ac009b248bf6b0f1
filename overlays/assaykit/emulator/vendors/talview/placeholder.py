"""Placeholder pictures: a text in one colour on another, as a PNG of two colours."""

from __future__ import annotations

import struct
import zlib
from typing import Final

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.vendor import Behaviours, Call

SIDE: Final = 100
"""Pixels of each side, if nothing is said; so with the next ones."""
FONT_SIZE: Final = 40
TEXT_COLOUR: Final = "ffffff"
BACKGROUND: Final = "336699"
_COLUMNS: Final = 5
_ROWS: Final = 7
_ADVANCE: Final = _COLUMNS + 1
_SHORT: Final = 3
_PALETTE: Final = 3
_GLYPHS: Final = {
    " ": "00000000000000", "-": "0000001f000000", "_": "0000000000001f", ".": "00000000000c0c", "+": "0004041f040400",
    "0": "0e11131519110e", "1": "040c040404040e", "2": "0e11010204081f", "3": "1f02040201110e", "4": "02060a121f0202",
    "5": "1f101e0101110e", "6": "0608101e11110e", "7": "1f010204080808", "8": "0e11110e11110e", "9": "0e11110f01020c",
    "A": "0e11111f111111", "B": "1e11111e11111e", "C": "0e11101010110e", "D": "1e11111111111e", "E": "1f10101e10101f",
    "F": "1f10101e101010", "G": "0e11101711110f", "H": "1111111f111111", "I": "0e04040404040e", "J": "0702020202120c",
    "K": "11121418141211", "L": "1010101010101f", "M": "111b1515111111", "N": "11191513111111", "O": "0e11111111110e",
    "P": "1e11111e101010", "Q": "0e11111115120d", "R": "1e11111e141211", "S": "0f10100e01011e", "T": "1f040404040404",
    "U": "1111111111110e", "V": "11111111110a04", "W": "111111151b1b11", "X": "11110a040a1111", "Y": "11110a04040404",
    "Z": "1f01020408101f",
}  # fmt: skip
"""The rows of each character from the top, two hexadecimal digits each, whose lowest five bits are the pixels."""
_OTHER: Final = "1f11111111111f"
"""A box, for characters that have no picture."""
behaviours = Behaviours()


@behaviours.operation("helpers_profile_image_placeholder")
def draw(call: Call) -> Success:
    """Draw a text as a picture; where it begins is in the middle, unless the request says so."""
    query = call.query
    width, height, size = query.get("width", SIDE), query.get("height", SIDE), query.get("fSize", FONT_SIZE)
    text = query["text"][: width + 1]
    drawn = max(1, len(text) * _ADVANCE - 1) * size // _ROWS
    left = query.get("x", max(0, (width - drawn) // 2))
    top = query.get("y", max(0, (height - size) // 2))
    lines = [_line(text, row, size, left, width) for row in range(_ROWS)]
    blank = bytes(-(-width // 8))
    rows = [lines[(y - top) * _ROWS // size] if 0 <= y - top < size else blank for y in range(height)]
    colours = _colour(query.get("bgColor", BACKGROUND)) + _colour(query.get("fillColor", TEXT_COLOUR))
    return Success(_png(width, rows, colours), media_type="image/png")


def _line(text: str, row: int, size: int, left: int, width: int) -> bytes:
    """Return one row of pixels of a text, eight in a byte.

    Args:
        text: The text.
        row: Number of the row, of those that a character has.
        size: Height of a character in pixels.
        left: Pixels before the text.
        width: Pixels of the row; what goes beyond is cut off.
    """
    patterns = [int(_GLYPHS.get(character.upper(), _OTHER)[row * 2 : row * 2 + 2], 16) for character in text]
    bits = 0
    for x in range(width):
        place, column = divmod((x - left) * _ROWS // size, _ADVANCE) if x >= left else (-1, 0)
        lit = 0 <= place < len(patterns) and column < _COLUMNS and patterns[place] >> (_COLUMNS - 1 - column) & 1
        bits = bits << 1 | int(lit)
    length = -(-width // 8)
    return (bits << (length * 8 - width)).to_bytes(length, "big")


def _colour(digits: str) -> bytes:
    """Return a colour of three or six hexadecimal digits as red, green and blue."""
    digits = digits.lstrip("#")
    if len(digits) == _SHORT:
        digits = "".join(digit * 2 for digit in digits)
    return bytes.fromhex(digits)


def _png(width: int, rows: list[bytes], colours: bytes) -> bytes:
    """Return a PNG of two colours."""
    head = struct.pack(">IIBBBBB", width, len(rows), 1, _PALETTE, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    parts = (_chunk(b"IHDR", head), _chunk(b"PLTE", colours), _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
