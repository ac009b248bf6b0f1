"""What `set-field` can write into: everything that the API shows, and webhooks."""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.editing import Kind, set_field
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.vendor import Action
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.podium.candidate import DEFAULT_NORM, shown_webhook
from assaykit.emulator.vendors.podium.credit import shown_client
from assaykit.emulator.vendors.podium.participants import shown_invitation, shown_participant
from assaykit.emulator.vendors.podium.records import CLIENTS, INVITATIONS, NORMS, PARTICIPANTS, REPORTS, TESTS
from assaykit.emulator.vendors.podium.reports import shown_report
from assaykit.emulator.vendors.podium.results import shown_result


def _participant(state: State, participant: Document) -> dict[str, Any]:
    return shown_participant(state.store, participant, address=True)


def _invitation(_: State, invitation: Document) -> dict[str, Any]:
    return shown_invitation(invitation)


def _result(state: State, invitation: Document) -> dict[str, Any]:
    """Return an invitation's result against the usual norm; an edit concerns the results against all norms."""
    test, norm = state.store.get(TESTS, invitation["testId"]), state.store.get(NORMS, DEFAULT_NORM)
    return {} if test is None or norm is None else shown_result(invitation, test, norm)


def _client(_: State, client: Document) -> dict[str, Any]:
    return shown_client(client)


_KINDS: Final = {
    "clients": Kind(CLIENTS, _client),
    "invitations": Kind(INVITATIONS, _invitation),
    "participants": Kind(PARTICIPANTS, _participant),
    "reports": Kind(REPORTS, shown_report),
    "results": Kind(INVITATIONS, _result),
    "webhooks": Kind(INVITATIONS, shown_webhook),
}
ACTIONS: Final[dict[str, Action]] = {"set-field": set_field(_KINDS)}
