"""The targets of secure links: open to anybody who has one, for one hour."""

from __future__ import annotations

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import FORBIDDEN, Rejected
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.podium.records import LINKS, REPORTS
from assaykit.emulator.vendors.podium.reports import document_reply, require_document

behaviours = Behaviours()


@behaviours.page("GET", "/downloads/{token}/{name}")
def download(call: Call) -> Success:
    """Hand out the document that a link was made for."""
    link = call.state.store.get(LINKS, call.path["token"])
    if link is None or link["expiresAt"] <= call.state.now():
        raise Rejected(FORBIDDEN, "The link is not valid, or its hour is over; request a new one.")
    report = call.state.store.get(REPORTS, link["reportId"])
    if report is None:
        raise Rejected(FORBIDDEN, "The report of this link does not exist any more.")
    require_document(call.state, report)
    return document_reply(call.state.store, report)
