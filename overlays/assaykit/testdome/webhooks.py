"""TestDome's webhook as a typed event, what tells repetitions apart, and who sends it."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from assaykit.core.duplicates import identity
from assaykit.core.webhooks import UnknownEvent, parse_event, webhook_models

if TYPE_CHECKING:
    from testdome_client.webhooks import CandidateEvent, WebhookEvent

CORRELATION_HEADER: Final = "X-TestDome-CorrelationId"

SENDER_ADDRESSES: Final = frozenset(
    map(
        IPv4Address,
        (
            "13.69.68.17", "13.80.176.152", "13.81.4.233", "40.113.105.232", "40.113.148.172", "51.136.37.178",
            "51.144.3.227", "104.40.219.254", "104.46.40.137", "104.214.230.42",
        ),
    )
)  # fmt: skip
"""The addresses that TestDome's page lists as senders; a test compares them with the specification. See `is_sender`."""

__all__ = [
    "CORRELATION_HEADER",
    "SENDER_ADDRESSES",
    "CandidateEvent",
    "UnknownEvent",
    "WebhookEvent",
    "correlation_id",
    "identities",
    "is_sender",
    "parse",
]


def parse(headers: Mapping[str, str], body: bytes | str) -> WebhookEvent | UnknownEvent:
    """Read a webhook that TestDome sent.

    TestDome signs nothing: keep the address secret, and read the candidate through the API before acting on it. The
    event's ``candidate_id`` is not the number by which the API knows the candidate, but most likely the
    ``invitation_key`` of one of the test's candidates.

    Args:
        headers: The request's headers; only Content-Type's charset matters.
        body: The request's body as received.

    Returns:
        ``CandidateEvent``, whose ``status`` may be one that this version does not know; or, for a body that is none
        and names its kind in ``event``, ``eventType`` or ``type``, ``UnknownEvent`` with the payload.

    Raises:
        WebhookInvalid: The body is not what TestDome documents; the error names the field.
        MissingExtra: pydantic is not installed (``pip install assaykit[webhooks]``).

    Source:
        TestDome API Webhooks, "Request payload"
    """
    kind_fields = ("event", "eventType", "type")
    event: WebhookEvent | UnknownEvent = parse_event(
        "testdome", "testdome_client", headers, body, kind_fields=kind_fields
    )
    return event


def correlation_id(headers: Mapping[str, str]) -> str | None:
    """The id of the delivery, which the retry has too; None if it is missing or no GUID.

    Args:
        headers: The request's headers, looked up without regard to case.

    Source:
        TestDome API Webhooks, "Expected response and retry logic"
    """
    for name, value in headers.items():
        if name.lower() == CORRELATION_HEADER.lower():
            try:
                return str(UUID(value.strip()))
            except ValueError:
                return None
    return None


def identities(headers: Mapping[str, str], event: WebhookEvent | UnknownEvent) -> tuple[str, ...]:
    """What makes two webhooks the same event, for ``assaykit.receiver`` and ``assaykit.Deduplicator``.

    That is the correlation id, which a retry repeats, and the candidate with the status, since an event that TestDome
    sends twice need not carry the same id. Remember them for a day, not for ever: a candidate who gets another
    deadline can miss that one too.

    Args:
        headers: The request's headers.
        event: What `parse` returned.

    Returns:
        Texts, any one of which seen before means the same event again.

    Source:
        TestDome API Webhooks, "Expected response and retry logic"; that candidate and status suffice is inferred
    """
    correlation = correlation_id(headers)
    found = [] if correlation is None else [identity("testdome", "correlation", correlation)]
    if not isinstance(event, UnknownEvent):
        found.append(identity("testdome", "candidate", event.candidate_id, event.status))
    return tuple(found)


def is_sender(address: str | IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of those from which TestDome says it sends webhooks.

    Use it as one hurdle among others: TestDome may send from further addresses before this list has them, so log what
    it refuses. Give it the address of the connection. Behind a proxy that is the proxy's own; what X-Forwarded-For
    says can be trusted only if a proxy of yours sets it, and of its entries only the one which that proxy added, the
    last: all before it are whatever the sender wrote.

    Args:
        address: An IPv4 address, or one written as IPv6 (``::ffff:13.69.68.17``), without a port.

    Returns:
        True for an address of the list; False for any other, and for what is no address.

    Source:
        TestDome API Webhooks, the list of addresses
    """
    try:
        parsed = ip_address(str(address))
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        return parsed.ipv4_mapped in SENDER_ADDRESSES
    return parsed in SENDER_ADDRESSES


if not TYPE_CHECKING:  # a type checker must not take any name for granted

    def __getattr__(name: str) -> Any:
        """The event's model, which needs pydantic."""
        if name in __all__:
            return getattr(webhook_models("testdome_client"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
