"""Hooks that schemathesis loads: what the specs say in ways it does not read by itself."""

import json
import tomllib
from pathlib import Path
from typing import Any

# ruff: noqa: ARG001 - schemathesis recognises a hook by its parameters, used or not
import schemathesis

MAX_JSON_LENGTH = "x-max-json-length"
KNOWN_VALUES = Path(__file__).with_name("known_values.toml")
# JSON Schema validates values, not files; a file is a string to it.
FILES = (
    "application/pdf",
    "application/msword",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)


@schemathesis.hook
def before_load_schema(context: schemathesis.HookContext, raw_schema: dict[str, Any]) -> None:
    """Make known values the only valid items of array query parameters; others still come as invalid ones.

    An unknown value fits its schema and is refused all the same, so it can show nothing that an invalid one does not.
    """
    known = tomllib.loads(KNOWN_VALUES.read_text("utf-8")).get(raw_schema.get("x-vendor", ""), {}).get("query", {})
    for parameter in _query_parameters(raw_schema):
        values = known.get(parameter["name"])
        if values and parameter.get("schema", {}).get("type") == "array":
            parameter["schema"]["items"] = {"type": "string", "enum": values}


@schemathesis.hook
def filter_body(context: schemathesis.HookContext, body: Any) -> bool:
    """Drop generated bodies in which an object is longer, as compact JSON, than its schema's x-max-json-length."""
    schema = _body_schema(context)
    return schema is None or _fits(body, schema, _components(context), depth=0)


@schemathesis.deserializer(*FILES)
def read_file(context: Any, response: schemathesis.Response) -> str:
    """Read a downloaded file as the string that its schema describes."""
    return response.content.decode("latin-1")


def _query_parameters(spec: dict[str, Any]) -> list[dict[str, Any]]:
    listed = list(spec.get("components", {}).get("parameters", {}).values())
    for item in spec.get("paths", {}).values():
        listed += item.get("parameters", [])
        for definition in item.values():
            if isinstance(definition, dict):
                listed += definition.get("parameters", [])
    return [parameter for parameter in listed if parameter.get("in") == "query"]


def _fits(value: Any, schema: Any, components: dict[str, Any], depth: int) -> bool:
    if not isinstance(schema, dict) or depth > 20:
        return True
    if "$ref" in schema:
        return _fits(value, components.get(schema["$ref"].rpartition("/")[2]), components, depth + 1)
    limit = schema.get(MAX_JSON_LENGTH)
    if limit is not None and len(json.dumps(value, ensure_ascii=False, separators=(",", ":"))) > limit:
        return False
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        return all(_fits(item, properties.get(name), components, depth + 1) for name, item in value.items())
    if isinstance(value, list):
        return all(_fits(item, schema.get("items"), components, depth + 1) for item in value)
    return True


def _body_schema(context: schemathesis.HookContext) -> Any:
    operation = context.operation
    if operation is None:
        return None
    definition: dict[str, Any] = operation.definition.raw
    body = definition.get("requestBody", {})
    if "$ref" in body:
        body = operation.schema.raw_schema["components"]["requestBodies"][body["$ref"].rpartition("/")[2]]
    return body.get("content", {}).get("application/json", {}).get("schema")


def _components(context: schemathesis.HookContext) -> dict[str, Any]:
    operation = context.operation
    schemas: dict[str, Any] = operation.schema.raw_schema.get("components", {}).get("schemas", {}) if operation else {}
    return schemas
