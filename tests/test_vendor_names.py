"""What all vendors share knows none of them by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VENDORS = ("podium", "talentics", "testdome", "talview")
SHARED = ("overlays/assaykit/core", "overlays/assaykit/emulator/engine", "scripts/sdkgen", "scripts/fuzz")


def sources(folder: str) -> Iterator[Path]:
    for path in (ROOT / folder).rglob("*"):
        if path.suffix in (".py", ".jinja"):
            yield path


def test_every_vendor_is_looked_for() -> None:
    assert {path.name for path in (ROOT / "specs").iterdir() if path.is_dir()} <= set(VENDORS)


@pytest.mark.parametrize("folder", SHARED)
def test_shared_code_names_no_vendor(folder: str) -> None:
    found = [path for path in sources(folder) if any(name in path.read_text("utf-8").lower() for name in VENDORS)]
    assert found == []
    assert len(list(sources(folder))) > 5
