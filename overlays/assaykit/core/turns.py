"""Between a walk over pages and the caller: which page a call is to ask for, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, Protocol

import httpx

from .errors import ConfigurationError

CANCELLED = "assaykit.cancelled"
"""Request extension: a function that says whether nobody waits for the answer any more."""


class PagedOperation(Protocol):
    """What a walk needs of a generated package's Operation."""

    @property
    def id(self) -> str:
        """The operationId."""

    @property
    def paging(self) -> Mapping[str, Any] | None:
        """How its pages are asked for, as ``x-paging`` of the specification says."""


class Turn:
    """One page of a walk, from the parameters that ask for it to its answer.

    The parameters go into the request under their names on the wire, so that a walk need not know what the
    generated method calls them.

    Args:
        changes: Query parameters to set beside those that the method sends itself.
        cancelled: Says whether the walk has ended meanwhile.
    """

    __slots__ = ("_cancelled", "_changes", "operation", "parameters", "response")

    def __init__(self, changes: Mapping[str, Any], cancelled: Callable[[], bool] | None = None) -> None:
        self._changes = changes
        self._cancelled = cancelled
        self.operation: PagedOperation | None = None
        self.parameters: Mapping[str, Any] = {}
        self.response: httpx.Response | None = None

    def apply(self, operation: PagedOperation, request: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of ``httpx.Client.request`` that ask for this page.

        Raises:
            ConfigurationError: The operation has no pages, or another one was called before it.
        """
        if self.operation is not None:
            problem = f"calls {operation.id} after {self.operation.id}"
            raise ConfigurationError("method", problem, "give an operation that makes one call")
        if operation.paging is None:
            problem = f"{operation.id} has no pages"
            raise ConfigurationError("method", problem, "call it by itself; it returns everything at once")
        self.operation = operation
        self.parameters = {**(request.get("params") or {}), **self._changes}
        changed = {**request, "params": self.parameters}
        if self._cancelled is not None:
            changed["extensions"] = {**(request.get("extensions") or {}), CANCELLED: self._cancelled}
        return changed


turn: ContextVar[Turn | None] = ContextVar("assaykit_turn", default=None)
"""The page that the calls of this context ask for, if a walk makes them."""
