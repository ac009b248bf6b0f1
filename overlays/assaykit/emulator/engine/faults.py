"""Things that go wrong on purpose: statuses, delays, broken connections and broken bodies."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from random import Random
from typing import Any, Final

from assaykit.emulator.engine.jsontext import dumps
from assaykit.emulator.engine.message import Reply

TRANSPORT_FAULTS: Final = ("reset", "close", "truncated", "garbage")
"""Faults that only the adapter can play: a TCP reset; the connection closed without a word; half the body and then
the end; bytes that are no HTTP."""
BODY_FAULTS: Final = ("malformed", "empty")
"""Faults of an otherwise proper reply: a body cut in the middle with a length that fits; no body at all."""


@dataclass(slots=True)
class FaultRule:
    """When something goes wrong, and what.

    Args:
        id: Name under which the rule is listed and removed.
        operation: operationId that it concerns, "*" as a wildcard; None for any.
        path: Path below the vendor's base URL that it concerns, "*" as a wildcard; None for any.
        vendor: Vendor that it concerns; None for any.
        status: Answer with this status instead of the proper one; None keeps the proper one.
        delay: Seconds to wait before answering.
        kind: One of `TRANSPORT_FAULTS` or `BODY_FAULTS`; None for none.
        times: How often it strikes; None for always.
        probability: Share of the matching requests that it strikes, drawn from the world's seed.
        when: `before` the request has done anything, or `after` its effects are kept and only the answer is lost.
        retry_after: Seconds or a date for a Retry-After header; None for no header.
        message: Text of the error body.
        body: JSON to answer with instead of the proper body, or instead of the vendor's error body where there is a
            status; None for neither.
        code: Code of the error body, such as one that no client knows yet; None for the vendor's usual one.
        struck: How often it struck so far.
    """

    id: str
    operation: str | None = None
    path: str | None = None
    vendor: str | None = None
    status: int | None = None
    delay: float = 0.0
    kind: str | None = None
    times: int | None = 1
    probability: float = 1.0
    when: str = "before"
    retry_after: str | None = None
    message: str = "This failure was ordered with a fault rule."
    body: Any = None
    code: str | None = None
    struck: int = 0

    def __post_init__(self) -> None:
        if self.kind is not None and self.kind not in TRANSPORT_FAULTS + BODY_FAULTS:
            raise ValueError(f"kind must be one of {', '.join(TRANSPORT_FAULTS + BODY_FAULTS)}, not {self.kind!r}")
        if self.when not in ("before", "after"):
            raise ValueError(f"when must be 'before' or 'after', not {self.when!r}")
        if self.status is not None and not 100 <= self.status <= 599:
            raise ValueError(f"status must lie between 100 and 599, not {self.status}")
        if self.times is not None and self.times < 1:
            raise ValueError("times must be at least 1, or null for always")
        if not 0 <= self.probability <= 1:
            raise ValueError("probability must lie between 0 and 1")
        if self.delay < 0:
            raise ValueError("delay must not be negative")
        if self.code is not None and (not isinstance(self.code, str) or self.status is None):
            raise ValueError("code must be text, and go with a status")
        if self.body is not None and self.kind in ("reset", "close", "garbage", "empty"):
            raise ValueError(f"kind {self.kind!r} sends no body, so it cannot go with one")
        if self.status is None and self.kind is None and self.body is None and not self.delay:
            raise ValueError("a fault needs a status, a kind, a body or a delay")

    @property
    def replaces(self) -> bool:
        """Whether the proper answer is not needed: the request is not handled when the rule strikes before."""
        return self.status is not None or self.kind in ("reset", "close", "garbage")

    def fits(self, vendor: str, operation: str | None, path: str) -> bool:
        """Whether the rule concerns a request."""
        return (
            (self.vendor is None or self.vendor == vendor)
            and (self.operation is None or (operation is not None and fnmatchcase(operation, self.operation)))
            and (self.path is None or fnmatchcase(path, self.path))
            and (self.times is None or self.struck < self.times)
        )


@dataclass
class Faults:
    """The fault rules of one world.

    Args:
        seed: Seed of the draws for rules with a probability.
    """

    seed: str
    rules: list[FaultRule] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)  # noqa: S311 - repeatable draws are wanted, not secrets
        self._next = 1

    def add(self, **rule: Any) -> FaultRule:
        """Add a rule; arguments are those of `FaultRule` without `id`.

        Raises:
            ValueError: An argument does not fit; the message says which.
        """
        if "retry_after" in rule and rule["retry_after"] is not None:
            rule["retry_after"] = str(rule["retry_after"])
        added = FaultRule(id=f"fault-{self._next}", **rule)
        self._next += 1
        self.rules.append(added)
        return added

    def remove(self, rule_id: str) -> bool:
        """Remove a rule and return whether there was one."""
        kept = [rule for rule in self.rules if rule.id != rule_id]
        found = len(kept) < len(self.rules)
        self.rules[:] = kept
        return found

    def clear(self) -> None:
        """Remove all rules and begin the draws anew."""
        self.rules.clear()
        self._random.seed(self.seed)
        self._next = 1

    def strike(self, vendor: str, operation: str | None, path: str) -> FaultRule | None:
        """Return the first rule that strikes a request, having counted it; None if none does."""
        for rule in self.rules:
            if rule.fits(vendor, operation, path) and (
                rule.probability >= 1 or self._random.random() < rule.probability
            ):
                rule.struck += 1
                return rule
        return None

    def listing(self) -> list[dict[str, Any]]:
        """Return the rules as JSON."""
        return [asdict(rule) for rule in self.rules]


def damage(rule: FaultRule, reply: Reply) -> Reply:
    """Return a reply as a rule leaves it.

    Args:
        rule: The rule that struck.
        reply: The reply to damage; changed in place.
    """
    reply.delay += rule.delay
    if rule.retry_after is not None:
        reply.headers.append(("Retry-After", rule.retry_after))
    if rule.body is not None:
        reply.body = dumps(rule.body)
        reply.headers = [header for header in reply.headers if header[0].lower() != "content-type"]
        reply.headers.append(("Content-Type", "application/json"))
    if rule.kind in TRANSPORT_FAULTS:
        reply.fault = rule.kind
    elif rule.kind == "malformed":
        reply.body = reply.body[: len(reply.body) // 2] or b"{"
    elif rule.kind == "empty":
        reply.body = b""
    return reply
