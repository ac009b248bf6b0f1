"""A Talview candidate attends: answers, points, statuses, recordings, forms, and registration by a public link."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.rejection import Rejected
from assaykit.emulator.engine.worlds import World
from assaykit.emulator.vendors.talview.statuses import sort_key
from tests.emulator.conftest import START
from tests.emulator.talview_acting import signed_in, vendor_alone
from tests.emulator.talview_candidates import act, attending

ESSAY, TEST = 425863, 425864
SINGLE, SEVERAL, PROJECT = 56652, 56653, 56659


@pytest.fixture(scope="module")
def talview_vendors() -> Emulator:
    return vendor_alone()


@pytest.fixture
def world(talview_vendors: Emulator) -> Iterator[World]:
    made = talview_vendors.make_world("talview-attending", ManualClock(START))
    yield made
    made.close()


@pytest.fixture
def client(world: World) -> Iterator[httpx.Client]:
    with signed_in(world) as opened:
        yield opened


@pytest.fixture
def mine(world: World) -> Iterator[httpx.Client]:
    with attending(world, TEST) as opened:
        yield opened


def section(client: httpx.Client, number: int = TEST) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/models/assessment-section-candidate/{number}").json()
    return found


def invitation(client: httpx.Client) -> int:
    return sort_key(client.get("/models/assessment-candidate/368710").json()["status_id"])


def answer(client: httpx.Client, question: int, family: str = "mobile", **more: Any) -> httpx.Response:
    return client.post(f"/{family}/answer", json={"question_id": question, "status": 3000, **more})


@pytest.mark.parametrize(
    ("single", "several", "positive", "negative", "score"),
    [
        (2, 13, 8, 0, "8.00"),
        (2, 31, 8, 0, "8.00"),
        (2, 1, 4, 1, "3.00"),
        (1, 134, 0, 2, "-2.00"),
        (2, None, 4, 0, "4.00"),
    ],
)
def test_answers_are_scored_by_the_marks_of_the_section(
    client: httpx.Client, mine: httpx.Client, single: int, several: int | None, positive: int, negative: int, score: str
) -> None:
    assert answer(mine, SINGLE, choice=single).status_code == 201
    assert section(client)["status"]["sort_key"] == 30
    assert answer(mine, SEVERAL, "attend", choice=several).status_code == 201
    found = section(client)
    assert (found["positiveScore"], found["negativeScore"], found["score"]) == (positive, negative, score)
    assert (found["status"]["sort_key"], found["isComplete"]) == (50, True)
    assert found["completed_at"] is not None
    scores = [one["score"] for one in client.get(f"/models/answer?assessment_section_candidate_id={TEST}").json()]
    assert sum(scores) == float(score)


def test_an_answer_can_be_changed_until_the_section_is_complete(client: httpx.Client, mine: httpx.Client) -> None:
    first = answer(mine, SINGLE, choice=1).json()
    assert (first["choice"], first["question"]["id"], "correct_choice" in first["question"]) == (1, SINGLE, False)
    changed = mine.put(f"/mobile/answer/{first['id']}", json={"choice": 2}).json()
    assert (changed["choice"], section(client)["score"]) == (2, "4.00")
    assert answer(mine, SEVERAL, choice=13).status_code == 201
    assert mine.put(f"/mobile/answer/{first['id']}", json={"choice": 1}).status_code == 403
    assert section(client)["score"] == "8.00"


def test_an_answer_without_status_is_not_given_yet(client: httpx.Client, mine: httpx.Client) -> None:
    made = mine.post("/attend/answer", json={"question_id": SINGLE, "choice": 2}).json()
    assert (made["status"], made["answered_at"], made["assessment_section_candidate_id"]) == (1000, None, TEST)
    assert (section(client)["score"], section(client)["status"]["sort_key"]) == (None, 30)
    given = mine.put(f"/attend/answer/{made['id']}", json={"status": 3000}).json()
    assert given["answered_at"] is not None
    assert section(client)["score"] == "4.00"


@pytest.mark.parametrize(
    ("question", "choice", "field"),
    [(PROJECT, None, "question_id"), (SINGLE, 5, "choice"), (SINGLE, 12, "choice"), (SEVERAL, 11, "choice")],
)
def test_a_candidate_answers_only_what_is_asked(mine: httpx.Client, question: int, choice: int, field: str) -> None:
    refused = answer(mine, question, choice=choice)
    assert (refused.status_code, refused.json()[0]["field"]) == (422, field)


def test_a_question_is_answered_once(mine: httpx.Client) -> None:
    assert answer(mine, SINGLE, choice=2).status_code == 201
    assert answer(mine, SINGLE, choice=2).json()[0]["field"] == "question_id"


def test_what_a_user_answers_belongs_to_nobody(client: httpx.Client, mine: httpx.Client) -> None:
    made = answer(client, PROJECT, "attend", text="<p>Mine</p>").json()
    assert (made["assessment_section_candidate_id"], made["text"]) == (None, "<p>Mine</p>")
    assert mine.get(f"/attend/answer/{made['id']}").status_code == 404
    assert client.get(f"/models/answer/{made['id']}").status_code == 404
    assert client.get(f"/mobile/answer/{made['id']}").json()["question"]["id"] == PROJECT


def test_the_window_of_a_section_is_kept(world: World, client: httpx.Client, mine: httpx.Client) -> None:
    client.put(f"/models/assessment-section-candidate/{TEST}", json={"end_date": "2026-01-06T09:00:00Z"})
    world.clock.advance(timedelta(days=2))
    with attending(world, TEST) as late:
        assert answer(late, SINGLE, choice=2).status_code == 403
    with pytest.raises(Rejected, match="over"):
        act(world, "attend", sectionCandidateId=TEST)
    assert mine.get("/mobile/question").status_code == 401


def test_attend_drives_it_all(world: World, client: httpx.Client) -> None:
    told = act(world, "attend", sectionCandidateId=TEST)
    assert (told["score"], told["status"]["sort_key"]) == ("8.00", 50)
    assert told == {**section(client), **{name: told[name] for name in ("_links",)}}
    assert invitation(client) == 30
    act(world, "attend", sectionCandidateId=ESSAY, answers=[{"questionId": PROJECT, "text": "<p>My <b>garden</b></p>"}])
    assert invitation(client) == 50
    (essay,) = client.get(f"/models/answer?assessment_section_candidate_id={ESSAY}").json()
    assert (essay["plainTxtContent"], essay["score"], essay["status"]) == ("My garden", None, 3000)
    with pytest.raises(Rejected, match="complete"):
        act(world, "start", sectionCandidateId=ESSAY)


def test_attend_takes_answers_or_a_score(world: World, client: httpx.Client) -> None:
    with pytest.raises(Rejected, match="answers"):
        act(world, "attend", sectionCandidateId=TEST, answers=[{"questionId": PROJECT}])
    assert section(client)["status"]["sort_key"] == 10
    assert act(world, "attend", sectionCandidateId=TEST, score=7.5)["score"] == "7.50"
    assert client.get(f"/models/answer?assessment_section_candidate_id={TEST}").json() == []


def test_start_and_complete_are_two_steps(world: World, client: httpx.Client) -> None:
    assert act(world, "start", sectionCandidateId=ESSAY)["status"]["sort_key"] == 30
    assert invitation(client) == 30
    world.clock.advance(timedelta(minutes=5))
    told = act(world, "complete", sectionCandidateId=ESSAY, score=3)
    assert (told["status"]["sort_key"], told["timeElapsed"], told["score"]) == (50, 300, "3.00")


@pytest.mark.parametrize(
    ("path", "more", "kind"),
    [("file", {}, 25), ("recording", {"type": "webrtc"}, 4), ("recording", {"type": "flash"}, 2)],
)
def test_files_and_recordings_of_an_answer(
    world: World, client: httpx.Client, path: str, more: dict[str, str], kind: int
) -> None:
    with attending(world, ESSAY) as writer:
        number = writer.post("/mobile/answer", json={"question_id": PROJECT}).json()["id"]
        sent = {"answer_id": str(number), "sequence": "3", **more}
        made = writer.post(f"/mobile/answer-{path}", data=sent, files={"file": ("take.mp4", b"moving")}).json()
        assert (made["file"]["id"], made["file"]["file_type_id"], made["sequence"]) == (made["file_id"], kind, 3)
        assert writer.get(made["file"]["resourceUrl"]).content == b"moving"
        seen = writer.get(f"/mobile/answer/{number}").json()
        assert (seen["max_sequence"], seen["submitted_files"][0]["id"]) == (3, made["file_id"])
    assert [file["id"] for file in client.get(f"/models/file?answer_id={number}").json()] == [made["file_id"]]
    with attending(world, TEST + 2) as stranger:
        refused = stranger.post(f"/mobile/answer-{path}", data=sent, files={"file": ("take.mp4", b"moving")})
        assert refused.json()[0]["field"] == "answer_id"


def test_a_form_is_handed_in(world: World, client: httpx.Client) -> None:
    data = [{"key": "Tom", "name": "FirstName", "label": "First Name", "value": "Tom"}]
    with attending(world, ESSAY) as mine:
        made = mine.post("/mobile/form-submission", json={"form_id": 6600, "data": data}).json()
        assert (made["status"], made["data"], made["assessment_section_candidate_id"]) == (500, data, ESSAY)
        assert [one["id"] for one in mine.get("/mobile/form-submission").json()] == [made["id"]]
        assert {6600, 6179} <= {form["id"] for form in mine.get("/mobile/form").json()}
        seen = client.get(f"/models/form-instance?assessment_section_candidate_id={ESSAY}&type[]=18").json()
        assert [one["id"] for one in seen] == [made["id"]]
        assert mine.delete(f"/mobile/form-submission/{made['id']}").status_code == 204
        assert mine.get(f"/mobile/form-submission/{made['id']}").status_code == 404
    assert client.post("/mobile/form-submission", json={"form_id": 1, "data": []}).json()[0]["field"] == "form_id"


def test_a_public_section_is_seen_without_a_token(client: httpx.Client) -> None:
    with_token = client.headers.pop("Authorization")
    seen = client.get("/mobile/public-assessment-section/2412800").json()
    assert (seen["section"]["id"], seen["assessment"]["organization"]["id"], seen["hasNegative"]) == (42391, 488, True)
    assert client.get("/mobile/public-assessment-section/128219").status_code == 404
    assert client.post("/mobile/register", json={"assessment_section_id": 2412800}).status_code == 401
    client.headers["Authorization"] = with_token


def test_registration_makes_a_section_candidate(world: World, client: httpx.Client) -> None:
    made = client.post("/mobile/register", json={"assessment_section_id": 2412800})
    assert made.status_code == 201
    found = section(client, made.json()["id"])
    assert (found["isRegistered"], found["assessment_section_id"], found["c"]) == (True, 2412800, made.json()["c"])
    with attending(world, found["id"]) as newcomer:
        assert answer(newcomer, SINGLE, choice=2).status_code == 201
        again = newcomer.post("/mobile/register", json={"assessment_section_id": 2412800})
        assert again.json()["id"] == found["id"]
        other = newcomer.post("/mobile/register", json={"assessment_section_id": 43})
        assert other.json()["id"] != found["id"]
    for number in (128219, 44, 1):
        refused = client.post("/mobile/register", json={"assessment_section_id": number})
        assert refused.json()[0]["field"] == "assessment_section_id"


def test_questions_drawn_from_a_skill_stay_the_same(world: World, client: httpx.Client) -> None:
    skill = client.get("/models/skill").json()[0]["id"]
    for question in (SINGLE, PROJECT, 56660):
        client.post("/models/question-skill", json={"question_id": question, "skill_id": skill})
    drawn = {"section_id": 42389, "skill_id": skill, "q_count": 2, "sort_order": 9}
    assert client.post("/models/section-combined", json=drawn).status_code == 201
    with attending(world, ESSAY) as mine:
        asked = mine.get(f"/mobile/assessment-section-candidate/{ESSAY}").json()["questions"]
        assert asked[0]["id"] == PROJECT
        assert len({question["id"] for question in asked}) == len(asked) in (2, 3)
        assert mine.get(f"/mobile/assessment-section-candidate/{ESSAY}").json()["questions"] == asked


def test_a_live_session_takes_place(world: World, client: httpx.Client) -> None:
    told = act(world, "attend-live", liveSessionId=3947)
    assert (told["status"], told["recording_status"]) == (3, 3)
    (recording,) = client.get("/models/file?live_session_id=3947&file_type_id=41").json()
    assert client.get(recording["resourceUrl"]).content == b"sample recording"
    assert section(client, ESSAY)["status"]["sort_key"] == 50
    attendee = client.get("/models/live-attendee/12524").json()
    assert (attendee["status"], attendee["left_at"] is not None) == (3, True)
    with pytest.raises(Rejected, match="over"):
        act(world, "attend-live", liveSessionId=3947)


@pytest.mark.parametrize(("candidate", "panel", "status"), [(True, False, 11), (False, True, 12), (False, False, 13)])
def test_somebody_stays_away_from_a_live_session(
    world: World, client: httpx.Client, candidate: bool, panel: bool, status: int
) -> None:
    assert act(world, "attend-live", liveSessionId=3948, candidate=candidate, panel=panel)["status"] == status
    assert client.get("/models/live-attendee/12525").json()["status"] == (3 if candidate else 11)
    assert client.get("/models/file?live_session_id=3948").json() == []
