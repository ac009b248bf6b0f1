"""Reading a bundled document: operations, references, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scripts.sdkgen.errors import SdkgenError
from scripts.sdkgen.source import Json, Pointer

Mapping = dict[str, Json]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
IDEMPOTENT_METHODS = frozenset({"get", "head", "put", "delete"})


@dataclass(frozen=True)
class OperationNode:
    """One operation, webhook operations included, and its place in the document."""

    path: str
    method: str
    value: Mapping
    pointer: Pointer
    path_item: Mapping

    @property
    def id(self) -> str:
        """The operationId, or a readable stand-in for messages about its absence."""
        return text(self.value.get("operationId")) or f"{self.method.upper()} {self.path}"

    @property
    def tag(self) -> str:
        """The first tag, or ''."""
        tags = array(self.value.get("tags"))
        return text(tags[0]) if tags else ""

    @property
    def name(self) -> str:
        """The operationId without its tag: the facade's method name."""
        return self.id.removeprefix(f"{self.tag}_")


def mapping(value: Json) -> Mapping:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def array(value: Json) -> list[Json]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: Json) -> str:
    """The value if it is text, else ''."""
    return value if isinstance(value, str) else ""


def operations(document: Mapping, section: str = "paths") -> Iterator[OperationNode]:
    """Yields the operations of `paths` (or `webhooks`) in the order of the document."""
    for path, item in mapping(document.get(section)).items():
        path_item = mapping(item)
        for key, value in path_item.items():
            if key in METHODS:
                yield OperationNode(path, key, mapping(value), (section, path, key), path_item)


def resolve(document: Mapping, value: Json) -> Mapping:
    """Follows references, as far as they lead, to a mapping.

    Raises:
        SdkgenError: A reference leads nowhere or in a circle.
    """
    seen: list[str] = []
    while isinstance(value, dict) and isinstance(reference := value.get("$ref"), str):
        if reference in seen:
            raise SdkgenError(f"{' -> '.join(seen)} is a circle of references; let one of them hold the content")
        seen.append(reference)
        value = at(document, pointer_of(reference))
    return mapping(value)


def pointer_of(reference: str) -> Pointer:
    """The place that an internal reference names."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in reference.split("/")[1:])


def at(document: Mapping, pointer: Pointer) -> Json:
    """The value at a place.

    Raises:
        SdkgenError: There is nothing at that place.
    """
    value: Json = document
    for part in pointer:
        if isinstance(value, dict) and part in value:
            value = value[str(part)]
        elif isinstance(value, list) and str(part).isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            raise SdkgenError(f"#/{'/'.join(map(str, pointer))} does not exist; mend the $ref or add the target")
    return value


def parameters(document: Mapping, operation: OperationNode) -> Iterator[tuple[Mapping, Pointer]]:
    """Yields an operation's parameters, resolved, its own before those of its path that it does not override."""
    seen: set[tuple[Json, Json]] = set()
    places = ((operation.value, operation.pointer), (operation.path_item, operation.pointer[:-1]))
    for holder, pointer in places:
        for index, raw in enumerate(array(holder.get("parameters"))):
            parameter = resolve(document, raw)
            key = (parameter.get("name"), parameter.get("in"))
            if key not in seen:
                seen.add(key)
                yield parameter, place_of(raw, (*pointer, "parameters", index))


def place_of(raw: Json, pointer: Pointer) -> Pointer:
    """Where a value is written: the target of a reference, or the place itself."""
    reference = raw.get("$ref") if isinstance(raw, dict) else None
    return pointer_of(reference) if isinstance(reference, str) else pointer


def security(document: Mapping, operation: OperationNode) -> list[list[str]]:
    """The alternatives of schemes that authorise an operation; an empty list means that it is public."""
    requirements = operation.value.get("security", document.get("security"))
    return [list(mapping(requirement)) for requirement in array(requirements)]


def is_success(status: str) -> bool:
    """Whether a status of a spec (``200``, ``2XX``, ``default``) stands for success."""
    return status.startswith("2")


def snake_case(name: str) -> str:
    """A name as openapi-python-client writes it in Python: words in lower case, joined by underscores."""
    if any(character.isupper() for character in name):
        name = " ".join(re.split("([A-Z]?[a-z]+)", name))
    kept = "".join(c for c in name if c.isidentifier() or c.isdecimal() or c in ". _-")
    return "_".join(re.findall(r"[^. _-]+", kept)).lower()


def pascal_case(name: str) -> str:
    """A name as openapi-python-client writes it as a Python class: capitalised words, joined."""
    if any(character.isupper() for character in name):
        name = " ".join(re.split("([A-Z]?[a-z]+)", name))
    kept = "".join(c for c in name if c.isidentifier() or c.isdecimal() or c in ". _-")
    words = re.findall(r"[^. _-]+", kept)
    return "".join(word if word.isupper() else word.capitalize() for word in words)
