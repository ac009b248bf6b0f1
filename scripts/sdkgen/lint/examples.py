"""Examples are true: each one is valid for the schema that it illustrates."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs

from scripts.sdkgen.document import Mapping, array, mapping, place_of, resolve
from scripts.sdkgen.lint.report import Report
from scripts.sdkgen.lint.walk import bodies, header_nodes, parameter_nodes, schemas
from scripts.sdkgen.source import Json, Pointer

_BASE = "urn:spec"
_SAID = frozenset({"description", "example", "examples", "default"})


def check(document: Mapping, report: Report) -> None:
    """Validates the examples and defaults of schemas, parameters, headers and bodies."""
    validators = _Validators(document)
    for node in schemas(document):
        value = mapping(node.value)
        for key in ("example", "default"):
            if key in value:
                _validate(validators, node.value, value[key], (*node.pointer, key), key, report)
        for index, item in enumerate(array(value.get("examples"))):
            _validate(validators, node.value, item, (*node.pointer, "examples", index), "example", report)
    holders: list[tuple[Mapping, Pointer]] = [*parameter_nodes(document), *header_nodes(document)]
    holders += [(body.value, body.pointer) for body in bodies(document)]
    for holder, pointer in holders:
        if "schema" not in holder:
            continue
        if "example" in holder:
            _validate(validators, holder["schema"], holder["example"], (*pointer, "example"), "example", report)
        for name, raw in mapping(holder.get("examples")).items():
            example = resolve(document, raw)
            place = (*place_of(raw, (*pointer, "examples", name)), "value")
            if "value" not in example:
                report.add("example", place[:-1], f"the example {name!r} has no value", "add `value`")
            else:
                _validate(validators, holder["schema"], example["value"], place, "example", report)


class _Validators:
    """Makes validators that share the components."""

    def __init__(self, document: Mapping) -> None:
        rebased = _rebase(document.get("components"))
        self._compiled: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self._registry = jsonschema_rs.Registry([(_BASE, {"components": rebased})])

    def errors(self, schema: Json, value: Json) -> list[Any]:
        """The violations of a value, the deepest first."""
        # Most properties differ in their descriptions alone.
        plain = {k: v for k, v in schema.items() if k not in _SAID} if isinstance(schema, dict) else schema
        key = json.dumps(plain)
        if key not in self._compiled:
            rebased: Any = _rebase(plain)
            self._compiled[key] = jsonschema_rs.Draft202012Validator(
                rebased, registry=self._registry, validate_formats=True
            )
        return sorted(self._compiled[key].iter_errors(value), key=lambda error: -len(error.instance_path))


def _rebase(value: Json) -> Json:
    """Points references at the shared components, wherever the schema itself is compiled."""
    if isinstance(value, list):
        return [_rebase(item) for item in value]
    if isinstance(value, dict):
        return {
            key: _BASE + item if key == "$ref" and isinstance(item, str) else _rebase(item)
            for key, item in value.items()
        }
    return value


def _validate(validators: _Validators, schema: Json, value: Json, pointer: Pointer, kind: str, report: Report) -> None:
    try:
        errors = validators.errors(schema, value)
    except (ValueError, jsonschema_rs.ReferencingError) as refusal:
        report.add(
            "schema", pointer[:-1], f"the schema cannot be compiled: {refusal}", "mend it by JSON Schema 2020-12"
        )
        return
    for error in errors[:1]:
        place = "".join(f"/{part}" for part in error.instance_path)
        message = f"the {kind} does not fit its schema{f' at {place}' if place else ''}: {error.message}"
        report.add("example", (*pointer, *error.instance_path), message, "correct whichever of the two is wrong")
