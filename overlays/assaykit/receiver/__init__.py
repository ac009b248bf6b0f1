"""Receive webhooks in Starlette, FastAPI, Flask, Django or anything else.

    from assaykit import podium
    from assaykit.receiver import Receiver

    def on_event(event):
        queue.put(event.participant_id)

    receiver = Receiver(podium.webhooks, on_event, secret=os.environ["PODIUM_HOOK_SECRET"])

    app.mount("/hooks/podium", receiver.asgi())                           # Starlette, FastAPI
    app.register_blueprint(receiver.flask_blueprint("/hooks/podium"))     # Flask
    urlpatterns = [path("hooks/podium/<str:secret>", receiver.django_view())]  # Django

Give the vendor the address with the secret as its last part: ``https://…/hooks/podium/<secret>``.

**A webhook is a hint, not a fact.** The vendors sign nothing: whoever learns the address can send whatever they like,
and the secret in it stands in the access logs of every server on the way. Read what the event names again through the
vendor's API before anything depends on it, above all statuses and scores.

Handled events are remembered for a day in this process (`MemoryDuplicateStore`); several processes need a store that
they share (`DuplicateStore`). Without the receiver, `assaykit.Deduplicator` does the same for any code.

Neither a framework nor pydantic is imported before it is used; the models need ``assaykit[webhooks]``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assaykit.core.lazy import exports

if TYPE_CHECKING:
    from assaykit.core.duplicates import Claim, DuplicateStore, MemoryDuplicateStore
    from assaykit.core.webhooks import UnknownEvent

    from .answers import Answer
    from .receiver import Receiver, Webhooks

__all__ = ["Answer", "Claim", "DuplicateStore", "MemoryDuplicateStore", "Receiver", "UnknownEvent", "Webhooks"]

_MODULES = {
    "Answer": "assaykit.receiver.answers",
    "Claim": "assaykit.core.duplicates",
    "DuplicateStore": "assaykit.core.duplicates",
    "MemoryDuplicateStore": "assaykit.core.duplicates",
    "Receiver": "assaykit.receiver.receiver",
    "UnknownEvent": "assaykit.core.webhooks",
    "Webhooks": "assaykit.receiver.receiver",
}

if not TYPE_CHECKING:  # a type checker must not take any name for granted
    __getattr__, __dir__ = exports(__name__, _MODULES)
