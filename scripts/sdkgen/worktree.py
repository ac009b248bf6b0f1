"""Asks git whether generated files are committed."""

from __future__ import annotations

import subprocess
from pathlib import Path


def uncommitted(root: Path, folder: Path) -> list[str]:
    """The files of a folder that git would call modified, added or deleted.

    Args:
        root: The repository.
        folder: The folder in it.

    Returns:
        The files, relative to the repository, sorted; none if it is no git work tree, or if there is no git.
    """
    prefix = _git(root, "rev-parse", "--show-prefix")
    if prefix is None:
        return []
    # Names come relative to the top of the work tree, of which the repository may be a part.
    told = _git(root, "status", "--porcelain", "--untracked-files=all", "--no-renames", "-z", "--", str(folder)) or ""
    names = (line[3:].removeprefix(prefix.removesuffix("\n")) for line in told.split("\0") if line)
    return sorted(name for name in names if "__pycache__" not in name.split("/"))


def _git(root: Path, *arguments: str) -> str | None:
    """What git answers; None if it cannot."""
    # Without optional locks: a check must not disturb another git command.
    command = ["git", "--no-optional-locks", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
