"""The documents that Talentics keeps, and how they are looked up on behalf of an account.

A document holds what the API shows of it under `shown`, in the documented order, beside what it is looked up by. The
samples let one account see several companies, so what an account may see is told by `owner`, not by a company's id.
"""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.rejection import NOT_FOUND, Rejected
from assaykit.emulator.engine.storage import Collection, Document, Storage
from assaykit.emulator.engine.vendor import Call

ACCOUNTS: Final = "talentics.accounts"
ORGANIZATIONS: Final = "talentics.organizations"
EXAMS: Final = "talentics.exams"
TICKETS: Final = "talentics.tickets"
SCORES: Final = "talentics.scores"
JOBS: Final = "talentics.jobs"
APPLICANTS: Final = "talentics.applicants"
FORMS: Final = "talentics.forms"

COLLECTIONS: Final = (
    Collection(ACCOUNTS),
    Collection(ORGANIZATIONS),
    Collection(EXAMS, {"owner": str, "id": int}, compound=(("owner", "id"),)),
    Collection(TICKETS, {"examId": int, "id": int}, compound=(("examId", "id"),)),
    Collection(SCORES),
    Collection(JOBS, {"owner": str, "id": int}, compound=(("owner", "id"),)),
    Collection(APPLICANTS, {"jobId": int, "id": int}, compound=(("jobId", "id"),)),
    Collection(FORMS),
)


def unknown(thing: str) -> Rejected:
    """Return the refusal of an id that names nothing the account may see."""
    return Rejected(NOT_FOUND, f"There is no {thing} with this id.")


def put(store: Storage, collection: str, number: int, shown: dict[str, Any], **looked_up: Any) -> None:
    """Add a document.

    Args:
        store: Where it is kept.
        collection: Its collection.
        number: Its id.
        shown: What the API shows of it.
        **looked_up: Further fields, such as its owner.
    """
    store.insert(collection, str(number), {"id": number, **looked_up, "shown": shown})


def owned(call: Call, collection: str, number: int, thing: str) -> Document:
    """Return a document of the account that asks.

    Args:
        call: The request.
        collection: Where the document is kept.
        number: Its id; of any size.
        thing: What it is, in words.

    Raises:
        Rejected: There is none with this id, or it belongs to another account.
    """
    document = call.state.store.get(collection, str(number))
    if document is None or document["owner"] != call.identity:
        raise unknown(thing)
    return document
