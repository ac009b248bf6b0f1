"""The accounts, and the test and its candidates that the specification's examples show."""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.vendors.testdome import accounts
from assaykit.emulator.vendors.testdome.records import CANCELED, COMPLETED, DID_NOT_TAKE, INVITED, PAUSED, STARTED

TEST: Final = 1_234_567
URL: Final = 4321
COMPLETED_CANDIDATE: Final = 7_654_321
INVITED_CANDIDATE: Final = 7_654_322

PLAN: Final = {
    "id": 12,
    "name": "Trial",
    "type": "trial",
    "isTrial": True,
    "isSubscription": False,
    "isPaymentSubscriptionActive": False,
    "questionsToCloneAvailable": 5,
    "canCreateTest": {"authorized": True, "errorMessage": None},
    "canCloneQuestions": {"authorized": True, "errorMessage": None},
    "supportsPremiumFeatures": {"authorized": True, "errorMessage": None},
    "supportsSso": {"authorized": False, "errorMessage": "The plan has no single sign-on."},
}
ACCOUNTS: Final = (
    {
        "id": accounts.DEMO,
        "clientId": accounts.CLIENT_ID,
        "clientSecret": accounts.CLIENT_SECRET,
        "userName": accounts.USER_NAME,
        "password": accounts.PASSWORD,
        "ownerName": "Ada Sample",
        "inviteBalance": accounts.BALANCE,
        "plan": PLAN,
    },
    {
        "id": accounts.OTHER,
        "clientId": accounts.OTHER_CLIENT_ID,
        "clientSecret": accounts.OTHER_CLIENT_SECRET,
        "userName": accounts.OTHER_USER_NAME,
        "password": accounts.OTHER_PASSWORD,
        "ownerName": "Olga Sample",
        "inviteBalance": accounts.BALANCE,
        "plan": PLAN | {"id": 30, "name": "Team", "type": "subscription", "isTrial": False, "isSubscription": True},
    },
)
QUESTIONS: Final = tuple(
    {"id": number, "name": name, "skill": skill, "seconds": seconds, "manual": False}
    for number, name, skill, seconds in (
        (5150, "Sorted search", "Python", 600),
        (5151, "Route planner", "Python", 900),
        (5152, "Binary tree", "Python", 600),
        (5153, "Log parser", "Python", 900),
        (5154, "Pets", "SQL", 600),
        (5155, "Sessions", "SQL", 600),
        (5156, "Regional sales", "SQL", 600),
        (5157, "Cache policy", "Algorithms", 600),
    )
)
SAMPLE_TEST: Final[dict[str, Any]] = {
    "name": "Backend Developer",
    "description": "Python and SQL for backend developers.",
    "created": "2026-01-12T09:30:00.000000Z",
    "author": {"name": "Otto Sample", "email": "otto.sample@example.com"},
    "proctoringConsent": True,
    "questions": list(QUESTIONS),
    "databaseOptions": ["PostgreSQL"],
    "urlSettings": {
        "candidatesLimit": 50,
        "deadline": None,
        "proctoringEnabled": False,
        "verifyCandidates": True,
    },
    "inviteViaEmailParameters": {
        "body": "Please take the test.",
        "replyTo": "hiring@example.com",
        "proctoringEnabled": True,
    },
    "notifyCandidatesParameters": {
        "passEmail": "You have passed.",
        "failEmail": "You have not passed.",
        "replyTo": "hiring@example.com",
    },
}
ADA: Final[dict[str, Any]] = {
    "id": COMPLETED_CANDIDATE,
    "name": "Ada Sample",
    "deadline": "2026-03-15T23:59:59.000000Z",
    "invitationKey": "f1950b31a9be4e55a6149c3c4dac942c",
    "tags": ["referral"],
    "proctoringEnabled": True,
    "paid": True,
    "startedAt": "2026-03-02T10:15:00.000000Z",
    "status": COMPLETED,
    "score": 82,
    "timeTaken": 2710,
    "skillScores": [{"skill": "Python", "score": 90}, {"skill": "SQL", "score": 75}],
    "activities": [
        {"date": "2026-03-01T08:00:00.000000Z", "description": "The candidate was invited."},
        {"date": "2026-03-02T10:15:00.000000Z", "description": "The candidate started the test."},
        {"date": "2026-03-02T11:00:10.000000Z", "description": "The candidate finished the test."},
    ],
}
TOM: Final[dict[str, Any]] = {
    "id": INVITED_CANDIDATE,
    "deadline": "2030-03-15T23:59:59.000000Z",
    "invitationKey": "3b6c0f52d7ab41f5a7b6a1c3e98d4f10",
    "paid": True,
    "status": INVITED,
}
OTHERS: Final = (
    ("lena.sample@example.com", COMPLETED, 91),
    ("omar.sample@example.com", COMPLETED, 58),
    ("ines.sample@example.com", COMPLETED, 44),
    ("paul.sample@example.com", COMPLETED, 30),
    ("rosa.sample@example.com", INVITED, None),
    ("kofi.sample@example.com", INVITED, None),
    ("mila.sample@example.com", STARTED, None),
    ("jonas.sample@example.com", PAUSED, None),
    ("nora.sample@example.com", DID_NOT_TAKE, None),
    ("hugo.sample@example.com", CANCELED, None),
)
"""The ten further candidates of the sample's test: address, status, score. Those who completed it came by the URL."""
