"""Tests: listed, read, archived, deleted, and the score from which a candidate passes."""

from __future__ import annotations

from typing import Final

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.testdome.options import page_of, show
from assaykit.emulator.vendors.testdome.records import TESTS, owned_test, save
from assaykit.emulator.vendors.testdome.views import EXPANDABLE_OF_TEST, View, expected_pass_rate

behaviours = Behaviours()
_TRUTH: Final = {"true": True, "false": False}


@behaviours.operation("v2_tests_list")
def list_v2(call: Call) -> Success:
    """List all tests as a bare array."""
    found = call.state.store.find(TESTS, equal(owner=call.identity, deleted=False), order=["id"])
    view = View(call.state, call.request.base_url)
    shown = (view.test(test, frozenset()) for test in found)
    return Success([{name: test[name] for name in ("id", "name", "description") if name in test} for test in shown])


@behaviours.operation("tests_list")
def list_tests(call: Call) -> Success:
    """List one page of the tests that meet every filter."""
    query = call.query
    where = equal(owner=call.identity)
    if query.get("$filter[excludeDeleted]", True):
        where += equal(deleted=False)
    archived = _TRUTH.get(query.get("$filter[archived]", "").lower())
    if archived is not None:
        where += equal(archived=archived)
    if "$filter[isPublished]" in query:
        where += equal(published=query["$filter[isPublished]"])
    term = query.get("$filter[term]", "").casefold()
    has_questions = query.get("$filter[hasQuestions]")
    unwanted = frozenset(query.get("$filter[notContainsQuestions]", ()))

    def fits(test: Document) -> bool:
        questions = {question["id"] for question in test["questions"]}
        return (
            term in test["name"].casefold()
            and (has_questions is None or has_questions == bool(questions))
            and unwanted.isdisjoint(questions)
        )

    narrowed = bool(term or unwanted or has_questions is not None)
    view = View(call.state, call.request.base_url)
    return Success(page_of(call, TESTS, where, view.test, EXPANDABLE_OF_TEST, fits if narrowed else None))


@behaviours.operation("tests_get")
def get(call: Call) -> Success:
    """Show a test."""
    view = View(call.state, call.request.base_url)
    return Success(show(call, owned_test(call), view.test, EXPANDABLE_OF_TEST))


@behaviours.operation("tests_delete")
def delete(call: Call) -> Success:
    """Delete a test; its candidates stay."""
    test = owned_test(call)
    test["deleted"] = True
    save(call.state.store, TESTS, test)
    return Success(status=204)


@behaviours.operation("tests_archive")
def archive(call: Call) -> Success:
    """Put a test into the archive."""
    return _set_archived(call, archived=True)


@behaviours.operation("tests_unarchive")
def unarchive(call: Call) -> Success:
    """Bring a test back from the archive."""
    return _set_archived(call, archived=False)


def _set_archived(call: Call, *, archived: bool) -> Success:
    test = owned_test(call)
    test["archived"] = archived
    save(call.state.store, TESTS, test)
    return Success(status=204)


@behaviours.operation("tests_update_cutoff_score")
def update_cutoff_score(call: Call) -> Success:
    """Set the score from which a candidate passes; those who have finished are judged by it from now on."""
    test = owned_test(call)
    test["cutoffScore"] = call.body["cutoffScore"]
    save(call.state.store, TESTS, test)
    return Success({"expectedPassRate": expected_pass_rate(call.state, test)})
