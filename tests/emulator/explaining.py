"""What SQLite was asked, and how it sets about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


class Asked:
    """Notes the statements that SQLite runs from now on.

    Args:
        monkeypatch: Takes the watching back.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.statements: list[str] = []
        connect: Callable[..., sqlite3.Connection] = sqlite3.connect

        def watched(*arguments: Any, **named: Any) -> sqlite3.Connection:
            connection = connect(*arguments, **named)
            connection.set_trace_callback(self.statements.append)
            return connection

        monkeypatch.setattr(sqlite3, "connect", watched)

    @property
    def listings(self) -> list[str]:
        """Return the statements that list a part of documents."""
        return [one for one in self.statements if one.startswith("SELECT document") and "LIMIT" in one]


def steps(file: Path, statement: str) -> list[str]:
    """Return the steps in which SQLite runs a statement on a file."""
    with sqlite3.connect(file) as connection:
        found = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
    connection.close()
    return found
