"""The fixture `testdome_emulator`, as a user's test suite meets it."""

from __future__ import annotations

from datetime import timedelta

import pytest

import assaykit
from assaykit.emulator.engine.rejection import Rejected
from assaykit.testdome import models
from assaykit.testing.testdome import TEST_ID, Emulator


def invite(*emails: str) -> models.InviteRequest:
    return models.InviteRequest.from_dict(
        {
            "emails": list(emails),
            "body": "Please take the test.",
            "replyTo": "hiring@example.com",
            "deadline": "2026-01-05T09:30:00Z",
            "proctoringEnabled": False,
        }
    )


def test_the_candidate_takes_a_test(testdome_emulator: Emulator) -> None:
    with testdome_emulator.client() as api:
        api.candidates.invite(TEST_ID, body=invite("una.sample@example.com"))
        [candidate] = api.paginate(api.candidates.list_by_test, TEST_ID, filter_term="una.sample")
        assert candidate.status == "sendingInvitation"
        assert testdome_emulator.deliver_invitation(candidate)["status"] == "invited"
        assert testdome_emulator.start(candidate, name="Una Sample")["status"] == "started"
        testdome_emulator.clock.advance(minutes=10)
        assert testdome_emulator.pause(candidate)["status"] == "paused"
        testdome_emulator.clock.advance(hours=1)
        testdome_emulator.resume(candidate.id)
        testdome_emulator.clock.advance(minutes=5)
        testdome_emulator.complete(candidate, score=55)
        result = api.candidates.get(candidate.id)
        assert (result.status, result.name, result.score, result.passed) == ("completed", "Una Sample", 55, False)
        assert result.time_taken == timedelta(minutes=15).total_seconds()
        assert testdome_emulator.decide(candidate, True)["passedOverride"] is True
        assert testdome_emulator.decide(candidate, None)["passedOverride"] is None
        with pytest.raises(Rejected, match="completed"):
            testdome_emulator.start(candidate)


def test_the_invitation_arrives_by_itself_and_the_deadline_ends_it(testdome_emulator: Emulator) -> None:
    with testdome_emulator.client() as api:
        api.candidates.invite(TEST_ID, body=invite("una.sample@example.com"))
        assert testdome_emulator.balance == 99
        testdome_emulator.clock.advance(seconds=11)
        [candidate] = api.candidates.list_by_test(TEST_ID, filter_term="una.sample").value
        assert candidate.status == "invited"
        testdome_emulator.clock.advance(minutes=40)
        assert api.candidates.get(candidate.id).status == "didNotTake"
        assert testdome_emulator.balance == 100


def test_balance_is_set_and_spent(testdome_emulator: Emulator) -> None:
    testdome_emulator.balance = 1
    with testdome_emulator.client() as api:
        with pytest.raises(assaykit.PartialFailure) as caught:
            api.candidates.invite(TEST_ID, body=invite("a@example.com", "b@example.com"))
        assert caught.value.failed == ("b@example.com",)
        with pytest.raises(assaykit.PaymentRequired):
            api.candidates.invite(TEST_ID, body=invite("b@example.com"))
    assert testdome_emulator.balance == 0


@pytest.mark.anyio
async def test_the_async_client_lives_in_the_same_world(testdome_emulator: Emulator) -> None:
    taken = testdome_emulator.take_by_url(4321, "una.sample@example.com", name="Una")
    async with testdome_emulator.async_client() as api:
        candidate = await api.candidates.get(taken["id"])
    assert (candidate.name, candidate.status) == ("Una", "started")
    assert [entry.operation for entry in testdome_emulator.journal] == ["tokens_create", "candidates_get"]


def test_another_account_sees_nothing_of_the_first(testdome_emulator: Emulator) -> None:
    handle = testdome_emulator
    with handle.client(handle.other_client_id, handle.other_client_secret) as api:
        assert [test.id for test in api.paginate(api.tests.list)] == [2_000_001]
        with pytest.raises(assaykit.NotFound):
            api.candidates.get(7654321)


def test_the_deprecated_grant_works_and_warns(testdome_emulator: Emulator) -> None:
    with (
        pytest.warns(DeprecationWarning, match="November 2026") as told,
        testdome_emulator.client(username=testdome_emulator.username) as api,
    ):
        assert api.tests.get(TEST_ID).id == TEST_ID
    assert [warning.filename for warning in told] == [__file__]


@pytest.mark.anyio
async def test_the_deprecated_grant_works_and_warns_async(testdome_emulator: Emulator) -> None:
    with pytest.warns(DeprecationWarning, match="November 2026"):
        api = testdome_emulator.async_client(username=testdome_emulator.username, password="wrong")
    async with api:
        with pytest.raises(assaykit.AuthenticationError):
            await api.tests.get(TEST_ID)


def test_webhooks_are_sent_and_repeated(testdome_emulator: Emulator) -> None:
    received: list[str] = []
    testdome_emulator.subscribe(lambda headers, body: received.append(headers["X-TestDome-CorrelationId"]))
    testdome_emulator.complete(7654322)
    testdome_emulator.repeat_event(7654322)
    assert len(set(received)) == len(received) == len(testdome_emulator.webhooks) == 2


def test_what_was_written_into_a_record_reaches_the_client(testdome_emulator: Emulator) -> None:
    testdome_emulator.set_field("candidates", 7654321, "status", value="awaitingReview")
    testdome_emulator.set_field("tests", TEST_ID, "created", value="long ago")
    testdome_emulator.set_field("plans", "demo", "brandNew", value=[1])
    with testdome_emulator.client() as api:
        candidate = api.candidates.get(7654321)
        testdome_emulator.set_field("candidates", candidate, "status")
        assert candidate.status == "awaitingReview"
        assert api.tests.get(TEST_ID).created == "long ago"
        assert api.plans.get_current()["brandNew"] == [1]
        assert "status" not in api.candidates.get(candidate.id).to_dict()
