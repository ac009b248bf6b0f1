"""The clients, sync and async."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, Self, Unpack, get_args

from assaykit.core import config
from assaykit.core.caller import AsyncCaller, Caller
from assaykit.core.client import AsyncClient, Profile, SyncClient
from assaykit.core.environment import from_environment
from assaykit.core.errors import ConfigurationError
from assaykit.core.operations import idempotency
from assaykit.core.options import AsyncOptions, SyncOptions
from assaykit.core.plain import on_async_pool, on_sync_pool
from assaykit.core.secrets import Secret
from podium_client.errors import ResponseDecodeError
from podium_client.facade import AsyncFacade, Facade

from .auth import ApiKeySource, read_error

if TYPE_CHECKING:
    from podium_client.client import Client

Region = Literal["au", "eu", "uae"]
REGIONS: Final[Mapping[str, str]] = {
    region: f"https://integration-{region}.podium365.com" for region in get_args(Region)
}
"""Base URL by region. Source: "Base URLs and Environments"; a test compares it with the specification."""

_ARGUMENTS: Final = ("api_key", "region", "base_url")

PROFILE: Final = Profile(
    vendor="podium",
    read_error=read_error,
    decode_error=ResponseDecodeError,
    idempotent=idempotency("podium_client"),
    public=frozenset({"tokens_create"}),
)


class Podium(SyncClient, Facade):
    """Podium's interface: one attribute per resource, such as ``api.participants``. Threads may share a client.

    The API key is exchanged for a token on the first call; the token is kept, renewed ahead of expiry, and once
    more when Podium refuses it. Failed requests are retried as ``assaykit.core.retry`` states.

    Args:
        api_key: The secret key that Podium gave the partner.
        region: Where the partner's data is: ``au``, ``eu`` or ``uae``.
        base_url: Address to call instead of a region's, such as an emulator's.
        **options: See ``assaykit.core.options.SyncOptions``: timeout, max_retries, on_retry, token_store,
            allow_http, headers, proxy, transport, clock, sleep, jitter.

    Raises:
        ConfigurationError: An argument cannot be used; the error names it.

    Source:
        Podium Developer API, "Getting Started", "Base URLs and Environments"
    """

    def __init__(
        self,
        api_key: str,
        *,
        region: Region | None = None,
        base_url: str | None = None,
        **options: Unpack[SyncOptions],
    ) -> None:
        key = _checked_key(api_key)
        SyncClient.__init__(self, PROFILE, _address(region, base_url), lambda url: ApiKeySource(url, key), **options)

    def _bind(self, caller: Caller) -> None:
        Facade.__init__(self, caller)

    @classmethod
    def from_env(cls, variables: Mapping[str, str] | None = None, **options: Unpack[SyncOptions]) -> Self:
        """Make a client from environment variables.

        ``ASSAYKIT_PODIUM_API_KEY``, and ``ASSAYKIT_PODIUM_REGION`` or ``ASSAYKIT_PODIUM_BASE_URL``; further
        ``…_TIMEOUT``, ``…_MAX_RETRIES``, ``…_ALLOW_HTTP``, ``…_PROXY`` and ``…_TOKEN_FOLDER``.

        Args:
            variables: Where to read. Default: the process's environment.
            **options: Take precedence over variables.

        Raises:
            ConfigurationError: A variable is missing or cannot be used; the error names it.
        """
        with from_environment("podium", variables, options, *_ARGUMENTS) as (environment, merged):
            return cls(
                environment.required("API_KEY", "the API key that Podium gave you"),
                region=_region(environment.text("REGION")),
                base_url=environment.text("BASE_URL"),
                **merged,
            )

    @cached_property
    def client(self) -> Client:
        """For the plain modules' ``sync`` functions: the generated package's client, on this pool and token."""
        from podium_client.client import Client

        return on_sync_pool(Client(base_url=self._session.base_url), self._session, "Podium", "AsyncPodium")


class AsyncPodium(AsyncClient, AsyncFacade):
    """Podium's interface for asyncio; the twin of Podium. Tasks may share a client.

    Args:
        api_key: The secret key that Podium gave the partner.
        region: Where the partner's data is: ``au``, ``eu`` or ``uae``.
        base_url: Address to call instead of a region's, such as an emulator's.
        **options: See ``assaykit.core.options.AsyncOptions``.

    Raises:
        ConfigurationError: An argument cannot be used; the error names it.
    """

    def __init__(
        self,
        api_key: str,
        *,
        region: Region | None = None,
        base_url: str | None = None,
        **options: Unpack[AsyncOptions],
    ) -> None:
        key = _checked_key(api_key)
        AsyncClient.__init__(self, PROFILE, _address(region, base_url), lambda url: ApiKeySource(url, key), **options)

    def _bind(self, caller: AsyncCaller) -> None:
        AsyncFacade.__init__(self, caller)

    @classmethod
    def from_env(cls, variables: Mapping[str, str] | None = None, **options: Unpack[AsyncOptions]) -> Self:
        """Make a client from environment variables; see ``Podium.from_env``."""
        with from_environment("podium", variables, options, *_ARGUMENTS) as (environment, merged):
            return cls(
                environment.required("API_KEY", "the API key that Podium gave you"),
                region=_region(environment.text("REGION")),
                base_url=environment.text("BASE_URL"),
                **merged,
            )

    @cached_property
    def client(self) -> Client:
        """For the plain modules' ``asyncio`` functions: the generated package's client, on this pool and token."""
        from podium_client.client import Client

        return on_async_pool(Client(base_url=self._session.base_url), self._session, "AsyncPodium", "Podium")


def _checked_key(api_key: str) -> Secret:
    return Secret(config.required("api_key", api_key, "give the API key that Podium gave you"))


def _region(text: str | None) -> Region | None:
    for region in get_args(Region):
        if text == region:
            found: Region = region
            return found
    if text is None:
        return None
    raise ConfigurationError("region", f"{text!r} is no region of Podium", f"choose one of {', '.join(REGIONS)}")


def _address(region: str | None, base_url: str | None) -> str:
    if (region is None) == (base_url is None):
        problem = "neither it nor base_url is given" if region is None else "both it and base_url are given"
        raise ConfigurationError("region", problem, f"give one: region {' or '.join(REGIONS)}, or a base_url")
    if base_url is not None:
        return base_url
    return REGIONS[_region(region) or ""]
