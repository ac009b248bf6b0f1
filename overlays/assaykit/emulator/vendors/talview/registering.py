"""Registration for public sections.

Inferred: the token of a candidate registers that candidate, while a user's token registers somebody new, since nothing
says who is meant.
"""

from __future__ import annotations

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.talview import invitations

behaviours = Behaviours()


@behaviours.operation("mobile_registrations_create")
def register(call: Call) -> Success:
    """Make a section candidate of a public section, or return the one that a candidate is already."""
    state, number = call.state, call.body["assessment_section_id"]
    section = resources_of(state).records.get(state, "assessment_sections", number)
    if section is None or section["organization_id"] != call.identity.organization or not section["is_public"]:
        raise unfit("assessment_section_id", "names no public assessment section")
    candidate = call.identity.candidate or _newcomer(call)["id"]
    try:
        made = invitations.invite(
            state, section, candidate, user=call.identity.user, end_date=section["end_date"], registered=True
        )
    except invitations.AlreadyInvitedError:
        made = _known(call, candidate, number)
    records = resources_of(state).records
    person = records.get(state, "candidates", candidate)
    if person is not None and not person["isRegistered"]:
        records.change(state, "candidates", person, {"isRegistered": True}, user=call.identity.user)
    where = f"{call.request.base_url}/mobile/assessment-section-candidate/{made['id']}"
    return Success({"id": made["id"], "c": made["c"]}, 201, headers=(("Location", where),))


def _newcomer(call: Call) -> Document:
    """Make the candidate who comes by a public link and is known by no name yet."""
    address = f"registered-{call.state.ids.token('registration')[:12]}@example.com"
    values = {"email": address, "isRegistered": True}
    return resources_of(call.state).records.insert(call.state, "candidates", values, user=call.identity.user, call=call)


def _known(call: Call, candidate: int, section: int) -> Document:
    records = resources_of(call.state).records
    for invited in records.find(call.state, "assessment_candidates", equal(candidate_id=candidate)):
        where = equal(assessment_candidate_id=invited["id"], assessment_section_id=section)
        for found in records.find(call.state, "assessment_section_candidates", where, limit=1):
            if found["isRegistered"]:
                return found
            return records.change(call.state, "assessment_section_candidates", found, {"isRegistered": True})
    raise unfit("assessment_section_id", "names a section that the candidate left just now")
