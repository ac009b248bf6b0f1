"""Every sample request of the vendor's page, sent by curl as printed, its host alone swapped.

The page prints method, address and body of each; the sample address of the results by date is garbled there, so the
one of its endpoint line is used. Placeholders are filled with the ids of the page's samples.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from assaykit.emulator.engine.emulator import Emulator
from tests.emulator.curl import Answer, curl, fields, served
from tests.emulator.podium_calls import KIM, PAT, REPORT
from tests.emulator.podium_fields import FIELDS

IN = f"/clients/client-1/participants/{PAT}"
BY_PARTNER = "/clients/client-1/participants/external/partner-id-1234"
PERSON = {
    "firstName": "Terence",
    "lastName": "Test",
    "gender": "m",
    "emailAddress": "terence.test@podium365.com",
    "integrationPartnerParticipantId": "partner-id1234",
    "integrationPartnerParticipantMetadata": {
        "candidateId": "cand-5678",
        "assessmentId": "assessabc123",
        "fieldId": "cognitive-aptitude",
        "testStatus": "in-progress",
    },
}
TESTS = {
    "tests": [
        {"testId": "test1", "languageId": "EN", "order": 1},
        {"testId": "test2", "languageId": "EN", "order": 2},
    ],
    "expiryDate": "2018-12-31T23:59:59Z",
}
METADATA = {
    "integrationPartnerParticipantMetadata": {
        "candidateId": "cand-7890",
        "assessmentId": "assess-5678",
        "fieldId": "emotional-intelligence",
        "testStatus": "in-progress",
        "reviewedBy": "admin_user_2",
    }
}
ORDER = {
    "participantIds": [PAT, KIM],
    "reportBundleId": "reportBundle1",
    "reportIds": ["report1", "report2"],
    "normIds": ["norm1", "norm2"],
}
DAYS = {"startDate": "2024-08-20", "endDate": "2024-12-02"}
SAMPLES: dict[str, tuple[str, str, Any]] = {
    "tokens_create": ("POST", "/token", {"apiKey": "f402477b-36b0-484d-8d7f-e3d03e8f895a"}),
    "participants_create": ("POST", "/clients/client-1/participants", PERSON),
    "tests_assign": ("POST", f"{IN}/tests", TESTS),
    "tests_remove": (
        "DELETE",
        f"{IN}/tests?testId=test1&testId=test2&startDate=2024-08-20&endDate=2024-12-02",
        None,
    ),
    "invitations_send": ("POST", f"{IN}/invite", None),
    "participants_status": ("GET", f"{IN}/status", None),
    "participants_status_by_partner_id": ("GET", f"{BY_PARTNER}/status", None),
    "results_get": ("GET", f"{IN}/results?testId=test1&testId=test2&normId=norm1", None),
    "results_list": (
        "GET",
        "/clients/client-1/participants/results"
        "?testId=test1&testId=test2&normId=norm1&startDate=2024-08-12&endDate=2024-12-02",
        None,
    ),
    "metadata_update": ("PATCH", f"{IN}/metadata", METADATA),
    "metadata_update_by_partner_id": ("PATCH", f"{BY_PARTNER}/metadata", METADATA),
    "metadata_delete": ("DELETE", f"{IN}/metadata", None),
    "metadata_delete_by_partner_id": ("DELETE", f"{BY_PARTNER}/metadata", None),
    "reports_request": ("POST", "/clients/client-1/reports", ORDER),
    "reports_request_by_date": ("POST", "/clients/client-1/reportsbydaterange", ORDER | DAYS),
    "reports_status": ("GET", f"/clients/client-1/reports/{REPORT}/status", None),
    "reports_download": ("GET", f"/clients/client-1/reports/{REPORT}", None),
    "reports_secure_link": ("GET", f"/clients/client-1/reports/{REPORT}/securelink", None),
    "credits_get": ("GET", "/clients/client-1/credits", None),
}
Send = Callable[..., Answer]


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Emulator, str]]:
    with served("podium") as running:
        yield running


@pytest.fixture
def send(server: tuple[Emulator, str]) -> Send:
    """Send a request with the token that the sample's key gets, in a new world."""
    emulator, url = server
    emulator.world().reset()

    def request(method: str, path: str, body: Any = None, *flags: str) -> Answer:
        sent = [] if body is None else ["-H", "Content-Type: application/json", "-d", json.dumps(body)]
        return curl("-X", method, *flags, *sent, f"{url}{path}")

    token = request(*SAMPLES["tokens_create"]).json["token"]
    return lambda method, path, body=None, *flags: request(
        method, path, body, "-H", f"Authorization: Bearer {token}", *flags
    )


def test_every_operation_has_a_sample(server: tuple[Emulator, str]) -> None:
    assert set(SAMPLES) == set(FIELDS) == set(server[0].vendors["podium"].contract.operations)


@pytest.mark.parametrize("flags", [(), ("--compressed",)], ids=["plain", "compressed"])
@pytest.mark.parametrize("operation", SAMPLES)
def test_each_sample_is_answered_with_every_field(send: Send, operation: str, flags: tuple[str, ...]) -> None:
    answer = send(*SAMPLES[operation], *flags)
    assert answer.status == 200
    if operation == "reports_download":
        assert (answer.headers["content-type"], answer.body[:2]) == ("application/zip", b"PK")
    elif FIELDS[operation]:
        assert fields(answer.json) == FIELDS[operation]
    else:
        assert answer.body == b""


def test_values_of_the_samples(send: Send) -> None:
    def ask(operation: str) -> Any:
        return send(*SAMPLES[operation]).json

    assert {
        "invitationId": "a33384de-3ae5-43f3-a3bb-84832556e62b",
        "testId": "test1",
        "creationDate": "2018-11-13T12:18:49.7233330Z",
        "completionDate": None,
        "expiryDate": None,
        "firstLaunched": None,
    } in ask("participants_status")["tests"]
    [participant] = ask("participants_status_by_partner_id")
    assert (participant["participantId"], participant["integrationPartnerParticipantMetadata"]) == (PAT, None)
    result = {
        "testId": "test1",
        "completionDate": "2018-10-30T15:29:51.0733330Z",
        "scores": [{"scaleId": "Scale1", "percentileScore": 99, "rawScore": 18, "standardisedScore": 10}],
    }
    assert result in ask("results_get")["results"]
    assert [participant["participantId"] for participant in ask("results_list")] == [KIM]
    assert ask("metadata_update") == ask("metadata_update_by_partner_id") == METADATA
    assert [invitation["testId"] for invitation in ask("tests_assign")] == ["test1", "test2"]
    created = ask("participants_create")
    assert created["integrationPartnerParticipantId"] == "partner-id1234"
    assert created["participantAssessmentUrl"].endswith(f"?loginKey={created['participantId']}")
    report = ask("reports_status")
    assert report == {"completionDate": report["completionDate"], "error": False, "suspended": False}
    assert curl(ask("reports_secure_link")["downloadLink"]).body == send(*SAMPLES["reports_download"]).body


def test_a_fresh_world_has_the_credits_of_the_sample(send: Send) -> None:
    assert send(*SAMPLES["credits_get"]).json == {"creditTotal": 100}


def test_without_a_token_nothing_is_answered(server: tuple[Emulator, str]) -> None:
    answer = curl(f"{server[1]}/clients/client-1/credits")
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_examples_of_the_specification_work_too(server: tuple[Emulator, str], send: Send) -> None:
    """Each request example gets a success, in the order in which the specification lists the operations."""
    contract = server[0].vendors["podium"].contract
    examples = contract.document["components"]["examples"]
    tried = 0
    for operation in contract.operations.values():
        if not operation.body_media or operation.id == "tokens_create":
            continue
        path = operation.template.replace("{clientId}", "client-1").replace("{participantId}", PAT)
        path = path.replace("{integrationPartnerParticipantId}", "partner-id-1234")
        declared, _ = contract.schemas.follow(
            "#/paths/" + operation.template.replace("/", "~1") + f"/{operation.method.lower()}/requestBody"
        )
        for example in declared["content"]["application/json"]["examples"].values():
            value = examples[example["$ref"].rpartition("/")[2]]["value"] if "$ref" in example else example["value"]
            answer = send(operation.method, path, value)
            assert answer.status == 200, (operation.id, answer.body)
            tried += 1
    assert tried >= 7
