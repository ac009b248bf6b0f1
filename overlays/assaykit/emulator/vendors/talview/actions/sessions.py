"""Actions on live sessions: schedule, move, call off, remind, and give them another panel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from assaykit.emulator.engine.dates import parse_instant
from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.storage import Document, Where, equal
from assaykit.emulator.vendors.talview import bookings, invitations, sections
from assaykit.emulator.vendors.talview.actions import calendars
from assaykit.emulator.vendors.talview.actions.declared import INVALID_CONFIGURATION, Action, Failed, Work
from assaykit.emulator.vendors.talview.actions.panels import need_panel
from assaykit.emulator.vendors.talview.decisions import SCHEDULE_INVITES, decided
from assaykit.emulator.vendors.talview.notifying import LIVE_SESSION, full_name, notify

PARTICIPANT, MODERATOR, ORGANIZER = 1, 2, 3
SCHEDULED, IN_PROGRESS, CANCELLED = 1, 2, 10
_DOMAIN: Final = "meet.example.com"
_PASSCODES: Final = (100_000_000, 900_000_000)


def section_of_type(work: Work, assessment_id: int, section_type: int, wanted: int | None = None) -> Document | None:
    """Return the first section of a type in an assessment, or a certain one if it is of the type; None without one."""
    for one in sections.in_order(work.state, assessment_id):
        section = work.get("sections", one["section_id"])
        if section is not None and section["section_type_id"] == section_type and wanted in (None, one["id"]):
            return one
    return None


def part_in(work: Work, invited: Document, section: Document, until: str) -> Document:
    """Return the section candidate of an assessment candidate, who is invited to the section if need be.

    Raises:
        Failed: There is none, and none is to be made.
    """
    where = equal(assessment_candidate_id=invited["id"], assessment_section_id=section["id"])
    found = work.find("assessment_section_candidates", where, limit=1)
    if found:
        return found[0]
    if not decided(work.state, SCHEDULE_INVITES):
        raise Failed("The candidate is not invited to the section")
    return invitations.invite(work.state, section, invited["candidate_id"], user=work.user, end_date=until)


def length(start: str, end: str) -> str:
    """Return the time between two instants as hours, minutes and seconds; nothing if they are the wrong way round."""
    seconds = max(0, int((parse_instant(end) - parse_instant(start)).total_seconds()))
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _named_section(work: Work, invited: Document) -> Document | None:
    return section_of_type(work, invited["assessment_id"], sections.LIVE, work.body.get("assessmentSectionID"))


def _may_schedule(work: Work) -> None:
    number = work.body["assessmentCandidateID"]
    invited = work.need("assessment_candidates", number, "assessmentCandidateID", "assessment candidate")
    need_panel(work)
    wanted = work.body.get("assessmentSectionID")
    if wanted is not None:
        section = work.need("assessment_sections", wanted, "assessmentSectionID", "section")
        if section["assessment_id"] != invited["assessment_id"]:
            raise unfit("assessmentSectionID", "must be a section of the candidate's assessment")
    if _named_section(work, invited) is None:
        raise Failed(INVALID_CONFIGURATION)


def _schedule(work: Work) -> None:
    body = work.body
    invited = work.get("assessment_candidates", body["assessmentCandidateID"])
    section = None if invited is None else _named_section(work, invited)
    users = _panel(work)
    candidate = None if invited is None else work.get("candidates", invited["candidate_id"])
    if invited is None or section is None or candidate is None or not users:
        raise Failed(INVALID_CONFIGURATION)
    part = part_in(work, invited, section, body["endDate"])
    session = work.insert(
        "live_sessions",
        name=str(work.shown["id"]),
        status=SCHEDULED,
        starts_at=body["startDate"],
        ends_at=body["endDate"],
        duration=length(body["startDate"], body["endDate"]),
        timezone=body.get("timezone") or "UTC",
        assessment_section_candidate_id=part["id"],
        hosted_by=work.user,
        domain=_DOMAIN,
        location=body.get("location"),
    )
    _attend(work, session, candidate, PARTICIPANT)
    for user in users:
        _attend(work, session, user, MODERATOR)
    host = work.get("users", work.user)
    if host is not None and host["id"] not in [user["id"] for user in users]:
        _attend(work, session, host, ORGANIZER)
    _book(work, session, [user["id"] for user in users], full_name(candidate))
    if work.notifies:
        _tell(work, session, _attendees(work, session), "scheduled")
    work.succeeded = 1


def _panel(work: Work) -> list[Document]:
    """Return the users of the panel who still exist."""
    found = (work.get("users", number) for number in work.listed("panel"))
    return [user for user in found if user is not None]


def _attend(work: Work, session: Document, person: Document, role: int) -> Document:
    first, many = _PASSCODES
    token = work.state.ids.token("live-attendee")
    candidate = role == PARTICIPANT
    return work.insert(
        "live_attendees",
        live_session_id=session["id"],
        email=person.get("email"),
        phone=person.get("phone"),
        status=None,
        role=role,
        candidate_id=person["id"] if candidate else None,
        user_id=None if candidate else person["id"],
        c=token,
        fullName=full_name(person),
        passcode=str(first + int(work.state.ids.fraction("passcode") * many)),
        joinUrl=f"https://{_DOMAIN}/join/{token}",
        flashJoinUrl=f"https://{_DOMAIN}/flash/{token}",
        theme="default",
    )


def _candidate(work: Work, session: Document) -> str:
    """Return the name of the candidate of a session."""
    return next((full_name(one) for one in _attendees(work, session, PARTICIPANT)), "a candidate")


def _book(work: Work, session: Document, users: Iterable[int], candidate: str) -> None:
    calendars.book(
        work,
        bookings.of_session(session["id"]),
        users,
        session["starts_at"],
        session["ends_at"],
        f"Live session with {candidate}",
        calendars.LIVE_SCHEDULE,
    )


def _attendees(work: Work, session: Document, role: int | None = None) -> list[Document]:
    where = equal(live_session_id=session["id"])
    return work.find("live_attendees", where if role is None else [*where, Where("role", "=", role)])


def _tell(work: Work, session: Document, attendees: Iterable[Document], what: str) -> int:
    """Notify attendees, and return how many."""
    part = session["assessment_section_candidate_id"]
    known = None if part is None else work.get("assessment_section_candidates", part)
    about: dict[str, Any] = {"assessment_section_candidate_id": part}
    if known is not None:
        about |= {name: known[name] for name in ("assessment_id", "assessment_candidate_id")}
    told = 0
    for attendee in attendees:
        values = {
            "what": what,
            "from": session["starts_at"],
            "to": session["ends_at"],
            "live-session-link": attendee["joinUrl"] or "",
        }
        mine = {**about, "candidate_id": attendee["candidate_id"]}
        told += notify(work.state, LIVE_SESSION, attendee, values, user=work.user, about=mine) is not None
    return told


def _need_session(work: Work) -> None:
    work.need("live_sessions", work.body["liveSessionID"], "liveSessionID", "live session")


def _open_session(work: Work) -> Document:
    """Return the session of the request.

    Raises:
        Failed: It is over, was called off, or is gone.
    """
    session = work.get("live_sessions", work.body["liveSessionID"])
    if session is None:
        raise Failed("The live session does not exist any more")
    if session["status"] not in (SCHEDULED, IN_PROGRESS):
        called_off = session["status"] == CANCELLED
        raise Failed("The live session was called off" if called_off else "The live session is over")
    return session


def _reschedule(work: Work) -> None:
    session, body = _open_session(work), work.body
    moved = work.change(
        "live_sessions",
        session,
        starts_at=body["startDate"],
        ends_at=body["endDate"],
        duration=length(body["startDate"], body["endDate"]),
        timezone=body["timezone"],
    )
    calendars.move(work, bookings.of_session(moved["id"]), moved["starts_at"], moved["ends_at"])
    # Entries that went when the session was to end before it begins come back once it has proper times.
    moderators = [one["user_id"] for one in _attendees(work, moved, MODERATOR)]
    _book(work, moved, moderators, _candidate(work, moved))
    if work.notifies:
        _tell(work, moved, _attendees(work, moved), "moved")
    work.succeeded = 1


def _cancel(work: Work) -> None:
    session = work.change("live_sessions", _open_session(work), status=CANCELLED)
    attendees = [work.change("live_attendees", attendee, status=CANCELLED) for attendee in _attendees(work, session)]
    bookings.cancel(work.state, bookings.of_session(session["id"]))
    if work.notifies:
        _tell(work, session, [one for one in attendees if one["role"] == PARTICIPANT], "called off")
    work.succeeded = 1


def _may_change_panel(work: Work) -> None:
    _need_session(work)
    need_panel(work)


def _change_panel(work: Work) -> None:
    session, users = _open_session(work), _panel(work)
    if not users:
        raise Failed("None of the panel exists any more")
    stay = [user["id"] for user in users]
    present = []
    for attendee in _attendees(work, session, MODERATOR):
        if attendee["user_id"] in stay:
            present.append(attendee["user_id"])
        else:
            work.records.remove(work.state, "live_attendees", attendee, user=work.user)
    added = [_attend(work, session, user, MODERATOR) for user in users if user["id"] not in present]
    # Who organizes the session and leads it now too is one attendee, not two; who leads it no more still organizes it.
    organizers = _attendees(work, session, ORGANIZER)
    for attendee in organizers:
        if attendee["user_id"] in stay:
            work.records.remove(work.state, "live_attendees", attendee, user=work.user)
    host = work.get("users", session["hosted_by"])
    if host is not None and host["id"] not in (*stay, *(one["user_id"] for one in organizers)):
        _attend(work, session, host, ORGANIZER)
    bookings.cancel(work.state, bookings.of_session(session["id"]), stay)
    _book(work, session, stay, _candidate(work, session))
    if work.notifies:
        _tell(work, session, added, "scheduled")
    work.succeeded = 1


def _sessions_named(work: Work) -> list[tuple[int, str]]:
    """Return the ids of sessions, which come alone or as objects, with the names of the properties that hold them."""
    named = work.body["liveSessionID"]
    if isinstance(named, int):
        return [(named, "liveSessionID")]
    return [(one["id"], f"liveSessionID[{place}].id") for place, one in enumerate(named)]


def _may_remind(work: Work) -> None:
    for number, at in _sessions_named(work):
        work.need("live_sessions", number, at, "live session")
    work.need_all("live_attendees", "liveAttendees", "live attendee")


def _remind(work: Work) -> None:
    wanted = work.listed("liveAttendees")
    for number in dict.fromkeys(number for number, _ in _sessions_named(work)):
        for session in work.still("live_sessions", [number]):
            attendees = [one for one in _attendees(work, session) if not wanted or one["id"] in wanted]
            # Unlike elsewhere, they are told if the request says nothing.
            if work.body.get("isNotify", work.body.get("is_notify")) is not False:
                _tell(work, session, attendees, "scheduled")
            work.succeeded += 1


_TIMES: Final = {"startDate": None, "timezone": None, "endDate": None, "currentOffset": None, "currentTimezone": None}

ACTIONS: Final = (
    Action(
        "live_schedule",
        8,
        {
            "assessmentCandidateID": None,
            "panelMessage": None,
            "panel": None,
            "candidateMessage": None,
            "askCandidate": False,
            "askPanel": False,
            "location": None,
            "isOffline": None,
            "assessmentSectionID": None,
            "candidateID": None,
            "_links": [],
            **_TIMES,
        },
        _schedule,
        _may_schedule,
    ),
    Action("live_reschedule", 10, {"liveSessionID": None, **_TIMES}, _reschedule, _need_session),
    Action("live_cancel", 9, {"liveSessionID": None}, _cancel, _need_session),
    Action("live_change_panel", 11, {"liveSessionID": None}, _change_panel, _may_change_panel),
    Action("live_reminder", 12, {"liveSessionID": None, "liveAttendees": []}, _remind, _may_remind),
)
