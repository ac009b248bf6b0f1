"""Webhook bodies as typed events, for vendors whose generated package has ``webhooks.py``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from importlib import import_module
from typing import Any

from .errors import MissingExtra, WebhookInvalid, json_path


@dataclass(frozen=True, slots=True)
class UnknownEvent:
    """A webhook of a kind that this version does not know."""

    event: str
    """The kind, as the vendor names it."""
    payload: dict[str, Any] = field(repr=False)
    """The body as received."""


def parse_event(
    vendor: str,
    package: str,
    headers: Mapping[str, str],
    body: bytes | str,
    *,
    aliases: Mapping[str, str] | None = None,
    kind_fields: Sequence[str] = (),
) -> Any:
    """Read a webhook.

    Args:
        vendor: The vendor's name, for errors.
        package: Name of its generated package, whose ``webhooks`` module holds the models.
        headers: The request's headers; only Content-Type's charset matters.
        body: The request's body as received.
        aliases: Other names of an event that mean the same.
        kind_fields: For a vendor with one event, whose payload does not name it: fields in which the payload of any
            other kind may name itself.

    Returns:
        The event's model, or UnknownEvent for a kind that has none.

    Raises:
        WebhookInvalid: The body is no JSON object, names no event though there are several, or does not fit the
            event's model.
        MissingExtra: pydantic is not installed.
    """
    models = webhook_models(package)
    payload = _read_object(vendor, headers, body)
    tag: str = models.EVENT_PROPERTY
    if tag:
        event = payload.get(tag)
        if not isinstance(event, str) or not event:
            raise WebhookInvalid(vendor, json_path((tag,)), "expected the name of the event")
        known = (aliases or {}).get(event, event)
        model = models.EVENTS.get(known)
        if model is None:
            return UnknownEvent(event, payload)
        payload = {**payload, tag: known}
    else:  # the vendor has one event, and its payload does not name it
        [model] = models.EVENTS.values()
    from pydantic import ValidationError

    try:
        return model.model_validate(payload)
    except ValidationError as error:
        for name in kind_fields:
            if isinstance(payload.get(name), str) and payload[name]:
                return UnknownEvent(payload[name], payload)
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        path, reason = json_path(first["loc"]), first["msg"]
    raise WebhookInvalid(vendor, path, reason)  # outside the except: pydantic's own text shows personal data


def webhook_models(package: str) -> Any:
    """A generated package's ``webhooks`` module.

    Raises:
        MissingExtra: pydantic is not installed.
    """
    try:
        return import_module(f"{package}.webhooks")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != "pydantic":
            raise
        raise MissingExtra("webhooks are read with pydantic: pip install assaykit[webhooks]") from error


def _read_object(vendor: str, headers: Mapping[str, str], body: bytes | str) -> dict[str, Any]:
    try:
        text = body if isinstance(body, str) else bytes(body).decode(_charset(headers))
    except (UnicodeDecodeError, LookupError) as error:
        raise WebhookInvalid(vendor, "$", f"body cannot be decoded: {type(error).__name__}") from None
    try:
        document = json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse)
    except RecursionError:
        raise WebhookInvalid(vendor, "$", "nested too deep") from None
    except ValueError as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise WebhookInvalid(vendor, "$", f"not JSON{where}") from None
    if not isinstance(document, dict):
        raise WebhookInvalid(vendor, "$", "expected an object")
    return document


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _charset(headers: Mapping[str, str]) -> str:
    for name, value in headers.items():
        if name.lower() == "content-type":
            message = Message()
            message["Content-Type"] = value.replace("\r", " ").replace("\n", " ")
            return message.get_content_charset() or "utf-8"
    return "utf-8"
