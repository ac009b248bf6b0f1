"""Panel members, the candidates who are assigned to them, and what they think of these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from assaykit.emulator.engine.resources import Change, Computed, Resource, View, belongs, loose, refers, resources_of
from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.resources.filters import equals, through
from assaykit.emulator.engine.storage import Document, Where, equal
from assaykit.emulator.engine.vendor import Call
from assaykit.emulator.vendors.talview import progress
from assaykit.emulator.vendors.talview.evaluating import check_rating, own_panel
from assaykit.emulator.vendors.talview.tables.assessments import flag
from assaykit.emulator.vendors.talview.tables.hooks import by_caller, counted, decimal, each_of


def _placed(change: Change) -> None:
    """Find the candidate of the section, and the caller's place in the panel, where they are not sent.

    Raises:
        Rejected: The candidate was not invited to the section.
    """
    document, records = change.document, resources_of(change.state).records
    if document["assessment_section_candidate_id"] is None:
        where = equal(
            assessment_candidate_id=document["assessment_candidate_id"],
            assessment_section_id=document["assessment_section_id"],
        )
        found = records.find(change.state, "assessment_section_candidates", where, limit=1)
        if not found:
            raise unfit("assessment_section_id", "is no section that the candidate was invited to")
        document["assessment_section_candidate_id"] = found[0]["id"]
    if change.old is None and document["panel_id"] is None:
        document["panel_id"] = own_panel(change.state, document["assessment_section_id"], change.user)


def _fitting(change: Change) -> None:
    """Refuse a section candidate of another assessment candidate.

    Raises:
        Rejected: It is one.
    """
    number = change.document["assessment_section_candidate_id"]
    found = resources_of(change.state).records.get(change.state, "assessment_section_candidates", number)
    if found is not None and found["assessment_candidate_id"] != change.document["assessment_candidate_id"]:
        raise unfit("assessment_section_candidate_id", "is no section candidate of this assessment candidate")


def _evaluated_now(change: Change) -> None:
    document = change.document
    document["evaluated_by"], document["evaluated_at"] = change.user, change.state.now()


def _assessed(change: Change) -> None:
    """Let the section candidate be assessed."""
    number = change.document["assessment_section_candidate_id"]
    found = resources_of(change.state).records.get(change.state, "assessment_section_candidates", number)
    if found is not None:
        progress.assess(change.state, found, user=change.user)


def _tell_panel(change: Change) -> None:
    """Let the candidates of the panel member know what the evaluation recommends, for their filters and counts."""
    records = resources_of(change.state).records
    for document in (change.old, change.document):
        if document is None or document["panel_id"] is None:
            continue
        where = equal(
            panel_id=document["panel_id"], assessment_section_candidate_id=document["assessment_section_candidate_id"]
        )
        for one in records.find(change.state, "panel_candidates", where):
            records.change(change.state, "panel_candidates", one, {}, user=change.user)


def _judged(change: Change) -> None:
    """Note what the panel member has recommended last, if anything."""
    document = change.document
    where = equal(
        panel_id=document["panel_id"], assessment_section_candidate_id=document["assessment_section_candidate_id"]
    )
    records = resources_of(change.state).records
    latest = records.find(change.state, "evaluations", where, order=["-id"], limit=1)
    document["isEvaluated"] = bool(latest)
    document["recommendation"] = latest[0]["recommendation"] if latest else None


def _within_bounds(change: Change) -> None:
    """Refuse a rating above the highest value of its parameter."""
    rating, document = change.document["rating"], change.document
    parameter = resources_of(change.state).records.get(change.state, "parameters", document["parameter_id"])
    if rating is not None and parameter is not None:
        check_rating(parameter, float(rating))


def _recommended(recommendation: str) -> Computed:
    return counted("panel_candidates", "panel_id", equal(recommendation=recommendation))


def _by_me(call: Call) -> Sequence[Where]:
    return [Where("evaluated_by", "=", call.identity.user)]


def _names(view: View, documents: Sequence[Document]) -> Sequence[Any]:
    """Return the name of the parameter of each rating."""
    known = view.by_id("parameters", [document["parameter_id"] for document in documents])
    return [known.get(document["parameter_id"], {}).get("name", "") for document in documents]


def _panel_candidate(view: View, document: Document) -> str | None:
    if document["panel_id"] is None:
        return None
    where = equal(
        panel_id=document["panel_id"], assessment_section_candidate_id=document["assessment_section_candidate_id"]
    )
    found = resources_of(view.state).records.find(view.state, "panel_candidates", where, limit=1)
    return f"/models/panel-candidate?id={found[0]['id']}" if found else None


def _rated(_: Call, value: float) -> Sequence[Where]:
    return [Where("rating", "=", f"{value:.2f}")]


_EVALUATION: Final = belongs("evaluations")
_PANEL: Final = "/models/panel-candidate?{}&panel_id={{id}}"

RESOURCES: Final = (
    Resource(
        "panels",
        "Panel member",
        references={"assessment_section_id": belongs("assessment_sections"), "user_id": belongs("users")},
        computed={
            "selectedCount": _recommended("select"),
            "rejectedCount": _recommended("reject"),
            "holdCount": _recommended("hold"),
            "evaluatedCount": counted("panel_candidates", "panel_id", equal(isEvaluated=True)),
            "assignedCount": counted("panel_candidates", "panel_id"),
        },
        filters={"assessment_id": through("assessment_sections", "assessment_id", field="assessment_section_id")},
        links={
            "self": "/models/panel/{id}",
            "pending": _PANEL.format("evaluated=false"),
            "evaluated": _PANEL.format("evaluated=true"),
            "selected": _PANEL.format("recommendation=select"),
            "rejected": _PANEL.format("recommendation=reject"),
            "hold": _PANEL.format("recommendation=hold"),
        },
    ),
    Resource(
        "panel_candidates",
        "Candidate of the panel member",
        references={
            "panel_id": belongs("panels"),
            "assessment_candidate_id": belongs("assessment_candidates"),
            "assessment_section_candidate_id": belongs("assessment_section_candidates"),
        },
        indexes={"recommendation": str, "isEvaluated": bool},
        filters={"evaluated": equals("isEvaluated", bool)},
        before={"create": each_of(by_caller("added_by"), _judged), "update": _judged},
        links={
            "evaluations": "/models/evaluation"
            "?assessment_section_candidate_id={assessment_section_candidate_id}&panel_id={panel_id}",
        },
    ),
    Resource(
        "evaluations",
        "Evaluation",
        references={
            "panel_id": loose("panels"),
            "assessment_candidate_id": belongs("assessment_candidates"),
            "assessment_section_id": belongs("assessment_sections"),
            "assessment_section_candidate_id": belongs("assessment_section_candidates"),
            "form_instance_id": loose("form_instances"),
            "evaluated_by": refers("users"),
        },
        defaults={"assessment_section_candidate_id": None, "evaluated_by": None},
        filters={"self": flag(_by_me)},
        before={"create": each_of(_placed, _fitting, _evaluated_now), "update": _placed},
        after={"create": each_of(_tell_panel, _assessed), "update": _tell_panel, "delete": _tell_panel},
        links={
            "evaluationComments": "/models/evaluation-comment?evaluation_id={id}",
            "evaluationRatings": "/models/evaluation-rating?evaluation_id={id}",
            "formInstance": "/models/form-instance?evaluation_id={id}",
            "panelCandidate": _panel_candidate,
        },
    ),
    Resource(
        "evaluation_comments", "Comment", references={"evaluation_id": _EVALUATION, "answer_id": loose("answers")}
    ),
    Resource(
        "evaluation_ratings",
        "Rating",
        references={"evaluation_id": _EVALUATION, "parameter_id": belongs("parameters")},
        computed={"name": Computed(_names)},
        filters={"rating": _rated},
        indexes={"rating": str},
        before={
            "create": each_of(_within_bounds, decimal("rating")),
            "update": each_of(_within_bounds, decimal("rating")),
        },
    ),
)
