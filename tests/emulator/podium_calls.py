"""Short ways to say what Podium's tests do often."""

from __future__ import annotations

from typing import Any

import httpx

CLIENT = "/clients/client-1"
PAT = "1-1-49164582-ad37-45aa-abc5-c4d622824131"
KIM = "1-1-50164512-ad37-45aa-abc5-c4d122824131"
REPORT = "1-1-58bbcd87-d0f4-4673-9e40-c9e3d3772012"
PERSON = {
    "firstName": "Ada",
    "lastName": "Sample",
    "gender": "Female",
    "emailAddress": "ada.sample@example.com",
    "integrationPartnerParticipantId": "partner-7",
}
ORDER = {"reportBundleId": "reportBundle1", "reportIds": ["report1"], "normIds": ["norm1"]}


def add(client: httpx.Client, **changed: Any) -> str:
    """Add a participant and return the id."""
    created = client.post(f"{CLIENT}/participants", json=PERSON | changed)
    assert created.status_code == 200, created.text
    participant: str = created.json()["participantId"]
    return participant


def assign(client: httpx.Client, participant: str, *tests: str | dict[str, Any], **more: Any) -> list[str]:
    """Assign tests and return the ids of the invitations."""
    entries = [
        {"testId": test, "languageId": "EN"} if isinstance(test, str) else {"languageId": "EN", **test}
        for test in tests
    ]
    answer = client.post(f"{CLIENT}/participants/{participant}/tests", json={"tests": entries, **more})
    assert answer.status_code == 200, answer.text
    return [invitation["invitationId"] for invitation in answer.json()]


def status(client: httpx.Client, participant: str) -> list[dict[str, Any]]:
    """Return a participant's tests."""
    tests: list[dict[str, Any]] = client.get(f"{CLIENT}/participants/{participant}/status").json()["tests"]
    return tests


def credit(client: httpx.Client) -> int:
    """Return the client's credits."""
    total: int = client.get(f"{CLIENT}/credits").json()["creditTotal"]
    return total


def results(client: httpx.Client, participant: str, query: str) -> httpx.Response:
    """Ask for a participant's results."""
    return client.get(f"{CLIENT}/participants/{participant}/results?{query}")


def order(client: httpx.Client, *participants: str, **changed: Any) -> str:
    """Request a report and return its id."""
    answer = client.post(f"{CLIENT}/reports", json=ORDER | {"participantIds": list(participants)} | changed)
    assert answer.status_code == 200, answer.text
    queue_id: str = answer.json()["reportQueueId"]
    return queue_id


def error(answer: httpx.Response) -> tuple[int, str]:
    """Return status and code of a refusal."""
    return answer.status_code, answer.json()["error"]["code"]
