"""Files as text, for the operations that want text instead of a file."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import BinaryIO, cast

import pytest

import assaykit
from assaykit import talview
from tests.talview.support import Server, example

CONTENT = bytes(range(256)) * 2000


class Trickle(io.BytesIO):
    """A pipe that gives five bytes at a time, whatever it is asked for."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size, 5) if size and size > 0 else size)


@pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 3 * 64 * 1024, 3 * 64 * 1024 + 1, 500_000])
def test_text_of_a_file_is_its_base64(tmp_path: Path, length: int) -> None:
    content = CONTENT[:length]
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    expected = base64.b64encode(content).decode()
    with path.open("rb") as opened:
        assert talview.base64_text(opened) == expected
    assert talview.base64_text(path) == talview.base64_text(content) == expected
    assert talview.base64_text(Trickle(content[:1000])) == base64.b64encode(content[:1000]).decode()


def test_text_of_a_file_goes_with_the_operations_that_take_text() -> None:
    server = Server()
    server.answers["/models/file-upload"] = example("FileUpload")
    new = talview.models.NewFileUpload(data=talview.base64_text(b"Sample file"), name="sample.txt")
    with server.client() as api:
        api.file_uploads.create(body=new)

    assert b'"data":"U2FtcGxlIGZpbGU="' in server.requests[0].content


def test_sources_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        talview.base64_text(tmp_path / "none.pdf")
    with pytest.raises(assaykit.ConfigurationError, match="gives text"):
        talview.base64_text(cast(BinaryIO, io.StringIO("text")))
