"""Service accounts: what they sign, with which key, and what becomes of a key that cannot sign."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

import assaykit
from assaykit import talview
from assaykit.core.secrets import Secret
from tests.talview.support import EMAIL, SCOPES, URL, Server, pem, rsa_key, service_account

AUDIENCE = f"{URL}/oauth2/token"
PRIVATE = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_assertion_is_signed_and_says_who_for_what_to_whom_and_how_long() -> None:
    server = Server()
    with server.service() as api:
        api.candidates.list()

    [request] = server.token_requests
    body = dict(parse_qsl(request.content.decode()))
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert set(body) == {"grant_type", "assertion"}
    assert body["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    assert jwt.get_unverified_header(body["assertion"]) == {"alg": "RS256", "typ": "JWT"}
    now = int(server.clock.now)
    assert server.claims(body["assertion"]) == {
        "iss": EMAIL,
        "scope": "section evaluation invitation",
        "aud": AUDIENCE,
        "iat": now - 60,
        "exp": now + 3600,
    }
    assert server.requests[0].headers["Authorization"] == "Bearer token-1"


@pytest.mark.anyio
async def test_assertion_of_the_async_client() -> None:
    server = Server()
    account = service_account()
    async with talview.AsyncTalview(URL, service_account=account, **server.async_options()) as api:
        await api.candidates.list()

    assert server.claims(server.bodies[0]["assertion"])["iss"] == EMAIL


def test_each_token_takes_an_assertion_of_its_own() -> None:
    server = Server()
    server.token = {"token_type": "bearer", "scope": "section"}
    server.lifetime = 3600.0
    with server.service() as api:
        api.candidates.list()
        server.clock.now += 3590.0
        api.candidates.list()

    first, second = (server.claims(body["assertion"]) for body in server.bodies)
    assert second["iat"] - first["iat"] == 3590
    assert [body["grant_type"] for body in server.bodies] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"] * 2


@pytest.mark.parametrize(
    ("lifetime", "holds"), [(1, 61), (3600, 3660), (86340, 86400), (86399.5, 86400), (86400, 86400)]
)
@pytest.mark.parametrize("now", [1_700_000_000.0, 1_700_000_000.999])
def test_assertion_never_holds_for_more_than_a_day(lifetime: float, holds: int, now: float) -> None:
    claims = Server().claims(service_account(lifetime=lifetime).assertion(AUDIENCE, now))

    assert claims["exp"] - claims["iat"] == holds
    assert claims["iat"] == int(now) - 60


def test_account_has_the_last_word_on_the_audience() -> None:
    account = service_account(audience="https://accounts.example.com/token", scopes=())
    claims = Server().claims(account.assertion(AUDIENCE, 1_700_000_000.0))

    assert (claims["aud"], claims["scope"]) == ("https://accounts.example.com/token", "")


def test_key_may_be_text_secret_or_file(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text(pem())
    traditional = rsa_key().private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    given = [pem(), f"\n{pem()}", pem().strip().replace("\n", "\\n"), Secret(pem()), path, str(path), traditional]
    for key in given:
        assert Server().claims(service_account(private_key=key).assertion(AUDIENCE, 0.0))["iss"] == EMAIL


def test_scopes_may_be_anything_iterable_and_accounts_compare() -> None:
    account = service_account(scopes=(name for name in SCOPES))

    assert account.scopes == SCOPES
    assert account == service_account()
    assert len({account, service_account()}) == 1


@pytest.mark.parametrize(
    ("over", "argument", "problem"),
    [
        ({"email": ""}, "email", "missing or empty; give the e-mail address of the service account"),
        ({"email": "a\nb@example.com"}, "email", "control characters"),
        ({"audience": " "}, "audience", "missing or empty; leave it out"),
        ({"scopes": "section evaluation"}, "scopes", "is one text; give a list of names"),
        ({"scopes": ["section evaluation"]}, "scopes", "'section evaluation' is not the name of a scope"),
        ({"scopes": ["section", ""]}, "scopes", "'' is not the name of a scope"),
        ({"scopes": [5]}, "scopes", "5 is not the name of a scope"),
        ({"lifetime": 0}, "lifetime", "0 is not a positive number of seconds"),
        ({"lifetime": -1.0}, "lifetime", "not a positive number"),
        ({"lifetime": float("nan")}, "lifetime", "not a positive number"),
        ({"lifetime": float("inf")}, "lifetime", "not a positive number"),
        ({"lifetime": "3600"}, "lifetime", "not a positive number"),
        ({"lifetime": True}, "lifetime", "not a positive number"),
        ({"lifetime": 86401}, "lifetime", "86401 seconds are more than 24 hours; give at most 86400"),
        ({"private_key": "no-such-file.pem"}, "private_key", "no file with one: FileNotFoundError; give the PEM text"),
        ({"private_key": "x" * 5000}, "private_key", "no file with one: OSError"),
        ({"private_key": "nul\0"}, "private_key", "no file with one: ValueError"),
        ({"private_key": Secret("text")}, "private_key", "holds no private key in PEM form"),
    ],
)
def test_arguments_that_cannot_be_used_are_named(over: dict[str, Any], argument: str, problem: str) -> None:
    with pytest.raises(assaykit.ConfigurationError) as caught:
        service_account(**over)

    assert caught.value.argument == argument
    assert problem in str(caught.value)


def other_keys() -> dict[str, str]:
    """PEM texts that cannot sign by RS256, by what is wrong with them."""
    encrypted = rsa_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word")).decode()
    old = rsa_key().private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, BestAvailableEncryption(b"word"))
    public = rsa_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return {
        "cut": pem()[:400],
        "garbled": pem().replace("A", "!"),
        "no body": "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
        "elliptic": ec.generate_private_key(ec.SECP256R1()).private_bytes(*PRIVATE).decode(),
        "edwards": ed25519.Ed25519PrivateKey.generate().private_bytes(*PRIVATE).decode(),
        "encrypted": encrypted,
        "encrypted in the old form": old.decode(),
        "public": public,
    }


@pytest.mark.parametrize("name", list(other_keys()))
def test_key_that_cannot_sign_is_never_shown(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key = other_keys()[name]
    server = Server()
    with pytest.raises(assaykit.ConfigurationError) as caught, server.service(private_key=key) as api:
        api.candidates.list()

    error: BaseException | None = caught.value
    assert caught.value.argument == "private_key"
    assert error is not None
    assert (error.__cause__, error.__context__) == (None, None)
    shown = "".join(traceback.format_exception(error)) + repr(error) + caplog.text
    lines = [line for line in key.splitlines() if line and "-----" not in line]
    assert not [line for line in lines if line in shown]
    assert server.requests == server.token_requests == []


@pytest.mark.parametrize("name", ["encrypted", "encrypted in the old form"])
def test_key_that_is_encrypted_is_told_so(name: str) -> None:
    with pytest.raises(assaykit.ConfigurationError, match="private_key: is encrypted; decrypt it: openssl pkey"):
        service_account(private_key=other_keys()[name])


def test_file_that_holds_no_key_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    path.write_text(json.dumps({"private_key": "secret of the file"}))
    with pytest.raises(assaykit.ConfigurationError, match="holds no private key in PEM form") as caught:
        service_account(private_key=path)

    assert "secret of the file" not in str(caught.value)
    with pytest.raises(assaykit.ConfigurationError, match="IsADirectoryError"):
        service_account(private_key=tmp_path)


def test_key_is_not_in_any_representation(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server = Server()
    account = service_account()
    with server.service() as api:
        api.candidates.list()
        shown = [repr(account), str(account), repr(api), repr(vars(api)), repr(api.session), repr(api.client)]
    line = pem().splitlines()[1]
    assertion = server.bodies[0]["assertion"]

    assert not [text for text in [*shown, caplog.text] if line in text or assertion in text]
    assert repr(account).startswith("ServiceAccount(email='service@example.com', scopes=")


def test_refused_assertion_is_an_authentication_error_that_does_not_show_it() -> None:
    other = rsa.generate_private_key(65537, 2048).private_bytes(*PRIVATE).decode()
    server = Server()
    document = {"error": "invalid_grant", "error_description": "JWT failed verification"}
    server.answers["/oauth2/token"] = httpx.Response(400, json=document)
    with (
        server.service(private_key=other) as api,
        pytest.raises(assaykit.AuthenticationError, match="JWT failed verification") as caught,
    ):
        api.candidates.list()

    assert caught.value.code == "invalid_grant"
    assert caught.value.response is not None
    assert caught.value.response.request.content == b""
    assert len(server.token_requests) == 1


@pytest.mark.parametrize("missing", ["jwt", "cryptography"])
def test_without_its_libraries_the_error_says_how_to_install_them(missing: str, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(pem())
    program = f"""
import sys
sys.modules[{missing!r}] = None
import assaykit
from assaykit import talview
account = talview.ServiceAccount("service@example.com", {str(tmp_path / "key.pem")!r})
with talview.Talview("https://talview.example.com", service_account=account) as api:
    try:
        api.candidates.list()
    except assaykit.MissingExtra as error:
        print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert "pip install assaykit[service-account]" in done.stdout
