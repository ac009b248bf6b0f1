"""E-mails that are sent again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from assaykit.emulator.engine.dates import instant_text
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.resources.changes import missing, unfit
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.talview.showing import shown

PENDING: Final = "enqueued"
_RESENT: Final = ("failed", PENDING)
_WITHIN: Final = timedelta(hours=4)
behaviours = Behaviours()


@behaviours.operation("admin_notification_logs_resend")
def resend(call: Call) -> Success:
    """Send an e-mail again that is waiting or has failed, and was sent lately."""
    state, records = call.state, resources_of(call.state).records
    document = records.get(state, "notification_logs", call.path["id"])
    if document is None:
        raise missing(call.path["id"])
    if document["organization_id"] != call.body["organization_id"]:
        raise unfit("organization_id", "must be the organization of the notification")
    if document["status"] not in _RESENT:
        raise unfit("status", f"must be one of {', '.join(_RESENT)}; it is {document['status']}")
    if document["sent_at"] is None or document["sent_at"] < instant_text(state.clock.now() - _WITHIN):
        raise unfit("sent_at", "must lie within the last four hours")
    if "@" not in document["to_address"]:
        raise unfit("to_address", "must be an e-mail address")
    now, user = state.now(), call.identity.user
    values = {"status": PENDING, "sent_by": user, "scheduled_at": now, "sent_at": now}
    changed = records.change(state, "notification_logs", document, values, user=user, call=call)
    return Success(shown(call, "admin_notification_logs", changed))
