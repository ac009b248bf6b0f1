"""What every vendor's client is: one connection pool, one token, and the caller that operations go through."""

from __future__ import annotations

import random
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, ParamSpec, Self, TypeVar

import httpx

from . import config
from .auth import TokenSource
from .budget import BudgetEvent, OnBudget
from .budget_transport import BudgetTransport
from .caller import AsyncCaller, Caller, OnPartial, Options, captured
from .credentials import authentication, budget_of
from .errors import ConfigurationError
from .failures import Failures
from .options import AsyncOptions, SyncOptions
from .profile import AsyncSession, Profile, Session, SyncSession
from .redaction import redact_logs_about
from .retry import DEFAULT_MAX_RETRIES, RetryEvent, RetryPolicy, RetryTransport
from .sleeping import asyncio_sleep
from .tokens import TokenStore
from .zones import NaiveDates

if TYPE_CHECKING:
    from .paging import AsyncPages, Pages

__all__ = [
    "AsyncClient",
    "AsyncOptions",
    "AsyncSession",
    "Profile",
    "Session",
    "SyncClient",
    "SyncOptions",
    "SyncSession",
]

P = ParamSpec("P")
T = TypeVar("T")


class SyncClient(ABC):
    """A vendor's sync client, without its operations. Threads may share one.

    Args:
        profile: The vendor.
        base_url: As given by the user.
        credentials: How the vendor gives tokens, or a ready httpx authentication; or what makes one of them for
            the checked base URL.
        naive_dates: The zone of dates that the vendor writes without one.
        timeout: See SyncOptions, as for the others.

    Raises:
        ConfigurationError: An argument cannot be used; the error names it.
    """

    def __init__(
        self,
        profile: Profile,
        base_url: str,
        credentials: Callable[[str], TokenSource | httpx.Auth] | httpx.Auth,
        *,
        naive_dates: NaiveDates | None = None,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int = DEFAULT_MAX_RETRIES,
        on_retry: Callable[[RetryEvent], object] | None = None,
        on_budget: OnBudget = "wait",
        on_budget_event: Callable[[BudgetEvent], object] | None = None,
        on_partial: OnPartial = "raise",
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
        auth = authentication(profile, url, credentials, failures, token_store, clock)
        below: httpx.BaseTransport = transport or httpx.HTTPTransport(
            verify=config.tls_context_for(url), proxy=config.proxy_for(url, proxy)
        )
        config.one_of("on_budget", on_budget, OnBudget)
        options = Options(on_partial=config.one_of("on_partial", on_partial, OnPartial))
        if profile.rate_limit is not None:
            below = BudgetTransport(
                below,
                budget_of(auth, clock),
                profile.rate_limit,
                vendor=profile.vendor,
                on_budget=on_budget,
                on_event=on_budget_event,
                sleep=sleep,
                clock=clock,
            )
        retries = RetryTransport(
            below,
            RetryPolicy(max_retries=config.max_retries(max_retries)),
            idempotent=profile.idempotent,
            on_retry=on_retry,
            sleep=sleep,
            clock=clock,
            jitter=jitter,
        )
        http = httpx.Client(
            base_url=url,
            auth=auth,
            headers={"User-Agent": config.user_agent(), **(headers or {})},
            timeout=config.timeout(timeout),
            transport=retries,
        )
        redact_logs_about(http.base_url.host)
        caller = Caller(http, failures, profile.decode_error, options, naive_dates=naive_dates)
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
        on_partial: OnPartial | None = None,
    ) -> Self:
        """The same client with other options for its calls; pool and token are shared.

        Closing the clone does nothing: it lives as long as the client that it was made from.

        Args:
            timeout: Seconds for each phase, or an ``httpx.Timeout``.
            max_retries: Retries after a failed attempt.
            headers: Headers to add to each request.
            on_partial: ``raise`` or ``return``, for bulk calls of which a part failed.
        """
        options = _options(timeout, max_retries, headers, on_partial)
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

    def paginate(self, method: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Pages[T]:
        """Walk all pages of a list, as in ``for exam in api.paginate(api.exams.list, per_page=100)``.

        Nothing is asked for before the iteration begins, and of the pages no more are held than the one at hand
        and those that ``prefetch`` fetches ahead.

        Args:
            method: A list operation of this client, such as ``api.exams.list``.
            *args: Its arguments.
            **kwargs: Its arguments. A page or offset among them is where the walk begins.
        """
        from .paging import Pages

        return Pages(self._session.failures, method, *args, **kwargs)

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
        credentials: How the vendor gives tokens, or a ready httpx authentication; or what makes one of them for
            the checked base URL.
        naive_dates: The zone of dates that the vendor writes without one.
        timeout: See AsyncOptions, as for the others.

    Raises:
        ConfigurationError: An argument cannot be used; the error names it.
    """

    def __init__(
        self,
        profile: Profile,
        base_url: str,
        credentials: Callable[[str], TokenSource | httpx.Auth] | httpx.Auth,
        *,
        naive_dates: NaiveDates | None = None,
        timeout: float | httpx.Timeout | None = None,
        max_retries: int = DEFAULT_MAX_RETRIES,
        on_retry: Callable[[RetryEvent], object] | None = None,
        on_budget: OnBudget = "wait",
        on_budget_event: Callable[[BudgetEvent], object] | None = None,
        on_partial: OnPartial = "raise",
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
        auth = authentication(profile, url, credentials, failures, token_store, clock)
        below: httpx.AsyncBaseTransport = transport or httpx.AsyncHTTPTransport(
            verify=config.tls_context_for(url), proxy=config.proxy_for(url, proxy)
        )
        config.one_of("on_budget", on_budget, OnBudget)
        options = Options(on_partial=config.one_of("on_partial", on_partial, OnPartial))
        if profile.rate_limit is not None:
            below = BudgetTransport(
                below,
                budget_of(auth, clock),
                profile.rate_limit,
                vendor=profile.vendor,
                on_budget=on_budget,
                on_event=on_budget_event,
                async_sleep=sleep,
                clock=clock,
            )
        retries = RetryTransport(
            below,
            RetryPolicy(max_retries=config.max_retries(max_retries)),
            idempotent=profile.idempotent,
            on_retry=on_retry,
            async_sleep=sleep,
            clock=clock,
            jitter=jitter,
        )
        http = httpx.AsyncClient(
            base_url=url,
            auth=auth,
            headers={"User-Agent": config.user_agent(), **(headers or {})},
            timeout=config.timeout(timeout),
            transport=retries,
        )
        redact_logs_about(http.base_url.host)
        caller = AsyncCaller(http, failures, profile.decode_error, options, naive_dates=naive_dates)
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
        on_partial: OnPartial | None = None,
    ) -> Self:
        """The same client with other options for its calls; see ``SyncClient.with_options``."""
        options = _options(timeout, max_retries, headers, on_partial)
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

    def paginate(self, method: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs) -> AsyncPages[T]:
        """Walk all pages of a list, as in ``async for exam in api.paginate(api.exams.list)``.

        See ``SyncClient.paginate``.
        """
        from .paging import AsyncPages

        return AsyncPages(self._session.failures, method, *args, **kwargs)

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


def _last(responses: list[httpx.Response]) -> httpx.Response:
    if not responses:
        raise ConfigurationError("method", "made no call", "give an operation, such as api.participants.create")
    return responses[-1]


def _options(
    timeout: float | httpx.Timeout | None,
    max_retries: int | None,
    headers: Mapping[str, str] | None,
    on_partial: OnPartial | None,
) -> Options:
    return Options(
        timeout=None if timeout is None else config.timeout(timeout),
        max_retries=None if max_retries is None else config.max_retries(max_retries),
        headers=dict(headers or {}),
        on_partial=None if on_partial is None else config.one_of("on_partial", on_partial, OnPartial),
    )
