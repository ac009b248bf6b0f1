"""The control API: what a test or a person changes in the worlds of a served emulator.

Everything is JSON, under `/_emulator`. Errors are `{"error": {"code", "message", "fields"}}`.

| method and path below /_emulator | body | does |
|---|---|---|
| GET / | | lists vendors, their base URLs and credentials, and the worlds |
| GET /worlds | | lists the worlds |
| POST /worlds | `{"name": "a"}` | makes a world from the seed |
| GET /worlds/{world} | | tells clock, requests, faults and pending webhooks |
| DELETE /worlds/{world} | | forgets a world |
| POST /worlds/{world}/reset | | back to the seed: data, identifiers, clock, faults, rate limits, journal, webhooks |
| GET /worlds/{world}/clock | | tells the time |
| POST /worlds/{world}/clock | `{"advance": {"hours": 1}}`, `{"set": "2030-01-01T00:00:00Z"}`, `{"freeze": true}` or \
`{"resume": true}` | moves, stops or starts the clock |
| GET /worlds/{world}/faults | | lists the fault rules |
| POST /worlds/{world}/faults | a rule, see `assaykit.emulator.engine.faults.FaultRule` | adds a fault rule |
| DELETE /worlds/{world}/faults[/{id}] | | removes one or all |
| GET /worlds/{world}/rate-limits | | tells whether rate limits are enforced, and lists the open windows |
| POST /worlds/{world}/rate-limits | `{"enabled": false}` | switches them |
| GET /worlds/{world}/journal?operation=&status=&limit= | | lists requests, oldest first, without secrets |
| DELETE /worlds/{world}/journal | | empties the journal |
| GET /worlds/{world}/webhooks/subscriptions | | lists who hears of what |
| POST /worlds/{world}/webhooks/subscriptions | `{"vendor": …, "events": […], "url": …, "options": {}}` | subscribes |
| DELETE /worlds/{world}/webhooks/subscriptions/{id} | | unsubscribes |
| GET /worlds/{world}/webhooks/deliveries | | lists deliveries with every attempt |
| POST /worlds/{world}/webhooks/deliveries/{id}/redeliver | | makes a delivery due again |
| POST /worlds/{world}/{vendor}/{action} | the action's arguments | makes something happen outside of the API |

A world other than `default` must exist; a request to one of its vendors, or POST /worlds, makes it.

The API has no password, so it answers only requests that come from this computer's own programs: the Host header
must name a loopback address, which keeps out web pages that point a name of theirs at 127.0.0.1 (DNS rebinding), and
an Origin header must as well, which keeps out forms and scripts of other sites. `allow_remote` drops the first rule
and keeps the second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from assaykit.emulator.engine.control_arguments import invalid, read_body, read_instant, read_units
from assaykit.emulator.engine.dates import instant_text
from assaykit.emulator.engine.emulator import DEFAULT_WORLD, Emulator, WorldNameRefused
from assaykit.emulator.engine.jsontext import dumps
from assaykit.emulator.engine.message import Reply, Request
from assaykit.emulator.engine.rejection import (
    CONFLICT,
    FORBIDDEN,
    INVALID,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    Field,
    Rejected,
)
from assaykit.emulator.engine.trie import Trie
from assaykit.emulator.engine.urls import MalformedText, decode, parse_query
from assaykit.emulator.engine.worlds import World

CONTROL_PREFIX: Final = "/_emulator"
_FAULT_KEYS: Final = frozenset(
    {
        "operation",
        "path",
        "vendor",
        "status",
        "delay",
        "kind",
        "times",
        "probability",
        "when",
        "retry_after",
        "message",
        "body",
        "code",
    }
)


def json_reply(value: Any, status: int = 200) -> Reply:
    """Return a reply with a JSON body."""
    return Reply(status, [("Content-Type", "application/json")], dumps(value))


def error_reply(
    status: int, code: str, message: str, fields: Sequence[Field] = (), headers: Sequence[tuple[str, str]] = ()
) -> Reply:
    """Return an error of the emulator itself."""
    detail: dict[str, Any] = {"code": code, "message": message}
    if fields:
        detail["fields"] = [{"field": field.name, "message": field.message} for field in fields]
    reply = json_reply({"error": detail}, status)
    reply.headers.extend(headers)
    return reply


def index_reply(emulator: Emulator, request: Request) -> Reply:
    """Answer a path that belongs to no vendor: `/` with a list of the base URLs, anything else with a hint to it."""
    urls = {name: f"{request.base_url}/{name}" for name in emulator.vendors}
    if request.path == "/" and request.method in ("GET", "HEAD"):
        reply = json_reply({"vendors": urls, "control": f"{request.base_url}{CONTROL_PREFIX}"})
        if request.method == "HEAD":
            reply.headers.append(("Content-Length", str(len(reply.body))))
            reply.body = b""
        return reply
    return error_reply(404, NOT_FOUND, f"No vendor lives here; base URLs are {', '.join(urls.values())}.")


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address without a port names this computer."""
    if host is None:
        return False
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _hostname(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


Handler = Callable[[Mapping[str, str], Mapping[str, Any], Request], Reply]


class Control:
    """Answers the control API.

    Args:
        emulator: The emulator to control.
        allow_remote: Whether other host names than those of this computer are accepted.
    """

    def __init__(self, emulator: Emulator, *, allow_remote: bool = False) -> None:
        self._emulator = emulator
        self._allow_remote = allow_remote
        self._trie: Trie[dict[str, Handler]] = Trie()
        world = "/worlds/{world}"
        routes: dict[str, dict[str, Handler]] = {
            "/": {"GET": self._index},
            "/worlds": {"GET": self._list_worlds, "POST": self._make_world},
            world: {"GET": self._show_world, "DELETE": self._delete_world},
            f"{world}/reset": {"POST": self._reset},
            f"{world}/clock": {"GET": self._show_clock, "POST": self._move_clock},
            f"{world}/faults": {"GET": self._list_faults, "POST": self._add_fault, "DELETE": self._clear_faults},
            f"{world}/faults/{{id}}": {"DELETE": self._remove_fault},
            f"{world}/rate-limits": {"GET": self._show_limits, "POST": self._switch_limits},
            f"{world}/journal": {"GET": self._list_journal, "DELETE": self._clear_journal},
            f"{world}/webhooks/subscriptions": {"GET": self._list_subscriptions, "POST": self._subscribe},
            f"{world}/webhooks/subscriptions/{{id}}": {"DELETE": self._unsubscribe},
            f"{world}/webhooks/deliveries": {"GET": self._list_deliveries},
            f"{world}/webhooks/deliveries/{{id}}/redeliver": {"POST": self._redeliver},
            f"{world}/{{vendor}}/{{action}}": {"POST": self._act},
        }
        for template, methods in routes.items():
            self._trie.add(template, methods)

    def handle(self, request: Request) -> Reply:
        """Answer a request whose path begins with the control prefix."""
        try:
            self._admit(request)
            return self._answer(request)
        except MalformedText as error:
            return error_reply(400, INVALID, f"The query {error}.")
        except Rejected as error:
            return error_reply(error.status, error.code, error.message, error.fields, error.headers)

    def _admit(self, request: Request) -> None:
        host = _hostname(f"//{request.headers.get('host', '')}")
        if not self._allow_remote and not is_loopback(host):
            raise Rejected(
                FORBIDDEN,
                "The control API answers only under a loopback address such as http://127.0.0.1; "
                "start the emulator with --allow-remote to change that.",
            )
        origin = request.headers.get("origin")
        if origin is not None and not is_loopback(_hostname(origin)):
            raise Rejected(FORBIDDEN, "The control API does not answer web pages of other sites.")

    def _answer(self, request: Request) -> Reply:
        try:
            segments: list[str | None] = [
                decode(part.encode("latin-1")) for part in (request.path[len(CONTROL_PREFIX) :] or "/").split("/")[1:]
            ]
        except MalformedText as error:
            raise invalid("path", str(error)) from None
        found = self._trie.find(segments)
        if found is None:
            raise Rejected(NOT_FOUND, f"Nothing under {request.path}; GET {CONTROL_PREFIX} tells where to begin.")
        methods, positions = found
        handler = methods.get(request.method)
        if handler is None:
            allow = ", ".join(sorted(methods))
            raise Rejected(METHOD_NOT_ALLOWED, f"Use {allow}.", headers=[("Allow", allow)])
        return handler({name: str(segments[index]) for name, index in positions.items()}, read_body(request), request)

    def _world(self, path: Mapping[str, str]) -> World:
        name = path["world"]
        if name != DEFAULT_WORLD and all(world.name != name for world in self._emulator.worlds()):
            raise Rejected(NOT_FOUND, f"There is no world {name!r}; POST {CONTROL_PREFIX}/worlds makes one.")
        return self._emulator.world(name)

    def _index(self, _path: Mapping[str, str], _body: Mapping[str, Any], request: Request) -> Reply:
        vendors = {
            name: {
                "baseUrl": f"{request.base_url}/{name}",
                "credentials": dict(vendor.credentials),
                "actions": sorted(vendor.actions),
                "events": [event.name for event in vendor.events],
            }
            for name, vendor in self._emulator.vendors.items()
        }
        return json_reply({"vendors": vendors, "worlds": [_summary(world) for world in self._emulator.worlds()]})

    def _list_worlds(self, *_: Any) -> Reply:
        self._emulator.world()
        return json_reply([_summary(world) for world in self._emulator.worlds()])

    def _make_world(self, _path: Mapping[str, str], body: Mapping[str, Any], _request: Request) -> Reply:
        name = body.get("name")
        if not isinstance(name, str):
            raise invalid("name", "must be text")
        if any(world.name == name for world in self._emulator.worlds()):
            raise Rejected(CONFLICT, f"There is a world {name!r} already; reset or delete it.")
        try:
            return json_reply(_summary(self._emulator.world(name)), 201)
        except WorldNameRefused as error:
            raise invalid("name", str(error)) from None

    def _show_world(self, path: Mapping[str, str], *_: Any) -> Reply:
        return json_reply(_summary(self._world(path)))

    def _delete_world(self, path: Mapping[str, str], *_: Any) -> Reply:
        self._emulator.delete_world(self._world(path).name)
        return Reply(204)

    def _reset(self, path: Mapping[str, str], *_: Any) -> Reply:
        world = self._world(path)
        world.reset()
        return json_reply(_summary(world))

    def _show_clock(self, path: Mapping[str, str], *_: Any) -> Reply:
        return json_reply(_clock(self._world(path)))

    def _move_clock(self, path: Mapping[str, str], body: Mapping[str, Any], _request: Request) -> Reply:
        world = self._world(path)
        if not body or not set(body) <= {"advance", "set", "freeze", "resume"}:
            raise invalid("body", 'must hold "advance", "set", "freeze" or "resume"')
        with world.lock:
            if body.get("resume"):
                world.clock.resume()
            if "set" in body:
                world.clock.set(read_instant(body["set"]))
            if "advance" in body:
                units = read_units(body["advance"])
                try:
                    world.clock.advance(**units)
                except (ValueError, OverflowError) as error:
                    raise invalid("advance", str(error)) from None
            if body.get("freeze"):
                world.clock.freeze()
        return json_reply(_clock(world))

    def _list_faults(self, path: Mapping[str, str], *_: Any) -> Reply:
        return json_reply(self._world(path).faults.listing())

    def _add_fault(self, path: Mapping[str, str], body: Mapping[str, Any], _request: Request) -> Reply:
        world = self._world(path)
        unknown = sorted(set(body) - _FAULT_KEYS)
        if unknown:
            raise invalid(unknown[0], f"is unknown; a rule has {', '.join(sorted(_FAULT_KEYS))}")
        try:
            with world.lock:
                world.faults.add(**body)
        except (TypeError, ValueError) as error:
            raise invalid("body", str(error)) from None
        return json_reply(world.faults.listing()[-1], 201)

    def _clear_faults(self, path: Mapping[str, str], *_: Any) -> Reply:
        self._world(path).faults.clear()
        return Reply(204)

    def _remove_fault(self, path: Mapping[str, str], *_: Any) -> Reply:
        if not self._world(path).faults.remove(path["id"]):
            raise Rejected(NOT_FOUND, f"There is no fault rule {path['id']!r}.")
        return Reply(204)

    def _show_limits(self, path: Mapping[str, str], *_: Any) -> Reply:
        world = self._world(path)
        with world.lock:
            return json_reply({"enabled": world.rate_limits, "windows": world.limits.listing()})

    def _switch_limits(self, path: Mapping[str, str], body: Mapping[str, Any], request: Request) -> Reply:
        world = self._world(path)
        if not isinstance(body.get("enabled"), bool) or len(body) > 1:
            raise invalid("enabled", "must be true or false, and nothing else is taken")
        with world.lock:
            world.rate_limits = body["enabled"]
        return self._show_limits(path, body, request)

    def _list_journal(self, path: Mapping[str, str], _body: Mapping[str, Any], request: Request) -> Reply:
        query = {name: values[-1] for name, values in parse_query(request.query).items()}
        status, limit = query.get("status"), query.get("limit", "100")
        if not limit.isdecimal() or (status is not None and not status.isdecimal()):
            raise invalid("query", "status and limit must be whole numbers")
        found = self._world(path).journal.find(
            operation=query.get("operation"), status=None if status is None else int(status)
        )
        return json_reply([entry.as_json() for entry in found[max(0, len(found) - int(limit)) :]])

    def _clear_journal(self, path: Mapping[str, str], *_: Any) -> Reply:
        self._world(path).journal.clear()
        return Reply(204)

    def _list_subscriptions(self, path: Mapping[str, str], *_: Any) -> Reply:
        return json_reply([added.as_json() for added in self._world(path).outbox.subscriptions()])

    def _subscribe(self, path: Mapping[str, str], body: Mapping[str, Any], _request: Request) -> Reply:
        world = self._world(path)
        vendor = body.get("vendor")
        if vendor not in world.states:
            raise invalid("vendor", f"must be one of {', '.join(world.states)}")
        known = [event.name for event in world.states[vendor].vendor.events]
        events, url, options = body.get("events", known), body.get("url"), body.get("options", {})
        if not isinstance(events, list) or not events or not all(event in known for event in events):
            raise invalid("events", f"must be a list of some of {', '.join(known)}")
        if not isinstance(url, str) or not url.startswith(("http://", "https://")) or not _hostname(url):
            raise invalid("url", "must be an absolute http or https URL")
        if not isinstance(options, dict):
            raise invalid("options", "must be an object")
        return json_reply(world.outbox.subscribe(vendor, events, url, options).as_json(), 201)

    def _unsubscribe(self, path: Mapping[str, str], *_: Any) -> Reply:
        if not self._world(path).outbox.unsubscribe(path["id"]):
            raise Rejected(NOT_FOUND, f"There is no subscription {path['id']!r}.")
        return Reply(204)

    def _list_deliveries(self, path: Mapping[str, str], *_: Any) -> Reply:
        return json_reply(self._world(path).outbox.deliveries())

    def _redeliver(self, path: Mapping[str, str], *_: Any) -> Reply:
        if not self._world(path).outbox.redeliver(path["id"]):
            raise Rejected(NOT_FOUND, f"There is no delivery {path['id']!r}.")
        return json_reply({"id": path["id"], "state": "pending"}, 202)

    def _act(self, path: Mapping[str, str], body: Mapping[str, Any], _request: Request) -> Reply:
        world = self._world(path)
        if path["vendor"] not in world.states:
            raise Rejected(NOT_FOUND, f"There is no vendor {path['vendor']!r}; there is {', '.join(world.states)}.")
        return json_reply(world.act(path["vendor"], path["action"], body))


def _clock(world: World) -> dict[str, Any]:
    return {"now": instant_text(world.clock.now()), "frozen": world.clock.frozen}


def _summary(world: World) -> dict[str, Any]:
    return {
        "name": world.name,
        "clock": _clock(world),
        "requests": len(world.journal),
        "faults": len(world.faults.rules),
        "pendingWebhooks": len(world.outbox.deliveries(state="pending")),
    }
