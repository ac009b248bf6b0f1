"""Talview's actions on candidates, panels and assessments: how they come and end, and what they change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.rejection import Rejected
from assaykit.emulator.engine.resources import records
from assaykit.emulator.engine.worlds import World
from assaykit.emulator.vendors.talview.credentials import EVALUATOR_NAME, EVALUATOR_PASSWORD, OTHER_NAME, OTHER_PASSWORD
from tests.emulator.talview_acting import (
    INTERVIEW,
    LIVE,
    NEWCOMER,
    OBJECTIVE,
    SALES,
    START,
    UNTIL,
    WORKFLOW,
    everything,
    examples,
    ok,
    run,
    signed_in,
    vendor_alone,
    world_of,
)

BODIES = [(name, body) for name, bodies in examples().items() if name.startswith("actions_") for body in bodies]
AT_ONCE = {
    "actions_create_assessment",
    "actions_section_workflow",
    "actions_evaluate",
    "actions_event_candidate_invite",
    "actions_event_panel_notify",
}
ADA = {"id": 2_201_713}
INVITATION = {"assessmentSectionID": OBJECTIVE, "endDate": UNTIL, "candidates": [{"id": NEWCOMER}]}


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


def log(client: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    return everything(client, "/models/notification-log", **query)


def of_candidate(client: httpx.Client, number: int = NEWCOMER) -> list[dict[str, Any]]:
    return everything(client, "/models/assessment-candidate", candidate_id=number, assessment_id=SALES)


def parts(client: httpx.Client, invited: int) -> list[dict[str, Any]]:
    return everything(client, "/models/assessment-section-candidate", assessment_candidate_id=invited)


def key_of(client: httpx.Client, number: int) -> int:
    found = [
        key
        for key in (10, 20, 30, 50, 60, 70, 80, 90, 100, 120)
        if everything(client, "/models/assessment-candidate", id=number, status_sort_key=key)
    ]
    assert len(found) == 1
    return found[0]


def show(world: World) -> dict[str, Any]:
    shown: dict[str, Any] = world.act("talview", "show-action", {})
    return shown


def test_all_actions_have_examples() -> None:
    assert len({name for name, _ in BODIES}) == 22


@pytest.mark.parametrize(("name", "body"), BODIES, ids=[f"{name}-{place}" for place, (name, _) in enumerate(BODIES)])
def test_every_example_is_accepted(world: World, client: httpx.Client, name: str, body: dict[str, Any]) -> None:
    if body.get("type") == "delete":
        [insert] = [other for _, other in BODIES if other.get("type") == "insert"]
        ok(client.post("/actions/section-workflow", json=insert))
    asked = ok(client.post(f"/actions/{name.removeprefix('actions_').replace('_', '-')}", json=body))
    assert asked["status"] == (3 if name in AT_ONCE else 1)
    world.clock.advance(seconds=2)
    assert show(world)["status"] == 3, show(world)["response"]


def test_an_action_is_requested_then_processed_then_completed(world: World, client: httpx.Client) -> None:
    asked = ok(client.post("/actions/invite", json=INVITATION))
    empty = ("total_count", "error_count", "success_count", "requested_at", "started_at", "completed_at", "response")
    assert [asked[name] for name in empty] == [None] * 7
    assert (asked["status"], asked["type"], asked["requested_by"], asked["assessmentID"]) == (1, 1, 30876, None)
    world.clock.advance(seconds=1)
    assert (show(world)["status"], show(world)["started_at"]) == (2, "2026-01-05 09:00:01+00")
    assert of_candidate(client) == []
    world.clock.advance(seconds=1)
    done = show(world)
    assert (done["status"], done["completed_at"]) == (3, "2026-01-05 09:00:02+00")
    assert (done["total_count"], done["error_count"], done["success_count"]) == (1, 0, 1)
    assert len(of_candidate(client)) == 1


@pytest.mark.parametrize(("notify", "key"), [(True, 20), (False, 10), (None, 10)])
def test_invite(world: World, client: httpx.Client, notify: bool | None, key: int) -> None:
    before = len(log(client))
    run(world, client, "invite", **INVITATION, **({} if notify is None else {"isNotify": notify}))
    [invited] = of_candidate(client)
    assert (invited["invited_by"], key_of(client, invited["id"])) == (30876, key)
    [part] = parts(client, invited["id"])
    assert (part["assessment_section_id"], part["end_date"]) == (OBJECTIVE, "2030-04-18 13:06:04+00")
    assert (part["status"]["sort_key"], len(part["verification_code"])) == (key, 9)
    assert len(log(client)) == before + (notify is True)
    again = run(world, client, "invite", **INVITATION, isNotify=True)
    assert (again["status"], again["error_count"], again["success_count"]) == (3, 1, 0)
    assert len(log(client)) == before + (notify is True)


def test_an_invitation_is_in_the_log(world: World, client: httpx.Client) -> None:
    run(world, client, "invite", **INVITATION, isNotify=True)
    newest = log(client, assessment_id=SALES)[0]
    assert (newest["status"], newest["notification_template_type_id"]) == ("sent", 210)
    assert newest["to_address"] == "ida.sales@example.com"
    assert "Ida Sales" in newest["content"]
    assert "{%" not in newest["content"] + newest["subject"]


def test_re_invite_starts_anew(world: World, client: httpx.Client) -> None:
    assert key_of(client, ADA["id"]) == 50
    body = {"assessmentCandidates": [ADA], "isNotify": True, "endDate": UNTIL, "assessment_section_id": INTERVIEW}
    done = run(world, client, "re-invite", **body)
    assert (done["success_count"], done["type"]) == (1, 13)
    [part] = parts(client, ADA["id"])
    assert (part["status"]["sort_key"], part["completed_at"], part["isComplete"]) == (20, None, False)
    assert part["end_date"] == "2030-04-18 13:06:04+00"
    assert key_of(client, ADA["id"]) == 20


def test_remind_those_of_a_section_who_are_not_through(world: World, client: httpx.Client) -> None:
    before = len(log(client))
    done = run(world, client, "remind-candidate", assessmentSections=[{"id": INTERVIEW}], isNotify=True)
    waiting = [
        part
        for part in everything(client, "/models/assessment-section-candidate", assessment_section_id=INTERVIEW)
        if part["status"]["sort_key"] in (20, 30)
    ]
    assert done["success_count"] == len(waiting) == len(log(client)) - before > 0


def test_who_is_reminded_is_mailed_from_then_on(world: World, client: httpx.Client) -> None:
    run(world, client, "invite", **INVITATION)
    [invited] = of_candidate(client)
    run(world, client, "remind-candidate", assessmentCandidates=[{"id": invited["id"]}], isNotify=False)
    assert key_of(client, invited["id"]) == 10
    run(world, client, "remind-candidate", assessmentCandidates=[{"id": invited["id"]}], isNotify=True)
    assert key_of(client, invited["id"]) == 20


def test_remind_takes_candidates_or_sections(client: httpx.Client) -> None:
    both = {"assessmentCandidates": [ADA], "assessmentSections": [{"id": INTERVIEW}], "isNotify": True}
    assert client.post("/actions/remind-candidate", json=both).status_code == 422
    assert client.post("/actions/remind-candidate", json={"isNotify": True}).status_code == 422


def test_extend_date(world: World, client: httpx.Client) -> None:
    run(world, client, "extend-date", assessmentCandidates=[ADA], endDate="2029-01-01T00:00:00+01:00", isNotify=True)
    assert {part["end_date"] for part in parts(client, ADA["id"])} == {"2028-12-31 23:00:00+00"}
    assert log(client)[0]["notification_template_type_id"] == 212


@pytest.mark.parametrize("key", [70, 80, 90, 100, 120])
def test_change_status(world: World, client: httpx.Client, key: int) -> None:
    before = len(log(client))
    done = run(world, client, "change-status", statusSortKey=key, assessmentCandidates=[ADA], isNotify=True)
    assert (done["type"], key_of(client, ADA["id"])) == (None, key)
    assert len(log(client)) - before == (key in (70, 90))
    assert [part["status"]["sort_key"] for part in parts(client, ADA["id"])] == [50]


def test_a_new_panel_takes_the_place_of_the_old_one(world: World, client: httpx.Client) -> None:
    body = {"assessmentSections": {"id": INTERVIEW}, "endDate": UNTIL, "assessmentCandidates": [ADA], "isNotify": True}
    done = run(world, client, "add-panel", panel=[{"id": 30_876}, {"id": 45_285}], **body)
    assert done["oldPanel"] == [{"id": 67_656}]
    members = {panel["id"]: panel for panel in everything(client, "/models/panel", assessment_section_id=INTERVIEW)}
    assigned = everything(client, "/models/panel-candidate", assessment_candidate_id=ADA["id"])
    assert sorted(members[one["panel_id"]]["user_id"] for one in assigned) == [30_876, 45_285]
    counts = {panel["user_id"]: panel["assignedCount"] for panel in members.values()}
    assert (counts[67_656], counts[30_876], counts[45_285]) == (1, 1, 1)
    [entry] = [one for one in everything(client, "/user/me/calendar") if "Evaluation" in (one["event"] or "")]
    assert entry["to"] == "2030-04-18 13:06:04+00"
    assert {entry["notification_template_type_id"] for entry in log(client)[:2]} == {220}


@pytest.mark.parametrize("at_once", [1, 500])
def test_whole_sections_are_worked_on_in_parts(
    world: World, client: httpx.Client, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(records, "_READ_AT_ONCE", at_once)
    run(world, client, "invite", **{**INVITATION, "assessmentSectionID": LIVE, "isNotify": True})
    run(world, client, "invite", **{**INVITATION, "assessmentSectionID": INTERVIEW, "isNotify": True})
    path = "/models/assessment-section-candidate"
    of_both = [part for place in (INTERVIEW, LIVE) for part in everything(client, path, assessment_section_id=place)]
    waiting = [part["assessment_candidate_id"] for part in of_both if part["status"]["sort_key"] in (20, 30)]
    before = len(log(client))
    done = run(world, client, "remind-candidate", assessmentSections=[{"id": LIVE}, {"id": INTERVIEW}], isNotify=True)
    assert done["success_count"] == len(set(waiting)) == len(log(client)) - before < len(waiting)
    panel = {"assessmentSections": {"id": INTERVIEW}, "endDate": UNTIL, "panel": [{"id": 45_285}]}
    done = run(world, client, "add-panel", **panel)
    invited = [part["assessment_candidate_id"] for part in of_both if part["assessment_section_id"] == INTERVIEW]
    [member] = [
        one for one in everything(client, "/models/panel", assessment_section_id=INTERVIEW) if one["user_id"] == 45_285
    ]
    assigned = everything(client, "/models/panel-candidate", panel_id=member["id"])
    assert done["success_count"] == len(invited) > 1
    assert sorted(one["assessment_candidate_id"] for one in assigned) == sorted(invited)


def test_only_panel_members_who_have_not_evaluated_are_reminded(world: World, client: httpx.Client) -> None:
    before = len(log(client))
    both = [ADA, {"id": 2_215_547}]
    run(world, client, "remind-panel", assessmentCandidates=both, isNotify=True)
    assert len(log(client)) == before + 2
    run(world, client, "remind-panel", assessmentCandidates=both, isNotify=True, panel=[{"id": 30_876}])
    assert len(log(client)) == before + 2
    panel = {"assessmentSections": {"id": INTERVIEW}, "endDate": UNTIL, "assessmentCandidates": [ADA]}
    run(world, client, "add-panel", panel=[{"id": 30_876}], **panel)
    ok(client.post("/actions/evaluate", json={"assessmentSectionCandidateID": 2_350_001, "recommendation": "hold"}))
    before = len(log(client))
    run(world, client, "remind-panel", assessmentCandidates=both, isNotify=True)
    assert len(log(client)) == before + 1


def test_evaluate(client: httpx.Client) -> None:
    body = {
        "assessmentSectionCandidateID": 2_364_848,
        "recommendation": "select",
        "evaluationComment": "Convincing",
        "rating": [{"parameter_id": 127_775, "rating": 3}, {"parameter_id": 127_765, "rating": 16.5}],
    }
    done = ok(client.post("/actions/evaluate", json=body))
    assert (done["status"], done["success_count"], done["external_id"]) == (3, 1, None)
    evaluation = ok(client.get(done["_links"]["evaluation"]["href"]))
    assert (evaluation["evaluated_by"], evaluation["recommendation"]) == (30_876, "select")
    rated = everything(client, "/models/evaluation-rating", evaluation_id=evaluation["id"])
    assert {one["parameter_id"]: float(one["rating"]) for one in rated} == {127_775: 3, 127_765: 16.5}
    assert len(everything(client, "/models/evaluation-comment", evaluation_id=evaluation["id"])) == 1
    part = ok(client.get("/models/assessment-section-candidate/2364848"))
    assert (part["status"]["sort_key"], part["evaluated_at"]) == (60, "2026-01-05 09:00:00+00")
    body["rating"] = [{"parameter_id": 127_775, "rating": 6}]
    assert client.post("/actions/evaluate", json=body).status_code == 422


def test_create_assessment(client: httpx.Client) -> None:
    sections = [
        {"title": "Last", "section_type_id": "5", "order": 2, "isRetake": True, "is_proctor": True},
        {
            "title": "First",
            "section_type_id": 6,
            "order": 1,
            "positive_mark": 2,
            "combined": [{"question_id": "84108"}],
        },
    ]
    done = ok(client.post("/actions/create-assessment", json={"title": "New", "sections": sections, "externalID": "x"}))
    assert (done["status"], done["sections"], done["assessmentStatus"]) == (3, sections, None)
    made = ok(client.get(done["_links"]["assessment"]["href"]))
    assert (made["title"], made["status_id"], made["external_id"], made["owned_by"]) == ("New", 1, "x", 30_876)
    used = everything(client, "/models/assessment-section", assessment_id=made["id"])
    last, first = sorted(used, key=lambda one: one["id"] == made["first_assessment_section_id"])
    assert (first["positive_mark"], last["is_retake"], last["is_proctor"]) == ("2.00", True, True)
    section = ok(client.get(f"/models/section/{first['section_id']}"))
    assert (section["title"], section["section_type_id"], section["questionsCount"]) == ("First", 6, 1)


def test_nothing_is_created_with_an_unknown_question(client: httpx.Client) -> None:
    before = len(everything(client, "/models/assessment"))
    section = {"title": "A", "section_type_id": 6, "combined": [{"question_id": 2_000_000_000}]}
    answer = client.post("/actions/create-assessment", json={"title": "New", "sections": [section]})
    assert answer.status_code == 422
    assert answer.json()[0]["field"] == "sections[0].combined[0].question_id"
    assert len(everything(client, "/models/assessment")) == before


def test_a_section_is_inserted_and_removed(client: httpx.Client) -> None:
    edge = {"parent": 7_194_900, "child": 7_194_899, "assessmentID": WORKFLOW}
    insert = {**edge, "type": "insert", "section": {"title": "Between", "section_type_id": 5}}
    done = ok(client.post("/actions/section-workflow", json=insert))
    assert (done["type"], done["completed_at"], done["assessmentSectionID"]) == ("insert", None, None)
    added = everything(client, "/models/assessment-section", assessment_id=WORKFLOW)
    assert len(added) == 3
    assert client.post("/actions/section-workflow", json=insert).json()[0]["field"] == "child"
    other = {**edge, "type": "delete", "assessmentSectionID": 7_194_899}
    assert client.post("/actions/section-workflow", json=other).json()[0]["field"] == "assessmentSectionID"
    ok(client.post("/actions/section-workflow", json={**edge, "type": "delete"}))
    assert len(everything(client, "/models/assessment-section", assessment_id=WORKFLOW)) == 2
    assert client.post("/actions/section-workflow", json={**edge, "type": "delete"}).status_code == 422


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("invite", {**INVITATION, "assessmentSectionID": 1}, "assessmentSectionID"),
        ("invite", {**INVITATION, "assessmentID": WORKFLOW}, "assessmentID"),
        ("invite", {**INVITATION, "candidates": [{"id": NEWCOMER}, {"id": 1}]}, "candidates[1].id"),
        ("change-status", {"statusSortKey": 60, "assessmentCandidates": [ADA], "isNotify": True}, "statusSortKey"),
        ("remind-panel", {"assessmentCandidates": [{"id": 1}], "isNotify": True}, "assessmentCandidates[0].id"),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_refused(client: httpx.Client, name: str, body: dict[str, Any], field: str) -> None:
    answer = client.post(f"/actions/{name}", json=body)
    assert (answer.status_code, answer.json()[0]["field"]) == (422, field)


def test_another_organization_sees_nothing(world: World) -> None:
    with signed_in(world, OTHER_NAME, OTHER_PASSWORD) as stranger:
        assert stranger.post("/actions/invite", json=INVITATION).status_code == 422


def test_evaluators_may_evaluate_only(world: World) -> None:
    with signed_in(world, EVALUATOR_NAME, EVALUATOR_PASSWORD) as evaluator:
        assert evaluator.post("/actions/invite", json=INVITATION).status_code == 403
        body = {"assessmentSectionCandidateID": 2_364_848, "recommendation": "reject"}
        ok(evaluator.post("/actions/evaluate", json=body))


def test_who_is_gone_by_then_counts_as_an_error(world: World, client: httpx.Client) -> None:
    both = {**INVITATION, "candidates": [{"id": NEWCOMER}, {"id": 6_828_107}]}
    ok(client.post("/actions/invite", json=both))
    assert client.delete("/models/candidate/6828107").is_success
    world.clock.advance(seconds=2)
    assert (show(world)["total_count"], show(world)["error_count"]) == (2, 1)


def test_decisions_can_be_taken_otherwise(world: World, client: httpx.Client) -> None:
    assert all(
        one["value"] == one["inferred"] and one["told"] for one in world.act("talview", "configure", {}).values()
    )
    told = world.act("talview", "configure", {"actionSeconds": 60, "actionStatus": 201, "failWithoutSuccess": True})
    assert (told["actionSeconds"]["value"], told["actionSeconds"]["inferred"]) == (60, 2)
    assert client.post("/actions/invite", json=INVITATION).status_code == 201
    world.clock.advance(seconds=59)
    assert show(world)["status"] == 2
    world.clock.advance(seconds=1)
    assert show(world)["status"] == 3
    client.post("/actions/invite", json=INVITATION)
    world.clock.advance(seconds=60)
    assert (show(world)["status"], show(world)["response"]) == (99, '"No task could be done"')


@pytest.mark.parametrize(
    "arguments", [{"nonsense": 1}, {"actionSeconds": -1}, {"actionStatus": True}, {"inviteAllSections": 1}]
)
def test_unfit_decisions_are_refused(world: World, arguments: dict[str, Any]) -> None:
    with pytest.raises(Rejected):
        world.act("talview", "configure", arguments)


def test_an_invitation_can_be_to_all_sections(world: World, client: httpx.Client) -> None:
    world.act("talview", "configure", {"inviteAllSections": True})
    run(world, client, "invite", **INVITATION, assessmentID=SALES)
    assert len(parts(client, of_candidate(client)[0]["id"])) == 5
