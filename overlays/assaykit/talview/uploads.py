"""Files on their way to Talview."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from assaykit.core.errors import ConfigurationError

if TYPE_CHECKING:
    from talview_client.types import File

Source = str | os.PathLike[str] | BinaryIO | bytes
"""A path, a file object that is open for reading bytes, or the bytes themselves."""

Sent = Callable[[int, int | None], object]
"""Called with the bytes sent and the bytes there are, None if that is unknown."""

_UNKNOWN: Final = "application/octet-stream"
_PIECE: Final = 3 * 64 * 1024  # bytes; divisible by three, so that base64 pads the last piece alone


@contextmanager
def upload(
    source: Source,
    *,
    file_name: str | None = None,
    media_type: str | None = None,
    progress: Sent | None = None,
) -> Iterator[File]:
    """Open a file for a request; it is read while it is sent, not before, and never held in memory.

        with talview.upload("resume.pdf", progress=print) as file:
            api.files.create(body=talview.models.NewFileRecord(file_type_id=11, file=file))

    Serves sync and async clients. A file that can go back to its beginning is sent again where any other body is: after
    a token that has ended, a connection that was not made, or an answer that asks for it.

    Args:
        source: A path; a file object that is open for reading bytes, which is sent from its beginning if it can go
            there and stays open; or the bytes themselves.
        file_name: Name to send; by default the last part of the path or of the file object's name.
        media_type: Media type to send; by default guessed from the name.
        progress: Called after each piece with the bytes sent and the bytes there are, None if unknown; back to less if
            the file is sent again.

    Yields:
        What a body in parts takes.

    Raises:
        ConfigurationError: ``source`` gives text, or has no name.
        OSError: The file cannot be read.
    """
    from talview_client.types import File

    with _opened(source) as (stream, label):
        name = file_name or label
        if not name:
            raise ConfigurationError("file_name", "is not known", "give the name to send, such as file_name='a.pdf'")
        payload: object = stream
        if not _is_seekable(stream):
            payload = _Stream(stream, progress)
        elif progress is not None:
            payload = _SeekableStream(stream, progress)
        # httpx needs read, and takes seek and tell where they are; the whole of BinaryIO is not asked for.
        yield File(cast(BinaryIO, payload), name, media_type or _guess(name))


def base64_text(source: Source) -> str:
    """The content of a file as the operations take it that want text instead of a file.

        body = talview.models.NewFileUpload(data=talview.base64_text("resume.pdf"), name="resume.pdf")
        api.file_uploads.create(body=body)

    Such a request is held in memory as a whole; ``upload`` is for the others.

    Args:
        source: A path, a file object that is open for reading bytes (read from where it is), or the bytes themselves.

    Raises:
        ConfigurationError: ``source`` gives text.
        OSError: The file cannot be read.
    """
    from binascii import b2a_base64

    with _opened(source) as (stream, _):
        texts: list[bytes] = []
        rest = b""
        while piece := stream.read(_PIECE):
            whole = rest + piece  # a pipe may give less than was asked for
            cut = len(whole) - len(whole) % 3
            texts.append(b2a_base64(whole[:cut], newline=False))
            rest = whole[cut:]
        texts.append(b2a_base64(rest, newline=False))
    return b"".join(texts).decode("ascii")


@contextmanager
def _opened(source: Source) -> Iterator[tuple[BinaryIO, str | None]]:
    """The bytes as a stream, and the name there is."""
    if isinstance(source, bytes):
        yield BytesIO(source), None
    elif isinstance(source, str | os.PathLike):
        path = Path(source)
        with path.open("rb") as stream:
            yield stream, path.name
    else:
        if not isinstance(source.read(0), bytes):
            raise ConfigurationError("source", "gives text", "open the file in binary mode: open(path, 'rb')")
        label = getattr(source, "name", None)  # a number, for a file that was opened by its descriptor
        yield source, Path(label).name if isinstance(label, str) else None


def _is_seekable(stream: BinaryIO) -> bool:
    try:
        return stream.seekable()
    except AttributeError:
        return False


def _guess(name: str) -> str:
    from mimetypes import guess_type

    return guess_type(name)[0] or _UNKNOWN


class _Stream:
    """A stream of which httpx sees nothing but ``read``, so that it neither measures nor rewinds it."""

    def __init__(self, stream: BinaryIO, progress: Sent | None, total: int | None = None) -> None:
        self._stream = stream
        self._progress = progress
        self._total = total
        self._sent = 0

    def read(self, size: int = -1) -> bytes:
        """Read a piece."""
        piece = self._stream.read(size)
        if piece:
            self._sent += len(piece)
            if self._progress is not None:
                self._progress(self._sent, self._total)
        return piece


class _SeekableStream(_Stream):
    """A stream that tells how much of it was read, also when that begins anew."""

    def __init__(self, stream: BinaryIO, progress: Sent) -> None:
        here = stream.tell()
        super().__init__(stream, progress, stream.seek(0, os.SEEK_END))
        stream.seek(here)

    def seekable(self) -> bool:
        """Whether it can go back to its beginning."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to another place; to the beginning, if the request is sent again."""
        self._sent = self._stream.seek(offset, whence)
        return self._sent

    def tell(self) -> int:
        """The place at which the next piece begins."""
        return self._stream.tell()
