"""Forgotten passwords: a link with a token, which is used once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assaykit.emulator.engine.control_arguments import text
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import BAD_SYNTAX, INVALID, NOT_FOUND, Rejected
from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview.me import refusals, set_password

behaviours = Behaviours()


def _holder(state: State, token: str) -> Document | None:
    """Return the user to whom a token was sent, or None if it is unknown or used up."""
    found = resources_of(state).records.find(state, "users", equal(password_reset_token=token), limit=1)
    return found[0] if found else None


@behaviours.operation("users_reset_password")
def reset(call: Call) -> Success:
    """Set a forgotten password anew."""
    user = _holder(call.state, call.body["token"])
    if user is None:
        raise unfit("token", "is unknown or used up; ask for a new link")
    wrong = refusals(user, call.body)
    if wrong:
        raise Rejected(INVALID, "The body is not accepted.", wrong)
    set_password(call, user, call.body["new_password"])
    return Success({"id": call.state.ids.uuid("password-reset")})


@behaviours.operation("users_verify_reset_link")
def verify(call: Call) -> Success:
    """Tell whether a link is still good."""
    if _holder(call.state, call.query["c"]) is None:
        raise Rejected(BAD_SYNTAX, "The link is unknown or used up; ask for a new one.")
    return Success({"message": "The link is valid.", "status": 200})


def request_reset(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Make a token for somebody who has forgotten the password, as the page to sign in does: `username`.

    Raises:
        Rejected: Nobody has this name.
    """
    name = text(arguments, "username")
    records = resources_of(state).records
    found = records.find(state, "users", equal(username=name), limit=1)
    if not found:
        raise Rejected(NOT_FOUND, f"There is no user {name}.")
    token = state.ids.token("password-reset-token")
    records.change(state, "users", found[0], {"password_reset_token": token})
    return {"id": found[0]["id"], "token": token}
