"""Files that Talview's objects point to: on its own host with the token, elsewhere without it, taken up again."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import assaykit
from assaykit import talview
from talview_client.types import UNSET
from tests.talview.support import Server, error, example, user

CONTENT = bytes(range(256)) * 4000
PIECE = 256 * 1024  # bytes that are written at a time; what comes after the last whole one is lost with the connection
OWN = "https://talview.example.com/storage/488/18088.pdf"
OTHER = "https://storage.example.net/488/18088.pdf?signature=s3cret"


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that breaks off."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        yield self._content
        raise httpx.ReadError("reset")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content
        raise httpx.ReadError("reset")


class Storage:
    """Gives the file, from anywhere in it.

    Args:
        server: Whose requests are looked at.
        *cuts: After how many bytes the next answers break off.
    """

    def __init__(self, server: Server, *cuts: int) -> None:
        self._cuts = list(cuts)
        self.ranges: list[str | None] = []
        server.answers["/storage/488/18088.pdf"] = server.answers["/488/18088.pdf"] = self

    def __call__(self, request: httpx.Request) -> httpx.Response:
        asked = request.headers.get("Range")
        self.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        headers = {"ETag": '"1"', "Accept-Ranges": "bytes", "Content-Type": "application/pdf"}
        headers["Content-Length"] = str(len(CONTENT) - start)
        if asked:
            headers["Content-Range"] = f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}"
        status = 206 if asked else 200
        if self._cuts:
            end = self._cuts.pop(0)
            return httpx.Response(status, headers=headers, stream=Body(CONTENT[start:end]))
        return httpx.Response(status, headers=headers, content=CONTENT[start:])


def record(address: object = OWN) -> talview.models.FileRecord:
    return talview.models.FileRecord.from_dict(example("FileRecord") | {"resourceUrl": address})


@pytest.mark.parametrize("address", [OWN, "/storage/488/18088.pdf", "//talview.example.com/storage/488/18088.pdf"])
def test_file_on_the_own_host_is_fetched_with_the_token(tmp_path: Path, address: str) -> None:
    server = Server()
    Storage(server)
    seen: list[tuple[int, int | None]] = []
    path = tmp_path / "resume.pdf"
    with server.client(headers={"X-Gateway-Key": "k"}) as api:
        saved = talview.download_file(api, record(address), path, progress=lambda *told: seen.append(told))

    [request] = server.requests
    assert str(request.url) == OWN
    assert request.headers["Authorization"] == "Bearer token-1"
    assert request.headers["X-Gateway-Key"] == "k"
    assert path.read_bytes() == CONTENT
    assert saved == talview.Downloaded(path, "application/pdf", len(CONTENT))
    assert seen[-1] == (len(CONTENT), len(CONTENT))


@pytest.mark.parametrize(
    "address",
    [
        OTHER,
        f"{OTHER}#page=2",
        "https://talview.example.com:8443/488/18088.pdf",
        "https://evil.talview.example.com/488/18088.pdf",
        "https://talview.example.com.evil.example/488/18088.pdf",
    ],
)
def test_file_on_another_host_is_fetched_without_token_and_headers(tmp_path: Path, address: str) -> None:
    server = Server()
    Storage(server)
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return server.answers["/488/18088.pdf"](request)  # type: ignore[no-any-return]  # whatever a test put there

    with server.client(transport=httpx.MockTransport(handle), headers={"X-Gateway-Key": "k"}) as api:
        talview.download_file(api, address, tmp_path / "resume.pdf")

    [request] = asked
    assert str(request.url) == address.partition("#")[0]
    assert "Authorization" not in request.headers
    assert "X-Gateway-Key" not in request.headers
    assert request.headers["User-Agent"].startswith("assaykit/")
    assert (tmp_path / "resume.pdf").read_bytes() == CONTENT


@pytest.mark.parametrize("address", [OWN, OTHER])
def test_download_that_is_cut_off_is_taken_up_again(tmp_path: Path, address: str) -> None:
    server = Server()
    storage = Storage(server, PIECE + 5, 2 * PIECE + 5)
    with server.client() as api:
        saved = talview.download_file(api, address, tmp_path / "resume.pdf")

    assert saved.path.read_bytes() == CONTENT
    assert storage.ranges == [None, f"bytes={PIECE}-", f"bytes={2 * PIECE}-"]
    assert list(tmp_path.iterdir()) == [saved.path]


@pytest.mark.parametrize("address", [OWN, OTHER])
def test_download_that_stays_cut_off_fails_and_leaves_nothing(tmp_path: Path, address: str) -> None:
    server = Server()
    Storage(server, 1000, PIECE + 5, PIECE + 5)
    with server.client() as api, pytest.raises(assaykit.ConnectionFailed) as caught:
        talview.download_file(api, address, tmp_path / "resume.pdf")

    assert caught.value.operation == "file_download"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.anyio
@pytest.mark.parametrize("address", [OWN, OTHER])
async def test_async_twin(tmp_path: Path, address: str) -> None:
    server = Server()
    storage = Storage(server, PIECE + 5)
    async with server.async_client() as api:
        saved = await talview.download_file_async(api, record(address), tmp_path / "resume.pdf")

    assert saved.path.read_bytes() == CONTENT
    assert storage.ranges == [None, f"bytes={PIECE}-"]
    assert ("Authorization" in server.requests[0].headers) is (address == OWN)


def redirecting(server: Server, *targets: str) -> None:
    left = list(targets)

    def answer(_request: httpx.Request) -> httpx.Response:
        target = left.pop(0) if len(left) > 1 else left[0]
        return httpx.Response(302, headers={"Location": target})

    server.answers["/storage/488/18088.pdf"] = answer


def test_redirect_to_storage_is_followed_without_the_token(tmp_path: Path) -> None:
    server = Server()
    storage = Storage(server, PIECE + 5)
    redirecting(server, "/storage/488/18088.pdf", OTHER)
    with server.client() as api:
        talview.download_file(api, OWN, tmp_path / "resume.pdf")

    assert (tmp_path / "resume.pdf").read_bytes() == CONTENT
    assert storage.ranges == [None, f"bytes={PIECE}-"]
    hosts = [(request.url.host, "Authorization" in request.headers) for request in server.requests]
    assert hosts[:3] == [("talview.example.com", True)] * 2 + [("storage.example.net", False)]


@pytest.mark.anyio
async def test_redirect_to_storage_is_followed_without_the_token_async(tmp_path: Path) -> None:
    server = Server()
    Storage(server)
    redirecting(server, OTHER)
    async with server.async_client() as api:
        await talview.download_file_async(api, OWN, tmp_path / "resume.pdf")

    assert ["Authorization" in request.headers for request in server.requests] == [True, False]


@pytest.mark.parametrize(
    ("target", "requests"),
    [
        ("http://storage.example.net/488/18088.pdf", 1),
        ("http://talview.example.com/488/18088.pdf", 1),
        ("file:///etc/hosts", 1),
        (OWN, 6),
    ],
)
def test_redirect_that_leads_nowhere_is_an_error(tmp_path: Path, target: str, requests: int) -> None:
    server = Server()
    redirecting(server, target)
    with server.client() as api, pytest.raises(assaykit.ApiError, match="302: redirected to ") as caught:
        talview.download_file(api, OWN, tmp_path / "resume.pdf")

    assert caught.value.operation == "file_download"
    assert len(server.requests) == requests
    assert list(tmp_path.iterdir()) == []


def test_file_that_is_not_there_is_not_found_and_leaves_what_was_there(tmp_path: Path) -> None:
    server = Server()
    kept = tmp_path / "resume.pdf"
    kept.write_text("kept")
    server.answers["/488/18088.pdf"] = error(404, "Not Found", "Object not found: 1")
    with server.client() as api:
        for address in (OWN, OTHER):
            with pytest.raises(assaykit.NotFound, match="Object not found") as caught:
                talview.download_file(api, address, kept)
            assert "s3cret" not in str(caught.value)
        with pytest.raises(FileExistsError):
            talview.download_file(api, OWN, kept, overwrite=False)

    assert kept.read_text() == "kept"


def test_token_that_has_ended_is_renewed(tmp_path: Path) -> None:
    server = Server()
    Storage(server)
    with server.client() as api:
        api.candidates.list()
        server.revoke_tokens()
        talview.download_file(api, OWN, tmp_path / "resume.pdf")

    assert server.requests[-1].headers["Authorization"] == "Bearer token-2"


@pytest.mark.parametrize("address", [None, "", UNSET])
def test_object_without_an_address_says_so(tmp_path: Path, address: Any) -> None:
    file = record(None)
    file.resource_url = address
    with Server().client() as api, pytest.raises(assaykit.ConfigurationError, match="file: has no address; read the"):
        talview.download_file(api, file, tmp_path / "resume.pdf")


@pytest.mark.parametrize(
    "address",
    [
        "http://storage.example.net/x?signature=s3cret",
        "http://talview.example.com/x?signature=s3cret",
        "ftp://storage.example.net/x?signature=s3cret",
        "https://user:s3cret@storage.example.net/x",
        "https://storage.example.net/\0s3cret",
    ],
)
def test_address_that_may_not_be_fetched_is_refused_and_not_shown(tmp_path: Path, address: str) -> None:
    server = Server()
    with server.client() as api, pytest.raises(assaykit.ConfigurationError, match="file: ") as caught:
        talview.download_file(api, address, tmp_path / "resume.pdf")

    assert "s3cret" not in str(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert server.token_requests == []


def test_interface_without_tls_may_have_files_without_tls_beside_it(tmp_path: Path) -> None:
    server = Server()
    Storage(server)
    options = server.options(allow_http="emulator")
    with talview.Talview("http://emulator:8080/talview", **user(), **options) as api:
        saved = talview.download_file(api, "http://emulator:9000/488/18088.pdf", tmp_path / "resume.pdf")
        with pytest.raises(assaykit.ConfigurationError, match="unencrypted"):
            talview.download_file(api, "http://storage.example.net/488/18088.pdf", tmp_path / "resume.pdf")

    assert saved.size == len(CONTENT)
    assert "Authorization" not in server.requests[0].headers


def test_permission_in_an_address_is_not_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server = Server()
    Storage(server, PIECE + 5)
    redirecting(server, OTHER)
    with server.client() as api:
        talview.download_file(api, OTHER, tmp_path / "one.pdf")
        talview.download_file(api, OWN, tmp_path / "two.pdf")

    assert "storage.example.net" in caplog.text
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize("name", ["", "missing/resume.pdf"])
def test_path_that_cannot_be_a_file_is_refused_before_the_request(tmp_path: Path, name: str) -> None:
    server = Server()
    with server.client() as api, pytest.raises(assaykit.ConfigurationError, match="path"):
        talview.download_file(api, OWN, tmp_path / name)

    assert server.requests == []
