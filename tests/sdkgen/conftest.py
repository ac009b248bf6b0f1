"""The example spec, for tests that change it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"
collect_ignore = ["golden"]  # generated modules such as models/test_run.py are not tests


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A copy of the example spec inside a repository of its own: <tmp>/specs/example."""
    target = tmp_path / "specs" / "example"
    shutil.copytree(GOLDEN / "specs" / "example", target)
    return target
