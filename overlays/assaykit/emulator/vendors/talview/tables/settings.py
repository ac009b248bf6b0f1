"""Settings, the values that they allow, and the values that were set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from assaykit.emulator.engine.resources import Change, Resource, belongs, resources_of
from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.storage import Where, equal
from assaykit.emulator.engine.vendor import Call
from assaykit.emulator.vendors.talview.tables.organizations import ORGANIZATION


def _valued(change: Change) -> None:
    """Take the value over from the allowed value, which must be one of the setting's."""
    document = change.document
    number = document["settings_allowed_value_id"]
    if number is None:
        document["value"] = None
        return
    allowed = resources_of(change.state).records.get(change.state, "settings_allowed_values", number)
    if allowed is not None and allowed["settings_id"] != document["settings_id"]:
        raise unfit("settings_allowed_value_id", "names a value of another setting")
    document["value"] = None if allowed is None else allowed["item_value"]


def _applying(call: Call) -> Sequence[Where]:
    """Limit to the values that apply to the caller: per setting the user's, else the organization's, else everybody's.

    If there are several of one rank, the latest one applies.
    """
    records, identity = resources_of(call.state).records, call.identity
    ranks = (
        equal(organization_id=None, user_id=None),
        equal(organization_id=identity.organization, user_id=None),
        equal(organization_id=identity.organization, user_id=identity.user),
    )
    applying: dict[int, int] = {}
    for where in ranks:
        found = records.find(call.state, "admin_settings_data", where)
        applying.update({document["settings_id"]: document["id"] for document in found})
    return [Where("id", "in", list(applying.values()))]


RESOURCES: Final = (
    Resource("settings", "Setting", scope="all", order=("id",)),
    Resource(
        "settings_allowed_values",
        "Allowed value",
        scope="all",
        order=("id",),
        references={"settings_id": belongs("settings")},
    ),
    Resource(
        "helpers_allowed_values",
        "Allowed value",
        of="settings_allowed_values",
        scope="all",
        order=("id",),
        operations={"list": "settings_list_allowed_values", "get": "settings_get_allowed_value"},
        parents={"settings_id": "settings_id"},
    ),
    Resource(
        "admin_settings_data",
        "Settings value",
        parents=ORGANIZATION,
        soft=True,
        references={
            "settings_id": belongs("settings", "settings"),
            "settings_allowed_value_id": belongs("settings_allowed_values"),
            "user_id": belongs("users"),
        },
        before={"create": _valued, "update": _valued},
    ),
    Resource(
        "me_settings_data",
        "Settings value",
        of="admin_settings_data",
        scope="all",
        order=("id",),
        visible=_applying,
        operations={"list": "me_list_settings_data", "get": "me_get_settings_datum"},
    ),
)
