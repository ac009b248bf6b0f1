"""From what httpx says happened to the error that is raised."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import httpx

from .errors import (
    ApiError,
    ConnectionFailed,
    ErrorReader,
    PartialFailure,
    RateLimited,
    ResponseInvalid,
    ServerError,
    Timeout,
    ValidationFailed,
    error_class,
    json_path,
)
from .headers import request_id, retry_after
from .redaction import redact_url


class DecodeError(Protocol):
    """What generated packages say of a response that does not fit: the attributes of ResponseDecodeError."""

    path: tuple[str | int, ...]
    reason: str


class Failures:
    """Makes the errors of one vendor.

    Args:
        vendor: The vendor's name, as errors and logs show it.
        read_error: Reads the vendor's error body.
        clock: Seconds since the epoch.
    """

    def __init__(self, vendor: str, read_error: ErrorReader, clock: Callable[[], float] = time.time) -> None:
        self.vendor = vendor
        self._read_error = read_error
        self._clock = clock

    def from_response(
        self, response: httpx.Response, operation: str | None, default: type[ApiError] | None = None
    ) -> ApiError:
        """The error that an answer other than success means.

        Args:
            response: The answer, body read.
            operation: operationId of the call.
            default: Class to use instead of the one of the status.
        """
        status = response.status_code
        detail = self._read_error(response)
        error = (default or detail.kind or error_class(status))(
            detail.message or _stock_message(response),
            vendor=self.vendor,
            operation=operation,
            status=status,
            code=detail.code,
            request_id=request_id(response.headers),
            response=response,
        )
        error.causes = detail.causes
        if isinstance(error, ValidationFailed):
            error.fields = detail.fields
        elif isinstance(error, RateLimited | ServerError):
            error.retry_after = retry_after(response.headers, self._clock())
        return error

    def from_httpx(self, error: httpx.HTTPError | httpx.InvalidURL, operation: str | None) -> ApiError:
        """The error that a failed transmission means."""
        request = _request_of(error)
        if request is not None:
            # The call that failed may be the token request that went ahead of the operation.
            operation = request.extensions.get("operation", operation)
        if isinstance(error, httpx.DecodingError):
            return ResponseInvalid(f"body cannot be decoded: {error}", vendor=self.vendor, operation=operation)
        if isinstance(error, httpx.TimeoutException):
            return Timeout(_timeout_message(error, request), vendor=self.vendor, operation=operation)
        return ConnectionFailed(
            f"{_words(type(error).__name__)}: {error}" if str(error) else _words(type(error).__name__),
            vendor=self.vendor,
            operation=operation,
        )

    def partial(
        self, response: httpx.Response, operation: str, named: Mapping[str, str], result: object
    ) -> PartialFailure | None:
        """The error that a success means which lists failures, None if it lists none.

        Args:
            response: The answer, a success with a JSON body.
            operation: operationId of the call.
            named: The operation's ``x-partial-failure``: the fields ``items`` and, if there is one, ``message``.
            result: The model of the answer.
        """
        from .pagers import lookup

        document = response.json()
        failed = lookup(document, named["items"])
        if not failed:
            return None
        message = lookup(document, named["message"]) if "message" in named else None
        error = PartialFailure(
            message if isinstance(message, str) else "",
            vendor=self.vendor,
            operation=operation,
            status=response.status_code,
            request_id=request_id(response.headers),
            response=response,
        )
        error.failed = tuple(failed) if isinstance(failed, list) else (failed,)
        error.result = result
        return error

    def invalid(
        self,
        response: httpx.Response,
        operation: str | None,
        reason: str,
        path: Sequence[str | int] = (),
    ) -> ResponseInvalid:
        """The error that an answer means which does not fit the specification."""
        error = ResponseInvalid(
            reason,
            vendor=self.vendor,
            operation=operation,
            status=response.status_code,
            request_id=request_id(response.headers),
            response=response,
        )
        error.path = json_path(path)
        return error


def _stock_message(response: httpx.Response) -> str:
    if response.has_redirect_location:
        target = redact_url(str(response.headers["location"]))
        return f"redirected to {target}, which is not followed: check the base URL"
    return response.reason_phrase or "no explanation given"


def _request_of(error: httpx.HTTPError | httpx.InvalidURL) -> httpx.Request | None:
    try:
        return error.request if isinstance(error, httpx.HTTPError) else None
    except RuntimeError:  # httpx's way to say that none was set
        return None


_PHASES: dict[type[httpx.TimeoutException], tuple[str, str]] = {
    httpx.ConnectTimeout: ("connect", "no connection"),
    httpx.ReadTimeout: ("read", "no answer"),
    httpx.WriteTimeout: ("write", "request not taken"),
    httpx.PoolTimeout: ("pool", "no free connection in the pool"),
}


def _timeout_message(error: httpx.TimeoutException, request: httpx.Request | None) -> str:
    phase, what = _PHASES.get(type(error), ("", "timed out"))
    limits = request.extensions.get("timeout", {}) if request is not None else {}
    seconds = limits.get(phase) if isinstance(limits, dict) else None
    return f"{what} within {seconds:g} s" if seconds is not None else what


def _words(class_name: str) -> str:
    """``RemoteProtocolError`` to ``remote protocol error``."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in class_name).strip()
