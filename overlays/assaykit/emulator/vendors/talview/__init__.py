"""Talview, emulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assaykit.emulator.engine.contract import Contract
    from assaykit.emulator.engine.vendor import Vendor


def vendor(contract: Contract | None = None) -> Vendor:
    """Return the emulated Talview.

    Args:
        contract: Its compiled specification; None for the one that `talview_client` ships.
    """
    from assaykit.emulator.engine.contract import Contract, load_document
    from assaykit.emulator.engine.editing import set_field
    from assaykit.emulator.engine.resources import Resources
    from assaykit.emulator.engine.vendor import Behaviours, Event, Vendor
    from assaykit.emulator.vendors.talview import (
        access,
        actions,
        assertions,
        attending,
        code_languages,
        contents,
        converting,
        credentials,
        decisions,
        devops,
        grants,
        me,
        meeting,
        own,
        pictures,
        placeholder,
        records,
        registering,
        resending,
        resetting,
        seed,
        singles,
        tables,
        tokens,
        unfinished,
        uploads,
    )
    from assaykit.emulator.vendors.talview.errors import write_error

    contract = contract or Contract(load_document("talview"))
    resources = Resources(contract, tables.RESOURCES, tables.CONVENTIONS, prefix="talview")
    behaviours = Behaviours()
    parts = (
        actions,
        code_languages,
        devops,
        grants,
        me,
        pictures,
        placeholder,
        registering,
        resending,
        resetting,
        resources,
        contents,
        converting,
        uploads,
        tokens,
    )
    for part in parts:
        behaviours.include(part.behaviours)
    singles.adapt(behaviours)
    unfinished.refuse(contract, behaviours)
    access.guard(contract, behaviours)
    own.fence(contract, behaviours)
    return Vendor(
        name="talview",
        contract=contract,
        behaviours=behaviours,
        errors=write_error,
        verifiers={"bearer": tokens.verify},
        collections=[
            *records.COLLECTIONS,
            *actions.COLLECTIONS,
            *decisions.COLLECTIONS,
            contents.COLLECTION,
            *resources.collections,
        ],
        seed=seed.fill,
        actions={
            **attending.ACTIONS,
            **meeting.ACTIONS,
            "configure": decisions.configure,
            "show-action": actions.show_action,
            "register-service-account": assertions.register_service_account,
            "request-password-reset": resetting.request_reset,
            "set-field": set_field(resources.editable()),
        },
        credentials={
            "client_id": credentials.CLIENT_ID,
            "client_secret": credentials.CLIENT_SECRET,
            "username": credentials.USER_NAME,
            "password": credentials.PASSWORD,
        },
        sample=(
            f"{{url}}/oauth2/token -d grant_type=password -d client_id={credentials.CLIENT_ID} "
            f"-d client_secret={credentials.CLIENT_SECRET} "
            f"-d username={credentials.USER_NAME} -d password={credentials.PASSWORD}"
        ),
        events=(Event("actionCompleted", "Action"),),
        retry_after=(60, 300, 1800),
        max_body=contents.LARGEST_BODY,
        catch_up=actions.catch_up,
        resources=resources,
    )
