"""Assertions of service accounts: JSON Web Tokens that are exchanged for a bearer token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt
from jwt.algorithms import RSAAlgorithm
from jwt.types import Options

from assaykit.emulator.engine.control_arguments import invalid, text, whole
from assaykit.emulator.engine.rejection import NOT_FOUND, UNAUTHORIZED, Rejected
from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview.records import SERVICE_ACCOUNTS

ALGORITHM: Final = "RS256"
LONGEST: Final = 86_400
"""Seconds that may lie between `iat` and `exp`."""
SKEW: Final = 60
"""Seconds by which the clock of a service account may be ahead."""
_SIGNATURE_ALONE: Final[Options] = {
    "verify_aud": False,
    "verify_exp": False,
    "verify_iat": False,
    "verify_iss": False,
    "verify_jti": False,
    "verify_nbf": False,
    "verify_sub": False,
}
# The claims are judged here, by the world's clock.


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a service account has signed, after every check.

    Args:
        user: Id of the user on whose behalf it acts.
        scope: The permissions it asks for.
    """

    user: int
    scope: str


def read_assertion(state: State, encoded: str, audience: str) -> Assertion:
    """Check an assertion.

    Args:
        state: The vendor's part of the world.
        encoded: The JSON Web Token.
        audience: Address of the token operation, which `aud` must be.

    Raises:
        Rejected: It is malformed, unsigned, or wrong; the message names the claim.
    """
    claims = _claims(encoded)
    for name in ("iss", "scope", "aud", "exp", "iat"):
        if name not in claims:
            raise _refused(f"the claim {name} is missing")
    account = state.store.get(SERVICE_ACCOUNTS, str(claims["iss"]))
    if account is None:
        raise _refused("iss names no registered service account")
    try:
        jwt.decode(encoded, account["publicKey"], algorithms=[ALGORITHM], options=_SIGNATURE_ALONE)
    except jwt.PyJWTError:
        raise _refused("it was not signed with the key of its service account") from None
    if audience not in (claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]):
        raise _refused(f"aud must be {audience}")
    now = state.clock.time()
    issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")
    if issued > now + SKEW:
        raise _refused("iat is in the future")
    if expires <= now:
        raise _refused("exp is past")
    if expires - issued > LONGEST:
        raise _refused(f"exp may be at most {LONGEST} seconds after iat")
    if not isinstance(claims["scope"], str):
        raise _refused("scope must be text, with spaces between the permissions")
    return Assertion(account["userId"], claims["scope"])


def _claims(encoded: str) -> dict[str, Any]:
    """Return the claims of an assertion whose signature is still to be checked."""
    try:
        header = jwt.get_unverified_header(encoded)
        claims: dict[str, Any] = jwt.decode(encoded, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise _refused("it is no JSON Web Token") from None
    if header.get("alg") != ALGORITHM:
        raise _refused(f"its header must name the algorithm {ALGORITHM}")
    return claims


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims[name]
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < 1e18:
        raise _refused(f"{name} must be a number of seconds since 1970")
    return value


def _refused(why: str) -> Rejected:
    return Rejected(UNAUTHORIZED, f"The assertion is not accepted: {why}.", code="invalid_grant")


def register_service_account(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Make a service account known: `email`, `publicKey` in PEM, and `userId` on whose behalf it acts.

    Raises:
        Rejected: The key is none, or there is no such user.
    """
    email, key, user = text(arguments, "email"), text(arguments, "publicKey"), whole(arguments, "userId")
    try:
        public = not hasattr(RSAAlgorithm(RSAAlgorithm.SHA256).prepare_key(key), "private_numbers")
    except (jwt.PyJWTError, ValueError, TypeError):
        public = False
    if not public:
        raise invalid("publicKey", "must be a public RSA key in PEM: -----BEGIN PUBLIC KEY-----")
    if resources_of(state).records.get(state, "users", user) is None:
        raise Rejected(NOT_FOUND, f"There is no user {user}.")
    document = {"email": email, "publicKey": key, "userId": user}
    if state.store.get(SERVICE_ACCOUNTS, email) is None:
        state.store.insert(SERVICE_ACCOUNTS, email, document)
    else:
        state.store.replace(SERVICE_ACCOUNTS, email, document)
    return document
