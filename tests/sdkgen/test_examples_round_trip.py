"""Every example of every specification, through the generated models and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from scripts.sdkgen.document import pascal_case

VENDORS: Final = sorted(path.name for path in (Path(__file__).parents[2] / "specs").iterdir())


class Vendor:
    """One generated package and the document it was generated from."""

    def __init__(self, name: str) -> None:
        self.package = f"{name}_client"
        self.document: dict[str, Any] = json.loads((files(self.package) / "openapi.json").read_text(encoding="utf-8"))
        self.modules: dict[str, str] = {
            entry["id"]: entry["module"]
            for entry in json.loads((files(self.package) / "operations.json").read_text(encoding="utf-8"))["operations"]
        }

    def resolved(self, value: Any) -> Any:
        while isinstance(value, dict) and "$ref" in value:
            target: Any = self.document
            for part in value["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            value = target
        return value

    def operations(self) -> Iterator[dict[str, Any]]:
        for item in self.document["paths"].values():
            for operation in item.values():
                if isinstance(operation, dict) and "operationId" in operation:
                    yield operation

    def examples(self, holder: Any, media_type: str = "application/json") -> Iterator[tuple[Any, Any]]:
        """Schema and value of each example of a request body or response."""
        content = self.resolved(holder).get("content", {}).get(media_type, {})
        for example in content.get("examples", {}).values():
            yield content["schema"], self.resolved(example)["value"]


def _json(value: Any) -> Any:
    if isinstance(value, list):
        return [_json(item) for item in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


@pytest.mark.parametrize("name", VENDORS)
def test_answers(name: str) -> None:
    vendor = Vendor(name)
    seen = 0
    for operation in vendor.operations():
        module = import_module(vendor.modules[operation["operationId"]])
        for status, response in operation["responses"].items():
            if not status.startswith("2"):
                continue
            for _, value in vendor.examples(response):
                answer = module.parse_success(httpx.Response(int(status), json=value))
                assert _json(answer) == value, operation["operationId"]
                seen += 1
    assert seen


@pytest.mark.parametrize("name", VENDORS)
def test_bodies(name: str) -> None:
    vendor = Vendor(name)
    models = import_module(f"{vendor.package}.models")
    for operation in vendor.operations():
        for schema, value in vendor.examples(operation.get("requestBody", {})):
            reference = schema.get("$ref", "")
            model = getattr(models, pascal_case(reference.rpartition("/")[2]), None)
            if model is not None:  # a choice of several has no class of its own
                assert model.from_dict(value).to_dict() == value, operation["operationId"]


@pytest.mark.parametrize("name", VENDORS)
def test_errors(name: str) -> None:
    vendor = Vendor(name)
    models = import_module(f"{vendor.package}.models")
    for response in vendor.document["components"].get("responses", {}).values():
        for schema, value in vendor.examples(response):
            model = getattr(models, pascal_case(schema.get("$ref", "").rpartition("/")[2]), None)
            if model is not None:
                assert model.from_dict(value).to_dict() == value
