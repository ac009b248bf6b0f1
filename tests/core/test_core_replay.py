"""Bodies that can be sent twice."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx
import pytest

from assaykit.core.replay import is_replayable

URL = "https://acme.example/files"


class Pipe:
    """A file object that can only be read on."""

    def read(self, _size: int = -1) -> bytes:
        return b""


class Unseekable(io.BytesIO):
    def seekable(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, True),
        ({"content": b"bytes"}, True),
        ({"json": {"a": 1}}, True),
        ({"data": {"a": "1"}}, True),
        ({"content": iter([b"once"])}, False),
        ({"files": {"file": b"bytes"}}, True),
        ({"files": {"file": io.BytesIO(b"bytes")}, "data": {"a": "1"}}, True),
        ({"files": {"file": ("name", "text", "text/plain")}}, True),
        ({"files": {"file": Unseekable(b"bytes")}}, False),
        ({"files": {"file": Pipe()}}, False),
        ({"files": {"one": io.BytesIO(b"bytes"), "other": Pipe()}}, False),
    ],
)
def test_body_can_be_sent_twice(body: dict[str, Any], expected: bool) -> None:
    assert is_replayable(httpx.Request("POST", URL, **body)) is expected


def test_file_that_was_closed_cannot_be_sent_again(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"bytes")
    with path.open("rb") as file:
        request = httpx.Request("POST", URL, files={"file": file})
        assert is_replayable(request)

    assert not is_replayable(request)


def test_form_in_parts_begins_anew() -> None:
    request = httpx.Request("POST", URL, files={"file": io.BytesIO(b"bytes")})
    stream = request.stream
    assert isinstance(stream, Iterable)

    assert b"".join(stream) == b"".join(stream)
    assert is_replayable(request)
