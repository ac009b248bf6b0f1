"""Talview's tokens: passwords, refresh tokens, and assertions of service accounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.rejection import Rejected
from assaykit.emulator.engine.transport import EmulatorTransport, base_url
from assaykit.emulator.engine.worlds import World
from tests.emulator import talview_acting
from tests.emulator.conftest import START

GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
APPLICATION: Final = {"client_id": "assaykit-demo-app", "client_secret": "assaykit-demo-secret"}
PASSWORD: Final = {
    "grant_type": "password",
    "username": "recruiter@example.com",
    "password": "assaykit-demo-password",
    **APPLICATION,
}
KEY: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM: Final = (
    KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
)
ISSUER: Final = "robot@example.com"


@pytest.fixture(scope="module")
def emulator() -> Emulator:
    return talview_acting.vendor_alone()


@pytest.fixture
def world(emulator: Emulator) -> Iterator[World]:
    made = emulator.make_world("talview", ManualClock(START))
    yield made
    made.close()


@pytest.fixture
def client(world: World) -> Iterator[httpx.Client]:
    with httpx.Client(transport=EmulatorTransport(world), base_url=base_url("talview")) as opened:
        yield opened


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def claims(**more: Any) -> dict[str, Any]:
    now = int(START.timestamp())
    usual = {
        "iss": ISSUER,
        "scope": "section evaluation",
        "aud": f"{base_url('talview')}/oauth2/token",
        "iat": now,
        "exp": now + 3600,
    }
    return {name: value for name, value in {**usual, **more}.items() if value is not None}


def exchange(client: httpx.Client, assertion: str) -> httpx.Response:
    return client.post("/oauth2/token", data={"grant_type": GRANT, "assertion": assertion})


@pytest.fixture
def registered(world: World) -> None:
    arguments = {"email": ISSUER, "publicKey": PEM, "userId": 30876}
    world.act("talview", "register-service-account", arguments)


@pytest.mark.parametrize("form", [True, False])
def test_a_password_gives_a_token_that_expires(client: httpx.Client, world: World, form: bool) -> None:
    answer = client.post("/oauth2/token", data=PASSWORD) if form else client.post("/oauth2/token", json=PASSWORD)
    token = answer.json()
    headers = bearer(token["access_token"])
    assert client.get("/models/skill", headers=headers).status_code == 200
    world.clock.advance(seconds=token["expires_in"] - 1)
    assert client.get("/models/skill", headers=headers).status_code == 200
    world.clock.advance(seconds=1)
    expired = client.get("/models/skill", headers=headers)
    assert (expired.status_code, expired.json()["name"]) == (401, "Unauthorized")


def test_a_refresh_token_gives_another_token(client: httpx.Client) -> None:
    first = client.post("/oauth2/token", json=PASSWORD).json()
    body = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"], **APPLICATION}
    second = client.post("/oauth2/token", json=body).json()
    assert second["access_token"] != first["access_token"]
    assert client.get("/models/skill", headers=bearer(second["access_token"])).status_code == 200


@pytest.mark.parametrize("wrong", ["username", "password", "client_id", "client_secret"])
def test_wrong_credentials_are_refused(client: httpx.Client, wrong: str) -> None:
    assert client.post("/oauth2/token", json=PASSWORD | {wrong: "other"}).status_code == 401


def test_an_assertion_gives_a_token(client: httpx.Client, registered: None) -> None:
    answer = exchange(client, jwt.encode(claims(), KEY, "RS256")).json()
    assert (answer["token_type"], answer["scope"]) == ("bearer", "section evaluation")
    assert "refresh_token" not in answer
    assert client.get("/models/skill", headers=bearer(answer["access_token"])).status_code == 200


def test_scopes_limit_a_service_account_where_the_world_decides_so(
    client: httpx.Client, world: World, registered: None
) -> None:
    service = bearer(exchange(client, jwt.encode(claims(), KEY, "RS256")).json()["access_token"])
    user = bearer(client.post("/oauth2/token", json=PASSWORD).json()["access_token"])
    assert client.get("/models/candidate", headers=service).status_code == 200

    world.act("talview", "configure", {"scopesLimit": True})

    for path in ("/models/section", "/models/evaluation/87214"):
        assert client.get(path, headers=service).status_code == 200
    refused = client.get("/models/candidate", headers=service)
    assert refused.status_code == 403
    assert "evaluation, section" in refused.json()["message"]
    assert 'error="insufficient_scope"' in refused.headers["WWW-Authenticate"]
    assert client.get("/models/candidate", headers=user).status_code == 200


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"iss": "other@example.com"}, "iss"),
        ({"aud": "https://other.example.com/oauth2/token"}, "aud"),
        ({"exp": int(START.timestamp())}, "exp"),
        ({"exp": int(START.timestamp()) + 86_401}, "86400"),
        ({"iat": int(START.timestamp()) + 600, "exp": int(START.timestamp()) + 700}, "iat"),
        *(({name: None}, f"claim {name} is missing") for name in ("iss", "scope", "aud", "exp", "iat")),
    ],
)
def test_a_wrong_claim_is_refused(client: httpx.Client, registered: None, changed: dict[str, Any], told: str) -> None:
    answer = exchange(client, jwt.encode(claims(**changed), KEY, "RS256"))
    assert answer.status_code == 401
    assert told in answer.json()["message"]


def test_another_key_or_algorithm_is_refused(client: httpx.Client, registered: None) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    good = jwt.encode(claims(), KEY, "RS256")
    tampered = good[:-8] + ("AAAAAAAA" if not good.endswith("AAAAAAAA") else "BBBBBBBB")
    secret = "a secret of more than thirty-two bytes, for the digest"
    for assertion in (
        jwt.encode(claims(), other, "RS256"),
        jwt.encode(claims(), secret, "HS256"),
        tampered,
        "x",
        "a.b.c",
    ):
        assert exchange(client, assertion).status_code == 401


@pytest.mark.parametrize("key", ["", "no key", "-----BEGIN PUBLIC KEY-----AAAA-----END PUBLIC KEY-----"])
def test_only_a_public_key_can_be_registered(world: World, key: str) -> None:
    with pytest.raises(Rejected):
        world.act("talview", "register-service-account", {"email": ISSUER, "publicKey": key, "userId": 30876})
