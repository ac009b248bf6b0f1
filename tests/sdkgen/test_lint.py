"""Each rule catches a bad example, at its file and line, and is quiet on the good one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.sdkgen.__main__ import main
from scripts.sdkgen.bundle import bundle
from scripts.sdkgen.lint import Violation, lint

ROOT, ITEMS, SCHEMAS, SHARED = "openapi.yaml", "paths/items.yaml", "schemas/items.yaml", "shared.yaml"
EVENTS, SESSIONS = "schemas/events.yaml", "paths/sessions.yaml"

# rule, file, what is written, what is written instead, and a part of the message
BAD = [
    ("yaml-1.1", SCHEMAS, "example: thorough", "example: 12:30", "12:30 is text here"),
    ("yaml-1.1", SCHEMAS, "example: thorough", "example: no", "takes it for a boolean"),
    ("openapi-version", ROOT, "openapi: 3.1.0", "openapi: 3.0.3", "not OpenAPI 3.1"),
    ("openapi", ROOT, "{description: Received.}", "{summary: Received.}", "description"),
    (
        "ref-target",
        ROOT,
        "components:\n",
        "components:\n  schemas: {Deep: {description: x, items: {$ref: '#/components/schemas/Item/properties/id'}}}\n",
        "is not a component",
    ),
    ("one-tag", ITEMS, "tags: [items]", "tags: [items, sessions]", "has 2 tags"),
    ("one-tag", ITEMS, "    tags: [items]\n", "", "has 0 tags"),
    ("tag-name", SESSIONS, "tags: [sessions]", "tags: [client]", "cannot name a module"),
    ("tag-declared", ROOT, "  - {name: sessions, description: Who is signed in.}\n", "", "'sessions' is not declared"),
    ("operation-id", ITEMS, "operationId: items_list", "operationId: listItems", "is not <tag>_<verb>"),
    ("operation-id", ITEMS, "operationId: items_list", "operationId: items_List", "is not <tag>_<verb>"),
    ("operation-id-unique", ITEMS, "operationId: items_create", "operationId: items_list", "equals 'items_list'"),
    ("operation-summary", ITEMS, "    summary: List the items\n", "", "items_list has no summary"),
    ("operation-description", ITEMS, "description: Takes JSON or a form.", "description: ''", "has no description"),
    ("operation-source", ITEMS, "    x-source: 'Invented, \"Items\"'\n", "", "has no x-source"),
    ("operation-evidence", ITEMS, "x-evidence: connector", "x-evidence: rumour", "is 'rumour'"),
    ("extension", ITEMS, "x-idempotent: true", "x-idempotent: 'yes'", "not a boolean"),
    ("extension", ITEMS, "{limit: 60, windowSeconds: 60}", "{limit: 60}", "x-rate-limit"),
    ("extension", ITEMS, "{style: offset, limit: $top}", "{style: scroll}", "x-paging"),
    ("extension", ITEMS, "{items: children}", "{items: kind}", "x-partial-failure names no list"),
    ("extension", ITEMS, "{items: children}", "children", "x-partial-failure names no list"),
    ("security", ROOT, "security: [{bearer: []}]\n", "", "does not say who may call it"),
    ("security", ROOT, "security: [{bearer: []}]", "security: [{basic: []}]", "'basic' is not declared"),
    ("unauthorized", ITEMS, "      '401': {$ref: '../shared.yaml#/Unauthorized'}\n", "", "documents no 401"),
    ("success-response", ITEMS, "'204': {description: It is gone.}", "'404': {description: It is gone.}", "no success"),
    ("status", ITEMS, "      4XX:", "      '44':", "is no status"),
    ("path-parameter", ROOT, "/items/{itemId}/note:", "/items/{item.Id}/note:", "would keep the operation"),
    ("path-parameter", ROOT, "/items/{itemId}/note:", "/items/{noteId}/note:", "'noteId'"),
    ("parameter-description", ITEMS, "description: How many., ", "", "'$top' has no description"),
    (
        "parameter-schema",
        ITEMS,
        "description: Part of the name., schema: {type: string}",
        "description: Part of the name., content: {application/json: {schema: {type: string}}}",
        "content instead of a schema",
    ),
    (
        "parameter-type",
        ITEMS,
        "An id of the call., schema: {type: string}",
        "x., schema: {type: object}",
        "not a scalar",
    ),
    (
        "parameter-type",
        ITEMS,
        "An id of the call., schema: {type: string}",
        "x., schema: {type: string, format: date}",
        "a date",
    ),
    ("parameter-type", ITEMS, "        style: deepObject\n", "", "is an object"),
    ("parameter-bounds", ITEMS, "minimum: 1, ", "", "no lower bound"),
    (
        "parameter-bounds",
        ITEMS,
        "{type: array, minItems: 1, items: {type: string}}",
        "{type: array, items: {type: string}}",
        "bound",
    ),
    ("python-name", ITEMS, "name: 'filter[name]'", "name: '[]'", "no Python name"),
    ("python-name", ITEMS, "name: params,", "name: '$top[]',", "same Python name"),
    (
        "ref-siblings",
        SCHEMAS,
        "state: {$ref: '#/State'}",
        "state: {$ref: '#/State', description: Twice.}",
        "beside $ref",
    ),
    ("schema-type", SCHEMAS, "cls: {type: string, ", "cls: {", "no type"),
    ("array-items", SCHEMAS, "items: {type: string}, example: [sit]", "example: [sit]", "without items"),
    ("no-title", SCHEMAS, "description: A cat.", "description: A cat.\n  title: Cat", "overrides the schema's name"),
    ("nullable", SCHEMAS, "note: {type: [string, 'null']", "note: {nullable: true, type: string", "OpenAPI 3.0"),
    (
        "nullable",
        SCHEMAS,
        "oneOf: [{type: number}, {type: string}]",
        "oneOf: [{type: number}, {type: [string, 'null']}]",
        "hides",
    ),
    (
        "unsupported-keyword",
        SCHEMAS,
        "cls: {type: string",
        "cls: {not: {type: integer}, type: string",
        "not has no counterpart",
    ),
    ("const-type", SCHEMAS, "cls: {type: string", "cls: {const: true, type: boolean", "not text or integer"),
    (
        "list-default",
        SCHEMAS,
        "items: {type: string}, example: [sit]",
        "items: {type: string}, default: [], example: [sit]",
        "lost",
    ),
    ("binary", SCHEMAS, "cls: {type: string", "cls: {format: binary, type: string", "a binary value inside"),
    (
        "boolean-schema",
        SCHEMAS,
        "items: {type: string}, example: [sit]",
        "items: true, example: [sit]",
        "a boolean schema",
    ),
    (
        "allof-siblings",
        SCHEMAS,
        "allOf: [{$ref: '#/State'}]",
        "type: string\n      allOf: [{$ref: '#/State'}]",
        "is dropped",
    ),
    (
        "union-siblings",
        SCHEMAS,
        "oneOf: [{$ref: '#/Cat'}, {$ref: '#/Dog'}]",
        "properties: {}\n      oneOf: [{$ref: '#/Cat'}, {$ref: '#/Dog'}]",
        "beside oneOf",
    ),
    ("required", SCHEMAS, "required: [species, lives]", "required: [species, lives, name]", "'name' is not described"),
    ("python-name", SCHEMAS, "    cls: {", "    toDict: {", "'to_dict' and 'toDict'"),
    ("python-name", SCHEMAS, "    cls: {", "    '$': {", "gives no Python name"),
    ("x-datetime", SCHEMAS, "x-datetime: fraction6", "x-datetime: fraction9", "'fraction9' is not known"),
    ("x-datetime", SCHEMAS, "seen: {type: string,", "seen: {type: integer,", "not text"),
    ("x-secret", SCHEMAS, "x-secret: true", "x-secret: very", "not a boolean"),
    (
        "closed-response",
        SCHEMAS,
        "description: A cat.",
        "description: A cat.\n  additionalProperties: false",
        "forbids",
    ),
    (
        "reserved-name",
        ROOT,
        "components:\n",
        "components:\n  schemas: {Response: {type: object, description: x}}\n",
        "uses the name Response itself",
    ),
    (
        "schema-name",
        ROOT,
        "components:\n",
        "components:\n  schemas: {OWNER: {type: object, description: x}}\n",
        "same Python",
    ),
    ("schema-description", SCHEMAS, "  description: A cat.\n", "", "Cat has no description"),
    (
        "alias",
        ROOT,
        "components:\n",
        "components:\n  schemas: {Alias: {$ref: '#/components/schemas/Cat'}}\n",
        "another name",
    ),
    (
        "recursive",
        ROOT,
        "components:\n",
        "components:\n  schemas: {Loop: {type: array, description: x, items: {$ref: '#/components/schemas/Loop'}}}\n",
        "of itself",
    ),
    (
        "unused",
        ROOT,
        "components:\n",
        "components:\n  schemas: {Lone: {type: string, description: x}}\n",
        "Lone is not used",
    ),
    ("property-description", SCHEMAS, "description: How many are left., ", "", "'lives' has no description"),
    ("property-example", SCHEMAS, ", example: 9}", "}", "'lives' has no example"),
    ("body-schema", ITEMS, "          schema: {type: string}\n", "          example: x\n", "without a schema"),
    (
        "body-example",
        ITEMS,
        "          examples:\n            item: {value: {name: Box}}\n",
        "",
        "a request without an example",
    ),
    (
        "response-kind",
        ITEMS,
        "          text/plain:\n            schema",
        "          application/json: {schema: {type: string}, example: x}\n          text/plain:\n            schema",
        "JSON or a file",
    ),
    ("enum-names", SCHEMAS, "  x-enum-varnames: [A_DASH_B, A_LINE_B, OPEN]\n", "", "the same name in Python: A_B"),
    ("enum-names", SCHEMAS, "[A_DASH_B, A_LINE_B, OPEN]", "[A_DASH_B, A_LINE_B]", "2 names for 3 values"),
    ("enum-names", SCHEMAS, "[A_DASH_B, A_LINE_B, OPEN]", "[A_B, A__B, OPEN]", "the same name"),
    ("enum-names", SCHEMAS, "  x-enum-varnames: [NONE, HIGH, UNKNOWN]\n", "", "say nothing"),
    ("enum-descriptions", SCHEMAS, "[With a dash., With a line., It is open.]", "[With a dash.]", "a_b, open"),
    ("enum-type", SCHEMAS, "enum: [0, 1, -1]", "enum: [0, 1, x]", "not all text or all integers"),
    ("enum-type", SCHEMAS, "enum: [0, 1, -1]", "enum: [0, 1, 1]", "twice"),
    ("nullable-enum", SCHEMAS, "enum: [0, 1, -1]", "enum: [0, 1, null]", "null among the values"),
    ("example", SCHEMAS, "example: 9}", "example: nine}", '"nine" is not of type "integer"'),
    ("example", SCHEMAS, "example: a33384de-3ae5-43f3-a3bb-84832556e62b", "example: i1", 'is not a "uuid"'),
    (
        "example",
        SHARED,
        "{value: {code: not_found, message: null}}",
        "{value: {message: null}}",
        '"code" is a required',
    ),
    ("example", ITEMS, "default: 20", "default: 200", "the default does not fit"),
    (
        "link-target",
        ITEMS,
        "operationId: items_get\n            description",
        "operationId: items_gone\n            description",
        "items_gone",
    ),
    ("link-parameter", ITEMS, "{itemId: $response.body#/id}", "{id: $response.body#/id}", "no parameter 'id'"),
    ("link-expression", ITEMS, "$response.body#/id", "$response.id", "no runtime expression"),
    ("webhook-payload", EVENTS, "const: itemCreated, ", "", "no constant"),
]


def spoil(spec: Path, file: str, old: str, new: str) -> int:
    path = spec / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"the example does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(("rule", "file", "old", "new", "message"), BAD, ids=[f"{c[0]}-{i}" for i, c in enumerate(BAD)])
def test_the_bad_example_is_caught(spec: Path, rule: str, file: str, old: str, new: str, message: str) -> None:
    line = spoil(spec, file, old, new)
    found = [v for v in lint(bundle(spec), with_standard=rule == "openapi") if v.rule == rule]

    told = [v for v in found if message in v.message]
    assert told, f"{rule} said only {[v.message for v in found]}"
    assert any(v.file.endswith(".yaml") and v.remedy for v in told)
    near = [v for v in told if v.file.endswith(f"example/{file}") and abs(v.line - line) <= 30]
    assert near or rule in {"path-parameter", "schema-name", "security", "tag-declared"}, [str(v) for v in told]


def test_the_exact_line_is_told(spec: Path) -> None:
    line = spoil(spec, SCHEMAS, "example: 9}", "example: nine}")
    violations = [v for v in lint(bundle(spec), with_standard=False) if v.rule == "example"]

    assert {(f"{(spec / SCHEMAS).as_posix()}", line)} <= {(v.file, v.line) for v in violations}


def test_every_rule_has_a_bad_example() -> None:
    folder = Path(__file__).parents[2] / "scripts" / "sdkgen" / "lint"
    text = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    rules = set(re.findall(r'(?:report\.add|add_at|\.add)\(\s*"([a-z0-9.-]+)"', text))
    tested = {case[0] for case in BAD}

    assert not {rule for rule in rules if rule not in tested} - {"schema", "header-description", "header-schema"}


def test_the_good_example_is_quiet(spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lint(bundle(spec)) == []
    assert main(["--root", str(tmp_path), "lint"]) == 0
    assert capsys.readouterr().out == "example: 0 violations\n"


def test_violations_are_told_with_place_and_remedy_and_stop_generation(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(spec, SCHEMAS, "x-datetime: fraction6", "x-datetime: fraction9")
    assert main(["--root", str(tmp_path), "lint", "example"]) == 1
    told = capsys.readouterr().out
    assert re.search(
        r"schemas/items\.yaml:\d+: x-datetime: x-datetime 'fraction9' is not known; use one of rfc3339", told
    )
    assert main(["--root", str(tmp_path), "generate"]) == 1
    assert "nothing was generated" in capsys.readouterr().err
    assert not (tmp_path / "generated").exists()


def test_violations_are_sorted_by_place() -> None:
    first, second = Violation("a", 1, "z", "", ""), Violation("a", 2, "b", "", "")
    assert [first, second] == sorted([second, first])
