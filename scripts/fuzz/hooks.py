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
    """Make known values the only valid ones of array query parameters and body fields; others still come as invalid.

    An unknown value fits its schema and is refused all the same, so it can show nothing that an invalid one does not.
    """
    known = tomllib.loads(KNOWN_VALUES.read_text("utf-8")).get(raw_schema.get("x-vendor", ""), {})
    for parameter in _query_parameters(raw_schema):
        values = known.get("query", {}).get(parameter["name"])
        if values and parameter.get("schema", {}).get("type") == "array":
            parameter["schema"]["items"] = {"type": "string", "enum": values}
    if "body" in known:
        narrow_bodies(raw_schema, known["body"])
    if "parameters" in known:
        replace_examples(raw_schema, known["parameters"])


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


def replace_examples(spec: dict[str, Any], known: dict[str, Any]) -> None:
    """Give parameters an example that the start world has; phases without dictionaries send it.

    Args:
        spec: the bundled spec; it is changed.
        known: values by the parameter's name, or by operationId, colon and name.
    """
    for item in spec.get("paths", {}).values():
        for definition in item.values():
            if not isinstance(definition, dict) or "operationId" not in definition:
                continue
            own = [_referred(one, spec) for one in definition.get("parameters", [])]
            names = {(one["in"], one["name"]) for one in own}
            shared = [_referred(one, spec) for one in item.get("parameters", [])]
            own += [one for one in shared if (one["in"], one["name"]) not in names]
            definition["parameters"] = [_with_example(one, definition["operationId"], known) for one in own]


def _referred(parameter: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    name = parameter.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = spec["components"]["parameters"][name] if name else parameter
    return found


def _with_example(parameter: dict[str, Any], operation: str, known: dict[str, Any]) -> dict[str, Any]:
    name = parameter["name"]
    value = known.get(f"{operation}:{name}", known.get(name))
    if value is None:
        return parameter
    return {**{key: part for key, part in parameter.items() if key != "examples"}, "example": value}


def narrow_bodies(spec: dict[str, Any], known: dict[str, list[Any]]) -> None:
    """Give fields of request bodies the values that are known, leaving the schemas that replies share as they are.

    Args:
        spec: the bundled spec; it is changed.
        known: values by the way to a field, such as `panel[*].id`, or by operationId, colon and way.
    """
    for item in spec.get("paths", {}).values():
        for definition in item.values():
            if not isinstance(definition, dict) or "content" not in definition.get("requestBody", {}):
                continue
            prefix = f"{definition['operationId']}:"
            own = {way.removeprefix(prefix): values for way, values in known.items() if way.startswith(prefix)}
            fields = {way: values for way, values in known.items() if ":" not in way} | own
            for media in definition["requestBody"]["content"].values():
                media["schema"] = _narrowed(media["schema"], spec, fields, "", 0)


def _narrowed(schema: Any, spec: dict[str, Any], fields: dict[str, list[Any]], way: str, depth: int) -> Any:
    """Return a schema in which the known fields have the known values; the same one if there are none."""
    if not isinstance(schema, dict) or depth > 20 or not any(name.startswith(way) for name in fields):
        return schema
    whole = _resolved(schema, spec)
    if way in fields:
        return _valued(whole, fields[way])
    changed: dict[str, Any] = {}
    for keyword in ("allOf", "anyOf", "oneOf"):
        if keyword in whole:
            changed[keyword] = [_narrowed(part, spec, fields, way, depth + 1) for part in whole[keyword]]
    if "items" in whole:
        changed["items"] = _narrowed(whole["items"], spec, fields, f"{way}[*]", depth + 1)
    if "properties" in whole:
        changed["properties"] = {
            name: _narrowed(part, spec, fields, f"{way}.{name}" if way else name, depth + 1)
            for name, part in whole["properties"].items()
        }
    return schema if all(whole[keyword] == part for keyword, part in changed.items()) else {**whole, **changed}


def _resolved(schema: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _valued(schema: dict[str, Any], values: list[Any]) -> dict[str, Any]:
    types = schema.get("type")
    return {**schema, "enum": [*values, None] if isinstance(types, list) and "null" in types else values}


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
