"""When a fuzzing session counts as passed."""

from .plan import Contract
from .report import Evidence

# Below this share of accepted valid requests an operation is hardly tested: its answers are all refusals.
VALID_RATE_FLOOR = 0.1
# Of few cases most are the coverage phase's, which repeat one example: a unique name is accepted once.
VALID_RATE_FLOOR_LARGE = 0.01


def violations(contract: Contract, evidence: Evidence) -> list[str]:
    """List what a session still owes.

    Args:
        contract: the operations and links that had to be covered.
        evidence: what the runs have shown.

    Returns:
        One line for each failed check, error, operation without a success, link never followed, and operation whose
        valid requests were mostly refused. Empty if the session passed.
    """
    floor = VALID_RATE_FLOOR_LARGE if contract.large else VALID_RATE_FLOOR
    found = [f"failed check: {line}" for line in evidence.failures]
    found += [f"error: {line}" for line in evidence.errors]
    for operation in contract.operations:
        if not evidence.successes(operation.label):
            seen = dict(evidence.statuses[operation.label])
            found.append(f"no success: {operation.id} never answered 2xx (answered {seen or 'nothing'})")
        rate = evidence.valid_rate(operation.label)
        if rate is not None and rate < floor:
            found.append(
                f"valid rate: {operation.id} accepted {rate:.0%} of the valid requests, "
                f"the floor is {floor:.0%}; "
                "give schemathesis.toml a dictionary with values that exist"
            )
    found += [f"link not followed: {link.name}" for link in contract.links if link.name not in evidence.links]
    return found
