"""Every plain resource of the emulated Talview: made, read, listed, changed, deleted by the specification's examples.

Every filter that compares a field is held against a brute force over the whole list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from assaykit.emulator import vendors
from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.contract import Operation
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.resources import Resource, Resources, resources_of
from assaykit.emulator.engine.storage import Document, Where
from assaykit.emulator.engine.worlds import State, World
from tests.emulator import talview_acting
from tests.emulator.conftest import START

ORGANIZATION: Final = 488
VENDOR: Final = vendors.load("talview")
UPLOADS: Final = {"files", "file_uploads", "mobile_file_uploads", "mobile_answer_files", "mobile_answer_recordings"}
"""Resources that are made of files, which have tests of their own."""
_PARAMETER: Final = re.compile(r"\{([^}]+)\}")


def plain() -> Resources:
    assert VENDOR.resources is not None
    return VENDOR.resources


def operation_of(resource: Resource, verb: str) -> Operation | None:
    """Return an operation that the engine answers, or None."""
    name = resource.operations.get(verb, f"{resource.tag}_{verb}")
    return None if verb in resource.custom else VENDOR.contract.operations.get(name)


def with_verb(verb: str) -> list[str]:
    return [tag for tag, resource in plain().declared.items() if operation_of(resource, verb) is not None]


@pytest.fixture(scope="module")
def emulator() -> Emulator:
    return Emulator([VENDOR], check_replies=True)


@pytest.fixture
def world(emulator: Emulator) -> Iterator[World]:
    made = emulator.make_world("talview", ManualClock(START))
    yield made
    made.close()


@pytest.fixture
def state(world: World) -> State:
    return world.states["talview"]


@pytest.fixture
def client(world: World) -> Iterator[httpx.Client]:
    with talview_acting.signed_in(world) as opened:
        yield opened


@pytest.fixture(scope="module")
def start(emulator: Emulator) -> Iterator[World]:
    """Return a world that nobody changes."""
    made = emulator.make_world("talview", ManualClock(START))
    yield made
    made.close()


@pytest.fixture(scope="module")
def reader(start: World) -> Iterator[httpx.Client]:
    with talview_acting.signed_in(start) as opened:
        yield opened


def body_of(operation: Operation) -> dict[str, Any]:
    """Return the body of the first example of a request."""
    declared = VENDOR.contract.document["paths"][operation.template][operation.method.lower()]
    found = VENDOR.contract.schemas.follow(
        f"#/paths/{operation.template.replace('~', '~0').replace('/', '~1')}/{operation.method.lower()}/requestBody"
    )[0]
    assert "requestBody" in declared
    example = next(iter(found["content"]["application/json"]["examples"].values()))
    while "$ref" in example:
        example = VENDOR.contract.schemas.resolve(example["$ref"])
    return dict(example["value"])


def some(state: State, kind: str, **fields: Any) -> Document:
    """Return a document of the organization that calls, or a shared one."""
    where = [Where("organization_id", "in", (ORGANIZATION, None)), *(Where(n, "=", v) for n, v in fields.items())]
    found = resources_of(state).records.find(state, kind, where, limit=1)
    assert found, f"the start world has no {kind}"
    return found[0]


def path_of(state: State, resource: Resource, operation: Operation, number: int | None = None) -> str:
    """Return the path of an operation, below the demo organization and whatever else stands above."""
    named: dict[str, int] = {}
    for parameter, field in resource.parents.items():
        field = field.removesuffix("?")
        reference = plain().kinds[resource.kind].references.get(field)
        owned = reference is None or field == plain().conventions.owner
        named[parameter] = ORGANIZATION if owned or reference is None else some(state, reference.kind)["id"]
    return _PARAMETER.sub(lambda found: str(named.get(found[1], number)), operation.template)


def fitted(state: State, resource: Resource, body: dict[str, Any]) -> dict[str, Any]:
    """Return a body whose references lead somewhere and whose unique values are free."""
    kind = plain().kinds[resource.kind]
    for field, reference in kind.references.items():
        if body.get(field) is not None:
            body[field] = some(state, reference.kind)["id"]
    if "user_id" in body:  # not always a reference that the engine checks: managers may come from elsewhere
        body["user_id"] = some(state, "users")["id"]
    for group in (*kind.home.unique, *kind.home.unique_everywhere):
        for field in group:
            if isinstance(body.get(field), str):
                body[field] = f"new.{body[field]}"
    allowed = body.get("settings_allowed_value_id")
    if allowed is not None and "settings_id" in body:
        body["settings_id"] = some(state, "settings_allowed_values", id=allowed)["settings_id"]
    return body


@pytest.mark.parametrize("tag", [tag for tag in with_verb("create") if tag not in UPLOADS])
def test_a_resource_is_made_read_listed_changed_and_deleted(client: httpx.Client, state: State, tag: str) -> None:
    resource = plain().declared[tag]
    create = operation_of(resource, "create")
    assert create is not None
    body = fitted(state, resource, body_of(create))
    answer = client.post(path_of(state, resource, create), json=body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    number = made["id"]
    told = {"content", "rating", "status", "positive_mark", "negative_mark"}  # answers show these in another form
    for name in set(body) & set(made) - told:
        shown = plain().kinds[resource.kind].properties.get(name)
        assert str(made[name]) == str(body[name]) or (shown is not None and shown.is_instant), name
    get, listing = operation_of(resource, "get"), operation_of(resource, "list")
    if get is not None:
        read = client.get(path_of(state, resource, get, number))
        assert read.status_code == 200, read.text
        assert set(made) <= set(read.json()) | {"status"}
    if listing is not None:
        found = client.get(path_of(state, resource, listing), params={"pageSize": 50})
        assert found.status_code == 200, found.text
        assert number in [item["id"] for item in found.json()]
    update = operation_of(resource, "update")
    if update is not None:
        changed = client.put(path_of(state, resource, update, number), json=fitted(state, resource, body_of(update)))
        assert changed.status_code == 200, changed.text
        assert changed.json()["id"] == number
    delete = operation_of(resource, "delete")
    if delete is not None:
        path = path_of(state, resource, delete, number)
        assert client.delete(path).status_code == 204
        assert client.delete(path).status_code == 404


def compared() -> list[tuple[str, str, str]]:
    """Return the parameters that ask for the value of a field: tag, parameter, field."""
    cases: list[tuple[str, str, str]] = []
    for tag in with_verb("list"):
        resource = plain().declared[tag]
        listing = operation_of(resource, "list")
        assert listing is not None
        declared = {**plain().kinds[resource.kind].home.filters, **resource.filters}
        shown = plain().kinds[resource.kind].properties
        for parameter in listing.query_parameters:
            field = "id" if parameter.name == "ids[]" else parameter.name.removesuffix("[]")
            if parameter.name not in declared and field in shown:
                cases.append((tag, parameter.name, field))
    return cases


@pytest.mark.parametrize(("tag", "parameter", "field"), compared())
def test_a_filter_keeps_what_a_brute_force_keeps(
    reader: httpx.Client, start: World, tag: str, parameter: str, field: str
) -> None:
    resource = plain().declared[tag]
    listing = operation_of(resource, "list")
    assert listing is not None
    path = path_of(start.states["talview"], resource, listing)
    asked = {"is_deleted": "false"} if any(one.name == "is_deleted" for one in listing.query_parameters) else {}
    if tag == "admin_notification_logs":  # without any filter it lists those of the past hour only
        asked = {"from": "2000-01-01"}
    whole = everything(reader, path, **asked)
    values = list(dict.fromkeys(item[field] for item in whole if item.get(field) is not None))
    for value in values[:3]:
        text = str(value).lower() if isinstance(value, bool) else value
        if plain().kinds[resource.kind].properties[field].is_instant:
            text = f"{value[:10]}T{value[11:19]}Z"
        found = everything(reader, path, **{**asked, parameter: text})
        assert [item["id"] for item in found] == [item["id"] for item in whole if item.get(field) == value]


def everything(client: httpx.Client, path: str, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    page = 1
    while True:
        answer = client.get(path, params={**query, "page": page, "pageSize": 50})
        assert answer.status_code == 200, answer.text
        items.extend(answer.json())
        if page >= int(answer.headers["X-Pagination-Page-Count"]):
            return items
        page += 1


@pytest.mark.parametrize("tag", with_verb("list"))
def test_every_reference_expands(reader: httpx.Client, start: World, tag: str) -> None:
    resource = plain().declared[tag]
    listing = operation_of(resource, "list")
    assert listing is not None
    names = [field.removesuffix("_id") for field in plain().kinds[resource.kind].references if field.endswith("_id")]
    computed = [name for name, one in plain().kinds[resource.kind].home.computed.items() if one.expanded]
    query = {"expand": ",".join([*names, *computed])} if names or computed else {}
    answer = reader.get(path_of(start.states["talview"], resource, listing), params=query)
    assert answer.status_code == 200, answer.text


def test_the_start_world_refers_to_nothing_that_is_missing(start: World) -> None:
    state = start.states["talview"]
    assert resources_of(state).records.dangling(state) == []
