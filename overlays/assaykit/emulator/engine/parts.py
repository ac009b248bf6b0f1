"""Forms in parts (`multipart/form-data`, RFC 7578), files among them; imported when the first one arrives."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from email.message import Message
from email.utils import collapse_rfc2231_value
from typing import Any, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from assaykit.emulator.engine.parameters import MISSING, convert, types_of
from assaykit.emulator.engine.rejection import unreadable
from assaykit.emulator.engine.schemas import Schemas
from assaykit.emulator.engine.uploads import Upload

MAX_PARTS: Final = 1000
"""Parts of one form; more are refused before they are kept."""
_ESCAPES: Final = {"%22": '"', "%0D": "\r", "%0A": "\n"}
"""What browsers write in names instead of characters that would end them."""
_TRUTHS: Final = {"true": True, "false": False}

# What is wrong with a form is told to its sender; it shows up in the log of those only who set one up.
logging.getLogger("python_multipart").addHandler(logging.NullHandler())


class _Collector:
    """Gathers what the parser reports."""

    def __init__(self) -> None:
        self.parts: dict[str, list[Upload]] = {}
        self.complete = False
        self._headers: dict[bytes, bytes] = {}
        self._header = b""
        self._content = bytearray()
        self._count = 0

    def begin(self) -> None:
        self._count += 1
        if self._count > MAX_PARTS:
            raise unreadable("body", f"has more than {MAX_PARTS} parts; send fewer")
        self._headers, self._content = {}, bytearray()

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._header = data[start:end].lower()
        self._headers[self._header] = b""

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._headers[self._header] = data[start:end]

    def content(self, data: bytes, start: int, end: int) -> None:
        self._content += data[start:end]

    def end_part(self) -> None:
        disposition = self._headers.get(b"content-disposition", b"")
        name, filename = _parameter(disposition, "name"), _parameter(disposition, "filename") or ""
        if name is None:
            raise unreadable("body", 'has a part without a name; give it Content-Disposition: form-data; name="…"')
        media = self._headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
        plain = filename.replace("\\", "/").rpartition("/")[2]
        self.parts.setdefault(name, []).append(Upload(bytes(self._content), plain, media))

    def end(self) -> None:
        self.complete = True


def read_parts(body: bytes, boundary: str) -> dict[str, list[Upload]]:
    """Split a form in parts, by their names; which of them are texts, a schema says (`typed_parts`).

    Args:
        body: The body.
        boundary: What its media type calls the boundary; "" if it names none.

    Raises:
        Rejected: It is no such form.

    Source:
        RFC 7578, "Returning Values from Forms: multipart/form-data".
    """
    if not boundary:
        raise unreadable("body", "has no boundary in its Content-Type; send it as multipart/form-data; boundary=…")
    collector = _Collector()
    try:
        parser = MultipartParser(
            boundary.encode("latin-1", "replace"),
            {
                "on_part_begin": collector.begin,
                "on_header_field": collector.header_name,
                "on_header_value": collector.header_value,
                "on_part_data": collector.content,
                "on_part_end": collector.end_part,
                "on_end": collector.end,
            },
        )
        parser.write(body)
    except FormParserError as error:
        raise unreadable("body", f"is no form in parts: {error}; each part begins with --{boundary}") from None
    if not collector.complete:
        raise unreadable("body", f"breaks off; a form in parts ends with --{boundary}--")
    return collector.parts


def _parameter(disposition: bytes, name: str) -> str | None:
    """Return a parameter of a Content-Disposition, or None if it has none of this name."""
    _, options = parse_options_header(disposition)
    raw = options.get(name.encode())
    return _extended(disposition, name) if raw is None else _unescaped(raw.decode("utf-8", "replace"))


def _unescaped(text: str) -> str:
    for escape, character in _ESCAPES.items():
        text = text.replace(escape, character)
    return text


def _extended(disposition: bytes, parameter: str) -> str | None:
    """Return a parameter written as RFC 2231 has it, `filename*=UTF-8''…`, or None.

    RFC 7578 forbids this form in forms, hence the parser passes over it. Clients older than that write it for every
    name that is not ASCII, and say the name in no other way.
    """
    if b"*" not in disposition:
        return None
    header: Message[str, str] = Message()
    header["Content-Disposition"] = disposition.decode("utf-8", "replace")
    try:
        value = header.get_param(parameter, None, "content-disposition")
        return None if value is None else collapse_rfc2231_value(value)
    except ValueError:  # a charset that decodes no text, or none at all
        return None


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
            raise unreadable(f"body.{name}", f"was given {len(given)} times; give it once")
        else:
            found[name] = _typed(name, given[0], properties[name], schemas)
    return found


def _typed(name: str, part: Upload, schema: Mapping[str, Any], schemas: Schemas) -> Any:
    schema = schemas.dereferenced(schema)
    if schema.get("format") == "binary":
        return part
    try:
        text = part.content.decode()
    except UnicodeDecodeError:
        raise unreadable(f"body.{name}", "is no text in UTF-8; encode it so") from None
    types = types_of(schema)
    if "boolean" in types and text.lower() in _TRUTHS:
        return _TRUTHS[text.lower()]
    value = convert(text, types)
    return text if value is MISSING else value


def parts_as_text(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form in parts as a schema validates it: a file is the text of its bytes."""
    return {name: one.content.decode("latin-1") if isinstance(one, Upload) else one for name, one in value.items()}
