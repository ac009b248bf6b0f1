"""Actions on simulations, which are no objects of their own: the section candidate has their times."""

from __future__ import annotations

from typing import Final

from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.vendors.talview import bookings
from assaykit.emulator.vendors.talview.actions import calendars
from assaykit.emulator.vendors.talview.actions.declared import INVALID_CONFIGURATION, Action, Failed, Work
from assaykit.emulator.vendors.talview.actions.panels import need_panel
from assaykit.emulator.vendors.talview.actions.sessions import part_in, section_of_type
from assaykit.emulator.vendors.talview.decisions import SIMULATION_TYPE, decided
from assaykit.emulator.vendors.talview.notifying import SIMULATION, full_name, notify

_KIND: Final = "assessment_section_candidates"


def _section(work: Work, invited: Document) -> Document | None:
    """Return the assessment section that is meant: the one that is named, or the first simulation."""
    number = work.body.get("assessmentSectionID")
    if number is not None:
        return work.get("assessment_sections", number)
    return section_of_type(work, invited["assessment_id"], decided(work.state, SIMULATION_TYPE))


def _may_schedule(work: Work) -> None:
    body = work.body
    number = body["assessmentCandidateID"]
    invited = work.need("assessment_candidates", number, "assessmentCandidateID", "assessment candidate")
    need_panel(work)
    if body.get("candidateID") is not None:
        work.need("candidates", body["candidateID"], "candidateID", "candidate")
    if body.get("assessmentSectionCandidateID") is not None:
        part = work.need(
            _KIND, body["assessmentSectionCandidateID"], "assessmentSectionCandidateID", "section candidate"
        )
        if part["assessment_candidate_id"] != invited["id"]:
            raise unfit("assessmentSectionCandidateID", "must be one of the assessment candidate")
        return
    if body.get("assessmentSectionID") is not None:
        section = work.need("assessment_sections", body["assessmentSectionID"], "assessmentSectionID", "section")
        if section["assessment_id"] != invited["assessment_id"]:
            raise unfit("assessmentSectionID", "must be a section of the candidate's assessment")
    elif _section(work, invited) is None:
        raise Failed(INVALID_CONFIGURATION)


def _schedule(work: Work) -> None:
    body = work.body
    invited = work.get("assessment_candidates", body["assessmentCandidateID"])
    if invited is None:
        raise Failed("The assessment candidate does not exist any more")
    if body.get("assessmentSectionCandidateID") is not None:
        part = _part(work)
    else:
        section = _section(work, invited)
        if section is None:
            raise Failed(INVALID_CONFIGURATION)
        part = part_in(work, invited, section, body["endDate"])
    part = work.change(_KIND, part, start_date=body["startDate"], end_date=body["endDate"], hasBooked=True)
    users = [user for number in work.listed("panel") if (user := work.get("users", number)) is not None]
    bookings.cancel(work.state, _about(part))
    _book(work, part, _panel_of(work, part, [user["id"] for user in users]))
    _done(work, part, "scheduled")


def _book(work: Work, part: Document, users: list[int]) -> None:
    invited = work.get("assessment_candidates", part["assessment_candidate_id"])
    candidate = None if invited is None else work.get("candidates", invited["candidate_id"])
    told = f"Simulation with {'a candidate' if candidate is None else full_name(candidate)}"
    calendars.book(work, _about(part), users, part["start_date"], part["end_date"], told, None)


def _about(part: Document) -> str:
    return bookings.of_simulation(part["id"])


def _part(work: Work) -> Document:
    part = work.get(_KIND, work.body["assessmentSectionCandidateID"])
    if part is None:
        raise Failed("The section candidate does not exist any more")
    return part


def _panel_of(work: Work, part: Document, users: list[int] | None = None) -> list[int]:
    """Return the ids of the users whose calendars have the simulation, after they were noted if they are given."""
    key, store = f"panel-of-{_about(part)}", work.state.store
    known = store.get(bookings.BOOKINGS, key)
    if users is None:
        numbers: list[int] = [] if known is None else known["users"]
        return numbers
    if known is None:
        store.insert(bookings.BOOKINGS, key, {"users": users})
    else:
        store.replace(bookings.BOOKINGS, key, {"users": users})
    return users


def _done(work: Work, part: Document, what: str) -> None:
    """Count the task, and tell candidate and panel if they are to be told."""
    work.succeeded = 1
    if not work.notifies:
        return
    invited = work.get("assessment_candidates", part["assessment_candidate_id"])
    candidate = None if invited is None else work.get("candidates", invited["candidate_id"])
    users = [work.get("users", number) for number in _panel_of(work, part)]
    values = {"what": what, "from": part["start_date"] or "", "to": part["end_date"] or ""}
    about = {
        "assessment_id": part["assessment_id"],
        "assessment_candidate_id": part["assessment_candidate_id"],
        "assessment_section_candidate_id": part["id"],
    }
    for receiver in (candidate, *users):
        if receiver is not None:
            own = {"candidate_id": receiver["id"]} if receiver is candidate else {}
            notify(work.state, SIMULATION, receiver, values, user=work.user, about={**about, **own})


def _need_part(work: Work) -> None:
    number = work.body["assessmentSectionCandidateID"]
    work.need(_KIND, number, "assessmentSectionCandidateID", "section candidate")


def _reschedule(work: Work) -> None:
    part = _part(work)
    if not part["hasBooked"]:
        raise Failed("The simulation was not scheduled")
    part = work.change(_KIND, part, start_date=work.body["startDate"], end_date=work.body["endDate"])
    calendars.move(work, _about(part), part["start_date"], part["end_date"])
    _book(work, part, _panel_of(work, part))
    _done(work, part, "moved")


def _remind(work: Work) -> None:
    _done(work, _part(work), "scheduled")


def _cancel(work: Work) -> None:
    part = work.change(_KIND, _part(work), start_date=None, hasBooked=False)
    bookings.cancel(work.state, _about(part))
    _done(work, part, "called off")
    _panel_of(work, part, [])


_PART: Final = {"assessmentSectionCandidateID": None}
_TIMES: Final = {"startDate": None, "timezone": None, "endDate": None, "currentOffset": None, "currentTimezone": None}

# The samples of two actions are copies, their types included: a reminder has that of calling off, a schedule that of
# moving.
ACTIONS: Final = (
    Action("simulation_cancel", 16, _PART, _cancel, _need_part),
    Action("simulation_reminder", 16, _PART, _remind, _need_part),
    Action("simulation_reschedule", 17, {**_PART, **_TIMES}, _reschedule, _need_part),
    Action("simulation_schedule", 17, {**_PART, "assessmentCandidateID": None, **_TIMES}, _schedule, _may_schedule),
)
