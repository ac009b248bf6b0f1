"""The clients, sync and async."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Final, Self, TypedDict, Unpack

from assaykit.core.caller import AsyncCaller, Caller
from assaykit.core.client import AsyncClient, Profile, SyncClient
from assaykit.core.config import Environment
from assaykit.core.environment import from_environment
from assaykit.core.operations import idempotency
from assaykit.core.options import AsyncOptions, SyncOptions
from assaykit.core.plain import on_async_pool, on_sync_pool
from testdome_client.errors import ResponseDecodeError
from testdome_client.facade import AsyncFacade, Facade

from .auth import credentials
from .errors import read_error

if TYPE_CHECKING:
    from testdome_client.client import Client

BASE_URL: Final = "https://api.testdome.com"
"""The newer of the two layouts; ``https://www.testdome.com/api`` is the older one and serves the same paths. A test
compares it with the specification."""

_ARGUMENTS: Final = ("client_id", "client_secret", "username", "password", "base_url")

PROFILE: Final = Profile(
    vendor="testdome",
    read_error=read_error,
    decode_error=ResponseDecodeError,
    idempotent=idempotency("testdome_client"),
    public=frozenset({"tokens_create"}),
)


class TestDome(SyncClient, Facade):
    """TestDome's interface: one attribute per resource, such as ``api.candidates``. Threads may share a client.

    The credentials are exchanged for a token on the first call; the token is kept, renewed ahead of expiry, and once
    more when TestDome refuses it. Failed requests are retried as ``assaykit.core.retry`` states.

    Inviting, moving deadlines and archiving may succeed for some candidates and fail for others, which TestDome answers
    as a success; here that raises PartialFailure, whose ``failed`` has the addresses or ids, unless ``on_partial`` is
    ``return``. An error's code is that of the innermost cause which is known, ``causes`` has them all, and an account
    without invites left raises PaymentRequired although its status is 403.

    Args:
        client_id: Id of the credentials that the account has generated.
        client_secret: The secret that belongs to it.
        username: E-mail address of a login, for the way to get tokens that TestDome ends in November 2026; instead of
            the two above.
        password: The API password of that login, not the one to log in with.
        base_url: Address to call instead of the newer one, such as an emulator's, or the older
            ``https://www.testdome.com/api``.
        **options: See ``assaykit.core.options.SyncOptions``: timeout, max_retries, on_retry, on_partial (what becomes
            of a call of which a part failed: ``raise`` or ``return``), token_store, allow_http, headers, proxy,
            transport, clock, sleep, jitter.

    Raises:
        ConfigurationError: An argument cannot be used; the error names it.

    Warns:
        DeprecationWarning: With username and password.

    Source:
        TestDome API, "Authentication"; TestDome support, article 44002728234 on moving to client credentials
    """

    __test__: ClassVar[bool] = False  # pytest would take it for a class of tests

    def __init__(
        self,
        client_id: str | None = None,
        client_secret: str | None = None,
        *,
        username: str | None = None,
        password: str | None = None,
        base_url: str = BASE_URL,
        **options: Unpack[SyncOptions],
    ) -> None:
        source = credentials(client_id, client_secret, username, password)
        SyncClient.__init__(self, PROFILE, base_url, source, **options)

    def _bind(self, caller: Caller) -> None:
        Facade.__init__(self, caller)

    @classmethod
    def from_env(cls, variables: Mapping[str, str] | None = None, **options: Unpack[SyncOptions]) -> Self:
        """Make a client from environment variables.

        ``ASSAYKIT_TESTDOME_CLIENT_ID`` and ``…_CLIENT_SECRET``, or ``…_USERNAME`` and ``…_PASSWORD``; further
        ``…_BASE_URL``, ``…_ON_PARTIAL``, ``…_TIMEOUT``, ``…_MAX_RETRIES``, ``…_ALLOW_HTTP``, ``…_PROXY`` and
        ``…_TOKEN_FOLDER``.

        Args:
            variables: Where to read. Default: the process's environment.
            **options: Take precedence over variables.

        Raises:
            ConfigurationError: A variable is missing or cannot be used; the error names it.
        """
        with from_environment("testdome", variables, options, *_ARGUMENTS) as (environment, merged):
            return cls(**_arguments(environment), **merged)

    @cached_property
    def client(self) -> Client:
        """For the plain modules' ``sync`` functions: the generated package's client, on this pool and token."""
        from testdome_client.client import Client

        return on_sync_pool(Client(base_url=self._session.base_url), self._session, "TestDome", "AsyncTestDome")


class AsyncTestDome(AsyncClient, AsyncFacade):
    """TestDome's interface for asyncio; the twin of TestDome. Tasks may share a client.

    Args:
        client_id: Id of the credentials that the account has generated.
        client_secret: The secret that belongs to it.
        username: E-mail address of a login, for the way to get tokens that TestDome ends in November 2026; instead of
            the two above.
        password: The API password of that login, not the one to log in with.
        base_url: Address to call instead of the newer one, such as an emulator's, or the older
            ``https://www.testdome.com/api``.
        **options: See ``assaykit.core.options.AsyncOptions``.

    Raises:
        ConfigurationError: An argument cannot be used; the error names it.

    Warns:
        DeprecationWarning: With username and password.
    """

    __test__: ClassVar[bool] = False  # as above

    def __init__(
        self,
        client_id: str | None = None,
        client_secret: str | None = None,
        *,
        username: str | None = None,
        password: str | None = None,
        base_url: str = BASE_URL,
        **options: Unpack[AsyncOptions],
    ) -> None:
        source = credentials(client_id, client_secret, username, password)
        AsyncClient.__init__(self, PROFILE, base_url, source, **options)

    def _bind(self, caller: AsyncCaller) -> None:
        AsyncFacade.__init__(self, caller)

    @classmethod
    def from_env(cls, variables: Mapping[str, str] | None = None, **options: Unpack[AsyncOptions]) -> Self:
        """Make a client from environment variables; see ``TestDome.from_env``."""
        with from_environment("testdome", variables, options, *_ARGUMENTS) as (environment, merged):
            return cls(**_arguments(environment), **merged)

    @cached_property
    def client(self) -> Client:
        """For the plain modules' ``asyncio`` functions: the generated package's client, on this pool and token."""
        from testdome_client.client import Client

        return on_async_pool(Client(base_url=self._session.base_url), self._session, "AsyncTestDome", "TestDome")


class _Arguments(TypedDict):
    """What is read from variables, apart from options."""

    client_id: str | None
    client_secret: str | None
    username: str | None
    password: str | None
    base_url: str


def _arguments(environment: Environment) -> _Arguments:
    return {
        "client_id": environment.text("CLIENT_ID"),
        "client_secret": environment.text("CLIENT_SECRET"),
        "username": environment.text("USERNAME"),
        "password": environment.text("PASSWORD"),
        "base_url": environment.text("BASE_URL") or BASE_URL,
    }
