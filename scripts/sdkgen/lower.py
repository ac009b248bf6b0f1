"""Turns the bundled spec into the dialect that openapi-python-client understands.

The generator drops, renames or refuses much of what OpenAPI 3.1 can say. Whatever it misreads is rewritten here, so
that the hand-written spec need not know about it. Nothing else is changed.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from scripts.sdkgen.document import (
    Mapping,
    OperationNode,
    array,
    mapping,
    operations,
    parameters,
    pascal_case,
    pointer_of,
    resolve,
    text,
)
from scripts.sdkgen.errors import SdkgenError
from scripts.sdkgen.source import Json

BINARY: Mapping = {"type": "string", "format": "binary"}
_FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_KEPT_OPERATION_KEYS = ("tags", "summary", "description", "operationId", "deprecated")


@dataclass
class Lowered:
    """The document for the generator, and what the document cannot say but the templates need."""

    document: Mapping
    request_types: dict[str, list[str]] = field(default_factory=dict)

    def schema(self, name: str) -> Mapping:
        """A component schema by name."""
        return mapping(mapping(mapping(self.document["components"]).get("schemas")).get(name))

    def property_schema(self, name: str, property_name: str) -> Mapping:
        """The schema of a property of a component, also if it is inherited by allOf."""
        schema = self.schema(name)
        found = mapping(schema.get("properties")).get(property_name)
        if found is not None:
            return mapping(found)
        for part in reversed(array(schema.get("allOf"))):
            part_schema = mapping(part)
            reference = text(part_schema.get("$ref"))
            if reference:
                inherited = self.property_schema(reference.rsplit("/", maxsplit=1)[-1], property_name)
            else:
                inherited = mapping(mapping(part_schema.get("properties")).get(property_name))
            if inherited:
                return inherited
        return {}

    def hint(self, schema: Json, key: str) -> Json:
        """An extension such as x-datetime of a schema, looked for behind references, unions and lists too."""
        value = resolve(self.document, schema)
        if key in value:
            return value[key]
        nested = [*array(value.get("oneOf")), *array(value.get("anyOf"))]
        nested += array(value.get("allOf")) if len(array(value.get("allOf"))) == 1 else []
        nested += [value["items"]] if "items" in value else []
        for part in nested:
            if (found := self.hint(part, key)) is not None:
                return found
        return None


def lower(document: Mapping) -> Lowered:
    """Lowers a bundled spec.

    - references to parameters, bodies and responses are resolved, path-level parameters and top-level security move
      into the operations, because the generator reads neither reliably
    - objects and enumerations written in place become components with a name of their own
    - ``x-datetime`` texts become ``format: date-time``; ``format: uuid`` becomes plain text, since ids are opaque
    - a value that may be an object or something else is any JSON value
    - deepObject parameters become one parameter for each property (``filter[name]``)
    - bodies that are neither JSON, form nor text become binary
    - webhooks, links, examples and components that no operation reaches are left out

    Args:
        document: The bundled and linted spec.

    Returns:
        The lowered document with what templates must know beside it.
    """
    source = copy.deepcopy(document)
    result = Lowered({"openapi": "3.1.0", "info": source.get("info"), "paths": {}, "components": {"schemas": {}}})
    schemas = mapping(mapping(source.get("components")).get("schemas"))
    hoister = _Hoister(schemas)
    for name, raw in mapping(mapping(source.get("components")).get("parameters")).items():
        _name_parameter_schema(mapping(raw), name, hoister)
    paths: Mapping = {}
    for operation in operations(source):
        lowered = _operation(source, operation, hoister, result)
        mapping(paths.setdefault(operation.path, {}))[operation.method] = lowered
    for name in list(schemas):
        schemas[name] = hoister.children(schemas[name], pascal_case(name))
    result.document["paths"] = paths
    mapping(result.document["components"])["schemas"] = _reachable(paths, schemas)
    return result


class _Hoister:
    """Moves schemas written in place into the components."""

    def __init__(self, schemas: Mapping) -> None:
        self.schemas = schemas
        # A body or response that several operations share is one schema, hence one class.
        self.done: dict[int, Json] = {}

    def value(self, schema: Json, name: str) -> Json:
        """Lowers a schema and gives it a name if it needs a class of its own."""
        if not isinstance(schema, dict) or "$ref" in schema:
            return schema
        if id(schema) not in self.done:
            self.done[id(schema)] = self._move(schema, name)
        return self.done[id(schema)]

    def _move(self, schema: Mapping, name: str) -> Json:
        lowered = self.children(schema, name)
        types = _types(lowered)
        is_object = ("object" in types or "properties" in lowered) and "oneOf" not in lowered and "anyOf" not in lowered
        is_merged = len(array(lowered.get("allOf"))) > 1
        if not (is_object or is_merged or "enum" in lowered):
            return lowered
        default = {"default": lowered.pop("default")} if "default" in lowered else {}
        described = {key: lowered[key] for key in ("description",) if key in lowered}
        unique = self._unique(name)
        if "null" in types and len(types) == 2:
            lowered["type"] = next(kind for kind in types if kind != "null")
            self.schemas[unique] = lowered
            return {"oneOf": [{"$ref": f"#/components/schemas/{unique}"}, {"type": "null"}], **described, **default}
        self.schemas[unique] = lowered
        reference: Mapping = {"$ref": f"#/components/schemas/{unique}"}
        return {"allOf": [reference], **described, **default} if default or described else reference

    def children(self, schema: Json, name: str) -> Mapping:
        """Lowers what a schema holds, and the schema itself without moving it."""
        value = mapping(schema)
        if "x-datetime" in value:
            value["format"] = "date-time"
        if value.get("format") == "uuid":
            del value["format"]
        if "object" in _types(value) and len(set(_types(value)) - {"null"}) > 1:
            # Any JSON value: a union with an object in place would become a class that nobody named.
            for key in ("type", "items", "properties", "additionalProperties"):
                value.pop(key, None)
        for key in ("examples", "xml", "externalDocs", "title"):
            value.pop(key, None)
        properties = mapping(value.get("properties"))
        for key, item in properties.items():
            properties[key] = self.value(item, name + pascal_case(key))
        if "items" in value:
            value["items"] = self.value(value["items"], f"{name}Item")
        if isinstance(value.get("additionalProperties"), dict):
            value["additionalProperties"] = self.value(value["additionalProperties"], f"{name}Value")
        for key in ("oneOf", "anyOf"):
            options = array(value.get(key))
            for index, item in enumerate(options):
                options[index] = self.value(item, f"{name}Option{index + 1}")
        for item in array(value.get("allOf")):
            self.children(item, name)
        return value

    def _unique(self, name: str) -> str:
        number = 1
        taken = {pascal_case(known) for known in self.schemas}
        candidate = name
        while pascal_case(candidate) in taken:
            number += 1
            candidate = f"{name}{number}"
        return candidate


def _types(schema: Mapping) -> list[str]:
    kinds = schema.get("type")
    return [kinds] if isinstance(kinds, str) else [text(kind) for kind in array(kinds)]


def _operation(document: Mapping, operation: OperationNode, hoister: _Hoister, result: Lowered) -> Json:
    value = operation.value
    lowered: Mapping = {key: value[key] for key in _KEPT_OPERATION_KEYS if key in value}
    lowered["security"] = value.get("security", document.get("security", []))
    title = pascal_case(operation.id)
    chosen: list[Json] = []
    for parameter, _ in parameters(document, operation):
        chosen.extend(_parameters(document, parameter, title, hoister))
    if chosen:
        lowered["parameters"] = chosen
    if "requestBody" in value:
        body = resolve(document, value["requestBody"])
        content, types = _request_content(mapping(body.get("content")), title, hoister, operation)
        lowered["requestBody"] = {"required": body.get("required", False), "content": content}
        result.request_types[operation.id] = types
    responses: Mapping = {}
    for status, raw in mapping(value.get("responses")).items():
        response = resolve(document, raw)
        responses[status] = {"description": response.get("description", "")}
        content = _response_content(mapping(response.get("content")), f"{title}Response", hoister)
        if content:
            mapping(responses[status])["content"] = content
    lowered["responses"] = responses
    return lowered


def _parameters(document: Mapping, parameter: Mapping, title: str, hoister: _Hoister) -> list[Json]:
    lowered = {key: item for key, item in parameter.items() if key not in {"example", "examples"}}
    if parameter.get("style") != "deepObject":
        _name_parameter_schema(lowered, title + pascal_case(text(parameter.get("name"))), hoister)
        if parameter.get("in") in {"header", "cookie"}:
            mapping(lowered.get("schema")).pop("format", None)
        return [lowered]
    schema = resolve(document, parameter.get("schema"))
    result: list[Json] = []
    for name, item in mapping(schema.get("properties")).items():
        part: Mapping = {
            **lowered,
            "name": f"{text(parameter.get('name'))}[{name}]",
            "required": bool(parameter.get("required")) and name in array(schema.get("required")),
            "description": text(mapping(item).get("description")) or text(parameter.get("description")),
            "schema": copy.deepcopy(item),
        }
        part.pop("style")
        part.pop("explode", None)
        _name_parameter_schema(part, title + pascal_case(text(parameter.get("name"))) + pascal_case(name), hoister)
        result.append(part)
    return result


def _name_parameter_schema(parameter: Mapping, name: str, hoister: _Hoister) -> None:
    if "schema" in parameter and parameter.get("style") != "deepObject":
        parameter["schema"] = hoister.value(parameter["schema"], name)


def _request_content(
    content: Mapping, title: str, hoister: _Hoister, operation: OperationNode
) -> tuple[Mapping, list[str]]:
    lowered: Mapping = {}
    types: list[str] = []
    for media_type, raw in content.items():
        schema = mapping(raw).get("schema")
        kind = media_type if media_type in _FORM_TYPES or _is_json(media_type) else "application/octet-stream"
        if kind in lowered:
            raise SdkgenError(f"{operation.id}: two request content types that are sent as raw text; keep one of them")
        if kind == "application/octet-stream" and mapping(schema).get("type") != "string":
            schema = dict(BINARY)
        name = f"{title}Body" if len(content) == 1 else f"{title}{pascal_case(media_type.partition('/')[2])}Body"
        lowered[kind] = {"schema": hoister.value(schema, name)}
        types.append(media_type)
    return lowered, types


def _response_content(content: Mapping, title: str, hoister: _Hoister) -> Mapping:
    for media_type, raw in content.items():
        if _is_json(media_type):
            return {media_type: {"schema": hoister.value(mapping(raw).get("schema", {}), title)}}
    if content and all(media_type.startswith("text/") for media_type in content):
        return {"text/plain": {"schema": {"type": "string"}}}
    return {"application/octet-stream": {"schema": dict(BINARY)}} if content else {}


def _is_json(media_type: str) -> bool:
    plain = media_type.partition(";")[0].strip()
    return plain == "application/json" or plain.endswith("+json")


def _reachable(paths: Mapping, schemas: Mapping) -> Mapping:
    """The schemas that operations use, directly or through one another, in the order of the spec."""
    reached: set[str] = set()
    queue: list[Json] = [paths]
    while queue:
        value = queue.pop()
        if isinstance(value, list):
            queue.extend(value)
        elif isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str) and reference.startswith("#/components/schemas/"):
                name = str(pointer_of(reference)[-1])
                if name not in reached:
                    reached.add(name)
                    queue.append(schemas.get(name))
            queue.extend(value.values())
    return {name: schema for name, schema in schemas.items() if name in reached}
