"""People who applied for a job, and the form that they fill in."""

from __future__ import annotations

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import NOT_FOUND, Rejected
from assaykit.emulator.engine.storage import equal
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.talentics.records import APPLICANTS, FORMS, JOBS, owned

behaviours = Behaviours()


@behaviours.operation("applicants_list")
def list_applicants(call: Call) -> Success:
    """List everybody who applied for a job, without pages."""
    job = owned(call, JOBS, call.path["job_id"], "job")
    found = call.state.store.find(APPLICANTS, equal(jobId=job["id"]), order=["id"])
    return Success({"data": [applicant["shown"] for applicant in found]})


@behaviours.operation("applicants_get")
def get(call: Call) -> Success:
    """Show an applicant."""
    return Success({"data": owned(call, APPLICANTS, call.path["job_applicant_id"], "applicant")["shown"]})


@behaviours.operation("applicants_employment_application_form")
def form(call: Call) -> Success:
    """Show what an applicant filled into the form."""
    applicant = owned(call, APPLICANTS, call.path["job_applicant_id"], "applicant")
    kept = call.state.store.get(FORMS, str(applicant["id"]))
    if kept is None:
        raise Rejected(NOT_FOUND, "The applicant has not submitted the form.")
    return Success({"data": kept["shown"]})
