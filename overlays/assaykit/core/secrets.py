"""Credentials that do not show themselves."""

from __future__ import annotations

import hashlib
import os
from typing import Any, Final

HIDDEN: Final = "[redacted]"

_PROCESS_KEY: Final = os.urandom(32)


class Secret:
    """Text that ``repr``, ``str``, formatting, logs and tracebacks never show; only ``reveal`` does.

    Args:
        value: The credential, or a Secret to share.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str | Secret) -> None:
        self._value: str = value._value if isinstance(value, Secret) else value

    def reveal(self) -> str:
        """The credential itself, for the one place that sends it."""
        return self._value

    def fingerprint(self) -> str:
        """A name for the credential within this process; of no use outside, and none to guess the credential by."""
        return hashlib.blake2b(self._value.encode(), key=_PROCESS_KEY, digest_size=16).hexdigest()

    def scrub(self, text: str) -> str:
        """Replace the credential wherever ``text`` repeats it."""
        return text.replace(self._value, HIDDEN) if self._value else text

    def __repr__(self) -> str:
        return f"Secret({HIDDEN})"

    def __str__(self) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a Secret is not pickled, so that it cannot leave the process unnoticed")


class NamedSecret(Secret):
    """A name and the secrets that belong to it, kept as one credential.

    Args:
        name: Such as a client id; not secret by itself.
        *secrets: What must not be shown.
    """

    __slots__ = ("_secrets",)

    def __init__(self, name: str, *secrets: str | Secret) -> None:
        self._secrets = tuple(map(Secret, secrets))
        super().__init__("\n".join((name, *(secret.reveal() for secret in self._secrets))))

    def scrub(self, text: str) -> str:
        """Replace the secrets wherever ``text`` repeats them; the name may stay."""
        for secret in self._secrets:
            text = secret.scrub(text)
        return text
