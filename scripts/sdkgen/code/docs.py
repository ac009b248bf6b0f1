"""Docstrings and comments from the texts of a spec."""

from __future__ import annotations

import json
import textwrap

from scripts.sdkgen.source import Json

WIDTH = 110


def clean(value: str) -> str:
    """Text on one line, safe inside a docstring."""
    printable = "".join(c if c.isprintable() else " " for c in value)
    return " ".join(printable.split()).replace("\\", "\\\\").replace('"""', "'''")


def docstring(*blocks: str, indent: int = 4) -> str:
    """A docstring of wrapped paragraphs and ready-made sections.

    Args:
        blocks: Paragraphs on one line, or sections whose lines are laid out already; empty ones are left out.
        indent: By how many columns the docstring will be indented.
    """
    width = WIDTH - indent
    written: list[str] = []
    for block in blocks:
        if "\n" in block:
            written.append(block)
        elif block:
            first = 3 if not written else 0
            lines = textwrap.wrap(block, width - first, break_long_words=False, break_on_hyphens=False)
            written.append("\n".join(lines))
    body = "\n\n".join(written) or "Undocumented."
    if "\n" not in body and len(body) + 6 <= width and not body.endswith('"'):
        return f'"""{body}"""'
    return f'"""{body}\n"""'


def section(title: str, entries: list[tuple[str, str]], indent: int = 4) -> str:
    """A section such as Args of a docstring; '' if it has no entries."""
    if not entries:
        return ""
    lines = [f"{title}:"]
    for name, meaning in entries:
        head = f"{name}: " if name else ""
        lines += textwrap.wrap(
            head + meaning,
            WIDTH - indent,
            initial_indent="    ",
            subsequent_indent="        ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    return "\n".join(lines) + ("\n" if len(lines) == 1 else "")


def meaning(schema: dict[str, Json], inherited: str = "") -> str:
    """What a value means, with its default and an example, as one sentence group."""
    said = clean(str(schema.get("description") or inherited))
    if "default" in schema:
        said += f" Default: {_stopped(schema['default'])}"
    if schema.get("example") is not None:
        said += f" Example: {_stopped(schema['example'])}"
    return said.strip()


def is_secret(schema: dict[str, Json]) -> bool:
    """Whether a value must not be shown."""
    return schema.get("x-secret") is True or schema.get("format") == "password"


def stop(sentence: str) -> str:
    """A sentence with its full stop, unless it ends in one or in dots already."""
    return sentence if sentence.endswith(".") else f"{sentence}."


def _stopped(value: Json) -> str:
    return stop(clean(_shown(value)))


def _shown(value: Json) -> str:
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 60 else shown[:57] + "..."
