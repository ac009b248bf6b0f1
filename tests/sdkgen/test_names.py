"""Names of the spec that mean something else in Python: builtins, pytest's classes, leading underscores."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.sdkgen.bundle import bundle
from scripts.sdkgen.code.docs import meaning
from scripts.sdkgen.generate import build
from scripts.sdkgen.lint import lint
from tests.sdkgen.golden.generated import example_client
from tests.sdkgen.golden.generated.example_client import models, webhooks
from tests.sdkgen.golden.generated.example_client.models import TestPhase, TestRun
from tests.sdkgen.golden.generated.example_client.resources.tests import AsyncTests, Tests

PACKAGE = Path(example_client.__path__[0])
RUN: dict[str, Any] = {
    "type": "run",
    "name": "Spot",
    "_links": {"self": "/tests/1"},
    "_note": "a",
    "note": "b",
    "_list": "c",
    "_to_dict": "d",
}


def signature_names(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    arguments = function.args
    parts: list[ast.expr | None] = [function.returns, *arguments.defaults, *arguments.kw_defaults]
    parts += [argument.annotation for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    for part in parts:
        yield from (node.id for node in ast.walk(part) if isinstance(node, ast.Name)) if part is not None else ()


@pytest.mark.parametrize("class_name", ["Items", "AsyncItems", "Sessions", "AsyncSessions", "Tests", "AsyncTests"])
def test_no_signature_uses_a_name_that_a_method_hides(class_name: str) -> None:
    path = PACKAGE / "resources" / f"{class_name.removeprefix('Async').lower()}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    [resource] = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == class_name]
    methods = [node for node in resource.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    used = {name for method in methods for name in signature_names(method)}

    assert {"list"} <= {method.name for method in methods}
    assert used & {method.name for method in methods} == set()
    assert "builtins" in used


def test_hidden_modules_still_give_defaults() -> None:
    assert inspect.signature(Tests.models).parameters["phase"].default is models.TestsModelsPhase.LATE
    assert AsyncTests.models.__annotations__["models"] == "builtins.list[Literal['str']] | Unset"
    assert Tests.datetime.__annotations__["since"] == "_datetime.datetime | UnparsedDateTime | Unset"


def test_pytest_collects_and_warns_of_nothing(tmp_path: Path) -> None:
    names = [name for name in models.__all__ if name.startswith("Test")]
    (tmp_path / "test_user.py").write_text(
        f"from example_client.models import {', '.join(names)}\n"
        "from example_client.resources.tests import AsyncTests, Tests\n"
        "from example_client.webhooks import TestFinished, TestRun as TestRunPayload\n"
        "def test_nothing(): assert Tests.__name__.startswith('Test')\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "-p", "no:assaykit"]
    command += ["-o", f"pythonpath={PACKAGE.parent}", "--rootdir", str(tmp_path), "test_user.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert len(names) == 4
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
    assert "warning" not in done.stdout


def test_the_mark_for_pytest_is_no_member_field_or_value() -> None:
    assert [member.name for member in TestPhase] == ["EARLY", "LATE"]
    assert "__test__" not in TestRun("Spot").to_dict()
    assert "__test__" not in webhooks.TestRun.model_fields
    assert not any(kind.__test__ for kind in (TestPhase, TestRun, webhooks.TestRun, webhooks.TestFinished, Tests))


def test_leading_underscores_are_stripped_where_nothing_else_has_the_name() -> None:
    run = TestRun.from_dict(RUN)

    assert isinstance(run.links, models.TestRunLinks)
    assert run.links["self"] == "/tests/1"
    assert (run.field_note, run.note) == ("a", "b")
    assert (run.list_, run.field_to_dict) == ("c", "d")
    assert run.additional_keys == []
    assert run.to_dict() == RUN


def test_webhook_models_have_the_same_names() -> None:
    run = webhooks.TestRun.model_validate(RUN)

    assert run.links == {"self": "/tests/1"}
    assert (run.field_note, run.note) == ("a", "b")
    assert run.model_dump(by_alias=True, exclude_unset=True) == RUN


def test_a_parameter_loses_its_underscore_too() -> None:
    from tests.sdkgen.golden.generated.example_client.api.tests import tests_list

    assert tests_list._get_kwargs(page=2)["params"] == {"_page": 2}


def test_an_heir_may_have_to_name_a_property_differently(spec: Path, tmp_path: Path) -> None:
    """DetailedItem has links beside the _links that it inherits; Item has _links alone."""
    schemas = spec / "schemas" / "items.yaml"
    text = schemas.read_text(encoding="utf-8")
    described = "type: string, description: Where to go on., example: x"
    text = text.replace("    cls: {", f"    _links: {{{described}}}\n    cls: {{", 1)
    text = text.replace("        detail: {", f"        links: {{{described}}}\n        detail: {{", 1)
    schemas.write_text(text, encoding="utf-8")
    build("example", spec, tmp_path / "example_client")

    def declared(model: str) -> list[str]:
        lines = (tmp_path / "example_client" / "models" / f"{model}.py").read_text(encoding="utf-8").splitlines()
        return [line.strip() for line in lines if "links: " in line and "Unset" in line]

    assert declared("item") == ["links: str | Unset = UNSET"]
    assert sorted(declared("detailed_item")) == ["field_links: str | Unset = UNSET", "links: str | Unset = UNSET"]


def test_names_that_clash_all_the_same_are_refused(spec: Path) -> None:
    schemas = spec / "schemas" / "tests.yaml"
    text = schemas.read_text(encoding="utf-8")
    schemas.write_text(
        text.replace("    note: {", "    field_note: {type: string, example: x, description: x}\n    note: {")
    )

    assert [v.message for v in lint(bundle(spec), with_standard=False) if v.rule == "python-name"] == [
        "the properties '_note' and 'field_note' get the same Python name"
    ]


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"description": "A.", "example": "It ends."}, "A. Example: It ends."),
        ({"description": "A.", "default": "x", "example": "y"}, "A. Default: x. Example: y."),
        ({"description": "A.", "default": "Sent.", "example": "y" * 80}, f"A. Default: Sent. Example: {'y' * 57}..."),
    ],
)
def test_examples_end_in_one_full_stop(schema: dict[str, Any], said: str) -> None:
    assert said == meaning(schema)


def test_no_docstring_has_two_full_stops() -> None:
    assert "Example: It has a full stop.\n" in str(TestRun.__doc__)
    for path in PACKAGE.rglob("*.py"):
        assert ".." not in (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "")
