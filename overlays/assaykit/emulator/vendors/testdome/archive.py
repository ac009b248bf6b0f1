"""The archive of candidates."""

from __future__ import annotations

from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.testdome.records import CANDIDATES, find_candidate, save

behaviours = Behaviours()


@behaviours.operation("candidates_archive")
def archive(call: Call) -> Success:
    """Put candidates into the archive, and say for whom it failed."""
    return _set_archived(call, archived=True)


@behaviours.operation("candidates_unarchive")
def unarchive(call: Call) -> Success:
    """Bring candidates back from the archive, and say for whom it failed."""
    return _set_archived(call, archived=False)


def _set_archived(call: Call, *, archived: bool) -> Success:
    failed: list[int] = []
    for number in dict.fromkeys(call.body["candidateIds"]):
        candidate = find_candidate(call, number)
        if candidate is None:
            failed.append(number)
        elif candidate["archived"] != archived:
            candidate["archived"] = archived
            save(call.state.store, CANDIDATES, candidate)
    return Success({"failedCandidates": failed, "_links": {}})
