"""How TestDome says what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import httpx

from assaykit.core.error_bodies import common_detail
from assaykit.core.errors import ApiError, ErrorCause, ErrorDetail, PaymentRequired

KNOWN_CODES: Final = frozenset(
    {
        "badRequest", "candidateNotCompleted", "candidateNotFound", "conflict", "forbidden", "invalidProperty",
        "invitationClosed", "noInvitesLeft", "notFound", "planNotAuthorized", "testArchived", "testNotFound",
        "testUrlNotFound", "tokenExpired", "tooLarge", "tooManyRequests", "unauthorized", "unsupportedMediaType",
    }
)  # fmt: skip
"""The codes of the specification, all of them inferred: no page lists any. A test compares the two."""

_KINDS: Final[Mapping[str, type[ApiError]]] = {"noInvitesLeft": PaymentRequired}
"""Codes that say more than their status: an empty balance is answered 403, as a role that may not invite is."""


def read_error(response: httpx.Response) -> ErrorDetail:
    """Read an error body of TestDome: ``{"error": {"code": …, "message": …, "innerError": {…}}}``.

    The code is that of the innermost cause which this version knows, so that a code which the vendor adds inside does
    not hide what it is a case of; where none is known, the outermost. The message is the innermost there is, since it
    is for people. ``causes`` has all of them. What the token operation refuses comes in OAuth's own form.

    Source:
        TestDome API, "API versions": unknown codes and inner errors; the form of the body is inferred
    """
    try:
        document = response.json()
    except (ValueError, RecursionError, httpx.ResponseNotRead):
        return ErrorDetail()
    detail = common_detail(document)
    causes = tuple(_causes(document))
    if not causes:
        return detail
    known = [cause.code for cause in causes if cause.code in KNOWN_CODES]
    code = known[-1] if known else causes[0].code
    messages = [cause.message for cause in causes if cause.message]
    return ErrorDetail(code, messages[-1] if messages else None, detail.fields, causes, _KINDS.get(code))


def _causes(document: Any) -> Iterator[ErrorCause]:
    """The causes, outermost first."""
    if not isinstance(document, dict):
        return
    nested = document.get("error")
    cause: Any = nested if isinstance(nested, dict) else document
    while isinstance(cause, dict):
        code, message = cause.get("code"), cause.get("message")
        if isinstance(code, str) and code:
            yield ErrorCause(code, message if isinstance(message, str) and message.strip() else None)
        cause = next((inner for name, inner in cause.items() if name.lower() == "innererror"), None)
