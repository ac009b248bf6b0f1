"""An httpx transport that drives a world in process: no sockets, no threads, no event loop of its own."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Final, NoReturn

import anyio
import httpx

from assaykit.emulator.engine.message import Reply, Request, read_headers
from assaykit.emulator.engine.worlds import World

ORIGIN: Final = "https://emulator.test"
"""Scheme and host of in-process addresses. The domain is reserved for tests, so a request that misses the transport
cannot reach anybody."""


def base_url(vendor: str) -> str:
    """Return the in-process base URL of a vendor."""
    return f"{ORIGIN}/{vendor}"


class _Truncated(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The first half of a body, then the end of the connection."""

    def __init__(self, body: bytes, request: httpx.Request) -> None:
        self._body = body
        self._request = request

    def _end(self) -> NoReturn:
        raise httpx.RemoteProtocolError(
            "peer closed connection without sending complete message body "
            f"(received {len(self._body) // 2} bytes, expected {len(self._body)})",
            request=self._request,
        )

    def __iter__(self) -> Iterator[bytes]:
        yield self._body[: len(self._body) // 2]
        self._end()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body[: len(self._body) // 2]
        self._end()


class EmulatorTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers the requests of `httpx.Client` and `httpx.AsyncClient` from a world.

    A vendor is found by the first segment of the path (`https://emulator.test/<vendor>/token`), or by the host name of
    its real servers, so that a client with its usual base URL works too.

    Args:
        world: The world that answers.
        sleep: Waits for delays ordered by fault rules, in sync clients.
        async_sleep: The same in async clients.
    """

    def __init__(
        self,
        world: World,
        *,
        sleep: Callable[[float], None] = time.sleep,
        async_sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        self.world = world
        self._sleep = sleep
        self._async_sleep = async_sleep
        self._states = world.states
        self._hosts = {host: name for name, state in world.states.items() for host in state.vendor.hosts}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of a sync client.

        Raises:
            httpx.ConnectError: The URL belongs to no emulated vendor.
            httpx.ReadError: A fault rule resets the connection.
            httpx.ReadTimeout: A fault rule's delay exceeds the request's read timeout.
            httpx.RemoteProtocolError: A fault rule closes the connection or breaks the protocol.
        """
        reply = self._reply(request, request.read())
        if reply.delay:
            _refuse_to_wait(request, reply)
            self._sleep(reply.delay)
        return _response(request, reply)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of an async client; raises as `handle_request` does."""
        reply = self._reply(request, await request.aread())
        if reply.delay:
            _refuse_to_wait(request, reply)
            await self._async_sleep(reply.delay)
        return _response(request, reply)

    def _reply(self, request: httpx.Request, body: bytes) -> Reply:
        headers = read_headers(request.headers.raw)
        raw, _, query = request.url.raw_path.partition(b"?")
        path = raw.decode("ascii")
        host = headers.get("host", "")
        origin = f"{request.url.scheme}://{host}"
        vendor = self._hosts.get(host)
        if vendor is None:
            vendor, slash, rest = path[1:].partition("/")
            if vendor not in self._states:
                known = ", ".join(base_url(name) for name in self._states)
                raise httpx.ConnectError(f"{request.url} is not emulated; base URLs are {known}", request=request)
            path = f"{slash}{rest}"
            origin = f"{origin}/{vendor}"
        return self.world.handle(vendor, Request(request.method, path, query, headers, body, origin))


def _refuse_to_wait(request: httpx.Request, reply: Reply) -> None:
    limit = request.extensions.get("timeout", {}).get("read")
    if limit is not None and reply.delay > limit:
        raise httpx.ReadTimeout(f"no answer within {limit} s (the delay was ordered)", request=request)


def _response(request: httpx.Request, reply: Reply) -> httpx.Response:
    match reply.fault:
        case None:
            # As a stream, which is how a network transport answers and what the client makes least work of.
            return httpx.Response(reply.status, headers=_headers(reply), stream=httpx.ByteStream(reply.body))
        case "reset":
            raise httpx.ReadError("[Errno 104] Connection reset by peer", request=request)
        case "close":
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
        case "garbage":
            raise httpx.RemoteProtocolError("illegal status line: bytearray(b'\\x00not HTTP')", request=request)
        case _:
            return httpx.Response(reply.status, headers=_headers(reply), stream=_Truncated(reply.body, request))


def _headers(reply: Reply) -> list[tuple[str, str]]:
    if reply.status == 204 or (not reply.body and reply.header("content-length") is not None):
        return reply.headers
    return [*reply.headers, ("Content-Length", str(len(reply.body)))]
