"""TestDome: nothing that its world shows beyond the specification fails a call, a walk or a webhook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

import assaykit
from assaykit import testdome
from assaykit.testing.testdome import Emulator
from tests.tolerance.conftest import Client

COMPLETED = 7654321
INVITED = 7654322
TEST = 1234567


def candidates(api: Any) -> Any:
    return api.paginate(api.candidates.list, top=20)


def test_unknown_enumeration_values_are_kept(testdome_emulator: Emulator, client: Client) -> None:
    testdome_emulator.set_field("candidates", COMPLETED, "status", value="awaitingReview")
    testdome_emulator.set_field("tests", TEST, "testUrlStatus", value="expired")
    testdome_emulator.set_field("settings", TEST, "timingPolicy", value="generous")

    found = {one.id: one for one in client.walk(testdome_emulator, candidates)}
    status = found[COMPLETED].status
    assert (status, status.is_known) == ("awaitingReview", False)
    assert found[COMPLETED].to_dict()["status"] == "awaitingReview"
    assert found[INVITED].status.is_known
    url_status = client.ask(testdome_emulator, lambda api: api.tests.get(TEST)).test_url_status
    assert (url_status, url_status.is_known) == ("expired", False)
    policy = client.ask(testdome_emulator, lambda api: api.settings.get(TEST)).timing_policy
    assert (policy, policy.is_known) == ("generous", False)


def test_unknown_fields_are_kept(testdome_emulator: Emulator, client: Client) -> None:
    testdome_emulator.set_field("candidates", COMPLETED, "mood", value={"score": 5})
    testdome_emulator.set_field("plans", "demo", "seats", value=3)

    candidate = client.ask(testdome_emulator, lambda api: api.candidates.get(COMPLETED))
    assert (candidate["mood"], candidate.to_dict()["mood"]) == ({"score": 5}, {"score": 5})
    assert client.ask(testdome_emulator, lambda api: api.plans.get_current())["seats"] == 3


def test_one_malformed_date_spoils_neither_its_page_nor_the_walk(testdome_emulator: Emulator, client: Client) -> None:
    total = len(client.walk(testdome_emulator, candidates))
    testdome_emulator.set_field("candidates", INVITED, "deadline", value="when it suits")
    testdome_emulator.set_field("candidates", COMPLETED, "deadline", value="2026-2-3 4:05")

    found = {one.id: one for one in client.walk(testdome_emulator, candidates)}
    assert len(found) == total
    malformed, odd = found[INVITED].deadline, found[COMPLETED].deadline
    assert (malformed.raw, found[INVITED].to_dict()["deadline"]) == ("when it suits", "when it suits")
    assert isinstance(odd, datetime)
    assert (odd.day, found[COMPLETED].to_dict()["deadline"]) == (3, "2026-2-3 4:05")
    dates = [one.deadline for one in found.values() if one.deadline is not None and one.id != INVITED]
    assert len(dates) > 20
    assert all(isinstance(date, datetime) for date in dates)


@pytest.mark.parametrize(
    ("codes", "status", "kind", "code"),
    [
        ("forbidden>planNotAuthorized>seatMissing", 403, assaykit.PermissionDenied, "planNotAuthorized"),
        ("forbidden>noInvitesLeft>monthlyAllowanceSpent", 403, assaykit.PaymentRequired, "noInvitesLeft"),
        ("moonPhase>tideTable", 409, assaykit.Conflict, "moonPhase"),
        ("teapot", 418, assaykit.ApiError, "teapot"),
    ],
)
def test_new_error_codes_give_way_to_the_innermost_known_one(
    testdome_emulator: Emulator, client: Client, codes: str, status: int, kind: type[assaykit.ApiError], code: str
) -> None:
    testdome_emulator.fail_next("plans_get_current", status=status, code=codes)

    with pytest.raises(assaykit.ApiError) as caught:
        client.ask(testdome_emulator, lambda api: api.plans.get_current())
    error = caught.value
    assert (type(error), error.status, error.code) == (kind, status, code)
    assert [cause.code for cause in error.causes] == codes.split(">")
    assert error.response is not None
    assert error.response.json()["error"]["code"] == codes.partition(">")[0]


@pytest.mark.parametrize("body", [[], "no", {"error": []}, {"error": {"code": {}}}, {"error": {"innerError": 1}}])
def test_error_bodies_of_another_shape(testdome_emulator: Emulator, client: Client, body: Any) -> None:
    testdome_emulator.fail_next("plans_get_current", status=409, body=body)
    with pytest.raises(assaykit.Conflict) as caught:
        client.ask(testdome_emulator, lambda api: api.plans.get_current())
    assert caught.value.response is not None
    assert caught.value.response.json() == body


def test_webhooks_with_an_unknown_status_and_unknown_fields(testdome_emulator: Emulator) -> None:
    events: list[Any] = []

    def receive(headers: Mapping[str, str], body: bytes) -> None:
        events.append(testdome.webhooks.parse(headers, body))

    testdome_emulator.subscribe(receive)
    testdome_emulator.set_field("webhooks", INVITED, "status", value="OnHold")
    testdome_emulator.set_field("webhooks", INVITED, "reason", value={"by": "user"})
    testdome_emulator.complete(INVITED)

    [event] = events
    assert isinstance(event, testdome.webhooks.CandidateEvent)
    assert (str(event.status), event.model_extra) == ("OnHold", {"reason": {"by": "user"}})
