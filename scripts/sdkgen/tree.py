"""Folders of generated files: written whole, compared whole, and skipped when nothing they depend on has changed."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

_TOOLS = ("openapi-python-client", "datamodel-code-generator", "ruff", "PyYAML")
# Lines of a difference that are told; the remedy is to generate, not to read on.
_SHOWN = 20
_OWN = Path(__file__).parent


@dataclass(frozen=True)
class Difference:
    """How a folder differs from what would be generated.

    Attributes:
        path: The file, relative to the folder.
        kind: `missing`, `stale` or `changed`.
        lines: For a changed file, the start of a unified diff from the present content to the fresh one.
    """

    path: str
    kind: str
    lines: tuple[str, ...] = ()


def files(root: Path) -> Iterator[Path]:
    """The generated files below a folder, sorted; caches of Python do not count."""
    if root.is_dir():
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def compare(fresh: Path, present: Path) -> list[Difference]:
    """What must change in a folder to make it equal to a fresh one, by path."""
    new = {str(path.relative_to(fresh)): path for path in files(fresh)}
    old = {str(path.relative_to(present)): path for path in files(present)}
    found = []
    for name in sorted(new.keys() | old.keys()):
        if name not in old:
            found.append(Difference(name, "missing"))
        elif name not in new:
            found.append(Difference(name, "stale"))
        elif new[name].read_bytes() != old[name].read_bytes():
            found.append(Difference(name, "changed", _diff(old[name], new[name])))
    return found


def _diff(old: Path, new: Path) -> tuple[str, ...]:
    before, after = (path.read_text(encoding="utf-8", errors="replace").splitlines() for path in (old, new))
    lines = list(difflib.unified_diff(before, after, "present", "fresh", lineterm="", n=1))
    return (*lines[:_SHOWN], f"… {len(lines) - _SHOWN} more lines") if len(lines) > _SHOWN else tuple(lines)


def sync(fresh: Path, target: Path) -> list[Difference]:
    """Makes a folder equal to a fresh one, touching only the files that differ.

    Args:
        fresh: The generated folder.
        target: The folder to bring up to date; files that are no longer generated are removed.

    Returns:
        What was done, by path.
    """
    differences = compare(fresh, target)
    for difference in differences:
        path = target / difference.path
        if difference.kind == "stale":
            path.unlink()
            _remove_empty(path.parent, target)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes((fresh / difference.path).read_bytes())
    return differences


def _remove_empty(folder: Path, root: Path) -> None:
    """Removes folders that hold nothing, or nothing but compiled files."""
    while folder != root and not any(files(folder)) and folder.is_dir():
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        folder.rmdir()
        folder = folder.parent


def _hash(paths: Iterable[Path], root: Path) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(root).as_posix()}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def inputs_fingerprint(spec: Path) -> str:
    """A digest of everything that decides the output: the spec, the generator with its templates, and the tools."""
    own = (path for path in files(_OWN) if path.suffix in {".py", ".jinja"})
    tools = ",".join(f"{name}={version(name)}" for name in _TOOLS)
    return f"{_hash(files(spec), spec)}:{_hash(own, _OWN)}:{tools}"


class Stamps:
    """Remembers, outside of version control, from which inputs each package was last generated.

    Args:
        folder: Where the memory is kept; it is made on first use.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def is_current(self, vendor: str, spec: Path, target: Path) -> bool:
        """Whether a package was generated from the present inputs and has not been touched since."""
        path = self._folder / f"{vendor}.json"
        if not path.is_file():
            return False
        return path.read_text(encoding="utf-8") == self._content(spec, target)

    def remember(self, vendor: str, spec: Path, target: Path) -> None:
        """Notes that a package is current."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / ".gitignore").write_text("*\n", encoding="utf-8")
        (self._folder / f"{vendor}.json").write_text(self._content(spec, target), encoding="utf-8")

    @staticmethod
    def _content(spec: Path, target: Path) -> str:
        return json.dumps({"inputs": inputs_fingerprint(spec), "output": _hash(files(target), target)}, indent=2)
