"""Talview's error bodies: one object, and a list of fields where the values in a body are not accepted."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from assaykit.emulator.engine.jsontext import dumps
from assaykit.emulator.engine.message import Reply
from assaykit.emulator.engine.rejection import INVALID, Field, Rejected

_NAMES: Final = {413: "Payload Too Large", 422: "Data Validation Failed."}
"""Names of statuses that the standard library writes otherwise."""
_UNPROCESSABLE: Final = 422


def write_error(rejected: Rejected) -> Reply:
    """Return the body; a 401 names the scheme to authenticate with.

    What is wrong with single properties of a body is a 422 with a list, everything else an error object.
    """
    headers = [("Content-Type", "application/json"), *rejected.headers]
    if rejected.status == HTTPStatus.UNAUTHORIZED and all(name != "WWW-Authenticate" for name, _ in headers):
        headers.append(("WWW-Authenticate", 'Bearer realm="talview"'))
    if rejected.kind == INVALID and rejected.fields and all(_in_body(field) for field in rejected.fields):
        return Reply(_UNPROCESSABLE, headers, dumps([_told(field) for field in rejected.fields]))
    message = rejected.message
    if rejected.fields and rejected.status == HTTPStatus.BAD_REQUEST:
        message = "; ".join(f"{field.name} {field.message}" for field in rejected.fields) + "."
    return Reply(rejected.status, headers, dumps(error_object(rejected.status, message)))


def error_object(status: int, message: str, code: int = 0) -> dict[str, Any]:
    """Return the object that explains a refusal.

    Args:
        status: The HTTP status.
        message: The cause in words.
        code: A code of the vendor, 0 where there is none.
    """
    known = status in HTTPStatus.__members__.values()
    name = _NAMES.get(status) or (HTTPStatus(status).phrase if known else "Error")
    return {"name": name, "message": message, "code": code, "status": status}


def _in_body(field: Field) -> bool:
    """Whether values in a body are wrong; a body that fits none of its alternatives, or several, counts too."""
    return field.name.startswith("body.") or (field.name == "body" and field.message.startswith("does not meet"))


def _told(field: Field) -> dict[str, str]:
    name = field.name.removeprefix("body.")
    return {"field": name, "message": f"{name} {field.message}."}
