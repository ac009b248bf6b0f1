"""How Talentics says what went wrong."""

from __future__ import annotations

import httpx

from assaykit.core.error_bodies import common_detail
from assaykit.core.errors import ErrorDetail


def read_error(response: httpx.Response) -> ErrorDetail:
    """Read an error body of Talentics: the page's ``{"data": {"errors": []}}``, or ``{"message": …}`` as reported.

    The page shows the list empty only; texts in it are taken for messages, objects for refused fields.

    Source:
        Talentics API, "Response Failed" of every operation
    """
    try:
        document = response.json()
    except (ValueError, RecursionError, httpx.ResponseNotRead):
        return ErrorDetail()
    if isinstance(document, dict) and isinstance(document.get("data"), dict):
        document = document["data"]
    detail = common_detail(document)
    if detail.message is None and detail.fields:
        texts = (f"{field}: {text}" if field else text for field, text in detail.fields)
        detail = detail._replace(message="; ".join(texts))
    return detail
