"""Evaluations with their ratings and comment, as the action that evaluates makes them."""

from __future__ import annotations

from collections.abc import Iterable

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.engine.worlds import State


def evaluate(
    state: State,
    section_candidate: Document,
    recommendation: str,
    *,
    user: int,
    panel_id: int | None = None,
    comment: str | None = None,
    ratings: Iterable[tuple[int, float]] = (),
    form_instance_id: int | None = None,
) -> Document:
    """Evaluate a section candidate, whose status becomes assessed.

    Args:
        state: The vendor's part of the world.
        section_candidate: The section candidate.
        recommendation: select, reject or hold.
        user: Who evaluates.
        panel_id: Id of the panel member; None for the user's own place in the panel of the section, if there is one.
        comment: A comment on the whole.
        ratings: Id of a parameter and the rating by it, for each.
        form_instance_id: Id of the form that was filled in.

    Returns:
        The evaluation.

    Raises:
        Rejected: A parameter does not exist, or a rating is higher than the parameter allows.
    """
    records = resources_of(state).records
    ratings = list(ratings)
    for parameter_id, rating in ratings:
        parameter = records.get(state, "parameters", parameter_id)
        if parameter is None or parameter["organization_id"] != section_candidate["organization_id"]:
            raise unfit("rating", f"names no parameter that exists: {parameter_id}")
        check_rating(parameter, rating)
    values = {
        "assessment_candidate_id": section_candidate["assessment_candidate_id"],
        "assessment_section_id": section_candidate["assessment_section_id"],
        "assessment_section_candidate_id": section_candidate["id"],
        "panel_id": panel_id,
        "recommendation": recommendation,
        "form_instance_id": form_instance_id,
    }
    made = records.insert(state, "evaluations", values, user=user)
    for parameter_id, rating in ratings:
        rated = {"evaluation_id": made["id"], "parameter_id": parameter_id, "rating": rating}
        records.insert(state, "evaluation_ratings", rated, user=user)
    if comment:
        records.insert(state, "evaluation_comments", {"evaluation_id": made["id"], "content": comment}, user=user)
    return made


def check_rating(parameter: Document, rating: float) -> None:
    """Refuse a rating above the highest one of its parameter.

    Raises:
        Rejected: It is higher.
    """
    highest = parameter["max_value"]
    if highest is not None and rating > highest:
        raise unfit("rating", f"must be at most {highest}, the highest value of the parameter {parameter['id']}")


def own_panel(state: State, assessment_section_id: int, user: int | None) -> int | None:
    """Return the id of a user's place in the panel of a section, or None."""
    where = equal(assessment_section_id=assessment_section_id, user_id=user)
    found = resources_of(state).records.find(state, "panels", where, order=["-id"], limit=1)
    return found[0]["id"] if found else None
