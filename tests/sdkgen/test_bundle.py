"""Several files become one document, by the rules of YAML 1.2."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.sdkgen.__main__ import main
from scripts.sdkgen.bundle import bundle
from scripts.sdkgen.errors import SdkgenError
from scripts.sdkgen.source import read


def write(folder: Path, **files: str) -> Path:
    for name, content in files.items():
        path = folder / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def value(tmp_path: Path, text: str) -> Any:
    path = tmp_path / "value.yaml"
    path.write_text(text, encoding="utf-8")
    return read(path).value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no", "no"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("2020-05-23", "2020-05-23"),
        ("2020-05-23T00:54:00Z", "2020-05-23T00:54:00Z"),
        ("1e3", 1000.0),
        ("1.", 1.0),
        ("true", True),
        ("~", None),
        ("", None),
        ("'true'", "true"),
        ("{a: null, b: [1, x]}", {"a": None, "b": [1, "x"]}),
        ("{a: &x 1, b: *x}", {"a": 1, "b": 1}),
    ],
)
def test_scalars_by_yaml_1_2(tmp_path: Path, text: str, expected: Any) -> None:
    found = value(tmp_path, text)

    assert expected == found
    assert type(expected) is type(found)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "the key 'a' is repeated"),
        ("a: 1\nb: {<<: {c: 1}}\n", 2, "merge keys are YAML 1.1"),
        ("a: 1\nb: .nan\n", 2, "has no JSON form"),
        ("a: 1\n b: 2\n", 2, "not YAML"),
        ("a: 1\n[x]: 2\n", 2, "a key is not a scalar"),
    ],
)
def test_what_json_cannot_say_is_refused_with_its_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    with pytest.raises(SdkgenError, match=rf"value\.yaml:{line}: .*{reason}"):
        value(tmp_path, text)


def test_components_are_named_by_the_last_segment_and_keep_their_order(tmp_path: Path) -> None:
    write(
        tmp_path,
        openapi="""
paths:
  /b: {$ref: 'paths/b.yaml'}
  /a: {$ref: 'paths/a.yaml#/a~1path'}
components:
  schemas:
    Own: {type: string}
    Kept: {$ref: 'schemas/all.yaml#/Kept'}
""",
        paths__b="""
get:
  parameters: [{$ref: '../shared.yaml#/Limit'}]
  responses: {default: {$ref: '../shared.yaml#/Gone'}}
""",
        paths__a="a/path:\n  get: {requestBody: {$ref: '../shared.yaml#/Body'}}\n",
        shared="""
Limit: {name: limit, in: query, schema: {$ref: 'schemas/all.yaml#/Deep'}}
Gone: {description: Gone., content: {application/json: {schema: {$ref: 'schemas/whole.yaml'}}}}
Body:
  content: {application/json: {schema: {$ref: 'schemas/all.yaml#/Kept'}, example: {$ref: 'data, not a reference'}}}
""",
        schemas__all="""
Kept:
  type: object
  properties:
    again: {$ref: '#/Kept'}
    default: {$ref: '#/Deep'}
    own: {$ref: '../openapi.yaml#/components/schemas/Own'}
Deep: {type: string}
""",
        schemas__whole="type: object\ndiscriminator: {propertyName: x, mapping: {a: 'all.yaml#/Deep'}}\n",
    )
    joined = bundle(tmp_path)
    document: Any = joined.document

    assert list(document["paths"]) == ["/b", "/a"]
    assert list(document["components"]["schemas"]) == ["Own", "Kept", "Deep", "whole"]
    assert list(document["components"]) == ["schemas", "parameters", "responses", "requestBodies"]
    assert document["paths"]["/b"]["get"]["responses"]["default"] == {"$ref": "#/components/responses/Gone"}
    assert document["components"]["schemas"]["Kept"]["properties"] == {
        "again": {"$ref": "#/components/schemas/Kept"},
        "default": {"$ref": "#/components/schemas/Deep"},
        "own": {"$ref": "#/components/schemas/Own"},
    }
    content = document["components"]["requestBodies"]["Body"]["content"]["application/json"]
    assert content["example"] == {"$ref": "data, not a reference"}
    assert document["components"]["schemas"]["whole"]["discriminator"]["mapping"] == {"a": "#/components/schemas/Deep"}
    assert ".yaml" not in joined.to_json()


def test_places_are_remembered_across_files(tmp_path: Path) -> None:
    write(
        tmp_path,
        openapi="paths:\n  /a:\n    $ref: 'a.yaml#/item'\n",
        a="item:\n  get:\n    responses:\n      '200':\n        description: x\n",
    )
    joined = bundle(tmp_path)

    assert joined.position(("paths", "/a", "get", "responses", "200", "description")) == ("a.yaml", 5)
    assert joined.position(("paths", "/a", "get", "nothing", "there")) == ("a.yaml", 2)


def test_two_things_of_one_name_are_refused(tmp_path: Path) -> None:
    write(
        tmp_path,
        openapi="a: {items: {$ref: 'one.yaml#/Thing'}}\nb: {items: {$ref: 'two.yaml#/Thing'}}\n",
        one="Thing: {type: string}\n",
        two="x: 1\nThing: {type: integer}\n",
    )
    with pytest.raises(SdkgenError, match=r"two\.yaml:2: schemas/Thing is also defined, differently, at .*one\.yaml:1"):
        bundle(tmp_path)


def test_the_same_thing_in_two_files_is_no_clash(tmp_path: Path) -> None:
    write(
        tmp_path,
        openapi="a: {items: {$ref: 'one.yaml#/Thing'}}\nb: {items: {$ref: 'two.yaml#/Thing'}}\n",
        one="Thing: {type: string}\n",
        two="Thing: {type: string}\n",
    )
    document: Any = bundle(tmp_path).document

    assert document["components"] == {"schemas": {"Thing": {"type": "string"}}}
    assert document["a"] == document["b"]


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("one.yaml#/Nothing", "does not exist"),
        ("missing.yaml#/X", "cannot be read"),
        ("../outside.yaml#/X", "leaves the spec's folder"),
        ("https://example.test/x.yaml#/X", None),
    ],
)
def test_references_that_lead_nowhere(tmp_path: Path, reference: str, reason: str | None) -> None:
    write(tmp_path, openapi=f"a:\n  items: {{$ref: '{reference}'}}\n", one="Thing: {type: string}\n")
    with pytest.raises(SdkgenError, match=reason or "leaves the spec's folder"):
        bundle(tmp_path)


def test_the_command_prints_the_document(spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(tmp_path), "bundle", "example"]) == 0
    printed = capsys.readouterr().out
    assert main(["--root", str(tmp_path), "bundle", "example", "-o", str(tmp_path / "out.json")]) == 0

    assert printed == (tmp_path / "out.json").read_text(encoding="utf-8")
    assert json.loads(printed)["openapi"] == "3.1.0"
