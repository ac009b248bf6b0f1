"""Files on their way to Talview: from paths, file objects and bytes, with progress, and once more if need be."""

from __future__ import annotations

import io
import os
import threading
import tracemalloc
from collections.abc import AsyncIterable, Callable, Iterable
from email import message_from_bytes
from email.message import Message
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, cast

import httpx
import pytest

import assaykit
from assaykit import talview
from talview_client.api.files import files_create
from tests.talview.support import OPERATIONS, Server, example

CONTENT = bytes(range(256)) * 1000
PATH = "/models/file"


class Wire(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Takes each body a piece at a time, as the network does; httpx's own mock would make one text of it first."""

    def __init__(self, server: Server, keep: bool = True) -> None:
        self._server = server
        self._keep = keep
        self.errors: list[Exception] = []
        """What happens to the next uploads before anything of them is sent."""
        self.longest = 0
        self.lengths: list[int] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, Iterable)
        return self._answer(request, [self._piece(request, piece) for piece in request.stream])

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, AsyncIterable)
        return self._answer(request, [self._piece(request, piece) async for piece in request.stream])

    def _piece(self, request: httpx.Request, piece: bytes) -> bytes:
        self.longest = max(self.longest, len(piece))
        self.lengths.append(len(piece))
        return piece if self._keep or not request.url.path.endswith(PATH) else b""

    def _answer(self, request: httpx.Request, pieces: list[bytes]) -> httpx.Response:
        if self.errors and request.url.path.endswith(PATH):
            raise self.errors.pop(0)
        sent = httpx.Request(request.method, request.url, headers=request.headers, content=b"".join(pieces))
        response = self._server(sent)
        response.request = request
        return response


@pytest.fixture
def server() -> Server:
    made = Server()
    made.answers[PATH] = lambda _: httpx.Response(201, json=example("FileRecord"))
    return made


def client(server: Server, **options: Any) -> talview.Talview:
    return server.client(transport=Wire(server), **options)


def parts(request: httpx.Request) -> dict[str, Message]:
    """The parts of a body by their names."""
    head = b"Content-Type: " + request.headers["Content-Type"].encode() + b"\r\n\r\n"
    message = message_from_bytes(head + request.content)
    found = {}
    for part in message.get_payload():
        assert isinstance(part, Message)
        found[str(part.get_param("name", header="Content-Disposition"))] = part
    return found


def body(file: Any) -> talview.models.NewFileRecord:
    return talview.models.NewFileRecord(file_type_id=11, file=file)


def sent_file(request: httpx.Request) -> tuple[str | None, str, bytes]:
    part = parts(request)["file"]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return part.get_filename(), part.get_content_type(), content


def file_object(path: Path) -> BinaryIO:
    return path.open("rb")


@pytest.mark.parametrize(
    "make",
    [lambda path: path, str, file_object, lambda path: path.read_bytes()],
    ids=["path", "text", "file object", "bytes"],
)
def test_file_is_sent_with_its_name_and_kind(server: Server, tmp_path: Path, make: Callable[[Path], Any]) -> None:
    path = tmp_path / "resume.pdf"
    path.write_bytes(CONTENT)
    source = make(path)
    with client(server) as api, talview.upload(source, file_name="resume.pdf") as file:
        record = api.files.create(body=body(file))

    [request] = server.requests
    assert isinstance(record, talview.models.FileRecord)
    assert sent_file(request) == ("resume.pdf", "application/pdf", CONTENT)
    assert parts(request)["file_type_id"].get_payload() == "11"
    assert request.headers["Content-Length"] == str(len(request.content))
    if isinstance(source, io.IOBase):
        assert not source.closed
        source.close()


@pytest.mark.anyio
async def test_file_is_sent_async(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "resume.pdf"
    path.write_bytes(CONTENT)
    seen: list[tuple[int, int | None]] = []
    async with server.async_client(transport=Wire(server)) as api:
        with talview.upload(path, progress=lambda *told: seen.append(told)) as file:
            await api.files.create(body=body(file))

    assert sent_file(server.requests[0]) == ("resume.pdf", "application/pdf", CONTENT)
    assert seen[-1] == (len(CONTENT), len(CONTENT))


def test_name_and_kind_are_taken_from_the_source_or_as_given(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "notes.unknown-kind"
    path.write_bytes(b"text")
    with client(server) as api:
        with talview.upload(path) as file:
            api.files.create(body=body(file))
        with path.open("rb") as opened, talview.upload(opened, media_type="text/markdown") as file:
            api.files.create(body=body(file))
        with talview.upload(path, file_name="über uns.png") as file:
            api.files.create(body=body(file))

    assert [sent_file(request)[:2] for request in server.requests[:2]] == [
        ("notes.unknown-kind", "application/octet-stream"),
        ("notes.unknown-kind", "text/markdown"),
    ]
    assert sent_file(server.requests[2])[1] == "image/png"


def test_every_operation_that_takes_a_file_takes_an_upload() -> None:
    taking = [operation["id"] for operation in OPERATIONS if _takes_file(operation["id"])]

    assert taking == [
        "spreadsheets_import_file",
        "display_picture_create",
        "files_create",
        "mobile_answer_recordings_create",
        "mobile_answer_files_create",
    ]


def _takes_file(operation: str) -> bool:
    from tests.talview.support import DOCUMENT

    for item in DOCUMENT["paths"].values():
        for described in item.values():
            if isinstance(described, dict) and described.get("operationId") == operation:
                return "multipart/form-data" in described.get("requestBody", {}).get("content", {})
    raise AssertionError(operation)


def test_progress_counts_the_bytes_of_the_file(server: Server) -> None:
    seen: list[tuple[int, int | None]] = []
    with client(server) as api, talview.upload(CONTENT, file_name="a.bin", progress=lambda *t: seen.append(t)) as file:
        api.files.create(body=body(file))

    piece = 64 * 1024
    assert seen == [(min(done, len(CONTENT)), len(CONTENT)) for done in (piece, 2 * piece, 3 * piece, len(CONTENT))]


@pytest.mark.parametrize("progress", [None, lambda *_: None])
def test_file_is_never_held_in_memory(server: Server, tmp_path: Path, progress: Any) -> None:
    path = tmp_path / "recording.mp4"
    size = 32 * 1024 * 1024
    with path.open("wb") as file:
        file.truncate(size)
    wire = Wire(server, keep=False)
    with server.client(transport=wire) as api:
        api.candidates.list()
        tracemalloc.start()
        with talview.upload(path, progress=progress) as upload:
            api.files.create(body=body(upload))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert wire.longest <= 64 * 1024
    assert sum(wire.lengths) > size
    assert peak < 4 * 1024 * 1024


def test_upload_is_repeated_from_its_beginning_where_nothing_was_sent(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(CONTENT)
    seen: list[int] = []
    wire = Wire(server)
    wire.errors = [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow")]
    with server.client(transport=wire) as api, talview.upload(path, progress=lambda done, _: seen.append(done)) as file:
        api.files.create(body=body(file))

    assert sent_file(server.requests[-1])[2] == CONTENT
    assert server.clock.slept == [0.5, 1.0]
    assert [earlier > later for earlier, later in pairwise(seen)].count(True) == 2


@pytest.mark.anyio
async def test_upload_is_repeated_when_the_vendor_asks_for_it_async(server: Server) -> None:
    answers = [
        httpx.Response(503, headers={"Retry-After": "3"}),
        httpx.Response(201, json=example("FileRecord")),
    ]
    server.answers[PATH] = lambda _: answers.pop(0)
    async with server.async_client(transport=Wire(server)) as api:
        with talview.upload(CONTENT, file_name="a.bin") as file:
            await api.files.create(body=body(file))

    assert [sent_file(request)[2] for request in server.requests] == [CONTENT, CONTENT]
    assert server.clock.slept == [3.0]


def test_upload_is_not_repeated_where_the_vendor_may_have_it(server: Server) -> None:
    wire = Wire(server)
    wire.errors = [httpx.ReadTimeout("slow")]
    with (
        server.client(transport=wire) as api,
        talview.upload(CONTENT, file_name="a.bin") as file,
        pytest.raises(assaykit.Timeout),
    ):
        api.files.create(body=body(file))

    assert server.clock.slept == []


@pytest.mark.parametrize("warm", [True, False])
def test_upload_outlives_a_token_that_has_ended(server: Server, warm: bool) -> None:
    refused = [httpx.Response(401)] * (not warm)
    server.answers[PATH] = lambda _: refused.pop() if refused else httpx.Response(201, json=example("FileRecord"))
    with client(server) as api:
        if warm:
            api.candidates.list()
            server.revoke_tokens()
        with talview.upload(CONTENT, file_name="a.bin") as file:
            api.files.create(body=body(file))

    assert [sent_file(request)[2] for request in server.requests[-2:]] == [CONTENT, CONTENT]
    assert server.requests[-1].headers["Authorization"] == "Bearer token-2"


def test_redirect_is_not_followed_with_the_file(server: Server) -> None:
    server.answers[PATH] = httpx.Response(307, headers={"Location": "https://elsewhere.example/models/file"})
    with (
        client(server) as api,
        talview.upload(CONTENT, file_name="a.bin") as file,
        pytest.raises(assaykit.ApiError, match=r"redirected to https://elsewhere\.example/models/file, which is not"),
    ):
        api.files.create(body=body(file))

    assert len(server.requests) == 1


class Pipe:
    """A file object of which nothing but `read` can be counted on."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        return self._content.read(size)


@pytest.mark.parametrize("progress", [True, False])
def test_stream_that_cannot_go_back_is_sent_once_and_in_pieces(server: Server, progress: bool) -> None:
    seen: list[tuple[int, int | None]] = []
    told = (lambda *t: seen.append(t)) if progress else None
    with client(server) as api:
        with talview.upload(cast(BinaryIO, Pipe(CONTENT)), file_name="a.bin", progress=told) as file:
            api.files.create(body=body(file))
        server.answers[PATH] = httpx.Response(503, headers={"Retry-After": "1"})
        with (
            talview.upload(cast(BinaryIO, Pipe(CONTENT)), file_name="a.bin") as file,
            pytest.raises(assaykit.ServerError),
        ):
            api.files.create(body=body(file))

    assert len(server.requests) == 2
    assert sent_file(server.requests[0])[2] == CONTENT
    assert server.clock.slept == []
    assert seen[-1:] == [(len(CONTENT), None)] * progress


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_named_pipe_is_not_taken_for_an_empty_file(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "pipe.bin"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(CONTENT,))
    writer.start()
    with client(server) as api, talview.upload(path) as file:
        api.files.create(body=body(file))
    writer.join()

    assert sent_file(server.requests[0])[2] == CONTENT
    assert "Content-Length" not in server.requests[0].headers or len(server.requests[0].content) > len(CONTENT)


def test_file_object_is_sent_from_its_beginning(server: Server) -> None:
    stream = io.BytesIO(CONTENT)
    stream.seek(100)
    seen: list[tuple[int, int | None]] = []
    with client(server) as api, talview.upload(stream, file_name="a", progress=lambda *t: seen.append(t)) as file:
        api.files.create(body=body(file))

    assert sent_file(server.requests[0])[2] == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))


def test_empty_file_is_sent_too(server: Server, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    with client(server) as api, talview.upload(tmp_path / "empty.txt", progress=print) as file:
        api.files.create(body=body(file))

    assert sent_file(server.requests[0]) == ("empty.txt", "text/plain", b"")


def test_plain_module_takes_an_upload_too(server: Server) -> None:
    with client(server) as api, talview.upload(CONTENT, file_name="a.bin") as file:
        assert isinstance(files_create.sync(client=api.client, body=body(file)), talview.models.FileRecord)


def test_file_is_closed_whatever_happens(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(CONTENT)
    opening = talview.upload(path)
    file = opening.__enter__()
    assert not file.payload.closed
    assert not opening.__exit__(RuntimeError, RuntimeError("of the program"), None)

    assert file.payload.closed


@pytest.mark.parametrize(
    ("source", "argument", "problem"),
    [
        (b"bytes", "file_name", "is not known; give the name to send"),
        (io.BytesIO(b"bytes"), "file_name", "is not known"),
        (io.StringIO("text"), "source", "gives text; open the file in binary mode"),
    ],
)
def test_sources_that_cannot_be_sent_are_named(source: Any, argument: str, problem: str) -> None:
    with pytest.raises(assaykit.ConfigurationError, match=problem) as caught, talview.upload(source):
        pass

    assert caught.value.argument == argument


def test_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), talview.upload(tmp_path / "none.pdf"):
        pass
