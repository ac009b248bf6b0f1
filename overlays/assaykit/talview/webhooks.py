"""What Talview sends to a callback when an action ends, as a typed event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assaykit.core.duplicates import identity
from assaykit.core.webhooks import UnknownEvent, parse_event, webhook_models

if TYPE_CHECKING:
    from talview_client.webhooks import Action, WebhookEvent

__all__ = ["Action", "UnknownEvent", "WebhookEvent", "identities", "parse"]


def parse(headers: Mapping[str, str], body: bytes | str) -> WebhookEvent | UnknownEvent:
    """Read what Talview sent to the callback of an action.

    That there is a callback is documented, what it carries is not: that the body is the action as the API shows it is
    inferred. Nothing is signed that is known of: keep the address secret, and read through the API what the action has
    changed.

    Args:
        headers: The request's headers; only Content-Type's charset matters.
        body: The request's body as received.

    Returns:
        ``Action``, whose ``status`` may be one that this version does not know; or, for a body that is none and names
        its kind in ``event``, ``eventType`` or ``name``, ``UnknownEvent`` with the payload.

    Raises:
        WebhookInvalid: The body is neither; the error names the field.
        MissingExtra: pydantic is not installed (``pip install assaykit[webhooks]``).

    Source:
        Talview API v4, "The Action Object", field skipCallback; "Invite", field callbackUrl
    """
    kind_fields = ("event", "eventType", "name")
    event: WebhookEvent | UnknownEvent = parse_event(
        "talview", "talview_client", headers, body, kind_fields=kind_fields
    )
    return event


def identities(headers: Mapping[str, str], event: WebhookEvent | UnknownEvent) -> tuple[str, ...]:
    """What makes two callbacks the same event, for ``assaykit.receiver`` and ``assaykit.Deduplicator``.

    That is the action and its status: an action that is completed twice is the same one, one that has failed and is
    completed after all is another event.

    Args:
        headers: The request's headers, which tell nothing.
        event: What `parse` returned.

    Returns:
        Texts, any one of which seen before means the same event again. None for a body that is no action: nothing is
        known of what it says.

    Source:
        Inferred; the page says nothing about repetitions
    """
    del headers
    if isinstance(event, UnknownEvent):
        return ()
    return (identity("talview", "action", str(event.id), str(event.status)),)


if not TYPE_CHECKING:  # a type checker must not take any name for granted

    def __getattr__(name: str) -> Any:
        """The action's model, which needs pydantic."""
        if name in __all__:
            return getattr(webhook_models("talview_client"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
