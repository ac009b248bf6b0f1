"""The bytes of files: kept in the world's storage, and handed out to those who were told their addresses."""

from __future__ import annotations

import mimetypes
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import NOT_FOUND, TOO_LARGE, Rejected
from assaykit.emulator.engine.resources import Change, View, resources_of
from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.storage import Collection, Document
from assaykit.emulator.engine.uploads import Upload
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview import file_types

LARGEST: Final = 10 * 1024 * 1024
"""Bytes that one file may have; the documentation tells no limit."""
LARGEST_BODY: Final = 15 * 1024 * 1024
"""Bytes that a request may have, so that a file of the largest size fits in as base64 text."""
COLLECTION: Final = Collection("talview._contents")
UNNAMED: Final = "file"
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
_LONGEST_EXTENSION: Final = 10
_LONGEST_NUMBER: Final = 18
behaviours = Behaviours()


def split_name(name: str) -> tuple[str, str | None]:
    """Return the name of a file without its extension, and the extension in lower case or None."""
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem or not extension.isalnum() or len(extension) > _LONGEST_EXTENSION:
        return name, None
    return stem, extension.lower()


def check(field: str, content: bytes, file_type: int | None, extension: str | None) -> None:
    """Refuse a file that is too large, or whose extension does not fit its type.

    Args:
        field: Property that brought the file.
        content: Its bytes.
        file_type: Id of its type, if it has one.
        extension: Its extension, if it has one.

    Raises:
        Rejected: It is refused.
    """
    if len(content) > LARGEST:
        raise Rejected(TOO_LARGE, f"The file has {len(content)} bytes; the largest accepted file has {LARGEST}.")
    if not file_types.takes(file_type, extension):
        raise unfit(field, f"has the extension {extension}, which files of this type may not have")


def keep(state: State, key: str, content: bytes) -> None:
    """Keep bytes in the world."""
    state.store.insert(COLLECTION.name, key, {"data": b64encode(content).decode()})


def read(state: State, key: str) -> bytes | None:
    """Return the bytes that were kept under a key, or None."""
    kept = state.store.get(COLLECTION.name, key)
    return None if kept is None else b64decode(kept["data"])


def describe(change: Change) -> None:
    """Note on a new file what its upload tells: before it is created."""
    document = change.document
    upload = document.pop("file", None)
    if not isinstance(upload, Upload):
        return
    name = upload.name or UNNAMED
    stem, extension = split_name(name)
    check("file", upload.content, document["file_type_id"], extension)
    document.update(
        name=change.values.get("name") or stem,
        extension=extension,
        originalName=name,
        size=len(upload.content),
        media_type=upload.media_type if _MEDIA_TYPE.fullmatch(upload.media_type) else None,
        code=change.state.ids.token("file"),
    )


def forget(change: Change) -> None:
    """Forget the bytes of a file: after it was deleted."""
    change.state.store.delete(COLLECTION.name, f"file-{change.document['id']}")


def store_file(
    state: State, upload: Upload, values: Mapping[str, Any], *, user: int | None = None, call: Call | None = None
) -> Document:
    """Store a file.

    Args:
        state: The vendor's part of the world.
        upload: The file.
        values: Its `file_type_id`, what it belongs to, and its owner if nobody calls.
        user: Id of the user who sends it.
        call: The request, if there is one.

    Raises:
        Rejected: It is too large, of a kind that its type does not take, or its type does not exist.
    """
    return resources_of(state).records.insert(state, "files", {**values, "file": upload}, user=user, call=call)


def keep_upload(change: Change) -> None:
    """Keep the bytes of a new file: after it was created."""
    upload = change.values.get("file")
    if isinstance(upload, Upload):
        keep(change.state, f"file-{change.document['id']}", upload.content)


def seed_file(state: State, values: Mapping[str, Any], content: bytes) -> None:
    """Put a file with its bytes into a start world.

    Args:
        state: The vendor's part of the world.
        values: Its `id`, `organization_id`, `file_type_id` and `originalName`, and what it belongs to.
        content: The bytes.
    """
    stem, extension = split_name(values["originalName"])
    told = {"name": stem, "extension": extension, "size": len(content), "code": f"assaykit-demo-{values['id']}"}
    resources_of(state).records.seed(state, "files", {**told, **values})
    keep(state, f"file-{values['id']}", content)


def address(view: View, document: Document) -> str | None:
    """Return where the bytes of a file are found; None if there are none."""
    code = document.get("code")
    return f"{view.base_url}/files/{document['id']}/{code}" if code else None


def upload_path(_: View, document: Document) -> str:
    """Return where an upload is found below the base URL, told nobody but who sent it."""
    extension = f".{document['extension']}" if document["extension"] else ""
    return f"/uploads/{document['organization_id']}/{document['id']}/{document['code']}{extension}"


def find(call: Call, kind: str, key: str, code: str) -> tuple[Document, bytes]:
    """Return a file by the number in the path, and its bytes.

    Args:
        call: The request, whose path has an `id`.
        kind: Kind of the file.
        key: What the keys of its bytes begin with.
        code: What only those know who were told the address.

    Raises:
        Rejected: There is no such file, or the code is another.
    """
    number = call.path["id"]
    document: Document | None = None
    if number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER:
        document = resources_of(call.state).records.get(call.state, kind, int(number))
    content = None if document is None else read(call.state, f"{key}-{number}")
    if document is None or content is None or document.get("code") != code:
        raise Rejected(NOT_FOUND, "Object not found: no file has this address.")
    return document, content


def hand_out(content: bytes, name: str, media_type: str) -> Success:
    """Return bytes as a browser shows or saves them under a name."""
    shown = f"inline; filename*=UTF-8''{quote(name.encode('utf-8', 'replace'), safe='')}"
    return Success(content, media_type=media_type, headers=(("Content-Disposition", shown),))


def _as_stored(document: Document, content: bytes) -> Success:
    name = document.get("originalName") or document["name"] or UNNAMED
    media = document.get("media_type") or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return hand_out(content, name, media)


@behaviours.page("GET", "/files/{id}/{code}")
def download(call: Call) -> Success:
    """Hand out the bytes of a file to anybody who knows its address."""
    return _as_stored(*find(call, "files", "file", call.path["code"]))


@behaviours.page("GET", "/uploads/{organization}/{id}/{name}")
def download_upload(call: Call) -> Success:
    """Hand out the bytes of an upload to anybody who knows its path."""
    return _as_stored(*find(call, "file_uploads", "upload", call.path["name"].partition(".")[0]))
