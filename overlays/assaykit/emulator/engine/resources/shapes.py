"""The properties that a specification gives to the bodies of its operations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from assaykit.emulator.engine.bodies import JSON
from assaykit.emulator.engine.contract import Operation
from assaykit.emulator.engine.parameters import types_of
from assaykit.emulator.engine.schemas import Schemas
from assaykit.emulator.engine.storage import FIELD_TYPES

NOW: Final = object()
"""Stands for the time at which a document is made."""
_SCALARS: Final[Mapping[str, type]] = {"integer": int, "number": float, "boolean": bool, "string": str}
_NOTHING: Final[Mapping[str, Any]] = {
    "integer": 0,
    "number": 0,
    "boolean": False,
    "string": "",
    "array": [],
    "object": {},
}


@dataclass(frozen=True, slots=True)
class Property:
    """One property of an object.

    Args:
        name: Its name.
        type: Python type of its values; None if they are objects, lists, or of several types.
        is_instant: Whether it holds an instant, which documents keep in one form.
        nothing: What stands there if nothing was ever said: the schema's default, null, or what is closest to it.
        is_list: Whether it holds a list.
    """

    name: str
    type: type | None
    is_instant: bool
    nothing: Any
    is_list: bool


def reply_properties(operation: Operation) -> tuple[int, dict[str, Property] | None]:
    """Return the status of success, and the properties of the object, or of each in the list, that it answers.

    Raises:
        ValueError: The specification documents no status of success.
    """
    status = next((int(status) for status in operation.replies if status.startswith("2") and status.isdigit()), None)
    if status is None:
        raise ValueError(f"{operation.id} documents no success; add a response such as 200")
    contract = operation.reply(status)
    pointer = None if contract is None else contract.media.get(JSON)
    if pointer is None:
        return status, None
    schemas = operation.schemas
    schema, at = schemas.follow(pointer)
    if "array" in types_of(schema):
        schema, at = schemas.follow(f"{at}/items")
    return status, properties(schema, schemas)


def body_properties(operation: Operation) -> dict[str, Property]:
    """Return the properties that the body of a request may have."""
    pointer = next((pointer for pointer in operation.body_media.values() if pointer is not None), None)
    return {} if pointer is None else properties(operation.schemas.follow(pointer)[0], operation.schemas)


def properties(schema: Mapping[str, Any], schemas: Schemas) -> dict[str, Property]:
    """Return the properties of an object's schema, those of the parts of `allOf` included."""
    found: dict[str, Property] = {}
    for part in schema.get("allOf", ()):
        found.update(properties(schemas.dereferenced(part), schemas))
    for name, declared in schema.get("properties", {}).items():
        found[name] = _property(name, declared, schemas)
    return found


def _property(name: str, declared: Mapping[str, Any], schemas: Schemas) -> Property:
    options = _options(declared, schemas)
    types = {kind for option in options for kind in types_of(option)}
    solid = [option for option in options if types_of(option) != {"null"}]
    scalars = {_SCALARS.get(kind) for kind in types - {"null"}}
    only = scalars.pop() if len(scalars) == 1 else None
    instant = any("x-datetime" in option or option.get("format") == "date-time" for option in solid)
    return Property(name, only, instant, _nothing(declared, solid, types, instant), "array" in types)


def _options(schema: Mapping[str, Any], schemas: Schemas) -> list[Mapping[str, Any]]:
    """Return the alternatives of a schema that are no combinations themselves."""
    schema = schemas.dereferenced(schema)
    options: list[Mapping[str, Any]] = []
    # A scalar behind `allOf` is written so to say more about a schema that is shared.
    for keyword in ("oneOf", "anyOf", "allOf"):
        for part in schema.get(keyword, ()):
            options.extend(_options(part, schemas))
    return options or [schema]


def _nothing(declared: Mapping[str, Any], solid: list[Mapping[str, Any]], types: set[str], instant: bool) -> Any:
    for option in (declared, *solid):
        if "default" in option:
            return option["default"]
    if "null" in types or not types:
        return None
    if instant:
        return NOW
    enumerated = solid[0].get("enum") or ([solid[0]["const"]] if "const" in solid[0] else None)
    if enumerated:
        return enumerated[0]
    kind = next((kind for kind in ("array", *_NOTHING) if kind in types), None)
    return None if kind is None else _NOTHING[kind]


def column(found: Property) -> type | None:
    """Return the type of the index that can hold a property, or None if none can."""
    return found.type if found.type in FIELD_TYPES else None
