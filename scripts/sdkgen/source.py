"""Reads YAML by the rules of YAML 1.2 and remembers the line of every value."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from scripts.sdkgen.errors import SdkgenError

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | float | bool | None
Pointer: TypeAlias = tuple[str | int, ...]

# libyaml parses twenty times as fast as Python does; where PyYAML was built without it, the same in Python.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NULL = re.compile(r"(?:null|Null|NULL|~|)")
_TRUE = re.compile(r"(?:true|True|TRUE)")
_FALSE = re.compile(r"(?:false|False|FALSE)")
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")

# What a YAML 1.1 reader (PyYAML, hence many tools that users point at our specs) takes for something else.
_TRAPS = (
    (re.compile(r"(?:y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF)"), "a boolean"),
    (re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"), "a number in base 60"),
    (re.compile(r"[-+]?0[0-7]+"), "an octal number"),
    (re.compile(r"[-+]?[0-9]+_[0-9_]*(?:\.[0-9_]*)?"), "a number"),
    (re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ]+[0-9:.]+ *(?:Z|[-+][0-9:]+)?)?"), "a date"),
    (re.compile(r"0b[01_]+"), "a binary number"),
)


@dataclass(frozen=True)
class Trap:
    """A plain scalar that YAML 1.1 and YAML 1.2 read differently."""

    line: int
    text: str
    taken_for: str


@dataclass
class Source:
    """One YAML file: its value, the line of every value in it, and the scalars that other readers misread."""

    path: Path
    value: Json
    lines: dict[Pointer, int] = field(default_factory=dict)
    traps: list[Trap] = field(default_factory=list)

    def line(self, pointer: Pointer) -> int:
        """The line of a value, or of the nearest value around it."""
        while pointer and pointer not in self.lines:
            pointer = pointer[:-1]
        return self.lines.get(pointer, 1)


def read(path: Path) -> Source:
    """Reads one YAML 1.2 file.

    Args:
        path: The file; its content must be UTF-8.

    Returns:
        The value made of JSON types only: dates stay text.

    Raises:
        SdkgenError: The file is not YAML, repeats a key, or uses what JSON cannot say.
    """
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise SdkgenError(f"{path}:{line}: not YAML: {error.problem}; mend the indentation or quotes there") from error
    except OSError as error:
        raise SdkgenError(f"{path}: cannot be read: {error.strerror}; mend the $ref that names it") from error
    source = Source(path, None)
    if root is not None:
        source.value = _build(root, (), source)
    return source


def _build(node: Node, pointer: Pointer, source: Source) -> Json:
    line = node.start_mark.line + 1
    source.lines.setdefault(pointer, line)
    if isinstance(node, ScalarNode):
        return _scalar(node, source)
    if isinstance(node, SequenceNode):
        return [_build(item, (*pointer, index), source) for index, item in enumerate(node.value)]
    if not isinstance(node, MappingNode):
        raise SdkgenError(f"{source.path}:{line}: unknown kind of YAML node; use mappings, lists and scalars")
    result: dict[str, Json] = {}
    for key_node, value_node in node.value:
        key_line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            raise SdkgenError(f"{source.path}:{key_line}: a key is not a scalar; JSON keys are text")
        key = key_node.value
        if key == "<<" and not key_node.style:
            raise SdkgenError(f"{source.path}:{key_line}: merge keys are YAML 1.1; write the values out or use $ref")
        if key in result:
            raise SdkgenError(f"{source.path}:{key_line}: the key {key!r} is repeated; remove or rename one of them")
        source.lines[*pointer, key] = key_line
        result[key] = _build(value_node, (*pointer, key), source)
    return result


def _scalar(node: ScalarNode, source: Source) -> Json:
    text: str = node.value
    line = node.start_mark.line + 1
    if node.style:  # quoted, or a block
        return text
    for pattern, meaning in _TRAPS:
        if pattern.fullmatch(text):
            source.traps.append(Trap(line, text, meaning))
            break
    return _plain(text, f"{source.path}:{line}")


def _plain(text: str, place: str) -> Json:
    """Resolves a plain scalar by the core schema of YAML 1.2."""
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text):
        return True
    if _FALSE.fullmatch(text):
        return False
    if _INT.fullmatch(text):
        return int(text)
    if _OCTAL.fullmatch(text):
        return int(text, 8)
    if _HEX.fullmatch(text):
        return int(text, 16)
    if _FLOAT.fullmatch(text):
        return float(text)
    if text.lower().lstrip("+-") in {".inf", ".nan"}:
        raise SdkgenError(f"{place}: {text} has no JSON form; quote it or leave it out")
    return text


# Under these keys stand names that the author chose; a property or a response may well be called `default`.
_NAMED_SCHEMAS = frozenset({"properties", "patternProperties", "$defs"})
_NAMED_PARTS = frozenset({"responses", "headers", "examples", "links", "content", "callbacks", "variables"})
# Values of these keys are data, not description: a "$ref" in them is nobody's reference.
_DATA_KEYS = frozenset({"example", "default", "const", "enum", "value"})


def is_schema_name(pointer: Pointer) -> bool:
    """Whether the last key is the name of a property or of a component."""
    if len(pointer) == 3 and pointer[0] == "components":
        return True
    return len(pointer) >= 2 and pointer[-2] in _NAMED_SCHEMAS and not is_schema_name(pointer[:-1])


def is_data(pointer: Pointer) -> bool:
    """Whether what stands at a place of a document is data, such as an example, in which references mean nothing."""
    if not pointer or pointer[-1] not in _DATA_KEYS or is_schema_name(pointer):
        return False
    is_part = len(pointer) >= 2 and pointer[-2] in _NAMED_PARTS and not is_schema_name(pointer[:-1])
    return not is_part
