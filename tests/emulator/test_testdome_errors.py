"""Tokens of the emulated TestDome, and what is said to those whose requests it refuses."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from assaykit.emulator.engine.transport import EmulatorTransport
from assaykit.emulator.engine.worlds import World
from tests.emulator.testdome_calls import DEMO, TEST, codes, sign_in

OF_TEST = f"/v3/tests/{TEST}"


def test_tokens_expire_by_the_clock(testdome: httpx.Client, testdome_world: World) -> None:
    testdome_world.clock.advance(seconds=1799)
    assert testdome.get("/v3/tests").status_code == 200
    testdome_world.clock.advance(seconds=1)
    expired = testdome.get("/v3/tests")
    assert (expired.status_code, codes(expired)) == (401, ["unauthorized", "tokenExpired"])
    assert 'error="invalid_token"' in expired.headers["www-authenticate"]
    testdome.headers["Authorization"] = "Bearer wrong"
    assert codes(testdome.get("/v3/tests")) == ["unauthorized", "tokenInvalid"]
    del testdome.headers["Authorization"]
    missing = testdome.get("/v3/tests")
    assert (codes(missing), missing.headers["www-authenticate"]) == (["unauthorized", "tokenMissing"], "Bearer")


PASSWORD = {"grant_type": "password", "username": "ada.sample@example.com", "password": "assaykit-demo-password"}
CLIENT = {"grant_type": "client_credentials", **DEMO}


@pytest.mark.parametrize("path", ["/token", "/api/token"])
def test_both_grants(testdome: httpx.Client, path: str) -> None:
    by_password, by_client = testdome.post(path, data=PASSWORD), testdome.post(path, data=CLIENT)
    assert by_password.json().keys() == {"token_type", "access_token", "expires_in", "userName"}
    assert by_client.json() | {"access_token": ""} == {"token_type": "Bearer", "access_token": "", "expires_in": 1800}
    for answer in (by_password, by_client):
        testdome.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        assert testdome.get("/v3/accounts/current/plan").status_code == 200


@pytest.mark.parametrize(
    "base", ["https://www.testdome.com/api", "https://staging.testdome.com/api", "https://api.testdome.com"]
)
def test_both_layouts_under_the_names_of_the_real_servers(testdome_world: World, base: str) -> None:
    with httpx.Client(transport=EmulatorTransport(testdome_world), base_url=base) as client:
        sign_in(client)
        page = client.get("/v3/candidates", params={"$top": 1}).json()
        assert client.get(page["_links"]["next"]["href"]).json()["skip"] == 1
        shared = client.post(f"/v3/candidates/{page['value'][0]['id']}/sharing-url").json()["shareUrl"]
        assert client.get(shared).status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "error", "told"),
    [
        (CLIENT | {"client_secret": "x"}, 401, "invalid_client", "The client id or secret is wrong."),
        (CLIENT | {"client_id": "x"}, 401, "invalid_client", "The client id or secret is wrong."),
        (PASSWORD | {"password": "x"}, 400, "invalid_grant", "The user name or API password is wrong."),
        (PASSWORD | {"username": "x"}, 400, "invalid_grant", "The user name or API password is wrong."),
        (
            {"grant_type": "authorization_code", "username": "a"},
            400,
            "unsupported_grant_type",
            "body.grant_type must be client_credentials or password.",
        ),
        ({"grant_type": "password"}, 400, "invalid_request", "body.username is required; body.password is required."),
        (
            {"grant_type": "client_credentials", "client_id": ""},
            400,
            "invalid_request",
            "body.client_secret is required; body.client_id must have at least 1 character.",
        ),
        (DEMO, 400, "invalid_request", "body.grant_type is required."),
        (PASSWORD | {"username": ["a", "b"]}, 400, "invalid_request", "body.username was given 2 times; give it once."),
    ],
)
def test_wrong_credentials_are_told_as_oauth_demands(
    testdome: httpx.Client, form: dict[str, Any], status: int, error: str, told: str
) -> None:
    answer = testdome.post("/token", data=form)
    assert answer.status_code == status
    assert answer.json() == {"error": error, "error_description": told}
    assert answer.headers.get("www-authenticate") == ("Bearer" if status == 401 else None)


def test_other_errors_are_nested(testdome: httpx.Client, testdome_world: World) -> None:
    path = f"{OF_TEST}/candidates/invite-via-email"
    incomplete = testdome.post(path, json={"emails": []})
    assert (incomplete.status_code, codes(incomplete)) == (400, ["badRequest", "invalidProperty"])
    message = incomplete.json()["error"]["innerError"]["message"]
    assert "body.replyTo is required; " in message
    assert "body.emails must have at least 1 entry." in message
    broken = testdome.post(path, content=b"{", headers={"content-type": "application/json"})
    assert codes(broken) == ["badRequest", "malformedBody"]
    assert codes(testdome.post(path, data={"a": "b"})) == ["unsupportedMediaType"]
    assert codes(testdome.get("/v3/nothing")) == ["notFound"]
    assert codes(testdome.delete("/v3/candidates")) == ["methodNotAllowed"]
    testdome_world.faults.add(status=429, retry_after=5)
    assert codes(testdome.get("/v3/tests")) == ["tooManyRequests"]
    testdome_world.faults.add(status=403, code="neverHeardOf > planNotAuthorized > noInvitesLeft")
    assert codes(testdome.get("/v3/tests")) == ["neverHeardOf", "planNotAuthorized", "noInvitesLeft"]
