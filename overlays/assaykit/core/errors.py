"""What can go wrong, one class per cause, the same for every vendor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import httpx


class AssaykitError(Exception):
    """Base of every error that this package raises on purpose."""


class ConfigurationError(AssaykitError, ValueError):
    """An argument or environment variable cannot be used.

    Args:
        argument: Name of the argument or variable.
        problem: What is wrong with it. Never holds the value of a secret.
        remedy: What to do instead.
    """

    def __init__(self, argument: str, problem: str, remedy: str = "") -> None:
        super().__init__(argument, problem, remedy)
        self.argument = argument
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.argument}: {self.problem}" + (f"; {self.remedy}" if self.remedy else "")


class ClientClosed(AssaykitError, RuntimeError):
    """The client was used after ``close`` or after its ``with`` block."""


class MissingExtra(AssaykitError, ImportError):
    """An optional dependency is not installed; the message holds the command that installs it."""


class WebhookInvalid(AssaykitError, ValueError):
    """A webhook's body is not what the vendor documents.

    Args:
        vendor: Vendor whose webhook was read.
        path: Where in the body, as a JSON path such as ``$.results.clientId``.
        reason: What does not fit there.
    """

    def __init__(self, vendor: str, path: str, reason: str) -> None:
        super().__init__(vendor, path, reason)
        self.vendor = vendor
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.vendor} webhook does not fit at {self.path}: {self.reason}"


class FieldError(NamedTuple):
    """One field that the vendor refused."""

    field: str
    """The vendor's name of the field, with its path where the vendor gives one."""
    message: str
    """Why, in the vendor's words."""


class ErrorCause(NamedTuple):
    """One of the causes that a vendor nests in an error."""

    code: str
    """The vendor's error code."""
    message: str | None = None
    """The cause in the vendor's words."""


class ErrorDetail(NamedTuple):
    """What a vendor's error body says, in a form that all vendors share."""

    code: str | None = None
    message: str | None = None
    fields: tuple[FieldError, ...] = ()
    causes: tuple[ErrorCause, ...] = ()
    """The causes, from the general to the particular, where the vendor nests them."""
    kind: type[ApiError] | None = None
    """The class of the error where the code says more than the status; None for the class of the status."""


ErrorReader = Callable[["httpx.Response"], ErrorDetail]
"""Reads a vendor's error body; must not raise, whatever the body is."""


class ApiError(AssaykitError):
    """A call to a vendor failed. Subclasses name the cause.

    Args:
        message: The vendor's message, or ours where there is none.
        vendor: Vendor that was called.
        operation: operationId of the call that failed; the token request has its own.
        status: HTTP status, None if there was no response.
        code: The vendor's error code.
        request_id: The vendor's id of the request, to quote to its support.
        response: The response as received, body read; None if there was none.
    """

    def __init__(
        self,
        message: str = "",
        *,
        vendor: str = "",
        operation: str | None = None,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        response: httpx.Response | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.vendor = vendor
        self.operation = operation
        self.status = status
        self.code = code
        self.request_id = request_id
        self.response = response
        self.page: int | None = None
        """Number of the page, counted from 1, on which a walk over a list failed."""
        self.causes: Sequence[ErrorCause] = ()
        """From the general to the particular, what the vendor gives as causes; empty if it does not nest them."""

    def __str__(self) -> str:
        call = " ".join(part for part in (self.vendor, self.operation, self.page and f"page {self.page}") if part)
        cause = " ".join(str(part) for part in (self.status, self.code) if part is not None)
        text = ": ".join(part for part in (call, cause, self._explanation()) if part)
        return f"{text} (request id {self.request_id})" if self.request_id else text

    def _explanation(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        state = {**self.__dict__, "response": self.response and without_credentials(self.response)}
        return type(self), self.args, state


class AuthenticationError(ApiError):
    """The vendor does not accept the credentials (401), or refused to give a token for them."""


class PaymentRequired(ApiError):
    """The account has no credit left for this (402, or whatever status a vendor gives it)."""


class PermissionDenied(ApiError):
    """The credentials are valid but may not do this (403)."""


class NotFound(ApiError):
    """No such thing, or not in this account (404)."""


class Conflict(ApiError):
    """The thing's state does not allow this (409)."""


class Gone(ApiError):
    """It existed and does not any more (410)."""


class ValidationFailed(ApiError):
    """The vendor refused the request's content (400, 422)."""

    fields: Sequence[FieldError] = ()
    """The refused fields, as far as the vendor names them."""

    def _explanation(self) -> str:
        return "; ".join(f"{field}: {text}" if field else text for field, text in self.fields) or self.message


class PartialFailure(ApiError):
    """A bulk call succeeded for some of what was asked for and failed for the rest; what succeeded stays done.

    Calling again with everything would do that part twice: call again with what is in ``failed``. A client made with
    ``on_partial="return"`` returns the model instead of raising this.
    """

    failed: Sequence[Any] = ()
    """What failed, as the vendor names it: ids or e-mail addresses."""
    result: Any = None
    """The model that the call would have returned."""

    def _explanation(self) -> str:
        return f"{len(self.failed)} failed, the rest is done" + (f": {self.message}" if self.message else "")


class RateLimited(ApiError):
    """Too many requests: 429, and waiting as long as asked was not possible; without a status, it was not sent."""

    retry_after: float | None = None
    """Seconds to wait: what the vendor asks, None if it does not say, or when the budget has room again."""


class ServerError(ApiError):
    """The vendor failed (5xx), also after the retries that the policy allows."""

    retry_after: float | None = None
    """Seconds that the vendor asks to wait, None if it does not say."""


class ConnectionFailed(ApiError):
    """No usable answer came: name resolution, connection, TLS or transmission failed."""


class Timeout(ConnectionFailed):
    """The vendor did not answer in time. The call may have taken effect."""


class ResponseInvalid(ApiError):
    """The answer came but does not fit the specification; ``response`` holds it as received."""

    path: str = "$"
    """Where in the body, as a JSON path such as ``$.results[3].scores``."""

    def _explanation(self) -> str:
        return f"response does not fit at {self.path}: {self.message}"


_BY_STATUS: dict[int, type[ApiError]] = {
    400: ValidationFailed,
    401: AuthenticationError,
    402: PaymentRequired,
    403: PermissionDenied,
    404: NotFound,
    409: Conflict,
    410: Gone,
    422: ValidationFailed,
    429: RateLimited,
}


def error_class(status: int) -> type[ApiError]:
    """Choose the class for an HTTP status; plain ApiError where no class says more."""
    if status >= 500:
        return ServerError
    return _BY_STATUS.get(status, ApiError)


def json_path(path: Sequence[str | int]) -> str:
    """Write a path of keys and indices as a JSON path, such as ``$.results[3].scores``."""
    text = "$"
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part.isidentifier():
            text += f".{part}"
        else:
            text += f"[{part!r}]"
    return text


def without_credentials(response: httpx.Response) -> httpx.Response:
    """Copy a response so that it can leave the process.

    The copy has no request headers, request body, query, cookies or history: all of them may hold secrets.
    """
    import httpx

    try:
        request: httpx.Request | None = httpx.Request(
            response.request.method, response.request.url.copy_with(query=None)
        )
    except RuntimeError:  # httpx's way to say that a response has no request
        request = None
    try:
        content = response.content
    except httpx.ResponseNotRead:
        content = b""
    headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in _NOT_COPIED]
    return httpx.Response(response.status_code, headers=headers, content=content, request=request)


# Cookies are credentials; the others describe the encoded body, which httpx has decoded by now.
_NOT_COPIED = frozenset({"set-cookie", "content-encoding", "transfer-encoding", "content-length"})
