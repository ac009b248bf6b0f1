"""The outbox: who wants to hear of what, and every attempt to tell them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from assaykit.emulator.engine.clock import Clock
from assaykit.emulator.engine.dates import instant_text, parse_instant
from assaykit.emulator.engine.ids import Ids
from assaykit.emulator.engine.jsontext import dumps
from assaykit.emulator.engine.storage import Collection, Document, Storage, Where, change

SUBSCRIPTIONS: Final = "_emulator.subscriptions"
DELIVERIES: Final = "_emulator.deliveries"
COLLECTIONS: Final = (
    Collection(SUBSCRIPTIONS, {"vendor": str}),
    Collection(DELIVERIES, {"vendor": str, "subscriptionId": str, "state": str, "nextAttemptAt": str}),
)
PENDING, DELIVERED, FAILED = "pending", "delivered", "failed"
KEPT: Final = 1000
"""Deliveries that are kept in the log; older ones that are settled are dropped."""


@dataclass(frozen=True, slots=True)
class Courier:
    """How a vendor delivers.

    Args:
        retry_after: Seconds after each failed attempt until the next one; then it is given up.
        timeout: Seconds that a subscriber has to answer.
        follow_redirects: Whether a redirect is followed; otherwise it is a failure.
        header: Header with a UUID, the same on every attempt of one delivery; "" for none.
    """

    retry_after: Sequence[float] = ()
    timeout: float = 10.0
    follow_redirects: bool = False
    header: str = ""


Sender = Callable[[str, Mapping[str, str], bytes, Courier], int]
"""Posts a body with headers to a URL in a vendor's way and returns the status; raises when there is no answer."""
Receiver = Callable[[Mapping[str, str], bytes], int | None]
"""A subscriber inside the process: gets headers and body; returns a status, or None for 200; may raise."""


_NO_COURIER: Final = Courier()
"""For what a vendor left behind that is not emulated in this process."""


def send_with_httpx(url: str, headers: Mapping[str, str], body: bytes, courier: Courier) -> int:
    """Post a webhook over HTTP; the status is what counts, the body of the answer is not waited for."""
    import httpx

    with (
        httpx.Client(timeout=courier.timeout, follow_redirects=courier.follow_redirects, trust_env=False) as client,
        client.stream("POST", url, headers=dict(headers), content=body) as answer,
    ):
        return answer.status_code


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody who wants to hear of events.

    Args:
        id: Identifier in this world.
        vendor: The vendor whose events are meant.
        events: Names of the events.
        url: Where they are posted; `local:` and a number for a function in this process.
        options: What the vendor needs to know, such as the norm to score with.
    """

    id: str
    vendor: str
    events: tuple[str, ...]
    url: str
    options: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the subscription as JSON."""
        return {
            "id": self.id,
            "vendor": self.vendor,
            "events": list(self.events),
            "url": self.url,
            "options": dict(self.options),
        }


def _subscription(document: Document) -> Subscription:
    return Subscription(
        document["id"], document["vendor"], tuple(document["events"]), document["url"], document["options"]
    )


class Outbox:
    """The webhooks of one world.

    Args:
        store: The world's storage.
        clock: The world's clock; retries fall due by it.
        ids: Where identifiers come from.
        lock: Held while the storage is read and written, never while a webhook is sent.
        couriers: How each vendor delivers.
        sender: Posts to URLs.
    """

    def __init__(
        self,
        store: Storage,
        clock: Clock,
        ids: Ids,
        lock: AbstractContextManager[object],
        couriers: Mapping[str, Courier],
        sender: Sender = send_with_httpx,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._lock = lock
        self._couriers = couriers
        self._sender = sender
        self._receivers: dict[str, Receiver] = {}
        self._in_flight: set[str] = set()
        self.fresh = False
        """Whether something was queued since webhooks were last sent."""
        self.on_queued: Callable[[], None] = lambda: None

    def subscribe(
        self, vendor: str, events: Sequence[str], target: str | Receiver, options: Mapping[str, Any]
    ) -> Subscription:
        """Add a subscription.

        Args:
            vendor: The vendor whose events are meant.
            events: Names of the events.
            target: A URL, or a function in this process.
            options: What the vendor needs to know.
        """
        with self._lock:
            number = self._ids.integer("subscription")
            url = target if isinstance(target, str) else f"local:{number}"
            added = Subscription(f"subscription-{number}", vendor, tuple(events), url, dict(options))
            self._store.insert(SUBSCRIPTIONS, added.id, added.as_json())
            if not isinstance(target, str):
                self._receivers[added.id] = target
            return added

    def unsubscribe(self, subscription_id: str) -> bool:
        """Remove a subscription and return whether there was one; what is queued for it is still sent."""
        with self._lock:
            return self._store.delete(SUBSCRIPTIONS, subscription_id)

    def subscriptions(self, vendor: str | None = None, event: str | None = None) -> list[Subscription]:
        """Return the subscriptions of a vendor, or to an event, oldest first."""
        where = [] if vendor is None else [Where("vendor", "=", vendor)]
        with self._lock:
            found = [_subscription(document) for document in self._store.find(SUBSCRIPTIONS, where)]
        return [subscription for subscription in found if event is None or event in subscription.events]

    def queue(self, subscription: Subscription, event: str, payload: Any) -> str:
        """Put an event into the outbox, due at once; return the id of the delivery."""
        with self._lock:
            now = instant_text(self._clock.now())
            header = self._courier(subscription.vendor).header
            delivery_id = f"delivery-{self._ids.integer('delivery')}"
            document = {
                "id": delivery_id,
                "subscriptionId": subscription.id,
                "vendor": subscription.vendor,
                "event": event,
                "url": subscription.url,
                "payload": payload,
                "headers": {header: self._ids.uuid("delivery header")} if header else {},
                "state": PENDING,
                "createdAt": now,
                "nextAttemptAt": now,
                "attempts": [],
            }
            self._store.insert(DELIVERIES, delivery_id, document)
            self._drop_old()
            self.fresh = True
        self.on_queued()
        return delivery_id

    def _courier(self, vendor: str) -> Courier:
        return self._couriers.get(vendor, _NO_COURIER)

    def _drop_old(self) -> None:
        surplus = self._store.count(DELIVERIES) - KEPT
        if surplus > 0:
            settled = [Where("state", "!=", PENDING)]
            for document in self._store.find(DELIVERIES, settled, limit=surplus):
                self._store.delete(DELIVERIES, document["id"])

    def deliveries(self, **fields: str) -> list[Document]:
        """Return the logged deliveries, oldest first; keywords such as `vendor` or `state` narrow them."""
        with self._lock:
            return self._store.find(DELIVERIES, [Where(name, "=", value) for name, value in fields.items()])

    def redeliver(self, delivery_id: str) -> bool:
        """Make a delivery due again at once, whatever became of it; return whether it exists."""
        with self._lock:
            document = self._store.get(DELIVERIES, delivery_id)
            if document is None:
                return False
            document["state"] = PENDING
            document["nextAttemptAt"] = instant_text(self._clock.now())
            self._store.replace(DELIVERIES, delivery_id, document)
            self.fresh = True
        self.on_queued()
        return True

    def next_due(self) -> datetime | None:
        """Return when the next attempt falls due, or None if nothing is pending."""
        with self._lock:
            first = self._store.find(DELIVERIES, [Where("state", "=", PENDING)], order=["nextAttemptAt"], limit=1)
        return parse_instant(first[0]["nextAttemptAt"]) if first else None

    def deliver_due(self) -> int:
        """Send everything that is due, oldest first, and record what happened.

        Returns:
            How many attempts were made.
        """
        attempts = 0
        self.fresh = False
        while (delivery := self._claim()) is not None:
            attempts += 1
            try:
                status, error = self._attempt(delivery)
                with self._lock:
                    self._record(delivery["id"], status, error)
            finally:
                self._in_flight.discard(delivery["id"])
        return attempts

    def _claim(self) -> Document | None:
        with self._lock:
            due = [Where("state", "=", PENDING), Where("nextAttemptAt", "<=", instant_text(self._clock.now()))]
            waiting = self._store.find(DELIVERIES, due, order=["nextAttemptAt"], limit=len(self._in_flight) + 1)
            for document in waiting:
                if document["id"] not in self._in_flight:
                    self._in_flight.add(document["id"])
                    return document
        return None

    def _attempt(self, delivery: Document) -> tuple[int | None, str | None]:
        headers = {"content-type": "application/json", "user-agent": "assaykit-emulator", **delivery.get("headers", {})}
        body = dumps(delivery["payload"])
        try:
            receiver = self._receivers.get(delivery["subscriptionId"])
            if receiver is not None:
                return receiver(headers, body) or 200, None
            if delivery["url"].startswith("local:"):
                return None, "the function that subscribed belongs to an earlier process"
            return self._sender(delivery["url"], headers, body, self._courier(delivery["vendor"])), None
        except Exception as error:  # whatever a subscriber does counts as a failed attempt
            return None, f"{type(error).__name__}: {error}"

    def _record(self, delivery_id: str, status: int | None, error: str | None) -> None:
        now = self._clock.now()

        def note(document: Document) -> None:
            document["attempts"].append({"at": instant_text(now), "status": status, "error": error})
            schedule = self._courier(document["vendor"]).retry_after
            failures = len(document["attempts"])
            if status is not None and 200 <= status < 300:
                document["state"], document["nextAttemptAt"] = DELIVERED, None
            elif failures > len(schedule):
                document["state"], document["nextAttemptAt"] = FAILED, None
            else:
                document["nextAttemptAt"] = instant_text(now + timedelta(seconds=schedule[failures - 1]))

        # A reset may have emptied the outbox while the webhook was on its way.
        if self._store.get(DELIVERIES, delivery_id) is not None:
            change(self._store, DELIVERIES, delivery_id, note)

    def forget_receivers(self) -> None:
        """Let go of functions in this process; for a world that returns to its seed."""
        self._receivers.clear()
