"""The start world: invented people under the ids that the documentation's samples use.

Every sample request of the page works against it as printed, once its host is swapped. Dates are the samples' own,
so that their ranges of days find something; only the report is as old as the world, since reports are kept for a
year.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from assaykit.emulator.engine.dates import instant_text
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.podium.records import (
    BUNDLES,
    CLIENTS,
    INVITATIONS,
    KEYS,
    NORMS,
    PARTICIPANTS,
    REPORTS,
    ROLE_PROFILES,
    TESTS,
)

API_KEY: Final = "assaykit-demo-key"
SAMPLE_API_KEY: Final = "f402477b-36b0-484d-8d7f-e3d03e8f895a"
OTHER_API_KEY: Final = "assaykit-other-key"
CLIENT: Final = "client-1"
SAMPLE_CLIENT: Final = "d10ffc13-7f62-fef7-b7c8-8d38ad11acc2"
OTHER_CLIENT: Final = "client-2"
CREDITS: Final = 100

PAT: Final = "1-1-49164582-ad37-45aa-abc5-c4d622824131"
KIM: Final = "1-1-50164512-ad37-45aa-abc5-c4d122824131"
SAM: Final = "1-1-c57ffc13-7f62-4eb7-b7c8-8d38ad11acc2"
REPORT: Final = "1-1-58bbcd87-d0f4-4673-9e40-c9e3d3772012"

_KEYS: Final = {API_KEY: "partner-12345", SAMPLE_API_KEY: "partner-12345", OTHER_API_KEY: "partner-67890"}
_CLIENTS: Final = {CLIENT: "partner-12345", SAMPLE_CLIENT: "partner-12345", OTHER_CLIENT: "partner-67890"}
_TESTS: Final[dict[str, list[dict[str, Any]]]] = {
    "test1": [{"id": "Scale1", "mean": 10, "deviation": 3.4, "maximum": 20}],
    "test2": [
        {"id": "Scale1", "mean": 12, "deviation": 4, "maximum": 24},
        {"id": "Scale2", "mean": 15, "deviation": 5, "maximum": 30},
    ],
    "PERSPECTIVES90": [{"id": "SOC", "mean": 25, "deviation": 8.8, "maximum": 50}],
}
_NORMS: Final[dict[str, dict[str, float]]] = {
    "norm1": {"shift": 0, "spread": 1},
    "norm2": {"shift": 0.5, "spread": 1.1},
}
_ROLE_PROFILES: Final = ("roleProfile1", "roleProfile2")
_BUNDLES: Final = {"reportBundle1": ["report1", "report2"]}
_PEOPLE: Final = (
    (PAT, CLIENT, "partner-id-1234", "Pat", "Sample", "Other", "2018-10-01T08:00:00.000000Z"),
    (KIM, CLIENT, "partner-id-1235", "Kim", "Sample", "Female", "2024-08-01T08:00:00.000000Z"),
    (SAM, SAMPLE_CLIENT, "partner-id-12345", "Sam", "Sample", "Male", "2019-01-20T08:00:00.000000Z"),
)
_INVITATIONS: Final = (
    # Participant, test, invitation, assigned, completed, raw scores.
    (
        PAT,
        "test1",
        "6f1c0f3e-51f4-4d0b-9a55-0d6cf2b1f001",
        "2018-10-01T08:05:00.000000Z",
        "2018-10-30T15:29:51.073333Z",
        {"Scale1": 18},
    ),
    (PAT, "test1", "a33384de-3ae5-43f3-a3bb-84832556e62b", "2018-11-13T12:18:49.723333Z", None, None),
    (PAT, "test2", "4012ed2d-6445-4aa0-a5f7-e5cadffe2c0c", "2018-11-13T12:18:49.723333Z", None, None),
    (
        KIM,
        "test1",
        "6f1c0f3e-51f4-4d0b-9a55-0d6cf2b1f002",
        "2024-08-01T08:05:00.000000Z",
        "2024-10-30T15:29:51.073333Z",
        {"Scale1": 14},
    ),
    (KIM, "test2", "6f1c0f3e-51f4-4d0b-9a55-0d6cf2b1f003", "2024-09-02T09:00:00.000000Z", None, None),
    (SAM, "PERSPECTIVES90", "327677cb-a539-4a2f-af1f-d72e603e9072", "2019-01-20T08:05:00.000000Z", None, None),
)


def fill(state: State) -> None:
    """Put the start world into an empty storage."""
    store = state.store
    for key, partner in _KEYS.items():
        store.insert(KEYS, key, {"partnerId": partner})
    for client, partner in _CLIENTS.items():
        store.insert(CLIENTS, client, {"id": client, "partnerId": partner, "credits": CREDITS})
    for test, scales in _TESTS.items():
        store.insert(TESTS, test, {"id": test, "scales": scales})
    for norm, values in _NORMS.items():
        store.insert(NORMS, norm, {"id": norm, **values})
    for profile in _ROLE_PROFILES:
        store.insert(ROLE_PROFILES, profile, {"id": profile})
    for bundle, reports in _BUNDLES.items():
        store.insert(BUNDLES, bundle, {"id": bundle, "reports": reports})
    clients = {person[0]: person[1] for person in _PEOPLE}
    for person, client, partner_id, first, last, gender, created in _PEOPLE:
        participant = {
            "id": person,
            "clientId": client,
            "partnerParticipantId": partner_id,
            "firstName": first,
            "lastName": last,
            "gender": gender,
            "emailAddress": f"{first.lower()}.sample@example.com",
            "metadata": None,
            "createdAt": created,
        }
        store.insert(PARTICIPANTS, person, participant)
    for person, test, invitation, created, completed, raw in _INVITATIONS:
        invited = {
            "id": invitation,
            "clientId": clients[person],
            "participantId": person,
            "testId": test,
            "languageId": "EN",
            "order": None,
            "createdAt": created,
            "expiresAt": None,
            "startedAt": completed,
            "completedAt": completed,
            "rawScores": raw,
        }
        store.insert(INVITATIONS, invitation, invited)
    _report(state)


def _report(state: State) -> None:
    requested = state.clock.now() - timedelta(hours=1)
    document = {
        "id": REPORT,
        "clientId": CLIENT,
        "participantIds": [PAT, KIM],
        "reportIds": ["report1", "report2"],
        "normIds": ["norm1", "norm2"],
        "roleProfileIds": [],
        "format": "docx",
        "requestedAt": instant_text(requested),
        "readyAt": instant_text(requested + timedelta(seconds=3)),
        "error": False,
        "suspended": False,
    }
    state.store.insert(REPORTS, REPORT, document)
