"""ASGI: Starlette, FastAPI, and anything else that mounts an application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import httpx

from .answers import Answer
from .receiver import Receiver
from .requests import read_headers
from .secret import PATH_PART

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class AsgiApp:
    """A receiver as an ASGI application; an object, since Starlette takes functions for views of its own kind.

    Args:
        receiver: What to serve.
    """

    def __init__(self, receiver: Receiver[Any]) -> None:
        self._receiver = receiver

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})  # before it is accepted, this is a 403
            return
        if scope["type"] != "http":
            raise NotImplementedError(f"a webhook receiver does not take part in {scope['type']}")
        headers = read_headers(scope["headers"])
        try:
            answer = await self._answer(scope, headers, receive)
        except _Disconnected:
            return
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": [(name.encode(), value.encode()) for name, value in answer.headers.items()],
            }
        )
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Scope, headers: httpx.Headers, receive: Receive) -> Answer:
        refused = self._receiver.refusal(scope["method"], headers, _path_part(scope))
        if refused is not None:
            return refused
        body = await _read(receive, self._receiver.max_bytes)
        return self._receiver.too_large() if body is None else await self._receiver.receive_async(headers, body)


class _Disconnected(Exception):
    """The vendor is gone before it has sent everything."""


async def _read(receive: Receive, max_bytes: int) -> bytes | None:
    """The body, or None as soon as it is too long."""
    parts: list[bytes] = []
    left = max_bytes
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Disconnected
        part: bytes = message.get("body", b"")
        left -= len(part)
        if left < 0:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _path_part(scope: Scope) -> str:
    """What the path holds in the secret's place: the route's part of that name, or what comes after the mount."""
    named = scope.get("path_params", {}).get(PATH_PART)
    if named is not None:
        return str(named)
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    below = path.removeprefix(root) if path == root or path.startswith(f"{root}/") else path
    return below.strip("/")
