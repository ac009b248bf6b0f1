"""Every sample request of the vendor's page works against the start world as printed, but for its host."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.serve import serve_in_thread

PAT = "1-1-49164582-ad37-45aa-abc5-c4d622824131"
KIM = "1-1-50164512-ad37-45aa-abc5-c4d122824131"
QUEUED = "1-1-58bbcd87-d0f4-4673-9e40-c9e3d3772012"
IN = f"/clients/client-1/participants/{PAT}"
BY_PARTNER = "/clients/client-1/participants/external/partner-id-1234"
METADATA = {
    "integrationPartnerParticipantMetadata": {
        "candidateId": "cand-7890",
        "assessmentId": "assess-5678",
        "fieldId": "emotional-intelligence",
        "testStatus": "in-progress",
        "reviewedBy": "admin_user_2",
    }
}
REPORT = {
    "participantIds": [PAT, KIM],
    "reportBundleId": "reportBundle1",
    "reportIds": ["report1", "report2"],
    "normIds": ["norm1", "norm2"],
}


@pytest.fixture(scope="module")
def emulator() -> Iterator[tuple[Emulator, str]]:
    from assaykit.emulator import vendors

    made = Emulator([vendors.load("podium")], check_replies=True, deliver=False)
    with serve_in_thread(made) as url:
        yield made, url
    made.close()


@pytest.fixture
def client(emulator: tuple[Emulator, str]) -> Iterator[httpx.Client]:
    """Sign in with the sample's own key, over HTTP."""
    running, url = emulator
    running.world().reset()
    with httpx.Client(base_url=f"{url}/podium", trust_env=False) as made:
        token = made.post("/token", content=b'{"apiKey":"f402477b-36b0-484d-8d7f-e3d03e8f895a"}', headers=JSON)
        made.headers["Authorization"] = f"Bearer {token.json()['token']}"
        yield made


JSON = {"Content-Type": "application/json"}


def test_adding_a_participant(client: httpx.Client) -> None:
    sample = {
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
    answer = client.post("/clients/client-1/participants", json=sample).json()
    assert list(answer) == ["participantId", "integrationPartnerParticipantId", "participantAssessmentUrl"]
    assert answer["participantId"].startswith("1-1-")
    assert answer["participantAssessmentUrl"].endswith(f"?loginKey={answer['participantId']}")


def test_assigning_tests(client: httpx.Client) -> None:
    sample = {
        "tests": [
            {"testId": "test1", "languageId": "EN", "order": 1},
            {"testId": "test2", "languageId": "EN", "order": 2},
        ],
        "expiryDate": "2018-12-31T23:59:59Z",
    }
    answer = client.post(f"{IN}/tests", json=sample)
    assert [invitation["testId"] for invitation in answer.json()] == ["test1", "test2"]


def test_removing_tests(client: httpx.Client) -> None:
    answer = client.delete(f"{IN}/tests?testId=test1&testId=test2&startDate=2024-08-20&endDate=2024-12-02")
    assert (answer.status_code, answer.content) == (200, b"")


def test_inviting(client: httpx.Client) -> None:
    answer = client.post(f"{IN}/invite")
    assert (answer.status_code, answer.content) == (200, b"")


def test_status(client: httpx.Client) -> None:
    answer = client.get(f"{IN}/status").json()
    assert {
        "invitationId": "a33384de-3ae5-43f3-a3bb-84832556e62b",
        "testId": "test1",
        "creationDate": "2018-11-13T12:18:49.7233330Z",
        "completionDate": None,
        "expiryDate": None,
        "firstLaunched": None,
    } in answer["tests"]
    assert answer["integrationPartnerParticipantMetadata"] is None


def test_status_by_partner_id(client: httpx.Client) -> None:
    answer = client.get(f"{BY_PARTNER}/status").json()
    assert [participant["participantId"] for participant in answer] == [PAT]
    assert answer[0]["emailAddress"] == "pat.sample@example.com"


def test_results(client: httpx.Client) -> None:
    answer = client.get(f"{IN}/results?testId=test1&testId=test2&normId=norm1").json()
    assert answer["results"][0] == {
        "testId": "test1",
        "completionDate": "2018-10-30T15:29:51.0733330Z",
        "scores": [{"scaleId": "Scale1", "percentileScore": 99, "rawScore": 18, "standardisedScore": 10}],
    }


def test_results_by_date(client: httpx.Client) -> None:
    query = "testId=test1&testId=test2&normId=norm1&startDate=2024-08-12&endDate=2024-12-02"
    answer = client.get(f"/clients/client-1/participants/results?{query}").json()
    assert [participant["participantId"] for participant in answer] == [KIM]


@pytest.mark.parametrize("base", [IN, BY_PARTNER])
def test_metadata(client: httpx.Client, base: str) -> None:
    assert client.patch(f"{base}/metadata", json=METADATA).json() == METADATA
    deleted = client.delete(f"{base}/metadata")
    assert (deleted.status_code, deleted.content) == (200, b"")


@pytest.mark.parametrize(
    ("path", "sample"),
    [
        ("reports", REPORT),
        ("reportsbydaterange", REPORT | {"startDate": "2024-08-20", "endDate": "2024-12-02"}),
        ("reportsbydaterange", {"startDate": "2024-08-20", "endDate": "2024-12-02"} | REPORT | {"format": "pdf"}),
    ],
)
def test_requesting_reports(client: httpx.Client, path: str, sample: dict[str, Any]) -> None:
    answer = client.post(f"/clients/client-1/{path}", json=sample)
    assert answer.json()["reportQueueId"].startswith("1-1-")


def test_report_status_download_and_link(client: httpx.Client) -> None:
    status = client.get(f"/clients/client-1/reports/{QUEUED}/status").json()
    assert status["completionDate"] is not None
    assert (status["error"], status["suspended"]) == (False, False)
    download = client.get(f"/clients/client-1/reports/{QUEUED}")
    assert download.headers["content-type"] == "application/zip"
    link = client.get(f"/clients/client-1/reports/{QUEUED}/securelink").json()["downloadLink"]
    assert httpx.get(link, trust_env=False).content == download.content


def test_credits(client: httpx.Client) -> None:
    assert client.get("/clients/client-1/credits").json() == {"creditTotal": 100}


def test_examples_of_the_specification_work_too(emulator: tuple[Emulator, str], client: httpx.Client) -> None:
    """Each request example gets a success, in the order in which the specification lists the operations."""
    contract = emulator[0].vendors["podium"].contract
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
            answer = client.request(operation.method, path, json=value)
            assert answer.status_code == 200, (operation.id, answer.text)
            tried += 1
    assert tried >= 7
