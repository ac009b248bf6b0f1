"""A small TestDome on httpx's mock transport: both grants, tokens that expire, lists, on an injected clock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final, Unpack
from urllib.parse import parse_qsl

import httpx

from assaykit.core.options import AsyncOptions, SyncOptions
from assaykit.testdome import AsyncTestDome, TestDome, models
from tests.core.support import Clock

CLIENT_ID: Final = "client-of-the-tests"
CLIENT_SECRET: Final = "secret-of-the-tests"
USERNAME: Final = "ada.sample@example.com"
PASSWORD: Final = "password-of-the-tests"
TEST: Final = 1234567
URL: Final = "https://api.testdome.com"

DOCUMENT: Final[dict[str, Any]] = json.loads((files("testdome_client") / "openapi.json").read_text())
OPERATIONS: Final[list[dict[str, Any]]] = json.loads((files("testdome_client") / "operations.json").read_text())[
    "operations"
]
LOGINS: Final = (
    {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
    {"grant_type": "password", "username": USERNAME, "password": PASSWORD},
)


def example(name: str) -> Any:
    """A copy of an example of the specification."""
    return json.loads(json.dumps(DOCUMENT["components"]["examples"][name]["value"]))


def invitation(*emails: str) -> models.InviteRequest:
    return models.InviteRequest.from_dict(example("InviteRequest") | {"emails": list(emails)})


class Server:
    """TestDome itself.

    Args:
        candidates: How many candidates its test has.
    """

    def __init__(self, candidates: int = 250) -> None:
        self.clock = Clock()
        self.requests: list[httpx.Request] = []
        """All but those for tokens."""
        self.forms: list[dict[str, str]] = []
        """What was sent for tokens."""
        self.token: dict[str, Any] = {"token_type": "Bearer", "expires_in": 1800}
        """What its tokens come with."""
        self.lifetime = 1800.0
        self.answers: dict[str, Any] = {}
        """JSON, an answer, or what makes one, by path."""
        self.candidates = list(range(1, candidates + 1))
        self._expiry: dict[str, float] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/token"):
            return self._give_token(request)
        self.requests.append(request)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or self._expiry.get(token, 0.0) <= self.clock():
            return httpx.Response(401, json=example("Unauthorized"), headers={"WWW-Authenticate": "Bearer"})
        answer = self.answers.get(request.url.path)
        if callable(answer):
            answer = answer(request)
        if answer is not None:
            return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)
        if request.url.path.endswith("/candidates"):
            return httpx.Response(200, json=self.page(request.url.params))
        return httpx.Response(404, json=example("UnknownTest"))

    def _give_token(self, request: httpx.Request) -> httpx.Response:
        answer = self.answers.get("/token")
        if answer is not None:
            return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)
        form = dict(parse_qsl(request.content.decode()))
        self.forms.append(form)
        if form not in LOGINS:
            client = form["grant_type"] == "client_credentials"
            return httpx.Response(401 if client else 400, json=example("InvalidClient" if client else "InvalidGrant"))
        token = f"token-{len(self.forms)}"
        self._expiry[token] = self.clock() + self.lifetime
        return httpx.Response(200, json={"access_token": token, **self.token})

    def page(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        """A page of candidates, in the envelope of v3."""
        skip, top = int(parameters.get("$skip", 0)), int(parameters.get("$top", 100))
        template = example("CandidateInvited")
        return {
            "value": [template | {"id": number} for number in self.candidates[skip : skip + top]],
            "totalCount": len(self.candidates),
            "hasMoreItems": skip + top < len(self.candidates),
            "skip": skip,
            "top": top,
            "_links": {},
        }

    def revoke_tokens(self) -> None:
        self._expiry.clear()

    def options(self, **over: Unpack[SyncOptions]) -> SyncOptions:
        return {
            "transport": httpx.MockTransport(self),
            "clock": self.clock,
            "sleep": self.clock.sleep,
            "jitter": lambda: 0.0,
            **over,
        }

    def client(self, client_secret: str = CLIENT_SECRET, **options: Unpack[SyncOptions]) -> TestDome:
        return TestDome(CLIENT_ID, client_secret, **self.options(**options))

    def async_client(self, client_secret: str = CLIENT_SECRET, **options: Unpack[AsyncOptions]) -> AsyncTestDome:
        given: AsyncOptions = {
            "transport": httpx.MockTransport(self),
            "clock": self.clock,
            "sleep": self.clock.async_sleep,
            "jitter": lambda: 0.0,
            **options,
        }
        return AsyncTestDome(CLIENT_ID, client_secret, **given)
