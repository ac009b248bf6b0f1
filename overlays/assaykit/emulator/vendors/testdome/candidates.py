"""Candidates: listed and read."""

from __future__ import annotations

from collections.abc import Sequence

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.storage import Document, Where, equal
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.testdome.options import page_of, show
from assaykit.emulator.vendors.testdome.records import CANDIDATES, owned_candidate, owned_test
from assaykit.emulator.vendors.testdome.views import EXPANDABLE_OF_CANDIDATE, View

behaviours = Behaviours()


def _page(call: Call, where: Sequence[Where]) -> Success:
    term = call.query.get("$filter[term]", "").casefold()

    def fits(candidate: Document) -> bool:
        return any(term in (candidate[name] or "").casefold() for name in ("name", "email"))

    view = View(call.state, call.request.base_url)
    return Success(page_of(call, CANDIDATES, where, view.candidate, EXPANDABLE_OF_CANDIDATE, fits if term else None))


@behaviours.operation("candidates_list")
def list_all(call: Call) -> Success:
    """List one page of the candidates of all tests who meet every filter."""
    query = call.query
    where = equal(owner=call.identity)
    if "$filter[archived]" in query:
        where += equal(archived=query["$filter[archived]"])
    if "$filter[status]" in query:
        where.append(Where("status", "in", tuple(query["$filter[status]"])))
    if "$filter[tests]" in query:
        where.append(Where("testId", "in", tuple(query["$filter[tests]"])))
    if "$filter[minScore]" in query:
        where.append(Where("score", ">=", query["$filter[minScore]"]))
    if "$filter[maxScore]" in query:
        where.append(Where("score", "<=", query["$filter[maxScore]"]))
    return _page(call, where)


@behaviours.operation("candidates_list_by_test")
def list_by_test(call: Call) -> Success:
    """List one page of the candidates of a test who meet every filter."""
    query = call.query
    where = equal(testId=owned_test(call)["id"])
    for name in ("archived", "notified", "status"):
        if f"$filter[{name}]" in query:
            where += equal(**{name: query[f"$filter[{name}]"]})
    return _page(call, where)


@behaviours.operation("candidates_get")
def get(call: Call) -> Success:
    """Show a candidate."""
    view = View(call.state, call.request.base_url)
    return Success(show(call, owned_candidate(call), view.candidate, EXPANDABLE_OF_CANDIDATE))
