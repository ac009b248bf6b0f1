"""Which values of the start world each operation can name: in its path, in its query and in its body."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator

from .finder import Finder
from .spec import operations, parameters, request_bodies, resolved
from .start_world import StartWorld

FACTS = Path(__file__).with_name("known_values.toml")
"""What neither a spec nor the declarations of an emulator say; the file's comments explain its tables."""
_BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
_DEEPEST = 8


@dataclass(frozen=True)
class Known:
    """Values that exist.

    Attributes:
        parameters: values of path and query parameters, by operationId and `path.<name>` or `query.<name>`.
        queries: values of the items of array query parameters, by name.
        bodies: values of body fields, by operationId and the way to the field, such as `panel[*].id`.
        unique: body fields whose values no two documents share, by operationId.
        shared: operationIds of what shows everybody the same, whoever owns it.
        deletion: name of the field that marks what is deleted, if bodies have one.
    """

    parameters: Mapping[str, Mapping[str, list[Any]]] = field(default_factory=dict)
    queries: Mapping[str, list[Any]] = field(default_factory=dict)
    bodies: Mapping[str, Mapping[str, list[Any]]] = field(default_factory=dict)
    unique: Mapping[str, list[str]] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    deletion: str | None = None


def facts_of(vendor: str) -> dict[str, Any]:
    """Return a vendor's part of the table of facts, empty if there is none.

    Args:
        vendor: the vendor's name.
    """
    table: dict[str, Any] = tomllib.loads(FACTS.read_text("utf-8"))
    found: dict[str, Any] = table.get(vendor, {})
    return found


def known(emulator: Emulator, vendor: str, spec: dict[str, Any], facts: dict[str, Any]) -> Known:
    """Find the values that exist in a vendor's start world.

    Args:
        emulator: an emulator of the vendor.
        vendor: the vendor's name.
        spec: its bundled spec.
        facts: its part of the table of facts.

    Returns:
        The values; without an account in the facts, just those of queries.

    Raises:
        KeyError: the facts name a kind that the vendor does not have.
        ValueError: a fact is about no operation, no parameter and no field.
    """
    queries = facts.get("query", {})
    if "account" not in facts:
        return Known(queries=queries)
    state = emulator.make_world(f"known-{vendor}", ManualClock(_BEGIN)).states[vendor]
    world = StartWorld(state, facts["account"]["owner"], facts["account"].get("kept", {}))
    finder = Finder(world, facts.get("kinds", {}), facts.get("values", {}))
    named: dict[str, dict[str, list[Any]]] = {}
    bodies: dict[str, dict[str, list[Any]]] = {}
    unique: dict[str, list[str]] = {}
    shared: set[str] = set()
    facts_shared = facts.get("shared", {})
    for method, item, definition in operations(spec):
        own, tag = definition["operationId"], definition["tags"][0]
        taken = [(one["in"], one["name"]) for one in parameters(spec, item, definition)]
        named[own] = finder.of_parameters(tag, own, taken, deletes=method == "delete")
        ways = {way for media in request_bodies(spec, definition) for way in _ways(media["schema"], spec, "", 0)}
        bodies[own] = finder.of_body(tag, own, sorted(ways))
        if own in facts_shared or finder.is_shared(tag, own):
            shared.add(own)
        unique[own] = [name for name in finder.unique(tag, own) if name in ways]
    unused = [*finder.unused, *sorted(set(facts_shared) - named.keys())]
    if unused:
        keys = ", ".join(unused)
        raise ValueError(f"{FACTS.name}: {keys} is asked for by nothing in the spec of {vendor}; correct or remove it")
    return Known(named, queries, bodies, unique, frozenset(shared), world.resources.conventions.deleted)


def _ways(schema: Any, spec: dict[str, Any], way: str, depth: int) -> Iterator[str]:
    """Yield the way to each field of a body."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return
    whole = resolved(schema, spec)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in whole.get(keyword, ()):
            yield from _ways(part, spec, way, depth + 1)
    for name, part in whole.get("properties", {}).items():
        field_way = f"{way}.{name}" if way else name
        yield field_way
        yield from _ways(part, spec, field_way, depth + 1)
    if "items" in whole:
        yield f"{way}[*]"
        yield from _ways(whole["items"], spec, f"{way}[*]", depth + 1)
