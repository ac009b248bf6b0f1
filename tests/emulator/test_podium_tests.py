"""Podium: tokens, participants, tests, invitations, metadata."""

from __future__ import annotations

from datetime import datetime

import httpx
import pytest

from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.rejection import Rejected
from assaykit.emulator.engine.transport import EmulatorTransport, base_url
from assaykit.emulator.engine.worlds import World
from tests.emulator.conftest import signed_in
from tests.emulator.podium_calls import CLIENT, KIM, PAT, PERSON, REPORT, add, assign, error, status


def _complete(world: World, participant: str, test: str, **more: object) -> None:
    world.act("podium", "complete", {"participantId": participant, "testId": test, **more})


def _start(world: World, participant: str, test: str, **more: object) -> None:
    world.act("podium", "start", {"participantId": participant, "testId": test, **more})


def test_a_token_is_valid_for_one_hour(podium: httpx.Client, podium_world: World) -> None:
    podium_world.clock.advance(minutes=59, seconds=59)
    assert podium.get(f"{CLIENT}/credits").status_code == 200
    podium_world.clock.advance(seconds=1)
    answer = podium.get(f"{CLIENT}/credits")
    assert error(answer) == (401, "unauthorized")
    assert "expired" in answer.json()["error"]["message"]
    assert answer.headers["www-authenticate"].startswith("Bearer ")


def test_an_unknown_key_is_401(podium: httpx.Client) -> None:
    answer = podium.post("/token", json={"apiKey": "unknown"})
    assert error(answer) == (401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x", "Bearer a.b.c", "Basic YTpi", "Token x"])
def test_what_is_no_token_is_401(podium: httpx.Client, header: str | None) -> None:
    podium.headers.pop("Authorization")
    answer = podium.get(f"{CLIENT}/credits", headers={} if header is None else {"Authorization": header})
    assert error(answer) == (401, "unauthorized")


def test_a_token_of_another_world_is_401(podium: httpx.Client, podium_vendors: Emulator) -> None:
    with signed_in(podium_vendors.world("elsewhere")) as other:
        token = other.headers["Authorization"]
    assert podium.get(f"{CLIENT}/credits", headers={"Authorization": token}).status_code == 401


def test_another_partner_sees_nothing(podium: httpx.Client, podium_world: World) -> None:
    with signed_in(podium_world, "assaykit-other-key") as other:
        for path in (f"participants/{PAT}/status", "credits", f"reports/{REPORT}", f"reports/{REPORT}/status"):
            assert error(other.get(f"{CLIENT}/{path}")) == (404, "not_found")
            assert error(other.get(f"/clients/client-2/{path}".replace("credits", "reports/1"))) == (404, "not_found")
        assert other.get("/clients/client-2/credits").json() == {"creditTotal": 100}
        wrong = other.post(
            "/clients/client-2/reports",
            json={
                "participantIds": [PAT],
                "reportBundleId": "reportBundle1",
                "reportIds": ["report1"],
                "normIds": ["norm1"],
            },
        )
        assert wrong.json()["error"]["fields"][0]["field"] == "body.participantIds[0]"


def test_a_participant_is_readable_at_once_and_ids_are_unique(podium: httpx.Client) -> None:
    metadata = {"deep": [1, {"a": None}], "big": 10**30, "text": "ü\0"}
    first = add(podium, integrationPartnerParticipantMetadata=metadata)
    second = add(podium)
    assert first != second
    found = podium.get(f"{CLIENT}/participants/external/partner-7/status").json()
    assert [participant["participantId"] for participant in found] == [first, second]
    assert found[0]["integrationPartnerParticipantMetadata"] == metadata
    assert found[1]["integrationPartnerParticipantMetadata"] is None
    assert found[0]["emailAddress"] == "ada.sample@example.com"
    assert found[0]["tests"] == []
    assert podium.get(f"{CLIENT}/participants/external/unknown/status").json() == []


def test_partner_ids_with_any_character_are_found(podium: httpx.Client) -> None:
    for partner_id, path in (
        ("a/b", "a%2Fb"),
        ("ü ?&#", "%C3%BC%20%3F%26%23"),
        ("results", "results"),
        ("..", "%2E%2E"),
    ):
        participant = add(podium, integrationPartnerParticipantId=partner_id)
        found = podium.get(f"{CLIENT}/participants/external/{path}/status").json()
        assert [one["participantId"] for one in found] == [participant]


def test_metadata_has_at_most_1000_characters_of_json(podium: httpx.Client) -> None:
    fits = {"k": "é" * 992}
    participant = add(podium, integrationPartnerParticipantMetadata=fits)
    longer = {"k": "é" * 993}
    for answer in (
        podium.post(f"{CLIENT}/participants", json=PERSON | {"integrationPartnerParticipantMetadata": longer}),
        podium.patch(
            f"{CLIENT}/participants/{participant}/metadata", json={"integrationPartnerParticipantMetadata": longer}
        ),
    ):
        assert error(answer) == (400, "invalid_request")
        field = answer.json()["error"]["fields"][0]
        assert field["field"] == "body.integrationPartnerParticipantMetadata"
        assert field["message"] == "has 1001 characters as JSON; at most 1000 are allowed"


def test_metadata_is_replaced_and_deleted_for_everybody_with_the_partner_id(podium: httpx.Client) -> None:
    both = [add(podium, integrationPartnerParticipantMetadata={"a": 1}) for _ in range(2)]
    path = f"{CLIENT}/participants/external/partner-7/metadata"
    assert podium.patch(path, json={"integrationPartnerParticipantMetadata": {"b": 2}}).status_code == 200
    url = f"{CLIENT}/participants/external/partner-7/status"
    assert [one["integrationPartnerParticipantMetadata"] for one in podium.get(url).json()] == [{"b": 2}] * 2
    assert podium.delete(f"{CLIENT}/participants/{both[0]}/metadata").status_code == 200
    assert [one["integrationPartnerParticipantMetadata"] for one in podium.get(url).json()] == [None, {"b": 2}]
    assert podium.delete(path).status_code == podium.delete(path).status_code == 200
    assert [one["integrationPartnerParticipantMetadata"] for one in podium.get(url).json()] == [None, None]
    for method in ("PATCH", "DELETE"):
        body: dict[str, object] = {"integrationPartnerParticipantMetadata": {}}
        unknown = podium.request(method, f"{CLIENT}/participants/external/unknown/metadata", json=body)
        assert error(unknown) == (404, "not_found")


def test_an_entrys_expiry_overrides_the_outer_one(podium: httpx.Client) -> None:
    participant = add(podium)
    assign(
        podium,
        participant,
        {"testId": "test1", "expiryDate": "2026-02-01T12:00:00+02:00"},
        "test2",
        expiryDate="2026-03-01T00:00:00Z",
    )
    assign(podium, participant, "test1")
    assert [test["expiryDate"] for test in status(podium, participant)] == [
        "2026-02-01T10:00:00.0000000Z",
        "2026-03-01T00:00:00.0000000Z",
        None,
    ]


@pytest.mark.parametrize("expiry", ["2018-12-31T23:59:60Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"])
def test_odd_but_valid_expiry_dates_are_taken(podium: httpx.Client, expiry: str) -> None:
    participant = add(podium)
    assign(podium, participant, "test1", expiryDate=expiry)
    assert status(podium, participant)[0]["expiryDate"] is not None


def test_an_unknown_test_is_404_and_assigns_nothing(podium: httpx.Client) -> None:
    participant = add(podium)
    body = {"tests": [{"testId": "test1", "languageId": "EN"}, {"testId": "other", "languageId": "EN"}]}
    answer = podium.post(f"{CLIENT}/participants/{participant}/tests", json=body)
    assert error(answer) == (404, "not_found")
    assert answer.json()["error"]["fields"] == [{"field": "body.tests[1].testId", "message": "is not known"}]
    assert status(podium, participant) == []


def test_several_invitations_to_one_test_are_told_apart(podium: httpx.Client, podium_world: World) -> None:
    participant = add(podium)
    first, second = assign(podium, participant, "test1", "test1")
    _complete(podium_world, participant, "test1", invitationId=second, rawScore=3)
    done = {test["invitationId"]: test["completionDate"] for test in status(podium, participant)}
    assert (done[first], done[second]) == (None, "2026-01-05T09:00:00.0000000Z")
    _complete(podium_world, participant, "test1", rawScore=4)
    with pytest.raises(Rejected, match="is completed"):
        _complete(podium_world, participant, "test1")


def test_launch_and_completion_are_dated(podium: httpx.Client, podium_world: World) -> None:
    participant = add(podium)
    assign(podium, participant, "test1")
    podium_world.clock.advance(minutes=1)
    _start(podium_world, participant, "test1")
    podium_world.clock.advance(minutes=1)
    _start(podium_world, participant, "test1")
    _complete(podium_world, participant, "test1")
    test = status(podium, participant)[0]
    assert test["firstLaunched"] == "2026-01-05T09:01:00.0000000Z"
    assert test["completionDate"] == "2026-01-05T09:02:00.0000000Z"


def test_order_is_forced(podium: httpx.Client, podium_world: World) -> None:
    participant = add(podium)
    assign(podium, participant, {"testId": "test2", "order": 2}, {"testId": "test1", "order": 1}, "PERSPECTIVES90")
    for act in (_start, _complete):
        with pytest.raises(Rejected, match="test1 comes before test2"):
            act(podium_world, participant, "test2")
    _start(podium_world, participant, "PERSPECTIVES90")
    _start(podium_world, participant, "test1")
    with pytest.raises(Rejected):
        _start(podium_world, participant, "test2")
    _complete(podium_world, participant, "test1")
    _complete(podium_world, participant, "test2")


def test_an_expired_invitation_does_not_hold_up_the_order_and_cannot_be_used(
    podium: httpx.Client, podium_world: World
) -> None:
    participant = add(podium)
    assign(podium, participant, {"testId": "test1", "order": 1, "expiryDate": "2026-01-05T10:00:00Z"})
    assign(podium, participant, {"testId": "test2", "order": 2})
    podium_world.clock.advance(hours=1)
    with pytest.raises(Rejected, match="has expired"):
        _start(podium_world, participant, "test1")
    _start(podium_world, participant, "test2")


@pytest.mark.parametrize(
    ("arguments", "status_code"),
    [
        ({"participantId": "unknown", "testId": "test1"}, 404),
        ({"testId": "test1"}, 404),
        ({"participantId": KIM, "testId": "PERSPECTIVES90"}, 404),
        ({"participantId": KIM, "invitationId": "unknown"}, 404),
        ({"participantId": KIM, "testId": "test1"}, 409),
        ({"participantId": KIM}, 400),
        ({"participantId": 5, "testId": "test1"}, 400),
        ({"participantId": KIM, "testId": "test2", "rawScore": 31}, 400),
        ({"participantId": KIM, "testId": "test2", "rawScore": -1}, 400),
        ({"participantId": KIM, "testId": "test2", "rawScore": "9"}, 400),
        ({"participantId": KIM, "testId": "test2", "rawScore": True}, 400),
        ({"participantId": KIM, "testId": "test2", "rawScores": {"Scale9": 1}}, 400),
    ],
)
def test_unfit_completions_are_refused(podium_world: World, arguments: dict[str, object], status_code: int) -> None:
    with pytest.raises(Rejected) as caught:
        podium_world.act("podium", "complete", arguments)
    assert caught.value.status == status_code


def _removed(client: httpx.Client, participant: str, query: str) -> httpx.Response:
    return client.delete(f"{CLIENT}/participants/{participant}/tests{query}")


def test_removal_without_conditions_keeps_started_tests(podium: httpx.Client, podium_world: World) -> None:
    participant = add(podium)
    assign(podium, participant, "test1", "test2")
    _start(podium_world, participant, "test1")
    assert _removed(podium, participant, "").status_code == 200
    assert [test["testId"] for test in status(podium, participant)] == ["test1"]


def test_naming_a_started_test_removes_nothing(podium: httpx.Client, podium_world: World) -> None:
    participant = add(podium)
    assign(podium, participant, "test1", "test2")
    _start(podium_world, participant, "test1")
    answer = _removed(podium, participant, "?testId=test2&testId=test1")
    assert error(answer) == (409, "test_started")
    assert answer.json()["error"]["message"] == "test1 has been started and cannot be removed."
    assert len(status(podium, participant)) == 2
    assert _removed(podium, participant, "?testId=test2").status_code == 200
    assert [test["testId"] for test in status(podium, participant)] == ["test1"]


def test_naming_a_test_that_is_not_assigned_is_no_error(podium: httpx.Client) -> None:
    assert _removed(podium, add(podium), "?testId=other").status_code == 200


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("?startDate=2026-01-06", ["5"]),
        ("?endDate=2026-01-06", ["7"]),
        ("?startDate=2026-01-06&endDate=2026-01-06", ["5", "7"]),
        ("?startDate=2026-01-07&endDate=2026-01-05", ["5", "6", "7"]),
        ("?testId=test2&startDate=2026-01-05", ["5", "6", "7"]),
        ("?startDate=2026-01-05&endDate=2026-01-07&testId=test1", []),
    ],
)
def test_removal_by_an_inclusive_range_of_days(
    podium: httpx.Client, podium_world: World, query: str, left: list[str]
) -> None:
    participant = add(podium)
    podium_world.clock.set(podium_world.clock.now().replace(hour=0, minute=0))
    days = ("2026-01-05T00:00:00Z", "2026-01-06T23:59:59.999999Z", "2026-01-07T00:00:00Z")
    for day in days:
        podium_world.clock.set(datetime.fromisoformat(day))
        with signed_in(podium_world) as client:
            assign(client, participant, "test1")
    with signed_in(podium_world) as client:
        assert _removed(client, participant, query).status_code == 200
        assert [test["creationDate"][9] for test in status(client, participant)] == left


@pytest.mark.parametrize(
    "query", ["?startDate=2026-1-5", "?startDate=20260105", "?endDate=", "?testId=", "?startDate=a&startDate=b"]
)
def test_unfit_removals_are_400(podium: httpx.Client, query: str) -> None:
    assert error(_removed(podium, PAT, query)) == (400, "invalid_request")


def test_a_mail_is_sent_only_with_an_open_valid_invitation(podium: httpx.Client, podium_world: World) -> None:
    def sent() -> int:
        assert podium.post(f"{CLIENT}/participants/{participant}/invite").status_code == 200
        return len(podium_world.act("podium", "mails", {"participantId": participant}))

    participant = add(podium)
    assert sent() == 0
    assign(podium, participant, "test1", expiryDate="2026-01-05T09:30:00Z")
    assert sent() == 1
    _start(podium_world, participant, "test1")
    assert sent() == 2
    podium_world.clock.advance(minutes=30)
    assert sent() == 2
    assign(podium, participant, "test2")
    assert sent() == 3
    _complete(podium_world, participant, "test2")
    assert sent() == 3
    mail = podium_world.act("podium", "mails", {})[0]
    assert (mail["to"], mail["testIds"]) == ("ada.sample@example.com", ["test1"])
    page = httpx.Client(transport=EmulatorTransport(podium_world)).get(mail["url"])
    assert page.status_code == 200
    assert "test1: expired" in page.text
    assert "test2: completed" in page.text
    assert podium.get(f"{base_url('podium')}/assessment?loginKey=x").status_code == 404
    assert podium.get(f"{base_url('podium')}/assessment?loginKey=%zz").status_code == 404


def test_names_are_escaped_on_the_page(podium: httpx.Client) -> None:
    participant = add(podium, firstName="<script>")
    assert "<script>" not in podium.get(f"/assessment?loginKey={participant}").text
