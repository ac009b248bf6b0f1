"""Rate limits: how many requests an operation still takes from whom, in windows by the world's clock."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from assaykit.emulator.engine.clock import Clock
from assaykit.emulator.engine.jsontext import dumps
from assaykit.emulator.engine.storage import Collection, Storage

_KEPT: Final = 10_000
"""Windows that are remembered before those that are over are dropped."""
_WINDOWS: Final = Collection("_emulator.windows")
_Key = tuple[str, Hashable, str]
"""Vendor, identity, operation."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a request left of its window.

    Args:
        allowed: Whether the request fits the window.
        limit: Requests that a window takes.
        seconds: Length of a window.
        remaining: Requests that the window still takes, this one counted.
        wait: Whole seconds, rounded up, until the next window begins.
    """

    allowed: bool
    limit: int
    seconds: float
    remaining: int
    wait: int


@dataclass(slots=True)
class _Window:
    begun: float
    limit: int
    seconds: float
    used: int = 0

    def is_open(self, now: float) -> bool:
        # A clock that was set back makes a window begin in the future; such a one is over as well.
        return self.begun <= now < self.begun + self.seconds


class Limits:
    """The windows of one world: one for each vendor, identity and operation, fixed, from its first request on.

    They are counted in memory, so that a request which only reads writes nothing, and kept in the storage as well
    where that outlives the process: whoever has used up a window has done so after a restart, too. Such an identity is
    text or a number.

    Args:
        clock: The world's clock.
        store: The world's storage.
        enabled: Whether requests are counted at first.
    """

    def __init__(self, clock: Clock, store: Storage, *, enabled: bool = True) -> None:
        self.enabled = enabled
        self._clock = clock
        self._store = store
        self._begin = enabled
        self._windows: dict[_Key, _Window] = {}

    def load(self) -> None:
        """Take over what the storage holds, if it outlives the process; call it again when it was restored."""
        if not self._store.durable:
            return
        self._store.declare(_WINDOWS)
        self._windows = {
            (kept["vendor"], kept["identity"], kept["operation"]): _Window(
                kept["begun"], kept["limit"], kept["seconds"], kept["used"]
            )
            for kept in self._store.find(_WINDOWS.name)
        }

    def take(self, vendor: str, identity: Hashable, operation: str, limit: int, seconds: float) -> Budget:
        """Count a request; one beyond the limit is told so and costs nothing.

        Args:
            vendor: The vendor asked.
            identity: Whose request it is, as the check of the credentials said; None for anybody.
            operation: The operationId.
            limit: Requests that a window takes.
            seconds: Length of a window.
        """
        now = self._clock.time()
        key = (vendor, identity, operation)
        window = self._windows.get(key)
        if window is None or not window.is_open(now):
            if len(self._windows) >= _KEPT:
                self._drop([kept for kept, other in self._windows.items() if not other.is_open(now)])
            window = self._windows[key] = _Window(now, limit, seconds)
        allowed = window.used < limit
        if allowed:
            window.used += 1
            self._keep(key, window)
        # A clock counts in microseconds, so a float's last digits must not round a whole second up to the next.
        wait = max(1, math.ceil(round(window.begun + seconds - now, 6)))
        return Budget(allowed, limit, seconds, limit - window.used, wait)

    def _keep(self, key: _Key, window: _Window) -> None:
        if not self._store.durable:
            return
        vendor, identity, operation = key
        document = {"vendor": vendor, "identity": identity, "operation": operation, **asdict(window)}
        name = dumps(key).decode()
        if window.used == 1:
            self._store.delete(_WINDOWS.name, name)
            self._store.insert(_WINDOWS.name, name, document)
        else:
            self._store.replace(_WINDOWS.name, name, document)

    def _drop(self, keys: Sequence[_Key]) -> None:
        for key in keys:
            del self._windows[key]
            if self._store.durable:
                self._store.delete(_WINDOWS.name, dumps(key).decode())

    def listing(self) -> list[dict[str, Any]]:
        """Return the open windows as JSON, without telling whose they are."""
        now = self._clock.time()
        return [
            {
                "vendor": vendor,
                "operation": operation,
                "limit": window.limit,
                "remaining": window.limit - window.used,
                "endsInSeconds": math.ceil(round(window.begun + window.seconds - now, 6)),
            }
            for (vendor, _, operation), window in self._windows.items()
            if window.is_open(now)
        ]

    def reset(self) -> None:
        """Forget all windows, and count or not as at first."""
        self._drop(list(self._windows))
        self.enabled = self._begin
