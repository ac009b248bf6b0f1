"""What `.ci/run` relies on: nothing is skipped in silence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent
TESTS: Final = """
import pytest

@pytest.mark.skipif(True, reason="by mark")
def test_mark(): ...

def test_call():
    pytest.skip("by call")

@pytest.fixture
def tool():
    pytest.skip("by fixture")

def test_fixture(tool): ...

@pytest.mark.xfail
def test_expected():
    assert False

def test_fine(): ...
"""


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("", "1 passed, 4 skipped, 1 xfailed in"),
        ("1", "1 failed, 1 passed, 1 xfailed, 3 errors in"),  # what is skipped before a test runs is an error
    ],
)
def test_a_skipped_test_fails_where_nothing_may_be_skipped(tmp_path: Path, value: str, told: str) -> None:
    shutil.copy(ROOT / "conftest.py", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_some.py").write_text(TESTS)
    (tmp_path / "test_whole.py").write_text("import pytest\n\npytest.skip('by module', allow_module_level=True)\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-ra", "--continue-on-collection-errors"],
        cwd=tmp_path,
        env=os.environ | {"ASSAYKIT_NO_SKIP": value, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told in done.stdout
    assert [reason in done.stdout for reason in ("by mark", "by call", "by fixture", "by module")] == [True] * 4
    assert done.returncode == bool(value)
