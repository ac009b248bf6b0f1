"""Bearer tokens for httpx, fetched on first use, renewed ahead of expiry, one fetch at a time."""

from __future__ import annotations

import copy
import logging
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Protocol, runtime_checkable

import httpx

from .errors import ApiError, AuthenticationError
from .failures import Failures
from .replay import is_replayable
from .retry import TOLERANT
from .tokens import MemoryTokenStore, Token, TokenKey, TokenStore

_log = logging.getLogger("assaykit.auth")

# After an early refresh that failed, the old token serves this long (seconds) before the next try.
_EARLY_PAUSE = 30.0
_REFUSALS = (400, 401, 403)
# A vendor may also answer that the refresh token fails its validation; the credentials then decide.
_RENEWAL_REFUSALS = (*_REFUSALS, 422)


class TokenSource(Protocol):
    """How one vendor gives tokens: an API key, any OAuth 2.0 grant, a signed assertion."""

    operation: str
    """operationId of the token request, for errors, logs and the retry policy."""

    def key(self) -> TokenKey:
        """Whose token it is, to keep it under."""

    def request(self, previous: Token | None, /) -> httpx.Request:
        """The request that gets a token, with an absolute URL.

        Args:
            previous: The token to renew by its refresh token, None to present the credentials.
        """

    def read(self, response: httpx.Response, now: float) -> Token:
        """Read the answer to that request.

        Args:
            response: A 2xx answer, body read.
            now: Seconds since the epoch when it was asked for.

        Raises:
            ValueError: It does not hold a token; the message says what is missing and no value of it.
        """


@runtime_checkable
class Identified(Protocol):
    """An authentication that knows whose it is."""

    def key(self) -> TokenKey:
        """Vendor, base URL and credential."""


class _Held:
    """The token in use, with what each call needs of it worked out once."""

    __slots__ = ("early_refresh_at", "header", "must_refresh_at", "token")

    def __init__(self, token: Token) -> None:
        self.token = token
        self.header = token.header
        self.early_refresh_at = token.early_refresh_at()
        self.must_refresh_at = token.must_refresh_at()


# What a call waits for while another one fetches: a token, the vendor's refusal, or None when that call ended
# without either (it was cancelled, or its connection failed), so that one of those waiting takes over.
_Flight = Future[_Held | ApiError | None]
_Work = Callable[[], Any]
_Steps = Generator[httpx.Request | _Flight | _Work, Any, None]


class TokenAuth(httpx.Auth):
    """Adds a token to each request; serves sync and async clients, threads and asyncio tasks at once.

    A token is asked for through the same client as the call that needs it. While it is valid but near its end,
    one call fetches the next and the others go on with the old one; without a valid token the others wait for
    that one fetch. A call that is answered 401 is sent once more with a token that is new. No lock is held
    during I/O.

    Args:
        source: How the vendor gives tokens.
        failures: Makes the vendor's errors.
        store: Where tokens are kept besides this object. Default: nowhere but in memory.
        clock: Seconds since the epoch.
        public: operationIds that need no token.
    """

    def __init__(
        self,
        source: TokenSource,
        failures: Failures,
        *,
        store: TokenStore | None = None,
        clock: Callable[[], float] = time.time,
        public: frozenset[str] = frozenset(),
    ) -> None:
        self._source = source
        self._failures = failures
        self._store = store if store is not None else MemoryTokenStore()
        self._clock = clock
        self._public = public
        self._lock = threading.Lock()  # guards the two below, and is never held while waiting
        self._held: _Held | None = None
        self._flight: _Flight | None = None

    def key(self) -> TokenKey:
        """Whose token it is."""
        return self._source.key()

    def __repr__(self) -> str:
        return f"TokenAuth({self._failures.vendor})"

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """The hook that httpx calls for sync clients."""
        if request.extensions.get("operation") in self._public:
            yield request
            return
        held = self._held
        if held is not None and self._clock() < held.early_refresh_at:
            request.headers["Authorization"] = held.header
            response = yield request
            if response.status_code != 401 or not is_replayable(request):
                return
        else:
            held = None  # nothing was sent, so nothing was rejected
        steps = self._steps(request, held)
        try:
            step = next(steps)
            while True:
                if isinstance(step, httpx.Request):
                    response = yield step
                    if step is not request:
                        response.read()
                    step = steps.send(response)
                elif isinstance(step, Future):
                    step = steps.send(step.result())
                else:
                    step = steps.send(step())
        except StopIteration:
            return
        finally:
            steps.close()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """The hook that httpx calls for async clients."""
        if request.extensions.get("operation") in self._public:
            yield request
            return
        held = self._held
        if held is not None and self._clock() < held.early_refresh_at:
            request.headers["Authorization"] = held.header
            response = yield request
            if response.status_code != 401 or not is_replayable(request):
                return
        else:
            held = None  # nothing was sent, so nothing was rejected
        steps = self._steps(request, held)
        try:
            step = next(steps)
            while True:
                if isinstance(step, httpx.Request):
                    response = yield step
                    if step is not request:
                        await response.aread()
                    step = steps.send(response)
                elif isinstance(step, Future):
                    step = steps.send(await _wait(step))
                elif type(self._store) is MemoryTokenStore:  # never blocks
                    step = steps.send(step())
                else:
                    step = steps.send(await _in_thread(step))
        except StopIteration:
            return
        finally:
            steps.close()

    def _steps(self, request: httpx.Request, rejected: _Held | None) -> _Steps:
        """Send ``request`` with a token, without I/O of its own: the two flows above carry out each step."""
        held = yield from self._obtain(request, rejected)
        request.headers["Authorization"] = held.header
        response = yield request
        if response.status_code == 401 and rejected is None and is_replayable(request):
            held = yield from self._obtain(request, held)
            request.headers["Authorization"] = held.header
            yield request

    def _obtain(
        self, request: httpx.Request, rejected: _Held | None
    ) -> Generator[httpx.Request | _Flight | _Work, Any, _Held]:
        while True:
            with self._lock:
                held, flight, now = self._held, self._flight, self._clock()
                usable = held is not None and now < held.must_refresh_at and not _same(held, rejected)
                if held is not None and usable and (flight is not None or now < held.early_refresh_at):
                    return held
                leads = flight is None
                if flight is None:
                    flight = self._flight = Future()
                    flight.set_running_or_notify_cancel()  # a task that is cancelled must not cancel the rest
            if leads:
                return (yield from self._lead(flight, request, rejected, held if usable else None))
            outcome: _Held | ApiError | None = yield flight
            if isinstance(outcome, ApiError):
                raise copy.copy(outcome)
            if outcome is not None:
                return outcome

    def _lead(
        self, flight: _Flight, request: httpx.Request, rejected: _Held | None, usable: _Held | None
    ) -> Generator[httpx.Request | _Flight | _Work, Any, _Held]:
        """Get a token for everybody who waits on ``flight``."""
        outcome: _Held | ApiError | None = None
        try:
            outcome = held = yield from self._renew(request, rejected, usable)
            return held
        except ApiError as error:
            outcome = error
            raise
        finally:
            if outcome is None and usable is not None:
                usable.early_refresh_at = self._clock() + _EARLY_PAUSE
            with self._lock:
                if isinstance(outcome, _Held):
                    self._held = outcome
                self._flight = None
            flight.set_result(outcome)

    def _renew(
        self, request: httpx.Request, rejected: _Held | None, usable: _Held | None
    ) -> Generator[httpx.Request | _Work, Any, _Held]:
        key = self._source.key()
        kept: Token | None = yield self._loading(key)
        if kept is not None and not (rejected is not None and kept.value == rejected.token.value):
            candidate = _Held(kept)
            now = self._clock()
            if now < (candidate.must_refresh_at if usable is None else candidate.early_refresh_at):
                return candidate
        try:
            token = yield from self._fetch(request, kept, tolerant=usable is not None)
        except ApiError as error:
            if usable is None:
                raise
            _log.warning("%s: token not renewed ahead of time, the old one serves on: %s", self, error)
            usable.early_refresh_at = self._clock() + _EARLY_PAUSE
            return usable
        yield self._saving(key, token)
        return _Held(token)

    def _fetch(
        self, request: httpx.Request, kept: Token | None, *, tolerant: bool
    ) -> Generator[httpx.Request, httpx.Response, Token]:
        renewals = [kept, None] if kept is not None and kept.refresh_value is not None else [None]
        for previous in renewals:
            asked_at = self._clock()
            response = yield self._token_request(request, previous, tolerant=tolerant)
            if response.is_success:
                break
            if previous is None or response.status_code not in _RENEWAL_REFUSALS:
                raise self._refusal(response)
            _log.info("%s: refresh token refused, presenting the credentials", self)
        try:
            token = self._source.read(response, asked_at)
        except ValueError as error:
            reason = self._source.key().credential.scrub(str(error))
        else:
            if previous is not None and token.refresh_value is None:
                # RFC 6749 section 6: without a new refresh token the old one stays valid.
                return replace(token, refresh_value=previous.refresh_value)
            return token
        raise self._failures.invalid(_without_request(response), self._source.operation, reason)

    def _token_request(self, request: httpx.Request, previous: Token | None, *, tolerant: bool) -> httpx.Request:
        token_request = self._source.request(previous)
        extensions = {"operation": self._source.operation}
        for name in ("timeout", "max_retries"):
            if name in request.extensions:
                extensions[name] = request.extensions[name]
        token_request.extensions = {**token_request.extensions, **extensions, TOLERANT: tolerant}
        if "User-Agent" in request.headers:
            token_request.headers["User-Agent"] = request.headers["User-Agent"]
        return token_request

    def _refusal(self, response: httpx.Response) -> ApiError:
        default = AuthenticationError if response.status_code in _REFUSALS else None
        error = self._failures.from_response(response, self._source.operation, default)
        error.message = self._source.key().credential.scrub(error.message)
        error.args = (error.message,)
        error.response = _without_request(response)
        return error

    def _loading(self, key: TokenKey) -> _Work:
        def load() -> Token | None:
            try:
                return self._store.load(key)
            except OSError as error:
                _log.warning("%s: token store not readable: %s", self, error)
                return None

        return load

    def _saving(self, key: TokenKey, token: Token) -> _Work:
        def save() -> None:
            try:
                self._store.save(key, token)
            except OSError as error:
                _log.warning("%s: token not kept for the next process: %s", self, error)

        return save


def _same(held: _Held, rejected: _Held | None) -> bool:
    return rejected is not None and held.header == rejected.header


def _without_request(response: httpx.Response) -> httpx.Response:
    """Leave the credential that the token request's body holds out of the error that shows the answer."""
    request = response.request
    response.request = httpx.Request(request.method, request.url)
    return response


async def _wait(flight: _Flight) -> _Held | ApiError | None:
    import asyncio  # httpx loads it only for async clients

    return await asyncio.wrap_future(flight)


async def _in_thread(work: _Work) -> Any:
    import asyncio

    return await asyncio.to_thread(work)
