"""Live sessions, and who takes part in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from assaykit.emulator.engine.resources import Change, Computed, Resource, View, belongs, refers
from assaykit.emulator.engine.storage import Document, Where
from assaykit.emulator.vendors.talview import bookings

RECORDING: Final = 41
"""File type of the recordings of live sessions."""


def _organizations(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    known = view.by_id("admin_organizations", [document["organization_id"] for document in documents])
    names = ("id", "name", "logo", "termsLink", "privacyLink", "chatbot_enabled")
    found = (known.get(document["organization_id"], {}) for document in documents)
    return [{name: one.get(name) for name in names} if one else None for one in found]


def _recordings(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    where = [Where("live_session_id", "in", [document["id"] for document in documents])]
    by_session: dict[int, list[Any]] = {document["id"]: [] for document in documents}
    files = view.all("files", [*where, Where("file_type_id", "=", RECORDING)])
    sessions = view.columns("files", "live_session_id", [file["id"] for file in files])
    for file in files:
        by_session[sessions[file["id"]]].append(file)
    return [by_session[document["id"]] for document in documents]


def _clear_calendars(change: Change) -> None:
    bookings.cancel(change.state, bookings.of_session(change.document["id"]))


RESOURCES: Final = (
    Resource(
        "live_sessions",
        "Live session",
        references={
            "assessment_section_candidate_id": belongs("assessment_section_candidates"),
            "hosted_by": refers("users"),
        },
        defaults={"status": 1, "version": 2, "duration": "01:00:00", "timezone": "UTC"},
        computed={"recordings": Computed(_recordings, expanded=True)},
        after={"delete": _clear_calendars},
        links={
            "assessmentSectionCandidate": "/models/assessment-section-candidate?id={assessment_section_candidate_id}",
            "liveRecordingFlash": "/models/live-session-flash-recording?live_session_id={id}",
            "webRTCRecordings": f"/models/file?live_session_id={{id}}&file_type_id={RECORDING}",
            "liveAttendees": "/models/live-attendee?live_session_id={id}",
        },
    ),
    Resource(
        "live_attendees",
        "Attendee",
        references={
            "live_session_id": belongs("live_sessions"),
            "candidate_id": belongs("candidates"),
            "user_id": belongs("users"),
        },
        computed={"organization": Computed(_organizations)},
        links={
            "liveAttendeeFlash": "/models/live-attendee-flash/{id}",
            "liveSession": "/models/live-session/{live_session_id}",
            "candidate": "/models/candidate/{candidate_id}",
        },
    ),
    Resource("live_attendee_flashes", "Attendee", of="live_attendees"),
)
