"""What an action is: how it is declared, what it is asked, and how its work goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.resources.records import Records
from assaykit.emulator.engine.storage import Document, Where
from assaykit.emulator.engine.worlds import State

INVALID_CONFIGURATION: Final = "Invalid configuration"


class Failed(Exception):
    """Ends an action with status 99; the message is its `response`."""


@dataclass(slots=True)
class Work:
    """One action on its way.

    Args:
        state: Talview's part of the world.
        organization: Id of the organization of the user who asked for it.
        user: Id of that user.
        body: The request.
        shown: The action as it is shown; work may write into it.
    """

    state: State
    organization: int
    user: int
    body: Mapping[str, Any]
    shown: Document
    succeeded: int = 0
    failed: int = 0

    @property
    def records(self) -> Records:
        """Return the documents of all kinds."""
        return resources_of(self.state).records

    @property
    def notifies(self) -> bool:
        """Whether those concerned are told; not, if the request says nothing."""
        return self.body.get("isNotify", self.body.get("is_notify")) is True

    def get(self, kind: str, number: Any) -> Document | None:
        """Return a document that the organization sees, or None if there is none of this id."""
        owners = Where("organization_id", "in", (None, self.organization))
        return self.records.get(self.state, kind, number, [owners])

    def find(self, kind: str, where: Sequence[Where], **how: Any) -> list[Document]:
        """Return documents of the organization."""
        owned = Where("organization_id", "=", self.organization)
        return self.records.find(self.state, kind, [owned, *where], **how)

    def each(self, kind: str, where: Sequence[Where]) -> Iterator[Document]:
        """Return documents of the organization one by one, since there may be very many."""
        owned = Where("organization_id", "=", self.organization)
        return self.records.each(self.state, kind, [owned, *where])

    def need(self, kind: str, number: Any, at: str, thing: str) -> Document:
        """Return a document that the request names.

        Args:
            kind: Its kind.
            number: Its id.
            at: Name of the property that names it.
            thing: What it is, for the message.

        Raises:
            Rejected: The organization has none of this id.
        """
        document = self.get(kind, number)
        if document is None:
            raise unfit(at, f"names no {thing} that exists")
        return document

    def need_all(self, kind: str, at: str, thing: str) -> list[Document]:
        """Return the documents whose ids a list of the request names as objects; none if it is missing.

        Raises:
            Rejected: The organization lacks one.
        """
        return [self.need(kind, number, f"{at}[{place}].id", thing) for place, number in enumerate(self._named(at))]

    def listed(self, at: str) -> list[int]:
        """Return the ids that a list of the request names, each once, in their order."""
        return list(dict.fromkeys(self._named(at)))

    def _named(self, at: str) -> list[int]:
        """Return the ids of a list.

        Raises:
            Rejected: It is none; of several shapes of a body, those without it let anything stand in its place.
        """
        listed = self.body.get(at)
        if listed is None:
            return []
        if not isinstance(listed, list) or not all(isinstance(one, dict) and _is_id(one.get("id")) for one in listed):
            raise unfit(at, "must be a list of objects with an id")
        return [int(str(one["id"]).removesuffix(".0")) for one in listed]

    def still(self, kind: str, numbers: Iterable[int]) -> list[Document]:
        """Return the documents of these ids; those that are gone by now are counted as errors."""
        found: list[Document] = []
        for number in numbers:
            document = self.get(kind, number)
            if document is None:
                self.failed += 1
            else:
                found.append(document)
        return found

    def change(self, kind: str, document: Document, **values: Any) -> Document:
        """Give a document other values."""
        return self.records.change(self.state, kind, document, values, user=self.user)

    def insert(self, kind: str, **values: Any) -> Document:
        """Make a document of the organization."""
        owned = {"organization_id": self.organization, **values}
        return self.records.insert(self.state, kind, owned, user=self.user)


Check = Callable[[Work], None]
"""Refuses a request with 422, or lets the action fail at once."""
Run = Callable[[Work], None]
"""Does the work."""


def unchecked(_: Work) -> None:
    """Accept every request."""


@dataclass(frozen=True, slots=True)
class Action:
    """One of the vendor's actions.

    Args:
        name: Name of the operation without the tag.
        type: Number of its kind as samples have it; None if they have null.
        echoes: Properties of the request that the action repeats, with what stands there if they are not sent.
        run: Does the work.
        check: Looks at the request before it is accepted.
        queued: Whether the work is done after the answer.
        numbered: Whether it has an `external_id`.
        stamps: Times that the answer of an action has which is done at once.
        counts: Whether the answer of an action that is done at once tells how many tasks are done.
    """

    name: str
    type: int | None
    echoes: Mapping[str, Any]
    run: Run
    check: Check = unchecked
    queued: bool = True
    numbered: bool = True
    stamps: tuple[str, ...] = field(default=())
    counts: bool = False

    @property
    def operation(self) -> str:
        """Return its operationId."""
        return f"actions_{self.name}"


def _is_id(value: Any) -> bool:
    """Whether a value is an id, as a number or as text."""
    return not isinstance(value, bool) and str(value).removesuffix(".0").isdecimal()
