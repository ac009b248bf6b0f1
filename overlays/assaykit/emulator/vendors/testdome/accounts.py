"""Accounts: their credentials, and their balance of invites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assaykit.emulator.engine.control_arguments import invalid
from assaykit.emulator.engine.rejection import NOT_FOUND, Rejected
from assaykit.emulator.engine.storage import Document, change
from assaykit.emulator.engine.vendor import Action
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.testdome.records import ACCOUNTS

DEMO: Final = "demo"
OTHER: Final = "other"
CLIENT_ID: Final = "assaykit-demo-client"
CLIENT_SECRET: Final = "assaykit-demo-secret"  # noqa: S105 - opens the emulator and nothing else
USER_NAME: Final = "ada.sample@example.com"
PASSWORD: Final = "assaykit-demo-password"  # noqa: S105 - likewise
OTHER_CLIENT_ID: Final = "assaykit-other-client"
OTHER_CLIENT_SECRET: Final = "assaykit-other-secret"  # noqa: S105 - likewise
OTHER_USER_NAME: Final = "olga.sample@example.com"
OTHER_PASSWORD: Final = "assaykit-other-password"  # noqa: S105 - likewise
BALANCE: Final = 100
_LARGEST: Final = 1_000_000_000


def account(state: State, name: str) -> Document:
    """Return an account by its name in this emulator.

    Raises:
        Rejected: There is no such account.
    """
    found = state.store.get(ACCOUNTS, name)
    if found is None:
        raise Rejected(NOT_FOUND, f"There is no account {name!r}; there is {DEMO} and {OTHER}.")
    return found


def invites_left(state: State, name: str) -> int:
    """Return how many candidates an account can still invite."""
    balance: int = account(state, name)["inviteBalance"]
    return balance


def move_balance(state: State, name: str, invites: int) -> None:
    """Give an account invites, or take some if the number is negative."""

    def edit(document: Document) -> None:
        document["inviteBalance"] += invites

    change(state.store, ACCOUNTS, name, edit)


def get_balance(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return `inviteBalance`, how many invites are left: `account`, the demo account if left out.

    Raises:
        Rejected: There is no such account.
    """
    return {"inviteBalance": account(state, arguments.get("account", DEMO))["inviteBalance"]}


def set_balance(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Set how many invites are left: `invites`, and `account`, the demo account if left out.

    Raises:
        Rejected: There is no such account, or the number does not fit.
    """
    invites = arguments.get("invites")
    if not isinstance(invites, int) or isinstance(invites, bool) or not 0 <= invites <= _LARGEST:
        raise invalid("invites", f"must be a whole number from 0 to {_LARGEST}")
    held = account(state, arguments.get("account", DEMO))
    held["inviteBalance"] = invites
    state.store.replace(ACCOUNTS, held["id"], held)
    return {"inviteBalance": invites}


ACTIONS: Final[dict[str, Action]] = {"get-balance": get_balance, "set-balance": set_balance}
