"""One way to call a client, sync or async, so that each test says once what both must do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

Call = Callable[[Any], Any]


class Client:
    """Calls an emulated vendor through its client.

    Args:
        asynchronous: Whether through the async one.
    """

    def __init__(self, asynchronous: bool) -> None:
        self._asynchronous = asynchronous

    def ask(self, emulator: Any, call: Call) -> Any:
        """Return what one call answers, such as `lambda api: api.exams.get(1)`."""

        async def asking() -> Any:
            async with emulator.async_client() as api:
                return await call(api)

        if self._asynchronous:
            return asyncio.run(asking())
        with emulator.client() as api:
            return call(api)

    def walk(self, emulator: Any, call: Call) -> list[Any]:
        """Return all that a list holds, page after page, such as `lambda api: api.paginate(api.exams.list)`."""

        async def walking() -> list[Any]:
            async with emulator.async_client() as api:
                return [one async for one in call(api)]

        if self._asynchronous:
            return asyncio.run(walking())
        with emulator.client() as api:
            return list(call(api))


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def client(request: pytest.FixtureRequest) -> Client:
    return Client(request.param)
