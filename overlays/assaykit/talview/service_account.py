"""A service account, which signs what it presents instead of sending a secret."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from assaykit.core import config
from assaykit.core.errors import ConfigurationError, MissingExtra
from assaykit.core.secrets import Secret

LONGEST_ASSERTION: Final = 24 * 3600.0
"""Seconds between the claims iat and exp. Source: "Forming the JWT payload", the claim exp."""

CLOCK_SKEW: Final = 60.0
"""Seconds by which an assertion claims to be older than it is, since the vendor's clock may be behind ours."""

_SCOPE = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+")  # RFC 6749 section 3.3
_KEY_REMEDY = "give the PEM text that Talview gave you, or the path of the file that holds it"


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A service account of Talview's.

    Args:
        email: The account's e-mail address, the claim ``iss``.
        private_key: Its RSA key in PEM form, unencrypted, or the path of a file that holds it.
        scopes: What the token is to be good for, such as ``["section", "evaluation", "invitation"]``.
        audience: The claim ``aud``. Default: the address of the token request; the vendor's page has lost the value.
        lifetime: Seconds for which an assertion holds, at most 24 hours. Not that of the token, which Talview decides.

    Raises:
        ConfigurationError: An argument cannot be used; the error names it.

    Source:
        Talview API v4, "Creating a JWT", "Forming the JWT payload"
    """

    email: str
    private_key: str | Path | Secret = field(repr=False)
    scopes: Iterable[str] = ()
    audience: str | None = None
    lifetime: float = 3600.0

    def __post_init__(self) -> None:
        config.required("email", self.email, "give the e-mail address of the service account")
        if self.audience is not None:
            config.required("audience", self.audience, "leave it out for the address of the token request")
        object.__setattr__(self, "scopes", _scopes(self.scopes))
        object.__setattr__(self, "lifetime", _lifetime(self.lifetime))
        object.__setattr__(self, "private_key", _key(self.private_key))

    @property
    def key(self) -> Secret:
        """The key in PEM form."""
        if not isinstance(self.private_key, Secret):
            raise TypeError("the key was not read")
        return self.private_key

    def assertion(self, audience: str, now: float) -> str:
        """Sign an assertion.

        Args:
            audience: The claim ``aud``, unless the account has its own.
            now: Seconds since the epoch.

        Returns:
            A JSON Web Token, signed by RS256.

        Raises:
            ConfigurationError: The key cannot sign.
            MissingExtra: PyJWT or cryptography is not installed (``pip install assaykit[service-account]``).
        """
        issued = now - CLOCK_SKEW
        claims: dict[str, str | int] = {
            "iss": self.email,
            "scope": " ".join(self.scopes),
            "aud": self.audience or audience,
            "iat": int(issued),
            "exp": int(min(now + self.lifetime, issued + LONGEST_ASSERTION)),
        }
        try:
            return _sign(claims, self.key)
        except ModuleNotFoundError as error:
            if error.name is None or error.name.partition(".")[0] not in ("jwt", "cryptography"):
                raise
            message = "service accounts sign with PyJWT and cryptography: pip install assaykit[service-account]"
            raise MissingExtra(message) from error
        except _Unusable:
            pass
        # Outside the except, and of an error without a cause: what the libraries raise may quote the key.
        raise ConfigurationError("private_key", "is not an RSA key that can sign", _KEY_REMEDY)


class _Unusable(Exception):
    """The key cannot sign."""


def _sign(claims: dict[str, str | int], key: Secret) -> str:
    import jwt
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        return jwt.encode(claims, key.reveal(), algorithm="RS256")
    except (ValueError, TypeError, AttributeError, jwt.PyJWTError, UnsupportedAlgorithm):
        raise _Unusable from None


def _scopes(given: Iterable[str]) -> tuple[str, ...]:
    if isinstance(given, str):
        raise ConfigurationError("scopes", "is one text", "give a list of names, such as ['section']")
    scopes = tuple(given)
    for scope in scopes:
        if not isinstance(scope, str) or not _SCOPE.fullmatch(scope):
            raise ConfigurationError("scopes", f"{scope!r} is not the name of a scope", "give names without spaces")
    return scopes


def _lifetime(given: float) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given < math.inf:
        raise ConfigurationError("lifetime", f"{given!r} is not a positive number of seconds", "give for example 3600")
    if given > LONGEST_ASSERTION:
        raise ConfigurationError("lifetime", f"{given!r} seconds are more than 24 hours", "give at most 86400")
    return float(given)


def _key(given: str | Path | Secret) -> Secret:
    """The key as PEM text; whether it is an RSA key shows when it signs, since looking needs the extra."""
    text = given.reveal() if isinstance(given, Secret) else given
    if not isinstance(text, str) or "-----BEGIN" not in text:
        text = _read(Path(text)) if not isinstance(given, Secret) else ""
    if "\n" not in text:
        text = text.replace("\\n", "\n")  # as files of variables write it, on one line
    if "PRIVATE KEY-----" not in text:
        raise ConfigurationError("private_key", "holds no private key in PEM form", _KEY_REMEDY)
    if "BEGIN ENCRYPTED" in text or ",ENCRYPTED" in text:
        raise ConfigurationError("private_key", "is encrypted", "decrypt it: openssl pkey -in KEY -out DECRYPTED")
    return Secret(text)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        problem = f"is no key in PEM form, and no file with one: {type(error).__name__}"
    # Outside the except: the cause holds the path, which is the key where somebody gave it in another form.
    raise ConfigurationError("private_key", problem, _KEY_REMEDY)
