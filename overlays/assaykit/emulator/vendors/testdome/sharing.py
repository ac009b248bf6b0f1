"""Links under which reports can be read without a login, and the pages that they lead to."""

from __future__ import annotations

from html import escape
from typing import Any

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import NOT_FOUND, Rejected
from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.testdome.records import CANDIDATES, SHARES, TESTS, owned_candidate, owned_test, save
from assaykit.emulator.vendors.testdome.views import View

behaviours = Behaviours()
_COLUMNS = ("name", "email", "status", "score", "passed")


@behaviours.operation("candidates_share")
def share(call: Call) -> Success:
    """Give the link to a candidate's report."""
    return _link(call, CANDIDATES, owned_candidate(call))


@behaviours.operation("candidates_share_by_test")
def share_by_test(call: Call) -> Success:
    """Give the link to the reports of a test's candidates."""
    return _link(call, TESTS, owned_test(call))


def _link(call: Call, collection: str, document: Document) -> Success:
    key: str | None = document["shareKey"]
    if key is None:
        key = document["shareKey"] = call.state.ids.token("share")[:16]
        save(call.state.store, collection, document)
        call.state.store.insert(SHARES, key, {"collection": collection, "id": document["id"]})
    return Success({"shareUrl": f"{call.request.base_url}/reports/shared/{key}"})


@behaviours.page("GET", "/reports/shared/{key}")
def report(call: Call) -> Success:
    """Show the report of a candidate, or of all candidates of a test."""
    store = call.state.store
    shared = store.get(SHARES, call.path["key"])
    document = None if shared is None else store.get(shared["collection"], str(shared["id"]))
    if shared is None or document is None:
        raise Rejected(NOT_FOUND, "There is no shared report under this address.", code="reportNotFound")
    if shared["collection"] == TESTS:
        test: Document | None = document
        listed = store.find(CANDIDATES, equal(testId=document["id"]), order=["id"])
    else:
        test = store.get(TESTS, str(document["testId"]))
        listed = [document]
    title = "Report" if test is None else test["name"]
    view = View(call.state, call.request.base_url)
    rows = "".join(_row("td", view.candidate(candidate, frozenset())) for candidate in listed)
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>{escape(title)}</title><h1>{escape(title)}</h1>"
        f"<table>{_row('th', {name: name for name in _COLUMNS})}{rows}</table></html>"
    )
    return Success(page.encode("utf-8", "replace"), media_type="text/html; charset=utf-8")


def _row(tag: str, shown: dict[str, Any]) -> str:
    values = (shown.get(name) for name in _COLUMNS)
    return f"<tr>{''.join(f'<{tag}>{_cell(value)}</{tag}>' for value in values)}</tr>"


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else escape(str(value))
