"""Actions on the panels of sections: add members, remind them; and the action that evaluates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.vendors.talview import assigning, evaluating
from assaykit.emulator.vendors.talview.actions import calendars
from assaykit.emulator.vendors.talview.actions.candidates import need_candidates, parts_of
from assaykit.emulator.vendors.talview.actions.declared import Action, Failed, Work
from assaykit.emulator.vendors.talview.notifying import PANEL_ASSIGNED, PANEL_REMINDER, Notice, full_name, notify


def need_panel(work: Work) -> None:
    """Refuse users whom the organization does not have."""
    work.need_all("users", "panel", "user")


def _may_add(work: Work) -> None:
    number = work.body["assessmentSections"]["id"]
    work.need("assessment_sections", number, "assessmentSections.id", "section")
    need_panel(work)
    need_candidates(work)


def _add(work: Work) -> None:
    section = work.get("assessment_sections", work.body["assessmentSections"]["id"])
    if section is None:
        raise Failed("The section does not exist any more")
    users = work.still("users", work.listed("panel"))
    # Users are no tasks of the action: what counts are candidates.
    work.failed = 0
    if not users:
        raise Failed("None of the panel exists any more")
    members = [assigning.member(work.state, section["id"], user["id"], user=work.user) for user in users]
    parts = _parts(work, section)
    replaced: dict[int, None] = {}
    for part in parts():
        replaced.update(dict.fromkeys(_replaced(work, part)))
        assigning.replace(work.state, [part], members, user=work.user)
        work.succeeded += 1
    stay = {user["id"] for user in users}
    work.shown["oldPanel"] = [{"id": number} for number in replaced if number not in stay]
    now, until = work.state.now(), work.body["endDate"]
    numbers = [user["id"] for user in users]
    about = f"panel-{work.shown['id']}"
    calendars.book(work, about, numbers, now, until, f"Evaluation for {_title(work, section)}", None)
    if work.notifies:
        for user in users:
            for part in parts():
                _tell(work, PANEL_ASSIGNED, user, part)


def _parts(work: Work, section: Document) -> Callable[[], Iterable[Document]]:
    """Return what gives the section candidates whom the request means, and count those who are none."""
    if not work.body.get("assessmentCandidates"):
        return lambda: work.each("assessment_section_candidates", equal(assessment_section_id=section["id"]))
    parts: list[Document] = []
    for invited in work.still("assessment_candidates", work.listed("assessmentCandidates")):
        found = parts_of(work, invited, section["id"])
        work.failed += not found
        parts += found
    return lambda: parts


def _replaced(work: Work, part: Document) -> list[int]:
    """Return the ids of the users from whom a section candidate is taken."""
    found = work.find("panel_candidates", equal(assessment_section_candidate_id=part["id"]))
    panels = [work.get("panels", one["panel_id"]) for one in found]
    return [panel["user_id"] for panel in panels if panel is not None]


def _title(work: Work, section: Document) -> str:
    assessment = work.get("assessments", section["assessment_id"])
    return "" if assessment is None else str(assessment["title"])


def _tell(work: Work, notice: Notice, user: Document, part: Document) -> bool:
    """Notify a panel member of a candidate, and return whether there is one."""
    invited = work.get("assessment_candidates", part["assessment_candidate_id"])
    candidate = None if invited is None else work.get("candidates", invited["candidate_id"])
    if invited is None or candidate is None:
        return False
    title = _title(work, invited)
    values = {"candidate-name": full_name(candidate), "assessment-title": title, "assessment-name": title}
    about = {
        "assessment_id": invited["assessment_id"],
        "assessment_candidate_id": invited["id"],
        "assessment_section_candidate_id": part["id"],
    }
    notify(work.state, notice, user, values, user=work.user, about=about)
    return True


def _may_remind(work: Work) -> None:
    need_candidates(work)
    need_panel(work)


def _remind(work: Work) -> None:
    wanted = work.listed("panel")
    for invited in work.still("assessment_candidates", work.listed("assessmentCandidates")):
        waiting = equal(assessment_candidate_id=invited["id"], isEvaluated=False)
        for one in work.find("panel_candidates", waiting):
            panel = work.get("panels", one["panel_id"])
            user = None if panel is None else work.get("users", panel["user_id"])
            part = work.get("assessment_section_candidates", one["assessment_section_candidate_id"])
            if user is not None and part is not None and (not wanted or user["id"] in wanted) and work.notifies:
                _tell(work, PANEL_REMINDER, user, part)
        work.succeeded += 1


def _may_evaluate(work: Work) -> None:
    number = work.body["assessmentSectionCandidateID"]
    work.need("assessment_section_candidates", number, "assessmentSectionCandidateID", "section candidate")
    if work.body.get("formInstanceID") is not None:
        work.need("form_instances", work.body["formInstanceID"], "formInstanceID", "form instance")
    for place, one in enumerate(work.body.get("rating") or ()):
        parameter = work.need("parameters", one["parameter_id"], f"rating[{place}].parameter_id", "parameter")
        evaluating.check_rating(parameter, one["rating"])


def _evaluate(work: Work) -> None:
    number = work.body["assessmentSectionCandidateID"]
    part = work.need("assessment_section_candidates", number, "assessmentSectionCandidateID", "section candidate")
    made = evaluating.evaluate(
        work.state,
        part,
        work.body["recommendation"],
        user=work.user,
        comment=work.body.get("evaluationComment"),
        ratings=[(one["parameter_id"], one["rating"]) for one in work.body.get("rating") or ()],
        form_instance_id=work.body.get("formInstanceID"),
    )
    work.shown["_links"] = {"evaluation": {"href": f"/models/evaluation/{made['id']}"}}
    work.succeeded = 1


ACTIONS: Final = (
    Action(
        "add_panel",
        7,
        {"assessmentCandidates": None, "assessmentSections": None, "endDate": None, "panel": None, "oldPanel": []},
        _add,
        _may_add,
    ),
    Action("remind_panel", 3, {"assessmentCandidates": None, "endDate": None, "panel": None}, _remind, _may_remind),
    Action(
        "evaluate",
        19,
        {
            "assessmentSectionCandidateID": None,
            "rating": None,
            "evaluationComment": None,
            "formData": None,
            "formInstanceID": None,
            "files": [],
            "recommendation": None,
        },
        _evaluate,
        _may_evaluate,
        queued=False,
        numbered=False,
        stamps=("started_at", "completed_at"),
        counts=True,
    ),
)
