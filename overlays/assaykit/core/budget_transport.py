"""Keeping to a vendor's rate limit: on the way to another transport, below the one that repeats requests."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import closing
from types import TracebackType
from typing import Any, Self

import httpx

from .budget import Budget, BudgetEvent, OnBudget, RateLimit, Window
from .errors import RateLimited
from .headers import rate_limit_remaining, retry_after
from .retry import BEFORE_SENDING, REPEAT
from .sleeping import asyncio_sleep
from .turns import CANCELLED

_log = logging.getLogger("assaykit.budget")

# Seconds. A nap ends early enough to notice that room was given back or that nobody waits any more, and late enough
# for a clock to have moved.
_LONGEST_NAP = 30.0
_SHORTEST_NAP = 0.001


class BudgetTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Holds back requests beyond the vendor's rate limit. One class for sync and async clients.

    It stands below the transport that repeats failed requests, so that a repetition counts like any other request.
    An operation without a limit, or a request that names no operation, passes untouched.

    What the vendor says counts more than what was counted here: less left in X-RateLimit-Remaining is taken over,
    and after a 429 nobody is let through before Retry-After has passed, or for a whole window if there is none.
    A request that was answered 429 is repeated as often as the retries allow with ``wait``, however long
    Retry-After is; never with ``raise``; and by the rules for any other request with ``report``.

    Args:
        transport: Where requests go. Sync, async or both, as the client that uses it.
        budget: The budget of the credential.
        limits: The limit of an operation by operationId, None if it has none.
        vendor: The vendor's name, for errors.
        on_budget: What becomes of a request that there is no room for.
        on_event: Called once for each such request, before it waits, is refused or is sent anyway.
        sleep: Waits a number of seconds, for sync clients.
        async_sleep: The same for async clients. Default: ``asyncio.sleep``.
        clock: Seconds since the epoch.
    """

    def __init__(
        self,
        transport: httpx.BaseTransport | httpx.AsyncBaseTransport,
        budget: Budget,
        limits: Callable[[str], RateLimit | None],
        *,
        vendor: str,
        on_budget: OnBudget = "wait",
        on_event: Callable[[BudgetEvent], object] | None = None,
        sleep: Callable[[float], object] = time.sleep,
        async_sleep: Callable[[float], Awaitable[object]] = asyncio_sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._transport: Any = transport  # which of the two it is, is up to the client that calls
        self._budget = budget
        self._limits = limits
        self._vendor = vendor
        self._on_budget = on_budget
        self._on_event = on_event
        self._sleep = sleep
        self._async_sleep = async_sleep
        self._clock = clock

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` when there is room for it.

        Raises:
            RateLimited: There is none, and it is not to wait.
        """
        window = self._window(request)
        if window is None:
            untouched: httpx.Response = self._transport.handle_request(request)
            return untouched
        with closing(self._admission(window, request)) as naps:
            for nap in naps:
                self._sleep(nap)
        try:
            response: httpx.Response = self._transport.handle_request(request)
        except BaseException as error:
            window.settle(self._clock, sent=not isinstance(error, BEFORE_SENDING))
            raise
        self._heed(window, response)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` when there is room for it; see ``handle_request``."""
        window = self._window(request)
        if window is None:
            untouched: httpx.Response = await self._transport.handle_async_request(request)
            return untouched
        with closing(self._admission(window, request)) as naps:
            for nap in naps:
                await self._async_sleep(nap)
        try:
            response: httpx.Response = await self._transport.handle_async_request(request)
        except BaseException as error:
            window.settle(self._clock, sent=not isinstance(error, BEFORE_SENDING))
            raise
        self._heed(window, response)
        return response

    def _window(self, request: httpx.Request) -> Window | None:
        operation = request.extensions.get("operation")
        limit = self._limits(operation) if isinstance(operation, str) else None
        return None if limit is None else self._budget.window(str(operation), limit)

    def _admission(self, window: Window, request: httpx.Request) -> Generator[float, None, None]:
        """Naps to take; when there are no more, room is taken."""
        wait = window.take(self._clock)
        if wait <= 0.0:
            return
        event = self._announce(window, request, wait)
        if self._on_budget == "raise":
            raise self._refusal(event)
        if self._on_budget == "report":
            window.overdraw()
            return
        cancelled: Callable[[], bool] | None = request.extensions.get(CANCELLED)
        with window.queued() as ticket:
            while (wait := window.take(self._clock, ticket)) > 0.0:
                yield min(max(wait, _SHORTEST_NAP), _LONGEST_NAP)
                if cancelled is not None and cancelled():
                    raise self._refusal(event)

    def _announce(self, window: Window, request: httpx.Request, wait: float) -> BudgetEvent:
        operation = request.extensions["operation"]
        event = BudgetEvent(operation, window.limit, window.seconds, wait, self._on_budget)
        _log.log(logging.WARNING if self._on_budget == "report" else logging.INFO, "%s %s", self._vendor, event)
        if self._on_event is not None:
            self._on_event(event)
        return event

    def _refusal(self, event: BudgetEvent) -> RateLimited:
        error = RateLimited(
            f"not sent: {event.limit} requests in {event.seconds:g} s are used up, room in {event.wait:.1f} s",
            vendor=self._vendor,
            operation=event.operation,
        )
        error.retry_after = event.wait
        return error

    def _heed(self, window: Window, response: httpx.Response) -> None:
        window.settle(self._clock)
        if response.status_code == 429:
            now = self._clock()
            asked = retry_after(response.headers, now)
            window.close(now + (window.seconds if asked is None else asked))
            if self._on_budget != "report":
                response.extensions = {**response.extensions, REPEAT: self._on_budget == "wait"}
            return
        left = rate_limit_remaining(response.headers, window.limit)
        if left is not None:
            window.remaining(self._clock, left)

    def close(self) -> None:
        """Close the transport below."""
        self._transport.close()

    async def aclose(self) -> None:
        """Close the transport below."""
        await self._transport.aclose()

    def __enter__(self) -> Self:
        self._transport.__enter__()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self._transport.__exit__(exc_type, exc_value, traceback)

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self._transport.__aexit__(exc_type, exc_value, traceback)
