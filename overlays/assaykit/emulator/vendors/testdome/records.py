"""The documents that TestDome keeps, and how they are looked up on behalf of an account.

Each document names its owner, the account; to any other account it does not exist.
"""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.rejection import NOT_FOUND, Rejected
from assaykit.emulator.engine.storage import Collection, Document, Storage
from assaykit.emulator.engine.vendor import Call

ACCOUNTS: Final = "testdome.accounts"
TESTS: Final = "testdome.tests"
URLS: Final = "testdome.urls"
CANDIDATES: Final = "testdome.candidates"
SHARES: Final = "testdome.shares"

COLLECTIONS: Final = (
    Collection(ACCOUNTS, {"clientId": str, "userName": str}, unique=("clientId", "userName")),
    Collection(
        TESTS,
        {"owner": str, "id": int, "deleted": bool, "archived": bool, "published": bool},
        compound=(("owner", "id"),),
    ),
    Collection(URLS, {"testId": int, "id": int}, compound=(("testId", "id"),)),
    Collection(
        CANDIDATES,
        {
            "owner": str,
            "id": int,
            "testId": int,
            "urlId": int,
            "address": str,
            "status": str,
            "score": float,
            "archived": bool,
            "notified": bool,
            "dueAt": str,
        },
        compound=(("owner", "id"), ("testId", "address"), ("testId", "id")),
    ),
    Collection(SHARES),
)

SENDING: Final = "sendingInvitation"
INVITED: Final = "invited"
STARTED: Final = "started"
PAUSED: Final = "paused"
COMPLETED: Final = "completed"
DID_NOT_TAKE: Final = "didNotTake"
CANCELED: Final = "canceled"
OPEN: Final = (SENDING, INVITED)
"""Statuses of those who may still start."""
TAKING: Final = (STARTED, PAUSED)
FINAL: Final = (COMPLETED, DID_NOT_TAKE, CANCELED)


def unknown(thing: str, code: str) -> Rejected:
    """Return the refusal of an id that names nothing the account may see."""
    return Rejected(NOT_FOUND, f"There is no {thing} with this id.", code=code)


def save(store: Storage, collection: str, document: dict[str, Any]) -> None:
    """Keep a document that was changed."""
    store.replace(collection, str(document["id"]), document)


def owned_test(call: Call) -> Document:
    """Return the test in the path.

    Raises:
        Rejected: There is none with this id, it was deleted, or it belongs to another account.
    """
    test = call.state.store.get(TESTS, str(call.path["testId"]))
    if test is None or test["deleted"] or test["owner"] != call.identity:
        raise unknown("test", "testNotFound")
    return test


def find_candidate(call: Call, number: int) -> Document | None:
    """Return a candidate of the account that asks, or None."""
    candidate = call.state.store.get(CANDIDATES, str(number))
    return candidate if candidate is not None and candidate["owner"] == call.identity else None


def owned_candidate(call: Call) -> Document:
    """Return the candidate in the path.

    Raises:
        Rejected: There is none with this id, or it belongs to another account.
    """
    candidate = find_candidate(call, call.path["candidateId"])
    if candidate is None:
        raise unknown("candidate", "candidateNotFound")
    return candidate
