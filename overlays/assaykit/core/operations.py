"""What a generated package's index says of its operations, read when it is first asked."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any


@functools.cache
def _index(package: str) -> Mapping[str, Mapping[str, Any]]:
    """The operations of a generated package by operationId."""
    import json
    from importlib.resources import files

    document = json.loads((files(package) / "operations.json").read_text(encoding="utf-8"))
    return {operation["id"]: operation for operation in document["operations"]}


def idempotency(package: str) -> Callable[[str], bool | None]:
    """A function that says for an operationId whether the operation may be repeated.

    The index is read on the first question, which comes only after a request has failed.

    Args:
        package: Name of the generated package, such as ``vendor_client``.

    Returns:
        The function; it answers None for an operationId that the package does not have.
    """

    def is_idempotent(operation: str) -> bool | None:
        found = _index(package).get(operation)
        return None if found is None else found["idempotent"]

    return is_idempotent


def rate_limits(package: str) -> Callable[[str], tuple[int, float] | None]:
    """A function that says for an operationId how many requests in how many seconds the vendor allows.

    The index is read on the first question, which comes with the first request.

    Args:
        package: Name of the generated package, such as ``vendor_client``.

    Returns:
        The function; it answers None for an operation without a documented limit.
    """

    def rate_limit(operation: str) -> tuple[int, float] | None:
        found = _index(package).get(operation)
        limit = None if found is None else found["rateLimit"]
        return None if limit is None else (limit["limit"], limit["windowSeconds"])

    return rate_limit
