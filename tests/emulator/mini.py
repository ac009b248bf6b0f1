"""A small invented vendor that holds every construct the engine must judge."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Any

from assaykit.emulator.engine.auth import Credentials
from assaykit.emulator.engine.contract import Contract
from assaykit.emulator.engine.jsontext import dumps
from assaykit.emulator.engine.message import Reply, Success
from assaykit.emulator.engine.rejection import CONFLICT, NOT_FOUND, UNAUTHORIZED, Rejected
from assaykit.emulator.engine.storage import Collection, Where
from assaykit.emulator.engine.uploads import Upload
from assaykit.emulator.engine.vendor import Behaviours, Call, Event, Vendor
from assaykit.emulator.engine.worlds import State

KEY = "mini-key"
AUTH = {"x-mini-key": KEY}

_ERRORS = {
    str(status): {
        "description": "refused",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status in (400, 401, 404, 409, 413, 415)
}


def _reply(schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"description": "fine", "content": {"application/json": {"schema": schema}}, **more}


def _operation(operation_id: str, responses: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"operationId": operation_id, "tags": ["items"], "responses": {**responses, **_ERRORS}, **more}


_COUNT = {"schema": {"$ref": "#/components/schemas/Count"}}
_NAIVE = {
    "type": "object",
    "properties": {
        "at": {"type": "string", "x-datetime": "naive-space"},
        "sure": {"type": "string", "x-datetime": "fraction6"},
    },
}
_ITEM = {"$ref": "#/components/schemas/Item"}
_ID = {"name": "itemId", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
_NAME = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Mini", "version": "1"},
    "security": [{"key": []}],
    "paths": {
        "/items": {
            "get": _operation(
                "items_list",
                {"200": _reply({"type": "array", "items": _ITEM})},
                parameters=[
                    {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1, "default": 1}},
                    {"name": "flag", "in": "query", "schema": {"type": "boolean"}},
                    {"name": "ratio", "in": "query", "schema": {"type": "number"}},
                    {"name": "day", "in": "query", "schema": {"type": "string", "format": "date"}},
                    {"name": "sort", "in": "query", "schema": {"$ref": "#/components/schemas/Sort"}},
                    {
                        "name": "tag",
                        "in": "query",
                        "schema": {"type": "array", "maxItems": 3, "items": {"type": "string", "minLength": 1}},
                    },
                    {
                        "name": "ids",
                        "in": "query",
                        "explode": False,
                        "schema": {"type": "array", "items": {"type": "integer"}},
                    },
                ],
            ),
            "post": _operation(
                "items_create",
                {
                    "201": _reply(
                        _ITEM, headers={"Location": {"required": True, "schema": {"type": "string", "minLength": 1}}}
                    )
                },
                requestBody={
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewItem"}}},
                },
            ),
        },
        "/items/{itemId}": {
            "parameters": [_ID],
            "get": _operation("items_get", {"200": _reply(_ITEM)}),
            "delete": _operation("items_delete", {"204": {"description": "gone"}}),
        },
        "/items/search": {"get": _operation("items_search", {"200": _reply({"type": "object"})}, security=[])},
        "/{name}/of/{itemId}": {
            "parameters": [_NAME, _ID],
            "get": _operation("names_get", {"200": _reply({"type": "object"})}, security=[]),
        },
        "/items/{name}/label": {
            "parameters": [_NAME],
            "get": _operation("labels_get", {"200": _reply({"type": "object"})}, security=[]),
        },
        "/traced": {
            "get": _operation(
                "traced_get",
                {"200": _reply({"type": "object"})},
                security=[],
                parameters=[
                    {
                        "name": "X-Trace",
                        "in": "header",
                        "required": True,
                        "schema": {"type": "string", "format": "uuid"},
                    }
                ],
            )
        },
        "/login": {
            "post": _operation(
                "logins_create",
                {"200": _reply({"type": "object"})},
                security=[],
                requestBody={
                    "required": True,
                    "content": {
                        "application/x-www-form-urlencoded": {
                            "schema": {
                                "type": "object",
                                "required": ["user"],
                                "properties": {"user": {"type": "string", "minLength": 1}},
                            }
                        }
                    },
                },
            )
        },
        "/parts": {
            "post": _operation(
                "parts_create",
                {"200": _reply({"type": "object"})},
                requestBody={
                    "required": True,
                    "content": {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/Parts"}}},
                },
            )
        },
        "/limited/{itemId}": {
            "parameters": [_ID],
            "get": _operation(
                "limited_get",
                {
                    "200": _reply(_NAIVE, headers={"X-Limit": _COUNT, "X-Left": _COUNT}),
                    "429": _reply(
                        {"$ref": "#/components/schemas/Problem"},
                        headers={"Retry-After": {**_COUNT, "required": True}, "X-Left": _COUNT},
                    ),
                },
                **{"x-rate-limit": {"limit": 3, "windowSeconds": 60}, "security": [{"key": []}, {"password": []}]},
            ),
        },
        "/either": {
            "get": _operation(
                "either_get", {"200": _reply({"type": "object"})}, security=[{"password": []}, {"bearer": []}]
            )
        },
    },
    "components": {
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Mini-Key"},
            "password": {"type": "http", "scheme": "basic"},
            "bearer": {"type": "http", "scheme": "bearer"},
        },
        "schemas": {
            "Count": {"type": "integer", "minimum": 0, "maximum": 60},
            "Sort": {"type": "string", "enum": ["name", "-name"]},
            "NewItem": {
                "type": "object",
                "required": ["name"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string", "minLength": 1, "maxLength": 20},
                    "count": {"type": "integer"},
                    "email": {"type": "string", "format": "email"},
                    "kind": {"oneOf": [{"$ref": "#/components/schemas/Sort"}, {"type": "null"}]},
                    "tags": {"type": "array", "uniqueItems": True, "items": {"type": "string"}},
                    "extra": {"type": "object", "x-max-json-length": 20},
                    "any": {},
                },
            },
            "Parts": {
                "type": "object",
                "properties": {
                    "file": {"type": "string", "format": "binary", "maxLength": 500},
                    "count": {"type": "integer"},
                    "sure": {"type": "boolean"},
                    "sort": {"$ref": "#/components/schemas/Sort"},
                    "text": {"type": "string"},
                },
            },
            "Item": {
                "type": "object",
                "required": ["id", "name", "made"],
                "properties": {
                    "id": {"type": "integer"},
                    "name": {"type": "string"},
                    "made": {"type": "string", "format": "date-time", "x-datetime": "fraction7"},
                },
            },
            "Problem": {
                "type": "object",
                "required": ["kind", "message", "fields"],
                "properties": {
                    "kind": {"type": "string"},
                    "message": {"type": "string"},
                    "fields": {"type": "object"},
                },
            },
        },
    },
}

ITEMS = "mini.items"
behaviours = Behaviours()


@behaviours.operation("items_list")
def _list(call: Call) -> Success:
    where = [] if "tag" not in call.query else [Where("name", "in", call.query["tag"])]
    call.state.cache["query"] = call.query
    return Success(
        call.state.store.find(ITEMS, where, order=["-name" if call.query.get("sort") == "-name" else "name"])
    )


@behaviours.operation("items_create")
def _create(call: Call) -> Success:
    number = call.state.ids.integer("item")
    item = {"id": number, "made": call.state.now(), **call.body}
    call.state.store.insert(ITEMS, str(number), item)
    if call.body["name"] == "refused":
        raise Rejected(CONFLICT, "This name is refused after the item was written.")
    return Success(item, 201, headers=(("Location", f"{call.request.base_url}/items/{number}"),))


@behaviours.operation("items_get")
def _get(call: Call) -> Success:
    item = call.state.store.get(ITEMS, str(call.path["itemId"]))
    if item is None:
        raise Rejected(NOT_FOUND, "There is no such item.")
    return Success(item)


@behaviours.operation("items_delete")
def _delete(call: Call) -> Success:
    if not call.state.store.delete(ITEMS, str(call.path["itemId"])):
        raise Rejected(NOT_FOUND, "There is no such item.")
    return Success(status=204)


def _echo(call: Call) -> Success:
    return Success({"path": call.path, "headers": call.headers, "body": call.body, "identity": call.identity})


for _name in ("items_search", "names_get", "labels_get", "traced_get", "logins_create", "either_get"):
    behaviours.operation(_name)(_echo)


@behaviours.operation("parts_create")
def _parts(call: Call) -> Success:
    def told(value: Any) -> Any:
        return [value.name, value.media_type, value.content.hex()] if isinstance(value, Upload) else value

    return Success({name: told(value) for name, value in call.body.items()})


DATES = {"at": "2026-01-05T09:00:00.000000Z", "sure": "2026-01-05T09:00:00.000000Z"}
behaviours.alias("limited_get", "/limits/{itemId}/again")


@behaviours.operation("limited_get")
def _limited(call: Call) -> Success:
    if call.path["itemId"] == 404:
        raise Rejected(NOT_FOUND, "There is no such item.")
    return Success(call.state.cache.get("dates", DATES))


@behaviours.page("GET", "/pages/{name}")
def _page(call: Call) -> Success:
    return Success(call.path["name"].encode(), media_type="text/plain")


def _errors(rejected: Rejected) -> Reply:
    fields = {field.name: field.message for field in rejected.fields}
    problem = {"kind": rejected.kind, "message": rejected.message, "fields": fields}
    return Reply(rejected.status, [("Content-Type", "application/json"), *rejected.headers], dumps(problem))


def _check(state: State, credentials: Credentials) -> str:
    if credentials.value != KEY or credentials.password not in ("", "open"):
        raise Rejected(UNAUTHORIZED, f"The {credentials.scheme} is wrong.")
    return credentials.scheme


def _seed(state: State) -> None:
    state.store.insert(ITEMS, "0", {"id": 0, "name": "first", "made": state.now()})


def mini(zone: tzinfo = UTC) -> Vendor:
    """Return the vendor, freshly compiled.

    Args:
        zone: Where it is at home.
    """
    return Vendor(
        name="mini",
        contract=Contract(DOCUMENT, zone=zone),
        behaviours=behaviours,
        errors=_errors,
        verifiers={"key": _check, "password": _check, "bearer": _check},
        collections=[Collection(ITEMS, {"name": str})],
        seed=_seed,
        events=(Event("made", "Item"),),
        retry_after=(60, 300),
        max_body=10_000,
        hosts=frozenset({"api.mini.example"}),
        limit_header="X-Limit",
        remaining_header="X-Left",
    )
