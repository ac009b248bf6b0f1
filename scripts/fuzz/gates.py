"""When a fuzzing session counts as passed."""

from collections.abc import Container

from .plan import Contract
from .report import Evidence

# Below this share of accepted valid requests an operation is hardly tested: its answers are all refusals.
VALID_RATE_FLOOR = 0.1


def violations(contract: Contract, evidence: Evidence, used_up: Container[str] = ()) -> list[str]:
    """List what a session still owes.

    Args:
        contract: the operations and links that had to be covered.
        evidence: what the runs have shown.
        used_up: operationIds of what accepts its like only once.

    Returns:
        One line for each failed check, error, operation without a success, link never followed, and operation whose
        valid requests were mostly refused. Empty if the session passed.
    """
    found = [f"failed check: {line}" for line in evidence.failures]
    found += [f"error: {line}" for line in evidence.errors]
    for operation in contract.operations:
        if not evidence.successes(operation.label):
            seen = dict(evidence.statuses[operation.label])
            found.append(f"no success: {operation.id} never answered 2xx (answered {seen or 'nothing'})")
        rate = evidence.valid_rate(operation.label)
        if rate is not None and rate < VALID_RATE_FLOOR and operation.id not in used_up:
            found.append(
                f"valid rate: {operation.id} accepted {rate:.0%} of the valid requests, "
                f"the floor is {VALID_RATE_FLOOR:.0%}; "
                "give schemathesis.toml or known_values.toml values that exist"
            )
    found += [f"link not followed: {link.transitions[0]}" for link in contract.links if not evidence.followed(link)]
    return found
