"""Request bodies: from bytes to a value, by media type."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from assaykit.emulator.engine.jsontext import MalformedJSON, loads
from assaykit.emulator.engine.rejection import BAD_SYNTAX, Field, Rejected
from assaykit.emulator.engine.urls import MalformedText, parse_query

if TYPE_CHECKING:
    from assaykit.emulator.engine.schemas import Schemas

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
PARTS: Final = "multipart/form-data"
_PARAMETER: Final = re.compile(r';\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))')
_TRUTHS: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came as one part of a form.

    Args:
        content: Its bytes.
        name: Name that the sender gave it, without folders; "" if there was none.
        media_type: What the sender called it; "" if nothing was said.
    """

    content: bytes
    name: str
    media_type: str


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


def read_parts(body: bytes, options: Mapping[str, str]) -> dict[str, list[Upload]]:
    """Split a form in parts, by their names; which of them are texts, a schema says (`typed_parts`).

    Args:
        body: The body.
        options: Parameters of its media type.

    Raises:
        Rejected: It is no such form.
    """
    boundary = options.get("boundary", "").encode("utf-8", "replace")
    if not boundary:
        raise _refuse("body", "is a form in parts whose Content-Type names no boundary")
    _, *rest = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if not rest or not rest[-1].startswith(b"--"):
        raise _refuse("body", "is a form in parts that does not end with its boundary")
    parts: dict[str, list[Upload]] = {}
    for part in rest[:-1]:
        head, blank, content = part.lstrip(b" \t").partition(b"\r\n\r\n")
        headers = _part_headers(head)
        described = _parameters(headers.get("content-disposition", ""))
        if not blank or "name" not in described:
            raise _refuse("body", "has a part without a name in its Content-Disposition")
        filename = described.get("filename", "").replace("\\", "/").rpartition("/")[2]
        upload = Upload(content, filename, media_type(headers.get("content-type"))[0])
        parts.setdefault(described["name"], []).append(upload)
    return parts


def _part_headers(head: bytes) -> dict[str, str]:
    lines = head.decode("utf-8", "replace").split("\r\n")
    return {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _parameters(header: str) -> dict[str, str]:
    """Return the parameters of a Content-Disposition; senders write quotes as `%22` or with a backslash."""
    found: dict[str, str] = {}
    for name, quoted, plain in _PARAMETER.findall(header):
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted else plain
        found[name.lower()] = value.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")
    return found


def typed_parts(parts: Mapping[str, Sequence[Upload]], schema: Mapping[str, Any], schemas: Schemas) -> dict[str, Any]:
    """Return the parts of a form as a schema describes them: files stay files, all else becomes text or a number.

    Args:
        parts: The parts.
        schema: The schema of the body.
        schemas: Where its references lead.

    Raises:
        Rejected: A text is not in UTF-8, or a part that the schema knows was given twice.
    """
    found: dict[str, Any] = {}
    properties: Mapping[str, Any] = schema.get("properties", {})
    for name, given in parts.items():
        if name not in properties:
            found[name] = [part.content.decode("utf-8", "replace") for part in given]
        elif len(given) > 1:
            raise _refuse(f"body.{name}", f"was given {len(given)} times; give it once")
        else:
            found[name] = _typed(name, given[0], properties[name], schemas)
    return found


def _typed(name: str, part: Upload, schema: Mapping[str, Any], schemas: Schemas) -> Any:
    while "$ref" in schema:
        schema = schemas.resolve(schema["$ref"])
    if schema.get("format") == "binary":
        return part
    try:
        text = part.content.decode()
    except UnicodeDecodeError:
        raise _refuse(f"body.{name}", "is no text in UTF-8") from None
    types = schema.get("type", "string")
    if "integer" in types and re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    if "boolean" in types:
        return _TRUTHS.get(text.lower(), text)
    return text


def parts_as_text(value: Any) -> Any:
    """Return a form in parts as a schema validates it: a file is the text of its bytes."""
    if not isinstance(value, dict):
        return value
    return {name: one.content.decode("latin-1") if isinstance(one, Upload) else one for name, one in value.items()}


READERS: Final[Mapping[str, Callable[[bytes], Any]]] = {JSON: read_json, FORM: read_form}
"""How each media type is read. A type without a reader reaches the behaviour as bytes."""
