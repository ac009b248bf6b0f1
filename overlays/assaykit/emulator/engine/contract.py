"""What a specification demands of requests and replies, compiled from its bundle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import cached_property
from importlib import resources
from typing import Any, Final

import orjson

from assaykit.emulator.engine.dates import Plan, compile_plan
from assaykit.emulator.engine.jsontext import loads
from assaykit.emulator.engine.parameters import MISSING, Parameter, compile_parameter, convert, types_of
from assaykit.emulator.engine.schemas import Schemas, field_errors, join

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class ContractBroken(AssertionError):
    """A reply of the emulator does not fit the specification it emulates."""


@dataclass(frozen=True, slots=True)
class Header:
    """A documented header of a reply.

    Args:
        required: Whether it must be there.
        pointer: Pointer to its schema, or None if it has none.
        types: JSON types of its value, which is sent as text.
    """

    required: bool
    pointer: str | None
    types: frozenset[str]

    def fits(self, text: str, schemas: Schemas) -> bool:
        """Whether a value that was sent fits the schema, read as what the schema says it is."""
        if self.pointer is None:
            return True
        value = convert(text, self.types)
        return value is not MISSING and bool(schemas.validator(self.pointer).is_valid(value))


@dataclass(frozen=True, slots=True)
class ReplyContract:
    """What one status of an operation may look like.

    Args:
        media: Pointer to the schema of each media type, None where it has none.
        headers: Documented headers by lower-case name.
        plan: Writes instants in the vendor's form, or None.
    """

    media: Mapping[str, str | None]
    headers: Mapping[str, Header]
    plan: Plan | None


@dataclass
class Operation:
    """One operation of a specification.

    Args:
        id: The operationId.
        method: Upper-case method.
        template: Path template.
        security: Alternatives, each a tuple of scheme names that must all be satisfied; empty for a public one.
        parameters: Declared path, query and header parameters.
        body_media: Pointer to the schema of each accepted media type; empty if no body is taken.
        body_required: Whether a body must be sent.
        replies: Contract of each documented status, or of "default".
        rate_limit: Requests and seconds of the documented window, or None.
        schemas: The specification's schemas.
        zone: Zone in which instants are written in forms that name none.
    """

    id: str
    method: str
    template: str
    security: tuple[tuple[str, ...], ...]
    parameters: tuple[Parameter, ...]
    body_media: Mapping[str, str | None]
    body_required: bool
    replies: Mapping[str, Any]
    rate_limit: tuple[int, float] | None
    schemas: Schemas
    zone: tzinfo = UTC
    _compiled: dict[int, ReplyContract | None] = field(default_factory=dict)

    @cached_property
    def path_parameters(self) -> tuple[Parameter, ...]:
        """Return the parameters in the path."""
        return tuple(parameter for parameter in self.parameters if parameter.location == "path")

    @cached_property
    def query_parameters(self) -> tuple[Parameter, ...]:
        """Return the parameters in the query."""
        return tuple(parameter for parameter in self.parameters if parameter.location == "query")

    @cached_property
    def header_parameters(self) -> tuple[Parameter, ...]:
        """Return the parameters in headers."""
        return tuple(parameter for parameter in self.parameters if parameter.location == "header")

    def reply(self, status: int) -> ReplyContract | None:
        """Return the contract of a status, or None if the specification does not document it."""
        if status not in self._compiled:
            pointer = (
                self.replies.get(str(status)) or self.replies.get(f"{status // 100}XX") or self.replies.get("default")
            )
            self._compiled[status] = None if pointer is None else _compile_reply(pointer, self.schemas, self.zone)
        return self._compiled[status]

    def check_reply(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Compare a reply with the specification.

        Raises:
            ContractBroken: It has an undocumented status or media type, lacks a header, or has another shape.
        """
        contract = self.reply(status)
        if contract is None:
            raise ContractBroken(f"{self.id} answered {status}, which the specification does not document")
        sent = {name.lower(): value for name, value in headers}
        for name, header in contract.headers.items():
            if name not in sent:
                if header.required:
                    raise ContractBroken(f"{self.id} answered {status} without the header {name}")
            elif not header.fits(sent[name], self.schemas):
                raise ContractBroken(f"{self.id} answered {status} with an unfit header {name}: {sent[name]}")
        media = sent.get("content-type", "").partition(";")[0]
        if not contract.media:
            if body:
                raise ContractBroken(f"{self.id} answered {status} with a body, and none is documented")
            return
        if media not in contract.media:
            raise ContractBroken(f"{self.id} answered {status} as {media or 'nothing'}, not as {list(contract.media)}")
        pointer = contract.media[media]
        if pointer is not None and media == "application/json":
            wrong = field_errors(self.schemas.validator(pointer), loads(body), "body")
            if wrong:
                told = "; ".join(f"{part.name} {part.message}" for part in wrong)
                raise ContractBroken(f"{self.id} answered {status} with an unfit body: {told}")


class Contract:
    """A whole specification, compiled for the engine.

    Args:
        document: The bundled OpenAPI 3.1 document.
        zone: Zone in which the vendor writes instants in forms that name none.

    Raises:
        ValueError: The document uses what the engine cannot serve; the message names the place.
    """

    def __init__(self, document: Mapping[str, Any], *, zone: tzinfo = UTC) -> None:
        self.document = document
        self.zone = zone
        self.schemas = Schemas(document)
        self.security_schemes: Mapping[str, Mapping[str, Any]] = document.get("components", {}).get(
            "securitySchemes", {}
        )
        self.operations = {operation.id: operation for operation in self._operations()}

    def _operations(self) -> list[Operation]:
        found: list[Operation] = []
        for template, item in self.document.get("paths", {}).items():
            for method in METHODS:
                if method in item:
                    try:
                        found.append(self._operation(template, method))
                    except (KeyError, ValueError) as error:
                        raise ValueError(f"{method.upper()} {template}: {error}") from error
        return found

    def _operation(self, template: str, method: str) -> Operation:
        item = self.document["paths"][template]
        declared = item[method]
        at = join("paths", template)
        parameters: dict[tuple[str, str], Parameter] = {}
        for base, listed in ((at, item), (f"{at}/{method}", declared)):
            for index in range(len(listed.get("parameters", ()))):
                parameter = compile_parameter(f"{base}/parameters/{index}", self.schemas)
                parameters[parameter.name, parameter.location] = parameter
        media: dict[str, str | None] = {}
        required = False
        if "requestBody" in declared:
            body, body_at = self.schemas.follow(f"{at}/{method}/requestBody")
            required = bool(body.get("required", False))
            media = _media(body, body_at)
        security = declared.get("security", self.document.get("security", []))
        limit = declared.get("x-rate-limit")
        return Operation(
            id=declared["operationId"],
            method=method.upper(),
            template=template,
            security=tuple(tuple(alternative) for alternative in security),
            parameters=tuple(parameters.values()),
            body_media=media,
            body_required=required,
            replies={status: f"{at}/{method}/responses/{status}" for status in declared.get("responses", {})},
            rate_limit=None if limit is None else (limit["limit"], limit["windowSeconds"]),
            schemas=self.schemas,
            zone=self.zone,
        )

    def schema_plan(self, name: str) -> Plan | None:
        """Return what writes the instants of a component schema in the vendor's form; for webhook payloads."""
        if name not in self._schema_plans:
            self._schema_plans[name] = compile_plan(
                self.schemas.resolve(join("components", "schemas", name)), self.schemas.resolve, self.zone
            )
        return self._schema_plans[name]

    @cached_property
    def _schema_plans(self) -> dict[str, Plan | None]:
        return {}


def _media(holder: Mapping[str, Any], at: str) -> dict[str, str | None]:
    """Return the pointer to the schema of each media type of a request body or response."""
    return {
        name.lower(): f"{at}/content/{name.replace('~', '~0').replace('/', '~1')}/schema" if "schema" in media else None
        for name, media in holder.get("content", {}).items()
    }


def _compile_reply(pointer: str, schemas: Schemas, zone: tzinfo) -> ReplyContract:
    response, at = schemas.follow(pointer)
    headers: dict[str, Header] = {}
    for name in response.get("headers", {}):
        header, header_at = schemas.follow(f"{at}/headers/{name}")
        schema_at = f"{header_at}/schema" if "schema" in header else None
        types = frozenset[str]() if schema_at is None else types_of(schemas.follow(schema_at)[0])
        headers[name.lower()] = Header(bool(header.get("required")), schema_at, types)
    media = _media(response, at)
    body_at = media.get("application/json")
    plan = None if body_at is None else compile_plan(schemas.resolve(body_at), schemas.resolve, zone)
    return ReplyContract(media=media, headers=headers, plan=plan)


def load_document(vendor: str) -> Mapping[str, Any]:
    """Read the bundled specification that a vendor's generated client ships.

    Args:
        vendor: Name of the vendor.

    Raises:
        FileNotFoundError: The client is not installed; the message names the package.
    """
    package = f"{vendor}_client"
    try:
        text = (resources.files(package) / "openapi.json").read_bytes()
    except (ModuleNotFoundError, FileNotFoundError):
        raise FileNotFoundError(
            f"the package {package} with its openapi.json is missing; run `make generate`"
        ) from None
    document: Mapping[str, Any] = orjson.loads(text)
    return document
