"""Request bodies: from bytes to a value, by media type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from assaykit.emulator.engine.jsontext import MalformedJSON, loads
from assaykit.emulator.engine.rejection import BAD_SYNTAX, Field, Rejected
from assaykit.emulator.engine.urls import MalformedText, parse_query

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"


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


def _refuse(field: str, message: str) -> Rejected:
    return Rejected(BAD_SYNTAX, "The body cannot be read.", [Field(field, message)])


def read_json(body: bytes) -> Any:
    """Read a JSON body. NUL is a character like any other: a schema that allows text allows it.

    Raises:
        Rejected: It is not strict JSON in UTF-8.
    """
    try:
        return loads(body)
    except MalformedJSON as error:
        raise _refuse("body", f"is not valid JSON: {error}") from None


def read_form(body: bytes) -> Any:
    """Read a form body into an object of texts.

    Raises:
        Rejected: It is not percent-encoded UTF-8, or gives a field twice.
    """
    try:
        fields = parse_query(body)
    except MalformedText as error:
        raise _refuse("body", f"is not a valid form: {error}") from None
    for name, values in fields.items():
        if len(values) > 1:
            raise _refuse(f"body.{name}", f"was given {len(values)} times; give it once")
    return {name: values[0] for name, values in fields.items()}


READERS: Final[Mapping[str, Callable[[bytes], Any]]] = {JSON: read_json, FORM: read_form}
"""How each media type is read. A type without a reader reaches the behaviour as bytes."""
