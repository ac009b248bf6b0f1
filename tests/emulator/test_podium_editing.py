"""Writing into what Podium shows."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from assaykit.emulator import vendors
from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.rejection import Rejected
from assaykit.emulator.engine.worlds import World
from tests.emulator.conftest import START, signed_in
from tests.emulator.podium_calls import CLIENT, PAT, REPORT, credit, results, status

OPEN = "a33384de-3ae5-43f3-a3bb-84832556e62b"


@pytest.fixture
def world() -> Any:
    """A world whose replies are not compared with the specification, since they are to differ from it."""
    made = Emulator([vendors.load("podium")]).make_world("lax", ManualClock(START))
    yield made
    made.close()


@pytest.fixture
def client(world: World) -> Any:
    with signed_in(world) as client:
        yield client


def edit(world: World, kind: str, number: str, *field: str | int, **value: Any) -> Any:
    return world.act("podium", "set-field", {"kind": kind, "id": number, "field": list(field), **value})


def test_an_edit_shows_wherever_the_document_does(world: World, client: httpx.Client) -> None:
    edit(world, "participants", PAT, "badges", value=[1])
    by_partner = client.get(f"{CLIENT}/participants/external/partner-id-1234/status").json()
    own = client.get(f"{CLIENT}/participants/{PAT}/status").json()
    scored = results(client, PAT, "testId=test1&normId=norm1").json()
    assert (by_partner[0]["badges"], own["badges"], scored["badges"]) == ([1], [1], [1])


def test_an_edit_outlives_what_happens_to_the_document(world: World, client: httpx.Client) -> None:
    edit(world, "invitations", OPEN, "expiryDate", value="never")
    edit(world, "results", OPEN, "completionDate", value="today")
    world.act("podium", "complete", {"participantId": PAT, "invitationId": OPEN, "rawScore": 3})
    [test] = [test for test in status(client, PAT) if test["invitationId"] == OPEN]
    assert (test["expiryDate"], test["completionDate"] is None) == ("never", False)
    [first, second] = results(client, PAT, "testId=test1&normId=norm1&normId=norm2").json()["results"]
    assert first["completionDate"] == second["completionDate"] == "today"
    assert first["scores"][0]["rawScore"] == 3


def test_a_field_is_removed_and_a_reset_brings_it_back(world: World, client: httpx.Client) -> None:
    shown = edit(world, "reports", REPORT, "error")
    assert set(shown) == {"completionDate", "suspended"}
    assert set(client.get(f"{CLIENT}/reports/{REPORT}/status").json()) == set(shown)
    edit(world, "clients", "client-1", "creditTotal", value=-1)
    assert credit(client) == -1
    world.reset()
    assert (credit(client), "error" in client.get(f"{CLIENT}/reports/{REPORT}/status").json()) == (100, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"kind": "candidates"}, "kind must be one of clients, invitations, participants, reports, results, webhooks"),
        ({"kind": 1}, "kind must be text"),
        ({"id": 7}, "id must be text"),
        ({"id": "nobody"}, "no participant with this id"),
        ({"field": []}, "field must be a name, or a list"),
        ({"field": [None]}, "field must be a name, or a list"),
        ({"field": ["tests", 99, "testId"], "value": 1}, "leads to no place"),
        ({"field": "nothing"}, "leads to no place"),
    ],
)
def test_what_cannot_be_written_is_told(world: World, arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(Rejected, match=told):
        world.act("podium", "set-field", {"kind": "participants", "id": PAT, "field": "badges"} | arguments)
