"""Developer accounts: an App ID with its App Secret."""

from __future__ import annotations

from typing import Final

from assaykit.emulator.engine.auth import Credentials
from assaykit.emulator.engine.rejection import UNAUTHORIZED, Rejected
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talentics.records import ACCOUNTS

APP_ID: Final = "assaykit-demo-app"
APP_SECRET: Final = "assaykit-demo-secret"  # noqa: S105 - opens the emulator and nothing else
OTHER_APP_ID: Final = "assaykit-other-app"
OTHER_APP_SECRET: Final = "assaykit-other-secret"  # noqa: S105 - likewise
SECRETS: Final = {APP_ID: APP_SECRET, OTHER_APP_ID: OTHER_APP_SECRET}


def verify(state: State, credentials: Credentials) -> str:
    """Return the App ID, which is also the name of what the account owns.

    Raises:
        Rejected: There is no such App ID, or its secret is another one.
    """
    account = state.store.get(ACCOUNTS, credentials.value)
    if account is None or account["secret"] != credentials.password:
        raise Rejected(UNAUTHORIZED, "App ID and App Secret do not match.")
    return credentials.value
