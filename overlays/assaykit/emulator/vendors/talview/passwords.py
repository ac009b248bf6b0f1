"""How strong passwords are, by how many guesses they would take."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

LEAST_SCORE: Final = 3
"""The score below which a password is weak."""
_THRESHOLDS: Final = (3, 6, 8, 10)
"""Powers of ten of the guesses that raise the score by one."""
_KNOWN: Final = (
    "password", "passwort", "qwerty", "asdfgh", "zxcvbn", "letmein", "welcome", "admin", "iloveyou", "monkey",
    "dragon", "master", "login", "secret", "sunshine", "football", "princess", "default", "changeme",
)  # fmt: skip
"""Words that are guessed first."""
_SHORTEST: Final = 3
_OF_A_WORD: Final = 2.0
"""Power of ten of the guesses that a known word or a run of characters takes."""
_WORD: Final = re.compile(r"[^\W_]+")


def score(password: str, about: Iterable[str] = ()) -> int:
    """Rate a password from 0, the worst, to 4.

    Known words, what is known about the user, and runs such as `aaaa` or `1234` count as much as two characters, any
    other character as ten guesses.

    Args:
        password: The password.
        about: Texts that somebody who guesses would try: name, e-mail address, the present password.
    """
    text = password.lower()
    texts = [one.lower() for one in about if one]
    known = {word for one in texts for word in (one, *_WORD.findall(one)) if len(word) >= _SHORTEST}
    power = 0.0
    for word in sorted({*known, *_KNOWN}, key=lambda one: (-len(one), one)):
        power += _OF_A_WORD * text.count(word)
        text = text.replace(word, "\0")
    for part in text.split("\0"):
        power += _power(part)
    return sum(power >= threshold for threshold in _THRESHOLDS)


def _power(text: str) -> float:
    """Return the power of ten of the guesses that a text without known words takes."""
    power, place = 0.0, 0
    while place < len(text):
        length = _run(text, place)
        power += _OF_A_WORD if length >= _SHORTEST else length
        place += length
    return power


def _run(text: str, start: int) -> int:
    """Return how many characters, from a place on, differ each from the last by the same 0, 1 or -1."""
    step: int | None = None
    end = start + 1
    while end < len(text):
        difference = ord(text[end]) - ord(text[end - 1])
        if difference not in (-1, 0, 1) or (step is not None and difference != step):
            break
        step, end = difference, end + 1
    return end - start if end - start >= _SHORTEST else 1
