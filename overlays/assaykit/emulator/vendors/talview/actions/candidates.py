"""Actions on candidates of assessments: invite, invite again, remind, give more time, decide."""

from __future__ import annotations

from typing import Final

from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.storage import Document, Where, equal
from assaykit.emulator.vendors.talview import invitations, progress, sections
from assaykit.emulator.vendors.talview.actions.declared import Action, Failed, Work
from assaykit.emulator.vendors.talview.decisions import INVITE_ALL_SECTIONS, decided
from assaykit.emulator.vendors.talview.notifying import (
    EXTENSION,
    INVITATION,
    REJECTION,
    REMINDER,
    SELECTION,
    Notice,
    notify,
)
from assaykit.emulator.vendors.talview.statuses import (
    ATTENDING,
    INVITED,
    MAILED,
    OF_SECTION,
    REJECTED,
    SELECTED,
    row_id,
    sort_key,
)

_INVITED_ONES: Final = "assessmentCandidates"
_OF_ASSESSMENT: Final = "assessment_candidates"
_OF_SECTION: Final = "assessment_section_candidates"


def need_candidates(work: Work) -> None:
    """Refuse assessment candidates whom the organization does not have."""
    work.need_all(_OF_ASSESSMENT, _INVITED_ONES, "assessment candidate")


def parts_of(work: Work, invited: Document, section_id: int | None = None) -> list[Document]:
    """Return the section candidates of an assessment candidate, or the one of one assessment section."""
    where = equal(assessment_candidate_id=invited["id"])
    if section_id is not None:
        where += equal(assessment_section_id=section_id)
    return work.find(_OF_SECTION, where)


def tell(work: Work, notice: Notice, invited: Document, part: Document | None = None, **values: str) -> None:
    """Notify an assessment candidate.

    Args:
        work: The action.
        notice: What kind of notification it is.
        invited: The assessment candidate.
        part: The section candidate that it is about, if it is about one.
        **values: Further values for the template.
    """
    candidate = work.get("candidates", invited["candidate_id"])
    assessment = work.get("assessments", invited["assessment_id"])
    if candidate is None or assessment is None:
        return
    titles = {"assessment-title": assessment["title"], "assessment-name": assessment["title"]}
    about = {
        "assessment_id": assessment["id"],
        "candidate_id": candidate["id"],
        "assessment_candidate_id": invited["id"],
        "assessment_section_candidate_id": None if part is None else part["id"],
    }
    code = {} if part is None else {"verification-code": str(part["verification_code"])}
    given = {name.replace("_", "-"): value for name, value in values.items()}
    notify(work.state, notice, candidate, {**titles, **code, **given}, user=work.user, about=about)


def _may_invite(work: Work) -> None:
    section = work.need("assessment_sections", work.body["assessmentSectionID"], "assessmentSectionID", "section")
    if work.body.get("assessmentID") not in (None, section["assessment_id"]):
        raise unfit("assessmentID", f"must be {section['assessment_id']}, to which the section belongs")
    work.need_all("candidates", "candidates", "candidate")


def _invite(work: Work) -> None:
    section = work.get("assessment_sections", work.body["assessmentSectionID"])
    if section is None:
        raise Failed("The section does not exist any more")
    every = work.body.get("assessmentID") is not None and decided(work.state, INVITE_ALL_SECTIONS)
    wanted = sections.in_order(work.state, section["assessment_id"]) if every else [section]
    for reference in work.body["candidates"]:
        # Somebody who is named twice is a candidate of the section the second time.
        for candidate in work.still("candidates", [reference["id"]]):
            made = [part for one in wanted if (part := _invited(work, one, candidate)) is not None]
            if not made:
                work.failed += 1
                continue
            work.succeeded += 1
            if work.notifies:
                invited = work.get(_OF_ASSESSMENT, made[0]["assessment_candidate_id"])
                if invited is not None:
                    tell(work, INVITATION, invited, made[0], end_date=work.body["endDate"])


def _invited(work: Work, section: Document, candidate: Document) -> Document | None:
    try:
        return invitations.invite(
            work.state,
            section,
            candidate["id"],
            user=work.user,
            end_date=work.body["endDate"],
            mailed=work.notifies,
        )
    except invitations.AlreadyInvitedError:
        return None


def _section_named(work: Work) -> int | None:
    number: int | None = work.body.get("assessmentSectionID", work.body.get("assessment_section_id"))
    return number


def _may_re_invite(work: Work) -> None:
    need_candidates(work)
    number = _section_named(work)
    if number is not None:
        work.need("assessment_sections", number, "assessmentSectionID", "section")


def _re_invite(work: Work) -> None:
    until = work.body.get("endDate")
    for invited in work.still(_OF_ASSESSMENT, work.listed(_INVITED_ONES)):
        parts = parts_of(work, invited, _section_named(work))
        if not parts:
            work.failed += 1
            continue
        for part in parts:
            renewed = work.change(_OF_SECTION, part, end_date=until) if until is not None else part
            progress.start_anew(work.state, renewed, mailed=work.notifies, user=work.user)
        if work.notifies:
            tell(work, INVITATION, invited, parts[0], end_date=until or parts[0]["end_date"] or "")
        work.succeeded += 1


def _may_remind(work: Work) -> None:
    need_candidates(work)
    work.need_all("assessment_sections", "assessmentSections", "section")


def _remind(work: Work) -> None:
    if work.body.get(_INVITED_ONES):
        for invited in work.still(_OF_ASSESSMENT, work.listed(_INVITED_ONES)):
            _reminded(work, invited, parts_of(work, invited))
        return
    named = [section["id"] for section in work.still("assessment_sections", work.listed("assessmentSections"))]
    waiting = Where("status_id", "in", [row_id(OF_SECTION, MAILED), row_id(OF_SECTION, ATTENDING)])
    for number in named:
        for part in work.each(_OF_SECTION, [*equal(assessment_section_id=number), waiting]):
            _reminded_once(work, part, named, waiting)


def _reminded_once(work: Work, part: Document, named: list[int], waiting: Where) -> None:
    """Remind whose section candidate this is of all sections at once, when the first of these is reached."""
    of_theirs = [*equal(assessment_candidate_id=part["assessment_candidate_id"]), waiting]
    parts = work.find(_OF_SECTION, [*of_theirs, Where("assessment_section_id", "in", named)])
    parts.sort(key=lambda one: named.index(one["assessment_section_id"]))
    if parts[0]["id"] == part["id"]:
        for invited in work.still(_OF_ASSESSMENT, [part["assessment_candidate_id"]]):
            _reminded(work, invited, parts)


def _reminded(work: Work, invited: Document, parts: list[Document]) -> None:
    work.succeeded += 1
    if not work.notifies:
        return
    tell(work, REMINDER, invited, end_date=work.body.get("endDate") or "")
    for part in parts:
        if sort_key(part["status_id"]) == INVITED:
            progress.mail(work.state, part, user=work.user)
    if not parts and sort_key(invited["status_id"]) == INVITED:
        progress.set_status(work.state, _OF_ASSESSMENT, invited, MAILED, user=work.user)


def _extend(work: Work) -> None:
    until = work.body["endDate"]
    for invited in work.still(_OF_ASSESSMENT, work.listed(_INVITED_ONES)):
        for part in parts_of(work, invited):
            work.change(_OF_SECTION, part, end_date=until)
        if work.notifies:
            tell(work, EXTENSION, invited, end_date=until)
        work.succeeded += 1


def _change_status(work: Work) -> None:
    key = work.body["statusSortKey"]
    notice = {SELECTED: SELECTION, REJECTED: REJECTION}.get(key)
    for invited in work.still(_OF_ASSESSMENT, work.listed(_INVITED_ONES)):
        changed = progress.set_status(work.state, _OF_ASSESSMENT, invited, key, user=work.user)
        if work.notifies and notice is not None:
            tell(work, notice, changed)
        work.succeeded += 1


ACTIONS: Final = (
    Action(
        "invite",
        1,
        {
            "callbackUrl": None,
            "candidates": None,
            "assessmentID": None,
            "externalAssessmentID": None,
            "assessmentSectionID": None,
            "endDate": None,
        },
        _invite,
        _may_invite,
    ),
    Action(
        "re_invite",
        13,
        {
            "assessmentSectionID": None,
            _INVITED_ONES: None,
            "endDate": None,
            "assessmentSectionCandidateID": None,
        },
        _re_invite,
        _may_re_invite,
    ),
    Action(
        "remind_candidate",
        4,
        {_INVITED_ONES: None, "assessmentSections": None, "endDate": None},
        _remind,
        _may_remind,
    ),
    Action("extend_date", 5, {_INVITED_ONES: None, "endDate": None}, _extend, need_candidates),
    Action(
        "change_status",
        None,
        {_INVITED_ONES: None, "statusSortKey": None, "reasonText": None, "reasonKey": None},
        _change_status,
        need_candidates,
    ),
)
