"""Invitations of the emulated TestDome: what they cost, what comes back, and what becomes of each address."""

from __future__ import annotations

import httpx
import pytest

from assaykit.emulator.engine.worlds import World
from tests.emulator.testdome_calls import (
    ADA,
    DEADLINE,
    OTHER,
    TEST,
    TOM,
    act,
    balance,
    candidate_with,
    codes,
    invite,
    invited,
    read,
    signed_in,
)

NO_INVITES = "The account has no invites left."
ANOTHER_TEST = 1_234_601


def test_each_new_candidate_costs_one_invite(testdome: httpx.Client, testdome_world: World) -> None:
    answer = invite(testdome, "new@example.com", "newer@example.com")
    assert answer.json() == {
        "failedEmails": [],
        "message": None,
        "result": ["new@example.com", "newer@example.com"],
        "_links": {},
    }
    assert balance(testdome_world) == 98
    added = candidate_with(testdome, "new@example.com")
    assert (added["status"], added["deadline"], added["name"]) == ("sendingInvitation", DEADLINE, None)
    assert len(added["invitationKey"]) == 32


def test_the_same_address_to_the_same_test_again_is_free(testdome: httpx.Client, testdome_world: World) -> None:
    first = invited(testdome, "new@example.com")
    again = invite(testdome, "NEW@Example.com", deadline="2026-03-01T00:00:00+01:00").json()
    assert (again["result"], again["failedEmails"], balance(testdome_world)) == (["NEW@Example.com"], [], 99)
    second = candidate_with(testdome, "new@example.com")
    assert (second["id"], second["invitationKey"]) == (first["id"], first["invitationKey"])
    assert second["deadline"] == "2026-02-28T23:00:00Z"
    invite(testdome, "new@example.com", test=ANOTHER_TEST)
    assert balance(testdome_world) == 98
    assert candidate_with(testdome, "new@example.com", ANOTHER_TEST)["id"] != first["id"]


def test_one_address_twice_in_a_request_is_one_candidate(testdome: httpx.Client, testdome_world: World) -> None:
    answer = invite(testdome, "new@example.com", "New@example.com", "new@example.com").json()
    assert answer["result"] == ["new@example.com", "New@example.com"]
    assert balance(testdome_world) == 99
    assert candidate_with(testdome, "new@example.com")["email"] == "new@example.com"


def test_a_result_is_not_lost_to_a_repeated_invitation(testdome: httpx.Client, testdome_world: World) -> None:
    before = read(testdome, ADA)
    assert invite(testdome, "ada.sample@example.com").json()["result"] == ["ada.sample@example.com"]
    assert read(testdome, ADA) == before
    assert read(testdome, ADA, "activities")["activities"][-1]["description"] == "The invitation was sent again."
    assert balance(testdome_world) == 100


@pytest.mark.parametrize("end", ["cancel", "deadline"])
def test_an_invite_comes_back_and_is_spent_again(testdome: httpx.Client, testdome_world: World, end: str) -> None:
    first = invited(testdome, "new@example.com")
    assert balance(testdome_world) == 99
    if end == "cancel":
        assert testdome.post(f"/v3/candidates/{first['id']}/cancel-invite").status_code == 204
        assert testdome.post(f"/v3/candidates/{first['id']}/cancel-invite").status_code == 409
    else:
        act(testdome_world, "set-balance", invites=99)
        testdome_world.clock.advance(minutes=29)
        body = {"candidateIds": [first["id"]], "newDeadline": "2026-01-05T09:29:30Z"}
        testdome.put(f"/v3/tests/{TEST}/candidates/deadline", json=body)
        testdome_world.clock.advance(seconds=30)
    assert balance(testdome_world) == 100
    second = invited(testdome, "new@example.com")
    assert (second["id"], second["status"]) == (first["id"], "sendingInvitation")
    assert second["invitationKey"] != first["invitationKey"]
    assert balance(testdome_world) == 99
    testdome.post(f"/v3/candidates/{first['id']}/cancel-invite")
    assert balance(testdome_world) == 100


def test_a_started_test_keeps_its_invite(testdome: httpx.Client, testdome_world: World) -> None:
    added = invited(testdome, "new@example.com")
    act(testdome_world, "start", candidateId=added["id"])
    answer = testdome.post(f"/v3/candidates/{added['id']}/cancel-invite")
    assert (answer.status_code, codes(answer)) == (409, ["conflict", "invitationClosed"])
    before = balance(testdome_world)
    body = {"candidateIds": [added["id"]], "newDeadline": "2026-02-01T00:00:00Z"}
    moved = testdome.put(f"/v3/tests/{TEST}/candidates/deadline", json=body).json()
    assert moved == {"failedCandidateIds": [added["id"]]}
    act(testdome_world, "complete", candidateId=added["id"])
    assert balance(testdome_world) == before == 99


def test_an_empty_balance_refuses_new_candidates_alone(testdome: httpx.Client, testdome_world: World) -> None:
    act(testdome_world, "set-balance", invites=0)
    for emails in (["new@example.com"], ["tom.sample@example.com", "new@example.com"]):
        refused = invite(testdome, *emails)
        assert (refused.status_code, codes(refused)) == (403, ["forbidden", "planNotAuthorized", "noInvitesLeft"])
        assert refused.json()["error"]["innerError"]["innerError"]["message"] == NO_INVITES
    assert read(testdome, TOM)["status"] == "invited"
    accepted = invite(testdome, "tom.sample@example.com", "no address")
    assert accepted.json()["result"] == ["tom.sample@example.com"]
    assert read(testdome, TOM)["status"] == "sendingInvitation"


def test_a_balance_that_covers_some_invites_those(testdome: httpx.Client, testdome_world: World) -> None:
    act(testdome_world, "set-balance", invites=2)
    answer = invite(testdome, "a@example.com", "ada.sample@example.com", "b@example.com", "c@example.com", "d@example")
    assert answer.json() == {
        "failedEmails": ["d@example", "c@example.com"],
        "message": f"Some texts are no e-mail addresses. {NO_INVITES}",
        "result": ["a@example.com", "ada.sample@example.com", "b@example.com"],
        "_links": {},
    }
    assert balance(testdome_world) == 0


@pytest.mark.parametrize("text", ["nobody", "a@b", "a b@example.com", "@example.com", "a@@example.com", "a@example."])
def test_texts_that_are_no_addresses_fail_for_themselves(
    testdome: httpx.Client, testdome_world: World, text: str
) -> None:
    answer = invite(testdome, text, "new@example.com").json()
    assert (answer["failedEmails"], answer["result"]) == ([text], ["new@example.com"])
    assert balance(testdome_world) == 99


def test_a_deadline_that_is_over_fails_for_every_address(testdome: httpx.Client, testdome_world: World) -> None:
    act(testdome_world, "set-balance", invites=0)
    for deadline in ("2026-01-05T09:00:00Z", "0000-01-01T00:00:00Z"):
        answer = invite(testdome, "new@example.com", deadline=deadline).json()
        assert answer["failedEmails"] == ["new@example.com"]
        assert answer["message"] == "The deadline is over."


def test_an_archived_test_takes_no_candidates(testdome: httpx.Client, testdome_world: World) -> None:
    testdome.post(f"/v3/tests/{TEST}/archive")
    refused = invite(testdome, "new@example.com")
    assert (refused.status_code, codes(refused)) == (409, ["conflict", "testArchived"])
    testdome.post(f"/v3/tests/{TEST}/unarchive")
    assert invite(testdome, "new@example.com").status_code == 200


def test_what_was_sent_last_is_kept_with_the_test(testdome: httpx.Client) -> None:
    invite(testdome, "new@example.com")
    shown = testdome.get(f"/v3/tests/{TEST}", params={"$expand": "inviteViaEmailParameters"}).json()
    assert shown["inviteViaEmailParameters"] == {
        "body": "Please take the test.",
        "replyTo": "hiring@example.com",
        "deadline": DEADLINE,
        "proctoringEnabled": False,
    }


def test_a_second_account_has_a_balance_of_its_own(testdome: httpx.Client, testdome_world: World) -> None:
    with signed_in(testdome_world, OTHER) as other:
        assert invite(other, "new@example.com", test=2_000_001).status_code == 200
        assert codes(invite(other, "new@example.com")) == ["notFound", "testNotFound"]
    assert (balance(testdome_world), balance(testdome_world, "other")) == (100, 99)


@pytest.mark.parametrize("invites", [-1, 1.5, True, "5", None])
def test_a_balance_is_a_whole_number(testdome_world: World, invites: object) -> None:
    with pytest.raises(Exception, match="invites must be a whole number from 0"):
        act(testdome_world, "set-balance", invites=invites)
