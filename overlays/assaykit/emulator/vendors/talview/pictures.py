"""The picture of the current user."""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.resources import View, resources_of
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.talview.me import current

PICTURE: Final = 44
"""Type of the files that are pictures of users, as in the sample."""
_TOLD: Final = ("location", "bio", "website")
behaviours = Behaviours()


@behaviours.operation("display_picture_get")
def get(call: Call) -> Success:
    """Show the profile of the current user."""
    return Success(_profile(call, current(call)))


@behaviours.operation("display_picture_create")
def create(call: Call) -> Success:
    """Set the picture of the current user."""
    user = current(call)
    values = {"file": call.body["file"], "file_type_id": PICTURE}
    file = resources_of(call.state).records.insert(call.state, "files", values, user=user["id"], call=call)
    changed = _set(call, user, file["id"])
    location = f"{call.request.base_url}/user/display-picture"
    return Success(_profile(call, changed), 201, headers=(("Location", location),))


@behaviours.operation("display_picture_delete")
def delete(call: Call) -> Success:
    """Remove the picture of the current user, if there is one."""
    user = current(call)
    if user.get("picture_id") is not None:
        _set(call, user, None)
    return Success(status=204)


def _set(call: Call, user: Document, file: int | None) -> Document:
    """Give a user another picture, or none; the file of the old one goes."""
    records = resources_of(call.state).records
    values = {"picture_id": file, "profile_updated_at": call.state.now()}
    changed = records.change(call.state, "users", user, values, user=user["id"], call=call)
    old = records.get(call.state, "files", user.get("picture_id"))
    if old is not None:
        records.remove(call.state, "files", old, user=user["id"], call=call)
    return changed


def _profile(call: Call, user: Document) -> dict[str, Any]:
    view = View(call.state, call.request.base_url, call.identity)
    number = user.get("picture_id")
    return {
        **{name: user.get(name) for name in _TOLD},
        "picture": view.by_id("files", [number]).get(number),
        "created_at": user["created_at"],
        "updated_at": user.get("profile_updated_at") or user["created_at"],
    }
