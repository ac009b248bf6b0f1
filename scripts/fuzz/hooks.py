"""Hooks that schemathesis loads: what the specs say in ways it does not read by itself."""

import itertools
import json
import re
from typing import Any

# ruff: noqa: ARG001 - schemathesis recognises a hook by its parameters, used or not
import schemathesis
from schemathesis import cli

from .spec import UNIQUE
from .tally import Tally

MAX_JSON_LENGTH = "x-max-json-length"
# JSON Schema validates values, not files; a file is a string to it.
FILES = (
    "application/pdf",
    "application/msword",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)

_ADDRESS = re.compile(r"[\w!#$%&'*+/=?^`{|}~-][\w!#$%&'*+/=?^`{|}~.-]{,40}@[A-Za-z0-9.-]{,100}", re.ASCII)
_PREFIX = re.compile(r"^(n[0-9]+\.)+")
_SERIAL = itertools.count(1)
_FRAMING = {"content-length", "transfer-encoding"}
"""Headers that say where a request ends: a server refuses a wrong one before it knows of any operation."""

cli.handler()(Tally)


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case[Any], kwargs: dict[str, Any]) -> None:
    """Give unique fields a value that no request has had: a repeated one is refused, whatever else it shows."""
    if not isinstance(case.body, dict):
        return
    for name in case.operation.definition.raw.get(UNIQUE, ()):
        value = case.body.get(name)
        if isinstance(value, str) and (_ADDRESS.fullmatch(value) or (value and _is_valid(case))):
            case.body[name] = f"n{next(_SERIAL)}.{_PREFIX.sub('', value)}"


@schemathesis.hook
def filter_headers(context: schemathesis.HookContext, headers: dict[str, Any] | None) -> bool:
    """Drop generated headers that break the request itself."""
    return not any(name.lower() in _FRAMING for name in headers or ())


@schemathesis.hook
def filter_body(context: schemathesis.HookContext, body: Any) -> bool:
    """Drop generated bodies in which an object is longer, as compact JSON, than its schema's x-max-json-length."""
    schema = _body_schema(context)
    return schema is None or _fits(body, schema, _components(context), depth=0)


@schemathesis.deserializer(*FILES)
def read_file(context: Any, response: schemathesis.Response) -> str:
    """Read a downloaded file as the string that its schema describes."""
    return response.content.decode("latin-1")


def _is_valid(case: schemathesis.Case[Any]) -> bool:
    return case.meta is not None and case.meta.generation.mode.is_positive


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
