"""Permissions that were granted to users and organizations, found by what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import NOT_FOUND, Rejected
from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.resources.changes import missing, unfit
from assaykit.emulator.engine.resources.paging import Paging, headers, read_part
from assaykit.emulator.engine.storage import Document, Where, equal
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview.showing import shown

PERMISSION: Final = 2
"""Type of an entry that is a permission."""
_PAGING: Final = Paging(
    page="page",
    size="pageSize",
    total="X-Pagination-Total-Count",
    last="X-Pagination-Page-Count",
    current="X-Pagination-Current-Page",
    per_page="X-Pagination-Per-Page",
    link="Link",
)
behaviours = Behaviours()


@behaviours.operation("admin_permissions_list")
def list_names(call: Call) -> Success:
    """List the names of the permissions that exist."""
    resources = resources_of(call.state)
    part = read_part(call, resources.kinds["permission_names"], [], ("id",), _PAGING, resources.conventions)
    return Success([document["name"] for document in part.documents], headers=headers(call, part, _PAGING))


@behaviours.operation("admin_rbac_create")
def create(call: Call) -> Success:
    """Grant a permission to a user or to the organization; a name that is missing is added."""
    body, organization = call.body, _organization(call)
    _check_holder(call, organization, body)
    _name(call.state, body["item_name"])
    values = {"type": body["type"], "item_name": body["item_name"], "user_id": body.get("user_id")}
    made = _granted(call, organization, values)
    query = {name: made[name] for name in ("item_name", "user_id") if made[name] is not None}
    path = f"{call.request.base_url}/admin/organization/{organization}/rbac"
    location = f"{path}?{urlencode(query, errors='replace')}"
    return Success(shown(call, "admin_rbac", made), 201, headers=(("Location", location),))


@behaviours.operation("admin_rbac_update")
def update(call: Call) -> Success:
    """Change the first grant that the query finds."""
    organization, body = _organization(call), call.body
    grant = _found(call, organization)[0]
    _check_holder(call, organization, body)
    _name(call.state, body["item_name"])
    values = {name: body[name] for name in ("type", "item_name", "user_id") if name in body}
    changed = resources_of(call.state).records.change(
        call.state, "permissions", grant, values, user=call.identity.user, call=call
    )
    return Success(shown(call, "admin_rbac", changed))


@behaviours.operation("admin_rbac_delete")
def delete(call: Call) -> Success:
    """Take away all grants that the query finds."""
    records = resources_of(call.state).records
    for grant in _found(call, _organization(call)):
        records.remove(call.state, "permissions", grant, user=call.identity.user, call=call)
    return Success(status=204)


@behaviours.operation("admin_user_permissions_create")
def grant_to_user(call: Call) -> Success:
    """Grant a user a permission that exists."""
    records, organization, user = resources_of(call.state).records, _organization(call), call.path["uid"]
    if records.get(call.state, "users", user, equal(organization_id=organization)) is None:
        raise missing(user)
    name = call.body["item_name"]
    if not records.count(call.state, "permission_names", equal(name=name)):
        raise unfit("item_name", "is the name of no permission; /admin/permission lists them")
    made = _granted(call, organization, {"type": PERMISSION, "item_name": name, "user_id": user})
    location = f"{call.request.base_url}/admin/organization/{organization}/user/{user}/permission/{made['id']}"
    return Success(shown(call, "admin_user_permissions", made), 201, headers=(("Location", location),))


def _organization(call: Call) -> int:
    """Return the organization of the path.

    Raises:
        Rejected: There is none.
    """
    number: int = call.path["oid"]
    if resources_of(call.state).records.get(call.state, "admin_organizations", number) is None:
        raise missing(number)
    return number


def _check_holder(call: Call, organization: int, body: Mapping[str, Any]) -> None:
    """Refuse users and organizations other than those of the path."""
    if body.get("organization_id") not in (None, organization):
        raise unfit("organization_id", "must be the organization of the path, or be left out")
    user, where = body.get("user_id"), equal(organization_id=organization)
    if user is not None and resources_of(call.state).records.get(call.state, "users", user, where) is None:
        raise unfit("user_id", "names no user of the organization")


def _found(call: Call, organization: int) -> list[Document]:
    """Return the grants that the query finds.

    Raises:
        Rejected: It finds none.
    """
    if call.query.get("organization_id", organization) != organization:
        raise _unknown(call)
    given = {name: call.query[name] for name in ("item_name", "user_id") if name in call.query}
    where = equal(**given, organization_id=organization)
    found = resources_of(call.state).records.find(call.state, "permissions", where)
    if not found:
        raise _unknown(call)
    return found


def _unknown(call: Call) -> Rejected:
    return Rejected(NOT_FOUND, f"Nobody meant by the query has the permission {call.query['item_name']}.")


def _name(state: State, name: str) -> None:
    """Add a permission to those that exist, if it is none of them."""
    records = resources_of(state).records
    if not records.count(state, "permission_names", equal(name=name)):
        records.insert(state, "permission_names", {"name": name})


def _granted(call: Call, organization: int, values: Mapping[str, Any]) -> Document:
    """Return the entry of a grant, made if it is none yet."""
    records = resources_of(call.state).records
    where = [Where(name, "=", value) for name, value in {**values, "organization_id": organization}.items()]
    found = records.find(call.state, "permissions", where, limit=1)
    if found:
        return found[0]
    return records.insert(
        call.state,
        "permissions",
        {**values, "organization_id": organization},
        user=call.identity.user,
        call=call,
    )
