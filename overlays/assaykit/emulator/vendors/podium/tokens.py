"""Tokens: an API key is exchanged for a JWT that is valid for one hour by the world's clock."""

from __future__ import annotations

from typing import Final

import jwt

from assaykit.emulator.engine.auth import Credentials
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import UNAUTHORIZED, Field, Rejected
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.podium.records import KEYS

LIFETIME: Final = 3600
_ALGORITHM: Final = "HS256"
_CACHED: Final = 1000
behaviours = Behaviours()


@behaviours.operation("tokens_create")
def create(call: Call) -> Success:
    """Exchange an API key for a token."""
    key = call.state.store.get(KEYS, call.body["apiKey"])
    if key is None:
        raise Rejected(UNAUTHORIZED, "The API key is not known.", [Field("body.apiKey", "is not known")])
    issued = int(call.state.clock.time())
    claims = {
        "iss": "podium",
        "sub": key["partnerId"],
        "jti": call.state.ids.uuid("token"),
        "iat": issued,
        "exp": issued + LIFETIME,
    }
    return Success({"token": jwt.encode(claims, call.state.key(), _ALGORITHM)})


def verify(state: State, credentials: Credentials) -> str:
    """Return the id of the partner to whom a token was given.

    Raises:
        Rejected: The token was not signed in this world, or has expired.
    """
    # Only the signature's check is remembered; whether the hour is over is asked every time.
    known = state.cache.get(credentials.value)
    if known is None:
        try:
            claims = jwt.decode(
                credentials.value,
                state.key(),
                [_ALGORITHM],
                options={"verify_exp": False, "verify_iat": False, "require": ["exp", "sub"]},
            )
        except jwt.InvalidTokenError:
            raise _refused("The bearer token is not valid; request a new one.") from None
        known = (str(claims["sub"]), int(claims["exp"]))
        if len(state.cache) >= _CACHED:
            state.cache.clear()
        state.cache[credentials.value] = known
    partner, expires = known
    if state.clock.time() >= expires:
        raise _refused("The bearer token has expired; request a new one.")
    return str(partner)


def _refused(message: str) -> Rejected:
    challenge = ("WWW-Authenticate", f'Bearer error="invalid_token", error_description="{message}"')
    return Rejected(UNAUTHORIZED, message, headers=[challenge])
