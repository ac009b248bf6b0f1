"""What a client is made of, apart from its operations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import httpx

from .budget import RateLimit
from .caller import AsyncCaller, Caller
from .errors import ErrorReader
from .failures import Failures

CallerT = TypeVar("CallerT", Caller, AsyncCaller)
HttpT = TypeVar("HttpT", httpx.Client, httpx.AsyncClient)
SleepT = TypeVar("SleepT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What differs between vendors below the operations."""

    vendor: str
    read_error: ErrorReader
    """Reads the vendor's error body."""
    decode_error: type[Exception]
    """The generated package's ResponseDecodeError."""
    idempotent: Callable[[str], bool | None]
    """Says for an operationId whether it may be repeated; asked only once a request has failed."""
    public: frozenset[str] = field(default_factory=frozenset)
    """operationIds that need no token."""
    rate_limit: Callable[[str], RateLimit | None] | None = None
    """Says for an operationId how many requests in how many seconds the vendor allows; None if it limits nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session(Generic[HttpT, CallerT, SleepT]):
    """What a client and its ``with_options`` clones share, for helpers that do more than one call."""

    base_url: str
    http: HttpT
    """httpx's client: pool, base URL, token, retries."""
    caller: CallerT
    failures: Failures
    clock: Callable[[], float]
    """Seconds since the epoch."""
    sleep: SleepT
    """Waits a number of seconds."""
    max_retries: int
    """Retries that a call of this client has."""


SyncSession = Session[httpx.Client, Caller, Callable[[float], object]]
AsyncSession = Session[httpx.AsyncClient, AsyncCaller, Callable[[float], Awaitable[object]]]
