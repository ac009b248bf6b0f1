"""A small Talview on httpx's mock transport: three grants, tokens that expire, lists, on an injected clock."""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from typing import Any, Final, TypedDict, Unpack
from urllib.parse import parse_qsl

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from assaykit.core.options import AsyncOptions, SyncOptions
from assaykit.talview import AsyncTalview, ServiceAccount, Talview
from tests.core.support import Clock

URL: Final = "https://talview.example.com/v4"
CLIENT_ID: Final = "application-of-the-tests"
CLIENT_SECRET: Final = "secret-of-the-tests"
USERNAME: Final = "ada.sample@example.com"
PASSWORD: Final = "password-of-the-tests"
EMAIL: Final = "service@example.com"
SCOPES: Final = ("section", "evaluation", "invitation")

APPLICATION: Final = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


class User(TypedDict):
    """The credentials of a user, as a client takes them."""

    client_id: str
    client_secret: str
    username: str
    password: str


USER: Final = User(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, username=USERNAME, password=PASSWORD)
LOGIN: Final = {"grant_type": "password", **APPLICATION, "username": USERNAME, "password": PASSWORD}

DOCUMENT: Final[dict[str, Any]] = json.loads((files("talview_client") / "openapi.json").read_text())
OPERATIONS: Final[list[dict[str, Any]]] = json.loads((files("talview_client") / "operations.json").read_text())[
    "operations"
]


def example(name: str) -> Any:
    """A copy of an example of the specification."""
    return json.loads(json.dumps(DOCUMENT["components"]["examples"][name]["value"]))


def error(status: int, name: str, message: str) -> httpx.Response:
    """An answer with Talview's error object."""
    return httpx.Response(status, json={"name": name, "message": message, "code": 0, "status": status})


@functools.cache
def rsa_key() -> rsa.RSAPrivateKey:
    """The key of the service account, made once."""
    return rsa.generate_private_key(65537, 2048)


def pem() -> str:
    """The same key as Talview gives it."""
    return rsa_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


class Server:
    """Talview itself.

    Args:
        candidates: How many candidates it has.
    """

    def __init__(self, candidates: int = 45) -> None:
        self.clock = Clock()
        self.requests: list[httpx.Request] = []
        """All but those for tokens."""
        self.token_requests: list[httpx.Request] = []
        self.bodies: list[dict[str, str]] = []
        """What was sent for tokens."""
        self.token: dict[str, Any] = {"token_type": "Bearer", "expires_in": 86400, "scope": None}
        """What its tokens come with."""
        self.lifetime = 86400.0
        self.gives_refresh_tokens = True
        self.answers: dict[str, Any] = {}
        """JSON, an answer, or what makes one, by path below the base."""
        self.refused_refresh = error(400, "Bad Request", "Invalid refresh token")
        self.candidates = list(range(1, candidates + 1))
        self._expiry: dict[str, float] = {}
        self._refresh_tokens: set[str] = set()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/v4")
        if path == "/oauth2/token":
            return self._give_token(request)
        self.requests.append(request)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        is_ours = str(request.url).startswith("https://talview.example.com/")
        if is_ours and (scheme != "Bearer" or self._expiry.get(token, 0.0) <= self.clock()):
            return error(401, "Unauthorized", "Your request was made with invalid credentials.")
        answer = self.answers.get(path)
        if callable(answer):
            answer = answer(request)
        if answer is not None:
            return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)
        if path == "/models/candidate":
            return self.page(int(request.url.params.get("page", 1)), int(request.url.params.get("pageSize", 20)))
        return error(404, "Not Found", "Object not found: 1")

    def _give_token(self, request: httpx.Request) -> httpx.Response:
        self.token_requests.append(request)
        answer = self.answers.get("/oauth2/token")
        if answer is not None:
            return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)
        is_form = request.headers["Content-Type"] == "application/x-www-form-urlencoded"
        body = dict(parse_qsl(request.content.decode())) if is_form else json.loads(request.content)
        self.bodies.append(body)
        match body["grant_type"]:
            case "password":
                if body != LOGIN:
                    return error(401, "Unauthorized", "The user credentials were incorrect.")
            case "refresh_token":
                if body["refresh_token"] not in self._refresh_tokens:
                    return self.refused_refresh
                self._refresh_tokens.discard(body["refresh_token"])
            case _:
                self.claims(body["assertion"])
        token = f"token-{len(self.bodies)}"
        self._expiry[token] = self.clock() + self.lifetime
        answer = {"access_token": token, **self.token}
        if self.gives_refresh_tokens and "assertion" not in body:
            answer["refresh_token"] = f"refresh-{len(self.bodies)}"
            self._refresh_tokens.add(answer["refresh_token"])
        return httpx.Response(200, json=answer)

    def claims(self, assertion: str) -> dict[str, Any]:
        """The claims of an assertion, its signature verified; its times are on the server's clock."""
        claims: dict[str, Any] = jwt.decode(
            assertion,
            rsa_key().public_key(),
            algorithms=["RS256"],
            options={"verify_aud": False, "verify_exp": False, "verify_iat": False},
        )
        return claims

    def page(self, number: int, size: int) -> httpx.Response:
        """A page of candidates; beyond the last one, the last one."""
        size = min(size, 50)
        count = -(-len(self.candidates) // size)
        number = max(min(number, count), 1)
        template = example("Candidate")
        some = self.candidates[(number - 1) * size : number * size]
        headers = {
            "X-Pagination-Total-Count": str(len(self.candidates)),
            "X-Pagination-Page-Count": str(count),
            "X-Pagination-Current-Page": str(number),
            "X-Pagination-Per-Page": str(size),
        }
        return httpx.Response(200, json=[template | {"id": id} for id in some], headers=headers)

    def revoke_tokens(self) -> None:
        self._expiry.clear()

    def revoke_refresh_tokens(self) -> None:
        self._refresh_tokens.clear()

    def options(self, **over: Unpack[SyncOptions]) -> SyncOptions:
        return {
            "transport": httpx.MockTransport(self),
            "clock": self.clock,
            "sleep": self.clock.sleep,
            "jitter": lambda: 0.0,
            **over,
        }

    def async_options(self, **over: Unpack[AsyncOptions]) -> AsyncOptions:
        return {
            "transport": httpx.MockTransport(self),
            "clock": self.clock,
            "sleep": self.clock.async_sleep,
            "jitter": lambda: 0.0,
            **over,
        }

    def client(self, password: str = PASSWORD, **options: Unpack[SyncOptions]) -> Talview:
        return Talview(URL, **user(password), **self.options(**options))

    def async_client(self, password: str = PASSWORD, **options: Unpack[AsyncOptions]) -> AsyncTalview:
        return AsyncTalview(URL, **user(password), **self.async_options(**options))

    def service(self, **account: Any) -> Talview:
        return Talview(URL, service_account=service_account(**account), **self.options())


def user(password: str = PASSWORD, username: str = USERNAME) -> User:
    """The user, or another one."""
    return User(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, username=username, password=password)


def service_account(**over: Any) -> ServiceAccount:
    """The service account, for which the key is made."""
    return ServiceAccount(**{"email": EMAIL, "private_key": pem(), "scopes": SCOPES, **over})
