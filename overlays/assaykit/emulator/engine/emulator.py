"""All vendors and all worlds of one process, and the URL space in which they are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from re import compile as pattern
from threading import RLock
from typing import Final

from assaykit.emulator.engine.clock import Clock, ManualClock, SystemClock
from assaykit.emulator.engine.dispatch import Dispatcher
from assaykit.emulator.engine.message import Reply, Request
from assaykit.emulator.engine.storage import Storage
from assaykit.emulator.engine.storage_sqlite import SqliteStorage
from assaykit.emulator.engine.vendor import Vendor
from assaykit.emulator.engine.webhooks import Sender, send_with_httpx
from assaykit.emulator.engine.worlds import Image, World

DEFAULT_WORLD: Final = "default"
MAX_WORLDS: Final = 1000
_RECENT: Final = timedelta(minutes=1)
_WORLD_NAME = pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class WorldNameRefused(ValueError):
    """The name cannot be a world's; the message says what can."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a path led.

    Args:
        world: Name of the world.
        vendor: Name of the vendor.
        prefix: The part of the path that named both.
        path: The rest, beginning with a slash or empty.
    """

    world: str
    vendor: str
    prefix: str
    path: str


class Emulator:
    """Emulated vendors in any number of worlds.

    Args:
        vendors: The vendors to serve.
        store: Folder or file for worlds that outlive the process: `default` is kept in this file, another world in
            a file beside it. None keeps everything in memory.
        seed: Seed of everything arbitrary.
        clock: Makes the clock of a new world.
        sender: Posts webhooks to URLs.
        check_replies: Compare every reply with the specification; for tests of the emulator.
        deliver: Worlds send their webhooks themselves; a server sends them in the background instead.
        rate_limits: Whether new worlds enforce documented rate limits.
    """

    def __init__(
        self,
        vendors: Iterable[Vendor],
        *,
        store: Path | None = None,
        seed: str = "assaykit",
        clock: Callable[[], Clock] = SystemClock,
        sender: Sender = send_with_httpx,
        check_replies: bool = False,
        deliver: bool = True,
        rate_limits: bool = True,
    ) -> None:
        self.dispatchers: Mapping[str, Dispatcher] = {
            vendor.name: Dispatcher(vendor, check_replies=check_replies) for vendor in vendors
        }
        self.hosts: Mapping[str, str] = {
            host: name for name, dispatcher in self.dispatchers.items() for host in dispatcher.vendor.hosts
        }
        self.deliver = deliver
        self._rate_limits = rate_limits
        self.on_queued: Callable[[], None] = lambda: None
        self._store = store
        self._seed = seed
        self._clock = clock
        self._sender = sender
        self._worlds: dict[str, World] = {}
        self._images: dict[datetime, Image] = {}
        self._recent: Image | None = None
        self._lock = RLock()

    @property
    def vendors(self) -> Mapping[str, Vendor]:
        """Return the vendors by name."""
        return {name: dispatcher.vendor for name, dispatcher in self.dispatchers.items()}

    def world(self, name: str = DEFAULT_WORLD) -> World:
        """Return a world, made from the seed if there is none with this name.

        The start data of a world in memory whose clock runs may be up to a minute older than the world.

        Raises:
            WorldNameRefused: The name is not 1 to 64 letters, digits, dots, dashes or underscores, or there are
                too many worlds already.
        """
        found = self._worlds.get(name)
        if found is not None:
            return found
        with self._lock:
            if name not in self._worlds:
                if not _WORLD_NAME.fullmatch(name):
                    raise WorldNameRefused(
                        "a world's name has 1 to 64 letters, digits, dots, dashes and underscores "
                        "and begins with a letter or a digit"
                    )
                if len(self._worlds) >= MAX_WORLDS:
                    raise WorldNameRefused(f"there are {MAX_WORLDS} worlds already; delete some")
                self._worlds[name] = self.make_world(name, self._clock(), self._storage(name))
            return self._worlds[name]

    def make_world(self, name: str, clock: Clock, store: Storage | None = None) -> World:
        """Return a new world that is not listed; for tests that want one each.

        Args:
            name: Its name.
            clock: Its clock.
            store: Its storage; None for one in memory.
        """
        image = self._image(clock) if store is None else None
        world = World(
            name,
            self.dispatchers,
            store=store or SqliteStorage(),
            clock=clock,
            seed=self._seed,
            sender=self._sender,
            image=image,
            deliver=self.deliver,
            rate_limits=self._rate_limits,
        )
        if store is None and world.seeded is not None:
            self._keep(world.seeded, clock)
        world.outbox.on_queued = lambda: self.on_queued()
        return world

    def _image(self, clock: Clock) -> Image | None:
        """Return an image for a new world: the seed depends on where its clock stands, but not on the second."""
        if isinstance(clock, ManualClock):
            return self._images.get(clock.now())
        recent = self._recent
        return recent if recent is not None and timedelta() <= clock.now() - recent.instant < _RECENT else None

    def _keep(self, image: Image, clock: Clock) -> None:
        if isinstance(clock, ManualClock):
            self._images[image.instant] = image
        else:
            self._recent = image

    def _storage(self, name: str) -> Storage | None:
        if self._store is None:
            return None
        if name == DEFAULT_WORLD:
            return SqliteStorage(self._store)
        return SqliteStorage(self._store.with_name(f"{self._store.stem}.{name}{self._store.suffix}"))

    def worlds(self) -> list[World]:
        """Return the worlds in the order in which they were made."""
        with self._lock:
            return list(self._worlds.values())

    def delete_world(self, name: str) -> bool:
        """Forget a world, its file included, and return whether there was one."""
        with self._lock:
            world = self._worlds.pop(name, None)
            if world is None:
                return False
            with world.lock:
                world.close(forget=True)
            return True

    def close(self) -> None:
        """Give back the storage of all worlds."""
        with self._lock:
            for world in self._worlds.values():
                world.close()
            self._worlds.clear()

    def locate(self, path: str) -> Address | None:
        """Return the world and vendor that a path names, or None if it names none.

        Args:
            path: Raw path: `/<vendor>/…` in the default world, `/worlds/<world>/<vendor>/…` in any other.
        """
        first, _, rest = path[1:].partition("/")
        if first in self.dispatchers:
            return Address(DEFAULT_WORLD, first, f"/{first}", f"/{rest}" if rest or path.endswith("/") else "")
        if first == "worlds":
            name, _, below = rest.partition("/")
            vendor, slash, last = below.partition("/")
            if vendor in self.dispatchers and _WORLD_NAME.fullmatch(name):
                return Address(name, vendor, f"/worlds/{name}/{vendor}", f"{slash}{last}")
        return None

    def handle(self, request: Request) -> Reply | None:
        """Answer a request to a vendor.

        Args:
            request: The request with its whole path; its `base_url` is the emulator's own.

        Returns:
            The reply, or None if the path names no vendor.
        """
        address = self.locate(request.path)
        if address is None:
            return None
        below = Request(
            request.method,
            address.path,
            request.query,
            request.headers,
            request.body,
            f"{request.base_url}{address.prefix}",
        )
        return self.world(address.world).handle(address.vendor, below)
