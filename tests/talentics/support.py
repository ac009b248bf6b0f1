"""A small Talentics on httpx's mock transport: Basic authentication, pages, the rate limit, on an injected clock."""

from __future__ import annotations

import base64
import json
from importlib.resources import files
from typing import Any, Final, Unpack

import httpx

from assaykit.core.options import AsyncOptions, SyncOptions
from assaykit.talentics import AsyncTalentics, Talentics
from tests.core.limits import FixedWindows, SharedClock

APP_ID: Final = "app-of-the-tests"
APP_SECRET: Final = "secret-of-the-tests"
URL: Final = "https://api.talentics.id"

_EXAMPLES: Final[dict[str, Any]] = json.loads((files("talentics_client") / "openapi.json").read_text())["components"][
    "examples"
]


def example(name: str) -> Any:
    """A copy of an example of the specification."""
    return json.loads(json.dumps(_EXAMPLES[name]["value"]))


class Server:
    """Talentics itself.

    Args:
        exams: How many tests it has.
        begin: When one of its windows of 15 minutes begins; None for with the first request.
    """

    def __init__(self, exams: int = 120, begin: float | None = None) -> None:
        self.clock = SharedClock()
        self.limits = FixedWindows(self.clock, begin=begin)
        self.requests: list[httpx.Request] = []
        self.answers: dict[str, Any] = {}
        """JSON, an answer, or what makes one, by path."""
        self._exams = exams

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        expected = base64.b64encode(f"{APP_ID}:{APP_SECRET}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {expected}":
            return httpx.Response(401, json={"data": {"errors": []}}, headers={"WWW-Authenticate": "Basic"})
        path = request.url.path
        answer = self.answers.get(path)
        if callable(answer):
            answer = answer(request)
        if answer is not None:
            return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)
        refused = self.limits.refusal(request)
        if refused is not None:
            return refused
        if path == "/v2/exams":
            return httpx.Response(200, json=self._page(request), headers=self.limits.headers(request))
        return httpx.Response(404, json={"data": {"errors": [f"no such thing: {path}"]}})

    def _page(self, request: httpx.Request) -> dict[str, Any]:
        page, size = (int(request.url.params.get(name, default)) for name, default in (("page", 1), ("per_page", 15)))
        last = max(1, -(-self._exams // size))
        template = example("ExamPage")["data"][0]
        numbers = range(1, self._exams + 1)[(page - 1) * size : page * size]
        address = f"{URL}/v2/exams?page="
        return {
            "data": [{**template, "id": number} for number in numbers],
            "links": {
                "first": f"{address}1",
                "last": f"{address}{last}",
                "prev": None if page == 1 else f"{address}{page - 1}",
                "next": None if page >= last else f"{address}{page + 1}",
            },
            "meta": {
                "current_page": page,
                "from": numbers[0] if numbers else None,
                "last_page": last,
                "path": f"{URL}/v2/exams",
                "per_page": str(size),
                "to": numbers[-1] if numbers else None,
                "total": self._exams,
            },
        }

    @property
    def pages(self) -> list[str]:
        return [request.url.params["page"] for request in self.requests]

    def client(self, app_id: str = APP_ID, app_secret: str = APP_SECRET, **options: Unpack[SyncOptions]) -> Talentics:
        given: SyncOptions = {
            "transport": httpx.MockTransport(self),
            "clock": self.clock,
            "sleep": self.clock.sleep,
            "jitter": lambda: 0.0,
            **options,
        }
        return Talentics(app_id, app_secret, **given)

    def async_client(self, **options: Unpack[AsyncOptions]) -> AsyncTalentics:
        given: AsyncOptions = {
            "transport": httpx.MockTransport(self),
            "clock": self.clock,
            "sleep": self.clock.async_sleep,
            "jitter": lambda: 0.0,
            **options,
        }
        return AsyncTalentics(APP_ID, APP_SECRET, **given)
