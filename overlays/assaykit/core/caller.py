"""The seam between generated operations and httpx: sends, raises this package's errors, hands over the response."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

import httpx

from .errors import ApiError, ClientClosed
from .failures import Failures
from .retry import STREAMED
from .turns import turn
from .zones import NaiveDates

T = TypeVar("T")

OnPartial = Literal["raise", "return"]
"""What becomes of a bulk call that succeeds for some and fails for others: PartialFailure is raised, or its model
returned as for any success."""

captured: ContextVar[list[httpx.Response] | None] = ContextVar("assaykit_captured", default=None)
"""Where the calls of this context put their responses, if anyone asked (``raw`` of a client does)."""


class Operation(Protocol):
    """What is needed of a generated package's Operation."""

    @property
    def id(self) -> str:
        """The operationId."""

    @property
    def paging(self) -> Mapping[str, Any] | None:
        """How its pages are asked for, None if it has none."""

    @property
    def partial_failure(self) -> Mapping[str, str] | None:
        """Where a success lists what failed nevertheless, None if it succeeds or fails as a whole."""

    @property
    def success(self) -> Collection[int | str]:
        """Statuses that the vendor documents as success, such as 200."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What ``with_options`` changes for the calls of one clone."""

    timeout: httpx.Timeout | None = None
    max_retries: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    on_partial: OnPartial | None = None

    def over(self, other: Options | None) -> Options:
        """These options where they say something, ``other`` where they do not."""
        if other is None:
            return self
        return Options(
            timeout=self.timeout if self.timeout is not None else other.timeout,
            max_retries=self.max_retries if self.max_retries is not None else other.max_retries,
            headers={**other.headers, **self.headers},
            on_partial=self.on_partial or other.on_partial,
        )

    def apply(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of ``httpx.Client.request`` with these options in them."""
        changed = dict(request)
        if self.timeout is not None:
            changed["timeout"] = self.timeout
        if self.max_retries is not None:
            changed["extensions"] = {**(changed.get("extensions") or {}), "max_retries": self.max_retries}
        if self.headers:
            changed["headers"] = {**(changed.get("headers") or {}), **self.headers}
        return changed


class _Mapped:
    """What the two callers below do alike: everything but the I/O."""

    def __init__(
        self,
        failures: Failures,
        decode_error: type[Exception],
        options: Options | None,
        naive_dates: NaiveDates | None,
    ) -> None:
        self._failures = failures
        self._decode_error = decode_error
        self._options = options
        self._naive_dates = naive_dates

    def _prepared(self, operation: Operation, request: dict[str, Any]) -> dict[str, Any]:
        """The request with what the client's options and a walk over pages change in it."""
        page = turn.get()
        if page is not None:
            request = page.apply(operation, request)
        return request if self._options is None else self._options.apply(request)

    def _parsed(self, operation: Operation, response: httpx.Response, parse: Callable[[httpx.Response], T]) -> T:
        if response.history:
            response.history = []  # the token exchange that went ahead: it holds the credentials
        responses = captured.get()
        if responses is not None:
            responses.append(response)
        if not response.is_success and response.status_code not in operation.success:
            raise self._failures.from_response(response, operation.id)
        page = turn.get()
        if page is not None:
            page.response = response
        try:
            model = parse(response) if self._naive_dates is None else self._naive_dates.read(parse, response)
        except self._decode_error as error:
            raise self._undecodable(operation, response, error) from error
        if operation.partial_failure is not None and not self._returns_partial:
            failure = self._failures.partial(response, operation.id, operation.partial_failure, model)
            if failure is not None:
                raise failure
        return model

    @property
    def _returns_partial(self) -> bool:
        return self._options is not None and self._options.on_partial == "return"

    def _undecodable(self, operation: Operation, response: httpx.Response, error: Exception) -> ApiError:
        path = getattr(error, "path", ())
        reason = getattr(error, "reason", None) or str(error)
        return self._failures.invalid(response, operation.id, reason, path)

    def _failed(self, operation: str, error: Exception) -> Exception:
        """The error to raise for one that httpx raised."""
        if isinstance(error, httpx.HTTPError | httpx.InvalidURL):
            return self._failures.from_httpx(error, operation)
        return ClientClosed(f"{self._failures.vendor}: the client is closed; make a new one to call {operation}")


class Caller(_Mapped):
    """Carries out generated operations on an ``httpx.Client``.

    Args:
        client: The client, with base URL, authentication and retries set up.
        failures: Makes the vendor's errors.
        decode_error: The generated package's ResponseDecodeError.
        options: What ``with_options`` changed.
        naive_dates: The zone of dates that the vendor writes without one.
    """

    def __init__(
        self,
        client: httpx.Client,
        failures: Failures,
        decode_error: type[Exception],
        options: Options | None = None,
        *,
        naive_dates: NaiveDates | None = None,
    ) -> None:
        super().__init__(failures, decode_error, options, naive_dates)
        self._client = client

    def call(self, operation: Operation, request: dict[str, Any], parse: Callable[[httpx.Response], T]) -> T:
        """Carry out one operation.

        Args:
            operation: Which one.
            request: Arguments of ``httpx.Client.request``.
            parse: Makes the model of a successful answer.

        Returns:
            What ``parse`` returns.

        Raises:
            ApiError: The call failed; the class names the cause.
            ClientClosed: The client was closed before.
        """
        request = self._prepared(operation, request)
        try:
            response = self._client.request(**request)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._failed(operation.id, error) from error
        except RuntimeError as error:
            if self._client.is_closed:
                raise self._failed(operation.id, error) from None
            raise
        return self._parsed(operation, response, parse)

    @contextmanager
    def stream(self, operation: Operation, request: dict[str, Any]) -> Iterator[httpx.Response]:
        """Carry out one operation and hand over the successful answer before its body is read.

        Raises:
            ApiError: The call failed, or reading the body did.
            ClientClosed: The client was closed before.
        """
        if self._options is not None:
            request = self._options.apply(request)
        with self._sent(operation.id, self._client.build_request(**request), self._client.auth) as response:
            yield response

    @contextmanager
    def stream_anonymously(self, purpose: str, request: httpx.Request) -> Iterator[httpx.Response]:
        """Send a request as it is, with neither token nor default headers, such as to an address of another host.

        Args:
            purpose: What errors and logs call it, in place of an operationId.
            request: The request, with an absolute URL.

        Raises:
            ApiError: The call failed, or reading the body did.
            ClientClosed: The client was closed before.
        """
        with self._sent(purpose, request, None) as response:
            yield response

    @contextmanager
    def _sent(self, operation: str, request: httpx.Request, auth: httpx.Auth | None) -> Iterator[httpx.Response]:
        _mark_streamed(operation, request)
        response: httpx.Response | None = None
        try:
            response = self._client.send(request, auth=auth, stream=True)
            response.history = []
            if not response.is_success:
                response.read()
                raise self._failures.from_response(response, operation)
            yield response
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._failed(operation, error) from error
        except RuntimeError as error:
            if self._client.is_closed:
                raise self._failed(operation, error) from None
            raise
        finally:
            if response is not None:
                response.close()

    def with_options(self, options: Options) -> Caller:
        """A caller on the same client whose calls have ``options``."""
        merged = options.over(self._options)
        return Caller(self._client, self._failures, self._decode_error, merged, naive_dates=self._naive_dates)


class AsyncCaller(_Mapped):
    """Carries out generated operations on an ``httpx.AsyncClient``; the twin of Caller."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        failures: Failures,
        decode_error: type[Exception],
        options: Options | None = None,
        *,
        naive_dates: NaiveDates | None = None,
    ) -> None:
        super().__init__(failures, decode_error, options, naive_dates)
        self._client = client

    async def call(self, operation: Operation, request: dict[str, Any], parse: Callable[[httpx.Response], T]) -> T:
        """Carry out one operation; see ``Caller.call``."""
        request = self._prepared(operation, request)
        try:
            response = await self._client.request(**request)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._failed(operation.id, error) from error
        except RuntimeError as error:
            if self._client.is_closed:
                raise self._failed(operation.id, error) from None
            raise
        return self._parsed(operation, response, parse)

    @asynccontextmanager
    async def stream(self, operation: Operation, request: dict[str, Any]) -> AsyncIterator[httpx.Response]:
        """Carry out one operation and hand over the answer unread; see ``Caller.stream``."""
        if self._options is not None:
            request = self._options.apply(request)
        built = self._client.build_request(**request)
        async with self._sent(operation.id, built, self._client.auth) as response:
            yield response

    @asynccontextmanager
    async def stream_anonymously(self, purpose: str, request: httpx.Request) -> AsyncIterator[httpx.Response]:
        """Send a request as it is, without token; see ``Caller.stream_anonymously``."""
        async with self._sent(purpose, request, None) as response:
            yield response

    @asynccontextmanager
    async def _sent(
        self, operation: str, request: httpx.Request, auth: httpx.Auth | None
    ) -> AsyncIterator[httpx.Response]:
        _mark_streamed(operation, request)
        response: httpx.Response | None = None
        try:
            response = await self._client.send(request, auth=auth, stream=True)
            response.history = []
            if not response.is_success:
                await response.aread()
                raise self._failures.from_response(response, operation)
            yield response
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._failed(operation, error) from error
        except RuntimeError as error:
            if self._client.is_closed:
                raise self._failed(operation, error) from None
            raise
        finally:
            if response is not None:
                await response.aclose()

    def with_options(self, options: Options) -> AsyncCaller:
        """A caller on the same client whose calls have ``options``."""
        merged = options.over(self._options)
        return AsyncCaller(self._client, self._failures, self._decode_error, merged, naive_dates=self._naive_dates)


def _mark_streamed(operation: str, request: httpx.Request) -> None:
    request.extensions = {**request.extensions, "operation": operation, STREAMED: True}
