"""What the fixtures of all vendors have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from assaykit.emulator import vendors
from assaykit.emulator.engine.clock import Clock, ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.faults import FaultRule, Faults
from assaykit.emulator.engine.journal import Journal
from assaykit.emulator.engine.transport import EmulatorTransport, base_url
from assaykit.emulator.engine.webhooks import Subscription

START: Final = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""Where the clock of every test's world stands at first."""
SEED: Final = "assaykit"

REMOVED: Final = object()
"""Stands for a value that was left out, since None is a value."""

WebhookReceiver = Callable[[Mapping[str, str], bytes], int | None]
"""A subscriber: gets headers and body of a webhook; returns a status, or None for 200. Raising means no answer."""


@cache
def _emulator(vendor: str) -> Emulator:
    """Compile a vendor's specification and fill its start world once for all tests of a process."""
    return Emulator([vendors.load(vendor)], seed=SEED)


def _accept(headers: Mapping[str, str], body: bytes) -> int:
    del headers, body
    return 200


class EmulatedVendor:
    """One emulated vendor in a world of its own, in process, without sockets.

    Two runs of a test see the same: the clock stands at 2026-01-05T09:00Z until the test moves it, and ids come from
    a fixed seed. A client that waits moves the clock instead of waiting.

    Args:
        vendor: Name of the vendor.
        start: Where the clock stands at first.
    """

    def __init__(self, vendor: str, *, start: datetime = START) -> None:
        self.vendor = vendor
        self.world = _emulator(vendor).make_world("test", ManualClock(start))
        self.base_url = base_url(vendor)

    @property
    def clock(self) -> Clock:
        """The world's clock: `now()`, `advance(hours=1)`, `set(instant)`.

        Moving it makes things due: tokens and links expire, reports complete, webhooks are tried again.
        """
        return self.world.clock

    @property
    def journal(self) -> Journal:
        """Every request with its answer, oldest first, and why it was turned down.

        `[entry.operation for entry in podium_emulator.journal]`, `journal.find(operation=…, status=…)`.
        """
        return self.world.journal

    @property
    def faults(self) -> Faults:
        """The fault rules; `faults.clear()` ends them all."""
        return self.world.faults

    @property
    def webhooks(self) -> list[dict[str, Any]]:
        """The webhooks sent so far, oldest first: event, payload, state, and every attempt.

        There are none before somebody subscribed; see `subscribe`.
        """
        return self.world.outbox.deliveries(vendor=self.vendor)

    def transport(self) -> EmulatorTransport:
        """Return a transport for `httpx.Client` and `httpx.AsyncClient` that reaches this world.

        Delays that a fault orders move the world's clock instead of waiting.
        """
        return EmulatorTransport(self.world, sleep=self.sleep, async_sleep=self.async_sleep)

    def sleep(self, seconds: float) -> None:
        """Move the clock instead of waiting; clients made here are given this."""
        self.world.clock.advance(seconds=max(0.0, seconds))

    async def async_sleep(self, seconds: float) -> None:
        """Move the clock instead of waiting, for async clients."""
        self.sleep(seconds)

    def fail_next(
        self,
        operation: str | None = None,
        *,
        status: int | None = None,
        kind: str | None = None,
        delay: float = 0.0,
        times: int | None = 1,
        probability: float = 1.0,
        when: str = "before",
        retry_after: float | str | None = None,
        path: str | None = None,
        body: Any = None,
        code: str | None = None,
    ) -> FaultRule:
        """Make the next request fail.

        Args:
            operation: operationId that it concerns, `*` as a wildcard; None for any.
            status: Answer with this status; 503 if neither kind, delay nor body is given.
            kind: `reset`, `close`, `garbage` or `truncated` break the connection; `malformed` and `empty` break the
                body of a proper answer.
            delay: Seconds before the answer. More than the client's read timeout makes it time out at once.
            times: How many requests; None for all.
            probability: Share of the requests, drawn from the seed.
            when: `before` anything was done, or `after`: the request has its effect and only the answer is lost.
            retry_after: Value of a Retry-After header.
            path: Path below the base URL that it concerns, `*` as a wildcard; None for any.
            body: JSON to answer with: instead of the vendor's error body if there is a status, else instead of the
                proper answer's.
            code: Code of the vendor's error body, such as one that no client knows yet.

        Returns:
            The rule; `faults.remove(rule.id)` ends it early.

        Raises:
            ValueError: An argument does not fit; the message says which.
        """
        if status is None and kind is None and body is None and not delay:
            status = 503
        return self.world.faults.add(
            vendor=self.vendor,
            operation=operation,
            path=path,
            status=status,
            kind=kind,
            delay=delay,
            times=times,
            probability=probability,
            when=when,
            retry_after=retry_after,
            body=body,
            code=code,
        )

    def subscribe(
        self, target: str | WebhookReceiver | None = None, *, events: list[str] | None = None, **options: Any
    ) -> Subscription:
        """Subscribe to webhooks; they are sent while the call that causes them is running.

        Args:
            target: A URL to post to, or a function `(headers, body)`; None to accept and log them.
            events: Names of the events; None for all that the vendor has.
            **options: What the vendor agrees on at set-up.

        Returns:
            The subscription.

        Raises:
            ValueError: The vendor has no such event.
        """
        known = [event.name for event in self.world.states[self.vendor].vendor.events]
        unknown = sorted(set(events or ()) - set(known))
        if unknown:
            raise ValueError(f"{self.vendor} has no event {unknown[0]!r}; it has {', '.join(known)}")
        return self.world.outbox.subscribe(self.vendor, known if events is None else events, target or _accept, options)

    def set_field(self, kind: str, thing: Any, *way: str | int, value: Any = REMOVED) -> Any:
        """Write anything into what the API shows, such as an unknown value, an unknown field, or a date that is none.

        Args:
            kind: What is written into, such as `participants` or `tickets`; a wrong name is told with the right ones.
            thing: Its id.
            way: Name of the field, or the names and places that lead to it.
            value: What to write; the field is removed if this is left out.

        Returns:
            What the API shows of it from now on; instants are in UTC.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such kind, no such document, or no such place in
                it.
        """
        arguments: dict[str, Any] = {"kind": kind, "id": thing, "field": list(way)}
        if value is not REMOVED:
            arguments["value"] = value
        return self.world.act(self.vendor, "set-field", arguments)

    def reset(self) -> None:
        """Return to the start: data, ids, clock, faults, journal, subscriptions."""
        self.world.reset()

    def close(self) -> None:
        """Give back the world's memory; the fixture does it."""
        self.world.close()

    def __repr__(self) -> str:
        return f"<{self.vendor} emulator at {self.clock.now().isoformat()}, {len(self.journal)} requests>"
