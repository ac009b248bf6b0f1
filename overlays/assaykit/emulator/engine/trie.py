"""Routing by path segments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Node(Generic[T]):
    literals: dict[str, _Node[T]] = field(default_factory=dict)
    variable: _Node[T] | None = None
    entry: tuple[T, tuple[str, ...]] | None = None


class Trie(Generic[T]):
    """Path templates such as `/clients/{clientId}/reports`, found in time that does not grow with their number.

    A literal segment wins over a variable one; if the literal branch leads nowhere the variable one is tried.
    """

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, template: str, value: T) -> None:
        """Add a template.

        Args:
            template: Path with whole segments in braces for variables; names may differ between templates.
            value: What `find` returns for it.

        Raises:
            ValueError: Two templates match the same paths, or a segment mixes text and a variable.
        """
        node = self._root
        names: list[str] = []
        for segment in template.removeprefix("/").split("/"):
            if segment.startswith("{") and segment.endswith("}"):
                names.append(segment[1:-1])
                node.variable = node.variable or _Node()
                node = node.variable
            elif "{" in segment:
                raise ValueError(f"{template}: a variable must fill its whole segment")
            else:
                node = node.literals.setdefault(segment, _Node())
        if node.entry is not None:
            raise ValueError(f"{template} matches the same paths as another template")
        node.entry = (value, tuple(names))

    def find(self, segments: list[str | None]) -> tuple[T, dict[str, int]] | None:
        """Find the template for a path.

        Args:
            segments: Decoded segments; None for one that cannot be decoded, which fits only a variable.

        Returns:
            The value and, for each variable, the position of its segment; None if no template fits.
        """
        positions: list[int] = []
        found = _walk(self._root, segments, 0, positions)
        if found is None:
            return None
        value, names = found
        return value, dict(zip(names, positions, strict=True))


def _walk(
    node: _Node[T], segments: list[str | None], index: int, positions: list[int]
) -> tuple[T, tuple[str, ...]] | None:
    while index < len(segments):
        segment = segments[index]
        literal = None if segment is None else node.literals.get(segment)
        variable = node.variable if segment != "" else None
        if literal is not None and variable is not None:
            kept = len(positions)
            found = _walk(literal, segments, index + 1, positions)
            if found is not None:
                return found
            del positions[kept:]
            literal = None
        if literal is not None:
            node = literal
        elif variable is not None:
            positions.append(index)
            node = variable
        else:
            return None
        index += 1
    return node.entry
