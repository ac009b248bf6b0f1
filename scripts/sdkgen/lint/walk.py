"""Finds every schema, body and parameter of a bundled document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scripts.sdkgen.document import METHODS, Mapping, array, mapping, pointer_of
from scripts.sdkgen.source import Json, Pointer, is_data, is_schema_name


@dataclass(frozen=True)
class SchemaNode:
    """A schema and the part that it plays.

    Attributes:
        value: The schema.
        pointer: Its place.
        role: `component`, `property`, `item`, `option` (oneOf, anyOf), `part` (allOf), `value` (additionalProperties),
            `body`, `parameter` or `header`.
        name: The name of a component or property, else ''.
        owner: The schema that holds it, if any.
    """

    value: Json
    pointer: Pointer
    role: str
    name: str = ""
    owner: Mapping | None = None


@dataclass(frozen=True)
class Body:
    """A media type of a request or response."""

    value: Mapping
    pointer: Pointer
    media_type: str
    is_response: bool


def schemas(document: Mapping) -> Iterator[SchemaNode]:
    """Yields every schema once, outer before inner."""
    components = mapping(document.get("components"))
    for name, value in mapping(components.get("schemas")).items():
        yield from _inside(SchemaNode(value, ("components", "schemas", name), "component", name))
    for parameter, pointer in parameter_nodes(document):
        if "schema" in parameter:
            yield from _inside(SchemaNode(parameter["schema"], (*pointer, "schema"), "parameter"))
    for header, pointer in header_nodes(document):
        if "schema" in header:
            yield from _inside(SchemaNode(header["schema"], (*pointer, "schema"), "header"))
    for body in bodies(document):
        if "schema" in body.value:
            yield from _inside(SchemaNode(body.value["schema"], (*body.pointer, "schema"), "body"))


def _inside(node: SchemaNode) -> Iterator[SchemaNode]:
    yield node
    value = node.value
    if not isinstance(value, dict):
        return
    for name, item in mapping(value.get("properties")).items():
        yield from _inside(SchemaNode(item, (*node.pointer, "properties", name), "property", name, value))
    for key, role in (("items", "item"), ("additionalProperties", "value")):
        if key in value and not (key == "additionalProperties" and isinstance(value[key], bool)):
            yield from _inside(SchemaNode(value[key], (*node.pointer, key), role, "", value))
    for key, role in (("oneOf", "option"), ("anyOf", "option"), ("allOf", "part")):
        for index, item in enumerate(array(value.get(key))):
            yield from _inside(SchemaNode(item, (*node.pointer, key, index), role, "", value))


def _operations(document: Mapping) -> Iterator[tuple[Mapping, Pointer]]:
    for section in ("paths", "webhooks"):
        for path, item in mapping(document.get(section)).items():
            for method in METHODS:
                if method in mapping(item):
                    yield mapping(mapping(item)[method]), (section, path, method)


def parameter_nodes(document: Mapping) -> Iterator[tuple[Mapping, Pointer]]:
    """Yields every parameter where it is written; references to parameters are passed over."""
    for name, value in mapping(mapping(document.get("components")).get("parameters")).items():
        yield mapping(value), ("components", "parameters", name)
    holders = [(mapping(item), ("paths", path)) for path, item in mapping(document.get("paths")).items()]
    for holder, pointer in [*holders, *_operations(document)]:
        for index, value in enumerate(array(holder.get("parameters"))):
            if "$ref" not in mapping(value):
                yield mapping(value), (*pointer, "parameters", index)


def _responses(document: Mapping) -> Iterator[tuple[Mapping, Pointer]]:
    for name, value in mapping(mapping(document.get("components")).get("responses")).items():
        yield mapping(value), ("components", "responses", name)
    for operation, pointer in _operations(document):
        for status, value in mapping(operation.get("responses")).items():
            if "$ref" not in mapping(value):
                yield mapping(value), (*pointer, "responses", status)


def response_nodes(document: Mapping) -> Iterator[tuple[Mapping, Pointer]]:
    """Yields every response where it is written."""
    yield from _responses(document)


def header_nodes(document: Mapping) -> Iterator[tuple[Mapping, Pointer]]:
    """Yields every response header where it is written."""
    for name, value in mapping(mapping(document.get("components")).get("headers")).items():
        yield mapping(value), ("components", "headers", name)
    for response, pointer in _responses(document):
        for name, value in mapping(response.get("headers")).items():
            if "$ref" not in mapping(value):
                yield mapping(value), (*pointer, "headers", name)


def bodies(document: Mapping) -> Iterator[Body]:
    """Yields every media type of every body where it is written."""
    requests: list[tuple[Mapping, Pointer]] = [
        (mapping(value), ("components", "requestBodies", name))
        for name, value in mapping(mapping(document.get("components")).get("requestBodies")).items()
    ]
    for operation, pointer in _operations(document):
        if "requestBody" in operation and "$ref" not in mapping(operation["requestBody"]):
            requests.append((mapping(operation["requestBody"]), (*pointer, "requestBody")))
    for holders, is_response in ((requests, False), (list(_responses(document)), True)):
        for holder, pointer in holders:
            for media_type, value in mapping(holder.get("content")).items():
                yield Body(mapping(value), (*pointer, "content", media_type), media_type, is_response)


def reachable_from_responses(document: Mapping) -> set[str]:
    """The component schemas that a response can hold."""
    reached: set[str] = set()
    queue: list[Json] = [body.value.get("schema") for body in bodies(document) if body.is_response]
    components = mapping(mapping(document.get("components")).get("schemas"))
    while queue:
        for reference in references(queue.pop()):
            name = str(pointer_of(reference)[-1])
            if reference.startswith("#/components/schemas/") and name not in reached:
                reached.add(name)
                queue.append(components.get(name))
    return reached


def references(value: Json, pointer: Pointer = ()) -> Iterator[str]:
    """Yields every reference inside a value; data such as examples does not count.

    Args:
        value: The value.
        pointer: Its place in the document, if that tells names from keywords.
    """
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from references(item, (*pointer, index))
    elif isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str) and not is_schema_name((*pointer, "$ref")):
            yield reference
        for key, item in value.items():
            if not is_data((*pointer, key)):
                yield from references(item, (*pointer, key))
