"""Known values take the place of those that only a schema knows."""

from typing import Any

from scripts.fuzz.hooks import narrow_bodies, replace_examples


def spec() -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
    definition = {"operationId": "things_create", "requestBody": body, "parameters": []}
    parameter = {"$ref": "#/components/parameters/Oid"}
    owner = {"type": ["integer", "null"]}
    item = {"type": "object", "properties": {"id": {"type": "integer"}}}
    thing = {"type": "object", "properties": {"owner_id": owner, "parts": {"type": "array", "items": item}}}
    return {
        "paths": {"/owners/{oid}/things": {"parameters": [parameter], "post": definition}},
        "components": {
            "parameters": {"Oid": {"name": "oid", "in": "path", "required": True, "example": 2}},
            "schemas": {"Thing": thing},
        },
    }


def test_fields_of_bodies_get_the_values_and_shared_schemas_stay() -> None:
    changed = spec()
    narrow_bodies(changed, {"owner_id": [1], "things_create:owner_id": [7], "parts[*].id": [3, 4]})
    content = changed["paths"]["/owners/{oid}/things"]["post"]["requestBody"]["content"]
    properties = content["application/json"]["schema"]["properties"]

    assert properties["owner_id"]["enum"] == [7, None]
    assert properties["parts"]["items"]["properties"]["id"]["enum"] == [3, 4]
    assert changed["components"] == spec()["components"]


def test_parameters_get_examples_that_exist() -> None:
    changed = spec()
    replace_examples(changed, {"oid": 488})

    assert changed["paths"]["/owners/{oid}/things"]["post"]["parameters"][0]["example"] == 488
    assert changed["components"] == spec()["components"]
