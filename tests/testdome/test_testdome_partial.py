"""Bulk calls of which a part failed: raised unless asked otherwise, with what failed and what came of the rest."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

import assaykit
from assaykit.testdome import AsyncTestDome, TestDome, models
from tests.testdome.support import OPERATIONS, TEST, Server, example, invitation

INVITE = f"/v3/tests/{TEST}/candidates/invite-via-email"
DEADLINE = f"/v3/tests/{TEST}/candidates/deadline"
IDS = models.CandidateIds([7654321, 7654322])
MOVED = models.DeadlineUpdate.from_dict(example("DeadlineUpdate"))

CALLS: list[tuple[str, Any, Any, tuple[object, ...]]] = [
    (
        INVITE,
        lambda api: api.candidates.invite(TEST, body=invitation("ada.sample@example.com", "tom.sample@example.com")),
        example("InviteResultPartial"),
        ("tom.sample@example.com",),
    ),
    (
        DEADLINE,
        lambda api: api.candidates.update_deadline(TEST, body=MOVED),
        {"failedCandidateIds": [7654322, 7654321]},
        (7654322, 7654321),
    ),
    (
        "/v3/candidates/archive",
        lambda api: api.candidates.archive(body=IDS),
        example("ArchiveResultPartial"),
        (7654322,),
    ),
    (
        "/v3/candidates/unarchive",
        lambda api: api.candidates.unarchive(body=IDS),
        example("ArchiveResultPartial"),
        (7654322,),
    ),
]
EACH = pytest.mark.parametrize(("path", "call", "answer", "failed"), CALLS, ids=[call[0] for call in CALLS])


def test_every_bulk_operation_says_where_it_lists_failures() -> None:
    named = {operation["id"]: operation["partialFailure"] for operation in OPERATIONS if operation["partialFailure"]}

    assert named == {
        "candidates_invite": {"items": "failedEmails", "message": "message"},
        "candidates_update_deadline": {"items": "failedCandidateIds"},
        "candidates_archive": {"items": "failedCandidates"},
        "candidates_unarchive": {"items": "failedCandidates"},
    }


@EACH
def test_part_that_failed_is_raised(path: str, call: Any, answer: Any, failed: tuple[object, ...]) -> None:
    server = Server()
    server.answers[path] = answer
    with server.client() as api, pytest.raises(assaykit.PartialFailure) as caught:
        call(api)

    error = caught.value
    assert error.failed == failed
    assert error.result.to_dict() == answer
    assert error.status == 200
    assert error.response is not None
    assert error.response.json() == answer
    assert len(server.requests) == 1


@EACH
@pytest.mark.anyio
async def test_part_that_failed_is_raised_async(path: str, call: Any, answer: Any, failed: tuple[object, ...]) -> None:
    server = Server()
    server.answers[path] = answer
    async with server.async_client() as api:
        with pytest.raises(assaykit.PartialFailure) as caught:
            await call(api)

    assert caught.value.failed == failed
    assert caught.value.result.to_dict() == answer


@EACH
def test_part_that_failed_is_returned_where_the_client_is_told_so(
    path: str, call: Any, answer: Any, failed: tuple[object, ...]
) -> None:
    server = Server()
    server.answers[path] = answer
    with server.client(on_partial="return") as api:
        assert call(api).to_dict() == answer
        with pytest.raises(assaykit.PartialFailure):
            call(api.with_options(on_partial="raise"))
        assert call(api.with_options(timeout=9.0)).to_dict() == answer


@EACH
@pytest.mark.anyio
async def test_part_that_failed_is_returned_by_a_clone_async(
    path: str, call: Any, answer: Any, failed: tuple[object, ...]
) -> None:
    server = Server()
    server.answers[path] = answer
    async with server.async_client() as api:
        assert (await call(api.with_options(on_partial="return"))).to_dict() == answer
        with pytest.raises(assaykit.PartialFailure):
            await call(api)


@EACH
@pytest.mark.parametrize("mode", ["raise", "return"])
def test_whole_success_is_returned(path: str, call: Any, answer: Any, failed: tuple[object, ...], mode: Any) -> None:
    field = next(name for name in answer if name.startswith("failed"))
    for whole in (answer | {field: []}, {}, {field: None}):
        server = Server()
        server.answers[path] = whole
        with server.client(on_partial=mode) as api:
            assert call(api) is not None


def test_error_says_how_many_and_why_without_their_addresses() -> None:
    server = Server()
    server.answers[INVITE] = example("InviteResultPartial")
    with server.client() as api, pytest.raises(assaykit.PartialFailure) as caught:
        api.candidates.invite(TEST, body=invitation("ada.sample@example.com", "tom.sample@example.com"))

    assert caught.value.message == "The account has no invites left."
    assert str(caught.value) == (
        "testdome candidates_invite: 200: 1 failed, the rest is done: The account has no invites left."
    )


def test_error_without_the_vendors_words_has_no_message() -> None:
    server = Server()
    server.answers[DEADLINE] = {"failedCandidateIds": [1, 2, 3]}
    with server.client() as api, pytest.raises(assaykit.PartialFailure) as caught:
        api.candidates.update_deadline(TEST, body=MOVED)

    assert caught.value.message == ""
    assert str(caught.value) == "testdome candidates_update_deadline: 200: 3 failed, the rest is done"


def test_error_survives_pickling() -> None:
    server = Server()
    server.answers[INVITE] = example("InviteResultPartial")
    with server.client() as api, pytest.raises(assaykit.PartialFailure) as caught:
        api.candidates.invite(TEST, body=invitation("tom.sample@example.com"))

    copied = pickle.loads(pickle.dumps(caught.value))
    assert copied.failed == ("tom.sample@example.com",)
    assert copied.result == caught.value.result


@pytest.mark.parametrize("client", [TestDome, AsyncTestDome])
def test_other_ways_to_treat_a_part_that_failed_are_refused(client: Any) -> None:
    with pytest.raises(assaykit.ConfigurationError, match="on_partial: 'ask' is not known"):
        client("id", "secret").with_options(on_partial="ask")
