"""Podium's webhooks as typed events."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from assaykit.core.duplicates import identity
from assaykit.core.webhooks import UnknownEvent, parse_event, webhook_models

if TYPE_CHECKING:
    from podium_client.webhooks import TestCompleted, TestCompletedAndScored, WebhookEvent

ALIASES: Final[Mapping[str, str]] = {"testCompletedWithResultScoring": "testCompletedAndScored"}
"""The page names the subscription one way and the payload's event the other; both are read as the latter."""

__all__ = ["ALIASES", "TestCompleted", "TestCompletedAndScored", "UnknownEvent", "WebhookEvent", "identities", "parse"]


def parse(headers: Mapping[str, str], body: bytes | str) -> WebhookEvent | UnknownEvent:
    """Read a webhook that Podium sent.

    Podium signs nothing: keep the address secret, and fetch by its id whatever matters before acting on it.

    Args:
        headers: The request's headers; only Content-Type's charset matters.
        body: The request's body as received.

    Returns:
        ``TestCompleted``, ``TestCompletedAndScored`` or, for a kind that this version does not know,
        ``UnknownEvent`` with the payload.

    Raises:
        WebhookInvalid: The body is not what Podium documents; the error names the field.
        MissingExtra: pydantic is not installed (``pip install assaykit[webhooks]``).

    Source:
        Podium Developer API, "Podium Webhooks"
    """
    event: WebhookEvent | UnknownEvent = parse_event("podium", "podium_client", headers, body, aliases=ALIASES)
    return event


def identities(headers: Mapping[str, str], event: WebhookEvent | UnknownEvent) -> tuple[str, ...]:
    """What makes two webhooks the same event, for ``assaykit.receiver`` and ``assaykit.Deduplicator``.

    Podium sends no id of the event or of the delivery. The kind, the participant, the test, its invitation and when it
    was completed are taken together: a test that is assigned and completed once more is another event, and so are its
    two kinds.

    Args:
        headers: The request's headers; Podium's do not tell events apart.
        event: What `parse` returned.

    Returns:
        Texts, any one of which seen before means the same event again. None for an event of an unknown kind that has
        no ``timeStamp``: it may say the same again and mean it.

    Source:
        Podium Developer API, "Podium Webhooks"; what identifies an event is inferred
    """
    del headers
    if isinstance(event, UnknownEvent):
        if "timeStamp" not in event.payload:
            return ()
        content = json.dumps(event.payload, sort_keys=True, separators=(",", ":")).encode()
        return (identity("podium", event.event, hashlib.sha256(content).hexdigest()),)
    completed = str(getattr(event.time_stamp, "raw", event.time_stamp))
    return (identity("podium", event.event, event.participant_id, event.test_id, event.invitation_id, completed),)


if not TYPE_CHECKING:  # a type checker must not take any name for granted

    def __getattr__(name: str) -> Any:
        """The events' models, which need pydantic."""
        if name in __all__:
            return getattr(webhook_models("podium_client"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
