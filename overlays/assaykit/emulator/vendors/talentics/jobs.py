"""Jobs that a company offers."""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.talentics.paging import page_of
from assaykit.emulator.vendors.talentics.records import JOBS, ORGANIZATIONS, owned

behaviours = Behaviours()
_IN_LIST_ALONE: Final = frozenset({"created_at", "updated_at"})
_IN_DETAIL_ALONE: Final = frozenset(
    {
        "private",
        "closed",
        "verified",
        "verified_at",
        "suspended",
        "suspended_at",
        "organization",
        "company",
        "page_url",
        "required_assessments",
        "required_aspects",
        "related_profession",
        "applicable",
        "work_ready",
        "redirect_url",
    }
)


def _without(job: Document, left_out: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in job["shown"].items() if name not in left_out}


@behaviours.operation("jobs_list")
def list_jobs(call: Call) -> Success:
    """List the account's jobs, with fewer fields than a single one has."""
    found, around = page_of(call, JOBS, equal(owner=call.identity), "/v2/jobs")
    return Success({"data": [_without(job, _IN_DETAIL_ALONE) for job in found], **around})


@behaviours.operation("jobs_get")
def get(call: Call) -> Success:
    """Show a job; its company stands there twice, as `organization` and as `company`."""
    job = owned(call, JOBS, call.path["job_id"], "job")
    kept = call.state.store.get(ORGANIZATIONS, str(job["organizationId"]))
    company = None if kept is None else kept["shown"]
    detail = _without(job, _IN_LIST_ALONE)
    # Both are null unless somebody wrote something else there.
    return Success({"data": detail | {name: detail.get(name) or company for name in ("organization", "company")}})
