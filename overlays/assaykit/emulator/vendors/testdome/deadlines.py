"""Deadlines of candidates, moved."""

from __future__ import annotations

from assaykit.emulator.engine.dates import instant_text, parse_instant
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.storage import Where, equal
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.testdome.lifecycle import keep, note
from assaykit.emulator.vendors.testdome.records import CANDIDATES, OPEN, find_candidate, owned_test

behaviours = Behaviours()


@behaviours.operation("candidates_update_deadline")
def update(call: Call) -> Success:
    """Move the deadline of the named candidates, or of all who have not started, and say for whom it failed."""
    test, state = owned_test(call), call.state
    numbers = call.body.get("candidateIds")
    if numbers is None:
        waiting = [*equal(testId=test["id"]), Where("status", "in", OPEN)]
        numbers = [candidate["id"] for candidate in state.store.find(CANDIDATES, waiting, order=["id"])]
    given = call.body.get("newDeadline")
    deadline = None if given is None else instant_text(parse_instant(given))
    over = deadline is not None and deadline <= state.now()
    failed: list[int] = []
    for number in dict.fromkeys(numbers):
        candidate = find_candidate(call, number)
        if over or candidate is None or candidate["testId"] != test["id"] or candidate["status"] not in OPEN:
            failed.append(number)
            continue
        candidate["deadline"] = deadline
        note(candidate, state.now(), "The deadline was moved." if deadline else "The deadline was removed.")
        keep(state, candidate)
    return Success({"failedCandidateIds": failed})
