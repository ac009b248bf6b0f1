"""The arguments that the clients of all vendors take."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TypedDict

import httpx

from .budget import BudgetEvent, OnBudget
from .caller import OnPartial
from .retry import RetryEvent
from .tokens import TokenStore


class SharedOptions(TypedDict, total=False):
    """Arguments that the client of every vendor takes, sync or async."""

    timeout: float | httpx.Timeout | None
    """Seconds for each phase of a request, or one figure per phase. Default: 5 to connect, 30 to read or write."""
    max_retries: int
    """Retries after a failed attempt. Default: 2."""
    on_retry: Callable[[RetryEvent], object] | None
    """Called before each retry's wait."""
    on_budget: OnBudget
    """What becomes of a request beyond a rate limit that the vendor documents. Default: it waits."""
    on_budget_event: Callable[[BudgetEvent], object] | None
    """Called once for each such request, before it waits, is refused or is sent anyway."""
    on_partial: OnPartial
    """What becomes of a bulk call of which a part failed: PartialFailure is raised, or its model returned. Default:
    ``raise``."""
    token_store: TokenStore | None
    """Where tokens are kept between clients or processes. Default: memory of this client."""
    allow_http: str | Collection[str]
    """Hosts that may be called without TLS besides loopback ones."""
    headers: Mapping[str, str] | None
    """Headers for every request."""
    proxy: str | None
    """URL of a proxy. Default: as the environment says (HTTPS_PROXY, NO_PROXY)."""
    clock: Callable[[], float]
    """Seconds since the epoch, for expiry and waits. Default: ``time.time``."""
    jitter: Callable[[], float]
    """Random numbers from 0 to below 1 for the waits between retries. Default: ``random.random``."""


class SyncOptions(SharedOptions, total=False):
    """Arguments that the sync client of every vendor takes."""

    transport: httpx.BaseTransport | None
    """Where requests go instead of the network; retries stay above it. Closed with the client."""
    sleep: Callable[[float], object]
    """Waits a number of seconds. Default: ``time.sleep``."""


class AsyncOptions(SharedOptions, total=False):
    """Arguments that the async client of every vendor takes."""

    transport: httpx.AsyncBaseTransport | None
    """Where requests go instead of the network; retries stay above it. Closed with the client."""
    sleep: Callable[[float], Awaitable[object]]
    """Waits a number of seconds. Default: ``asyncio.sleep``."""
