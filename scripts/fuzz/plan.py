"""Which schemathesis runs a vendor needs, and which operations and links they owe."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .spec import METHODS, resolved

ROOT = Path(__file__).resolve().parents[2]
LARGE = 100
"""Operations from which on a contract is large: few cases for each."""
CASES = 40
"""Cases per operation and phase of a contract that is not large."""
FEW_CASES = 6
"""The same of one that is."""
DELETING_CASES = 10
"""Scenarios at least of a walk that deletes: what is gone has to be asked for again, which fewer seldom do."""
SHARD = 50
"""Operations that a run tries, about: each brings settings, and schemathesis goes through all of them for each case."""
LINKS = 12
"""Links from which on a tag is walked in several runs."""


@dataclass(frozen=True)
class Operation:
    """An operation as schemathesis labels it, `METHOD /path`."""

    id: str
    label: str
    tag: str

    @property
    def deletes(self) -> bool:
        """Whether it is a deletion."""
        return self.label.startswith("DELETE ")


@dataclass(frozen=True)
class Link:
    """A documented link.

    Attributes:
        name: its name in the spec.
        source: operationId of the operation that is answered.
        target: operationId of the operation that it leads to.
        transitions: the names that schemathesis gives it, one for each status that carries it: a server answers one of
            several documented statuses, so that the link is followed from any of them.
    """

    name: str
    source: str
    target: str
    transitions: tuple[str, ...]


@dataclass(frozen=True)
class Contract:
    """The operations and links of one vendor's spec."""

    vendor: str
    bundle: Path
    operations: tuple[Operation, ...]
    links: tuple[Link, ...]

    @property
    def large(self) -> bool:
        """Whether its runs have to be short to be done in minutes."""
        return len(self.operations) >= LARGE

    @property
    def cases(self) -> int:
        """Cases per operation and phase that fit."""
        return FEW_CASES if self.large else CASES

    def narrowed(self, ids: Sequence[str]) -> "Contract":
        """Keep only some operations, and the links between them.

        Args:
            ids: operationIds to keep.

        Returns:
            The narrowed contract.

        Raises:
            ValueError: An id is not in the spec; the message lists those that are.
        """
        known = {operation.id for operation in self.operations}
        unknown = sorted(set(ids) - known)
        if unknown:
            raise ValueError(f"{self.vendor} has no operation {', '.join(unknown)}; it has {', '.join(sorted(known))}")
        return Contract(
            self.vendor,
            self.bundle,
            tuple(o for o in self.operations if o.id in ids),
            tuple(link for link in self.links if link.source in ids and link.target in ids),
        )


@dataclass(frozen=True)
class Run:
    """One schemathesis process.

    Attributes:
        name: names the world and the report files of the run.
        phases: the phases of schemathesis to run.
        operations: operationIds to include.
        cases: cases per operation and phase, unless a number is given.
        links: links the run owes; it is repeated with another seed while some are missing.
    """

    name: str
    phases: tuple[str, ...]
    operations: tuple[str, ...]
    cases: int
    links: tuple[Link, ...] = ()


def vendors() -> list[str]:
    """Return the vendors that have a generated client, and with it a bundled spec."""
    return sorted(path.parent.name.removesuffix("_client") for path in ROOT.glob("generated/*_client/openapi.json"))


def load(vendor: str) -> Contract:
    """Read a vendor's operations and links from its bundled spec.

    Args:
        vendor: the vendor's name, as its folder under specs has it.

    Returns:
        The contract.

    Raises:
        FileNotFoundError: The vendor has no bundle yet; `make generate` writes it.
    """
    bundle = ROOT / "generated" / f"{vendor}_client" / "openapi.json"
    spec: dict[str, Any] = json.loads(bundle.read_text("utf-8"))
    definitions = [
        (f"{method.upper()} {path}", item[method])
        for path, item in spec["paths"].items()
        for method in METHODS
        if method in item
    ]
    labels = {definition["operationId"]: label for label, definition in definitions}
    operations = tuple(
        Operation(definition["operationId"], label, definition["tags"][0]) for label, definition in definitions
    )
    transitions: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for label, definition in definitions:
        for status, response in definition["responses"].items():
            for name, link in resolved(response, spec).get("links", {}).items():
                target = link["operationId"]
                transitions[name, definition["operationId"], target].append(
                    f"{label} -> [{status}] {name} -> {labels[target]}"
                )
    links = tuple(Link(*ends, tuple(found)) for ends, found in transitions.items())
    return Contract(vendor, bundle, operations, links)


def runs(contract: Contract, *, links: bool = True, alone: Collection[str] = ()) -> list[Run]:
    """Split a contract into runs that fit on two cores.

    The operations of a tag stay together, in one of at least two runs. Deletions have a run of their own: by chance
    they name what others need. The stateful phase shares one budget of scenarios among all links it sees, so it is run
    once for each tag that has links, with just the operations those links connect, and several times where these are
    many.

    Args:
        contract: what to fuzz.
        links: whether to follow links.
        alone: operationIds of what would spoil any run with others.

    Returns:
        The runs, the longest first.
    """
    by_tag: defaultdict[str, list[Operation]] = defaultdict(list)
    for operation in contract.operations:
        by_tag[operation.tag].append(operation)
    apart = {operation.id: operation.id for operation in contract.operations if operation.id in alone}
    apart |= {one.id: "deletions" for one in contract.operations if one.deletes}
    shards: list[list[str]] = [[] for _ in range(max(2, len(contract.operations) // SHARD))]
    for group in sorted(by_tag.values(), key=len, reverse=True):
        min(shards, key=len).extend(operation.id for operation in group if operation.id not in apart)
    named = {f"operations-{number}": shard for number, shard in enumerate(shards, start=1) if shard}
    for own, name in apart.items():
        named.setdefault(name, []).append(own)
    phases = "examples", "coverage", "fuzzing"
    planned = [Run(name, phases, tuple(ids), contract.cases) for name, ids in named.items()]
    deletions = {operation.id for operation in contract.operations if operation.deletes}
    for tag, group in by_tag.items() if links else ():
        for number, owed in enumerate(_walks(contract, [operation.id for operation in group])):
            connected = dict.fromkeys(name for link in owed for name in (link.source, link.target))
            name = f"stateful-{tag}" + (f"-{number}" if number else "")
            least = 0 if deletions.isdisjoint(connected) else DELETING_CASES
            planned.append(Run(name, ("stateful",), tuple(connected), max(contract.cases, least), owed))
    return planned


def _walks(contract: Contract, sources: Sequence[str]) -> list[tuple[Link, ...]]:
    """Split the links of some operations so that those of one operation stay together and none are too many."""
    walks: list[tuple[Link, ...]] = []
    for source in sources:
        owed = tuple(link for link in contract.links if link.source == source)
        if walks and len(walks[-1]) + len(owed) <= LINKS:
            walks[-1] += owed
        elif owed:
            walks.append(owed)
    return walks
