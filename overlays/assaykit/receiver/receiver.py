"""The receiver itself, which knows no framework."""

from __future__ import annotations

import inspect
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from assaykit.core.duplicates import Claim, DuplicateStore, MemoryDuplicateStore, new_owner
from assaykit.core.errors import ConfigurationError, WebhookInvalid
from assaykit.core.sleeping import asyncio_sleep

from .answers import DUPLICATE, FAILED, IN_PROGRESS, METHOD_NOT_ALLOWED, RECEIVED, Answer, invalid, too_large
from .requests import case_blind
from .secret import SharedSecret

if TYPE_CHECKING:
    import asyncio

    import flask

    from assaykit.core.secrets import Secret

    from .asgi import AsgiApp
    from .flask import View

MAX_BYTES: Final = 1024 * 1024
PATIENCE: Final = 10.0
"""Seconds that a duplicate waits for the first to be handled.

A vendor that tries once more and then never again would lose the event if the answer were 503 at once and the first
failed a moment later. The documented time-outs are 30 s, which must hold both the wait and the handler's own time.
"""
_PAUSE: Final = 0.05
_log = logging.getLogger("assaykit.receiver")

Event = TypeVar("Event")


class Webhooks(Protocol[Event]):
    """What a receiver needs of a vendor; ``assaykit.podium.webhooks`` and its like are such modules."""

    def parse(self, headers: Mapping[str, str], body: bytes, /) -> Event:
        """Read a webhook; raises WebhookInvalid if it does not fit."""

    def identities(self, headers: Mapping[str, str], event: Event, /) -> Sequence[str]:
        """Texts, any one of which seen before means the same event again."""


class Receiver(Generic[Event]):
    """Receives the webhooks of one vendor: checks, reads, drops duplicates, calls the handler.

    **Payloads are hints**: nobody signs them. Read what they name again through the API before relying on it.

    | what arrives | answer |
    |---|---|
    | an event that the handler has handled, also one of an unknown kind | 200 |
    | an event that was handled before | 200, the handler is not called |
    | an event that is being handled | waits for that; after ``patience`` 503 with Retry-After |
    | an event at which the handler raises | 500, logged and forgotten, so that the next attempt is handled |
    | no JSON, or not what the vendor documents | 400 with the field's JSON path |
    | more than ``max_bytes`` | 413 |
    | another method than POST | 405 with Allow |
    | no secret, or a wrong one | 404 if the path holds it, 401 if a header does |

    An event counts as handled only after the handler returned. A process that dies in between is sent the event
    again; so may one be whose answer came too late. Handlers should therefore do no harm when repeated, and be quick:
    vendors wait 30 s or less. Put long work into a queue.

    Args:
        webhooks: The vendor's module, such as ``podium.webhooks``.
        handler: Called with the typed event, or UnknownEvent for a kind that this version does not know; what it
            returns does not matter. Sync or async. On an event loop a sync one runs in a thread.
        secret: A shared secret that the address or a header must hold, 16 characters or more.
        secret_header: Name of the header that holds it; if left out, it is the path's last part.
        max_bytes: The longest body that is read.
        duplicates: Where handled events are remembered; by default in this process. Several processes need a store
            that they share, see `assaykit.receiver.DuplicateStore`.
        patience: Seconds that a duplicate waits while the first is being handled.
        sleep: Waits for some seconds.
        async_sleep: Waits for some seconds on the event loop.

    Raises:
        ConfigurationError: An argument cannot be used; the message says which and what to do.
        MissingExtra: pydantic is not installed (``pip install assaykit[webhooks]``).
    """

    def __init__(
        self,
        webhooks: Webhooks[Event],
        handler: Callable[[Event], object],
        *,
        secret: str | Secret | None = None,
        secret_header: str | None = None,
        max_bytes: int = MAX_BYTES,
        duplicates: DuplicateStore | None = None,
        patience: float = PATIENCE,
        sleep: Callable[[float], None] = time.sleep,
        async_sleep: Callable[[float], Awaitable[None]] = asyncio_sleep,
    ) -> None:
        if not callable(handler):
            raise ConfigurationError("handler", "cannot be called", "give a function that takes the event")
        if not (hasattr(webhooks, "parse") and hasattr(webhooks, "identities")):
            raise ConfigurationError("webhooks", "has no parse and identities", "give a module such as podium.webhooks")
        if max_bytes < 1:
            raise ConfigurationError("max_bytes", f"is {max_bytes}", "give a number above 0")
        if not patience >= 0:
            raise ConfigurationError("patience", f"is {patience}", "give seconds, 0 for no wait")
        self.secret = SharedSecret(secret, secret_header)
        self.max_bytes = max_bytes
        self.is_async = inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(
            getattr(handler, "__call__", None)  # noqa: B004 - an object whose call is async, not whether it has one
        )
        self._webhooks = webhooks
        self._handler = handler
        self._duplicates = MemoryDuplicateStore() if duplicates is None else duplicates
        self._patience = patience
        self._sleep = sleep
        self._async_sleep = async_sleep
        self._running: set[asyncio.Task[Answer]] = set()
        with suppress(WebhookInvalid):
            webhooks.parse(
                {}, b"{}"
            )  # loads the models, so that a missing extra shows now and not at the first webhook

    def refusal(self, method: str, headers: Mapping[str, str], path_part: str | None = None) -> Answer | None:
        """Check what can be checked before the body is read.

        Args:
            method: The request's method.
            headers: Its headers; upper and lower case make no difference.
            path_part: What the path holds in the secret's place.

        Returns:
            None to read the body, else the answer.
        """
        headers = case_blind(headers)
        refused = self.secret.refusal(headers, path_part)
        if refused is None and method != "POST":
            refused = METHOD_NOT_ALLOWED
        length = headers.get("content-length") or ""
        if refused is None and length.isascii() and length.isdigit() and int(length[:20]) > self.max_bytes:
            refused = too_large(self.max_bytes)
        return refused

    def too_large(self) -> Answer:
        """The answer to a body that turned out longer than ``max_bytes``."""
        return too_large(self.max_bytes)

    def receive(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Handle a webhook whose request was not refused.

        Args:
            headers: The request's headers; upper and lower case make no difference.
            body: Its body as received.

        Raises:
            ConfigurationError: The handler is async.
        """
        self.require_sync("receive")
        try:
            return self._receive(headers, body)
        except Exception:
            _log.exception("webhook not handled")
            return FAILED

    async def receive_async(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Handle a webhook whose request was not refused, on asyncio's event loop.

        An event whose handling has begun is handled to its end, also when the request is cancelled meanwhile.
        """
        import asyncio  # here, so that sync programs never pay for it

        work = self._receive_async(headers, body) if self.is_async else asyncio.to_thread(self.receive, headers, body)
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    def require_sync(self, caller: str) -> None:
        """Refuse an async handler where there is no event loop.

        Raises:
            ConfigurationError: The handler is async.
        """
        if self.is_async:
            raise ConfigurationError("handler", f"is async, and {caller} has no event loop", "give a plain function")

    def asgi(self) -> AsgiApp:
        """An ASGI application, for Starlette's and FastAPI's ``app.mount(path, …)``.

        With the secret in the path, the address is that of the mount, a slash and the secret; with it in a header,
        that of the mount and a slash. For an exact address use ``Route("/hooks/podium/{secret}", receiver.asgi())``
        of ``starlette.routing``. Needs asyncio's event loop.
        """
        from .asgi import AsgiApp

        return AsgiApp(self)

    def flask_view(self, name: str = "webhook") -> View:
        """A view for Flask 3.1 or later: ``app.add_url_rule("/hooks/podium/<secret>", view_func=…)``.

        Args:
            name: The endpoint's name, which must differ from those of the other views.

        Raises:
            ConfigurationError: The handler is async.
        """
        from .flask import View

        return View(self, name)

    def flask_blueprint(self, path: str) -> flask.Blueprint:
        """A blueprint for Flask 3.1 or later: ``app.register_blueprint(…)``.

        Args:
            path: The address, such as ``/hooks/podium``; a secret that is not in a header comes after it.

        Raises:
            ConfigurationError: The handler is async, or the path does not begin with a slash.
        """
        from .flask import blueprint

        return blueprint(self, path)

    def django_view(self) -> Callable[..., Any]:
        """A view for Django: ``path("hooks/podium/<str:secret>", receiver.django_view())``.

        Sync or async as the handler is, exempt from CSRF checks and from ATOMIC_REQUESTS: a transaction that ends
        after the view could undo what is remembered as done. Use ``transaction.atomic`` in the handler. Under ASGI,
        Django itself stores a body of any length before it calls a view; limit it in the server before Django too.
        """
        from .django import view

        return view(self)

    def _receive(self, headers: Mapping[str, str], body: bytes) -> Answer:
        opened = self._open(headers, body)
        if isinstance(opened, Answer):
            return opened
        event, identities = opened
        owner = new_owner()
        claim = self._duplicates.claim(identities, owner)
        waited = 0.0
        while claim is Claim.BUSY and waited < self._patience:
            self._sleep(_PAUSE)
            waited += _PAUSE
            claim = self._duplicates.claim(identities, owner)
        if claim is not Claim.NEW:
            return DUPLICATE if claim is Claim.SEEN else IN_PROGRESS
        try:
            _refuse_awaitable(self._handler(event))
        except BaseException:
            self._duplicates.release(identities, owner)
            raise
        try:
            self._duplicates.confirm(identities, owner)
        except Exception:
            _log.exception("an event was handled but could not be remembered")
        return RECEIVED

    async def _receive_async(self, headers: Mapping[str, str], body: bytes) -> Answer:
        try:
            opened = self._open(headers, body)
            if isinstance(opened, Answer):
                return opened
            return await self._handle_async(*opened)
        except Exception:
            _log.exception("webhook not handled")
            return FAILED

    async def _handle_async(self, event: Event, identities: Sequence[str]) -> Answer:
        from asyncio import to_thread

        owner = new_owner()
        claim = await to_thread(self._duplicates.claim, identities, owner)
        waited = 0.0
        while claim is Claim.BUSY and waited < self._patience:
            await self._async_sleep(_PAUSE)
            waited += _PAUSE
            claim = await to_thread(self._duplicates.claim, identities, owner)
        if claim is not Claim.NEW:
            return DUPLICATE if claim is Claim.SEEN else IN_PROGRESS
        try:
            result = self._handler(event)
            if inspect.isawaitable(result):
                await result
        except BaseException:
            await to_thread(self._duplicates.release, identities, owner)
            raise
        try:
            await to_thread(self._duplicates.confirm, identities, owner)
        except Exception:
            _log.exception("an event was handled but could not be remembered")
        return RECEIVED

    def _open(self, headers: Mapping[str, str], body: bytes) -> tuple[Event, Sequence[str]] | Answer:
        headers = case_blind(headers)
        try:
            event = self._webhooks.parse(headers, body)
        except WebhookInvalid as error:
            _log.warning("%s webhook refused at %s: %s", error.vendor, error.path, error.reason)
            return invalid(error.path, error.reason)
        return event, self._webhooks.identities(headers, event)

    def __repr__(self) -> str:
        vendor = getattr(self._webhooks, "__name__", type(self._webhooks).__name__)
        handler = getattr(self._handler, "__qualname__", type(self._handler).__name__)
        return f"Receiver({vendor}, {handler}, {self.secret!r})"


def _refuse_awaitable(result: object) -> None:
    """A handler that looks sync but returns a coroutine has done nothing yet."""
    if inspect.isawaitable(result):
        if inspect.iscoroutine(result):
            result.close()
        raise ConfigurationError("handler", "returned an awaitable", "give the async function itself, not a wrapper")
