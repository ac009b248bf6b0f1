"""Who may do what: operations with documented roles, scopes, and the administration of organizations."""

from __future__ import annotations

import re
from typing import Final

from assaykit.emulator.engine.contract import Contract
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import FORBIDDEN, Rejected
from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.resources.changes import missing
from assaykit.emulator.engine.storage import equal
from assaykit.emulator.engine.vendor import Behaviour, Behaviours, Call
from assaykit.emulator.vendors.talview.decisions import SCOPES_LIMIT, decided
from assaykit.emulator.vendors.talview.identities import SERVICE
from assaykit.emulator.vendors.talview.roles import LABELS

ROLES: Final = "x-roles"
_ADMINISTERED: Final = re.compile(r"/admin/organization/\{(\w+)\}")


def guard(contract: Contract, behaviours: Behaviours) -> None:
    """Let operations refuse callers who lack the roles or scopes, or administer another organization.

    Args:
        contract: The specification.
        behaviours: Those of all operations; they are changed.
    """
    for name, operation in contract.operations.items():
        behaviour = behaviours.operations[name]
        found = _ADMINISTERED.match(operation.template)
        if found is not None:
            behaviour = _administered(behaviour, found[1])
        roles = contract.document["paths"][operation.template][operation.method.lower()].get(ROLES)
        if roles:
            behaviour = _restricted(behaviour, frozenset(roles))
        if operation.security:
            behaviour = _scoped(behaviour, frozenset(operation.template.split("/")))
        behaviours.operations[name] = behaviour


def administers(call: Call, organization: int) -> bool:
    """Whether the caller may administer an organization: the own one, or one whose account manager the caller is.

    That nobody else may is inferred from what the documentation says of account managers.
    """
    if organization == call.identity.organization:
        return True
    where = equal(organization_id=organization, user_id=call.identity.user)
    return resources_of(call.state).records.count(call.state, "admin_account_managers", where) > 0


def _administered(behaviour: Behaviour, parameter: str) -> Behaviour:
    def answer(call: Call) -> Success:
        if not administers(call, call.path[parameter]):
            raise missing(call.path[parameter])
        return behaviour(call)

    return answer


def _restricted(behaviour: Behaviour, roles: frozenset[str]) -> Behaviour:
    labels = ", ".join(sorted(LABELS[role] for role in roles))

    def answer(call: Call) -> Success:
        if not roles & call.identity.roles:
            raise Rejected(FORBIDDEN, f"You need one of these roles to do this: {labels}.")
        return behaviour(call)

    return answer


def _scoped(behaviour: Behaviour, names: frozenset[str]) -> Behaviour:
    def answer(call: Call) -> Success:
        if call.identity.kind == SERVICE and not names & call.identity.scopes and decided(call.state, SCOPES_LIMIT):
            told = ", ".join(sorted(call.identity.scopes)) or "nothing"
            challenge = ("WWW-Authenticate", 'Bearer realm="talview", error="insufficient_scope"')
            raise Rejected(FORBIDDEN, f"The token was asked for {told}, and not for this.", headers=[challenge])
        return behaviour(call)

    return answer
