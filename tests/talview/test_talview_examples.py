"""Every model of the specification, made of its properties' examples: valid, and unchanged by reading and writing."""

from __future__ import annotations

from typing import Any, Final

import jsonschema_rs
import pytest

from talview_client import models
from tests.talview.support import DOCUMENT

SCHEMAS: Final[dict[str, dict[str, Any]]] = DOCUMENT["components"]["schemas"]


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = SCHEMAS[schema["$ref"].rpartition("/")[2]]
    return schema


def properties(schema: dict[str, Any]) -> dict[str, Any]:
    """The properties of an object, with those that it has from others."""
    schema = resolved(schema)
    found: dict[str, Any] = {}
    for base in schema.get("allOf", ()):
        found |= properties(base)
    found |= schema.get("properties", {})
    return found


def sample(schema: dict[str, Any]) -> Any:
    """A value of a schema: its example, or else one made of its properties' examples."""
    schema = resolved(schema)
    for key in ("example", "const"):
        if key in schema:
            return schema[key]
    if "oneOf" in schema:
        return sample(schema["oneOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [sample(schema["items"])]
    return {name: sample(value) for name, value in properties(schema).items()}


def has_file(schema: dict[str, Any]) -> bool:
    return any(resolved(value).get("format") == "binary" for value in properties(schema).values())


MODELS: Final = [
    name
    for name, schema in SCHEMAS.items()
    if properties(schema) and not has_file(schema) and hasattr(getattr(models, name, None), "from_dict")
]


def test_every_object_is_a_model() -> None:
    files = {name for name, schema in SCHEMAS.items() if properties(schema) and has_file(schema)}

    assert {name for name, schema in SCHEMAS.items() if properties(schema)} - files == set(MODELS)
    assert len(MODELS) > 300
    assert len(files) == 5


@pytest.mark.parametrize("name", MODELS)
def test_model_reads_and_writes_its_example(name: str) -> None:
    document = sample(SCHEMAS[name])
    model: Any = getattr(models, name)
    once = model.from_dict(document).to_dict()

    assert once == document
    assert model.from_dict(once).to_dict() == document
    assert jsonschema_rs.validator_for(
        {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    ).is_valid(document)
