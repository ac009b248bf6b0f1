"""Podium: scores, credits, webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from assaykit.emulator.engine.jsontext import loads
from assaykit.emulator.engine.rejection import Rejected
from assaykit.emulator.engine.worlds import World
from tests.emulator.conftest import signed_in
from tests.emulator.podium_calls import CLIENT, KIM, PAT, add, assign, credit, error, results


def _complete(world: World, participant: str, test: str, **more: object) -> dict[str, Any]:
    done: dict[str, Any] = world.act("podium", "complete", {"participantId": participant, "testId": test, **more})
    return done


def test_scoring_costs_one_credit_per_participant_test_and_norm_once(podium: httpx.Client) -> None:
    assert results(podium, PAT, "testId=test1&normId=norm1").status_code == 200
    assert credit(podium) == 99
    results(podium, PAT, "testId=test1&normId=norm1&roleProfileId=roleProfile1")
    assert credit(podium) == 99
    results(podium, PAT, "testId=test1&testId=test2&normId=norm1&normId=norm2&normId=norm2")
    assert credit(podium) == 98
    podium.get(f"{CLIENT}/participants/results?testId=test1&normId=norm1")
    assert credit(podium) == 97
    results(podium, KIM, "testId=test1&normId=norm1")
    assert credit(podium) == 97


def test_without_credits_nothing_is_scored_and_nothing_charged(podium: httpx.Client, podium_world: World) -> None:
    podium_world.act("podium", "credits", {"clientId": "client-1", "creditTotal": 1})
    answer = results(podium, PAT, "testId=test1&normId=norm1&normId=norm2")
    assert error(answer) == (402, "insufficient_credits")
    assert answer.json()["error"]["message"] == "Scoring needs 2 credits and the client has 1."
    assert credit(podium) == 1
    assert results(podium, PAT, "testId=test1&normId=norm1").status_code == 200
    assert results(podium, PAT, "testId=test1&normId=norm1").status_code == 200
    assert error(podium.get(f"{CLIENT}/participants/results?testId=test1&normId=norm1")) == (
        402,
        "insufficient_credits",
    )
    assert credit(podium) == 0


def test_a_test_that_is_not_completed_has_no_scores_and_costs_nothing(podium: httpx.Client) -> None:
    participant = add(podium)
    assign(podium, participant, "test1")
    found = results(podium, participant, "testId=test1&testId=test2&normId=norm1").json()["results"]
    assert found == [
        {"testId": "test1", "completionDate": None, "scores": []},
        {"testId": "test2", "completionDate": None, "scores": []},
    ]
    assert credit(podium) == 100


def test_each_norm_and_role_profile_adds_what_it_should(podium: httpx.Client, podium_world: World) -> None:
    participant = add(podium)
    assign(podium, participant, "test2")
    _complete(podium_world, participant, "test2", rawScores={"Scale1": 12, "Scale2": 20.5})
    query = "testId=test2&normId=norm2&normId=norm1&roleProfileId=roleProfile2&roleProfileId=roleProfile1"
    found = results(podium, participant, query).json()["results"]
    assert [result["testId"] for result in found] == ["test2", "test2"]
    assert [score["scaleId"] for score in found[1]["scores"]] == ["Scale1", "Scale2", "roleProfile2", "roleProfile1"]
    assert found[1]["scores"][:2] == [
        {"scaleId": "Scale1", "percentileScore": 50, "rawScore": 12, "standardisedScore": 6},
        {"scaleId": "Scale2", "percentileScore": 86, "rawScore": 20.5, "standardisedScore": 8},
    ]
    assert found[0]["scores"][0]["percentileScore"] < 50
    assert found[1]["scores"][2]["rawScore"] == 16.25


def test_percentiles_rise_with_raw_scores(podium: httpx.Client, podium_world: World) -> None:
    percentiles = []
    for raw in range(21):
        participant = add(podium)
        assign(podium, participant, "test1")
        _complete(podium_world, participant, "test1", rawScore=raw)
        found = results(podium, participant, "testId=test1&normId=norm1").json()
        percentiles.append(found["results"][0]["scores"][0]["percentileScore"])
    assert percentiles == sorted(percentiles)
    assert (percentiles[0], percentiles[-1]) == (1, 99)


def test_the_latest_completion_counts(podium: httpx.Client, podium_world: World) -> None:
    participant = add(podium)
    assign(podium, participant, "test1", "test1")
    for raw in (3, 15):
        podium_world.clock.advance(minutes=1)
        _complete(podium_world, participant, "test1", rawScore=raw)
    found = results(podium, participant, "testId=test1&normId=norm1").json()["results"]
    assert [result["scores"][0]["rawScore"] for result in found] == [15]
    assert credit(podium) == 99


def test_scores_that_are_not_given_are_drawn_alike(podium_world: World) -> None:
    drawn = []
    for _ in range(2):
        podium_world.reset()
        with signed_in(podium_world) as client:
            participant = add(client)
            assign(client, participant, "test2")
            drawn.append(_complete(podium_world, participant, "test2")["rawScores"])
    assert drawn[0] == drawn[1]
    assert set(drawn[0]) == {"Scale1", "Scale2"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("normId=norm1", "query.testId"),
        ("testId=test1", "query.normId"),
        ("testId=&normId=norm1", "query.testId[0]"),
        ("", "query.testId"),
    ],
)
def test_results_need_a_test_and_a_norm(podium: httpx.Client, query: str, field: str) -> None:
    answer = results(podium, PAT, query)
    assert error(answer) == (400, "invalid_request")
    assert answer.json()["error"]["fields"][0]["field"] == field


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("testId=test1&testId=other&normId=norm1", "query.testId[1]"),
        ("testId=test1&normId=other", "query.normId[0]"),
        ("testId=test1&normId=norm1&roleProfileId=other", "query.roleProfileId[0]"),
    ],
)
def test_unknown_tests_norms_and_profiles_are_404(podium: httpx.Client, query: str, field: str) -> None:
    for answer in (results(podium, PAT, query), podium.get(f"{CLIENT}/participants/results?{query}")):
        assert error(answer) == (404, "not_found")
        assert answer.json()["error"]["fields"] == [{"field": field, "message": "is not known"}]
    assert credit(podium) == 100


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ("startDate=2024-10-30", [KIM]),
        ("startDate=2024-10-31", []),
        ("endDate=2018-10-30", [PAT]),
        ("endDate=2018-10-29", []),
        ("startDate=2018-10-30&endDate=2024-10-30", [PAT, KIM]),
        ("startDate=2024-10-30&endDate=2018-10-30", []),
        ("", [PAT, KIM]),
        ("startDate=0000-01-01&endDate=9999-12-31", [PAT, KIM]),
    ],
)
def test_results_by_an_inclusive_range_of_days(podium: httpx.Client, days: str, found: list[str]) -> None:
    answer = podium.get(f"{CLIENT}/participants/results?testId=test1&testId=test2&normId=norm1&{days}").json()
    assert [participant["participantId"] for participant in answer] == found
    assert all(result["completionDate"] for participant in answer for result in participant["results"])
    assert credit(podium) == 100 - len(found)


class Heard:
    """Collects webhooks."""

    def __init__(self) -> None:
        self.events: list[Any] = []

    def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
        self.events.append(loads(body))
        return 200


def test_completion_is_told(podium: httpx.Client, podium_world: World) -> None:
    heard = Heard()
    podium_world.outbox.subscribe("podium", ["testCompleted"], heard, {})
    participant = add(podium)
    invitation = assign(podium, participant, "test1")[0]
    _complete(podium_world, participant, "test1")
    assert heard.events == [
        {
            "event": "testCompleted",
            "timeStamp": "2026-01-05T09:00:00.0000000Z",
            "participantId": participant,
            "integrationPartnerParticipantId": "partner-7",
            "invitationId": invitation,
            "testId": "test1",
        }
    ]
    assert credit(podium) == 100


def test_scored_completion_is_told_and_charged_once(podium: httpx.Client, podium_world: World) -> None:
    heard = Heard()
    podium_world.outbox.subscribe("podium", ["testCompletedWithResultScoring"], heard, {"normId": "norm2"})
    participant = add(podium, integrationPartnerParticipantMetadata={"a": 1})
    assign(podium, participant, "PERSPECTIVES90")
    _complete(podium_world, participant, "PERSPECTIVES90", rawScore=23)
    assert credit(podium) == 99
    results(podium, participant, "testId=PERSPECTIVES90&normId=norm2")
    assert credit(podium) == 99
    results(podium, participant, "testId=PERSPECTIVES90&normId=norm1")
    assert credit(podium) == 98
    event = heard.events[0]
    assert event["event"] == "testCompletedAndScored"
    assert event["results"]["integrationPartnerParticipantMetadata"] == {"a": 1}
    assert (event["results"]["clientId"], event["results"]["integrationPartnerId"]) == ("client-1", "partner-12345")
    score = event["results"]["results"][0]["scores"][0]
    assert isinstance(score["rawScore"], float)
    assert isinstance(score["standardisedScore"], float)


def test_the_sample_webhook_is_scored_as_on_the_page(podium_world: World) -> None:
    heard = Heard()
    podium_world.outbox.subscribe("podium", ["testCompletedWithResultScoring"], heard, {})
    _complete(podium_world, "1-1-c57ffc13-7f62-4eb7-b7c8-8d38ad11acc2", "PERSPECTIVES90", rawScore=23)
    event = heard.events[0]
    assert event["invitationId"] == "327677cb-a539-4a2f-af1f-d72e603e9072"
    assert event["results"]["clientId"] == "d10ffc13-7f62-fef7-b7c8-8d38ad11acc2"
    assert event["results"]["results"][0]["scores"] == [
        {"scaleId": "SOC", "percentileScore": 41, "rawScore": 23.0, "standardisedScore": 5.0}
    ]


def test_payloads_fit_the_specification(podium: httpx.Client, podium_world: World) -> None:
    heard = Heard()
    state = podium_world.states["podium"]
    podium_world.outbox.subscribe("podium", [event.name for event in state.vendor.events], heard, {})
    participant = add(podium)
    assign(podium, participant, "test2")
    _complete(podium_world, participant, "test2")
    assert len(heard.events) == 2
    for event, schema in zip(heard.events, ("TestCompleted", "TestCompletedAndScored"), strict=True):
        validator = state.vendor.contract.schemas.validator(f"#/components/schemas/{schema}")
        assert validator.is_valid(event)


def test_without_credits_no_scored_webhook_is_sent(podium: httpx.Client, podium_world: World) -> None:
    heard = Heard()
    podium_world.outbox.subscribe("podium", ["testCompleted", "testCompletedWithResultScoring"], heard, {})
    podium_world.act("podium", "credits", {"clientId": "client-1", "creditTotal": 0})
    participant = add(podium)
    assign(podium, participant, "test1")
    _complete(podium_world, participant, "test1")
    assert [event["event"] for event in heard.events] == ["testCompleted"]


def test_failed_webhooks_are_tried_after_one_five_and_thirty_minutes(podium: httpx.Client, podium_world: World) -> None:
    podium_world.outbox.subscribe("podium", ["testCompleted"], lambda headers, body: 500, {})
    participant = add(podium)
    assign(podium, participant, "test1")
    _complete(podium_world, participant, "test1")
    for _ in range(40):
        podium_world.clock.advance(minutes=1)
    delivery = podium_world.outbox.deliveries()[0]
    assert [attempt["at"][11:16] for attempt in delivery["attempts"]] == ["09:00", "09:01", "09:06", "09:36"]
    assert delivery["state"] == "failed"


@pytest.mark.parametrize(
    "arguments",
    [{}, {"clientId": "x"}, {"clientId": "client-1", "creditTotal": -1}, {"clientId": "client-1", "creditTotal": True}],
)
def test_unfit_credit_changes_are_refused(podium_world: World, arguments: dict[str, object]) -> None:

    with pytest.raises(Rejected):
        podium_world.act("podium", "credits", arguments)
