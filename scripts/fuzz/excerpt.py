"""The part of a spec that a run needs."""

from collections.abc import Collection
from typing import Any

from .plan import Link
from .spec import METHODS, resolved


def of_operations(spec: dict[str, Any], ids: Collection[str]) -> dict[str, Any]:
    """Return a spec of the paths of some operations, for the phases that try each operation by itself.

    A process that loads the whole of a large spec spends its time on that.

    Args:
        spec: a bundled spec; it is not changed.
        ids: operationIds of the operations.

    Returns:
        A spec that shares parts with the given one. Paths have all their methods, or the others would be tried as
        methods that the spec does not declare. It has no links, since these may lead to what was left out.
    """
    paths: dict[str, dict[str, Any]] = {}
    for path, item in spec["paths"].items():
        methods = [method for method in METHODS if method in item]
        if any(item[method]["operationId"] in ids for method in methods):
            paths[path] = item | {method: _linked(item[method], spec, (), set()) for method in methods}
    return _part(spec, paths)


def of_links(spec: dict[str, Any], links: Collection[Link]) -> dict[str, Any]:
    """Return a spec of some links and the operations that they connect, for a walk along them.

    Each further link that a walk could follow takes steps from those that are owed. Optional query parameters that
    no link fills are left out: a list that a chance filter has emptied leads nowhere; other phases try all of them.

    Args:
        spec: a bundled spec; it is not changed.
        links: the links to keep.

    Returns:
        A spec that shares parts with the given one.
    """
    owed = {(link.name, link.source, link.target) for link in links}
    ids = {end for link in links for end in (link.source, link.target)}
    filled: set[tuple[str, str]] = set()
    paths: dict[str, dict[str, Any]] = {}
    for path, item in spec["paths"].items():
        own = [method for method in METHODS if method in item and item[method]["operationId"] in ids]
        if own:
            kept = {method: _linked(item[method], spec, owed, filled) for method in own}
            paths[path] = {key: part for key, part in item.items() if key not in METHODS} | kept
    for item in paths.values():
        for method in METHODS:
            if method in item:
                item[method] = _without_filters(item[method], spec, filled)
    return _part(spec, paths)


def _part(spec: dict[str, Any], paths: dict[str, dict[str, Any]]) -> dict[str, Any]:
    part = {key: value for key, value in spec.items() if key not in ("paths", "components", "webhooks", "tags")}
    part["paths"] = paths
    return {**part, "components": _needed(part, spec)}


def _linked(
    definition: dict[str, Any],
    spec: dict[str, Any],
    owed: Collection[tuple[str, str, str]],
    filled: set[tuple[str, str]],
) -> dict[str, Any]:
    """Return an operation with those of its links that are owed, and note what they fill."""
    responses: dict[str, Any] = {}
    for status, response in definition["responses"].items():
        whole = resolved(response, spec)
        links = {
            name: link
            for name, link in whole.get("links", {}).items()
            if (name, definition["operationId"], link["operationId"]) in owed
        }
        for link in links.values():
            filled.update((link["operationId"], name.rpartition(".")[2]) for name in link.get("parameters", {}))
        responses[status] = {**whole, "links": links} if "links" in whole else whole
    return {**definition, "responses": responses}


def _without_filters(
    definition: dict[str, Any], spec: dict[str, Any], filled: Collection[tuple[str, str]]
) -> dict[str, Any]:
    own = definition["operationId"]
    kept = []
    for one in definition.get("parameters", ()):
        whole = resolved(one, spec)
        if whole["in"] != "query" or whole.get("required") or (own, whole["name"]) in filled:
            kept.append(one)
    return {**definition, "parameters": kept}


def _needed(part: dict[str, Any], spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the components that a part refers to, and those that these refer to."""
    found = {"securitySchemes": spec["components"].get("securitySchemes", {})}
    pending: list[Any] = [part]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending += node
        elif isinstance(node, dict):
            pending += node.values()
            reference = node.get("$ref")
            if isinstance(reference, str):
                _, _, section, name = reference.split("/")
                if name not in found.setdefault(section, {}):
                    found[section][name] = spec["components"][section][name]
                    pending.append(found[section][name])
    return found
