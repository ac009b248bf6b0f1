"""How actions are accepted, worked on as the clock moves, and reported when they end."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import timedelta
from typing import Any, Final

from assaykit.emulator.engine.control_arguments import invalid, whole
from assaykit.emulator.engine.dates import instant_text, parse_instant
from assaykit.emulator.engine.jsontext import dumps
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.rejection import NOT_FOUND, Rejected
from assaykit.emulator.engine.storage import Collection, Document, Where
from assaykit.emulator.engine.vendor import Call
from assaykit.emulator.engine.webhooks import Subscription
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview.actions.declared import Action, Failed, Work
from assaykit.emulator.vendors.talview.decisions import ACTION_SECONDS, ACTION_STATUS, FAIL_WITHOUT_SUCCESS, decided
from assaykit.emulator.vendors.talview.identities import SERVICE

ACTIONS: Final = "talview._actions"
COLLECTIONS: Final = (Collection(ACTIONS, {"dueAt": str, "id": int}, unique=("id",), compound=(("dueAt", "id"),)),)
EVENT: Final = "actionCompleted"
REQUESTED, PROCESSING, COMPLETED, FAILED = 1, 2, 3, 99
_FIRST: Final = 3_400_001
_DEMO: Final = 488
_EXACT: Final = 2**53
"""Whole numbers below it are exact as floating point."""
_BASE: Final[Mapping[str, Any]] = {
    "name": None,
    "comment": None,
    "skipCallback": None,
    "total_count": None,
    "error_count": None,
    "success_count": None,
    "completed_at": None,
    "requested_at": None,
    "started_at": None,
    "last_attempt_at": None,
    "isNotify": None,
    "message": None,
    "response": None,
}
_SENT: Final = ("comment", "skipCallback", "isNotify", "message")
"""Properties of every action that a request can set."""


class Runner:
    """Takes requests for actions and does what they ask.

    Args:
        actions: The actions.
    """

    def __init__(self, *actions: Action) -> None:
        self.actions = {action.operation: action for action in actions}

    def accept(self, call: Call, action: Action) -> Success:
        """Answer the request of an action."""
        state = call.state
        document = _made(call, action)
        work = _work(state, document)
        status = decided(state, ACTION_STATUS)
        try:
            action.check(work)
        except Failed as failure:
            document["shown"] |= {"requested_at": state.now(), "started_at": state.now()}
            self._end(state, document, work, str(failure))
            return Success(_shown(document), status)
        if not action.queued:
            action.run(work)
            document["shown"] |= dict.fromkeys(action.stamps, state.now()) | {"status": COMPLETED}
            if action.counts:
                document["shown"]["success_count"] = work.succeeded
            _keep(state, document)
            _report(state, document)
            return Success(_shown(document), status)
        shown = _shown(document)
        document["dueAt"] = _after(document, decided(state, ACTION_SECONDS) / 2)
        _keep(state, document)
        return Success(shown, status)

    def catch_up(self, state: State) -> None:
        """Bring queued actions as far as the clock has come, in the order in which they fall due."""
        while due := state.store.find(ACTIONS, [Where("dueAt", "<=", state.now())], order=["dueAt", "id"], limit=1):
            self._advance(state, due[0])

    def _advance(self, state: State, document: Document) -> None:
        shown = document["shown"]
        if shown["status"] == REQUESTED:
            shown |= {"status": PROCESSING, "requested_at": shown["created_at"], "started_at": document["dueAt"]}
            shown["updated_at"] = document["dueAt"]
            document["dueAt"] = max(document["dueAt"], _after(document, decided(state, ACTION_SECONDS)))
            _keep(state, document)
            return
        work = _work(state, document)
        try:
            with state.at(document["dueAt"]):
                self.actions[document["operation"]].run(work)
        except (Failed, Rejected) as failure:
            self._end(state, document, work, _why(failure))
            return
        nothing = work.failed > 0 and work.succeeded == 0
        failed = nothing and decided(state, FAIL_WITHOUT_SUCCESS)
        self._end(state, document, work, "No task could be done" if failed else None)

    def _end(self, state: State, document: Document, work: Work, failure: str | None) -> None:
        shown = document["shown"]
        at = document["dueAt"] or state.now()
        shown |= {
            "total_count": work.succeeded + work.failed,
            "error_count": work.failed,
            "success_count": work.succeeded,
            "status": COMPLETED if failure is None else FAILED,
            "completed_at": at if failure is None else None,
            # The sample has JSON text in it, quotation marks included.
            "response": None if failure is None else dumps(failure).decode(),
            "updated_at": at,
        }
        document["dueAt"] = None
        _keep(state, document)
        _report(state, document)


def _why(failure: Failed | Rejected) -> str:
    if isinstance(failure, Rejected) and failure.fields:
        return "; ".join(f"{part.name.removeprefix('body.')} {part.message}" for part in failure.fields)
    return str(failure)


def _made(call: Call, action: Action) -> Document:
    """Return a new action, which is not kept yet."""
    state, body, identity = call.state, _whole(call.body), call.identity
    number, now = state.ids.integer("action", _FIRST), state.now()
    shown = {
        "id": number,
        **_BASE,
        **{name: body[name] for name in _SENT if name in body},
        "external_id": state.ids.uuid("action") if action.numbered else None,
        "status": REQUESTED,
        "type": action.type,
        "requested_by": None if identity.kind == SERVICE else identity.user,
        "created_at": now,
        "updated_at": now,
        **{name: deepcopy(body.get(name, missing)) for name, missing in action.echoes.items()},
    }
    return {
        "id": number,
        "operation": action.operation,
        "organization": identity.organization,
        "user": identity.user,
        "body": body,
        "shown": shown,
        "dueAt": None,
    }


def _whole(value: Any) -> Any:
    """Return JSON in which whole numbers that were sent like 7.0 are integers, as ids must be."""
    if isinstance(value, dict):
        return {name: _whole(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT else value


def _work(state: State, document: Document) -> Work:
    return Work(state, document["organization"], document["user"], document["body"], document["shown"])


def _after(document: Document, seconds: float) -> str:
    return instant_text(parse_instant(document["shown"]["created_at"]) + timedelta(seconds=seconds))


def _keep(state: State, document: Document) -> None:
    key = str(document["id"])
    if state.store.get(ACTIONS, key) is None:
        state.store.insert(ACTIONS, key, document)
    else:
        state.store.replace(ACTIONS, key, document)


def _shown(document: Document) -> Document:
    return deepcopy(document["shown"])


def _report(state: State, document: Document) -> None:
    """Tell the address of the request and all subscribers that an action has ended, unless it is to be left out."""
    shown = document["shown"]
    if shown["skipCallback"]:
        return
    payload = _written(state, document)
    url = shown.get("callbackUrl")
    if isinstance(url, str) and url.lower().startswith(("http://", "https://")):
        # Nobody has subscribed: the request itself names who is told of this one action.
        told = Subscription(f"action-{document['id']}", state.vendor.name, (EVENT,), url, {})
        state.emit(told, EVENT, payload)
    for subscription in state.subscriptions(EVENT):
        if subscription.options.get("organization", _DEMO) == document["organization"]:
            state.emit(subscription, EVENT, payload)


def _written(state: State, document: Document) -> Any:
    """Return an action with its own instants in the vendor's form; the webhook's schema knows the common ones only."""
    reply = state.vendor.contract.operations[document["operation"]].reply(200)
    shown = _shown(document)
    return shown if reply is None or reply.plan is None else reply.plan(shown)


def show_action(state: State, arguments: Mapping[str, Any]) -> Any:
    """Return an action as it is now, since no operation reads one; the action `show-action` of the control API.

    Args:
        state: Talview's part of the world.
        arguments: `actionId`, or nothing for the latest one.

    Raises:
        Rejected: There is no such action.
    """
    if "actionId" in arguments:
        found = state.store.get(ACTIONS, str(whole(arguments, "actionId")))
        if found is None:
            raise invalid("actionId", "names no action")
        return _written(state, found)
    latest = state.store.find(ACTIONS, order=["-id"], limit=1)
    if not latest:
        raise Rejected(NOT_FOUND, "There is no action yet.")
    return _written(state, latest[0])
