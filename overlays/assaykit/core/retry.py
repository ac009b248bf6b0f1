"""Repeating a request that failed: which, how often, and after what wait."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import httpx

from .headers import retry_after
from .redaction import redact_url
from .replay import is_replayable
from .sleeping import asyncio_sleep

if TYPE_CHECKING:
    from tenacity import RetryCallState

_log = logging.getLogger("assaykit.retry")

DEFAULT_MAX_RETRIES = 2

TOLERANT = "assaykit.tolerant"
"""Request extension: try once, and answer 503 where the connection fails. For requests that are only a favour."""
STREAMED = "assaykit.streamed"
"""Request extension: hand a success over as it comes, instead of counting a broken body as a failed attempt."""

REPEAT = "assaykit.repeat"
"""Response extension: whether to repeat the request, whatever Retry-After says; a transport below does the waiting."""

BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
"""What httpx raises when the vendor has seen nothing of a request."""

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
_AT_ANY_TIME = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and after what wait a failed request is repeated.

    The wait before retry n is ``initial * 2 ** (n - 1)`` seconds, at most ``longest``, shortened at random by up
    to half. A Retry-After of the vendor replaces it if it is at most ``longest_retry_after``; a longer one ends
    the call at once.
    """

    max_retries: int = DEFAULT_MAX_RETRIES
    initial: float = 0.5
    longest: float = 8.0
    longest_retry_after: float = 60.0


@dataclass(frozen=True, slots=True)
class RetryEvent:
    """A retry that is about to be waited for."""

    operation: str | None
    method: str
    url: str
    """Without secrets."""
    attempt: int
    """The attempt that failed: 1 for the first."""
    max_retries: int
    wait: float
    """Seconds until the next attempt."""
    status: int | None
    """Status of the answer, None if none came."""
    error: httpx.TransportError | None
    """What happened to the transmission, None if an answer came."""

    def __str__(self) -> str:
        cause = f"status {self.status}" if self.error is None else type(self.error).__name__
        return (
            f"{self.operation or f'{self.method} {self.url}'}: {cause}, "
            f"retry {self.attempt} of {self.max_retries} in {self.wait:.2f} s"
        )


_Outcome = httpx.Response | httpx.TransportError


class RetryTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Repeats failed requests on the way to another transport. One class for sync and async clients.

    ==============================================  ==================  ==============
    what happened                                   safe or idempotent  other requests
    ==============================================  ==================  ==============
    connection failed before anything was sent      repeated            repeated
    429 or 503 with Retry-After                     repeated            repeated
    429 without Retry-After, any other 5xx          repeated            not repeated
    timeout, or connection lost, after sending      repeated            not repeated
    certificate refused, protocol misused, others   not repeated        not repeated
    ==============================================  ==================  ==============

    Whether a request is idempotent is looked up by ``request.extensions["operation"]``; without one the HTTP
    method decides. A request whose body cannot be sent again, as ``assaykit.core.replay`` has it, is not repeated.
    ``request.extensions["max_retries"]`` overrides the policy for one request. The first attempt costs nothing but
    a few comparisons; the rest is tenacity's, which is not imported before.

    Args:
        transport: Where requests go. Sync, async or both, as the client that uses it.
        policy: How often and how long.
        idempotent: Says for an operationId whether it may be repeated, None if it does not know it.
        on_retry: Called before each wait.
        sleep: Waits a number of seconds, for sync clients.
        async_sleep: The same for async clients. Default: ``asyncio.sleep``.
        clock: Seconds since the epoch, to read a Retry-After that is a date.
        jitter: Random numbers from 0 to below 1.
    """

    def __init__(
        self,
        transport: httpx.BaseTransport | httpx.AsyncBaseTransport,
        policy: RetryPolicy | None = None,
        *,
        idempotent: Callable[[str], bool | None] | None = None,
        on_retry: Callable[[RetryEvent], object] | None = None,
        sleep: Callable[[float], object] = time.sleep,
        async_sleep: Callable[[float], Awaitable[object]] = asyncio_sleep,
        clock: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._transport: Any = transport  # which of the two it is, is up to the client that calls
        self._policy = policy or RetryPolicy()
        self._idempotent = idempotent
        self._on_retry = on_retry
        self._sleep = sleep
        self._async_sleep = async_sleep
        self._clock = clock
        self._jitter = jitter

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request``, again if need be."""
        outcome = self._attempt(request)
        if isinstance(outcome, httpx.Response) and outcome.status_code < 429:
            return outcome
        retries = self._retries(request, outcome)
        if retries == 0:
            return _final(request, outcome)

        import tenacity

        waiting: list[_Outcome] = [outcome]

        def attempt() -> _Outcome:
            return waiting.pop() if waiting else self._attempt(request)

        def before_sleep(state: RetryCallState) -> None:
            failed = self._announce(request, state, retries)
            if isinstance(failed, httpx.Response):
                failed.close()

        last: _Outcome = tenacity.Retrying(
            sleep=lambda seconds: _discard(self._sleep(seconds)),
            stop=tenacity.stop_after_attempt(retries + 1),
            retry=lambda state: self._may_repeat(request, _outcome(state)),
            wait=lambda state: self._wait(_outcome(state), state.attempt_number),
            before_sleep=before_sleep,
            retry_error_callback=_outcome,
        )(attempt)
        return _final(request, last)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request``, again if need be."""
        outcome = await self._attempt_async(request)
        if isinstance(outcome, httpx.Response) and outcome.status_code < 429:
            return outcome
        retries = self._retries(request, outcome)
        if retries == 0:
            return _final(request, outcome)

        import tenacity

        waiting: list[_Outcome] = [outcome]

        async def attempt() -> _Outcome:
            return waiting.pop() if waiting else await self._attempt_async(request)

        async def before_sleep(state: RetryCallState) -> None:
            failed = self._announce(request, state, retries)
            if isinstance(failed, httpx.Response):
                await failed.aclose()

        async def sleep(seconds: float) -> None:
            await self._async_sleep(seconds)

        last: _Outcome = await tenacity.AsyncRetrying(
            sleep=sleep,
            stop=tenacity.stop_after_attempt(retries + 1),
            retry=lambda state: self._may_repeat(request, _outcome(state)),
            wait=lambda state: self._wait(_outcome(state), state.attempt_number),
            before_sleep=before_sleep,
            retry_error_callback=_outcome,
        )(attempt)
        return _final(request, last)

    def _attempt(self, request: httpx.Request) -> _Outcome:
        try:
            response: httpx.Response = self._transport.handle_request(request)
            if _read_here(request, response):
                stream: Any = response.stream
                try:
                    response.stream = httpx.ByteStream(b"".join(stream))
                finally:
                    stream.close()
        except httpx.TransportError as error:
            return error
        return response

    async def _attempt_async(self, request: httpx.Request) -> _Outcome:
        try:
            response: httpx.Response = await self._transport.handle_async_request(request)
            if _read_here(request, response):
                stream: Any = response.stream
                try:
                    response.stream = httpx.ByteStream(b"".join([part async for part in stream]))
                finally:
                    await stream.aclose()
        except httpx.TransportError as error:
            return error
        return response

    def _retries(self, request: httpx.Request, outcome: _Outcome) -> int:
        """How many retries a request has whose first attempt ended so."""
        if request.extensions.get(TOLERANT) or not self._may_repeat(request, outcome):
            return 0
        retries: int = request.extensions.get("max_retries", self._policy.max_retries)
        return retries

    def _may_repeat(self, request: httpx.Request, outcome: _Outcome) -> bool:
        if not is_replayable(request):
            return False
        if isinstance(outcome, httpx.Response):
            ordered: bool | None = outcome.extensions.get(REPEAT)
            if ordered is not None:
                return ordered
            status = outcome.status_code
            if status != 429 and not 500 <= status <= 599:
                return False
            asked = retry_after(outcome.headers, self._clock())
            if asked is not None and asked > self._policy.longest_retry_after:
                return False
            return (asked is not None and status in (429, 503)) or self._is_idempotent(request)
        if isinstance(outcome, BEFORE_SENDING):
            return not _certificate_refused(outcome)
        return isinstance(outcome, _AT_ANY_TIME) and self._is_idempotent(request)

    def _is_idempotent(self, request: httpx.Request) -> bool:
        operation = request.extensions.get("operation")
        known = None
        if self._idempotent is not None and isinstance(operation, str):
            known = self._idempotent(operation)
        return request.method in _SAFE_METHODS if known is None else known

    def _wait(self, outcome: _Outcome, attempt: int) -> float:
        if isinstance(outcome, httpx.Response):
            if REPEAT in outcome.extensions:
                return 0.0
            asked = retry_after(outcome.headers, self._clock())
            if asked is not None:
                return asked
        longest = min(self._policy.longest, self._policy.initial * 2.0 ** min(attempt - 1, 62))
        return longest * (1.0 - 0.5 * self._jitter())

    def _announce(self, request: httpx.Request, state: RetryCallState, retries: int) -> _Outcome:
        """Log the retry and call the hook; returns what failed."""
        failed = _outcome(state)
        event = RetryEvent(
            operation=request.extensions.get("operation"),
            method=request.method,
            url=redact_url(request.url),
            attempt=state.attempt_number,
            max_retries=retries,
            wait=state.upcoming_sleep,
            status=failed.status_code if isinstance(failed, httpx.Response) else None,
            error=None if isinstance(failed, httpx.Response) else failed,
        )
        _log.info("%s", event)
        if self._on_retry is not None:
            self._on_retry(event)
        return failed

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


def _read_here(request: httpx.Request, response: httpx.Response) -> bool:
    """Whether a broken body is a failed attempt: of every operation, but for the success of a streamed one."""
    extensions = request.extensions
    return (
        type(response.stream) is not httpx.ByteStream
        and "operation" in extensions
        and (STREAMED not in extensions or response.status_code >= 400)
    )


def _outcome(state: RetryCallState) -> _Outcome:
    """What an attempt came to. Attempts return failures instead of raising them, so there always is a result."""
    if state.outcome is None:
        raise RuntimeError("tenacity asked before the attempt had ended")
    result: _Outcome = state.outcome.result()
    return result


def _final(request: httpx.Request, outcome: _Outcome) -> httpx.Response:
    if isinstance(outcome, httpx.Response):
        return outcome
    if request.extensions.get(TOLERANT):
        return httpx.Response(503, text=type(outcome).__name__)
    raise outcome


def _certificate_refused(error: BaseException) -> bool:
    import ssl

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _discard(_result: object) -> None:
    """Tenacity wants a sleep that returns nothing."""
