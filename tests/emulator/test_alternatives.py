"""Errors of values that fit none of several alternatives."""

from __future__ import annotations

from typing import Any

import pytest

from assaykit.emulator.engine.schemas import Schemas, field_errors


def _shape(const: dict[str, Any], *needed: str) -> dict[str, Any]:
    texts = {name: {"type": "string", "minLength": 1} for name in needed}
    return {"type": "object", "required": ["kind", *needed], "properties": {"kind": const, **texts}}


SCHEMAS = Schemas(
    {
        "one": {"oneOf": [_shape({"const": "card"}, "number", "name"), _shape({"enum": ["cash"]}, "currency")]},
        "any": {"anyOf": [_shape({"const": "card"}, "number", "name"), _shape({"const": "cash"}, "currency")]},
        "without": {"oneOf": [{"type": "integer"}, {"type": "object", "required": ["a"]}]},
    }
)


def _explain(schema: str, value: Any) -> dict[str, str]:
    return {field.name: field.message for field in field_errors(SCHEMAS.validator(f"#/{schema}"), value, "body")}


@pytest.mark.parametrize("schema", ["one", "any"])
@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"kind": "card"}, {"body.number": "is required", "body.name": "is required"}),
        ({"kind": "cash"}, {"body.currency": "is required"}),
        ({"kind": "cash", "number": "1", "name": "a"}, {"body.currency": "is required"}),
        ({"kind": "card", "currency": "IDR"}, {"body.number": "is required", "body.name": "is required"}),
        ({"kind": "cheque", "currency": "IDR"}, {"body.kind": "must be card or cash"}),
        ({"number": "1", "name": "a"}, {"body.kind": "is required"}),
        ({"currency": "IDR"}, {"body.kind": "is required"}),
    ],
)
def test_a_constant_tells_which_alternative_was_meant(schema: str, value: Any, told: dict[str, str]) -> None:
    assert _explain(schema, value) == told


def test_without_constants_the_nearest_alternative_is_explained() -> None:
    assert _explain("without", {}) == {"body.a": "is required"}
