"""Identifiers and other arbitrary values that two runs draw alike."""

from __future__ import annotations

from hashlib import blake2b


class Ids:
    """Values drawn from a seed and counters, one counter for each stream.

    A value depends on the seed, the name of its stream and how many came before it in that stream, and on nothing
    else: creating a test does not change the id that the next participant gets.

    Args:
        seed: Any text; equal seeds give equal values.
    """

    def __init__(self, seed: str) -> None:
        self._key = blake2b(seed.encode(), digest_size=32).digest()
        self._drawn: dict[str, int] = {}
        self.changed = False

    def _digest(self, stream: str) -> bytes:
        number = self._drawn.get(stream, 0)
        self._drawn[stream] = number + 1
        self.changed = True
        return blake2b(f"{stream}/{number}".encode(), key=self._key, digest_size=16).digest()

    def uuid(self, stream: str) -> str:
        """Return an identifier in the form of a version 4 UUID."""
        text = self._digest(stream).hex()
        variant = "89ab"[int(text[16], 16) & 3]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"

    def integer(self, stream: str, start: int = 1) -> int:
        """Return the next whole number of a stream that begins at `start`."""
        number = self._drawn.get(stream, 0)
        self._drawn[stream] = number + 1
        self.changed = True
        return start + number

    def fraction(self, stream: str) -> float:
        """Return a number that is at least 0 and below 1."""
        return int.from_bytes(self._digest(stream)[:6], "big") / 2**48

    def token(self, stream: str) -> str:
        """Return 32 hexadecimal digits."""
        return self._digest(stream).hex()

    def state(self) -> dict[str, int]:
        """Return how many values each stream gave, for `restore`."""
        return dict(self._drawn)

    def restore(self, state: dict[str, int]) -> None:
        """Go back to a state, so that the values after it are drawn again."""
        self._drawn = dict(state)
        self.changed = False
