"""A body that never ends is left after the limit."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any
from wsgiref.util import setup_testing_defaults

import pytest

from assaykit.receiver import Receiver
from tests.receiver.sites import HOOK, django_app, flask_app
from tests.receiver.support import Acme, Handler

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LIMIT = 10_000


class Endless(io.RawIOBase):
    """Gives as much as is asked for, and counts."""

    given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = len(buffer)
        buffer[:] = b" " * size
        self.given += size
        assert self.given < 20 * LIMIT
        return size


@pytest.mark.parametrize("mount", [flask_app, django_app])
def test_wsgi(mount: Callable[[Receiver[Any]], AbstractContextManager[WSGIApplication]]) -> None:
    handler, body, statuses = Handler(), Endless(), list[str]()

    def start(status: str, headers: object, exc_info: object = None, /) -> Callable[[bytes], object]:
        statuses.append(status)
        return list[bytes]().append

    environ: dict[str, Any] = {"REQUEST_METHOD": "POST", "PATH_INFO": HOOK, "HTTP_TRANSFER_ENCODING": "chunked"}
    setup_testing_defaults(environ)
    environ |= {"wsgi.input": body, "wsgi.input_terminated": True}

    with mount(Receiver(Acme(), handler, max_bytes=LIMIT)) as app:
        answer = app(environ, start)
        b"".join(answer)
        getattr(answer, "close", lambda: None)()

    assert statuses[0].startswith("413")
    assert (body.given, handler.events) == (LIMIT + 1, [])


@pytest.mark.anyio
async def test_asgi() -> None:
    handler, body, statuses = Handler(), Endless(), list[Any]()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body.read(1000), "more_body": True}

    async def send(message: Any) -> None:
        statuses.append(message.get("status"))

    app = Receiver(Acme(), handler, max_bytes=LIMIT).asgi()
    await app({"type": "http", "method": "POST", "path": HOOK, "headers": []}, receive, send)

    assert statuses[0] == 413
    assert (body.given, handler.events) == (LIMIT + 1000, [])
