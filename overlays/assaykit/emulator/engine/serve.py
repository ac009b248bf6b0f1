"""The emulator on a socket: uvicorn with uvloop and httptools, in this thread or another."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Final, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from assaykit.emulator.engine.asgi import TRANSPORT_KEY, Application
from assaykit.emulator.engine.emulator import Emulator

_START_LIMIT: Final = 10.0


class _Protocol(HttpToolsProtocol):
    """Hands the transport to the application, so that it can break the connection on order."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        # The server types extensions as objects; to this application one of them is its transport.
        scope: MutableMapping[str, Any] = cast("MutableMapping[str, Any]", self.scope)
        scope["extensions"] = {TRANSPORT_KEY: self.transport}


class PortTaken(OSError):
    """Another program listens on the port; the message says what to do."""


def bind(host: str, port: int) -> socket.socket:
    """Open the listening socket.

    Args:
        host: Address to listen on.
        port: Port, or 0 for any free one.

    Raises:
        PortTaken: The port is in use.
        OSError: The address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno in (48, 98, 10048):  # EADDRINUSE of macOS, Linux, Windows
            raise PortTaken(f"port {port} on {host} is in use; choose another with --port, or 0 for any") from error
        raise
    listener.listen(1024)
    listener.setblocking(False)
    return listener


def server(emulator: Emulator, *, allow_remote: bool = False) -> uvicorn.Server:
    """Return a server that is not running yet.

    Args:
        emulator: What to serve; made with `deliver=False`.
        allow_remote: See `assaykit.emulator.engine.control`.
    """
    config = uvicorn.Config(
        Application(emulator, allow_remote=allow_remote),
        http=_Protocol,
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        timeout_keep_alive=30,
    )
    return uvicorn.Server(config)


def serve(emulator: Emulator, listener: socket.socket, *, allow_remote: bool = False) -> None:
    """Serve until interrupted; open requests are finished, then the worlds are closed.

    Args:
        emulator: What to serve; made with `deliver=False`.
        listener: See `bind`.
        allow_remote: See `assaykit.emulator.engine.control`.
    """
    try:
        server(emulator, allow_remote=allow_remote).run(sockets=[listener])
    finally:
        listener.close()
        emulator.close()


@contextmanager
def serve_in_thread(emulator: Emulator, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve from another thread for as long as the block runs.

    Args:
        emulator: What to serve; made with `deliver=False`. It is not closed at the end.
        host: Address to listen on.
        port: Port, or 0 for any free one.

    Yields:
        The URL of the server, without a trailing slash: `http://127.0.0.1:40123`.

    Raises:
        PortTaken: The port is in use.
        RuntimeError: The server did not start.
    """
    listener = bind(host, port)
    running = server(emulator)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, name="emulator", daemon=True)
    thread.start()
    try:
        waited = 0.0
        while not running.started:
            if not thread.is_alive() or waited > _START_LIMIT:
                raise RuntimeError("the emulator's server did not start; its log says why")
            time.sleep(0.005)
            waited += 0.005
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{listener.getsockname()[1]}"
    finally:
        running.should_exit = True
        thread.join(_START_LIMIT)
        listener.close()
