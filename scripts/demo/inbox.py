"""A webhook receiver on loopback, as an applicant-tracking system would have one."""

import queue
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Inbox:
    """Receives webhooks.

    Attributes:
        url: where to post them.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._received: queue.Queue[tuple[Mapping[str, str], bytes]] = queue.Queue()

    def put(self, headers: Mapping[str, str], body: bytes) -> None:
        """Keep what was posted."""
        self._received.put((headers, body))

    def take(self, timeout: float) -> tuple[Mapping[str, str], bytes]:
        """Return headers and body of the next webhook.

        Args:
            timeout: seconds to wait.

        Raises:
            queue.Empty: None came in time.
        """
        return self._received.get(timeout=timeout)


@contextmanager
def open_inbox() -> Iterator[Inbox]:
    """Serve an inbox on a free port of loopback while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            inbox.put(dict(self.headers), body)
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet: the demo prints its own table."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    inbox = Inbox(f"http://127.0.0.1:{server.server_address[1]}/webhooks")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield inbox
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
