"""A ticket's way from the invitation to its scores, and what can be written into records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from assaykit.emulator import vendors
from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.rejection import Rejected
from assaykit.emulator.engine.transport import EmulatorTransport, base_url
from assaykit.emulator.engine.worlds import World
from tests.emulator.conftest import START


@pytest.fixture(scope="module")
def lax_emulator() -> Emulator:
    """Return one that does not compare its replies with the specification, as users have it."""
    return Emulator([vendors.load("talentics")])


@pytest.fixture
def lax_world(lax_emulator: Emulator) -> Iterator[World]:
    made = lax_emulator.make_world("lax", ManualClock(START))
    yield made
    made.close()


@pytest.fixture
def lax(lax_world: World) -> Iterator[httpx.Client]:
    auth = ("assaykit-demo-app", "assaykit-demo-secret")
    with httpx.Client(transport=EmulatorTransport(lax_world), base_url=base_url("talentics"), auth=auth) as client:
        yield client


def _act(world: World, action: str, **arguments: Any) -> dict[str, Any]:
    told: dict[str, Any] = world.act("talentics", action, arguments)
    return told


def _ticket(client: httpx.Client, exam: int, number: int) -> dict[str, Any]:
    listed = client.get(f"/v2/exams/{exam}/tickets?per_page=100").json()["data"]
    found: dict[str, Any] = next(ticket for ticket in listed if ticket["id"] == number)
    return found


def _results(client: httpx.Client, number: int) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = client.get(f"/v2/exams/tickets/{number}/scores").json()["data"]["results"]
    return results


def test_a_ticket_advances_from_its_invitation_to_its_scores(talentics: httpx.Client, talentics_world: World) -> None:
    world = talentics_world
    assert _ticket(talentics, 8, 12)["status"] == "sending invitation"
    _act(world, "invite", ticketId=12)
    invited = _ticket(talentics, 8, 12)
    assert (invited["status"], invited["started_at"]) == ("invited", None)
    assert invited["updated_at"] == "2026-01-05T09:00:00.000000Z"
    world.clock.advance(hours=1)
    _act(world, "start", ticketId=12)
    started = _ticket(talentics, 8, 12)
    assert (started["status"], started["started_at"], started["finished_at"]) == (
        "started",
        "2026-01-05 17:00:00",
        None,
    )
    assert _results(talentics, 12) == []
    world.clock.advance(minutes=40)
    told = _act(world, "finish", ticketId=12, score=70)
    finished = _ticket(talentics, 8, 12)
    assert (finished["status"], finished["started_at"]) == ("finished", "2026-01-05 17:00:00")
    assert finished["finished_at"] == "2026-01-05 17:40:00"
    assert told["results"] == _results(talentics, 12)
    assert _results(talentics, 12) == [
        {
            "assessment_name": "asm-1",
            "assessment_slug": "asm-1",
            "total_score": 70,
            "aspect_scores": [
                {"aspect_group": "Aspect", "aspect_name": "aspect-1", "aspect_slug": "aspect-1", "score": 70}
            ],
        }
    ]


@pytest.mark.parametrize(
    ("done", "wanted"),
    [
        (["invite"], "invite"),
        (["start"], "invite"),
        (["start"], "start"),
        (["finish"], "invite"),
        (["finish"], "start"),
        (["finish"], "finish"),
    ],
)
def test_nothing_happens_twice_or_backwards(talentics_world: World, done: list[str], wanted: str) -> None:
    for action in done:
        _act(talentics_world, action, ticketId=25)
    with pytest.raises(Rejected) as caught:
        _act(talentics_world, wanted, ticketId=25)
    assert caught.value.status == 409


def test_scores_are_drawn_from_the_seed_and_given_by_aspect(talentics: httpx.Client, talentics_world: World) -> None:
    added = _act(talentics_world, "add-ticket", examId=5, name="Ada Sample", email="ada@example.com")
    assert (added["status"], added["exam"]["id"]) == ("sending invitation", 5)
    _act(talentics_world, "finish", ticketId=added["id"], scores={"calculation": 10})
    aspects = _results(talentics, added["id"])[0]["aspect_scores"]
    assert aspects[0]["score"] == 10
    assert 0 <= aspects[1]["score"] <= 100
    mean = sum(aspect["score"] for aspect in aspects) / len(aspects)
    assert _results(talentics, added["id"])[0]["total_score"] == round(mean)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({}, 400),
        ({"ticketId": "12"}, 400),
        ({"ticketId": True}, 400),
        ({"ticketId": 10**30}, 404),
        ({"ticketId": 12, "score": 101}, 400),
        ({"ticketId": 12, "score": 1.5}, 400),
        ({"ticketId": 12, "scores": {"nothing": 1}}, 400),
    ],
)
def test_what_cannot_be_done_leaves_the_ticket_as_it_was(
    talentics: httpx.Client, talentics_world: World, arguments: dict[str, Any], status: int
) -> None:
    before = _ticket(talentics, 8, 12)
    with pytest.raises(Rejected) as caught:
        _act(talentics_world, "finish", **arguments)
    assert caught.value.status == status
    assert _ticket(talentics, 8, 12) == before


def test_a_reset_undoes_it(talentics: httpx.Client, talentics_world: World) -> None:
    before = _ticket(talentics, 8, 12)
    added = _act(talentics_world, "add-ticket", examId=8, name="Ada Sample", email="ada@example.com")
    _act(talentics_world, "finish", ticketId=12)
    talentics_world.reset()
    assert _ticket(talentics, 8, 12) == before
    assert talentics.get(f"/v2/exams/tickets/{added['id']}/scores").status_code == 404


@pytest.mark.parametrize(
    ("kind", "number", "field", "value", "path", "place"),
    [
        ("exams", 1, "started_at", "2021-06-7 00:00:00", "/v2/exams/1", ["started_at"]),
        ("exams", 1, "brand_new", {"a": [1]}, "/v2/exams/1", ["brand_new"]),
        ("tickets", 1, "created_at", "yesterday", "/v2/exams/1/tickets", [0, "created_at"]),
        ("tickets", 1, "exam", {"id": 10**30}, "/v2/exams/1/tickets", [0, "exam"]),
        ("scores", 1, ["results", 0, "total_score"], 7.5, "/v2/exams/tickets/1/scores", ["results", 0, "total_score"]),
        ("jobs", 1, "closed", 2, "/v2/jobs/1", ["closed"]),
        ("organizations", 107172, "tags", ["a"], "/v2/jobs/1", ["company", "tags"]),
        ("applicants", 1, "gender", 9, "/v2/jobs/applicants/1", ["gender"]),
        ("applicants", 1, "id", 10**30, "/v2/jobs/1/applicants", [0, "id"]),
        (
            "forms",
            30,
            ["employment_application_form", 0, "name"],
            "shoe_size",
            "/v2/jobs/applicants/30/employment-application-form",
            ["employment_application_form", 0, "name"],
        ),
    ],
)
def test_anything_can_be_written_into_a_record(
    lax: httpx.Client,
    lax_world: World,
    kind: str,
    number: int,
    field: Any,
    value: Any,
    path: str,
    place: list[Any],
) -> None:
    _act(lax_world, "set-field", kind=kind, id=number, field=field, value=value)
    found = lax.get(path).json()["data"]
    for step in place:
        found = found[step]
    assert found == value


def test_an_unknown_status_reaches_the_client_and_the_ticket_can_go_on(lax: httpx.Client, lax_world: World) -> None:
    _act(lax_world, "set-field", kind="tickets", id=12, field="status", value="paused")
    assert _ticket(lax, 8, 12)["status"] == "paused"
    assert _act(lax_world, "finish", ticketId=12)["status"] == "finished"


def test_a_field_can_be_removed(lax: httpx.Client, lax_world: World) -> None:
    _act(lax_world, "set-field", kind="exams", id=1, field="title")
    assert "title" not in lax.get("/v2/exams/1").json()["data"]
    assert lax.get("/v2/exams/1/tickets").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"kind": "nothing", "id": 1, "field": "a", "value": 1}, 400),
        ({"kind": "exams", "id": 10**9, "field": "a", "value": 1}, 404),
        ({"kind": "exams", "id": 1, "field": [], "value": 1}, 400),
        ({"kind": "exams", "id": 1, "field": ["a", "b"], "value": 1}, 400),
        ({"kind": "exams", "id": 1, "field": ["title", 0], "value": 1}, 400),
        ({"kind": "exams", "id": 1, "field": [True], "value": 1}, 400),
        ({"kind": "scores", "id": 1, "field": ["results", 9], "value": 1}, 400),
        ({"kind": "exams", "id": 1, "field": "missing"}, 400),
    ],
)
def test_a_place_that_is_not_there_is_refused(lax_world: World, arguments: dict[str, Any], status: int) -> None:
    with pytest.raises(Rejected) as caught:
        _act(lax_world, "set-field", **arguments)
    assert caught.value.status == status
