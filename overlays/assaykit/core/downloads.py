"""Streaming an answer into a file, going on where it broke off if the vendor can."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager

import httpx

from .errors import ConnectionFailed
from .failures import Failures
from .partial import Downloaded, PartialFile, Progress
from .retry import RetryPolicy

_PIECE = 256 * 1024
_FIRST_WAIT = RetryPolicy().initial

Opener = Callable[[dict[str, str]], AbstractContextManager[httpx.Response]]
"""Sends the request with further headers and hands over the answer before its body is read."""
AsyncOpener = Callable[[dict[str, str]], AbstractAsyncContextManager[httpx.Response]]


def download(
    send: Opener,
    path: str | os.PathLike[str],
    *,
    failures: Failures,
    operation: str,
    sleep: Callable[[float], object],
    max_retries: int,
    progress: Progress | None = None,
    overwrite: bool = True,
) -> Downloaded:
    """Stream an answer into a file.

    The bytes go into a temporary file in the same folder, which takes the file's place once it is complete and
    on disk; whatever fails, nothing of it stays. A body that breaks off is asked for again, up to ``max_retries``
    times: from where it broke off if the vendor names a strong entity tag and accepts ranges, else
    from the start. (Failures before the body are the transport's to retry.)

    Args:
        send: Sends the request.
        path: The file to write.
        failures: Makes the vendor's errors.
        operation: operationId for errors.
        sleep: Waits a number of seconds.
        max_retries: How often a body that broke off is asked for again.
        progress: Called with bytes on disk and bytes expected after each piece; back to less after a restart.
        overwrite: Whether a file that is there already is replaced.

    Raises:
        ApiError: The vendor refused, or the body broke off once too often.
        FileExistsError: The file is there and must not be replaced.
        OSError: The file cannot be written.
    """
    with PartialFile(path, overwrite=overwrite, progress=progress, failures=failures, operation=operation) as file:
        attempt = 0
        while True:
            begun = False
            try:
                with send(file.headers()) as response:
                    begun = True
                    file.begin(response)
                    for piece in response.iter_bytes(_PIECE):
                        file.write(piece)
                        file.report()
                file.check_complete()
                return file.commit()
            except ConnectionFailed:
                attempt += 1
                if not begun or attempt > max_retries:
                    raise
            sleep(_FIRST_WAIT * 2.0 ** (attempt - 1))


async def download_async(
    send: AsyncOpener,
    path: str | os.PathLike[str],
    *,
    failures: Failures,
    operation: str,
    sleep: Callable[[float], Awaitable[object]],
    max_retries: int,
    progress: Progress | None = None,
    overwrite: bool = True,
) -> Downloaded:
    """Stream an answer into a file without blocking the event loop; see ``download``."""
    from asyncio import to_thread

    partial = await to_thread(
        PartialFile, path, overwrite=overwrite, progress=progress, failures=failures, operation=operation
    )
    with partial as file:
        attempt = 0
        while True:
            begun = False
            try:
                async with send(file.headers()) as response:
                    begun = True
                    file.begin(response)
                    async for piece in response.aiter_bytes(_PIECE):
                        await to_thread(file.write, piece)
                        file.report()
                file.check_complete()
                return await to_thread(file.commit)
            except ConnectionFailed:
                attempt += 1
                if not begun or attempt > max_retries:
                    raise
            await sleep(_FIRST_WAIT * 2.0 ** (attempt - 1))
