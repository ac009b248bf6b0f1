"""Access tokens: what one is, when it needs a successor, and where it is kept between calls."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import threading
from dataclasses import dataclass, field
from typing import Any, Protocol

from .secrets import Secret

# A refresh starts this long before expiry while the old token still serves ...
EARLY_MARGIN = 300.0
EARLY_SHARE = 0.2
# ... and from here on the old token is not sent any more: it could expire on the way.
LATE_MARGIN = 30.0
LATE_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Token:
    """An access token as a vendor gave it."""

    value: str = field(repr=False)
    obtained_at: float
    """Seconds since the epoch on our clock."""
    expires_at: float | None = None
    """Seconds since the epoch on our clock; None for a token that does not expire."""
    refresh_value: str | None = field(default=None, repr=False)
    """The refresh token that came with it, if the vendor uses them."""
    scheme: str = "Bearer"

    @property
    def header(self) -> str:
        """The value of the Authorization header."""
        return f"{self.scheme} {self.value}"

    def early_refresh_at(self) -> float:
        """From here on one caller fetches the next token while the others still use this one."""
        return self._before_expiry(EARLY_MARGIN, EARLY_SHARE)

    def must_refresh_at(self) -> float:
        """From here on this token is not used any more."""
        return self._before_expiry(LATE_MARGIN, LATE_SHARE)

    def _before_expiry(self, margin: float, share: float) -> float:
        if self.expires_at is None:
            return float("inf")
        lifetime = max(self.expires_at - self.obtained_at, 0.0)
        return self.expires_at - min(margin, share * lifetime)


def token(value: str, *, now: float, lifetime: float | None, refresh_value: str | None = None) -> Token:
    """Make a Token, reading the expiry from the value itself where it is a JWT that says so.

    A JWT's ``exp`` is on the vendor's clock. Where it also holds ``iat``, the time between the two counts from
    now, so that a clock that is off does not matter.

    Args:
        value: The token as sent by the vendor.
        now: Seconds since the epoch when it was asked for.
        lifetime: Seconds that it is valid if it does not say so itself, None for ever.
        refresh_value: The refresh token that came with it.
    """
    issued, expires = _jwt_times(value)
    if expires is not None:
        expires_at: float | None = expires if issued is None else now + (expires - issued)
    else:
        expires_at = None if lifetime is None else now + lifetime
    return Token(value, now, expires_at, refresh_value)


def _jwt_times(value: str) -> tuple[float | None, float | None]:
    """``iat`` and ``exp`` of a JWT, unverified: it is the vendor's to verify, ours only to plan by."""
    parts = value.split(".")
    if len(parts) != 3:
        return None, None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None, None
    if not isinstance(claims, dict):
        return None, None
    return _seconds(claims.get("iat")), _seconds(claims.get("exp"))


def _seconds(claim: Any) -> float | None:
    if isinstance(claim, bool) or not isinstance(claim, int | float):
        return None
    return float(claim) if abs(claim) < 1e15 else None  # milliseconds of far away times, NaN and infinity


@dataclass(frozen=True, slots=True)
class TokenKey:
    """Whose token it is: one vendor, one base URL, one credential."""

    vendor: str
    base_url: str
    credential: Secret

    def fingerprint(self) -> str:
        """A name for files and shared stores that does not give the credential away.

        A slow hash, because a password that is short could otherwise be found by trying.
        """
        salt = f"assaykit:{self.vendor}:{self.base_url}".encode()
        digest = hashlib.pbkdf2_hmac("sha256", self.credential.reveal().encode(), salt, 50_000, dklen=16)
        return f"{self.vendor}-{digest.hex()}"


class TokenStore(Protocol):
    """Where tokens are kept. Implementations may block: on the event loop they run in a thread."""

    def load(self, key: TokenKey) -> Token | None:
        """The token kept under ``key``, expired or not; None if there is none that can be read."""

    def save(self, key: TokenKey, token: Token) -> None:
        """Keep ``token`` under ``key``. May raise OSError, which is logged and costs only the reuse."""


class MemoryTokenStore:
    """Keeps tokens in this process; give one store to several clients to share their tokens."""

    def __init__(self) -> None:
        self._tokens: dict[TokenKey, Token] = {}
        self._lock = threading.Lock()

    def load(self, key: TokenKey) -> Token | None:
        """The token kept under ``key``, or None."""
        with self._lock:
            return self._tokens.get(key)

    def save(self, key: TokenKey, token: Token) -> None:
        """Keep ``token`` under ``key``."""
        with self._lock:
            self._tokens[key] = token
