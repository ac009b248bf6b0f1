"""What a vendor brings to the engine: its specification, its behaviour, its errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, Final

from assaykit.emulator.engine.auth import Verify
from assaykit.emulator.engine.contract import Contract
from assaykit.emulator.engine.message import Request, Success
from assaykit.emulator.engine.rejection import ErrorWriter
from assaykit.emulator.engine.storage import Collection

if TYPE_CHECKING:
    from assaykit.emulator.engine.resources.registry import Resources
    from assaykit.emulator.engine.worlds import State


@dataclass(slots=True)
class Call:
    """One accepted request, decoded, as a behaviour sees it.

    Args:
        state: The vendor's part of the world.
        request: The request as it came.
        path: Decoded path parameters.
        query: Decoded query parameters; one that was left out is missing unless it has a default.
        headers: Decoded header parameters.
        body: The decoded body; None if none was sent.
        identity: What the vendor's check of the credentials returned.
    """

    state: State
    request: Request
    path: dict[str, Any]
    query: dict[str, Any]
    headers: dict[str, Any]
    body: Any
    identity: Any


Behaviour = Callable[[Call], Success]
Action = Callable[["State", Mapping[str, Any]], Any]
"""Something that happens outside of the API, such as a candidate taking a test; takes and returns JSON."""


@dataclass(frozen=True, slots=True)
class Page:
    """An address that the specification does not describe, such as the target of a download link.

    Args:
        method: Upper-case method.
        template: Path template below the vendor's base URL.
        behaviour: What answers; it gets no identity and an undecoded body.
    """

    method: str
    template: str
    behaviour: Behaviour


class Behaviours:
    """Collects behaviours with decorators."""

    def __init__(self) -> None:
        self.operations: dict[str, Behaviour] = {}
        self.aliases: list[tuple[str, str]] = []
        self.pages: list[Page] = []

    def operation(self, operation_id: str) -> Callable[[Behaviour], Behaviour]:
        """Return a decorator that makes a function the behaviour of an operation.

        Args:
            operation_id: The operationId in the specification.
        """

        def register(behaviour: Behaviour) -> Behaviour:
            if operation_id in self.operations:
                raise ValueError(f"{operation_id} has two behaviours")
            self.operations[operation_id] = behaviour
            return behaviour

        return register

    def alias(self, operation_id: str, template: str) -> None:
        """Serve an operation under a second path as well, with the same method, credentials, parameters and checks.

        Args:
            operation_id: The operationId in the specification.
            template: The further path template; its parameters have the names of the operation's own.
        """
        self.aliases.append((operation_id, template))

    def page(self, method: str, template: str) -> Callable[[Behaviour], Behaviour]:
        """Return a decorator that makes a function answer an address outside of the specification."""

        def register(behaviour: Behaviour) -> Behaviour:
            self.pages.append(Page(method, template, behaviour))
            return behaviour

        return register

    def include(self, other: Behaviours) -> None:
        """Add everything that another collection holds."""
        for operation_id, behaviour in other.operations.items():
            self.operation(operation_id)(behaviour)
        self.aliases.extend(other.aliases)
        self.pages.extend(other.pages)


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of webhook.

    Args:
        name: Name under which it is subscribed to.
        schema: Name of the payload's component schema.
    """

    name: str
    schema: str


MAX_BODY: Final = 1_048_576
"""Largest accepted body in bytes, unless a vendor says otherwise."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """One emulated vendor.

    Args:
        name: Lower-case name; the first segment of its URLs.
        contract: Its compiled specification.
        behaviours: What answers each operation, and further pages.
        errors: Gives errors the vendor's shape.
        verifiers: Check of the credentials of each security scheme.
        collections: The documents it keeps; names start with the vendor's name and a dot.
        seed: Fills a new world.
        actions: What can be made to happen through the control API, by name.
        credentials: Names and values that a client needs in the start world, for the command line to print.
        sample: A request line for the command line to print: curl's arguments, with {url} for the base URL.
        hosts: Host names of the real servers, so that an unmodified client reaches the emulator in process.
        events: Its webhooks.
        retry_after: Seconds after each failed delivery until the next attempt; then it is given up.
        delivery_timeout: Seconds that a subscriber has to answer a webhook.
        follow_redirects: Whether webhooks are sent on to where a subscriber redirects.
        delivery_header: Header of webhooks with a UUID, the same on every attempt of one delivery; "" for none.
        catch_up: Brings the vendor's part of a world up to its clock, such as invitations that expire; called before
            every request and action, and whenever the clock was moved.
        max_body: Largest accepted body in bytes.
        limit_header: Header that tells how many requests a window takes, sent where the specification documents it.
        remaining_header: Header that tells how many requests the window still takes, likewise.
        resources: Its plain resources, for behaviours and actions that go beyond them; None if it has none.
    """

    name: str
    contract: Contract
    behaviours: Behaviours
    errors: ErrorWriter
    verifiers: Mapping[str, Verify]
    collections: Sequence[Collection]
    seed: Callable[[State], None]
    actions: Mapping[str, Action] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict)
    sample: str = ""
    hosts: frozenset[str] = frozenset()
    events: Sequence[Event] = ()
    retry_after: Sequence[float] = ()
    delivery_timeout: float = 10.0
    follow_redirects: bool = False
    delivery_header: str = ""
    catch_up: Callable[[State], None] | None = None
    max_body: int = MAX_BODY
    limit_header: str = "X-RateLimit-Limit"
    remaining_header: str = "X-RateLimit-Remaining"
    resources: Resources | None = None

    @property
    def zone(self) -> tzinfo:
        """Return the zone in which the vendor writes instants in forms that name none; its contract was given it."""
        return self.contract.zone
