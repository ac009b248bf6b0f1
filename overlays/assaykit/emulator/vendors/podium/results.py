"""Results: completed tests, scored and paid for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assaykit.emulator.engine.dates import day_range
from assaykit.emulator.engine.editing import edited
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.storage import Document, Where, equal
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.vendors.podium.credit import charge
from assaykit.emulator.vendors.podium.records import (
    INVITATIONS,
    NORMS,
    PARTICIPANTS,
    ROLE_PROFILES,
    TESTS,
    client_of,
    known,
    participant_of,
)
from assaykit.emulator.vendors.podium.scoring import scores

behaviours = Behaviours()


def shown_result(
    completion: Document | None, test: Document, norm: Document, profiles: Sequence[Document] = ()
) -> dict[str, Any]:
    """Return the result of one test against one norm, as the API shows it.

    Args:
        completion: The invitation under which the test was completed; None if it was not.
        test: The test.
        norm: The norm.
        profiles: Role profiles.
    """
    if completion is None or completion["completedAt"] is None:
        return {"testId": test["id"], "completionDate": None, "scores": []}
    shown = {
        "testId": test["id"],
        "completionDate": completion["completedAt"],
        "scores": scores(completion["rawScores"], test, norm, profiles),
    }
    return edited("results", completion, shown)


class _Options:
    """What a request for results asks for: tests, norms and role profiles, all known."""

    def __init__(self, call: Call) -> None:
        store = call.state.store
        self.tests = known(store, TESTS, "test", call.query["testId"], "query.testId")
        self.norms = known(store, NORMS, "norm", call.query["normId"], "query.normId")
        profiles = call.query.get("roleProfileId", ())
        self.profiles = known(store, ROLE_PROFILES, "role profile", profiles, "query.roleProfileId")

    def results(self, latest: dict[str, Document], *, completed_only: bool) -> list[dict[str, Any]]:
        """Return one result for each test and norm, from the latest completion of each test."""
        found: list[dict[str, Any]] = []
        for test in self.tests:
            completion = latest.get(test["id"])
            if completion is None and completed_only:
                continue
            found.extend(shown_result(completion, test, norm, self.profiles) for norm in self.norms)
        return found

    def charge(self, call: Call, client_id: str, completions: dict[str, dict[str, Document]]) -> None:
        """Take the credits for everything that is going to be scored."""
        charge(
            call.state,
            client_id,
            (
                (participant_id, test_id, norm["id"])
                for participant_id, latest in completions.items()
                for test_id in latest
                for norm in self.norms
            ),
        )


def _entry(participant: Document, results: list[dict[str, Any]]) -> dict[str, Any]:
    shown = {
        "participantId": participant["id"],
        "integrationPartnerParticipantId": participant["partnerParticipantId"],
        "integrationPartnerParticipantMetadata": participant["metadata"],
        "results": results,
    }
    return edited("participants", participant, shown)


@behaviours.operation("results_get")
def get(call: Call) -> Success:
    """Score a participant's tests."""
    participant = participant_of(call)
    options = _Options(call)
    wanted = [Where("testId", "in", [test["id"] for test in options.tests]), Where("completedAt", "!=", None)]
    completed = call.state.store.find(
        INVITATIONS, [*equal(participantId=participant["id"]), *wanted], order=["completedAt"]
    )
    latest = {invitation["testId"]: invitation for invitation in completed}
    options.charge(call, participant["clientId"], {participant["id"]: latest})
    return Success(_entry(participant, options.results(latest, completed_only=False)))


@behaviours.operation("results_list")
def list_by_day(call: Call) -> Success:
    """Score everybody who completed one of the tests within a range of days."""
    client = client_of(call)
    options = _Options(call)
    store = call.state.store
    completed = store.find(
        INVITATIONS,
        [
            *equal(clientId=client["id"]),
            Where("testId", "in", [test["id"] for test in options.tests]),
            Where("completedAt", "!=", None),
            *day_range("completedAt", call.query.get("startDate"), call.query.get("endDate")),
        ],
        order=["completedAt"],
    )
    latest: dict[str, dict[str, Document]] = {}
    for invitation in completed:
        latest.setdefault(invitation["participantId"], {})[invitation["testId"]] = invitation
    options.charge(call, client["id"], latest)
    return Success(
        [
            _entry(participant, options.results(latest[participant["id"]], completed_only=True))
            for participant in store.find(PARTICIPANTS, equal(clientId=client["id"]))
            if participant["id"] in latest
        ]
    )
