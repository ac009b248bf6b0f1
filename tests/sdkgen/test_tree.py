"""Generated folders are brought up to date without touching what is current."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.sdkgen.__main__ import main
from scripts.sdkgen.generate import Layout, generate
from scripts.sdkgen.tree import compare, files, sync


def write(root: Path, **contents: str) -> Path:
    for name, content in contents.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return root


def test_sync_touches_only_what_differs(tmp_path: Path) -> None:
    fresh = write(tmp_path / "fresh", same="1", changed="2", folder__new="3")
    target = write(tmp_path / "target", same="1", changed="old", gone__stale="4")
    (target / "gone" / "__pycache__").mkdir()
    before = (target / "same").stat().st_mtime_ns

    done = {difference.path: difference.kind for difference in sync(fresh, target)}

    assert done == {"changed": "changed", "folder/new": "missing", "gone/stale": "stale"}
    assert compare(fresh, target) == []
    assert before == (target / "same").stat().st_mtime_ns
    assert not (target / "gone").exists()


def test_what_is_current_is_not_generated_again(spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = Layout(tmp_path)
    generate(layout, "example")
    stamps = {path: path.stat().st_mtime_ns for path in files(layout.package("example"))}
    monkeypatch.setattr("scripts.sdkgen.generate.build", lambda *_, **__: pytest.fail("generated again"))

    assert generate(layout, "example") == []
    assert stamps == {path: path.stat().st_mtime_ns for path in files(layout.package("example"))}


def test_an_edited_package_is_restored_and_check_tells_how(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layout = Layout(tmp_path)
    generate(layout, "example")
    package = layout.package("example")
    edited = package / "models" / "cat.py"
    original = edited.read_text(encoding="utf-8")
    edited.write_text(original.replace("A cat.", "A tiger."), encoding="utf-8")
    (package / "models" / "left_over.py").write_text("", encoding="utf-8")

    assert main(["--root", str(tmp_path), "generate", "--check"]) == 1
    told = capsys.readouterr().out
    assert "changed  generated/example_client/models/cat.py" in told
    assert '+    """A cat.' in told
    assert "stale    generated/example_client/models/left_over.py" in told
    assert "make generate" in told
    assert "A tiger." in edited.read_text(encoding="utf-8")

    assert main(["--root", str(tmp_path), "generate", "example"]) == 0
    assert original == edited.read_text(encoding="utf-8")
    assert not (package / "models" / "left_over.py").exists()


def test_an_unknown_vendor_is_named(tmp_path: Path, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(tmp_path), "generate", "nobody"]) == 1
    assert "no spec for nobody; there are specs for example" in capsys.readouterr().err
