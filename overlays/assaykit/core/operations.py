"""What a generated package's index says of its operations, read when it is first asked."""

from __future__ import annotations

import functools
from collections.abc import Callable


def idempotency(package: str) -> Callable[[str], bool | None]:
    """A function that says for an operationId whether the operation may be repeated.

    The index is read on the first question, which comes only after a request has failed.

    Args:
        package: Name of the generated package, such as ``podium_client``.

    Returns:
        The function; it answers None for an operationId that the package does not have.
    """

    @functools.cache
    def index() -> dict[str, bool]:
        import json
        from importlib.resources import files

        document = json.loads((files(package) / "operations.json").read_text(encoding="utf-8"))
        return {operation["id"]: operation["idempotent"] for operation in document["operations"]}

    def is_idempotent(operation: str) -> bool | None:
        return index().get(operation)

    return is_idempotent
