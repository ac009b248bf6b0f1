"""From the list of tests to the result, against the emulator, sync and async."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

import assaykit
from assaykit.testdome import models, webhooks
from assaykit.testing.testdome import TEST_ID, Emulator

EMAILS = ("una.sample@example.com", "bela.sample@example.com", "cleo.sample@example.com")


def invitation(emulator: Emulator, *emails: str) -> models.InviteRequest:
    return models.InviteRequest(
        emails=list(emails),
        body="Please take the test.",
        reply_to="hiring@example.com",
        deadline=emulator.clock.now() + timedelta(days=7),
        proctoring_enabled=False,
    )


def test_from_the_tests_to_the_result(testdome_emulator: Emulator) -> None:
    events: list[tuple[Mapping[str, str], Any]] = []
    testdome_emulator.subscribe(lambda headers, body: events.append((headers, webhooks.parse(headers, body))))
    testdome_emulator.balance = 2
    with testdome_emulator.client() as api:
        assert TEST_ID in {test.id for test in api.paginate(api.tests.list, top=7, filter_archived="false").prefetch(2)}
        api.tests.update_cutoff_score(TEST_ID, body=models.CutoffScoreUpdate(70))

        with pytest.raises(assaykit.PartialFailure) as caught:
            api.candidates.invite(TEST_ID, body=invitation(testdome_emulator, *EMAILS))
        assert caught.value.failed == EMAILS[2:]
        assert caught.value.result.result == list(EMAILS[:2])
        with pytest.raises(assaykit.PaymentRequired) as spent:
            api.candidates.invite(TEST_ID, body=invitation(testdome_emulator, EMAILS[2]))
        assert (spent.value.status, spent.value.code) == (403, "noInvitesLeft")

        testdome_emulator.clock.advance(minutes=1)
        invited = {one.email: one for one in api.paginate(api.candidates.list_by_test, TEST_ID, top=5)}
        una, bela = invited[EMAILS[0]], invited[EMAILS[1]]
        testdome_emulator.start(una)
        testdome_emulator.clock.advance(minutes=30)
        testdome_emulator.complete(una, score=69)
        result = api.candidates.get(una.id, expand=["test", "activities"])
        assert (result.status, result.score, result.passed) == ("completed", 69, False)
        assert isinstance(result.test, models.Test)
        assert isinstance(result.activities, list)
        assert result.test.cutoff_score == 70

        with pytest.raises(assaykit.Conflict) as late:
            api.candidates.cancel_invite(una.id)
        assert late.value.code == "invitationClosed"
        api.candidates.cancel_invite(bela.id)
        body = models.DeadlineUpdate(candidate_ids=[una.id, bela.id], new_deadline=testdome_emulator.clock.now())
        with pytest.raises(assaykit.PartialFailure) as unmoved:
            api.candidates.update_deadline(TEST_ID, body=body)
        assert set(unmoved.value.failed) == {una.id, bela.id}
        with pytest.raises(assaykit.PartialFailure) as unknown:
            api.candidates.archive(body=models.CandidateIds([una.id, 5]))
        assert unknown.value.failed == (5,)
        assert api.candidates.get(una.id).archived is True
        assert api.candidates.share(una.id).share_url
        assert api.plans.get_current().name

    assert [(event.candidate_id, event.status) for _, event in events] == [
        (una.invitation_key, "Completed"),
        (bela.invitation_key, "Canceled"),
    ]


@pytest.mark.anyio
async def test_from_the_tests_to_the_result_async(testdome_emulator: Emulator) -> None:
    testdome_emulator.balance = 2
    async with testdome_emulator.async_client(on_partial="return") as api:
        answer = await api.candidates.invite(TEST_ID, body=invitation(testdome_emulator, *EMAILS))
        assert answer.failed_emails == list(EMAILS[2:])
        walk = api.paginate(api.candidates.list_by_test, TEST_ID, filter_term="una.sample")
        [una] = [one async for one in walk]
        testdome_emulator.complete(una, score=80)
        assert (await api.candidates.get(una.id)).passed is True
        assert (await api.candidates.archive(body=models.CandidateIds([5]))).failed_candidates == [5]


@pytest.mark.parametrize("ahead", [0, 3])
def test_walk_over_hundreds_of_candidates(testdome_emulator: Emulator, ahead: int) -> None:
    with testdome_emulator.client() as api:
        walk = api.paginate(api.candidates.list, top=9).prefetch(ahead)
        ids = [candidate.id for candidate in walk]

    assert len(ids) == len(set(ids)) == walk.total
    assert len(ids) > 150


@pytest.mark.anyio
async def test_walk_over_hundreds_of_candidates_async(testdome_emulator: Emulator) -> None:
    async with testdome_emulator.async_client() as api:
        walk = api.paginate(api.candidates.list, top=50, filter_status=[models.CandidateStatus.COMPLETED]).prefetch(1)
        found = [candidate async for candidate in walk]

    assert {str(candidate.status) for candidate in found} == {"completed"}
    assert len(found) == walk.total


def test_one_token_serves_half_an_hour_less_a_margin(testdome_emulator: Emulator) -> None:
    with testdome_emulator.client() as api:
        api.plans.get_current()
        testdome_emulator.clock.advance(minutes=24)
        api.plans.get_current()
        assert len(testdome_emulator.journal.find(operation="tokens_create")) == 1
        testdome_emulator.clock.advance(minutes=2)
        api.plans.get_current()
        testdome_emulator.clock.advance(hours=3)
        api.plans.get_current()

    assert len(testdome_emulator.journal.find(operation="tokens_create")) == 3
    assert not testdome_emulator.journal.find(status=401)


def test_token_that_is_refused_is_replaced_once(testdome_emulator: Emulator) -> None:
    with testdome_emulator.client() as api:
        api.plans.get_current()
        testdome_emulator.fail_next("plans_get_current", status=401)
        assert api.plans.get_current().id

    assert len(testdome_emulator.journal.find(operation="tokens_create")) == 2


def test_invitation_whose_answer_is_lost_is_not_sent_twice(testdome_emulator: Emulator) -> None:
    testdome_emulator.fail_next("candidates_invite", status=500, when="after")
    with testdome_emulator.client() as api, pytest.raises(assaykit.ServerError):
        api.candidates.invite(TEST_ID, body=invitation(testdome_emulator, EMAILS[0]))

    assert testdome_emulator.balance == 99
    assert len(testdome_emulator.journal.find(operation="candidates_invite")) == 1


def test_refused_request_names_what_does_not_fit(testdome_emulator: Emulator) -> None:
    with testdome_emulator.client() as api, pytest.raises(assaykit.ValidationFailed) as caught:
        api.tests.update_cutoff_score(TEST_ID, body=models.CutoffScoreUpdate(101))

    assert caught.value.code == "invalidProperty"
    assert "cutoffScore" in str(caught.value)


def test_new_codes_and_values_pass_through(testdome_emulator: Emulator) -> None:
    inner = {"code": "quotaOfTheMonth", "message": "Wait until June."}
    body = {"error": {"code": "forbidden", "message": "No.", "innererror": inner}}
    testdome_emulator.fail_next("plans_get_current", status=403, body=body)
    testdome_emulator.set_field("candidates", 7654321, "status", value="awaitingReview")
    with testdome_emulator.client() as api:
        with pytest.raises(assaykit.PermissionDenied, match="403 forbidden: Wait until June") as caught:
            api.plans.get_current()
        assert api.candidates.get(7654321).status == "awaitingReview"

    assert caught.value.causes[-1] == assaykit.ErrorCause("quotaOfTheMonth", "Wait until June.")
