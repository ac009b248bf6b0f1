"""What the tests of the emulated TestDome share: signed-in clients, walks through lists, actions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from assaykit.emulator.engine.transport import EmulatorTransport, base_url
from assaykit.emulator.engine.worlds import World

DEMO = {"client_id": "assaykit-demo-client", "client_secret": "assaykit-demo-secret"}
OTHER = {"client_id": "assaykit-other-client", "client_secret": "assaykit-other-secret"}
TEST = 1_234_567
ADA, TOM = 7_654_321, 7_654_322
URL = 4321
DEADLINE = "2026-02-01T00:00:00Z"


@contextmanager
def signed_in(world: World, credentials: dict[str, str] | None = None) -> Iterator[httpx.Client]:
    """Open a client in process with a token."""
    with httpx.Client(transport=EmulatorTransport(world), base_url=base_url("testdome")) as client:
        sign_in(client, credentials)
        yield client


def sign_in(client: httpx.Client, credentials: dict[str, str] | None = None) -> None:
    """Give a client a new token."""
    form = {"grant_type": "client_credentials", **(credentials or DEMO)}
    client.headers["Authorization"] = f"Bearer {client.post('/token', data=form).json()['access_token']}"


def act(world: World, action: str, **arguments: Any) -> Any:
    """Make something happen outside of the API."""
    return world.act("testdome", action, arguments)


def balance(world: World, account: str = "demo") -> int:
    """Return how many invites are left."""
    left: int = act(world, "get-balance", account=account)["inviteBalance"]
    return left


def everything(client: httpx.Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """Return all items of a list, page by page until there are no more."""
    items: list[dict[str, Any]] = []
    while True:
        answer = client.get(path, params={"$skip": len(items), **query})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["value"]
        if not page["hasMoreItems"]:
            assert page["totalCount"] == len(items)
            return items


def invite(client: httpx.Client, *emails: str, test: int = TEST, deadline: str = DEADLINE) -> httpx.Response:
    """Invite people to a test."""
    body = {
        "emails": list(emails),
        "body": "Please take the test.",
        "replyTo": "hiring@example.com",
        "deadline": deadline,
        "proctoringEnabled": False,
    }
    return client.post(f"/v3/tests/{test}/candidates/invite-via-email", json=body)


def invited(client: httpx.Client, email: str, test: int = TEST) -> dict[str, Any]:
    """Invite somebody and return the candidate."""
    answer = invite(client, email, test=test)
    assert answer.json()["failedEmails"] == [], answer.text
    return candidate_with(client, email, test)


def candidate_with(client: httpx.Client, email: str, test: int = TEST) -> dict[str, Any]:
    """Return the candidate of a test with an address."""
    [found] = client.get(f"/v3/tests/{test}/candidates", params={"$filter[term]": email}).json()["value"]
    shown: dict[str, Any] = found
    return shown


def read(client: httpx.Client, candidate: int, *expand: str) -> dict[str, Any]:
    """Return a candidate."""
    shown: dict[str, Any] = client.get(f"/v3/candidates/{candidate}", params={"$expand": list(expand)}).json()
    return shown


def codes(answer: httpx.Response) -> list[str]:
    """Return the codes of an error, the outermost first."""
    found: list[str] = []
    error = answer.json()["error"]
    while error is not None:
        found.append(error["code"])
        error = error.get("innerError")
    return found
