"""The ledger of what the vendor's page documents, against specification, index, modules and facade."""

from __future__ import annotations

import inspect
import json
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from talview_client.facade import AsyncFacade, Facade

ROOT: Final = Path(__file__).parents[2]
LEDGER: Final[dict[str, dict[str, Any]]] = yaml.safe_load(
    (ROOT / "specs" / "talview" / "ledger.yaml").read_text(encoding="utf-8")
)
DOCUMENT: Final[dict[str, Any]] = json.loads((files("talview_client") / "openapi.json").read_text(encoding="utf-8"))
INDEX: Final = {
    entry["id"]: entry
    for entry in json.loads((files("talview_client") / "operations.json").read_text(encoding="utf-8"))["operations"]
}


def resolved(value: Any) -> Any:
    while isinstance(value, dict) and "$ref" in value:
        target: Any = DOCUMENT
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        value = target
    return value


def specified() -> dict[str, tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Every operation of the specification: method, path, operation, path item."""
    return {
        operation["operationId"]: (method.upper(), path, operation, item)
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict) and "operationId" in operation
    }


SPECIFIED: Final = specified()


def properties(schema: Any) -> dict[str, list[Any]]:
    """The schemas of every property that a value may have; `{n}` stands for properties with any name."""
    schema = resolved(schema)
    found: dict[str, list[Any]] = {}
    parts = [*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())]
    for part in [*parts, *([schema["items"]] if "items" in schema else [])]:
        for name, schemas in properties(part).items():
            found.setdefault(name, []).extend(schemas)
    for name, inner in schema.get("properties", {}).items():
        found.setdefault(name, []).append(inner)
    if schema.get("additionalProperties"):
        found.setdefault("{n}", []).append(schema["additionalProperties"])
    return found


def has(schema: Any, way: list[str]) -> bool:
    """Whether a property is described, however deep."""
    if not way or schema is True:
        return True
    known = properties(schema)
    return any(has(inner, way[1:]) for inner in [*known.get(way[0], ()), *known.get("{n}", ())])


def contents(holder: Any) -> Iterator[Any]:
    for content in resolved(holder).get("content", {}).values():
        yield content["schema"]


def test_every_pair_of_method_and_path_is_there_once() -> None:
    pairs = Counter((entry["method"], entry["path"]) for entry in LEDGER.values())
    assert len(pairs) == len(LEDGER) == 354
    assert {name: (method, path) for name, (method, path, _, _) in SPECIFIED.items()} == {
        name: (entry["method"], entry["path"]) for name, entry in LEDGER.items()
    }
    assert len({path for _, path in pairs}) == 216


def test_evidence_is_what_the_ledger_says() -> None:
    told = {name: operation["x-evidence"] for name, (_, _, operation, _) in SPECIFIED.items()}
    assert told == {name: entry["evidence"] for name, entry in LEDGER.items()}
    assert {name: entry["evidence"] for name, entry in INDEX.items()} == told


@pytest.mark.parametrize("name", LEDGER)
def test_every_row_and_field_is_specified_or_absent_for_a_reason(name: str) -> None:
    entry, (_, _, operation, item) = LEDGER[name], SPECIFIED[name]
    parameters = {
        resolved(parameter)["name"].removesuffix("[]")
        for parameter in [*item.get("parameters", ()), *operation.get("parameters", ())]
    }
    bodies = list(contents(operation.get("requestBody", {})))
    answers = [
        schema
        for status, response in operation["responses"].items()
        if status.startswith("2")
        for schema in contents(response)
    ]
    missing = {row for row in entry.get("parameters", ()) if row not in parameters}
    missing |= {field for field in entry.get("body", ()) if not any(has(body, field.split(".")) for body in bodies)}
    missing |= {field for field in entry.get("answer", ()) if not any(has(body, field.split(".")) for body in answers)}
    assert missing == set(entry.get("absent", ())), "specified after all, or missing without a reason"


@pytest.mark.parametrize("name", LEDGER)
def test_every_operation_is_indexed_generated_and_on_both_facades(name: str) -> None:
    entry = INDEX[name]
    module = import_module(entry["module"])
    assert (module.OPERATION.id, module.OPERATION.method) == (name, entry["method"])
    resource = import_module(f"talview_client.resources.{entry['tag']}")
    assert {entry["tag"]} <= set(dir(Facade)) & set(dir(AsyncFacade))
    classes = [kind for kind in vars(resource).values() if getattr(kind, "__module__", None) == resource.__name__]
    assert sorted(inspect.iscoroutinefunction(getattr(kind, entry["name"])) for kind in classes) == [False, True]
