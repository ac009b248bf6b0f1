"""Files that come as base64 text, and tables of comma-separated values."""

from __future__ import annotations

import binascii
import csv
import io
from base64 import b64decode
from typing import Final

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.resources import Change, resources_of
from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.talview import contents

UPLOADED: Final = 103
_SERVER: Final = 1
_WORKBOOKS: Final = frozenset({"xlsx", "xlsm", "xls", "ods"})
behaviours = Behaviours()


def decode(change: Change) -> None:
    """Read the text of a new upload, and note what its name tells: before it is created.

    Raises:
        Rejected: It is no base64, too large, or of a kind that its type does not take.
    """
    document = change.document
    content = _decoded(document.pop("data", ""))
    name = document["name"] or None
    stem, extension = contents.split_name(name) if name else (None, None)
    contents.check("data", content, document["file_type_id"], extension)
    document.update(
        name=stem,
        extension=extension,
        originalName=name,
        status=UPLOADED,
        server_id=_SERVER,
        modified_by=change.user,
        code=change.state.ids.token("upload"),
    )


def keep_upload(change: Change) -> None:
    """Keep the bytes of a new upload: after it was created."""
    contents.keep(change.state, f"upload-{change.document['id']}", _decoded(change.values["data"]))


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise unfit("data", "is no base64; encode the bytes of the file in it") from None


@behaviours.operation("spreadsheets_import_file")
def import_file(call: Call) -> Success:
    """Return the rows of a table as objects, named by its first row; nothing is created."""
    file_type = call.body.get("file_type_id")
    if file_type is not None and resources_of(call.state).records.get(call.state, "file_types", file_type) is None:
        raise unfit("file_type_id", "names no file type that exists")
    upload = call.body["file"]
    # The file is only read, so its type does not limit its extension.
    extension = contents.split_name(upload.name)[1]
    contents.check("file", upload.content, None, extension)
    if extension in _WORKBOOKS:
        raise unfit("file", "is a workbook; save it as comma-separated values")
    try:
        rows = list(csv.reader(io.StringIO(_text(upload.content), newline="")))
    except csv.Error as error:
        raise unfit("file", f"is no table of comma-separated values: {error}") from None
    titles = _titles(rows[0]) if rows else []
    return Success(
        [{title: cell for title, cell in zip(titles, row, strict=False) if title} for row in rows[1:] if any(row)]
    )


def _titles(row: list[str]) -> list[str]:
    """Return the names of the columns; later ones of the same title are numbered."""
    titles: list[str] = []
    for cell in row:
        title = cell.strip()
        same = sum(1 for earlier in row[: len(titles)] if earlier.strip() == title)
        titles.append(f"{title} ({same + 1})" if title and same else title)
    return titles


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What office programs in the West write if nobody asks them for UTF-8; every byte means something in it.
        return content.decode("latin-1")
