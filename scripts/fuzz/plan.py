"""Which schemathesis runs a vendor needs, and which operations and links they owe."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
LARGE = 100
"""Operations from which on a contract is large: few cases for each, and a world of their own for deletions."""
CASES = 40
"""Cases per operation and phase of a contract that is not large."""
FEW_CASES = 6
"""The same of one that is."""


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
    """A documented link, under the name that schemathesis gives it as a transition."""

    name: str
    source: str
    target: str


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
        """Cases per operation and phase, unless a number is given."""
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
        links: links the run owes; it is repeated with another seed while some are missing.
    """

    name: str
    phases: tuple[str, ...]
    operations: tuple[str, ...]
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
    links = tuple(
        Link(
            f"{label} -> [{status}] {name} -> {labels[link['operationId']]}",
            definition["operationId"],
            link["operationId"],
        )
        for label, definition in definitions
        for status, response in definition["responses"].items()
        for name, link in _resolve(spec, response).get("links", {}).items()
    )
    return Contract(vendor, bundle, operations, links)


def runs(contract: Contract, *, links: bool = True) -> list[Run]:
    """Split a contract into runs that fit on two cores.

    The operations of a tag stay together, in one of two runs. Where there are many, deletions have a run of their own:
    what they delete would take much along that others need. The stateful phase shares one budget of scenarios among
    all links it sees, so it is run once for each tag that has links, with just the operations those links connect.

    Args:
        contract: what to fuzz.
        links: whether to follow links.

    Returns:
        The runs, the longest first.
    """
    by_tag: defaultdict[str, list[Operation]] = defaultdict(list)
    for operation in contract.operations:
        by_tag[operation.tag].append(operation)
    apart = [operation for operation in contract.operations if contract.large and operation.deletes]
    shards: list[list[Operation]] = [[], []]
    for group in sorted(by_tag.values(), key=len, reverse=True):
        min(shards, key=len).extend(operation for operation in group if operation not in apart)
    phases = ("examples", "coverage", "fuzzing")
    planned = [
        Run(f"operations-{number}", phases, tuple(o.id for o in shard))
        for number, shard in enumerate(shards, start=1)
        if shard
    ]
    if apart:
        planned.append(Run("deletions", phases, tuple(o.id for o in apart)))
    for tag, group in by_tag.items():
        sources = {operation.id for operation in group}
        owed = tuple(link for link in contract.links if link.source in sources)
        if owed and links:
            connected = dict.fromkeys(name for link in owed for name in (link.source, link.target))
            planned.append(Run(f"stateful-{tag}", ("stateful",), tuple(connected), owed))
    return planned


def _resolve(spec: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target: Any = spec
        for segment in node["$ref"].removeprefix("#/").split("/"):
            target = target[segment]
        node = target
    return node
