"""TestDome, emulated: tests, candidates from invitation to result, test URLs, shared reports, webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assaykit.emulator.engine.contract import Contract
    from assaykit.emulator.engine.vendor import Vendor


def vendor(contract: Contract | None = None) -> Vendor:
    """Return the emulated TestDome.

    Args:
        contract: Its compiled specification; None for the one that `testdome_client` ships.
    """
    from assaykit.emulator.engine.contract import Contract, load_document
    from assaykit.emulator.engine.vendor import Behaviours, Event, Vendor
    from assaykit.emulator.vendors.testdome import (
        accounts,
        actions,
        archive,
        candidates,
        deadlines,
        editing,
        invitations,
        lifecycle,
        notifications,
        plans,
        records,
        seed,
        settings,
        sharing,
        tests,
        tokens,
        urls,
    )
    from assaykit.emulator.vendors.testdome.errors import write_error

    contract = contract or Contract(load_document("testdome"))
    behaviours = Behaviours()
    for part in (
        tokens,
        tests,
        settings,
        urls,
        candidates,
        invitations,
        deadlines,
        notifications,
        archive,
        sharing,
        plans,
    ):
        behaviours.include(part.behaviours)
    # The older layout has everything below /api of the site, the newer one on a host of its own.
    for operation in contract.operations.values():
        behaviours.alias(operation.id, f"/api{operation.template}")
    return Vendor(
        name="testdome",
        contract=contract,
        behaviours=behaviours,
        errors=write_error,
        verifiers={"bearer": tokens.verify},
        collections=records.COLLECTIONS,
        seed=seed.fill,
        actions=actions.ACTIONS | accounts.ACTIONS | editing.ACTIONS,
        credentials={"client_id": accounts.CLIENT_ID, "client_secret": accounts.CLIENT_SECRET},
        sample=(
            f"{{url}}/token -d grant_type=client_credentials "
            f"-d client_id={accounts.CLIENT_ID} -d client_secret={accounts.CLIENT_SECRET}"
        ),
        hosts=frozenset(f"{host}.testdome.com" for host in ("api", "api.staging", "app", "staging", "www")),
        events=(Event(lifecycle.EVENT, "CandidateEvent"),),
        retry_after=(60,),
        delivery_timeout=30.0,
        follow_redirects=True,
        delivery_header="X-TestDome-CorrelationId",
        catch_up=lifecycle.catch_up,
    )
