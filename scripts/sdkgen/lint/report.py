"""Violations of the rules, with the place and the remedy."""

from __future__ import annotations

from dataclasses import dataclass, field

from scripts.sdkgen.bundle import Bundle
from scripts.sdkgen.source import Pointer


@dataclass(frozen=True, order=True)
class Violation:
    """One broken rule.

    Attributes:
        file: The file, as a path from the current folder.
        line: The line in it.
        rule: The rule's name.
        message: What is wrong.
        remedy: What to do about it.
    """

    file: str
    line: int
    rule: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.message}; {self.remedy}"


@dataclass
class Report:
    """Collects violations of one spec."""

    bundle: Bundle
    violations: set[Violation] = field(default_factory=set)

    def add(self, rule: str, pointer: Pointer, message: str, remedy: str) -> None:
        """Notes a violation at a place of the bundled document."""
        file, line = self.bundle.position(pointer)
        self.add_at(rule, file, line, message, remedy)

    def add_at(self, rule: str, file: str, line: int, message: str, remedy: str) -> None:
        """Notes a violation at a line of a file of the spec."""
        path = (self.bundle.directory / file).as_posix()
        self.violations.add(Violation(path, line, rule, message, remedy))
