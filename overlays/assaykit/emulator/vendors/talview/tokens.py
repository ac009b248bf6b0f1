"""Tokens: credentials by one of three grants are exchanged for a token that expires by the world's clock."""

from __future__ import annotations

import hmac
from typing import Any, Final

from assaykit.emulator.engine.auth import Credentials
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import UNAUTHORIZED, Rejected
from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.storage import Document, Where, equal
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview.assertions import read_assertion
from assaykit.emulator.vendors.talview.identities import CANDIDATE, SERVICE, USER, Identity
from assaykit.emulator.vendors.talview.records import APPLICATIONS, REFRESH_TOKENS, TOKENS

USER_LIFETIME: Final = 86_400
"""Seconds for which a user's token is valid, as in the sample; the text speaks of an hour."""
SERVICE_LIFETIME: Final = 3_600
REFRESH_LIFETIME: Final = 14 * 86_400
"""Seconds for which a refresh token is valid; the documentation does not tell."""
ASSERTION: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SWEPT_EACH: Final = 100
_DIGITS: Final = 40
_FROM: Final = "127.0.0.1"
"""Network address that every user is said to have signed in from."""
behaviours = Behaviours()


@behaviours.operation("tokens_create")
def create(call: Call) -> Success:
    """Exchange a password, a refresh token or an assertion for a token."""
    body, state = call.body, call.state
    if body["grant_type"] == ASSERTION:
        assertion = read_assertion(state, body["assertion"], f"{call.request.base_url}/oauth2/token")
        token = _issue(state, SERVICE, assertion.user, assertion.scope, SERVICE_LIFETIME)
        answer: dict[str, Any] = {
            "access_token": token,
            "expires_in": SERVICE_LIFETIME,
            "token_type": "bearer",
            "scope": assertion.scope,
        }
        return _answered(answer)
    _check_application(state, body["client_id"], body["client_secret"])
    if body["grant_type"] == "password":
        user = _signed_in(state, _user(state, body["username"], body["password"]))
        refresh = _hexadecimal(state, "refresh-token")
        expires = int(state.clock.time()) + REFRESH_LIFETIME
        document = {"user": user, "application": body["client_id"], "expires": expires}
        state.store.insert(REFRESH_TOKENS, refresh, document)
    else:
        refresh = body["refresh_token"]
        known = state.store.get(REFRESH_TOKENS, refresh)
        if known is None or known["application"] != body["client_id"] or known["expires"] <= state.clock.time():
            raise Rejected(UNAUTHORIZED, "The refresh token is not valid or has expired.", code="invalid_grant")
        user = known["user"]
    token = _issue(state, USER, user, "", USER_LIFETIME)
    return _answered(
        {
            "access_token": token,
            "expires_in": USER_LIFETIME,
            "token_type": "Bearer",
            "scope": None,
            "refresh_token": refresh,
        }
    )


def _answered(body: dict[str, Any]) -> Success:
    return Success(body, headers=(("Cache-Control", "no-store"),))


def _check_application(state: State, number: str, secret: str) -> None:
    known = state.store.get(APPLICATIONS, number)
    if known is None or not _same(known["secret"], secret):
        raise Rejected(UNAUTHORIZED, "The client id or secret is wrong.", code="invalid_client")


def _user(state: State, name: str, password: str) -> Document:
    for user in resources_of(state).records.find(state, "users", equal(username=name)):
        if _same(user.get("password") or "", password):
            return user
    raise Rejected(UNAUTHORIZED, "The user name or password is wrong.", code="invalid_grant")


def _signed_in(state: State, user: Document) -> int:
    """Note that a user has signed in, and return the id."""
    signed = {**user, "logged_in_at": state.now(), "logged_in_from": _FROM}
    state.store.replace(resources_of(state).collection("users"), str(user["id"]), signed)
    number: int = user["id"]
    return number


def _same(kept: str, shown: str) -> bool:
    return bool(kept) and hmac.compare_digest(kept.encode(), shown.encode("utf-8", "surrogatepass"))


def _hexadecimal(state: State, stream: str) -> str:
    return (state.ids.token(stream) + state.ids.token(stream))[:_DIGITS]


def issue_to_candidate(state: State, section_candidate: int) -> dict[str, Any]:
    """Return a token for the candidate of a section, as the token endpoint would; no operation gives one out."""
    token = _issue(state, CANDIDATE, section_candidate, "", USER_LIFETIME)
    return {"access_token": token, "expires_in": USER_LIFETIME, "token_type": "Bearer", "scope": None}


def _issue(state: State, kind: str, user: int, scope: str, lifetime: int) -> str:
    token = _hexadecimal(state, "token")
    expires = int(state.clock.time()) + lifetime
    _sweep(state)
    state.store.insert(TOKENS, token, {"token": token, "kind": kind, "user": user, "scope": scope, "expires": expires})
    return token


def _sweep(state: State) -> None:
    """Forget tokens that have expired, so that a world that runs for long keeps few."""
    past = [Where("expires", "<=", int(state.clock.time()))]
    for document in state.store.find(TOKENS, past, limit=_SWEPT_EACH):
        state.store.delete(TOKENS, document["token"])


def verify(state: State, credentials: Credentials) -> Identity:
    """Return who bears a token.

    Raises:
        Rejected: It was not given out in this world, has expired, or its user is gone.
    """
    known = state.store.get(TOKENS, credentials.value)
    if known is None or known["expires"] <= state.clock.time():
        raise _refused("The access token is not valid or has expired; request a new one.")
    if known["kind"] == CANDIDATE:
        return _candidate(state, known["user"])
    user = resources_of(state).records.get(state, "users", known["user"])
    if user is None:
        raise _refused("The user of the access token does not exist any more.")
    roles = frozenset(role.replace(" ", "_") for role in user["roles"])
    return Identity(known["kind"], user["id"], user["organization_id"], roles, frozenset(known["scope"].split()))


def _candidate(state: State, number: int) -> Identity:
    records = resources_of(state).records
    section_candidate = records.get(state, "assessment_section_candidates", number) or {}
    invited = records.get(state, "assessment_candidates", section_candidate.get("assessment_candidate_id"))
    if invited is None:
        raise _refused("The candidate of the access token does not exist any more.")
    roles, owner, candidate = frozenset({"Candidate"}), invited["organization_id"], invited["candidate_id"]
    return Identity(CANDIDATE, None, owner, roles, frozenset(), candidate, number)


def _refused(message: str) -> Rejected:
    challenge = ("WWW-Authenticate", 'Bearer realm="talview", error="invalid_token"')
    return Rejected(UNAUTHORIZED, message, headers=[challenge])
