"""The current user: profile, passwords, and the secret for one-time passwords."""

from __future__ import annotations

from base64 import b32encode
from typing import Any, Final
from urllib.parse import quote

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import INVALID, Field, Rejected
from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.resources.changes import missing
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.talview.passwords import LEAST_SCORE, score
from assaykit.emulator.vendors.talview.showing import shown

_UPDATED: Final = (
    "external_id", "status", "phone", "location", "current_role", "cf", "name", "appState", "roles",
    "is_common_login", "isSingleSignOn", "username", "email", "countryCode", "isPrivacyAccepted", "isTermsAccepted",
)  # fmt: skip
_SECRET_LENGTH: Final = 26
_READER: Final = "https://otp.example.com/qr?data="
behaviours = Behaviours()


def current(call: Call) -> Document:
    """Return the user who calls.

    Raises:
        Rejected: There is none any more.
    """
    found = resources_of(call.state).records.get(call.state, "users", call.identity.user)
    if found is None:
        raise missing(call.identity.user)
    return found


@behaviours.operation("me_get")
def get(call: Call) -> Success:
    """Show the current user."""
    return Success(shown(call, "me", current(call)))


@behaviours.operation("me_update")
def update(call: Call) -> Success:
    """Change the current user."""
    values = {name: value for name, value in call.body.items() if name in _UPDATED}
    user = current(call)
    changed = resources_of(call.state).records.change(call.state, "users", user, values, user=user["id"], call=call)
    return Success(shown(call, "me", changed))


@behaviours.operation("me_update_password")
def update_password(call: Call) -> Success:
    """Set a new password for who knows the old one."""
    user, body = current(call), call.body
    wrong: list[Field] = []
    if body["current_password"] != user.get("password"):
        wrong.append(Field("body.current_password", "is not the present password"))
    if body["new_password"] == user.get("password"):
        wrong.append(Field("body.new_password", "must differ from the present password"))
    wrong += refusals(user, body)
    if wrong:
        raise Rejected(INVALID, "The body is not accepted.", wrong)
    set_password(call, user, body["new_password"])
    return Success({})


def refusals(user: Document, body: dict[str, Any]) -> list[Field]:
    """Return what is wrong with a new password and its repetition."""
    wrong: list[Field] = []
    if body["new_password"] != body["new_password_repeat"]:
        wrong.append(Field("body.new_password", "must equal its repetition"))
    if score(body["new_password"], about(user)) < LEAST_SCORE:
        wrong.append(Field("body.new_password", "is weak; take more words or characters"))
    return wrong


def about(user: Document) -> list[str]:
    """Return what somebody who guesses the password of a user would try."""
    return [user.get(name) or "" for name in ("name", "username", "email", "password")]


def set_password(call: Call, user: Document, password: str) -> None:
    """Give a user a password; a link to set a forgotten one is used up then."""
    values = {"password": password, "password_reset_token": None}
    resources_of(call.state).records.change(call.state, "users", user, values, user=user["id"], call=call)


@behaviours.operation("me_check_password_strength")
def check_strength(call: Call) -> Success:
    """Rate a password."""
    return Success({"score": score(call.body["password"], about(current(call)))})


@behaviours.operation("me_generate_otp_uri")
def generate_otp_uri(call: Call) -> Success:
    """Hand out the secret of the current user; it is made once."""
    user = current(call)
    secret = user.get("otp_secret")
    if secret is None:
        secret = b32encode(bytes.fromhex(call.state.ids.token("otp-secret"))).decode()[:_SECRET_LENGTH]
        values = {"otp_secret": secret, "updated_at": user["updated_at"], "updated_by": user["updated_by"]}
        resources_of(call.state).records.change(call.state, "users", user, values, user=user["id"])
    name = quote(f"Talview:{user['username']}", safe="")
    address = f"otpauth://totp/{name}?secret={secret}&issuer=Talview"
    return Success({"qr-code": _READER + quote(address, safe=""), "secret": secret})
