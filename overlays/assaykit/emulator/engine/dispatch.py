"""From a request to a reply: the one order in which every vendor's requests are judged.

Path, method, credentials, rate limit, parameters, media type, JSON, schema, behaviour, reply. Each step answers
before the next one looks, so a stranger learns nothing about parameters, and a behaviour sees only requests that fit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from assaykit.emulator.engine.auth import authenticate, compile_schemes
from assaykit.emulator.engine.bodies import read_body
from assaykit.emulator.engine.contract import Operation
from assaykit.emulator.engine.faults import FaultRule, damage
from assaykit.emulator.engine.jsontext import dumps
from assaykit.emulator.engine.limits import Budget
from assaykit.emulator.engine.message import Reply, Request, Success
from assaykit.emulator.engine.parameters import MISSING, Parameter, gather
from assaykit.emulator.engine.rejection import (
    FAULT,
    INVALID,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    TOO_MANY_REQUESTS,
    Field,
    Rejected,
)
from assaykit.emulator.engine.trie import Trie
from assaykit.emulator.engine.urls import MalformedText, decode, parse_query
from assaykit.emulator.engine.vendor import Behaviour, Call, Page, Vendor

if TYPE_CHECKING:
    from assaykit.emulator.engine.worlds import State


_PARAMETER: Final = re.compile(r"\{([^}]+)\}")


@dataclass(slots=True)
class _Route:
    """What one path template offers, by method."""

    targets: dict[str, tuple[Operation | Page, Behaviour]] = field(default_factory=dict)

    @property
    def allow(self) -> str:
        methods = set(self.targets) | {"OPTIONS"} | ({"HEAD"} if "GET" in self.targets else set())
        return ", ".join(sorted(methods))


@dataclass(slots=True)
class _Match:
    """Where a path led.

    Args:
        route: What it offers.
        segments: Its segments, decoded; None for one that cannot be.
        malformed: Why a segment cannot be decoded, by its position.
        positions: Position of each path parameter's segment.
    """

    route: _Route
    segments: list[str | None]
    malformed: dict[int, str]
    positions: dict[str, int]


class Dispatcher:
    """Answers the requests of one vendor, in any world.

    Args:
        vendor: The vendor.
        check_replies: Compare every reply with the specification.

    Raises:
        ValueError: An operation has no behaviour, a behaviour no operation, an alias does not fit its operation, or a
            path is taken.
    """

    def __init__(self, vendor: Vendor, *, check_replies: bool = False) -> None:
        self.vendor = vendor
        self.check_replies = check_replies
        self._schemes = compile_schemes(vendor.contract.security_schemes, vendor.verifiers)
        operations, behaviours = vendor.contract.operations, vendor.behaviours.operations
        if set(operations) != set(behaviours):
            lacking = sorted(set(operations) - set(behaviours))
            idle = sorted(set(behaviours) - set(operations))
            raise ValueError(
                f"{vendor.name}: operations without behaviour {lacking}, behaviours without operation {idle}"
            )
        routes: dict[str, _Route] = {}
        for operation in operations.values():
            route = routes.setdefault(operation.template, _Route())
            route.targets[operation.method] = (operation, behaviours[operation.id])
        for operation_id, template in vendor.behaviours.aliases:
            _add_alias(routes, operations.get(operation_id), operation_id, template, behaviours)
        for page in vendor.behaviours.pages:
            targets = routes.setdefault(page.template, _Route()).targets
            if page.method in targets:
                raise ValueError(f"{page.method} {page.template} leads somewhere already; give the page another path")
            targets[page.method] = (page, page.behaviour)
        self._trie: Trie[_Route] = Trie()
        for template, route in routes.items():
            self._trie.add(template, route)

    def handle(self, state: State, request: Request) -> Reply:
        """Answer a request.

        Args:
            state: The vendor's part of a world.
            request: The request, its path below the vendor's base URL.

        Returns:
            The reply. For HEAD it has the headers of GET and no body.
        """
        match = self._find(request.path)
        target = (
            None if match is None else match.route.targets.get("GET" if request.method == "HEAD" else request.method)
        )
        operation = target[0].id if target is not None and isinstance(target[0], Operation) else None
        rule = None
        if state.faults.rules:
            rule = state.faults.strike(self.vendor.name, operation, request.path)
        rejected: Rejected | None = None
        reply: Reply
        try:
            if rule is not None and rule.when == "before" and rule.replaces:
                raise _ordered(rule)
            reply = self._answer(state, request, match, target)
        except Rejected as error:
            rejected = error
            rejected.operation = operation
            reply = self.vendor.errors(rejected)
        if self.check_replies and target is not None and isinstance(target[0], Operation) and rejected is not None:
            _check_refusal(target[0], reply, rejected)
        if rule is not None:
            if rule.when == "after" and rule.status is not None:
                rejected = _ordered(rule)
                rejected.operation = operation
                reply = self.vendor.errors(rejected)
            damage(rule, reply)
        if request.method == "HEAD":
            reply.headers.append(("Content-Length", str(len(reply.body))))
            reply.body = b""
        reply.operation = operation
        state.journal.record(
            state.clock.now(),
            self.vendor.name,
            request,
            operation,
            reply.status,
            rejected,
            None if rule is None else rule.id,
        )
        return reply

    def _find(self, path: str) -> _Match | None:
        raw = path.split("/")[1:]
        segments: list[str | None] = list(raw)
        malformed: dict[int, str] = {}
        if "%" in path or not path.isascii():
            for index, segment in enumerate(raw):
                try:
                    segments[index] = decode(segment.encode("latin-1", "replace"))
                except MalformedText as error:
                    segments[index] = None
                    malformed[index] = str(error)
        found = self._trie.find(segments)
        return None if found is None else _Match(found[0], segments, malformed, found[1])

    def _answer(
        self, state: State, request: Request, match: _Match | None, target: tuple[Operation | Page, Behaviour] | None
    ) -> Reply:
        if match is None:
            raise _nothing_here()
        if target is None:
            allow = ("Allow", match.route.allow)
            if request.method == "OPTIONS":
                return Reply(204, [allow])
            raise Rejected(
                METHOD_NOT_ALLOWED, f"{request.method} is not possible here; use {match.route.allow}.", headers=[allow]
            )
        declared, behaviour = target
        budget: Budget | None = None
        if isinstance(declared, Page):
            names = {name: match.segments[index] for name, index in match.positions.items()}
            if None in names.values():
                raise _nothing_here()
            call = Call(state, request, names, {}, {}, request.body, None)
        else:
            identity = authenticate(state, request, declared.security, self._schemes)
            if declared.rate_limit is not None and state.limits.enabled:
                budget = self._spend(state, declared, declared.rate_limit, identity)
            call = self._decode(state, request, declared, match, identity)
        with state.store.transaction():
            success = behaviour(call)
            state.world.save_counters()
            reply = _write(success, declared)
            if budget is not None and isinstance(declared, Operation):
                reply.headers.extend(self._told(declared, reply.status, budget))
            if self.check_replies and isinstance(declared, Operation):
                declared.check_reply(reply.status, reply.headers, reply.body)
        return reply

    def _spend(self, state: State, operation: Operation, rate: tuple[int, float], identity: Any) -> Budget:
        """Count a request, whatever becomes of it, against the window of its sender.

        Raises:
            Rejected: The window is used up.
        """
        budget = state.limits.take(self.vendor.name, identity, operation.id, *rate)
        if not budget.allowed:
            raise Rejected(
                TOO_MANY_REQUESTS,
                f"{budget.limit} requests in {budget.seconds:g} seconds are allowed; "
                f"try again in {budget.wait} second{'s' * (budget.wait != 1)}.",
                headers=[("Retry-After", str(budget.wait)), *self._told(operation, 429, budget)],
            )
        return budget

    def _told(self, operation: Operation, status: int, budget: Budget) -> list[tuple[str, str]]:
        """Return the headers about a window that the specification documents for a status."""
        contract = operation.reply(status)
        values = {self.vendor.limit_header: budget.limit, self.vendor.remaining_header: budget.remaining}
        return [
            (name, str(value))
            for name, value in values.items()
            if contract is not None and name.lower() in contract.headers
        ]

    def _decode(self, state: State, request: Request, operation: Operation, match: _Match, identity: Any) -> Call:
        wrong: list[Field] = []
        path: dict[str, Any] = {}
        for parameter in operation.path_parameters:
            position = match.positions[parameter.name]
            text = match.segments[position]
            if text is None:
                wrong.append(Field(parameter.place, match.malformed[position]))
            else:
                path[parameter.name] = _decode_into(wrong, parameter, [text])
        query = _read_query(wrong, request.query, operation.query_parameters)
        headers: dict[str, Any] = {}
        for parameter in operation.header_parameters:
            value = request.headers.get(parameter.name)
            _take(wrong, parameter, None if value is None else [value], headers)
        if wrong:
            raise Rejected(INVALID, "The request does not fit its description.", wrong)
        body = read_body(request, operation, self.vendor.max_body) if operation.body_media else None
        return Call(state, request, path, query, headers, body, identity)


def _add_alias(
    routes: dict[str, _Route],
    operation: Operation | None,
    operation_id: str,
    template: str,
    behaviours: Mapping[str, Behaviour],
) -> None:
    """Let a further path lead to an operation.

    Raises:
        ValueError: There is no such operation, or the path has other parameters, or is taken.
    """
    if operation is None:
        raise ValueError(f"{template} cannot lead to {operation_id}, since there is no such operation")
    if set(_PARAMETER.findall(template)) != set(_PARAMETER.findall(operation.template)):
        raise ValueError(f"{template} must have the parameters of {operation.template}")
    targets = routes.setdefault(template, _Route()).targets
    if operation.method in targets:
        raise ValueError(f"{operation.method} {template} leads somewhere already; give the alias another path")
    targets[operation.method] = (operation, behaviours[operation_id])


def _ordered(rule: FaultRule) -> Rejected:
    return Rejected(FAULT, rule.message, code=rule.code, status=rule.status or 503)


def _nothing_here() -> Rejected:
    field = Field("path", "is not known; the specification lists those that are")
    return Rejected(NOT_FOUND, "There is nothing under this path.", [field])


def _check_refusal(operation: Operation, reply: Reply, rejected: Rejected) -> None:
    # These say that no operation was meant, or that one was ordered to fail: no operation documents them.
    if rejected.kind not in (METHOD_NOT_ALLOWED, FAULT):
        operation.check_reply(reply.status, reply.headers, reply.body)


def _read_query(wrong: list[Field], query: bytes, parameters: Sequence[Parameter]) -> dict[str, Any]:
    if not parameters:
        return {}
    try:
        given = gather(parse_query(query), parameters) if query else {}
    except MalformedText as error:
        wrong.append(Field("query", str(error)))
        return {}
    read: dict[str, Any] = {}
    for parameter in parameters:
        _take(wrong, parameter, given.get(parameter.name), read)
    return read


def _decode_into(wrong: list[Field], parameter: Parameter, values: list[str]) -> Any:
    value, errors = parameter.decode(values)
    wrong.extend(errors)
    return value


def _take(wrong: list[Field], parameter: Parameter, values: list[str] | None, into: dict[str, Any]) -> None:
    if values is not None:
        into[parameter.name] = _decode_into(wrong, parameter, values)
    elif parameter.required:
        wrong.append(Field(parameter.place, "is required"))
    elif parameter.default is not MISSING:
        into[parameter.name] = parameter.default


def _write(success: Success, declared: Operation | Page) -> Reply:
    body = success.body
    if body is None:
        return Reply(success.status, list(success.headers))
    media = success.media_type
    if not isinstance(body, bytes):
        contract = declared.reply(success.status) if isinstance(declared, Operation) else None
        if contract is not None and contract.plan is not None:
            body = contract.plan(body)
        body = dumps(body)
    return Reply(success.status, [("Content-Type", media), *success.headers], body)
