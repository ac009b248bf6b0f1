"""Fetching pages ahead of whoever works on them: one thread for sync walks, one task for async ones."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing
from typing import TypeVar

PageT = TypeVar("PageT")


class _Failed:
    """What ended the fetching, to be raised where its page would have come."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


def fetch_ahead(
    fetch: Callable[[Callable[[], bool]], Generator[PageT, None, None]], ahead: int
) -> Generator[PageT, None, None]:
    """Iterate over pages while one thread fetches those that follow.

    A thread cannot be interrupted. When the iteration ends early, no further request begins, one that waits for the
    rate budget gives up within half a minute, and the answer to one that is on its way is dropped; nobody waits for
    that, and it does not keep the program from ending.

    Args:
        fetch: Makes the pages, given what says whether anybody still wants them.
        ahead: Pages to fetch ahead at most, from 1 up.
    """
    import contextvars
    from queue import SimpleQueue

    stopped = threading.Event()
    room = threading.Semaphore(ahead)
    done: SimpleQueue[tuple[PageT] | _Failed | None] = SimpleQueue()  # None after the last page

    def work() -> None:
        pages = fetch(stopped.is_set)
        try:
            while True:
                room.acquire()
                if stopped.is_set():
                    return
                done.put((next(pages),))
        except StopIteration:
            done.put(None)
        except BaseException as error:
            done.put(_Failed(error))
        finally:
            pages.close()

    # A context of its own, so that what the caller set (a span, a request id) holds for the requests too.
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(work,), name="assaykit-prefetch", daemon=True).start()
    try:
        while (found := done.get()) is not None:
            if isinstance(found, _Failed):
                raise found.error
            room.release()
            yield found[0]
    finally:
        stopped.set()
        room.release()


async def fetch_ahead_async(
    fetch: Callable[[], AsyncGenerator[PageT, None]], ahead: int
) -> AsyncGenerator[PageT, None]:
    """Iterate over pages while one task fetches those that follow.

    When the iteration ends early, the task is cancelled, with the request that is on its way, and awaited.

    Args:
        fetch: Makes the pages.
        ahead: Pages to fetch ahead at most, from 1 up.
    """
    import asyncio

    room = asyncio.Semaphore(ahead)
    done: asyncio.Queue[tuple[PageT] | _Failed | None] = asyncio.Queue()  # None after the last page

    async def work() -> None:
        try:
            async with aclosing(fetch()) as pages:
                while True:
                    await room.acquire()
                    done.put_nowait((await anext(pages),))
        except StopAsyncIteration:
            done.put_nowait(None)
        except BaseException as error:
            done.put_nowait(_Failed(error))
            if not isinstance(error, Exception):
                raise

    task = asyncio.create_task(work(), name="assaykit-prefetch")
    try:
        while (found := await done.get()) is not None:
            if isinstance(found, _Failed):
                raise found.error
            room.release()
            yield found[0]
    finally:
        task.cancel()
        await asyncio.wait([task])
