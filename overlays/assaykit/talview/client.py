"""The clients, sync and async."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self, TypedDict, Unpack

from assaykit.core.caller import AsyncCaller, Caller
from assaykit.core.client import AsyncClient, Profile, SyncClient
from assaykit.core.config import Environment
from assaykit.core.environment import from_environment
from assaykit.core.operations import idempotency
from assaykit.core.options import AsyncOptions, SyncOptions
from assaykit.core.plain import on_async_pool, on_sync_pool
from talview_client.errors import ResponseDecodeError
from talview_client.facade import AsyncFacade, Facade

from .auth import credentials
from .errors import read_error
from .service_account import ServiceAccount
from .suppression import refuse_suppression, refuse_suppression_async

if TYPE_CHECKING:
    from talview_client.client import Client

_ARGUMENTS: Final = (
    "base_url",
    "client_id",
    "client_secret",
    "username",
    "password",
    "email",
    "private_key",
    "scopes",
    "audience",
)

PROFILE: Final = Profile(
    vendor="talview",
    read_error=read_error,
    decode_error=ResponseDecodeError,
    idempotent=idempotency("talview_client"),
    public=frozenset({"tokens_create", "mobile_public_assessment_sections_get"}),
)


class Talview(SyncClient, Facade):
    """Talview's interface: one attribute per resource, such as ``api.candidates``. Threads may share a client.

    The credentials are exchanged for a token on the first call; the token is kept, renewed ahead of expiry by its
    refresh token or else by the credentials, and once more when Talview refuses it. Failed requests are retried as
    ``assaykit.core.retry`` states.

    Args:
        base_url: The address that Talview has named to you, with the version prefix if there is one. The vendor's page
            names none.
        client_id: Id of the application.
        client_secret: The secret that belongs to it.
        username: Name of the user in whose name the application acts.
        password: The user's password.
        service_account: A service account instead of the four above.
        **options: See ``assaykit.core.options.SyncOptions``: timeout, max_retries, on_retry, token_store, allow_http,
            headers, proxy, transport, clock, sleep, jitter.

    Raises:
        ConfigurationError: An argument cannot be used; the error names it.

    Source:
        Talview API v4, "Resource Owner Password Credentials", "JSON Web Token (JWT)"
    """

    def __init__(
        self,
        base_url: str,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        username: str | None = None,
        password: str | None = None,
        service_account: ServiceAccount | None = None,
        **options: Unpack[SyncOptions],
    ) -> None:
        source = credentials(
            client_id, client_secret, username, password, service_account, options.get("clock", time.time)
        )
        SyncClient.__init__(self, PROFILE, base_url, source, **options)
        self._session.http.event_hooks["request"].append(refuse_suppression)

    def _bind(self, caller: Caller) -> None:
        Facade.__init__(self, caller)

    @classmethod
    def from_env(cls, variables: Mapping[str, str] | None = None, **options: Unpack[SyncOptions]) -> Self:
        """Make a client from environment variables.

        ``ASSAYKIT_TALVIEW_BASE_URL``, and ``…_CLIENT_ID``, ``…_CLIENT_SECRET``, ``…_USERNAME`` and ``…_PASSWORD``, or
        for a service account ``…_EMAIL``, ``…_PRIVATE_KEY`` (PEM text or the path of a file), ``…_SCOPES`` (separated
        by commas) and ``…_AUDIENCE``; further ``…_TIMEOUT``, ``…_MAX_RETRIES``, ``…_ALLOW_HTTP``, ``…_PROXY`` and
        ``…_TOKEN_FOLDER``.

        Args:
            variables: Where to read. Default: the process's environment.
            **options: Take precedence over variables.

        Raises:
            ConfigurationError: A variable is missing or cannot be used; the error names it.
        """
        with from_environment("talview", variables, options, *_ARGUMENTS) as (environment, merged):
            return cls(_base_url(environment), **_credentials(environment), **merged)

    @cached_property
    def client(self) -> Client:
        """For the plain modules' ``sync`` functions: the generated package's client, on this pool and token."""
        from talview_client.client import Client

        return on_sync_pool(Client(base_url=self._session.base_url), self._session, "Talview", "AsyncTalview")


class AsyncTalview(AsyncClient, AsyncFacade):
    """Talview's interface for asyncio; the twin of Talview. Tasks may share a client.

    Args:
        base_url: The address that Talview has named to you, with the version prefix if there is one.
        client_id: Id of the application.
        client_secret: The secret that belongs to it.
        username: Name of the user in whose name the application acts.
        password: The user's password.
        service_account: A service account instead of the four above.
        **options: See ``assaykit.core.options.AsyncOptions``.

    Raises:
        ConfigurationError: An argument cannot be used; the error names it.
    """

    def __init__(
        self,
        base_url: str,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        username: str | None = None,
        password: str | None = None,
        service_account: ServiceAccount | None = None,
        **options: Unpack[AsyncOptions],
    ) -> None:
        source = credentials(
            client_id, client_secret, username, password, service_account, options.get("clock", time.time)
        )
        AsyncClient.__init__(self, PROFILE, base_url, source, **options)
        self._session.http.event_hooks["request"].append(refuse_suppression_async)

    def _bind(self, caller: AsyncCaller) -> None:
        AsyncFacade.__init__(self, caller)

    @classmethod
    def from_env(cls, variables: Mapping[str, str] | None = None, **options: Unpack[AsyncOptions]) -> Self:
        """Make a client from environment variables; see ``Talview.from_env``."""
        with from_environment("talview", variables, options, *_ARGUMENTS) as (environment, merged):
            return cls(_base_url(environment), **_credentials(environment), **merged)

    @cached_property
    def client(self) -> Client:
        """For the plain modules' ``asyncio`` functions: the generated package's client, on this pool and token."""
        from talview_client.client import Client

        return on_async_pool(Client(base_url=self._session.base_url), self._session, "AsyncTalview", "Talview")


class _Credentials(TypedDict, total=False):
    client_id: str | None
    client_secret: str | None
    username: str | None
    password: str | None
    service_account: ServiceAccount | None


def _base_url(environment: Environment) -> str:
    return environment.required("BASE_URL", "the address that Talview has named to you")


def _credentials(environment: Environment) -> _Credentials:
    found: _Credentials = {
        "client_id": environment.text("CLIENT_ID"),
        "client_secret": environment.text("CLIENT_SECRET"),
        "username": environment.text("USERNAME"),
        "password": environment.text("PASSWORD"),
    }
    email, key = environment.text("EMAIL"), environment.text("PRIVATE_KEY")
    if email is not None or key is not None:
        found["service_account"] = ServiceAccount(
            environment.required("EMAIL", "the e-mail address of the service account"),
            environment.required("PRIVATE_KEY", "the service account's key, or the path of its file"),
            scopes=environment.names("SCOPES"),
            audience=environment.text("AUDIENCE"),
        )
    return found
