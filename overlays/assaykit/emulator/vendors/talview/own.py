"""What a candidate's token shows: that candidate's own objects. A user sees all of the organization's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from assaykit.emulator.engine.contract import Contract
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import FORBIDDEN, Rejected
from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.storage import Document, Select, Where
from assaykit.emulator.engine.vendor import Behaviour, Behaviours, Call
from assaykit.emulator.vendors.talview.asked import asked
from assaykit.emulator.vendors.talview.identities import CANDIDATE

Visible = Callable[[Call], Sequence[Where]]
_OPEN: Final = ("/mobile/", "/attend/")
"""Beginnings of the paths that a candidate may call."""
_FORMS_OF_CANDIDATES: Final = (3, 6, 17, 18)
"""Types of the forms that candidates fill in: before a section, as links of section candidates name them, and after."""


def _attended(call: Call) -> list[Where]:
    """Return the condition on section candidates that they are the caller's."""
    resources = resources_of(call.state)
    invited = [Where("candidate_id", "=", call.identity.candidate)]
    invitations = Select(resources.collection("assessment_candidates"), "id", invited)
    return [Where("assessment_candidate_id", "in", invitations)]


def _through(call: Call, field: str) -> Select:
    """Return the values of a field of the caller's section candidates."""
    return Select(resources_of(call.state).collection("assessment_section_candidates"), field, _attended(call))


def _for_candidates(conditions: Visible) -> Visible:
    """Return conditions that hold for candidates only."""
    return lambda call: conditions(call) if call.identity.kind == CANDIDATE else ()


def _documents(call: Call) -> list[Document]:
    return resources_of(call.state).records.find(call.state, "assessment_section_candidates", _attended(call))


def _asked(call: Call) -> Sequence[Where]:
    numbers = {number for document in _documents(call) for number in asked(call.state, document)}
    return [Where("id", "in", sorted(numbers))]


section_candidates: Visible = _for_candidates(_attended)
by_section_candidate: Visible = _for_candidates(
    lambda call: [Where("assessment_section_candidate_id", "in", _through(call, "id"))]
)
assessment_sections: Visible = _for_candidates(
    lambda call: [Where("id", "in", _through(call, "assessment_section_id"))]
)
by_candidate: Visible = _for_candidates(lambda call: [Where("candidate_id", "=", call.identity.candidate)])
questions: Visible = _for_candidates(_asked)
forms: Visible = _for_candidates(lambda _: [Where("type", "in", _FORMS_OF_CANDIDATES)])


def fence(contract: Contract, behaviours: Behaviours) -> None:
    """Refuse candidates every operation that is not made for them.

    Args:
        contract: The specification, whose paths tell which are.
        behaviours: The behaviours of all operations; they are replaced.
    """
    for name, operation in contract.operations.items():
        if name in behaviours.operations and not operation.template.startswith(_OPEN):
            behaviours.operations[name] = _for_users(behaviours.operations[name])


def _for_users(behaviour: Behaviour) -> Behaviour:
    def answer(call: Call) -> Success:
        kind: Any = getattr(call.identity, "kind", None)
        if kind == CANDIDATE:
            raise Rejected(FORBIDDEN, "You are not allowed to perform this action.")
        return behaviour(call)

    return answer
