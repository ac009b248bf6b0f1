"""What happens around Talview's assessments: invitations, progress, evaluations, deletion."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.rejection import Rejected
from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.worlds import State, World
from assaykit.emulator.vendors.talview import assigning, evaluating, invitations, progress, sections, statuses
from assaykit.emulator.vendors.talview.counting import counts
from tests.emulator.talview_acting import everything, ok
from tests.emulator.talview_asking import emulator, signed_in

START = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
ME = 30876
NOW = "2026-01-15 09:00:00+00"


@pytest.fixture
def world() -> Iterator[World]:
    made = emulator().make_world("talview-assessing", ManualClock(START))
    yield made
    made.close()


@pytest.fixture
def state(world: World) -> State:
    return world.states["talview"]


@pytest.fixture
def api(world: World) -> Iterator[httpx.Client]:
    with signed_in(world) as client:
        yield client


def _key(item: dict[str, Any]) -> int:
    return statuses.sort_key(item["status_id"])


def test_an_assessment_shows_its_numbers_only_to_those_who_ask(api: httpx.Client, state: State) -> None:
    path = "/models/assessment/861338"
    assert "addedCount" not in ok(api.get(path))
    names = "addedCount,invitedCount,inProgressCount,attendedCount,assessedCount,selectedCount,holdCount,rejectedCount"
    shown = ok(api.get(path, params={"expand": names}))
    assert [shown[name] for name in names.split(",")] == [1, 2, 0, 1, 1, 0, 0, 0]
    people = everything(api, "/models/assessment-candidate", assessment_id=861338)
    assert shown["attendedCount"] == len([one for one in people if _key(one) == 50])
    changed = ok(api.put(path, json={"title": "Senior developer"}))
    assert {name: changed[name] for name in names.split(",")} == counts(state, 861338)


def test_a_new_assessment_is_a_draft_of_the_caller(api: httpx.Client) -> None:
    made = ok(api.post("/models/assessment", json={"title": "Baker", "description": "Bread", "status_id": None}))
    assert (made["status_id"], made["owned_by"], made["first_assessment_section_id"]) == (1, ME, None)
    same = ok(api.put(f"/models/assessment/{made['id']}", json={"title": "Baker", "status_id": None}))
    assert same["status_id"] == 1
    refused = api.put(f"/models/assessment/{made['id']}", json={"title": "Baker", "status_id": 5})
    assert (refused.status_code, refused.json()[0]["field"]) == (422, "status_id")


SECTION: dict[str, Any] = {
    "is_review": False, "isSkipAllowed": True, "isRetake": True, "isPlaylist": True, "section_id": 1,
    "assessment_id": 900010, "questionDisplayTime": 1, "intro": "Welcome", "conclusion": "Thanks",
    "evaluation_end_date": "2030-03-31T23:59:59Z",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        (4, ["max_section_time"]),
        (5, ["max_question_time"]),
        (6, ["max_section_time", "cut_off", "positive_mark", "negative_mark"]),
        (7, []),
    ],
)
def test_a_section_needs_the_settings_of_its_type(api: httpx.Client, kind: int, needed: list[str]) -> None:
    refused = api.post("/models/assessment-section", json={**SECTION, "section_type_id": kind})
    if needed:
        assert (refused.status_code, [one["field"] for one in refused.json()]) == (422, needed)
    given = dict.fromkeys(needed, 2)
    made = ok(api.post("/models/assessment-section", json={**SECTION, "section_type_id": kind, **given}))
    assert (made["is_retake"], made["isRetake"], made["is_proctor"]) == (True, True, False)
    if kind == 6:
        assert (made["positive_mark"], made["negative_mark"]) == ("2.00", "2.00")


def test_sections_have_an_order_and_the_assessment_knows_the_first(api: httpx.Client, state: State) -> None:
    def first() -> int | None:
        number: int | None = ok(api.get("/models/assessment/900010"))["first_assessment_section_id"]
        return number

    live = {**SECTION, "section_type_id": 7, "section_id": 2923542}
    one, two = (ok(api.post("/models/assessment-section", json=live))["id"] for _ in range(2))
    assert first() == one
    assert ok(api.get("/models/assessment/900010"))["hasLive"]
    last = resources_of(state).records.get(state, "assessment_sections", two)
    between = sections.add(state, 900010, 1, {}, user=ME, before=last)["id"]
    assert [part["id"] for part in sections.in_order(state, 900010)] == [one, between, two]
    ok(api.delete(f"/models/assessment-section/{one}"))
    assert first() == between
    ok(api.delete(f"/models/assessment-section/{between}"))
    ok(api.delete(f"/models/assessment-section/{two}"))
    assert first() is None


def _get(state: State, kind: str, number: int) -> dict[str, Any]:
    found = resources_of(state).records.get(state, kind, number)
    assert found is not None
    return found


def _invite(state: State, section: int = 6983416, **more: Any) -> dict[str, Any]:
    return invitations.invite(state, _get(state, "assessment_sections", section), 6507010, user=ME, **more)


def test_an_invitation_makes_both_candidates_once(api: httpx.Client, state: State) -> None:
    made = _invite(state, end_date="2030-01-01T00:00:00.000000Z")
    shown = ok(api.get(f"/models/assessment-section-candidate/{made['id']}"))
    assert shown["status"]["sort_key"] == 10
    assert (shown["end_date"], shown["assessment_id"]) == ("2030-01-01 00:00:00+00", 861338)
    assert shown["verification_code"].isdigit()
    with pytest.raises(invitations.AlreadyInvitedError):
        _invite(state)
    other = _invite(state, 6922566, mailed=True)
    assert other["assessment_candidate_id"] == made["assessment_candidate_id"]
    invited = ok(api.get(f"/models/assessment-candidate/{made['assessment_candidate_id']}"))
    assert (_key(invited), invited["invited_by"]) == (20, ME)


def test_the_assessment_candidate_follows_the_sections(api: httpx.Client, state: State) -> None:
    interview, typing = _invite(state, mailed=True), _invite(state, 6922566, mailed=True)

    def overall() -> int:
        return _key(ok(api.get(f"/models/assessment-candidate/{interview['assessment_candidate_id']}")))

    assert overall() == 20
    interview = progress.begin(state, interview)
    assert overall() == 30
    interview = progress.complete(state, interview)
    assert overall() == 30
    typing = progress.complete(state, typing)
    assert overall() == 50
    progress.assess(state, interview)
    assert overall() == 50
    typing = progress.assess(state, typing)
    assert overall() == 60
    progress.start_anew(state, typing, mailed=True)
    assert overall() == 30


def test_an_evaluation_assesses_the_candidate_and_tells_the_panel(api: httpx.Client, state: State) -> None:
    candidate = progress.complete(state, _invite(state))
    panel = assigning.member(state, 6983416, ME, user=ME)
    assert panel["id"] == 19394
    [assigned] = assigning.replace(state, [candidate], [panel], user=ME)

    def shown(path: str) -> dict[str, Any]:
        found: dict[str, Any] = ok(api.get(path))
        return found

    def numbers() -> list[int]:
        [listed] = ok(api.get("/models/panel", params={"id": 19394}))
        return [listed[f"{name}Count"] for name in ("assigned", "evaluated", "selected", "hold", "rejected")]

    before = numbers()
    assert not shown(f"/models/panel-candidate/{assigned['id']}")["isEvaluated"]
    told = {"assessment_candidate_id": candidate["assessment_candidate_id"], "assessment_section_id": 6983416}
    made = ok(api.post("/models/evaluation", json={**told, "recommendation": "hold"}))
    assert (made["panel_id"], made["assessment_section_candidate_id"]) == (19394, candidate["id"])
    assert (made["evaluated_by"], made["evaluated_at"]) == (ME, NOW)
    section = shown(f"/models/assessment-section-candidate/{candidate['id']}")
    assert (section["status"]["sort_key"], section["evaluated_at"]) == (60, NOW)
    assert shown(f"/models/panel-candidate/{assigned['id']}")["isEvaluated"]
    assert numbers() == [before[0], before[1] + 1, before[2], before[3] + 1, before[4]]
    ok(api.put(f"/models/evaluation/{made['id']}", json={"recommendation": "select"}))
    assert numbers() == [before[0], before[1] + 1, before[2] + 1, before[3], before[4]]
    assert made["_links"]["panelCandidate"]["href"] == f"/models/panel-candidate?id={assigned['id']}"
    ok(api.delete(f"/models/evaluation/{made['id']}"))
    assert numbers() == before
    assert not shown(f"/models/panel-candidate/{assigned['id']}")["isEvaluated"]


def test_an_evaluation_has_ratings_and_a_comment(api: httpx.Client, state: State) -> None:
    candidate = _get(state, "assessment_section_candidates", 396658)
    made = evaluating.evaluate(
        state, candidate, "select", user=ME, comment="Good.", ratings=[(116092, 4), (116091, 4.5)]
    )
    ratings = everything(api, "/models/evaluation-rating", evaluation_id=made["id"])
    assert {(one["name"], one["rating"]) for one in ratings} == {("Communication", "4.00"), ("Problem solving", "4.50")}
    [comment] = everything(api, "/models/evaluation-comment", evaluation_id=made["id"])
    assert comment["content"] == "Good."
    with pytest.raises(Rejected):
        evaluating.evaluate(state, candidate, "select", user=ME, ratings=[(116092, 6)])
    refused = api.put(f"/models/evaluation-rating/{ratings[0]['id']}", json={"rating": 5.5})
    assert (refused.status_code, refused.json()[0]["field"]) == (422, "rating")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/models/evaluation", {"assessment_candidate_id": 4, "assessment_section_id": 6915639,
                                "recommendation": "hold"}, "assessment_section_id"),
        ("/models/evaluation", {"assessment_candidate_id": 4, "assessment_section_id": 6574, "recommendation": "hold",
                                "assessment_section_candidate_id": 2091612}, "assessment_section_candidate_id"),
        ("/models/panel", {"assessment_section_id": 3, "user_id": ME}, "assessment_section_id"),
        ("/models/panel", {"assessment_section_id": 900001, "user_id": ME}, "assessment_section_id"),
        ("/models/section-skill", {"section_id": 1, "skill_id": 2, "q_count": 1, "q_order": 1}, "skill_id"),
        ("/models/evaluation-invitation", {"attend_url": "a", "external_assessment_id": 3}, "external_assessment_id"),
        ("/models/status-reason", {"key": "a", "status_id": 77}, "status_id"),
    ],
)  # fmt: skip
def test_what_refers_to_nothing_is_refused(api: httpx.Client, path: str, body: dict[str, Any], field: str) -> None:
    refused = api.post(path, json=body)
    assert (refused.status_code, [one["field"] for one in refused.json()]) == (422, [field])


def test_a_status_must_fit_what_it_is_given_to(api: httpx.Client) -> None:
    for path, number in (("assessment-candidate/1936000", 14), ("assessment-section-candidate/2091612", 5)):
        refused = api.put(f"/models/{path}", json={"status_id": number})
        assert (refused.status_code, refused.json()[0]["field"]) == (422, "status_id")


def test_the_result_of_an_evaluation_outside(api: httpx.Client) -> None:
    told = {"externalComplete": True, "status_id": 14, "score": 11, "completed_at": "2026-01-14T09:00:00Z"}
    shown = ok(api.put("/models/assessment-section-candidate/2091613", json=told))
    assert (shown["score"], shown["status"]["label"], shown["isComplete"]) == ("11.00", "Evaluated", True)


def _gone(api: httpx.Client, path: str) -> bool:
    return api.get(path).status_code == 404


def test_what_belongs_to_an_assessment_goes_with_it(api: httpx.Client, state: State) -> None:
    ok(api.delete("/models/assessment/859988"))
    for path in (
        "assessment/859988", "assessment-section/6915639", "assessment-candidate/1936000", "panel/22244",
        "assessment-section-candidate/2091612", "panel-candidate/494897", "evaluation/87214",
        "evaluation-comment/24793", "evaluation-rating/63569787", "evaluation-invitation/340",
    ):  # fmt: skip
        assert _gone(api, f"/models/{path}"), path
    for path in ("candidate/6507787", "section/3513028", "parameter/116092", "external-assessment/107"):
        assert not _gone(api, f"/models/{path}"), path


@pytest.mark.parametrize(
    ("path", "gone", "kept"),
    [
        ("assessment-candidate/4", ["assessment-section-candidate/12605", "answer/8"], ["candidate/6506985"]),
        ("assessment-section/6574", ["assessment-section-candidate/12605", "answer/8"], ["section/3328043"]),
        ("external-assessment/107", ["evaluation-invitation/340"], ["assessment-section-candidate/2091612"]),
        ("question/84073", ["question-skill/53500", "section-combined/15712"], ["skill/7459", "section/1"]),
        ("evaluation/87214", ["evaluation-comment/24793", "evaluation-rating/63569787"], ["parameter/116092"]),
        ("assessment-collaborator/1", ["assessment-collaborator/1"], ["assessment/21807"]),
    ],
)
def test_what_deletion_takes_along(api: httpx.Client, path: str, gone: list[str], kept: list[str]) -> None:
    for one in (*gone, *kept):
        assert not _gone(api, f"/models/{one}"), one
    ok(api.delete(f"/models/{path}"))
    assert [one for one in gone if not _gone(api, f"/models/{one}")] == []
    assert [one for one in kept if _gone(api, f"/models/{one}")] == []
