"""Organizations, their users, and what is granted to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from assaykit.emulator.engine.rejection import FORBIDDEN, Rejected
from assaykit.emulator.engine.resources import Change, Computed, Resource, View, belongs, refers, resources_of
from assaykit.emulator.engine.resources.changes import missing, unfit
from assaykit.emulator.engine.resources.declarations import Link
from assaykit.emulator.engine.resources.filters import equals, has, through
from assaykit.emulator.engine.storage import Document, Where, equal
from assaykit.emulator.engine.vendor import Call
from assaykit.emulator.vendors.talview.roles import LABELS, labels
from assaykit.emulator.vendors.talview.tables.hooks import by_caller, each_of

NEW_USER: Final = 10
ORGANIZATION: Final = {"oid": "organization_id"}
_CALENDARS: Final = {"busyCalendar": 3, "liveCalendar": 1, "availability": 2}
"""The type of events to which each link leads."""


def _standing(change: Change) -> None:
    """Let an organization be deleted or not; nobody deletes the own one, which would shut the caller out."""
    document = change.document
    document["is_deleted"] = bool(document.get("is_deleted"))
    if document["is_deleted"] and change.call is not None and document["id"] == change.call.identity.organization:
        raise unfit("is_deleted", "cannot be true for your own organization")


def _founded(change: Change) -> None:
    """Keep who creates an organization and when, whatever was sent: the server decides."""
    now, user = change.state.now(), change.user
    change.document.update(created_at=now, updated_at=now, created_by=user, updated_by=user)


def _first_manager(change: Change) -> None:
    """Whoever creates an organization is its first account manager."""
    values = {"user_id": change.user, "organization_id": change.document["id"]}
    if change.user is not None:
        resources_of(change.state).records.insert(change.state, "admin_account_managers", values, user=change.user)


def _some_role(change: Change) -> None:
    if not change.document["roles"]:
        change.document["roles"] = ["Recruiter"]


def _not_oneself(change: Change) -> None:
    if change.call is not None and change.user == change.document["id"]:
        raise Rejected(FORBIDDEN, "You cannot delete yourself.")


def _no_manager(change: Change) -> None:
    """Take account managements away from a user who is deleted, also those in other organizations."""
    records = resources_of(change.state).records
    for entry in records.find(change.state, "admin_account_managers", equal(user_id=change.document["id"])):
        records.remove(change.state, "admin_account_managers", entry, user=change.user)


def _added(change: Change) -> None:
    """Check and note who becomes an account manager: a user of the organization, or of the caller's own."""
    document = change.document
    found = resources_of(change.state).records.get(change.state, "users", document["user_id"])
    if change.call is not None:
        organizations = (document["organization_id"], change.call.identity.organization)
        if found is None or found["organization_id"] not in organizations:
            raise unfit("user_id", "names no user that exists")
    document["added_at"] = change.state.now()


def _gone(change: Change) -> None:
    if change.call is not None and change.user == change.document["user_id"]:
        raise Rejected(FORBIDDEN, "You cannot take the account management away from yourself.")
    change.document["deleted_at"], change.document["deleted_by"] = change.state.now(), change.user


def _own_permission(change: Change) -> None:
    """What a whole organization has cannot be taken from one of its users."""
    if change.document["user_id"] is None:
        raise missing(change.document["id"])


def _own_filter(change: Change) -> None:
    """Filters that all organizations share cannot be changed."""
    if change.old is not None and change.old["organization_id"] is None:
        raise Rejected(FORBIDDEN, "All organizations share this filter; it cannot be changed.")


def _calendar(kind: int, path: str) -> Link:
    def address(view: View, document: Document) -> str:
        now = int(view.state.clock.time())
        return f"{path}?type={kind}&user_id={document['id']}&startsAt={now}"

    return address


def _links(calendar: str) -> dict[str, Link]:
    """Return the links of users, of which those to calendars differ.

    Args:
        calendar: The path of the calendar.
    """
    return {
        "self": "/user/me",
        "permissions": "/user/me/permission?type=2",
        "settings_data": "/user/me/settings_data",
        "index": "/user",
        "metrics": "/user/metrics/{id}",
        "categories": "/admin/organization/{organization_id}/user/{id}/category",
        **{name: _calendar(kind, calendar) for name, kind in _CALENDARS.items()},
        "userProfilePic": "/user/display-picture",
    }


def _mine(call: Call) -> Sequence[Where]:
    return [Where("user_id", "in", (None, call.identity.user))]


def _own_organization(call: Call) -> Sequence[Where]:
    return [Where("id", "=", call.identity.organization)]


def _labels(_: View, documents: Sequence[Document]) -> Sequence[Any]:
    return [labels(document["roles"]) for document in documents]


def _label(_: View, documents: Sequence[Document]) -> Sequence[Any]:
    return [LABELS.get(document["current_role"] or "") for document in documents]


def _pictures(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    """Return the address of the picture of each user."""
    numbers = [document.get("picture_id") for document in documents]
    files = view.by_id("files", numbers)
    return [files[number]["resourceUrl"] if number in files else None for number in numbers]


def _managers(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    users = view.by_id("users", [document["user_id"] for document in documents])
    return [users.get(document["user_id"]) for document in documents]


RESOURCES: Final = (
    Resource(
        "admin_organizations",
        "Organization",
        scope="all",
        soft=True,
        defaults={"is_deleted": False},
        before={"create": each_of(_standing, _founded), "update": _standing},
        after={"create": _first_manager},
    ),
    Resource(
        "organizations",
        "Organization",
        of="admin_organizations",
        scope="all",
        visible=_own_organization,
        operations={"get": "users_get_organization"},
    ),
    Resource(
        "users",
        "User",
        unique_everywhere=(("username",), ("email",)),
        defaults={
            "status": NEW_USER,
            "is_common_login": True,
            "roles": ["Recruiter"],
            "current_role": None,
            "defaultLocale": "en-US",
            "picture_id": None,
        },
        computed={"roles": Computed(_labels), "current_role": Computed(_label), "profilePicUrl": Computed(_pictures)},
        filters={"roles[]": has("roles")},
        indexes={"password_reset_token": str},
        before={"create": _some_role, "delete": _not_oneself},
        after={"delete": _no_manager},
        links=_links("/models/user-calendar"),
    ),
    Resource(
        "me",
        "User",
        of="users",
        operations={"get": "me_get", "update": "me_update"},
        custom=frozenset({"get", "update"}),
        links=_links("/user/me/calendar"),
    ),
    Resource("permission_names", "Permission", hidden=True, scope="all", indexes={"name": str}),
    Resource(
        "permissions",
        "Permission",
        order=("id",),
        visible=_mine,
        references={"user_id": belongs("users")},
        defaults={"type": 2},
    ),
    Resource(
        "admin_user_permissions",
        "Permission",
        of="permissions",
        order=("id",),
        custom=frozenset({"create"}),
        parents={"oid": "organization_id", "uid": "user_id?"},
        before={"delete": _own_permission},
    ),
    Resource(
        "admin_rbac",
        "Permission",
        of="permissions",
        order=("id",),
        custom=frozenset({"create", "update", "delete"}),
        parents=ORGANIZATION,
    ),
    Resource(
        "admin_account_managers",
        "Account manager",
        parents={"organization_id": "organization_id"},
        soft=True,
        shows_deleted=True,
        # The user may belong to another organization, so this is none of the references that the engine checks.
        indexes={"user_id": int},
        references={"category_id": refers("categories")},
        computed={"user": Computed(_managers, expanded=True)},
        defaults={"role": "Account Manager"},
        before={"create": each_of(by_caller("added_by"), _added), "delete": _gone},
    ),
    Resource(
        "admin_user_categories",
        "Category of the user",
        parents={**ORGANIZATION, "user_id": "user_id"},
        soft=True,
        references={"user_id": belongs("users"), "category_id": refers("categories")},
        filters={"s": through("categories", "s", field="category_id", inner="contains")},
    ),
    Resource(
        "admin_ui_filters",
        "Filter",
        parents={"oid": "organization_id?"},
        soft=True,
        filters={"object_type": equals("object_type", str)},
        before={"update": _own_filter, "delete": _own_filter},
    ),
)
