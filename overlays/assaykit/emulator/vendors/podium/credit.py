"""Credits: what a client has left, and what scoring costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from assaykit.emulator.engine.editing import edited
from assaykit.emulator.engine.jsontext import dumps
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import INVALID, NOT_FOUND, PAYMENT_REQUIRED, Field, Rejected
from assaykit.emulator.engine.storage import Document, change
from assaykit.emulator.engine.vendor import Action, Behaviours, Call
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.podium.errors import INSUFFICIENT_CREDITS
from assaykit.emulator.vendors.podium.records import CHARGES, CLIENTS, client_of

PRICE: Final = 1
"""Credits for scoring one test of one participant against one norm, the first time."""

behaviours = Behaviours()
Scoring = tuple[str, str, str]
"""Participant, test and norm."""


def shown_client(client: Document) -> dict[str, Any]:
    """Return what a client has left, as the API shows it."""
    return edited("clients", client, {"creditTotal": client["credits"]})


@behaviours.operation("credits_get")
def get(call: Call) -> Success:
    """Tell what a client has left."""
    return Success(shown_client(client_of(call)))


def charge(state: State, client_id: str, scorings: Iterable[Scoring]) -> None:
    """Take what scorings cost that were not paid for before.

    Args:
        state: Podium's part of the world.
        client_id: Who pays.
        scorings: What is scored.

    Raises:
        Rejected: The client has too few credits; nothing was taken.
    """
    due = [
        key
        for key in dict.fromkeys(dumps(list(scoring)).decode() for scoring in scorings)
        if state.store.get(CHARGES, key) is None
    ]
    if not due:
        return
    client = state.store.get(CLIENTS, client_id)
    left = 0 if client is None else client["credits"]
    price = PRICE * len(due)
    if price > left:
        raise Rejected(
            PAYMENT_REQUIRED,
            f"Scoring needs {price} credit{'s' * (price != 1)} and the client has {left}.",
            code=INSUFFICIENT_CREDITS,
        )
    for key in due:
        state.store.insert(CHARGES, key, {"clientId": client_id, "at": state.now()})
    change(state.store, CLIENTS, client_id, lambda document: document.update(credits=left - price))


def adjust(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Tell what a client has left, after giving it `creditTotal` if that is there: `{"clientId": …}`."""
    client_id = arguments.get("clientId")
    client = state.store.get(CLIENTS, client_id) if isinstance(client_id, str) else None
    if client is None:
        raise Rejected(NOT_FOUND, "There is no client with this id.", [Field("clientId", "is not known")])
    if "creditTotal" in arguments:
        total = arguments["creditTotal"]
        if not isinstance(total, int) or isinstance(total, bool) or total < 0:
            wrong = Field("creditTotal", "must be a whole number of at least 0")
            raise Rejected(INVALID, f"creditTotal {wrong.message}.", [wrong])
        client = change(state.store, CLIENTS, client["id"], lambda document: document.update(credits=total))
    return {"clientId": client["id"], "creditTotal": client["credits"]}


ACTIONS: Final[dict[str, Action]] = {"credits": adjust}
