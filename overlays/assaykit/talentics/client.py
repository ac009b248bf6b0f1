"""The clients, sync and async."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta, timezone, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self, Unpack

from assaykit.core import config
from assaykit.core.basic import BasicAuth
from assaykit.core.caller import AsyncCaller, Caller
from assaykit.core.client import AsyncClient, Profile, SyncClient
from assaykit.core.environment import from_environment
from assaykit.core.errors import ConfigurationError
from assaykit.core.operations import idempotency, rate_limits
from assaykit.core.options import AsyncOptions, SyncOptions
from assaykit.core.plain import on_async_pool, on_sync_pool
from assaykit.core.secrets import Secret
from assaykit.core.zones import NaiveDates, time_zone
from talentics_client.errors import ResponseDecodeError
from talentics_client.facade import AsyncFacade, Facade

from .errors import read_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentics_client.client import Client

BASE_URL: Final = "https://api.talentics.id"
"""Source: "Basic Authentication"; a test compares it with the specification."""

HOME: Final = "Asia/Jakarta"
"""Where the vendor is at home. Which zone its dates without one are in, the page does not say."""

_ARGUMENTS: Final = ("app_id", "app_secret", "base_url", "zone")

PROFILE: Final = Profile(
    vendor="talentics",
    read_error=read_error,
    decode_error=ResponseDecodeError,
    idempotent=idempotency("talentics_client"),
    rate_limit=rate_limits("talentics_client"),
)


class Talentics(SyncClient, Facade):
    """Talentics' interface: one attribute per resource, such as ``api.exams``. Threads may share a client.

    App ID and App Secret go with every request. Of the operations for which the vendor documents 50 requests in 15
    minutes no more are sent; all clients of one credential in the process share that budget. Failed requests are
    retried as ``assaykit.core.retry`` states.

    Args:
        app_id: The App ID of the developer account.
        app_secret: The App Secret that belongs to it.
        base_url: Address to call instead of the vendor's, such as an emulator's.
        zone: Time zone of the dates that the vendor writes without one, by name or as a tzinfo. The text as
            received stays in their ``raw``.
        **options: See ``assaykit.core.options.SyncOptions``: timeout, max_retries, on_retry, on_budget (what
            becomes of a request beyond the budget: ``wait``, ``raise`` or ``report``), on_budget_event, allow_http,
            headers, proxy, transport, clock, sleep, jitter.

    Raises:
        ConfigurationError: An argument cannot be used; the error names it.

    Source:
        Talentics API, "Basic Authentication"
    """

    def __init__(
        self,
        app_id: str,
        app_secret: str,
        *,
        base_url: str = BASE_URL,
        zone: str | tzinfo = HOME,
        **options: Unpack[SyncOptions],
    ) -> None:
        auth = _credentials(app_id, app_secret)
        SyncClient.__init__(self, PROFILE, base_url, auth, naive_dates=_naive_dates(zone), **options)

    def _bind(self, caller: Caller) -> None:
        Facade.__init__(self, caller)

    @classmethod
    def from_env(cls, variables: Mapping[str, str] | None = None, **options: Unpack[SyncOptions]) -> Self:
        """Make a client from environment variables.

        ``ASSAYKIT_TALENTICS_APP_ID``, ``…_APP_SECRET``; further ``…_BASE_URL``, ``…_ZONE``, ``…_ON_BUDGET``,
        ``…_TIMEOUT``, ``…_MAX_RETRIES``, ``…_ALLOW_HTTP`` and ``…_PROXY``.

        Args:
            variables: Where to read. Default: the process's environment.
            **options: Take precedence over variables.

        Raises:
            ConfigurationError: A variable is missing or cannot be used; the error names it.
        """
        with from_environment("talentics", variables, options, *_ARGUMENTS) as (environment, merged):
            return cls(
                environment.required("APP_ID", "the App ID of your developer account"),
                environment.required("APP_SECRET", "the App Secret of your developer account"),
                base_url=environment.text("BASE_URL") or BASE_URL,
                zone=environment.text("ZONE") or HOME,
                **merged,
            )

    @cached_property
    def client(self) -> Client:
        """For the plain modules' ``sync`` functions: the generated package's client, on this pool and credential.

        The plain modules know nothing of ``zone``: dates that come without one stay so.
        """
        from talentics_client.client import Client

        return on_sync_pool(Client(base_url=self._session.base_url), self._session, "Talentics", "AsyncTalentics")


class AsyncTalentics(AsyncClient, AsyncFacade):
    """Talentics' interface for asyncio; the twin of Talentics. Tasks may share a client.

    Args:
        app_id: The App ID of the developer account.
        app_secret: The App Secret that belongs to it.
        base_url: Address to call instead of the vendor's, such as an emulator's.
        zone: Time zone of the dates that the vendor writes without one, by name or as a tzinfo.
        **options: See ``assaykit.core.options.AsyncOptions``.

    Raises:
        ConfigurationError: An argument cannot be used; the error names it.
    """

    def __init__(
        self,
        app_id: str,
        app_secret: str,
        *,
        base_url: str = BASE_URL,
        zone: str | tzinfo = HOME,
        **options: Unpack[AsyncOptions],
    ) -> None:
        auth = _credentials(app_id, app_secret)
        AsyncClient.__init__(self, PROFILE, base_url, auth, naive_dates=_naive_dates(zone), **options)

    def _bind(self, caller: AsyncCaller) -> None:
        AsyncFacade.__init__(self, caller)

    @classmethod
    def from_env(cls, variables: Mapping[str, str] | None = None, **options: Unpack[AsyncOptions]) -> Self:
        """Make a client from environment variables; see ``Talentics.from_env``."""
        with from_environment("talentics", variables, options, *_ARGUMENTS) as (environment, merged):
            return cls(
                environment.required("APP_ID", "the App ID of your developer account"),
                environment.required("APP_SECRET", "the App Secret of your developer account"),
                base_url=environment.text("BASE_URL") or BASE_URL,
                zone=environment.text("ZONE") or HOME,
                **merged,
            )

    @cached_property
    def client(self) -> Client:
        """For the plain modules' ``asyncio`` functions; see ``Talentics.client``."""
        from talentics_client.client import Client

        return on_async_pool(Client(base_url=self._session.base_url), self._session, "AsyncTalentics", "Talentics")


def _credentials(app_id: str, app_secret: str) -> Callable[[str], BasicAuth]:
    user = Secret(config.required("app_id", app_id, "give the App ID of your developer account"))
    password = Secret(config.required("app_secret", app_secret, "give the App Secret of your developer account"))
    if ":" in app_id:
        raise ConfigurationError("app_id", "holds a colon", "give App ID and App Secret apart")
    return lambda base_url: BasicAuth("talentics", base_url, user, password)


def _naive_dates(zone: str | tzinfo) -> NaiveDates:
    from talentics_client.wire import default_zone

    try:
        return NaiveDates(default_zone, time_zone(zone))
    except ConfigurationError:
        if zone != HOME:
            raise
        # The default must work on systems without time zones too; Jakarta has kept to this one since 1964.
        return NaiveDates(default_zone, timezone(timedelta(hours=7), "WIB"))
