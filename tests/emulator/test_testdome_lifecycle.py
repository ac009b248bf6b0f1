"""A candidate's way from the invitation to a final status, and the tests, URLs and reports around it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import httpx
import pytest

from assaykit.emulator.engine.rejection import Rejected
from assaykit.emulator.engine.worlds import World
from tests.emulator.testdome_calls import (
    ADA,
    DEADLINE,
    TEST,
    TOM,
    URL,
    act,
    balance,
    candidate_with,
    codes,
    invite,
    invited,
    read,
    sign_in,
)

OF_TEST = f"/v3/tests/{TEST}"


def refused(world: World, action: str, **arguments: Any) -> str:
    """Return why an action is refused."""
    with pytest.raises(Rejected) as caught:
        act(world, action, **arguments)
    return str(caught.value)


def test_from_the_invitation_to_the_result(testdome: httpx.Client, testdome_world: World) -> None:
    number = invited(testdome, "new.person@example.com")["id"]
    testdome_world.clock.advance(seconds=9)
    assert read(testdome, number)["status"] == "sendingInvitation"
    testdome_world.clock.advance(seconds=1)
    assert read(testdome, number)["status"] == "invited"
    testdome_world.clock.advance(minutes=5)
    assert act(testdome_world, "start", candidateId=number)["status"] == "started"
    testdome_world.clock.advance(minutes=5)
    assert act(testdome_world, "pause", candidateId=number)["status"] == "paused"
    testdome_world.clock.advance(minutes=5)
    act(testdome_world, "resume", candidateId=number)
    testdome_world.clock.advance(minutes=4)
    unfinished = read(testdome, number)
    assert (unfinished["status"], unfinished["score"], unfinished["passed"]) == ("started", None, False)
    act(testdome_world, "complete", candidateId=number, score=60)
    shown = read(testdome, number, "activities", "skillScores", "betterThan")
    assert (shown["status"], shown["name"], shown["score"]) == ("completed", "New Person", 60)
    assert (shown["passed"], shown["timeTaken"], shown["shouldNotify"]) == (True, 540, True)
    # Of five others, 58, 44 and 30 are below.
    assert shown["betterThan"] == 60
    assert {skill["score"] for skill in shown["skillScores"]} == {60}
    assert [(activity["date"][11:19], activity["description"]) for activity in shown["activities"]] == [
        ("09:00:00", "The invitation was sent."),
        ("09:00:10", "The candidate was invited."),
        ("09:05:10", "The candidate started the test."),
        ("09:10:10", "The test was paused."),
        ("09:15:10", "The candidate went on with the test."),
        ("09:19:10", "The candidate finished the test."),
    ]


def test_an_invitation_can_arrive_at_once(testdome: httpx.Client, testdome_world: World) -> None:
    number = invited(testdome, "new@example.com")["id"]
    assert act(testdome_world, "deliver-invitation", candidateId=number)["status"] == "invited"
    assert refused(testdome_world, "deliver-invitation", candidateId=number).startswith("The candidate is invited")


STATUSES = {
    "sendingInvitation": ["deliver-invitation", "start", "complete"],
    "invited": ["start", "complete"],
    "started": ["pause", "complete"],
    "paused": ["resume", "complete"],
    "completed": ["repeat-event", "decide"],
    "didNotTake": ["repeat-event"],
    "canceled": ["repeat-event"],
}


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_allows_its_actions_alone(testdome: httpx.Client, testdome_world: World, status: str) -> None:
    first = testdome.get("/v3/candidates", params={"$filter[status]": status}).json()["value"][0]
    image = testdome_world.snapshot()
    possible = []
    for action in sorted({action for actions in STATUSES.values() for action in actions}):
        with suppress(Rejected):
            act(testdome_world, action, candidateId=first["id"])
            possible.append(action)
        testdome_world.restore(image)
    assert possible == sorted(STATUSES[status])
    cancelled = testdome.post(f"/v3/candidates/{first['id']}/cancel-invite").status_code
    assert cancelled == (204 if status in ("sendingInvitation", "invited") else 409)


@pytest.mark.parametrize("arrived", [True, False])
def test_a_deadline_that_passes_ends_the_invitation(
    testdome: httpx.Client, testdome_world: World, *, arrived: bool
) -> None:
    invite(testdome, "new@example.com", deadline="2026-01-05T09:00:20Z" if arrived else "2026-01-05T09:00:05Z")
    number = candidate_with(testdome, "new@example.com")["id"]
    testdome_world.clock.advance(seconds=19.9 if arrived else 4.9)
    assert read(testdome, number)["status"] == ("invited" if arrived else "sendingInvitation")
    testdome_world.clock.advance(seconds=0.1)
    shown = read(testdome, number, "activities")
    assert (shown["status"], balance(testdome_world)) == ("didNotTake", 100)
    assert shown["activities"][-1]["date"] == shown["deadline"]
    assert "not sendingInvitation" in refused(testdome_world, "start", candidateId=number)


def test_who_has_started_may_finish_after_the_deadline(testdome: httpx.Client, testdome_world: World) -> None:
    invite(testdome, "new@example.com", deadline="2026-01-05T09:10:00Z")
    number = candidate_with(testdome, "new@example.com")["id"]
    act(testdome_world, "start", candidateId=number)
    testdome_world.clock.advance(minutes=20)
    assert act(testdome_world, "complete", candidateId=number, score=10)["status"] == "completed"
    assert balance(testdome_world) == 99


def test_many_deadlines_pass_in_one_step(testdome: httpx.Client, testdome_world: World) -> None:
    def waiting() -> int:
        query = {"$filter[status]": ["sendingInvitation", "invited"]}
        total: int = testdome.get("/v3/candidates", params=query).json()["totalCount"]
        return total

    before = waiting()
    testdome_world.clock.advance(days=100)
    sign_in(testdome)
    assert (waiting(), balance(testdome_world)) == (1, 100 + before - 1)
    testdome_world.clock.advance(days=3000)
    sign_in(testdome)
    assert (waiting(), read(testdome, TOM)["status"]) == (0, "didNotTake")


def deadline(client: httpx.Client, **body: Any) -> list[int]:
    answer = client.put(f"{OF_TEST}/candidates/deadline", json=body)
    assert answer.status_code == 200
    failed: list[int] = answer.json()["failedCandidateIds"]
    return failed


def test_deadlines_are_moved(testdome: httpx.Client, testdome_world: World) -> None:
    number = invited(testdome, "new@example.com")["id"]
    of_another_test = invited(testdome, "new@example.com", test=1_234_601)["id"]
    assert deadline(
        testdome, candidateIds=[number, ADA, of_another_test, 77], newDeadline="2026-05-01T02:00:00+02:00"
    ) == [
        ADA,
        of_another_test,
        77,
    ]
    assert read(testdome, number)["deadline"] == "2026-05-01T00:00:00Z"
    assert deadline(testdome, candidateIds=[number], newDeadline="2026-01-05T09:00:00Z") == [number]
    assert deadline(testdome, newDeadline="2026-06-01T00:00:00Z") == []
    assert {read(testdome, one)["deadline"] for one in (number, TOM)} == {"2026-06-01T00:00:00Z"}
    assert read(testdome, ADA)["deadline"] == "2026-03-15T23:59:59Z"
    assert deadline(testdome, candidateIds=[number]) == []
    assert read(testdome, number)["deadline"] is None
    testdome_world.clock.advance(days=4000)
    sign_in(testdome)
    assert read(testdome, number)["status"] == "invited"


def test_scores_and_times_that_do_not_fit(testdome_world: World) -> None:
    assert refused(testdome_world, "complete", candidateId=TOM, score=101) == "score must be a number from 0 to 100."
    assert refused(testdome_world, "complete", candidateId=TOM, timeTaken="x").startswith("timeTaken must be a number")
    assert refused(testdome_world, "complete", candidateId="x") == "candidateId must be a whole number."
    assert refused(testdome_world, "complete", candidateId=77) == "There is no candidate with this id."
    drawn = act(testdome_world, "complete", candidateId=TOM)
    assert 0 <= drawn["score"] <= 100
    assert drawn["timeTaken"] > 0


def test_the_cut_off_score_decides_at_once(testdome: httpx.Client, testdome_world: World) -> None:
    def passed() -> list[int]:
        listed = testdome.get(f"{OF_TEST}/candidates", params={"$filter[status]": "completed"}).json()["value"]
        return sorted(person["score"] for person in listed if person["passed"])

    rates = {}
    for score in (0, 30, 58.5, 82, 92):
        answer = testdome.patch(f"{OF_TEST}/cutoff-score", json={"cutoffScore": score})
        rates[score] = (answer.json()["expectedPassRate"], passed())
    assert rates == {
        0: (100, [30, 44, 58, 82, 91]),
        30: (100, [30, 44, 58, 82, 91]),
        58.5: (40, [82, 91]),
        82: (40, [82, 91]),
        92: (0, []),
    }
    assert testdome.get(OF_TEST).json()["cutoffScore"] == 92
    empty = testdome.patch("/v3/tests/1234605/cutoff-score", json={"cutoffScore": 75.5}).json()
    assert empty == {"expectedPassRate": 24.5}
    assert act(testdome_world, "decide", candidateId=ADA, passed=True)["passedOverride"] is True
    assert read(testdome, ADA)["passed"] is False


def notify(client: httpx.Client, *candidates: int, **texts: str) -> httpx.Response:
    body = {"candidateIds": list(candidates), "replyTo": "hiring@example.com", **texts}
    return client.post(f"{OF_TEST}/candidates/notify", json=body)


def test_results_are_told_to_those_with_a_text(testdome: httpx.Client, testdome_world: World) -> None:
    both = [ADA, act(testdome_world, "complete", candidateId=TOM, score=10)["id"]]

    def waiting() -> list[bool]:
        return [read(testdome, number)["shouldNotify"] for number in both]

    assert notify(testdome, *both).status_code == 204
    assert waiting() == [True, True]
    assert notify(testdome, *both, passEmail="You have passed.").status_code == 204
    assert waiting() == [False, True]
    act(testdome_world, "decide", candidateId=TOM, passed=True)
    assert notify(testdome, TOM, failEmail="You have not passed.").status_code == 204
    assert waiting() == [False, True]
    assert notify(testdome, TOM, passEmail="You have passed.").status_code == 204
    assert waiting() == [False, False]
    shown = testdome.get(OF_TEST, params={"$expand": "notifyCandidatesParameters"}).json()
    assert shown["notifyCandidatesParameters"] == {"passEmail": "You have passed.", "replyTo": "hiring@example.com"}


def test_nobody_is_told_if_one_cannot_be(testdome: httpx.Client) -> None:
    open_one, unknown = notify(testdome, ADA, TOM, passEmail="a"), notify(testdome, ADA, 77, passEmail="a")
    assert (open_one.status_code, codes(open_one)) == (409, ["conflict", "candidateNotCompleted"])
    assert (unknown.status_code, codes(unknown)) == (404, ["notFound", "candidateNotFound"])
    assert read(testdome, ADA)["shouldNotify"] is True


def test_consent_to_proctoring(testdome: httpx.Client) -> None:
    before = testdome.get("/v3/tests/1234602").json()["proctoringConsent"]
    assert testdome.put("/v3/tests/1234602/candidates/proctoring-consent").status_code == 204
    assert (before, testdome.get("/v3/tests/1234602").json()["proctoringConsent"]) == (False, True)


def test_settings_are_changed_one_by_one(testdome: httpx.Client) -> None:
    before = testdome.get(f"{OF_TEST}/settings").json()
    needed = {"name": "Python Developer", "timingPolicy": "strict", "showFinalScoreToCandidate": True}
    assert testdome.patch(f"{OF_TEST}/settings", json=needed).status_code == 204
    assert testdome.get(f"{OF_TEST}/settings").json() == before | needed
    further = needed | {"notifyTo": [], "integrationDeadlineInDays": 7, "isAiForbidden": False, "archived": True}
    testdome.patch(f"{OF_TEST}/settings", json=further)
    wanted = before | further
    del wanted["archived"]
    assert testdome.get(f"{OF_TEST}/settings").json() == wanted
    shown = testdome.get(OF_TEST).json()
    assert (shown["name"], shown["notifyTo"], shown["archived"]) == ("Python Developer", [], False)
    assert testdome.patch(f"{OF_TEST}/settings", json={"name": "a"}).status_code == 400


def test_a_deleted_test_is_gone_and_its_candidates_are_not(testdome: httpx.Client, testdome_world: World) -> None:
    assert testdome.delete(OF_TEST).status_code == 204
    for method, path in (
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/archive"),
        ("GET", "/settings"),
        ("GET", "/candidates"),
    ):
        assert codes(testdome.request(method, OF_TEST + path)) == ["notFound", "testNotFound"]
    assert read(testdome, ADA, "test")["test"]["name"] == "Backend Developer"
    assert refused(testdome_world, "start", candidateId=TOM) == "The test was deleted."
    assert testdome.post(f"/v3/candidates/{TOM}/cancel-invite").status_code == 204


def status(client: httpx.Client) -> str:
    text: str = client.get(OF_TEST).json()["testUrlStatus"]
    return text


def test_urls_close_one_by_one(testdome: httpx.Client, testdome_world: World) -> None:
    new = testdome.post(f"{OF_TEST}/urls", json={"name": "Campus"}).json()
    assert (new["disabled"], new["candidatesCompleted"], len(new["key"])) == (False, 0, 16)
    assert status(testdome) == "on"
    testdome_world.clock.advance(minutes=1)
    testdome.patch(f"{OF_TEST}/urls/{URL}", json={"disabled": True})
    assert (status(testdome), refused(testdome_world, "take-by-url", testUrlId=URL, email="a@example.com")) == (
        "on",
        "The test cannot be taken: the URL is disabled.",
    )
    testdome.patch(f"{OF_TEST}/urls/{new['id']}", json={"disabled": True})
    assert status(testdome) == "off"
    testdome.patch(f"{OF_TEST}/urls/{new['id']}", json={"disabled": False})
    listed = testdome.get(OF_TEST, params={"$expand": "testUrls"}).json()["testUrls"]
    assert [(url["id"], url["disabled"]) for url in listed] == [(URL, True), (new["id"], False)]
    assert listed[1]["modified"] == "2026-01-05T09:01:00Z"
    assert codes(testdome.patch(f"/v3/tests/1234602/urls/{URL}", json={})) == ["notFound", "testUrlNotFound"]


def test_a_test_taken_through_a_url(testdome: httpx.Client, testdome_world: World) -> None:
    taken = act(testdome_world, "take-by-url", testUrlId=URL, email="visitor@example.com", name="Vera Visitor")
    assert (taken["status"], taken["name"], taken["testUrl"]["id"]) == ("started", "Vera Visitor", URL)
    assert (taken["deadline"], balance(testdome_world)) == (None, 100)
    act(testdome_world, "complete", candidateId=taken["id"], score=77)
    shown = read(testdome, taken["id"], "testUrl")
    assert (shown["score"], shown["testUrl"]["candidatesCompleted"]) == (77, 5)
    again = refused(testdome_world, "take-by-url", testUrlId=URL, email="Visitor@example.com")
    assert again == "The test cannot be taken: this address has the test already."


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"candidatesLimit": 4}, "as many candidates as allowed came through the test's URLs"),
        ({"deadline": "2026-01-05T09:00:00Z"}, "the deadline of the test's URLs is over"),
    ],
)
def test_what_closes_all_urls(
    testdome: httpx.Client, testdome_world: World, change: dict[str, Any], cause: str
) -> None:
    before = testdome.get(OF_TEST, params={"$expand": "urlSettings"}).json()["urlSettings"]
    assert testdome.patch(f"{OF_TEST}/url-settings", json=change).status_code == 204
    assert testdome.get(OF_TEST, params={"$expand": "urlSettings"}).json()["urlSettings"] == before | change
    assert status(testdome) == "off"
    told = refused(testdome_world, "take-by-url", testUrlId=URL, email="a@example.com")
    assert told == f"The test cannot be taken: {cause}."
    testdome.patch(f"{OF_TEST}/url-settings", json={"candidatesLimit": 5, "deadline": DEADLINE})
    assert status(testdome) == "on"
    act(testdome_world, "take-by-url", testUrlId=URL, email="a@example.com")
    assert status(testdome) == "off"
    testdome.post(f"{OF_TEST}/archive")
    assert "is archived" in refused(testdome_world, "take-by-url", testUrlId=URL, email="b@example.com")


def test_candidates_are_archived_in_bulk(testdome: httpx.Client) -> None:
    body = {"candidateIds": [ADA, 77, TOM, 9_000_001, ADA, 77]}
    for path, archived in (("archive", True), ("archive", True), ("unarchive", False), ("unarchive", False)):
        answer = testdome.post(f"/v3/candidates/{path}", json=body)
        assert answer.json() == {"failedCandidates": [77, 9_000_001], "_links": {}}
        assert [read(testdome, number)["archived"] for number in (ADA, TOM)] == [archived, archived]


def test_shared_reports_open_without_a_login(testdome: httpx.Client, testdome_world: World) -> None:
    act(testdome_world, "set-field", kind="candidates", id=ADA, field="name", value="<Ada>")
    of_ada = testdome.post(f"/v3/candidates/{ADA}/sharing-url").json()["shareUrl"]
    of_test = testdome.post(f"/api{OF_TEST}/candidates/share-url").json()["shareUrl"]
    assert testdome.post(f"/api/v3/candidates/{ADA}/sharing-url").json()["shareUrl"] == of_ada != of_test
    del testdome.headers["Authorization"]
    pages = {url: testdome.get(url) for url in (of_ada, of_test)}
    assert {page.headers["content-type"] for page in pages.values()} == {"text/html; charset=utf-8"}
    assert "<td>&lt;Ada&gt;</td><td>ada.sample@example.com</td><td>completed</td><td>82</td>" in pages[of_ada].text
    assert [page.text.count("@example.com") for page in pages.values()] == [1, 12]
    unknown = testdome.get(f"{of_ada}0")
    assert (unknown.status_code, codes(unknown)) == (404, ["notFound", "reportNotFound"])
