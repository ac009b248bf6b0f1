"""Known values take the place of those that only a schema knows."""

from typing import Any

from scripts.fuzz.known import Known
from scripts.fuzz.narrowing import narrow, without_deletion
from scripts.fuzz.spec import UNIQUE

CREATE = "things_create"


def spec() -> dict[str, Any]:
    media = {
        "schema": {"$ref": "#/components/schemas/Thing"},
        "example": {"owner_id": 2, "parts": [{"id": 3}, {"id": 99}], "name": "kept"},
        "examples": {"one": {"$ref": "#/components/examples/One"}},
    }
    words = {"name": "words", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}
    definition = {
        "operationId": CREATE,
        "requestBody": {"content": {"application/json": media}},
        "parameters": [words],
    }
    owner = {"type": ["integer", "null"], "example": 2}
    item = {"type": "object", "properties": {"id": {"type": "integer"}}, "example": {"id": 99}}
    thing = {"type": "object", "properties": {"owner_id": owner, "parts": {"type": "array", "items": item}}}
    return {
        "paths": {
            "/owners/{oid}/things": {"parameters": [{"$ref": "#/components/parameters/Oid"}], "post": definition}
        },
        "components": {
            "parameters": {"Oid": {"name": "oid", "in": "path", "required": True, "example": 2}},
            "examples": {"One": {"value": {"owner_id": None, "parts": []}}},
            "schemas": {"Thing": thing},
        },
    }


def narrowed(known: Known) -> dict[str, Any]:
    changed = spec()
    narrow(changed, known)
    assert changed["components"]["schemas"] == spec()["components"]["schemas"]
    operation: dict[str, Any] = changed["paths"]["/owners/{oid}/things"]["post"]
    return operation


def test_fields_of_bodies_get_the_values_and_shared_schemas_stay() -> None:
    content = narrowed(Known(bodies={CREATE: {"owner_id": [7], "parts[*].id": [3, 4]}}))["requestBody"]["content"]
    properties = content["application/json"]["schema"]["properties"]

    assert properties["owner_id"] == {"type": ["integer", "null"], "enum": [7, None]}
    assert properties["parts"]["items"]["properties"]["id"]["enum"] == [3, 4]
    assert properties["parts"]["items"]["example"] == {"id": 3}


def test_examples_of_bodies_name_what_exists() -> None:
    media = narrowed(Known(bodies={CREATE: {"owner_id": [7], "parts[*].id": [3, 4]}}))["requestBody"]["content"][
        "application/json"
    ]

    assert media["example"] == {"owner_id": 7, "parts": [{"id": 3}, {"id": 3}], "name": "kept"}
    assert media["examples"]["one"] == {"value": {"owner_id": None, "parts": []}}


def test_parameters_get_examples_that_exist() -> None:
    words, oid = narrowed(Known(parameters={CREATE: {"path.oid": [488]}}))["parameters"]

    assert oid == {"name": "oid", "in": "path", "required": True, "example": 488}
    assert words == spec()["paths"]["/owners/{oid}/things"]["post"]["parameters"][0]


def test_arrays_in_queries_get_the_values_as_items() -> None:
    words, _ = narrowed(Known(queries={"words": ["a", "b"]}))["parameters"]

    assert words["schema"] == {"type": "array", "items": {"enum": ["a", "b"]}}


def test_unique_fields_are_noted_at_the_operation() -> None:
    assert narrowed(Known(unique={CREATE: ["name"]}))[UNIQUE] == ["name"]
    assert UNIQUE not in narrowed(Known())


def test_a_walk_deletes_nothing_by_an_update() -> None:
    changed = spec()
    thing = changed["components"]["schemas"]["Thing"]
    thing["properties"]["is_deleted"] = {"type": ["boolean", "null"], "example": True}

    without_deletion(changed, "is_deleted")

    body = changed["paths"]["/owners/{oid}/things"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["is_deleted"] == {"type": ["boolean", "null"], "enum": [False, None]}
    assert "enum" not in thing["properties"]["is_deleted"]


def test_bodies_that_cannot_delete_stay_as_they_are() -> None:
    changed = spec()

    without_deletion(changed, "is_deleted")

    assert changed == spec()
