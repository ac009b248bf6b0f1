"""A server that allows so many requests in a window of its own, on a clock that several threads may move."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import httpx


@dataclass(eq=False)
class SharedClock:
    """Seconds since the epoch that pass only when told, or when slept; threads may share it."""

    now: float = 1_700_000_000.0
    slept: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        with self._lock:
            self.now += seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)

    async def async_sleep(self, seconds: float) -> None:
        import asyncio

        await asyncio.sleep(0)  # so that other tasks get on, as they do while one really sleeps
        self.sleep(seconds)


class FixedWindows:
    """Counts in fixed windows, one count for each path; what is too much is answered 429.

    Args:
        clock: The server's clock.
        limit: Requests allowed in a window.
        seconds: Length of a window.
        begin: When, after the epoch, one of the windows begins; None to begin with the first request.
    """

    def __init__(self, clock: SharedClock, limit: int = 50, seconds: float = 900.0, begin: float | None = None) -> None:
        self.clock = clock
        self.limit = limit
        self.seconds = seconds
        self.begin = begin
        self.accepted: list[float] = []
        self.refused: list[float] = []
        self.remaining_header = True
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[float, int]] = {}

    def refusal(self, request: httpx.Request) -> httpx.Response | None:
        """Count a request; the 429 if it is one too many."""
        with self._lock:
            now = self.clock()
            began, count = self._windows.get(request.url.path, (self._begins(now), 0))
            if now - began >= self.seconds:
                began, count = self._begins(now), 0
            if count >= self.limit:
                self.refused.append(now)
                after = str(int(began + self.seconds - now) + 1)
                return httpx.Response(429, headers={"Retry-After": after, "X-RateLimit-Remaining": "0"})
            self._windows[request.url.path] = (began, count + 1)
            self.accepted.append(now)
            return None

    def headers(self, request: httpx.Request) -> dict[str, str]:
        """The headers that tell what is left."""
        left = self.limit - self._windows[request.url.path][1]
        return (
            {"X-RateLimit-Limit": str(self.limit), "X-RateLimit-Remaining": str(left)} if self.remaining_header else {}
        )

    def spend(self, path: str, number: int) -> None:
        """Requests of another process."""
        for _ in range(number):
            self.refusal(httpx.Request("GET", f"https://acme.example{path}"))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        return self.refusal(request) or httpx.Response(200, json={}, headers=self.headers(request))

    def _begins(self, now: float) -> float:
        if self.begin is None:
            return now
        return now - (now - self.begin) % self.seconds
