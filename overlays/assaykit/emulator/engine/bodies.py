"""Request bodies: from bytes to a value that fits its schema, by media type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assaykit.emulator.engine.contract import Operation
from assaykit.emulator.engine.jsontext import MalformedJSON, loads
from assaykit.emulator.engine.message import Request
from assaykit.emulator.engine.rejection import (
    INVALID,
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    Field,
    Rejected,
    unreadable,
)
from assaykit.emulator.engine.schemas import field_errors
from assaykit.emulator.engine.urls import MalformedText, parse_query

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
PARTS: Final = "multipart/form-data"
_UTF_8: Final = frozenset({"utf-8", "utf8", "us-ascii"})


def read_body(request: Request, operation: Operation, largest: int) -> Any:
    """Read the body of a request as its operation describes it.

    Args:
        request: The request.
        operation: What it asks for; one that takes a body.
        largest: Bytes that a body may have.

    Returns:
        The value; the bytes themselves if their media type is neither JSON nor a form; None if no body was sent and
        none is demanded.

    Raises:
        Rejected: It is too large, missing, of another media type, malformed, or does not fit its schema.
    """
    if len(request.body) > largest:
        raise Rejected(TOO_LARGE, f"The body has {len(request.body)} bytes; the largest accepted one has {largest}.")
    header = request.headers.get("content-type")
    if request.body or header is not None:
        media, options = media_type(header)
        if media not in operation.body_media:
            raise Rejected(UNSUPPORTED_MEDIA_TYPE, f"Send the body as {', '.join(operation.body_media)}.")
        if options.get("charset", "utf-8").lower() not in _UTF_8:
            raise Rejected(UNSUPPORTED_MEDIA_TYPE, "Send the body in UTF-8.")
        if request.body:
            return _read(request.body, media, options, operation)
    if operation.body_required:
        raise Rejected(INVALID, "The request lacks its body.", [Field("body", "is required")])
    return None


def _read(body: bytes, media: str, options: Mapping[str, str], operation: Operation) -> Any:
    pointer = operation.body_media[media]
    if media == JSON:
        value = seen = read_json(body)
    elif media == FORM:
        value = seen = read_form(body)
    elif media == PARTS and pointer is not None:
        # Few requests are forms in parts, and their parser takes a while to import.
        from assaykit.emulator.engine.parts import parts_as_text, read_parts, typed_parts

        schema, _ = operation.schemas.follow(pointer)
        value = typed_parts(read_parts(body, options.get("boundary", "")), schema, operation.schemas)
        seen = parts_as_text(value)
    else:
        return body
    if pointer is not None:
        validator = operation.schemas.validator(pointer)
        if not validator.is_valid(seen):
            raise Rejected(INVALID, "The request does not fit its description.", field_errors(validator, seen, "body"))
    return value


def media_type(header: str | None) -> tuple[str, Mapping[str, str]]:
    """Split a Content-Type header.

    Args:
        header: Its value, or None if it was not sent.

    Returns:
        The media type in lower case ("" if there is none) and its parameters by lower-case name.
    """
    if header is None:
        return "", {}
    name, *parts = header.split(";")
    parameters: dict[str, str] = {}
    for part in parts:
        key, _, value = part.partition("=")
        parameters[key.strip().lower()] = value.strip().strip('"')
    return name.strip().lower(), parameters


def read_json(body: bytes) -> Any:
    """Read a JSON body. NUL is a character like any other: a schema that allows text allows it.

    Raises:
        Rejected: It is not strict JSON in UTF-8.
    """
    try:
        return loads(body)
    except MalformedJSON as error:
        raise unreadable("body", f"is not valid JSON: {error}") from None


def read_form(body: bytes) -> dict[str, str]:
    """Read a form body into an object of texts.

    Raises:
        Rejected: It is not percent-encoded UTF-8, or gives a field twice.
    """
    try:
        fields = parse_query(body)
    except MalformedText as error:
        raise unreadable("body", f"is not a valid form: {error}") from None
    for name, values in fields.items():
        if len(values) > 1:
            raise unreadable(f"body.{name}", f"was given {len(values)} times; give it once")
    return {name: values[0] for name, values in fields.items()}
