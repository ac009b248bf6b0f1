"""What the tests of Talview's actions share: worlds, signed-in clients, examples of the specification."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx

from assaykit.emulator import vendors
from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.transport import EmulatorTransport, base_url
from assaykit.emulator.engine.worlds import World
from assaykit.emulator.vendors.talview.credentials import CLIENT_ID, CLIENT_SECRET, PASSWORD, USER_NAME

START = "2026-01-05T09:00:00+00:00"
SALES, WORKFLOW = 892_846, 892_847
OBJECTIVE, INTERVIEW, LIVE, SIMULATION, ESSAY = 7_125_672, 6_983_414, 6_983_415, 842_438, 381_499
NEWCOMER = 6_828_106
UNTIL = "2030-04-18T13:06:04Z"


@contextmanager
def world_of(emulator: Emulator, clock: ManualClock) -> Iterator[World]:
    """Make a world and take it away again."""
    made = emulator.make_world("talview", clock)
    try:
        yield made
    finally:
        made.close()


def vendor_alone() -> Emulator:
    """Return an emulator of this vendor that compares every reply with the specification."""
    return Emulator([vendors.load("talview")], check_replies=True)


@contextmanager
def signed_in(world: World, username: str = USER_NAME, password: str = PASSWORD) -> Iterator[httpx.Client]:
    """Open a client in process with a user's token."""
    with httpx.Client(transport=EmulatorTransport(world), base_url=base_url("talview")) as client:
        form = {
            "grant_type": "password",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "username": username,
            "password": password,
        }
        client.headers["Authorization"] = f"Bearer {client.post('/oauth2/token', data=form).json()['access_token']}"
        yield client


def ok(answer: httpx.Response) -> Any:
    """Return the body of a success."""
    assert answer.is_success, f"{answer.request.url} {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


def everything(client: httpx.Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """Return all items of a list."""
    items: list[dict[str, Any]] = []
    page = 1
    while True:
        answer = client.get(path, params={**query, "page": page, "pageSize": 50})
        items += ok(answer)
        if page >= int(answer.headers["X-Pagination-Page-Count"]):
            return items
        page += 1


def run(world: World, client: httpx.Client, name: str, **body: Any) -> dict[str, Any]:
    """Ask for an action, let the clock pass until it has ended, and return it as it is then."""
    asked = ok(client.post(f"/actions/{name}", json=body))
    world.clock.advance(timedelta(seconds=3))
    shown: dict[str, Any] = world.act("talview", "show-action", {"actionId": asked["id"]})
    return shown


def examples() -> dict[str, list[Any]]:
    """Return the bodies that the specification shows, by the names of operations."""
    found: dict[str, list[Any]] = {}
    document = vendors.load("talview").contract.document
    schemas = document["components"].get("examples", {})
    for item in document["paths"].values():
        for operation in item.values():
            if "operationId" not in operation:
                continue
            media = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            for example in media.get("examples", {}).values():
                if "$ref" in example:
                    example = schemas[example["$ref"].rpartition("/")[2]]
                found.setdefault(operation["operationId"], []).append(example["value"])
    return found
