"""Telling candidates their results, and the account's consent to proctoring."""

from __future__ import annotations

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import CONFLICT, Rejected
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.testdome.lifecycle import keep, note
from assaykit.emulator.vendors.testdome.records import COMPLETED, TESTS, find_candidate, owned_test, save, unknown
from assaykit.emulator.vendors.testdome.views import passes

behaviours = Behaviours()


@behaviours.operation("candidates_notify")
def notify(call: Call) -> Success:
    """Write to those who passed with one text and to the others with another; without a text nobody is written to."""
    test, body = owned_test(call), call.body
    chosen = []
    for number in dict.fromkeys(body["candidateIds"]):
        candidate = find_candidate(call, number)
        if candidate is None or candidate["testId"] != test["id"]:
            raise unknown("candidate", "candidateNotFound")
        if candidate["status"] != COMPLETED:
            message = f"The candidate {number} has not completed the test."
            raise Rejected(CONFLICT, message, code="candidateNotCompleted")
        chosen.append(candidate)
    for candidate in chosen:
        decided = candidate["passedOverride"]
        passed = passes(candidate, test) if decided is None else decided
        if body.get("passEmail" if passed else "failEmail"):
            candidate["notified"] = True
            note(candidate, call.state.now(), "The candidate was told the result.")
            keep(call.state, candidate)
    test["notifyCandidatesParameters"] = {
        name: body[name] for name in ("passEmail", "failEmail", "replyTo") if name in body
    }
    save(call.state.store, TESTS, test)
    return Success(status=204)


@behaviours.operation("candidates_give_proctoring_consent")
def give_consent(call: Call) -> Success:
    """Record that the account agrees to the proctoring of a test's candidates."""
    test = owned_test(call)
    test["proctoringConsent"] = True
    save(call.state.store, TESTS, test)
    return Success(status=204)
