"""A walk along links gets the part of a spec that it needs, and nothing else."""

from typing import Any

from scripts.fuzz.excerpt import of_links, of_operations
from scripts.fuzz.plan import Link

GET = Link("get", "things_create", "things_get", ())
PARTS = Link("parts", "things_create", "parts_list", ())


def _operation(name: str, *, schema: str, links: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"operationId": name, "responses": {"200": {"content": content, "links": links or {}}}, **more}


def _query(name: str, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": {"type": "string"}}


def spec() -> dict[str, Any]:
    links = {
        "get": {"operationId": "things_get", "parameters": {"path.id": "$response.body#/id"}},
        "parts": {"operationId": "parts_list", "parameters": {"thing_id": "$response.body#/id"}},
    }
    filters = [_query("thing_id"), _query("name"), _query("tenant", required=True)]
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {
            "/things": {
                "post": _operation("things_create", schema="Thing", links=links),
                "get": _operation("things_list", schema="Things"),
            },
            "/things/{id}": {
                "parameters": [{"$ref": "#/components/parameters/Id"}],
                "get": _operation("things_get", schema="Thing"),
            },
            "/parts": {"get": _operation("parts_list", schema="Part", parameters=filters)},
        },
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "parameters": {"Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}},
            "schemas": {
                "Thing": {"type": "object", "properties": {"maker": {"$ref": "#/components/schemas/Maker"}}},
                "Maker": {"type": "object"},
                "Things": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
                "Part": {"type": "object"},
            },
        },
    }


def test_operations_links_and_components_that_are_not_needed_are_left_out() -> None:
    part = of_links(spec(), [GET])

    assert {path: sorted(item) for path, item in part["paths"].items()} == {
        "/things": ["post"],
        "/things/{id}": ["get", "parameters"],
    }
    assert list(part["paths"]["/things"]["post"]["responses"]["200"]["links"]) == ["get"]
    assert set(part["components"]["schemas"]) == {"Thing", "Maker"}
    assert set(part["components"]["parameters"]) == {"Id"}
    assert part["components"]["securitySchemes"] == spec()["components"]["securitySchemes"]


def test_of_the_optional_filters_only_those_stay_that_a_link_fills() -> None:
    part = of_links(spec(), [PARTS])

    names = [one["name"] for one in part["paths"]["/parts"]["get"]["parameters"]]
    assert names == ["thing_id", "tenant"]


def test_the_given_spec_stays_as_it_is() -> None:
    whole = spec()
    of_links(whole, [PARTS])
    of_operations(whole, ["things_create"])

    assert whole == spec()


def test_paths_of_operations_keep_all_their_methods_and_lose_the_links() -> None:
    part = of_operations(spec(), ["things_create"])

    assert {path: sorted(item) for path, item in part["paths"].items()} == {"/things": ["get", "post"]}
    assert part["paths"]["/things"]["post"]["responses"]["200"]["links"] == {}
    assert set(part["components"]["schemas"]) == {"Thing", "Maker", "Things"}
    assert set(part["components"]) == {"schemas", "securitySchemes"}
