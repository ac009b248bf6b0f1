"""Events that arrive more than once: which were handled, and which are being handled now."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import Final, Protocol
from urllib.parse import quote

from .errors import AssaykitError, ConfigurationError

LIFETIME: Final = 24 * 3600.0
"""Seconds that a handled event is remembered.

Long enough for every repetition that the vendors document or that is inferred (an hour's delay and one retry; retries
within half an hour), short enough that a status which is reached again days later is not taken for a repetition.
"""
MAX_SIZE: Final = 20_000
"""Identities that are remembered; some 6 MB."""


class Claim(Enum):
    """What became of an attempt to claim an event."""

    NEW = "new"
    """Nobody has handled it or is about to; it is the caller's to handle."""
    BUSY = "busy"
    """Somebody else is handling it, and may yet fail."""
    SEEN = "seen"
    """It was handled."""


class EventInProgress(AssaykitError):
    """The event is being handled by somebody else, who may yet fail; answer 503, so that the vendor tries again."""


class DuplicateStore(Protocol):
    """Where handled events are remembered. Implementations may block: on the event loop they run in a thread.

    Several identities belong to one event, and any one of them makes it the same. To put the memory into a database
    that several processes share, keep a row for each identity with its owner and when it expires:

    * `claim` takes all of the identities or none, in one transaction.
    * A claim expires by itself after a time that no handler reaches, since its process may die; else the event
      could not be handled again.
    * `confirm` gives the rows the longer life of a handled event; `release` deletes those that the owner holds.
    """

    def claim(self, identities: Sequence[str], owner: str) -> Claim:
        """Claim an event.

        Args:
            identities: The event's identities; none at all is always new.
            owner: Names the attempt; never used for another one.

        Returns:
            SEEN if any identity was confirmed, else BUSY if any is claimed, else NEW, and all of them are claimed.
        """

    def confirm(self, identities: Sequence[str], owner: str) -> None:
        """Remember that the event which ``owner`` claimed was handled."""

    def release(self, identities: Sequence[str], owner: str) -> None:
        """Give back what ``owner`` claimed, and nobody else's claim: the event was not handled."""


class MemoryDuplicateStore:
    """Remembers handled events in this process; threads and tasks may share it.

    Several processes each remember their own, so an event may be handled once in each of them; and a restart forgets.

    Args:
        lifetime: Seconds that a handled event is remembered.
        max_size: Identities that are remembered; the oldest are forgotten first. Events that are being handled do
            not count and are never forgotten.
        clock: Seconds, from any start, never set back.

    Raises:
        ConfigurationError: ``lifetime`` or ``max_size`` is not positive.
    """

    def __init__(
        self, *, lifetime: float = LIFETIME, max_size: int = MAX_SIZE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        for name, value in (("lifetime", lifetime), ("max_size", max_size)):
            if not value > 0:
                raise ConfigurationError(name, f"is {value}", "give a number above 0")
        self._lifetime = lifetime
        self._max_size = max_size
        self._clock = clock
        self._lock = threading.Lock()  # guards both below
        self._owners: dict[str, str] = {}
        self._expiry: dict[str, float] = {}  # in the order of time, since all live equally long

    def claim(self, identities: Sequence[str], owner: str) -> Claim:
        """Claim an event; see DuplicateStore."""
        with self._lock:
            self._forget_expired()
            if any(identity in self._expiry for identity in identities):
                return Claim.SEEN
            if any(identity in self._owners for identity in identities):
                return Claim.BUSY
            self._owners.update(dict.fromkeys(identities, owner))
            return Claim.NEW

    def confirm(self, identities: Sequence[str], owner: str) -> None:
        """Remember that the event which ``owner`` claimed was handled."""
        with self._lock:
            self._give_back(identities, owner)
            expiry = self._clock() + self._lifetime
            for identity in identities:
                self._expiry.pop(identity, None)
                self._expiry[identity] = expiry
            while len(self._expiry) > self._max_size:
                del self._expiry[next(iter(self._expiry))]

    def release(self, identities: Sequence[str], owner: str) -> None:
        """Give back what ``owner`` claimed: the event was not handled."""
        with self._lock:
            self._give_back(identities, owner)

    def __len__(self) -> int:
        """How many identities of handled events are remembered."""
        with self._lock:
            self._forget_expired()
            return len(self._expiry)

    def _give_back(self, identities: Sequence[str], owner: str) -> None:
        for identity in identities:
            if self._owners.get(identity) == owner:
                del self._owners[identity]

    def _forget_expired(self) -> None:
        now = self._clock()
        while self._expiry:
            oldest = next(iter(self._expiry))
            if self._expiry[oldest] > now:
                break
            del self._expiry[oldest]


def new_owner() -> str:
    """A name that no other attempt has, in this process or another."""
    return uuid.uuid4().hex


class Deduplicator:
    """Handles every event once, for those who receive webhooks without ``assaykit.receiver``.

        duplicates = assaykit.Deduplicator()

        event = vendor.webhooks.parse(headers, body)
        with duplicates.event(vendor.webhooks.identities(headers, event)) as new:
            if new:
                handle(event)  # raising forgets the event, so that the vendor's next attempt is handled

    Args:
        store: Where handled events are remembered; in this process if left out.
        owners: Makes a name for every attempt, never the same twice.
    """

    def __init__(self, store: DuplicateStore | None = None, *, owners: Callable[[], str] = new_owner) -> None:
        self._store = MemoryDuplicateStore() if store is None else store
        self._owners = owners

    @contextmanager
    def event(self, identities: Sequence[str]) -> Iterator[bool]:
        """Claim an event for as long as the block runs; it counts as handled once the block has ended well.

        Args:
            identities: What ``vendor.webhooks.identities`` returns.

        Yields:
            Whether the event is new; if not, there is nothing to do, and the answer is 200.

        Raises:
            EventInProgress: Another thread or task is handling it at this moment.
        """
        owner = self._owners()
        claim = self._store.claim(identities, owner)
        if claim is Claim.BUSY:
            raise EventInProgress("the same event is being handled; answer 503, so that the vendor tries again")
        if claim is Claim.SEEN:
            yield False
            return
        try:
            yield True
        except BaseException:
            self._store.release(identities, owner)
            raise
        self._store.confirm(identities, owner)


def identity(*parts: str) -> str:
    """Join what identifies an event into one text, which no other parts give; begin with the vendor's name."""
    return ":".join(quote(part, safe="", errors="surrogatepass") for part in parts)
