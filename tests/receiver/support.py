"""An invented vendor, a handler that keeps what it gets, and what a vendor sends."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from assaykit.core.duplicates import identity
from assaykit.core.errors import WebhookInvalid
from assaykit.receiver import Answer, Receiver

SECRET = "a-secret-that-nobody-guesses"
PERSON = "ada.sample@example.com"


@dataclass(frozen=True)
class Finished:
    """An event of Acme, the invented vendor."""

    id: str


class Acme:
    """Acme's webhook module: an event is identified by its delivery, and by what it says."""

    def parse(self, headers: Mapping[str, str], body: bytes) -> Finished:
        try:
            document = json.loads(body)
            return Finished(document["id"])
        except (ValueError, KeyError, TypeError):
            raise WebhookInvalid("acme", "$.id", "Field required") from None

    def identities(self, headers: Mapping[str, str], event: Finished) -> tuple[str, ...]:
        delivery = headers.get("x-delivery")
        said = (identity("acme", "id", event.id),)
        return said if delivery is None else (identity("acme", "delivery", delivery), *said)


class Handler:
    """Keeps the events; fails as often as told."""

    def __init__(self, failures: int = 0, then: Callable[[], object] = lambda: None) -> None:
        self.events: list[Any] = []
        self.failures = failures
        self._then = then

    def __call__(self, event: Any) -> None:
        self._then()
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the database is down")
        self.events.append(event)


def post(receiver: Receiver[Any], **headers: str) -> Answer:
    return receiver.receive({name.replace("_", "-"): value for name, value in headers.items()}, b'{"id": "1"}')
