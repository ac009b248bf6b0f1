"""The parts of a bundled spec."""

from collections.abc import Iterator
from typing import Any

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
UNIQUE = "x-unique-fields"
"""Extension of operations in the spec of a run: fields of the body whose values no two documents share."""


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield method, path item and definition of each operation.

    Args:
        spec: the bundled spec.
    """
    for item in spec["paths"].values():
        for method in METHODS:
            if method in item:
                yield method, item, item[method]


def parameters(spec: dict[str, Any], item: dict[str, Any], definition: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the parameters of an operation, resolved: its own, and those of its path item that it does not replace.

    Args:
        spec: the bundled spec.
        item: the path item.
        definition: the operation.
    """
    own = [resolved(one, spec) for one in definition.get("parameters", ())]
    names = {(one["in"], one["name"]) for one in own}
    shared = [resolved(one, spec) for one in item.get("parameters", ())]
    return own + [one for one in shared if (one["in"], one["name"]) not in names]


def request_bodies(spec: dict[str, Any], definition: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the media type objects of an operation's request body.

    Args:
        spec: the bundled spec.
        definition: the operation.
    """
    return list(resolved(definition.get("requestBody", {}), spec).get("content", {}).values())


def resolved(node: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    """Follow references until there is something else.

    Args:
        node: a part of the spec, maybe a reference.
        spec: the bundled spec.

    Returns:
        The part that is meant.
    """
    while "$ref" in node:
        target: Any = spec
        for segment in node["$ref"].removeprefix("#/").split("/"):
            target = target[segment]
        node = target
    return node
