"""Actions on events: invite somebody, remind candidates, remind the panel."""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.storage import Document, Where, equal
from assaykit.emulator.vendors.talview.actions.declared import Action, Failed, Work
from assaykit.emulator.vendors.talview.notifying import (
    EVENT_ATTEND,
    EVENT_INVITATION,
    EVENT_PANEL,
    EVENT_REGISTER,
    Notice,
    notify,
)

_PERSON: Final = ("first_name", "middle_name", "last_name", "phone", "external_id")
_EVALUATOR: Final = "Evaluator"


def _event(work: Work) -> Document:
    return work.need("events", int(work.body["event_id"]), "event_id", "event")


def _need_event(work: Work) -> None:
    _event(work)


def _tell(work: Work, notice: Notice, event: Document, receiver: Document | None, **about: Any) -> None:
    if receiver is not None:
        notify(work.state, notice, receiver, {"event-title": event["title"]}, user=work.user, about=about)


def _invite(work: Work) -> None:
    event, person = _event(work), work.body["candidates"]["_content"]
    found = work.find("candidates", [Where("email", "=", person["email"])], limit=1)
    if found:
        candidate = found[0]
    else:
        known = {name: person[name] for name in _PERSON if person.get(name) is not None}
        candidate = work.insert("candidates", email=person["email"], **known)
    work.succeeded = 1
    if work.find("event_candidates", equal(event_id=event["id"], candidate_id=candidate["id"]), limit=1):
        return
    work.insert("event_candidates", event_id=event["id"], candidate_id=candidate["id"])
    if work.notifies:
        _tell(work, EVENT_INVITATION, event, candidate, candidate_id=candidate["id"])


def _may_notify(work: Work) -> None:
    _members(work, "event_candidates", "eventCandidates", "event candidate")


def _members(work: Work, kind: str, at: str, thing: str) -> list[Document]:
    """Return the members of the event that the request names.

    Raises:
        Rejected: One does not exist, or belongs to another event.
    """
    event = _event(work)
    found = work.need_all(kind, at, thing)
    for place, one in enumerate(found):
        if one["event_id"] != event["id"]:
            raise unfit(f"{at}[{place}].id", f"must be that of a {thing} of the event")
    return found


def _notify(work: Work) -> None:
    event = work.get("events", int(work.body["event_id"]))
    if event is None:
        raise Failed("The event does not exist any more")
    named = work.listed("eventCandidates")
    everybody = work.each("event_candidates", equal(event_id=event["id"]))
    for member in work.still("event_candidates", named) if named else everybody:
        registered = member["form_instance_id"] is not None
        if work.body.get("attend_reminder" if registered else "register_reminder") is not True:
            continue
        candidate = work.get("candidates", member["candidate_id"])
        notice = EVENT_ATTEND if registered else EVENT_REGISTER
        _tell(work, notice, event, candidate, candidate_id=member["candidate_id"])
        work.succeeded += 1


def _may_notify_panel(work: Work) -> None:
    _members(work, "event_users", "eventUsers", "event user")


def _notify_panel(work: Work) -> None:
    event = _event(work)
    members = _members(work, "event_users", "eventUsers", "event user")
    if not work.body.get("eventUsers"):
        members = work.find("event_users", equal(event_id=event["id"], role=_EVALUATOR))
    for number in dict.fromkeys(member["user_id"] for member in members):
        _tell(work, EVENT_PANEL, event, work.get("users", number))
        work.succeeded += 1


ACTIONS: Final = (
    Action(
        "event_candidate_invite",
        21,
        {
            "candidates": None,
            "event_id": None,
            "has_select_assessment": None,
            "assessment_section_id": None,
            "registration_end_date": None,
        },
        _invite,
        _need_event,
        queued=False,
        stamps=("completed_at",),
    ),
    Action(
        "event_candidate_notify",
        22,
        {"event_id": None, "eventCandidates": [], "register_reminder": None, "attend_reminder": None},
        _notify,
        _may_notify,
        numbered=False,
    ),
    Action(
        "event_panel_notify",
        24,
        {"event_id": None, "eventUsers": None, "register_reminder": None, "attend_reminder": None, "_links": []},
        _notify_panel,
        _may_notify_panel,
        queued=False,
        numbered=False,
        stamps=("completed_at",),
    ),
)
