"""Generated files are committed together with the spec, or the check fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.sdkgen.__main__ import main
from scripts.sdkgen.worktree import uncommitted

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
FOLDER = "generated/example_client"
# Where the digest of the spec stands, and where the description of a Cat's lives does.
CHANGED = ["__init__.py", "models/cat.py", "openapi.json", "operations.json", "webhooks.py"]


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.test")


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True).stdout


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "A change")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def stamps(root: Path) -> dict[str, tuple[int, bytes]]:
    paths = (path for path in (root / "generated").rglob("*") if path.is_file())
    return {str(path.relative_to(root)): (path.stat().st_mtime_ns, path.read_bytes()) for path in paths}


@needs_git
def test_one_property_from_edit_to_commit(spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        return main(["--root", str(tmp_path), "generate", *arguments]), capsys.readouterr().out

    git(tmp_path, "init", "--quiet")
    assert run()[0] == 0
    assert run("--check")[0] == 1, "nothing is committed yet"
    commit(tmp_path)
    assert run("--check") == (0, "example: current\n")

    edit(spec / "schemas" / "items.yaml", "How many are left.", "How many lives are left.")
    before = stamps(tmp_path)
    code, told = run("--check")
    assert code == 1
    assert "run `make generate` and commit the result" in told
    assert stamps(tmp_path) == before

    assert run()[0] == 0
    after = stamps(tmp_path)
    assert sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)) == [
        f"{FOLDER}/{name}" for name in CHANGED
    ]
    status = git(tmp_path, "status", "--porcelain").splitlines()
    assert status == [*(f" M {FOLDER}/{name}" for name in CHANGED), " M specs/example/schemas/items.yaml"]

    code, told = run("--check")
    assert code == 1
    assert told.splitlines() == [
        "example: current",
        f"example: not committed: {', '.join(f'{FOLDER}/{name}' for name in CHANGED)}; "
        "commit them together with the spec",
    ]
    git(tmp_path, "add", "--all")
    assert run("--check") == (1, told), "staged is not committed"
    git(tmp_path, "commit", "--quiet", "--message", "Lives")
    assert run("--check") == (0, "example: current\n")


@needs_git
def test_a_repository_inside_a_larger_one(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    root = tmp_path / "a part"
    package = root / FOLDER
    package.mkdir(parents=True)
    for name in ("kept.py", "gone.py", "moved.py", "edited é.py"):
        (package / name).write_text(f"{name}\n" * 9, encoding="utf-8")
    commit(tmp_path)
    assert uncommitted(root, package) == []

    (package / "gone.py").unlink()
    (package / "moved.py").rename(package / "new.py")
    (package / "edited é.py").write_text("", encoding="utf-8")
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "kept.pyc").write_bytes(b"")
    (root / "elsewhere.py").write_text("", encoding="utf-8")
    git(tmp_path, "add", f"{package}/new.py", f"{package}/moved.py")

    names = ["edited é.py", "gone.py", "moved.py", "new.py"]
    assert uncommitted(root, package) == [f"{FOLDER}/{name}" for name in names]


@needs_git
def test_files_that_git_ignores_do_not_count(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text("*.log\n", encoding="utf-8")
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "made.log").write_text("", encoding="utf-8")

    assert uncommitted(tmp_path, tmp_path / FOLDER) == []


def test_without_a_work_tree_or_git_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "new.py").write_text("", encoding="utf-8")
    assert uncommitted(tmp_path, tmp_path / FOLDER) == []

    if shutil.which("git"):
        git(tmp_path, "init", "--quiet")
        assert uncommitted(tmp_path, tmp_path / FOLDER) == [f"{FOLDER}/new.py"]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert uncommitted(tmp_path, tmp_path / FOLDER) == []
