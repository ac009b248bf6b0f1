"""Saying that a client is of the other kind, sync or async."""

from __future__ import annotations

import httpx

from .errors import ConfigurationError


class WrongKind(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Stands where a generated client would otherwise open a pool of its own, without token or retries.

    Args:
        problem: What the client is made for.
        remedy: Which one to use instead.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        self._error = ConfigurationError("client", problem, remedy)

    def handle_request(self, _request: httpx.Request) -> httpx.Response:
        """Refuse."""
        raise self._error

    async def handle_async_request(self, _request: httpx.Request) -> httpx.Response:
        """Refuse."""
        raise self._error
