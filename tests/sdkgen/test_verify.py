"""Nothing may get lost between the spec and the package."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scripts.sdkgen.bundle import bundle
from scripts.sdkgen.errors import SdkgenError
from scripts.sdkgen.verify import import_all, verify

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    target = tmp_path / "example_client"
    shutil.copytree(GOLDEN / "generated" / "example_client", target)
    return target


def test_the_whole_package_passes(package: Path) -> None:
    verify(package, bundle(GOLDEN / "specs" / "example").document)
    import_all(package)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("operations.json", '"id": "items_get"', '"id": "items_read"', "the index 15"),
        (
            "resources/items.py",
            "import items_get as",
            "import items_list as",
            "the facade 15; they differ in: items_get",
        ),
    ],
)
def test_a_lost_operation_is_noticed(package: Path, file: str, old: str, new: str, message: str) -> None:
    path = package / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(SdkgenError, match=message):
        verify(package, bundle(GOLDEN / "specs" / "example").document)


def test_a_lost_module_is_noticed(package: Path) -> None:
    (package / "api" / "items" / "items_get.py").unlink()
    with pytest.raises(SdkgenError, match="the modules 14; they differ in: items_get"):
        verify(package, bundle(GOLDEN / "specs" / "example").document)


def test_a_module_that_does_not_import_is_noticed(package: Path) -> None:
    (package / "models" / "cat.py").write_text("import nothing_of_that_name\n", encoding="utf-8")
    with pytest.raises(SdkgenError, match="nothing_of_that_name"):
        import_all(package)
