"""Talview's assessments, sections, panels and evaluations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.worlds import State, World
from assaykit.emulator.vendors.talview import statuses
from tests.emulator.talview_acting import everything, ok
from tests.emulator.talview_asking import OTHER, emulator, operations, request_of, signed_in

START = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
TAGS = (
    "assessments", "assessment_candidates", "assessment_candidate_files", "assessment_categories",
    "assessment_collaborators", "assessment_sections", "assessment_section_candidates", "sections", "section_combined",
    "section_parameters", "section_questions", "section_skills", "questions", "question_skills", "skills", "parameters",
    "panels", "panel_candidates", "pearson_assessments", "status_reasons", "evaluations", "evaluation_comments",
    "evaluation_ratings", "evaluation_invitations", "external_assessments", "answers", "answer_code_submissions",
)  # fmt: skip
OPERATIONS = operations(*TAGS)
BODIES: dict[str, dict[str, Any]] = {
    "assessment_candidates_update": {"assessment_id": 682126},
    "section_questions_create": {"question_id": 84073},
}
"""What takes the place of the examples where this world has other objects."""
ME = 30876


@pytest.fixture
def world() -> Iterator[World]:
    made = emulator().make_world("talview-assess", ManualClock(START))
    yield made
    made.close()


@pytest.fixture
def state(world: World) -> State:
    return world.states["talview"]


@pytest.fixture
def api(world: World) -> Iterator[httpx.Client]:
    with signed_in(world) as client:
        yield client


def test_this_file_asks_for_every_operation_of_its_tags() -> None:
    assert len(OPERATIONS) == 105


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_succeeds(api: httpx.Client, name: str) -> None:
    method, path, operation = OPERATIONS[name]
    listed = path.removesuffix("/{id}")
    given = {"id": ok(api.get(listed))[0]["id"]} if "{id}" in path else {}
    request = request_of(method, path, operation, given, BODIES.get(name))
    url, headers = str(request.url), request.headers
    answer = api.send(api.build_request(request.method, url, content=request.read(), headers=headers))
    assert answer.is_success, answer.text


def test_the_start_world_refers_to_nothing_that_is_missing(state: State) -> None:
    mine = set(TAGS)
    wrong = [one for one in resources_of(state).records.dangling(state) if one.partition(" ")[0] in mine]
    assert wrong == []


@pytest.mark.parametrize("tag", TAGS)
def test_another_organization_sees_nothing_of_this_one(world: World, api: httpx.Client, tag: str) -> None:
    path = OPERATIONS[f"{tag}_list"][1]
    mine = {item["id"] for item in everything(api, path)}
    with signed_in(world, OTHER) as stranger:
        theirs = {item["id"] for item in everything(stranger, path)}
    assert mine
    if tag != "pearson_assessments":
        assert not mine & theirs


def _same(item: dict[str, Any], field: str, value: Any) -> bool:
    return bool(item.get(field) == value)


@pytest.mark.parametrize("tag", TAGS)
def test_filters_that_are_fields_find_what_a_comparison_finds(api: httpx.Client, tag: str) -> None:
    _, path, operation = OPERATIONS[f"{tag}_list"]
    items = everything(api, path)
    names = [one["name"] for one in operation["parameters"] if one.get("in") == "query"]
    for name in names:
        values = {item[name] for item in items if isinstance(item.get(name), int | str | bool)}
        for value in sorted(values, key=str)[:4]:
            if value == "" or "_at" in name or "_date" in name:
                continue
            sent = str(value).lower() if isinstance(value, bool) else value
            found = {item["id"] for item in everything(api, path, **{name: sent})}
            expected = {item["id"] for item in items if _same(item, name, value)}
            assert found == expected, f"{name}={value}"


def _ids(api: httpx.Client, path: str, **query: Any) -> set[int]:
    return {item["id"] for item in everything(api, path, **query)}


def _key(item: dict[str, Any]) -> int:
    return statuses.sort_key(item["status_id"])


def test_filters_of_assessment_candidates_look_at_status_and_panel(api: httpx.Client) -> None:
    path = "/models/assessment-candidate"
    items = everything(api, path)
    assigned = everything(api, "/models/panel-candidate")
    for key in (10, 20, 30, 50, 60, 70, 80, 90, 100, 120):
        assert _ids(api, path, status_sort_key=key) == {item["id"] for item in items if _key(item) == key}
    for panel in {one["panel_id"] for one in assigned}:
        expected = {one["assessment_candidate_id"] for one in assigned if one["panel_id"] == panel}
        assert _ids(api, path, panel_id=panel) == expected
    expected = {item["id"] for item in items} - {one["assessment_candidate_id"] for one in assigned}
    assert _ids(api, path, isUnassigned=1) == expected
    assert _ids(api, path, isUnassigned=0) == {item["id"] for item in items}
    assert _ids(api, path, isPendingInvite=1) == _ids(api, path, status_sort_key=10)
    assert _ids(api, path, isPendingEval=1) == _ids(api, path, status_sort_key=50)
    recent = {item["id"] for item in items if (item["evaluated_at"] or "") >= "2026-01-08 09:00:00+00"}
    assert recent
    assert _ids(api, path, isRecentEval=1) == recent
    people = {one["id"]: one for one in everything(api, "/models/candidate")}
    ada = {item["id"] for item in items if "ADA" in str(people[item["candidate_id"]]).upper()}
    assert ada <= _ids(api, path, s="ADA") | ada
    assert _ids(api, path, s="ada.sample") == {item["id"] for item in items if item["candidate_id"] == 6507787}


def test_filters_that_only_links_name(api: httpx.Client) -> None:
    assigned = everything(api, "/models/panel-candidate")
    done = {one["id"] for one in assigned if one["isEvaluated"]}
    assert _ids(api, "/models/panel-candidate", evaluated="true") == done
    assert _ids(api, "/models/panel-candidate", evaluated="false") == {one["id"] for one in assigned} - done
    selected = _ids(api, "/models/panel-candidate", recommendation="select")
    assert 111148 in selected
    assert 494897 not in selected
    named = {one["assessment_section_candidate_id"] for one in assigned}
    everybody = _ids(api, "/models/assessment-section-candidate")
    assert _ids(api, "/models/assessment-section-candidate", unassigned=1) == everybody - named
    mine = {one["id"] for one in everything(api, "/models/evaluation") if one["evaluated_by"] == ME}
    assert _ids(api, "/models/evaluation", self=1) == mine
    mapped = everything(api, "/models/section-parameter")
    expected = {one["parameter_id"] for one in mapped if one["section_id"] == 1294348}
    assert _ids(api, "/models/parameter", section_id=1294348) == expected
    entries = [*everything(api, "/models/section-combined"), *everything(api, "/models/section-question")]
    expected = {one["question_id"] for one in entries if one["section_id"] == 2856943} - {None}
    assert _ids(api, "/models/question", section_id=2856943) == expected
    entries = [*everything(api, "/models/section-combined"), *everything(api, "/models/section-skill")]
    expected = {one["skill_id"] for one in entries if one["section_id"] == 2856943} - {None}
    assert _ids(api, "/models/skill", section_id=2856943) == expected == _ids(api, "/models/skills", section_id=2856943)
    tested = {one["skill_id"] for one in everything(api, "/models/question-skill") if one["question_id"] == 84073}
    assert _ids(api, "/models/skill", question_id=84073) == tested
    on_card = {one["assessment_id"] for one in everything(api, "/models/menu-card-assessment", menu_card_id=83)}
    assert _ids(api, "/models/assessment", menu_card_id=83) == on_card
    at_event = {one["assessment_id"] for one in everything(api, "/models/event-assessment", event_id=660)}
    assert _ids(api, "/models/assessment", event_id=660) == at_event
    kinds = {one["id"]: one["section_type_id"] for one in everything(api, "/models/section")}
    parts = everything(api, "/models/assessment-section")
    expected = {one["id"] for one in parts if kinds[one["section_id"]] in (5, 7)}
    assert _ids(api, "/models/assessment-section", **{"section_type_id[0]": 5, "section_type_id[1]": 7}) == expected
    held = {one["id"] for one in parts if one["assessment_id"] == 859988}
    members = {one["id"] for one in everything(api, "/models/panel") if one["assessment_section_id"] in held}
    assert _ids(api, "/models/panel", assessment_id=859988) == members


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"cf": '{"city":"Berlin"}'}, {859988}),
        ({"cf": '{"city":"Paris"}'}, set()),
        ({"cf": "nothing"}, set()),
        ({"start_date": "2030-01-13T09:00:00Z"}, set()),
        ({"title": "Data engineer", "status": 3}, {859988}),
    ],
)
def test_filters_of_assessments(api: httpx.Client, query: dict[str, Any], expected: set[int]) -> None:
    assert _ids(api, "/models/assessment", **query) == expected


def test_expansion_puts_in_the_candidate_and_its_status(api: httpx.Client) -> None:
    path = "/models/assessment-candidate/1936000"
    assert "candidate" not in ok(api.get(path))
    candidate = ok(api.get(path, params={"expand": "candidate"}))["candidate"]
    assert candidate["email"] == "ada.sample@example.com"
    assert "status" not in candidate
    [listed] = ok(api.get("/models/assessment-candidate", params={"id": 1936000, "expand": "candidate.status"}))
    assert listed["candidate"]["status"]["label"] == "New"


def test_single_answers_differ_from_lists_where_the_samples_do(api: httpx.Client) -> None:
    assert ok(api.get("/models/panel/22244"))["assignedCount"] is None
    assert ok(api.get("/models/panel", params={"id": 22244}))[0]["assignedCount"] == 1
    made = ok(api.post("/models/question", json={"type": "essay", "content": "<p>Why &amp; how?</p>"}))
    assert (made["content"], made["plainTxtContent"]) == ("<p>Why &amp; how?</p>", "Why & how?")
    read = ok(api.get(f"/models/question/{made['id']}"))
    assert read["content"] == {"text/html": "<p>Why &amp; how?</p>", "text/plain": "Why & how?"}
    assert _ids(api, "/models/question", content="Why & how?") == {made["id"]}


def test_external_assessments_count_who_was_invited(api: httpx.Client) -> None:
    shown = ok(api.get("/models/external-assessment/107"))
    assert (shown["completedCount"], shown["evaluatedCount"], shown["attendingCount"]) == (2, 1, 0)
    invited = ok(api.get("/models/evaluation-invitation/340"))
    assert invited["candidate"] == {"email": "ada.sample@example.com", "first_name": "Ada", "last_name": "Sample"}


def test_code_submissions_have_a_second_path(api: httpx.Client) -> None:
    link = ok(api.get("/models/answer/4441883"))["_links"]["answerCodeSubmissions"]["href"]
    assert {one["id"] for one in ok(api.get(link))} == {897, 898, 899}
