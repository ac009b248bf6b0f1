"""Worlds: isolated copies of everything that the emulated vendors know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from threading import RLock
from typing import Any, Final

from assaykit.emulator.engine.clock import Clock
from assaykit.emulator.engine.dates import instant_text
from assaykit.emulator.engine.dispatch import Dispatcher
from assaykit.emulator.engine.faults import Faults
from assaykit.emulator.engine.ids import Ids
from assaykit.emulator.engine.journal import Journal
from assaykit.emulator.engine.limits import Limits
from assaykit.emulator.engine.message import Reply, Request
from assaykit.emulator.engine.rejection import NOT_FOUND, Rejected
from assaykit.emulator.engine.storage import Collection, Storage
from assaykit.emulator.engine.vendor import Vendor
from assaykit.emulator.engine.webhooks import COLLECTIONS, Courier, Outbox, Sender, Subscription, send_with_httpx

_COUNTERS: Final = Collection("_emulator.counters")
_COUNTERS_KEY: Final = "counters"


@dataclass(frozen=True, slots=True)
class Image:
    """A world at one moment.

    Args:
        store: Image of the storage.
        counters: State of the identifiers, by vendor.
        instant: What the clock showed.
    """

    store: object
    counters: Mapping[str, dict[str, int]]
    instant: datetime


class State:
    """One vendor's part of one world; what behaviours, checks and actions work on.

    Args:
        world: The world.
        dispatcher: The vendor's dispatcher.
        ids: The vendor's identifiers in this world.
    """

    def __init__(self, world: World, dispatcher: Dispatcher, ids: Ids) -> None:
        self.world = world
        self.dispatcher = dispatcher
        self.vendor = dispatcher.vendor
        self.ids = ids
        self.store = world.store
        self.clock = world.clock
        self.journal = world.journal
        self.faults = world.faults
        self.limits = world.limits
        self.cache: dict[Any, Any] = {}
        """Values derived from the world's key and fixed data alone, such as tokens whose signature was checked."""
        self._earlier: str | None = None

    def now(self) -> str:
        """Return the world's time as documents keep it."""
        return instant_text(self.clock.now()) if self._earlier is None else self._earlier

    @contextmanager
    def at(self, instant: str) -> Iterator[None]:
        """Let what catches up with the clock count as done when it was due.

        Args:
            instant: When it was due, as documents keep it.
        """
        before, self._earlier = self._earlier, instant
        try:
            yield
        finally:
            self._earlier = before

    def key(self) -> bytes:
        """Return the secret with which this vendor signs in this world."""
        return blake2b(f"{self.world.seed}/{self.world.name}/{self.vendor.name}".encode(), digest_size=32).digest()

    def subscriptions(self, event: str) -> list[Subscription]:
        """Return who wants to hear of an event."""
        return self.world.outbox.subscriptions(self.vendor.name, event)

    def emit(self, subscription: Subscription, event: str, payload: Any) -> None:
        """Put a webhook into the outbox; its instants are written in the vendor's form.

        Args:
            subscription: For whom.
            event: Name of the event, one of the vendor's.
            payload: The JSON body.
        """
        schema = next(declared.schema for declared in self.vendor.events if declared.name == event)
        plan = self.vendor.contract.schema_plan(schema)
        self.world.outbox.queue(subscription, event, payload if plan is None else plan(payload))

    def handle(self, request: Request) -> Reply:
        """Answer a request for this vendor."""
        return self.world.handle(self.vendor.name, request)


def _courier(vendor: Vendor) -> Courier:
    return Courier(vendor.retry_after, vendor.delivery_timeout, vendor.follow_redirects, vendor.delivery_header)


class World:
    """An isolated world, for every vendor: its own data, clock, ids, faults, rate limits, journal and outbox.

    Args:
        name: Name under which the world is addressed.
        dispatchers: The dispatcher of each vendor.
        store: An empty storage, or one that holds this world from an earlier run.
        clock: Its clock.
        seed: Seed of everything arbitrary; worlds with one seed and one start draw alike.
        sender: Posts webhooks to URLs.
        image: A seeded image made with the same vendors and seed at about the same instant, to save the seeding.
        deliver: Send webhooks after each action and whenever the clock was moved; otherwise somebody else calls
            `outbox.deliver_due`.
        rate_limits: Whether documented rate limits are enforced at first; `rate_limits` switches them.
    """

    def __init__(
        self,
        name: str,
        dispatchers: Mapping[str, Dispatcher],
        *,
        store: Storage,
        clock: Clock,
        seed: str = "assaykit",
        sender: Sender = send_with_httpx,
        image: Image | None = None,
        deliver: bool = True,
        rate_limits: bool = True,
    ) -> None:
        self.name = name
        self.seed = seed
        self.store = store
        self.clock = clock
        self.journal = Journal()
        self.faults = Faults(f"{seed}/faults")
        self.limits = Limits(clock, store, enabled=rate_limits)
        self.lock = RLock()
        self.ids = Ids(f"{seed}/world")
        self._deliver = deliver
        self._image: Image | None = None
        couriers = {name: _courier(dispatcher.vendor) for name, dispatcher in dispatchers.items()}
        self.outbox = Outbox(store, clock, self.ids, self.lock, couriers, sender)
        self.states = {
            vendor: State(self, dispatcher, Ids(f"{seed}/{vendor}")) for vendor, dispatcher in dispatchers.items()
        }
        self._image = self._open(image)
        clock.subscribe(lambda _: self.settle())

    @property
    def seeded(self) -> Image | None:
        """The image right after the seeding; None for a storage that held this world already."""
        return self._image

    def _open(self, image: Image | None) -> Image | None:
        """Fill the storage unless it is filled already; return the seeded image where there is one."""
        if image is not None:
            self.restore(image)
        with self.store.transaction():
            self.store.declare(_COUNTERS)
            for collection in COLLECTIONS:
                self.store.declare(collection)
            for state in self.states.values():
                for collection in state.vendor.collections:
                    self.store.declare(collection)
        self.limits.load()
        if image is not None:
            return image
        kept = self.store.get(_COUNTERS.name, _COUNTERS_KEY)
        if kept is None:
            return self._fill()
        self._restore_counters(kept["state"])
        return None

    def _fill(self) -> Image:
        with self.store.transaction():
            for state in self.states.values():
                state.vendor.seed(state)
            if self.store.durable:
                self.store.insert(_COUNTERS.name, _COUNTERS_KEY, {"state": self._counters()})
        return self.snapshot()

    def _restore_counters(self, counters: Mapping[str, dict[str, int]]) -> None:
        self.ids.restore(counters.get("", {}))
        for vendor, state in self.states.items():
            state.ids.restore(counters.get(vendor, {}))

    def _counters(self) -> dict[str, dict[str, int]]:
        return {"": self.ids.state()} | {vendor: state.ids.state() for vendor, state in self.states.items()}

    def save_counters(self) -> None:
        """Keep the state of the identifiers with the data, if the storage outlives the process."""
        if self.store.durable and (self.ids.changed or any(state.ids.changed for state in self.states.values())):
            self.store.replace(_COUNTERS.name, _COUNTERS_KEY, {"state": self._counters()})
            self.ids.changed = False
            for state in self.states.values():
                state.ids.changed = False

    @property
    def rate_limits(self) -> bool:
        """Whether documented rate limits are enforced."""
        return self.limits.enabled

    @rate_limits.setter
    def rate_limits(self, enabled: bool) -> None:
        self.limits.enabled = enabled

    def handle(self, vendor: str, request: Request) -> Reply:
        """Answer a request.

        Args:
            vendor: The vendor addressed.
            request: The request, its path below the vendor's base URL.
        """
        state = self.states[vendor]
        with self.lock:
            self._catch_up(state)
            reply = state.dispatcher.handle(state, request)
        if self._deliver and self.outbox.fresh:
            self.outbox.deliver_due()
        return reply

    def catch_up(self) -> None:
        """Let everything happen that the clock has made due."""
        with self.lock:
            for state in self.states.values():
                self._catch_up(state)

    def _catch_up(self, state: State) -> None:
        if state.vendor.catch_up is not None:
            with self.store.transaction():
                state.vendor.catch_up(state)
                self.save_counters()

    def act(self, vendor: str, action: str, arguments: Mapping[str, Any]) -> Any:
        """Make something happen outside of the API, such as a candidate taking a test.

        Args:
            vendor: The vendor concerned.
            action: Name of the action.
            arguments: What it needs, as JSON.

        Returns:
            What the action says, as JSON.

        Raises:
            Rejected: The action is unknown, its arguments do not fit, or the state does not allow it.
        """
        state = self.states[vendor]
        function = state.vendor.actions.get(action)
        if function is None:
            known = ", ".join(sorted(state.vendor.actions)) or "none"
            raise Rejected(NOT_FOUND, f"{vendor} has no action {action!r}; it has {known}.")
        with self.lock:
            self._catch_up(state)
            with self.store.transaction():
                result = function(state, arguments)
                self.save_counters()
        self.settle()
        return result

    def settle(self) -> None:
        """Let happen what is due, and send the webhooks that are, or tell the server that some may be."""
        self.catch_up()
        if self._deliver:
            self.outbox.deliver_due()
        else:
            self.outbox.on_queued()

    def snapshot(self) -> Image:
        """Return an image of data, identifiers and time; nothing else is part of it."""
        with self.lock:
            return Image(self.store.snapshot(), self._counters(), self.clock.now())

    def restore(self, image: Image) -> None:
        """Go back to an image, without touching the clock."""
        with self.lock:
            self.store.restore(image.store)
            self._restore_counters(image.counters)
            self.limits.load()

    def reset(self) -> None:
        """Go back to the seed: data, identifiers, clock, faults, rate limits, journal, subscriptions, deliveries."""
        with self.lock:
            self.faults.clear()
            self.limits.reset()
            self.journal.clear()
            self.outbox.forget_receivers()
            self.clock.reset()
            if self._image is not None:
                self.restore(self._image)
            else:
                self._restore_counters({})
                self.store.clear()
                self._image = self._fill()

    def close(self, *, forget: bool = False) -> None:
        """Give back the storage.

        Args:
            forget: Delete its file as well, if it has one.
        """
        self.store.close(forget=forget)
