"""How Talview says what went wrong."""

from __future__ import annotations

import httpx

from assaykit.core.error_bodies import common_detail, read_common_error
from assaykit.core.errors import ErrorDetail, FieldError


def read_error(response: httpx.Response) -> ErrorDetail:
    """Read Talview's error object, or its list of fields that were not accepted.

    The object is ``{"name": …, "message": …, "code": 0, "status": …}``. Its code is 0 in every sample; such a code says
    nothing and is left out. What the token operation refuses may come in OAuth's own form instead.

    Source:
        Talview API v4, "HTTP Response Code"; the list ``[{"field": …, "message": …}]`` of a 422 is inferred
    """
    try:
        document = response.json()
    except (ValueError, RecursionError, httpx.ResponseNotRead):
        return ErrorDetail()
    if isinstance(document, list):
        return _fields(document)
    if not isinstance(document, dict) or not isinstance(document.get("name"), str):
        return read_common_error(response)
    detail = common_detail({"message": document.get("message") or document["name"]})
    code = document.get("code")
    is_told = isinstance(code, int | str) and not isinstance(code, bool) and code not in (0, "", "0")
    return detail._replace(code=str(code) if is_told else None)


def _fields(items: list[object]) -> ErrorDetail:
    fields = tuple(
        FieldError(item["field"], item["message"])
        for item in items
        if isinstance(item, dict) and isinstance(item.get("field"), str) and isinstance(item.get("message"), str)
    )
    message = "; ".join(f"{field}: {reason}" for field, reason in fields) or None
    return ErrorDetail(None, message, fields)
