"""The simulated live session: who is expected comes or stays away, and the session ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assaykit.emulator.engine.control_arguments import invalid, whole
from assaykit.emulator.engine.rejection import CONFLICT, NOT_FOUND, Rejected
from assaykit.emulator.engine.resources import View, resources_of
from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.engine.uploads import Upload
from assaykit.emulator.engine.vendor import Action
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview import answering, contents, progress
from assaykit.emulator.vendors.talview.presenting import as_shown_by

SCHEDULED, IN_PROGRESS, COMPLETE, ABSENT = 1, 2, 3, 11
_OUTCOMES: Final = {(True, True): COMPLETE, (True, False): 11, (False, True): 12, (False, False): 13}
"""Status of a session by whether the candidate and the panel came."""
_AVAILABLE: Final = 3
_RECORDING: Final = 41
_KIND: Final = "live_sessions"


def attend_live(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let a live session take place: `liveSessionId`; `candidate` and `panel` tell who comes, both if left out.

    If both come, the session is complete, is recorded, and completes the candidate's section.

    Raises:
        Rejected: There is no such session, or it is over or was cancelled.
    """
    number = whole(arguments, "liveSessionId")
    came = _truth(arguments, "candidate"), _truth(arguments, "panel")
    records = resources_of(state).records
    session = records.get(state, _KIND, number)
    if session is None:
        raise Rejected(NOT_FOUND, f"There is no live session {number}.")
    if session["status"] not in (SCHEDULED, IN_PROGRESS):
        raise Rejected(CONFLICT, "The live session is over or was cancelled.")
    for attendee in records.find(state, "live_attendees", equal(live_session_id=number)):
        here = came[0] if attendee["candidate_id"] is not None else came[1]
        times = {"joined_at": state.now(), "left_at": state.now()} if here else {}
        records.change(state, "live_attendees", attendee, {"status": COMPLETE if here else ABSENT, **times})
    values: dict[str, Any] = {"status": _OUTCOMES[came]}
    if all(came):
        values["recording_status"] = _AVAILABLE
        _record(state, session)
        _complete(state, session)
    changed = records.change(state, _KIND, session, values, user=session["hosted_by"])
    plan = state.vendor.contract.schema_plan("LiveSession")
    shown = as_shown_by(View(state), _KIND, f"{_KIND}_get", [changed])[number]
    return shown if plan is None else dict(plan(shown))


def _truth(arguments: Mapping[str, Any], name: str) -> bool:
    value = arguments.get(name, True)
    if not isinstance(value, bool):
        raise invalid(name, "must be true or false")
    return value


def _record(state: State, session: Document) -> None:
    """Store the recording of a session."""
    values = {"file_type_id": _RECORDING, "live_session_id": session["id"]}
    upload = Upload(b"sample recording", f"live-session-{session['id']}.mp4", "video/mp4")
    contents.store_file(state, upload, {**values, "organization_id": session["organization_id"]})


def _complete(state: State, session: Document) -> None:
    where = session["assessment_section_candidate_id"]
    section = resources_of(state).records.get(state, "assessment_section_candidates", where)
    if section is not None:
        answering.complete(state, progress.begin(state, section))


ACTIONS: Final[Mapping[str, Action]] = {"attend-live": attend_live}
