"""Live sessions, simulations and events of the emulated Talview: the actions on them, and what these change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.worlds import World
from assaykit.emulator.vendors.talview.credentials import OTHER_NAME, OTHER_PASSWORD
from tests.emulator.talview_acting import (
    LIVE,
    START,
    everything,
    examples,
    ok,
    run,
    signed_in,
    vendor_alone,
    world_of,
)

TOM = 2_206_746
SESSION = {"startDate": "2030-04-09T14:00:00Z", "endDate": "2030-04-09T15:30:00Z", "assessmentCandidateID": TOM}
LATER = {"startDate": "2030-04-10T08:00:00Z", "endDate": "2030-04-10T08:45:00Z"}
PANEL = [{"id": 67_656}, {"id": 45_285}]
SIMULATION = 2_382_572
TAGS = (
    "events",
    "event_assessments",
    "event_candidates",
    "event_users",
    "live_sessions",
    "live_attendees",
    "live_attendee_flashes",
)
ROWS = {
    "events": ("event", 196),
    "event_assessments": ("event-assessment", 471),
    "event_candidates": ("event-candidate", 402),
    "event_users": ("event-user", 471),
    "live_sessions": ("live-session", 1_665),
    "live_attendees": ("live-attendee", 7_233),
    "live_attendee_flashes": ("live-attendee-flash", 7_233),
}


@pytest.fixture(scope="module")
def emulator() -> Emulator:
    return vendor_alone()


@pytest.fixture
def world(emulator: Emulator) -> Iterator[World]:
    with world_of(emulator, ManualClock(datetime.fromisoformat(START))) as made:
        yield made


@pytest.fixture
def client(world: World) -> Iterator[httpx.Client]:
    with signed_in(world) as opened:
        yield opened


def newest(client: httpx.Client) -> dict[str, Any]:
    return everything(client, "/models/live-session")[0]


def attendees(client: httpx.Client, session: int) -> dict[int, list[int]]:
    """Return the ids of those who attend a session, by their role."""
    found: dict[int, list[int]] = {}
    for one in everything(client, "/models/live-attendee", live_session_id=session):
        found.setdefault(one["role"], []).append(one["candidate_id"] or one["user_id"])
    return {role: sorted(people) for role, people in found.items()}


def calendar(client: httpx.Client, user: int, text: str) -> list[tuple[str, str]]:
    entries = everything(client, "/user/me/calendar", user_id=user)
    return [(one["from"], one["to"]) for one in entries if text in (one["event"] or "")]


def log(client: httpx.Client) -> list[dict[str, Any]]:
    return everything(client, "/models/notification-log")


def test_sessions_of_the_start_world_are_of_who_attends_them(client: httpx.Client) -> None:
    for session in everything(client, "/models/live-session"):
        [part] = client.get(session["_links"]["assessmentSectionCandidate"]["href"]).json()
        invited = client.get(f"/models/assessment-candidate/{part['assessment_candidate_id']}").json()
        assert attendees(client, session["id"])[1] == [invited["candidate_id"]]


def test_a_session_is_scheduled(world: World, client: httpx.Client) -> None:
    before, entries = len(log(client)), calendar(client, 67_656, "Live session")
    done = run(world, client, "live-schedule", **SESSION, panel=PANEL, isNotify=True)
    assert (done["status"], done["success_count"]) == (3, 1)
    session = newest(client)
    assert (session["status"], session["duration"], session["hosted_by"]) == (1, "01:30:00", 30_876)
    assert session["assessment_section_candidate_id"] == 2_364_849
    assert attendees(client, session["id"]) == {1: [6_833_192], 2: [45_285, 67_656], 3: [30_876]}
    assert len(log(client)) == before + 4
    added = [one for one in calendar(client, 67_656, "Live session") if one not in entries]
    assert added == [("2030-04-09 14:00:00+00", "2030-04-09 15:30:00+00")]
    flashes = everything(client, "/models/live-attendee-flash", live_session_id=session["id"])
    assert len({one["flashJoinUrl"] for one in flashes}) == 4


def test_who_schedules_and_leads_is_one_attendee(world: World, client: httpx.Client) -> None:
    run(world, client, "live-schedule", **SESSION, panel=[{"id": 30_876}])
    assert attendees(client, newest(client)["id"]) == {1: [6_833_192], 2: [30_876]}


def test_an_assessment_without_live_section_fails_at_once(world: World, client: httpx.Client) -> None:
    assert client.delete(f"/models/assessment-section/{LIVE}").is_success
    answer = ok(client.post("/actions/live-schedule", json={**SESSION, "panel": PANEL}))
    assert (answer["status"], answer["response"]) == (99, '"Invalid configuration"')
    assert [answer[name] for name in ("total_count", "error_count", "success_count")] == [0, 0, 0]
    assert answer["started_at"] == answer["requested_at"] == "2026-01-05 09:00:00+00"


def test_who_is_not_in_the_live_section_yet_is_invited(world: World, client: httpx.Client) -> None:
    body = {**SESSION, "assessmentCandidateID": 2_210_485}
    run(world, client, "live-schedule", **body, panel=PANEL)
    part = newest(client)["assessment_section_candidate_id"]
    assert ok(client.get(f"/models/assessment-section-candidate/{part}"))["assessment_section_id"] == LIVE
    world.act("talview", "configure", {"scheduleInvites": False})
    failed = run(world, client, "live-schedule", **{**body, "assessmentCandidateID": 2_215_547}, panel=PANEL)
    assert (failed["status"], failed["response"]) == (99, '"The candidate is not invited to the section"')


def test_a_session_is_moved_and_called_off(world: World, client: httpx.Client) -> None:
    run(world, client, "live-schedule", **SESSION, panel=PANEL)
    number = newest(client)["id"]
    run(world, client, "live-reschedule", liveSessionID=number, **LATER, timezone="Europe/Berlin", isNotify=True)
    moved = newest(client)
    assert (moved["starts_at"], moved["duration"], moved["timezone"]) == (
        "2030-04-10 08:00:00+00",
        "00:45:00",
        "Europe/Berlin",
    )
    assert ("2030-04-10 08:00:00+00", "2030-04-10 08:45:00+00") in calendar(client, 45_285, "Live session")
    before = len(log(client))
    run(world, client, "live-cancel", liveSessionID=number, is_notify=True)
    assert newest(client)["status"] == 10
    assert {one["status"] for one in everything(client, "/models/live-attendee", live_session_id=number)} == {10}
    assert calendar(client, 45_285, "Live session with Tom") == []
    assert len(log(client)) == before + 1
    again = run(world, client, "live-cancel", liveSessionID=number)
    assert (again["status"], again["response"]) == (99, '"The live session was called off"')


def test_a_session_gets_another_panel(world: World, client: httpx.Client) -> None:
    run(world, client, "live-schedule", **SESSION, panel=PANEL)
    number = newest(client)["id"]
    stays = [
        one["id"]
        for one in everything(client, "/models/live-attendee", live_session_id=number)
        if one["user_id"] == 45_285
    ]
    before = len(log(client))
    run(world, client, "live-change-panel", liveSessionID=number, panel=[{"id": 45_285}, {"id": 30_876}], isNotify=True)
    assert attendees(client, number) == {1: [6_833_192], 2: [30_876, 45_285]}
    assert stays[0] in [one["id"] for one in everything(client, "/models/live-attendee", live_session_id=number)]
    assert len(log(client)) == before + 1
    assert calendar(client, 67_656, "Live session with Tom") == []
    assert len(calendar(client, 30_876, "Live session with Tom")) == 1


@pytest.mark.parametrize(("body", "mails"), [
    ({"liveSessionID": 104_886}, 2),
    ({"liveSessionID": [{"id": 104_886}, {"id": 104_910}], "isNotify": True}, 4),
    ({"liveSessionID": 104_886, "liveAttendees": [{"id": 259_637}]}, 1),
    ({"liveSessionID": 104_886, "isNotify": False}, 0),
])  # fmt: skip
def test_reminders_of_sessions(world: World, client: httpx.Client, body: dict[str, Any], mails: int) -> None:
    before = len(log(client))
    done = run(world, client, "live-reminder", **body)
    assert (done["status"], len(log(client)) - before) == (3, mails)
    assert done["liveSessionID"] == body["liveSessionID"]


def test_ids_may_be_written_as_floating_point(world: World, client: httpx.Client) -> None:
    assert run(world, client, "live-reminder", liveSessionID=104_886.0)["success_count"] == 1


def test_what_ends_before_it_begins_is_in_no_calendar(world: World, client: httpx.Client) -> None:
    backwards = {"startDate": SESSION["endDate"], "endDate": SESSION["startDate"]}
    done = run(world, client, "live-schedule", **{**SESSION, **backwards}, panel=PANEL)
    assert (done["status"], newest(client)["duration"]) == (3, "00:00:00")
    assert calendar(client, 45_285, "Live session with Tom") == []


def test_a_simulation_is_scheduled_moved_and_called_off(world: World, client: httpx.Client) -> None:
    run(world, client, "simulation-cancel", assessmentSectionCandidateID=SIMULATION, isNotify=False)
    failed = run(
        world, client, "simulation-reschedule", assessmentSectionCandidateID=SIMULATION, isNotify=True, **LATER
    )
    assert (failed["status"], failed["response"]) == (99, '"The simulation was not scheduled"')
    dates = {"startDate": SESSION["startDate"], "endDate": SESSION["endDate"]}
    before = len(log(client))
    body = {"assessmentCandidateID": 2_219_008, "isNotify": True, "panel": PANEL}
    run(world, client, "simulation-schedule", **body, **dates)
    part = ok(client.get(f"/models/assessment-section-candidate/{SIMULATION}"))
    assert (part["hasBooked"], part["start_date"]) == (True, "2030-04-09 14:00:00+00")
    assert len(calendar(client, 67_656, "Simulation")) == 1
    assert len(log(client)) == before + 3
    run(world, client, "simulation-reschedule", assessmentSectionCandidateID=SIMULATION, isNotify=False, **LATER)
    part = ok(client.get(f"/models/assessment-section-candidate/{SIMULATION}"))
    assert (part["start_date"], part["end_date"]) == ("2030-04-10 08:00:00+00", "2030-04-10 08:45:00+00")
    assert calendar(client, 67_656, "Simulation") == [("2030-04-10 08:00:00+00", "2030-04-10 08:45:00+00")]
    run(world, client, "simulation-reminder", assessmentSectionCandidateID=SIMULATION, isNotify=True)
    assert len(log(client)) == before + 6
    run(world, client, "simulation-cancel", assessmentSectionCandidateID=SIMULATION, isNotify=True)
    part = ok(client.get(f"/models/assessment-section-candidate/{SIMULATION}"))
    assert (part["hasBooked"], part["start_date"]) == (False, None)
    assert calendar(client, 67_656, "Simulation") == []
    assert len(log(client)) == before + 9


def test_an_invitation_to_an_event_makes_the_candidate_once(world: World, client: httpx.Client) -> None:
    body = {
        "event_id": "660",
        "isNotify": True,
        "candidates": {"_content": {"email": "new@example.com", "first_name": "New"}},
    }
    before = len(log(client))
    done = ok(client.post("/actions/event-candidate-invite", json=body))
    assert (done["status"], done["event_id"], done["started_at"]) == (3, "660", None)
    [candidate] = everything(client, "/models/candidate", email="new@example.com")
    assert len(everything(client, "/models/event-candidate", event_id=660, candidate_id=candidate["id"])) == 1
    ok(client.post("/actions/event-candidate-invite", json={**body, "event_id": 660}))
    assert len(everything(client, "/models/event-candidate", event_id=660, candidate_id=candidate["id"])) == 1
    assert len(log(client)) == before + 1


@pytest.mark.parametrize(("reminders", "mails"), [
    ({"register_reminder": True}, 3),
    ({"attend_reminder": True}, 0),
    ({}, 0),
    ({"register_reminder": True, "eventCandidates": [{"id": "402"}]}, 1),
])  # fmt: skip
def test_candidates_of_an_event_are_reminded(
    world: World, client: httpx.Client, reminders: dict[str, Any], mails: int
) -> None:
    before = len(log(client))
    done = run(world, client, "event-candidate-notify", event_id=660, **reminders)
    assert (done["success_count"], len(log(client)) - before) == (mails, mails)
    assert done["external_id"] is None


def test_the_panel_of_an_event_is_reminded(client: httpx.Client) -> None:
    before = len(log(client))
    ok(client.post("/actions/event-panel-notify", json={"event_id": 660}))
    assert [entry["to_address"] for entry in log(client)[: len(log(client)) - before]] == [
        ok(client.get("/user/67656"))["email"]
    ]
    wrong = client.post("/actions/event-panel-notify", json={"event_id": 660, "eventUsers": [{"id": 1_137}]})
    assert (wrong.status_code, wrong.json()[0]["field"]) == (422, "eventUsers[0].id")


def operations(client: httpx.Client) -> list[str]:
    """Call every operation of these resources once, with the examples of the specification; deletions come last."""
    bodies, called = examples(), []
    verbs = (("list", "GET"), ("get", "GET"), ("create", "POST"), ("update", "PUT"), ("delete", "DELETE"))
    for verb, method in verbs:
        # An event is deleted after what belongs to it.
        for tag in reversed(TAGS):
            path, number = ROWS[tag]
            name, needs_body = f"{tag}_{verb}", verb in ("create", "update")
            if (needs_body and name not in bodies) or (verb == "delete" and tag.startswith("live_")):
                continue
            address = f"/models/{path}" if verb in ("list", "create") else f"/models/{path}/{number}"
            ok(client.request(method, address, json=bodies[name][0] if needs_body else None))
            called.append(name)
    return called


def test_every_operation_of_events_and_sessions_succeeds(world: World, client: httpx.Client) -> None:
    known = world.states["talview"].vendor.contract.document["paths"].values()
    documented = {
        operation["operationId"]
        for item in known
        for operation in item.values()
        if "operationId" in operation and operation["tags"][0] in TAGS
    }
    assert set(operations(client)) == documented


def test_what_belongs_to_an_event_goes_with_it(client: httpx.Client) -> None:
    ok(client.delete("/models/event/660"))
    for path in ("event-user", "event-candidate", "event-assessment"):
        assert everything(client, f"/models/{path}", event_id=660) == []
    assert client.get("/models/event/660").status_code == 404
    ok(client.get("/models/candidate/6833191"))


def test_events_are_made_by_the_caller_with_a_code(client: httpx.Client) -> None:
    made = ok(client.post("/models/event", json={"title": "A"}))
    assert (made["status"], made["owned_by"], made["location"]) == (1, 30_876, [])
    assert made["publicUrl"].endswith(made["code"])
    assert ok(client.get("/models/event", params={"s": made["code"][2:]}))[0]["id"] == made["id"]


FILTERS = [
    ("event", "title"), ("event", "external_id"), ("event", "owned_by"), ("event", "city"),
    ("event-candidate", "candidate_id"), ("event-candidate", "event_id"), ("event-user", "event_id"),
    ("event-user", "role"), ("event-assessment", "event_id"), ("live-session", "name"), ("live-session", "is_record"),
    ("live-session", "ends_at"), ("live-session", "hosted_by"), ("live-session", "assessment_section_candidate_id"),
    ("live-attendee", "live_session_id"), ("live-attendee", "email"), ("live-attendee", "role"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "field"), FILTERS)
def test_filters_find_what_a_search_by_hand_finds(client: httpx.Client, path: str, field: str) -> None:
    rows = everything(client, f"/models/{path}")
    values = {row[field] for row in rows if row[field] is not None}
    assert values
    for value in values:
        sent = (
            f"{value[:10]}T{value[11:19]}Z" if field == "ends_at" else str(value).lower() if value is False else value
        )
        found = everything(client, f"/models/{path}", **{field: sent})
        assert [row["id"] for row in found] == [row["id"] for row in rows if row[field] == value]


def test_filters_through_other_objects(client: httpx.Client) -> None:
    assert {row["id"] for row in everything(client, "/models/event", assessment_id=892_846)} == {196, 633, 660}
    assert [row["id"] for row in everything(client, "/models/event-candidate", s="tom.SALES")] == [403]
    assert {row["id"] for row in everything(client, "/models/event-candidate", assessment_id=892_846)} == {
        403,
        404,
        405,
        407,
    }
    assert {row["id"] for row in everything(client, "/models/event-candidate", status_sort_key=50)} == {405}
    flashes = everything(client, "/models/live-attendee-flash", email="tom.sales@example.com", live_session_id=1_665)
    assert [row["id"] for row in flashes] == [7_233]


def test_another_organization_has_its_own(world: World) -> None:
    with signed_in(world, OTHER_NAME, OTHER_PASSWORD) as stranger:
        assert [row["id"] for row in everything(stranger, "/models/event")] == [700]
        assert everything(stranger, "/models/live-session") == []
        assert stranger.get("/models/event/196").status_code == 404
        assert stranger.put("/models/live-attendee/7233", json={"status": 2}).status_code == 404


def test_counts_of_an_event_are_expanded(client: httpx.Client) -> None:
    link = ok(client.get("/models/event/196"))["_links"]["eventAssessmentsCount"]["href"]
    [row] = ok(client.get(link))
    assert (row["inProgressCount"], row["declinedCount"]) == (1, 0)
    assert row["assessmentExpanded"]["id"] == row["assessment_id"] == 892_846


def test_an_attendee_moves_to_another_session(client: httpx.Client) -> None:
    changed = ok(
        client.put("/models/live-attendee-flash/7233", json={"email": "a@example.com", "live_session_id": 104_886})
    )
    assert changed["id"] == 7_233
    attendee = ok(client.get("/models/live-attendee/7233"))
    assert (attendee["email"], attendee["live_session_id"]) == ("a@example.com", 104_886)
    assert client.put("/models/live-attendee/7233", json={"live_session_id": 1}).status_code == 422
