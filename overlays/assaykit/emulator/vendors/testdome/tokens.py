"""Tokens: credentials by either grant are exchanged for a JWT that is valid for 30 minutes by the world's clock."""

from __future__ import annotations

import hmac
from typing import Any, Final

import jwt

from assaykit.emulator.engine.auth import Credentials
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import INVALID, UNAUTHORIZED, Rejected
from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.testdome.records import ACCOUNTS

LIFETIME: Final = 1800
_ALGORITHM: Final = "HS256"
_CACHED: Final = 1000
behaviours = Behaviours()


@behaviours.operation("tokens_create")
def create(call: Call) -> Success:
    """Exchange client credentials, or a user's name and API password, for a token."""
    body = call.body
    told: dict[str, Any] = {}
    if body["grant_type"] == "password":
        account = _account(call.state, "userName", body["username"], "password", body["password"])
        if account is None:
            raise Rejected(INVALID, "The user name or API password is wrong.", code="invalid_grant")
        told["userName"] = account["userName"]
    else:
        account = _account(call.state, "clientId", body["client_id"], "clientSecret", body["client_secret"])
        if account is None:
            raise Rejected(UNAUTHORIZED, "The client id or secret is wrong.", code="invalid_client")
    issued = int(call.state.clock.time())
    claims = {
        "iss": "testdome",
        "sub": account["id"],
        "jti": call.state.ids.uuid("token"),
        "iat": issued,
        "exp": issued + LIFETIME,
    }
    token = jwt.encode(claims, call.state.key(), _ALGORITHM)
    return Success(
        {"token_type": "Bearer", "access_token": token, "expires_in": LIFETIME, **told},
        headers=(("Cache-Control", "no-store"),),
    )


def _account(state: State, name: str, given: str, secret: str, shown: str) -> Document | None:
    for account in state.store.find(ACCOUNTS, equal(**{name: given})):
        if hmac.compare_digest(account[secret].encode(), shown.encode("utf-8", "surrogatepass")):
            return account
    return None


def verify(state: State, credentials: Credentials) -> str:
    """Return the name of the account to which a token was given.

    Raises:
        Rejected: The token was not signed in this world, or has expired.
    """
    # Only the signature's check is remembered; whether the half hour is over is asked every time.
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
            raise _refused("tokenInvalid", "The bearer token is not valid; request a new one.") from None
        known = (str(claims["sub"]), int(claims["exp"]))
        if len(state.cache) >= _CACHED:
            state.cache.clear()
        state.cache[credentials.value] = known
    account, expires = known
    if state.clock.time() >= expires:
        raise _refused("tokenExpired", "The bearer token has expired; request a new one.")
    return str(account)


def _refused(code: str, message: str) -> Rejected:
    challenge = ("WWW-Authenticate", f'Bearer error="invalid_token", error_description="{message}"')
    return Rejected(UNAUTHORIZED, message, headers=[challenge], code=code)
