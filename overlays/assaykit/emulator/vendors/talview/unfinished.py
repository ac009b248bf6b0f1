"""Operations that have no behaviour yet: they say so, instead of pretending."""

from __future__ import annotations

from assaykit.emulator.engine.contract import Contract
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import FAULT, Rejected
from assaykit.emulator.engine.vendor import Behaviours, Call


def unfinished(contract: Contract, behaviours: Behaviours) -> list[str]:
    """Return the operations of a specification that have no behaviour."""
    return sorted(set(contract.operations) - set(behaviours.operations))


def refuse(contract: Contract, behaviours: Behaviours) -> None:
    """Let every operation without behaviour answer 501."""

    def answer(_: Call) -> Success:
        raise Rejected(FAULT, "This operation is not emulated yet.", status=501)

    for operation_id in unfinished(contract, behaviours):
        behaviours.operation(operation_id)(answer)
