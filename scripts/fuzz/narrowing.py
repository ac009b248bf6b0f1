"""A spec in which values that exist take the place of those that only fit their schemas."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from .known import Known
from .spec import UNIQUE, operations, parameters, request_bodies, resolved

_DEEPEST = 20


def narrow(spec: dict[str, Any], known: Known) -> None:
    """Make known values the only valid ones of array query parameters and body fields, and examples of parameters.

    An unknown value fits its schema and is refused all the same, so it can show nothing that an invalid one does not.

    Args:
        spec: the bundled spec; it is changed, but not the schemas that bodies share with replies.
        known: the values.
    """
    for _, item, definition in operations(spec):
        own = definition["operationId"]
        named = known.parameters.get(own, {})
        definition["parameters"] = [
            _narrowed_parameter(one, named, known) for one in parameters(spec, item, definition)
        ]
        if known.unique.get(own):
            definition[UNIQUE] = known.unique[own]
        fields = known.bodies.get(own)
        if fields:
            _narrow_body(definition, spec, fields)


def without_deletion(spec: dict[str, Any], mark: str) -> None:
    """Let no valid body delete what it writes: a walk would then miss what an earlier step has made.

    Args:
        spec: the spec of a walk; it is changed, but not the schemas that bodies share with replies.
        mark: the field that marks what is deleted.
    """
    for _, _, definition in operations(spec):
        if any(
            mark in resolved(media["schema"], spec).get("properties", {}) for media in request_bodies(spec, definition)
        ):
            _narrow_body(definition, spec, {mark: [False]})


def _narrow_body(definition: dict[str, Any], spec: dict[str, Any], fields: Mapping[str, list[Any]]) -> None:
    # Others may share it.
    definition["requestBody"] = deepcopy(resolved(definition["requestBody"], spec))
    for media in request_bodies(spec, definition):
        media["schema"] = _narrowed(media["schema"], spec, fields, "", 0)
        if "example" in media:
            media["example"] = _existing(media["example"], fields, "")
        for example in media.get("examples", {}).values():
            example["value"] = _existing(resolved(example, spec)["value"], fields, "")
            example.pop("$ref", None)


def _narrowed_parameter(parameter: dict[str, Any], named: Mapping[str, list[Any]], known: Known) -> dict[str, Any]:
    name, place = parameter["name"], parameter["in"]
    values = named.get(f"{place}.{name}", ())
    if values and parameter.get("example") not in values:
        return {**{key: part for key, part in parameter.items() if key != "examples"}, "example": values[0]}
    if place == "query" and name in known.queries and parameter.get("schema", {}).get("type") == "array":
        return {**parameter, "schema": {**parameter["schema"], "items": {"enum": known.queries[name]}}}
    return parameter


def _existing(example: Any, fields: Mapping[str, list[Any]], way: str) -> Any:
    """Return an example in which known fields have known values."""
    if way in fields:
        return example if example is None or example in fields[way] else fields[way][0]
    if isinstance(example, dict):
        return {name: _existing(part, fields, f"{way}.{name}" if way else name) for name, part in example.items()}
    if isinstance(example, list):
        return [_existing(part, fields, f"{way}[*]") for part in example]
    return example


def _narrowed(schema: Any, spec: dict[str, Any], fields: Mapping[str, list[Any]], way: str, depth: int) -> Any:
    """Return a schema in which the known fields have the known values; the same one if there are none."""
    if not isinstance(schema, dict) or depth > _DEEPEST or not any(name.startswith(way) for name in fields):
        return schema
    whole = resolved(schema, spec)
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
    if all(whole[keyword] == part for keyword, part in changed.items()):
        return schema
    changed |= {
        keyword: _existing(whole[keyword], fields, way) for keyword in ("example", "default") if keyword in whole
    }
    return {**whole, **changed}


def _valued(schema: dict[str, Any], values: list[Any]) -> dict[str, Any]:
    types = schema.get("type")
    whole = {key: part for key, part in schema.items() if key not in ("example", "examples")}
    return {**whole, "enum": [*values, None] if isinstance(types, list) and "null" in types else values}
