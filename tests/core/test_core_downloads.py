"""Downloads that break off: taken up at the same place where the vendor can, from the start where it cannot."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path

import httpx
import pytest

from assaykit.core.caller import AsyncCaller, Caller
from assaykit.core.downloads import download, download_async
from assaykit.core.errors import ConnectionFailed, NotFound, ResponseInvalid
from assaykit.core.failures import Failures
from assaykit.core.partial import Downloaded, PartialFile
from assaykit.core.retry import RetryTransport
from tests.core.support import Clock, DecodeError, Operation, read_error

BODY = bytes(range(256)) * 4096  # a mebibyte: several pieces
FAILURES = Failures("acme", read_error)
GET = {"method": "GET", "url": "https://acme.example/file"}
ETAG = {"ETag": '"v1"', "Accept-Ranges": "bytes"}


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that ends where told, by an error or silently."""

    def __init__(self, content: bytes, fails: bool) -> None:
        self.content, self.fails = content, fails

    def __iter__(self) -> Iterator[bytes]:
        yield self.content
        if self.fails:
            raise httpx.ReadError("connection reset")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


class Files:
    """Serves BODY, breaking off as often as told.

    Args:
        breaks: After how many bytes each answer ends; None for not at all. The last one stays.
        headers: Headers of each answer.
        ranges: Whether it honours a Range header, or what it answers to one instead.
        silently: Whether a body that breaks off just ends.
    """

    def __init__(
        self,
        breaks: list[int | None],
        headers: dict[str, str] | None = None,
        ranges: bool | Callable[[httpx.Request], httpx.Response] = False,
        silently: bool = False,
    ) -> None:
        self.breaks, self.headers, self.ranges, self.silently = breaks, headers or {}, ranges, silently
        self.asked: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.headers.get("Range"))
        assert request.headers["Accept-Encoding"] == "identity"
        end = self.breaks.pop(0) if len(self.breaks) > 1 else self.breaks[0]
        start, status, headers = 0, 200, {"Content-Type": "application/zip; v=1", **self.headers}
        if self.asked[-1] is not None and self.ranges:
            if callable(self.ranges):
                return self.ranges(request)
            assert request.headers["If-Range"] == '"v1"'
            start, status = int(self.asked[-1].removeprefix("bytes=").removesuffix("-")), 206
            headers["Content-Range"] = f"bytes {start}-{len(BODY) - 1}/{len(BODY)}"
        headers["Content-Length"] = str(len(BODY) - start)
        content = BODY[start:] if end is None else BODY[start:end]
        return httpx.Response(status, headers=headers, stream=Body(content, end is not None and not self.silently))

    def download(self, path: Path, **options: object) -> Downloaded:
        client = httpx.Client(transport=RetryTransport(httpx.MockTransport(self)))
        caller = Caller(client, FAILURES, DecodeError)

        def send(headers: dict[str, str]) -> AbstractContextManager[httpx.Response]:
            return caller.stream(Operation("things_file"), {**GET, "headers": headers})

        arguments: dict[str, object] = {"sleep": Clock().sleep, "max_retries": 2, **options}
        return download(send, path, failures=FAILURES, operation="things_file", **arguments)  # type: ignore[arg-type]  # the tests vary them

    async def download_async(self, path: Path, **options: object) -> Downloaded:
        client = httpx.AsyncClient(transport=RetryTransport(httpx.MockTransport(self)))
        caller = AsyncCaller(client, FAILURES, DecodeError)

        def send(headers: dict[str, str]) -> AbstractAsyncContextManager[httpx.Response]:
            return caller.stream(Operation("things_file"), {**GET, "headers": headers})

        arguments: dict[str, object] = {"sleep": Clock().async_sleep, "max_retries": 2, **options}
        return await download_async(send, path, failures=FAILURES, operation="things_file", **arguments)  # type: ignore[arg-type]  # the tests vary them


@pytest.mark.parametrize("silently", [False, True])
def test_vendor_with_ranges_is_asked_for_the_rest(tmp_path: Path, silently: bool) -> None:
    files = Files([262_144, 786_432, None], ETAG, ranges=True, silently=silently)

    saved = files.download(tmp_path / "file")

    assert saved == Downloaded(tmp_path / "file", "application/zip", len(BODY))
    assert saved.path.read_bytes() == BODY
    assert files.asked == [None, "bytes=262144-", "bytes=786432-"]


@pytest.mark.parametrize(
    ("headers", "ranges"),
    [
        ({}, False),
        ({"ETag": '"v1"'}, True),  # no promise of ranges
        ({"Accept-Ranges": "bytes"}, True),  # nothing to know the file by
        ({"Accept-Ranges": "bytes", "ETag": 'W/"v1"'}, True),  # a weak tag
        (ETAG, False),  # the file has changed, so it is sent whole
    ],
)
def test_others_are_asked_from_the_start(tmp_path: Path, headers: dict[str, str], ranges: bool) -> None:
    files = Files([300_000, None], headers, ranges=ranges)

    saved = files.download(tmp_path / "file")

    assert saved.path.read_bytes() == BODY
    assert len(files.asked) == 2


def test_file_that_has_become_shorter_leaves_nothing_of_the_longer_one(tmp_path: Path) -> None:
    shorter = httpx.Response(200, content=b"new", headers={"ETag": '"v2"'})

    saved = Files([524_288], ETAG, ranges=lambda _: shorter).download(tmp_path / "file")

    assert saved.path.read_bytes() == b"new"


def test_rest_of_unknown_whole_is_counted_by_its_own_length(tmp_path: Path) -> None:
    def rest(request: httpx.Request) -> httpx.Response:
        start = int(request.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        headers = {"Content-Range": f"bytes {start}-{len(BODY) - 1}/*", "Content-Length": str(len(BODY) - start)}
        return httpx.Response(206, headers=headers, stream=Body(BODY[start:], fails=False))

    seen: list[int | None] = []

    saved = Files([262_144], ETAG, ranges=rest).download(
        tmp_path / "file", progress=lambda _done, total: seen.append(total)
    )

    assert saved.path.read_bytes() == BODY
    assert set(seen) == {len(BODY)}


def test_compressed_answer_is_written_unpacked(tmp_path: Path) -> None:
    def handle(_request: httpx.Request) -> httpx.Response:
        packed = gzip.compress(BODY)
        headers = {"Content-Encoding": "gzip", "Content-Length": str(len(packed))}
        return httpx.Response(200, headers=headers, stream=Body(packed, fails=False))

    caller = Caller(httpx.Client(transport=httpx.MockTransport(handle)), FAILURES, DecodeError)
    saved = download(
        lambda headers: caller.stream(Operation("things_file"), {**GET, "headers": headers}),
        tmp_path / "file",
        failures=FAILURES,
        operation="things_file",
        sleep=Clock().sleep,
        max_retries=0,
        overwrite=False,
    )

    assert saved == Downloaded(tmp_path / "file", None, len(BODY))
    assert saved.path.read_bytes() == BODY


@pytest.mark.anyio
async def test_async_download_that_stays_broken_is_an_error(tmp_path: Path) -> None:
    files = Files([300_000])

    with pytest.raises(ConnectionFailed, match="connection reset"):
        await files.download_async(tmp_path / "file")

    assert len(files.asked) == 3


def test_range_that_is_not_the_one_asked_for_is_refused(tmp_path: Path) -> None:
    def wrong(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(206, headers={"Content-Range": "bytes 5-9/10"}, content=b"56789")

    with pytest.raises(ResponseInvalid, match="asked for the bytes from 262144, got 'bytes 5-9/10'"):
        Files([262_144], ETAG, ranges=wrong).download(tmp_path / "file")

    assert list(tmp_path.iterdir()) == []


def test_download_that_stays_broken_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    files, clock = Files([300_000], silently=True), Clock()

    with pytest.raises(ConnectionFailed, match="body ended after 300000 of 1048576 bytes"):
        files.download(tmp_path / "file", sleep=clock.sleep)

    assert len(files.asked) == 3
    assert clock.slept == [0.5, 1.0]
    assert list(tmp_path.iterdir()) == []


def test_no_retries_means_none(tmp_path: Path) -> None:
    files = Files([300_000])

    with pytest.raises(ConnectionFailed, match="connection reset"):
        files.download(tmp_path / "file", max_retries=0)

    assert len(files.asked) == 1


def test_length_that_is_not_told_is_not_checked(tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []

    def handle(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Body(BODY, fails=False))

    caller = Caller(httpx.Client(transport=httpx.MockTransport(handle)), FAILURES, DecodeError)
    download(
        lambda headers: caller.stream(Operation("things_file"), {**GET, "headers": headers}),
        tmp_path / "file",
        failures=FAILURES,
        operation="things_file",
        sleep=Clock().sleep,
        max_retries=0,
        progress=lambda done, total: seen.append((done, total)),
    )

    assert seen == [(part * 262_144, None) for part in range(1, 5)]


def test_error_answer_is_read_and_raised(tmp_path: Path) -> None:
    def handle(_request: httpx.Request) -> httpx.Response:
        body = b'{"error": {"code": "gone", "message": "no such file"}}'
        return httpx.Response(404, stream=Body(body, fails=False))

    caller = Caller(httpx.Client(transport=httpx.MockTransport(handle)), FAILURES, DecodeError)
    with pytest.raises(NotFound, match="no such file"), caller.stream(Operation("things_file"), GET):
        raise AssertionError("the body must not be entered")


def test_progress_that_raises_ends_the_download_cleanly(tmp_path: Path) -> None:
    def stop(_done: int, _total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Files([None]).download(tmp_path / "file", progress=stop)

    assert list(tmp_path.iterdir()) == []


def test_file_appears_only_when_complete(tmp_path: Path) -> None:
    path = tmp_path / "file"
    seen: list[bool] = []

    Files([None]).download(path, progress=lambda _done, _total: seen.append(path.exists()))

    assert seen == [False] * 4
    assert path.exists()


@pytest.mark.anyio
async def test_async_twin_resumes_and_reports_on_the_loops_thread(tmp_path: Path) -> None:
    threads: set[int] = set()
    files = Files([262_144, None], ETAG, ranges=True)

    saved = await files.download_async(
        tmp_path / "file", progress=lambda _done, _total: threads.add(threading.get_ident())
    )

    assert saved.path.read_bytes() == BODY
    assert files.asked == [None, "bytes=262144-"]
    assert threads == {threading.get_ident()}


@pytest.mark.anyio
async def test_cancelled_download_leaves_nothing(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def handle(_request: httpx.Request) -> httpx.Response:
        async def never_ends() -> AsyncIterator[bytes]:
            yield BODY
            begun.set()
            await asyncio.sleep(60.0)

        return httpx.Response(200, content=never_ends())

    caller = AsyncCaller(httpx.AsyncClient(transport=httpx.MockTransport(handle)), FAILURES, DecodeError)
    task = asyncio.create_task(
        download_async(
            lambda headers: caller.stream(Operation("things_file"), {**GET, "headers": headers}),
            tmp_path / "file",
            failures=FAILURES,
            operation="things_file",
            sleep=asyncio.sleep,
            max_retries=0,
        )
    )
    await begun.wait()
    assert len(list(tmp_path.iterdir())) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert list(tmp_path.iterdir()) == []


def test_partial_file_outside_its_block_says_so(tmp_path: Path) -> None:
    partial = PartialFile(tmp_path / "file", overwrite=True, progress=None, failures=FAILURES, operation="things_file")

    with pytest.raises(ValueError, match="outside its with block"):
        partial.write(b"x")
