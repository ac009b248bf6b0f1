"""What schemathesis saw, read from the reports that it wrote."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .plan import Link


@dataclass
class Evidence:
    """What one or more runs have shown.

    Attributes:
        cases: number of requests that were sent.
        statuses: how often each operation, by label, answered each status.
        links: names of documented links that were followed to their target.
        rates: accepted and refused valid requests per operation label, from the phases that generate them.
        failures: failed checks in words, one line each.
        errors: what stopped a run, in words.
    """

    cases: int = 0
    statuses: defaultdict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    links: set[str] = field(default_factory=set)
    rates: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    failures: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def successes(self, label: str) -> int:
        """Return how often an operation answered a 2xx status."""
        return sum(count for status, count in self.statuses[label].items() if 200 <= status < 300)

    def valid_rate(self, label: str) -> float | None:
        """Return the share of valid requests that an operation accepted, or None if none were sent.

        What a deletion no longer finds does not count: the one before it has taken it.
        """
        rate = self.rates[label]
        total = rate.total() - (rate["unreachable"] if label.startswith("DELETE ") else 0)
        return rate["accepted"] / total if total else None

    def followed(self, link: Link) -> bool:
        """Return whether a link was followed."""
        return not self.links.isdisjoint(link.transitions)

    def add(self, other: "Evidence") -> None:
        """Add what another run has shown."""
        self.cases += other.cases
        self.links |= other.links
        self.failures += other.failures
        self.errors += other.errors
        for label, statuses in other.statuses.items():
            self.statuses[label].update(statuses)
        for label, rates in other.rates.items():
            self.rates[label].update(rates)

    def read_tally(self, path: Path) -> None:
        """Add what was counted in a run.

        Args:
            path: the file that `scripts.fuzz.tally` wrote.
        """
        tally: dict[str, Any] = json.loads(path.read_text("utf-8"))
        self.cases += tally["cases"]
        self.links.update(tally["links"])
        for label, statuses in tally["statuses"].items():
            self.statuses[label].update({int(status): count for status, count in statuses.items()})

    def read_verdict(self, path: Path) -> None:
        """Add the verdict of one JSON report.

        Args:
            path: the report file; the log with the requests to repeat lies beside it.
        """
        log = path.with_suffix(".log")
        verdict: dict[str, Any] = json.loads(path.read_text("utf-8"))
        for failure in verdict["failures"]:
            where = ", ".join(failure["operations"])
            self.failures.append(f"{failure['title']} ({failure['code']}, {failure['count']}x): {where}; read {log}")
        self.errors += [f"{error['title']} ({error['count']}x); read {log}" for error in verdict["errors"]]
        if not verdict["complete"]:
            self.errors.append(f"the run stopped early: {verdict['stop_reason']}")
        for label, phases in verdict["valid_rates"].items():
            for rate in phases.values():
                self.rates[label].update(rate)
