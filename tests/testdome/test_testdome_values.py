"""What answers hold: values, fields and dates that nobody documents, and both forms of the list of v2."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import assaykit
from assaykit.testdome import models
from tests.testdome.support import TEST, Server, example

CANDIDATE = "/v3/candidates/7654321"


def test_unknown_values_and_fields_are_kept() -> None:
    server = Server()
    document = example("CandidateCompleted") | {"status": "awaitingReview", "mood": {"score": 5}, "score": 0.82}
    document["test"] = {"id": 1, "testUrlStatus": "expired", "brandNew": [1]}
    server.answers[CANDIDATE] = document
    with server.client() as api:
        candidate = api.candidates.get(7654321)

    assert candidate.status == "awaitingReview"
    assert isinstance(candidate.status, models.CandidateStatus)
    assert not candidate.status.is_known
    assert candidate["mood"] == {"score": 5}
    assert isinstance(candidate.test, models.Test)
    assert candidate.test.test_url_status == "expired"
    assert candidate.test["brandNew"] == [1]
    assert candidate.to_dict() == document


def test_page_with_a_malformed_date_passes() -> None:
    server = Server()
    page = server.page({"$top": "3"})
    page["value"][1]["deadline"] = "when it suits"
    page["value"][2] |= {"deadline": None, "anonymized": "2026-02-30"}
    server.answers["/v3/candidates"] = page | {"hasMoreItems": False}
    with server.client() as api:
        fine, odd, none = api.paginate(api.candidates.list)

    assert fine.deadline == datetime(2030, 3, 15, 23, 59, 59, tzinfo=UTC)
    assert odd.deadline == "when it suits"
    assert none.deadline is None
    assert none.anonymized == "2026-02-30"
    assert [one.to_dict() for one in (fine, odd, none)] == page["value"]


def test_answer_with_nothing_but_what_was_selected_passes() -> None:
    server = Server()
    server.answers[CANDIDATE] = {"id": 7654321}
    with server.client() as api:
        assert api.candidates.get(7654321, select=["id"]).to_dict() == {"id": 7654321}


def test_answer_that_does_not_fit_names_the_place() -> None:
    server = Server()
    server.answers["/v3/candidates"] = {"value": [{"id": 1, "tags": "none"}], "totalCount": 1, "hasMoreItems": False}
    with server.client() as api, pytest.raises(assaykit.ResponseInvalid) as caught:
        api.candidates.list()

    assert caught.value.path == "$.value[0].tags"
    assert caught.value.response is not None


@pytest.mark.parametrize("name", ["TestListV2", "TestPageV2"])
def test_tests_of_v2_come_bare_or_in_an_envelope(name: str) -> None:
    server = Server()
    server.answers["/v2/tests"] = example(name)
    with server.client() as api:
        answer = api.v2_tests.list()

    tests = answer.value if isinstance(answer, models.TestPageV2) else answer
    assert [(test.id, test.name) for test in tests] == [(TEST, "Backend Developer")]


def test_link_to_a_report_does_not_show() -> None:
    server = Server()
    server.answers[f"{CANDIDATE}/sharing-url"] = example("ShareUrl")
    with server.client() as api:
        shared = api.candidates.share(7654321)

    assert shared.share_url.startswith("https://")
    assert shared.share_url not in repr(shared)
