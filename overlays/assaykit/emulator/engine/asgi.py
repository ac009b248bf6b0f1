"""The emulator as an ASGI application."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from assaykit.emulator.engine.control import CONTROL_PREFIX, Control, error_reply, index_reply
from assaykit.emulator.engine.emulator import Emulator, WorldNameRefused
from assaykit.emulator.engine.message import Reply, Request, read_headers
from assaykit.emulator.engine.vendor import MAX_BODY

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

TRANSPORT_KEY: Final = "assaykit.transport"
"""Under this key of `scope["extensions"]` the server puts its transport, which wire faults need."""
DRAINED: Final = 64 * 1024 * 1024
_LONGEST_NAP: Final = 1.0
_LOG = logging.getLogger("assaykit.emulator")


class Application:
    """Serves an emulator over ASGI.

    Args:
        emulator: What to serve; made with `deliver=False`, since webhooks go out in the background here.
        allow_remote: Whether the control API may be used under host names other than those of this computer.
    """

    def __init__(self, emulator: Emulator, *, allow_remote: bool = False) -> None:
        self._emulator = emulator
        self._control = Control(emulator, allow_remote=allow_remote)
        self._limit = max((vendor.max_body for vendor in emulator.vendors.values()), default=MAX_BODY)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection scope."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            raise RuntimeError(f"{scope['type']} is not served here")

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        wake = asyncio.Event()
        loop = asyncio.get_running_loop()

        def on_queued() -> None:
            loop.call_soon_threadsafe(wake.set)

        self._emulator.on_queued = on_queued
        courier = asyncio.create_task(self._deliver(wake))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._emulator.on_queued = lambda: None
        courier.cancel()
        await asyncio.gather(courier, return_exceptions=True)
        await send({"type": "lifespan.shutdown.complete"})

    async def _deliver(self, wake: asyncio.Event) -> None:
        """Send due webhooks, woken when one is queued or a clock was moved."""
        while True:
            naps = [_LONGEST_NAP]
            for world in self._emulator.worlds():
                if not world.clock.frozen:
                    world.catch_up()
                due = world.outbox.next_due()
                if due is None:
                    continue
                wait = (due - world.clock.now()).total_seconds()
                if wait <= 0:
                    # In a thread, since a subscriber may take its time or call back.
                    await asyncio.to_thread(world.outbox.deliver_due)
                    naps.append(0)
                elif not world.clock.frozen:
                    naps.append(wait)
            try:
                await asyncio.wait_for(wake.wait(), min(naps))
            except TimeoutError:
                continue
            wake.clear()

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await self._request(scope, receive)
        try:
            reply = self._answer(request)
        except Exception:
            _LOG.exception("%s %s failed", request.method, request.path)
            reply = error_reply(500, "internal", "The emulator failed; its log has the traceback.")
        if reply.delay and await _left_within(reply.delay, receive):
            return
        if reply.fault is not None:
            await _play_fault(reply, scope, receive, send)
            return
        await send(_start(reply, len(reply.body)))
        await send({"type": "http.response.body", "body": reply.body})

    async def _request(self, scope: Scope, receive: Receive) -> Request:
        headers = read_headers(scope["headers"])
        host = headers.get("host")
        if host is None:
            server = scope.get("server") or ("127.0.0.1", 80)
            host = f"{server[0]}:{server[1]}"
        return Request(
            scope["method"],
            scope["raw_path"].decode("latin-1"),
            scope["query_string"],
            headers,
            await self._body(receive),
            f"{scope.get('scheme') or 'http'}://{host}",
        )

    async def _body(self, receive: Receive) -> bytes:
        """Return the body; of one that is too large, just enough to tell."""
        message = await receive()
        if not message.get("more_body"):
            body: bytes = message.get("body", b"")
            return body
        parts: list[bytes] = []
        kept = seen = 0
        while True:
            part: bytes = message.get("body", b"")
            seen += len(part)
            if kept <= self._limit:
                parts.append(part)
                kept += len(part)
            if not message.get("more_body") or seen > DRAINED:
                return b"".join(parts)
            message = await receive()

    def _answer(self, request: Request) -> Reply:
        if request.path == CONTROL_PREFIX or request.path.startswith(f"{CONTROL_PREFIX}/"):
            return self._control.handle(request)
        try:
            reply = self._emulator.handle(request)
        except WorldNameRefused as error:
            return error_reply(400, "invalid", str(error))
        return index_reply(self._emulator, request) if reply is None else reply


async def _left_within(seconds: float, receive: Receive) -> bool:
    """Wait, and return whether the client hung up meanwhile."""
    try:
        await asyncio.wait_for(_disconnected(receive), seconds)
    except TimeoutError:
        return False
    return True


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _start(reply: Reply, length: int) -> Message:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    if reply.status != 204 and all(name != b"content-length" for name, _ in headers):
        headers.append((b"content-length", str(length).encode()))
    return {"type": "http.response.start", "status": reply.status, "headers": headers}


async def _play_fault(reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
    transport = scope.get("extensions", {}).get(TRANSPORT_KEY)
    if transport is None:
        raise RuntimeError("wire faults need the emulator's own server (assaykit.emulator.engine.serve)")
    if reply.fault == "reset":
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    elif reply.fault == "truncated":
        await send(_start(reply, len(reply.body)))
        await send({"type": "http.response.body", "body": reply.body[: len(reply.body) // 2], "more_body": True})
        transport.close()
    else:
        if reply.fault == "garbage":
            transport.write(b"\x00not HTTP\r\n\r\n")
        transport.close()
    await _disconnected(receive)
