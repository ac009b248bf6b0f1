"""Why a request was turned down, before a vendor gives it the shape of its own errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from assaykit.emulator.engine.message import Reply

BAD_SYNTAX: Final = "bad_syntax"
CONFLICT: Final = "conflict"
FORBIDDEN: Final = "forbidden"
GONE: Final = "gone"
INVALID: Final = "invalid"
METHOD_NOT_ALLOWED: Final = "method_not_allowed"
NOT_FOUND: Final = "not_found"
PAYMENT_REQUIRED: Final = "payment_required"
TOO_LARGE: Final = "too_large"
TOO_MANY_REQUESTS: Final = "too_many_requests"
UNAUTHORIZED: Final = "unauthorized"
UNSUPPORTED_MEDIA_TYPE: Final = "unsupported_media_type"
FAULT: Final = "fault"

STATUS: Final[dict[str, int]] = {
    BAD_SYNTAX: 400,
    INVALID: 400,
    UNAUTHORIZED: 401,
    PAYMENT_REQUIRED: 402,
    FORBIDDEN: 403,
    NOT_FOUND: 404,
    METHOD_NOT_ALLOWED: 405,
    CONFLICT: 409,
    GONE: 410,
    TOO_LARGE: 413,
    UNSUPPORTED_MEDIA_TYPE: 415,
    TOO_MANY_REQUESTS: 429,
    FAULT: 503,
}
"""The usual status of each kind; a vendor's error writer may choose another."""


@dataclass(frozen=True, slots=True)
class Field:
    """One part of a request that must change.

    Args:
        name: Where: `tests[0].testId` in a body, `testId` in a query, `path` or `body` as a whole.
        message: What is wrong and what would be right.
    """

    name: str
    message: str


class Rejected(Exception):
    """Ends the handling of a request with an error reply; the world's state is rolled back.

    Args:
        kind: One of this module's constants.
        message: One sentence for the person who reads the reply.
        fields: The parts of the request that must change.
        headers: Headers that the reply must carry, such as Allow.
        code: A vendor's own error code, where it knows more than the kind.
        status: A status other than the kind's usual one.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        fields: Sequence[Field] = (),
        *,
        headers: Sequence[tuple[str, str]] = (),
        code: str | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.fields = tuple(fields)
        self.headers = tuple(headers)
        self.code = code or kind
        self.status = status or STATUS[kind]
        self.operation: str | None = None
        """The operationId that was asked for, set before the error is written; None if the request met none."""


def unreadable(field: str, message: str) -> Rejected:
    """Return the rejection of a body whose bytes do not say what its media type promises.

    Args:
        field: Name of the part that cannot be read, or `body`.
        message: What is wrong and what would be right.
    """
    return Rejected(BAD_SYNTAX, "The body cannot be read.", [Field(field, message)])


ErrorWriter = Callable[[Rejected], Reply]
"""Gives a rejection the vendor's own status, body and headers; `Rejected.operation` says what was asked for."""
