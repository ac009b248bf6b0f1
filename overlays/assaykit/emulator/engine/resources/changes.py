"""What hooks are told about the creation, change or deletion of a document, and how they refuse it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assaykit.emulator.engine.rejection import INVALID, NOT_FOUND, Field, Rejected
from assaykit.emulator.engine.storage import Document

if TYPE_CHECKING:
    from assaykit.emulator.engine.vendor import Call
    from assaykit.emulator.engine.worlds import State


@dataclass(slots=True)
class Change:
    """A creation, change or deletion.

    Args:
        state: The vendor's part of the world.
        kind: Kind of the document.
        verb: `create`, `update` or `delete`.
        document: The document as it will be; a hook that runs before may write into it.
        old: The document as it was; None on creation.
        values: What was sent, as far as the operation takes it.
        user: Id of the user who does it, or None.
        call: The request; None if the emulator itself does it, as an action or because a parent is deleted.
    """

    state: State
    kind: str
    verb: str
    document: Document
    old: Document | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    user: int | None = None
    call: Call | None = None

    def changed(self, name: str) -> bool:
        """Whether a field gets another value."""
        return self.old is None or self.old.get(name) != self.document.get(name)


def unfit(field_name: str, message: str) -> Rejected:
    """Return the refusal of one property of a body.

    Args:
        field_name: Name of the property.
        message: What is wrong and what would be right, to be read after the name.
    """
    return Rejected(INVALID, "The body is not accepted.", [Field(f"body.{field_name}", message)])


def missing(number: Any) -> Rejected:
    """Return the refusal of an id that names nothing the caller sees."""
    return Rejected(NOT_FOUND, f"Object not found: {number}")
