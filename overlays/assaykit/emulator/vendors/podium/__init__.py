"""Podium, emulated: participants, tests, results, reports, credits and webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assaykit.emulator.engine.contract import Contract
    from assaykit.emulator.engine.vendor import Vendor


def vendor(contract: Contract | None = None) -> Vendor:
    """Return the emulated Podium.

    Args:
        contract: Its compiled specification; None for the one that `podium_client` ships.
    """
    from assaykit.emulator.engine.contract import Contract, load_document
    from assaykit.emulator.engine.vendor import Behaviours, Event, Vendor
    from assaykit.emulator.vendors.podium import (
        candidate,
        credit,
        downloads,
        editing,
        invitations,
        metadata,
        participants,
        records,
        reports,
        results,
        seed,
        tokens,
    )
    from assaykit.emulator.vendors.podium import tests as assigned_tests
    from assaykit.emulator.vendors.podium.errors import write_error

    behaviours = Behaviours()
    for part in (tokens, participants, assigned_tests, invitations, results, metadata, reports, downloads, credit):
        behaviours.include(part.behaviours)
    return Vendor(
        name="podium",
        contract=contract or Contract(load_document("podium")),
        behaviours=behaviours,
        errors=write_error,
        verifiers={"bearer": tokens.verify},
        collections=records.COLLECTIONS,
        seed=seed.fill,
        actions=candidate.ACTIONS | reports.ACTIONS | invitations.ACTIONS | credit.ACTIONS | editing.ACTIONS,
        credentials={"api_key": seed.API_KEY, "client_id": seed.CLIENT},
        sample=(f"-X POST {{url}}/token -H 'Content-Type: application/json' -d '{{\"apiKey\": \"{seed.API_KEY}\"}}'"),
        hosts=frozenset(f"integration-{region}.podium365.com" for region in ("au", "eu", "uae")),
        events=(
            Event("testCompleted", "TestCompleted"),
            Event("testCompletedWithResultScoring", "TestCompletedAndScored"),
        ),
        retry_after=(60, 300, 1800),
    )
