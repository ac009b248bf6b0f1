"""Reading error bodies of forms that many interfaces share, for whatever a vendor's documentation leaves out."""

from __future__ import annotations

from typing import Any

import httpx

from .errors import ErrorDetail, FieldError


def read_common_error(response: httpx.Response) -> ErrorDetail:
    """Read an error body of a usual form; empty where it has none of them.

    Understood are an object or ``{"error": {…}}`` with code, message and fields; OAuth 2.0's ``error`` and
    ``error_description`` (RFC 6749 section 5.2); problem details with ``title``, ``detail`` and ``errors``
    (RFC 9457); ``errors`` as an object of lists or a list of texts or objects.
    """
    try:
        document = response.json()
    except (ValueError, RecursionError, httpx.ResponseNotRead):
        return ErrorDetail()
    return common_detail(document)


def common_detail(document: object) -> ErrorDetail:
    """Read an error of a usual form from JSON; see ``read_common_error``."""
    if not isinstance(document, dict):
        return ErrorDetail()
    nested = document.get("error")
    body = nested if isinstance(nested, dict) else document
    code = _first_text(body, "code", "error", "type", "name")
    message = _first_text(body, "message", "error_description", "detail", "title", "description")
    fields = _fields(body.get("fields")) or _fields(body.get("errors"))
    return ErrorDetail(code, message, fields)


def _first_text(body: dict[str, Any], *names: str) -> str | None:
    for name in names:
        value = body.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return None


def _fields(value: object) -> tuple[FieldError, ...]:
    found: list[FieldError] = []
    if isinstance(value, dict):
        for field, messages in value.items():
            texts = messages if isinstance(messages, list) else [messages]
            found.extend(FieldError(str(field), text) for text in texts if isinstance(text, str))
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                message = _first_text(item, "message", "detail", "description")
                if message is not None:
                    found.append(FieldError(_first_text(item, "field", "name", "path") or "", message))
            elif isinstance(item, str):
                found.append(FieldError("", item))
    return tuple(found)
