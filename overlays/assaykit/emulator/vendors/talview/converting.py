"""Documents as PDF: what the real service converts internally, this emulator writes when it is asked for."""

from __future__ import annotations

import textwrap
from typing import Final

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.pdf import pdf
from assaykit.emulator.engine.resources import View
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.talview import contents, file_types

_CONVERTED: Final = file_types.TEXTS - {"pdf"}
_PLAIN: Final = frozenset({"txt", "md"})
_COLUMNS: Final = 90
_LARGEST: Final = 100_000
"""Bytes of a text that are converted."""
behaviours = Behaviours()


def address(view: View, document: Document) -> str | None:
    """Return where a file is found as PDF; None if it is not converted."""
    stored = contents.address(view, document)
    return f"{stored}/pdf" if stored and document["extension"] in _CONVERTED else None


@behaviours.page("GET", "/files/{id}/{code}/pdf")
def download(call: Call) -> Success:
    """Hand out a document as PDF to anybody who knows its address: texts as they are, of others only the name."""
    document, content = contents.find(call, "files", "file", call.path["code"])
    name = document.get("originalName") or document["name"]
    text = content[:_LARGEST].decode("utf-8", "replace") if document["extension"] in _PLAIN else name
    lines = [part for line in text.splitlines() for part in textwrap.wrap(line, _COLUMNS) or [""]]
    return contents.hand_out(pdf(lines), f"{document['name']}.pdf", "application/pdf")
