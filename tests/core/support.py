"""An invented vendor, Acme, on httpx's mock transport: what core does, without any generated package."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, Unpack

import httpx

from assaykit.core.caller import AsyncCaller, Caller
from assaykit.core.client import AsyncClient, Profile, SyncClient
from assaykit.core.errors import ErrorDetail, FieldError
from assaykit.core.options import AsyncOptions, SyncOptions
from assaykit.core.secrets import Secret
from assaykit.core.tokens import Token, TokenKey, token

BASE_URL = "https://acme.example/api"
API_KEY = "acme-key-of-the-tests"
IDEMPOTENT = {"things_get": True, "things_create": False, "things_find": True, "token_create": True}

T = TypeVar("T")


@dataclass
class Clock:
    """Seconds since the epoch that pass only when told, or when slept."""

    now: float = 1_700_000_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)


def jwt(number: int = 1, **claims: float) -> str:
    """A token of JWT form; its signature is invented."""

    def part(document: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none'})}.{part({'jti': number, **claims})}.c2ln"


@dataclass(frozen=True)
class Operation:
    id: str
    success: tuple[int | str, ...] = (200,)
    paging: Mapping[str, Any] | None = None
    partial_failure: Mapping[str, str] | None = None


class DecodeError(Exception):
    """What a generated package raises for an answer that does not fit."""

    def __init__(self, path: tuple[str | int, ...], reason: str) -> None:
        super().__init__(reason)
        self.path = path
        self.reason = reason


def read_error(response: httpx.Response) -> ErrorDetail:
    try:
        error = response.json()["error"]
        fields = tuple(FieldError(item["field"], item["message"]) for item in error.get("fields", ()))
        return ErrorDetail(error["code"], error["message"], fields)
    except (ValueError, LookupError, TypeError):
        return ErrorDetail()


class KeySource:
    """Exchanges an API key, or a refresh token, for a token that lives an hour."""

    operation = "token_create"

    def __init__(self, base_url: str, key: str = API_KEY) -> None:
        self._base_url = base_url
        self._key = Secret(key)

    def key(self) -> TokenKey:
        return TokenKey("acme", self._base_url, self._key)

    def request(self, previous: Token | None) -> httpx.Request:
        if previous is not None:
            return httpx.Request("POST", f"{self._base_url}/token", json={"refresh": previous.refresh_value})
        return httpx.Request("POST", f"{self._base_url}/token", json={"key": self._key.reveal()})

    def read(self, response: httpx.Response, now: float) -> Token:
        document = response.json()
        if not isinstance(document.get("token"), str):
            raise ValueError("token is missing")
        return token(document["token"], now=now, lifetime=3600.0, refresh_value=document.get("refresh"))


PROFILE = Profile(
    vendor="acme",
    read_error=read_error,
    decode_error=DecodeError,
    idempotent=IDEMPOTENT.get,
    public=frozenset({"token_create", "things_public"}),
)


def parse(response: httpx.Response) -> dict[str, Any]:
    document = response.json()
    if not isinstance(document.get("id", ""), str):
        raise DecodeError(("results", 3, "scores"), "expected a list")
    if not isinstance(document, dict):
        raise DecodeError((), "expected an object")
    return document


def _get(thing: str) -> dict[str, Any]:
    return {"method": "GET", "url": f"/things/{thing}", "extensions": {"operation": "things_get"}}


def _create(name: str) -> dict[str, Any]:
    return {
        "method": "POST",
        "url": "/things",
        "json": {"name": name},
        "extensions": {"operation": "things_create"},
    }


class Things:
    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get(self, thing: str = "1") -> dict[str, Any]:
        return self._caller.call(Operation("things_get"), _get(thing), parse)

    def create(self, name: str = "one") -> dict[str, Any]:
        return self._caller.call(Operation("things_create"), _create(name), parse)


class AsyncThings:
    def __init__(self, caller: AsyncCaller) -> None:
        self._caller = caller

    async def get(self, thing: str = "1") -> dict[str, Any]:
        return await self._caller.call(Operation("things_get"), _get(thing), parse)

    async def create(self, name: str = "one") -> dict[str, Any]:
        return await self._caller.call(Operation("things_create"), _create(name), parse)


class Acme(SyncClient):
    things: Things

    def __init__(self, key: str = API_KEY, base_url: str = BASE_URL, **options: Unpack[SyncOptions]) -> None:
        super().__init__(PROFILE, base_url, lambda url: KeySource(url, key), **options)

    def _bind(self, caller: Caller) -> None:
        self.things = Things(caller)


class AsyncAcme(AsyncClient):
    things: AsyncThings

    def __init__(self, key: str = API_KEY, base_url: str = BASE_URL, **options: Unpack[AsyncOptions]) -> None:
        super().__init__(PROFILE, base_url, lambda url: KeySource(url, key), **options)

    def _bind(self, caller: AsyncCaller) -> None:
        self.things = AsyncThings(caller)


Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Server:
    """Acme itself: gives tokens, refuses those it did not give, answers the rest from a script.

    Args:
        clock: Its clock, for the expiry it writes into tokens.
        answers: Answers to calls other than the token's, in order; after the last, 200.
    """

    def __init__(self, clock: Clock | None = None, answers: list[Answer] | None = None) -> None:
        self.clock = clock or Clock()
        self.answers = answers or []
        self.token_answers: list[Answer] = []
        self.requests: list[httpx.Request] = []
        self.token_requests: list[httpx.Request] = []
        self.valid: set[str] = set()
        self.lifetime = 3600.0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/token"):
            self.token_requests.append(request)
            return self._answer(self.token_answers, request) or self.give_token()
        self.requests.append(request)
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.valid:
            return httpx.Response(401, json={"error": {"code": "unauthorized", "message": "token not valid"}})
        return self._answer(self.answers, request) or httpx.Response(200, json={"id": "1"})

    def give_token(self, **more: object) -> httpx.Response:
        value = jwt(len(self.token_requests), exp=self.clock.now + self.lifetime)
        self.valid.add(value)
        return httpx.Response(200, json={"token": value, **more})

    @staticmethod
    def _answer(answers: list[Answer], request: httpx.Request) -> httpx.Response | None:
        if not answers:
            return None
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self)

    def client(self, **options: Unpack[SyncOptions]) -> Acme:
        given: SyncOptions = {
            "transport": self.transport,
            "clock": self.clock,
            "sleep": self.clock.sleep,
            "jitter": lambda: 0.0,
            **options,
        }
        return Acme(**given)

    def async_client(self, **options: Unpack[AsyncOptions]) -> AsyncAcme:
        given: AsyncOptions = {
            "transport": self.transport,
            "clock": self.clock,
            "sleep": self.clock.async_sleep,
            "jitter": lambda: 0.0,
            **options,
        }
        return AsyncAcme(**given)


async def gather(*calls: Awaitable[T]) -> list[T]:
    import asyncio

    return list(await asyncio.gather(*calls))
