"""What every vendor's client is: one connection pool, one token, and the caller that operations go through."""

from __future__ import annotations

import random
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Generic, ParamSpec, Self, TypeVar

import httpx

from . import config
from .auth import TokenAuth, TokenSource
from .caller import AsyncCaller, Caller, Options, captured
from .errors import ConfigurationError, ErrorReader
from .failures import Failures
from .options import AsyncOptions, SyncOptions
from .redaction import redact_logs_about
from .retry import DEFAULT_MAX_RETRIES, RetryEvent, RetryPolicy, RetryTransport
from .sleeping import asyncio_sleep
from .tokens import TokenStore

__all__ = [
    "AsyncClient",
    "AsyncOptions",
    "AsyncSession",
    "Profile",
    "Session",
    "SyncClient",
    "SyncOptions",
    "SyncSession",
    "WrongKind",
]

P = ParamSpec("P")
T = TypeVar("T")
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


class SyncClient(ABC):
    """A vendor's sync client, without its operations. Threads may share one.

    Args:
        profile: The vendor.
        base_url: As given by the user.
        credentials: How the vendor gives tokens, for the checked base URL; or a ready httpx authentication.
        timeout: See SyncOptions, as for the others.

    Raises:
        ConfigurationError: An argument cannot be used; the error names it.
    """

    def __init__(
        self,
        profile: Profile,
        base_url: str,
        credentials: Callable[[str], TokenSource] | httpx.Auth,
        *,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int = DEFAULT_MAX_RETRIES,
        on_retry: Callable[[RetryEvent], object] | None = None,
        token_store: TokenStore | None = None,
        allow_http: str | Collection[str] = (),
        headers: Mapping[str, str] | None = None,
        proxy: str | None = None,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], object] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        url = config.base_url(base_url, allow_http)
        failures = Failures(profile.vendor, profile.read_error, clock)
        retries = RetryTransport(
            transport or httpx.HTTPTransport(verify=config.tls_context_for(url), proxy=config.proxy_for(url, proxy)),
            RetryPolicy(max_retries=config.max_retries(max_retries)),
            idempotent=profile.idempotent,
            on_retry=on_retry,
            sleep=sleep,
            clock=clock,
            jitter=jitter,
        )
        http = httpx.Client(
            base_url=url,
            auth=_auth(profile, url, credentials, failures, token_store, clock),
            headers={"User-Agent": config.user_agent(), **(headers or {})},
            timeout=config.timeout(timeout),
            transport=retries,
        )
        redact_logs_about(http.base_url.host)
        caller = Caller(http, failures, profile.decode_error)
        self._session: SyncSession = Session(
            base_url=url,
            http=http,
            caller=caller,
            failures=failures,
            clock=clock,
            sleep=sleep,
            max_retries=max_retries,
        )
        self._owns_pool = True
        self._bind(caller)

    @abstractmethod
    def _bind(self, caller: Caller) -> None:
        """Send the operations of this object through ``caller``; each vendor's class says how."""

    @property
    def session(self) -> SyncSession:
        """What helpers build on: the caller, httpx's client, the clock and the sleep."""
        return self._session

    def with_options(
        self,
        *,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """The same client with other options for its calls; pool and token are shared.

        Closing the clone does nothing: it lives as long as the client that it was made from.

        Args:
            timeout: Seconds for each phase, or an ``httpx.Timeout``.
            max_retries: Retries after a failed attempt.
            headers: Headers to add to each request.
        """
        options = _options(timeout, max_retries, headers)
        clone = object.__new__(type(self))
        clone._session = replace(
            self._session,
            caller=self._session.caller.with_options(options),
            max_retries=self._session.max_retries if max_retries is None else max_retries,
        )
        clone._owns_pool = False
        clone._bind(clone._session.caller)
        return clone

    def raw(self, method: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> tuple[T, httpx.Response]:
        """Call an operation and get the HTTP response beside the model.

        Args:
            method: An operation of this client, such as ``api.participants.create``.
            *args: Its arguments.
            **kwargs: Its arguments.
        """
        responses: list[httpx.Response] = []
        token = captured.set(responses)
        try:
            return method(*args, **kwargs), _last(responses)
        finally:
            captured.reset(token)

    def close(self) -> None:
        """Close the connections; calls after it raise ClientClosed."""
        if self._owns_pool:
            self._session.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._session.base_url}>"


class AsyncClient(ABC):
    """A vendor's async client, without its operations; the twin of SyncClient.

    Args:
        profile: The vendor.
        base_url: As given by the user.
        credentials: How the vendor gives tokens, for the checked base URL; or a ready httpx authentication.
        timeout: See AsyncOptions, as for the others.

    Raises:
        ConfigurationError: An argument cannot be used; the error names it.
    """

    def __init__(
        self,
        profile: Profile,
        base_url: str,
        credentials: Callable[[str], TokenSource] | httpx.Auth,
        *,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int = DEFAULT_MAX_RETRIES,
        on_retry: Callable[[RetryEvent], object] | None = None,
        token_store: TokenStore | None = None,
        allow_http: str | Collection[str] = (),
        headers: Mapping[str, str] | None = None,
        proxy: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[object]] = asyncio_sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        url = config.base_url(base_url, allow_http)
        failures = Failures(profile.vendor, profile.read_error, clock)
        retries = RetryTransport(
            transport
            or httpx.AsyncHTTPTransport(verify=config.tls_context_for(url), proxy=config.proxy_for(url, proxy)),
            RetryPolicy(max_retries=config.max_retries(max_retries)),
            idempotent=profile.idempotent,
            on_retry=on_retry,
            async_sleep=sleep,
            clock=clock,
            jitter=jitter,
        )
        http = httpx.AsyncClient(
            base_url=url,
            auth=_auth(profile, url, credentials, failures, token_store, clock),
            headers={"User-Agent": config.user_agent(), **(headers or {})},
            timeout=config.timeout(timeout),
            transport=retries,
        )
        redact_logs_about(http.base_url.host)
        caller = AsyncCaller(http, failures, profile.decode_error)
        self._session: AsyncSession = Session(
            base_url=url,
            http=http,
            caller=caller,
            failures=failures,
            clock=clock,
            sleep=sleep,
            max_retries=max_retries,
        )
        self._owns_pool = True
        self._bind(caller)

    @abstractmethod
    def _bind(self, caller: AsyncCaller) -> None:
        """Send the operations of this object through ``caller``; each vendor's class says how."""

    @property
    def session(self) -> AsyncSession:
        """What helpers build on: the caller, httpx's client, the clock and the sleep."""
        return self._session

    def with_options(
        self,
        *,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """The same client with other options for its calls; see ``SyncClient.with_options``."""
        options = _options(timeout, max_retries, headers)
        clone = object.__new__(type(self))
        clone._session = replace(
            self._session,
            caller=self._session.caller.with_options(options),
            max_retries=self._session.max_retries if max_retries is None else max_retries,
        )
        clone._owns_pool = False
        clone._bind(clone._session.caller)
        return clone

    async def raw(
        self, method: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> tuple[T, httpx.Response]:
        """Call an operation and get the HTTP response beside the model; see ``SyncClient.raw``."""
        responses: list[httpx.Response] = []
        token = captured.set(responses)
        try:
            return await method(*args, **kwargs), _last(responses)
        finally:
            captured.reset(token)

    async def close(self) -> None:
        """Close the connections; calls after it raise ClientClosed."""
        if self._owns_pool:
            await self._session.http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._session.base_url}>"


class WrongKind(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Stands where a generated client would otherwise open a pool of its own, without token or retries.

    Args:
        problem: What the client is made for.
        remedy: Which one to use instead.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        self._error = ConfigurationError("client", problem, remedy)

    def handle_request(self, _request: httpx.Request) -> httpx.Response:
        """Refuse."""
        raise self._error

    async def handle_async_request(self, _request: httpx.Request) -> httpx.Response:
        """Refuse."""
        raise self._error


def _auth(
    profile: Profile,
    base_url: str,
    credentials: Callable[[str], TokenSource] | httpx.Auth,
    failures: Failures,
    store: TokenStore | None,
    clock: Callable[[], float],
) -> httpx.Auth:
    if isinstance(credentials, httpx.Auth):
        return credentials
    return TokenAuth(credentials(base_url), failures, store=store, clock=clock, public=profile.public)


def _last(responses: list[httpx.Response]) -> httpx.Response:
    if not responses:
        raise ConfigurationError("method", "made no call", "give an operation, such as api.participants.create")
    return responses[-1]


def _options(
    timeout: float | httpx.Timeout | None, max_retries: int | None, headers: Mapping[str, str] | None
) -> Options:
    return Options(
        timeout=None if timeout is None else config.timeout(timeout),
        max_retries=None if max_retries is None else config.max_retries(max_retries),
        headers=dict(headers or {}),
    )
