"""A file on its way to disk: written beside its place, put there whole or not at all."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import httpx

from .errors import ConfigurationError
from .failures import Failures

Progress = Callable[[int, int | None], object]
"""Called with the bytes on disk and the bytes expected, None if the vendor does not say how many."""

_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that was downloaded."""

    path: Path
    media_type: str | None
    """As the vendor names it, without parameters."""
    size: int
    """Bytes."""


class PartialFile:
    """Takes the body of one or more answers and becomes the file when it is complete.

    Args:
        path: Where the file belongs; its folder must exist.
        overwrite: Whether a file that is there already is replaced.
        progress: Called after each piece.
        failures: Makes the vendor's errors.
        operation: operationId for errors.

    Raises:
        ConfigurationError: ``path`` is a folder or in none.
        FileExistsError: The file is there and must not be replaced.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        overwrite: bool,
        progress: Progress | None,
        failures: Failures,
        operation: str,
    ) -> None:
        self._path = Path(path)
        self._overwrite = overwrite
        self._progress = progress
        self._failures = failures
        self._operation = operation
        if self._path.is_dir() or not self._path.parent.is_dir():
            problem = "is a folder" if self._path.is_dir() else "is in a folder that does not exist"
            raise ConfigurationError("path", f"{str(path)!r} {problem}", "give the name of a file to write")
        self._refuse_to_replace()
        self._temporary = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}.part")
        self._file: BinaryIO | None = None
        self._done = 0
        self._total: int | None = None
        self._tag: str | None = None
        self._response: httpx.Response | None = None

    def __enter__(self) -> Self:
        self._file = self._temporary.open("xb")
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
        self._temporary.unlink(missing_ok=True)

    @property
    def _open_file(self) -> BinaryIO:
        if self._file is None:
            raise ValueError("the partial file is used outside its with block")
        return self._file

    def headers(self) -> dict[str, str]:
        """Request headers that ask for what is still missing, or for everything."""
        headers = {"Accept-Encoding": "identity"}  # so that sizes and ranges count the bytes that are written
        if self._tag is not None and self._done:
            headers |= {"Range": f"bytes={self._done}-", "If-Range": self._tag}
        return headers

    def begin(self, response: httpx.Response) -> None:
        """Take over the head of an answer: it continues what is there, or starts again."""
        self._response = response
        length = _length(response)
        if response.status_code == 206:
            self._continue(response, length)
            return
        self._open_file.seek(0)
        self._open_file.truncate()
        self._done = 0
        self._total = length
        tag = response.headers.get("ETag", "")
        ranged = response.headers.get("Accept-Ranges", "").lower() == "bytes"
        self._tag = tag if ranged and tag.startswith('"') else None  # a weak tag does not promise the same bytes

    def _continue(self, response: httpx.Response, length: int | None) -> None:
        match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if match is None or int(match[1]) != self._done:
            reason = f"asked for the bytes from {self._done}, got {response.headers.get('Content-Range')!r}"
            raise self._failures.invalid(response, self._operation, reason)
        if match[2] != "*":
            self._total = int(match[2])
        elif length is not None:
            self._total = self._done + length

    def write(self, piece: bytes) -> None:
        """Take a piece of the body."""
        self._open_file.write(piece)
        self._done += len(piece)

    def report(self) -> None:
        """Tell the caller how far it is, on the caller's own thread."""
        if self._progress is not None:
            self._progress(self._done, self._total)

    def check_complete(self) -> None:
        """Compare what came with what was announced.

        Raises:
            ConnectionFailed: The answer ended early or is too long.
        """
        if self._total is not None and self._done != self._total:
            message = f"body ended after {self._done} of {self._total} bytes"
            raise self._failures.from_httpx(httpx.RemoteProtocolError(message), self._operation)

    def commit(self) -> Downloaded:
        """Put the file in its place, on disk for certain."""
        self._open_file.flush()
        os.fsync(self._open_file.fileno())
        self._open_file.close()
        self._refuse_to_replace()
        self._temporary.replace(self._path)
        media_type = None
        if self._response is not None:
            media_type = self._response.headers.get("Content-Type", "").partition(";")[0].strip() or None
        return Downloaded(self._path, media_type, self._done)

    def _refuse_to_replace(self) -> None:
        if not self._overwrite and self._path.exists():
            raise FileExistsError(f"{self._path} exists; choose another path or overwrite=True")


def _length(response: httpx.Response) -> int | None:
    """Bytes that will be written; unknown where the vendor compresses although it was asked not to."""
    text = response.headers.get("Content-Length", "")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        return None
    return int(text) if text.isascii() and text.isdigit() else None
