"""Talentics, emulated: tests with their participants and scores, jobs with their applicants."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from assaykit.emulator.engine.contract import Contract
    from assaykit.emulator.engine.vendor import Vendor

HOME: Final = timezone(timedelta(hours=7), "WIB")
"""Zone of the dates that name none: Jakarta's, which has not changed since 1964 and needs no data of zones."""


def vendor(contract: Contract | None = None) -> Vendor:
    """Return the emulated Talentics.

    Args:
        contract: Its compiled specification; None for the one that `talentics_client` ships.
    """
    from assaykit.emulator.engine.contract import Contract, load_document
    from assaykit.emulator.engine.vendor import Behaviours, Vendor
    from assaykit.emulator.vendors.talentics import (
        accounts,
        applicants,
        candidate,
        editing,
        exams,
        jobs,
        records,
        seed,
        tickets,
    )
    from assaykit.emulator.vendors.talentics.errors import write_error

    behaviours = Behaviours()
    for part in (exams, tickets, jobs, applicants):
        behaviours.include(part.behaviours)
    return Vendor(
        name="talentics",
        contract=contract or Contract(load_document("talentics"), zone=HOME),
        behaviours=behaviours,
        errors=write_error,
        verifiers={"basic": accounts.verify},
        collections=records.COLLECTIONS,
        seed=seed.fill,
        actions=candidate.ACTIONS | editing.ACTIONS,
        credentials={"app_id": accounts.APP_ID, "app_secret": accounts.APP_SECRET},
        sample=f"--compressed -u {accounts.APP_ID}:{accounts.APP_SECRET} {{url}}/v2/jobs",
        hosts=frozenset({"api.talentics.id"}),
    )
