"""Rules for links, which stateful fuzzing walks, for references and for webhooks."""

from __future__ import annotations

import re

from scripts.sdkgen.document import Mapping, mapping, operations, parameters, pointer_of, resolve, text
from scripts.sdkgen.errors import SdkgenError
from scripts.sdkgen.index import event_property, payload
from scripts.sdkgen.lint.report import Report
from scripts.sdkgen.lint.walk import response_nodes
from scripts.sdkgen.source import Json, Pointer, is_data, is_schema_name

_EXPRESSION = re.compile(
    r"\$(?:url|method|statusCode)|\$request\.(?:path|query|header)\.[^\s]+|\$(?:request|response)\.body(?:#(?:/.*)?)?"
    r"|\$response\.header\.[^\s]+"
)


def check(document: Mapping, report: Report) -> None:
    """Checks references, then links and webhooks."""
    _references(document, document, (), report)
    targets = {operation.id: operation for operation in operations(document)}
    known = {
        name: {text(p.get("name")): p for p, _ in parameters(document, operation)}
        for name, operation in targets.items()
    }
    for response, pointer in response_nodes(document):
        for name, raw in mapping(response.get("links")).items():
            place = (*pointer, "links", name)
            if "$ref" in mapping(raw):
                place = pointer_of(text(mapping(raw)["$ref"]))
            _link(resolve(document, raw), place, known, report)
    _webhooks(document, report)


def _link(link: Mapping, place: Pointer, known: dict[str, dict[str, Mapping]], report: Report) -> None:
    target = text(link.get("operationId"))
    if target not in known:
        report.add(
            "link-target", place, f"the link leads to {target or 'no operationId'}", "name an existing operationId"
        )
        return
    given = mapping(link.get("parameters"))
    names = {name.partition(".")[2] if re.match(r"(?:path|query|header|cookie)\.", name) else name for name in given}
    for name in sorted(names - set(known[target])):
        message = f"{target} has no parameter {name!r}"
        report.add("link-parameter", (*place, "parameters"), message, "use the parameter's own name")
    required = {name for name, parameter in known[target].items() if parameter.get("in") == "path"}
    for name in sorted(required - names):
        message = f"the link gives no {name!r}, which the path of {target} needs"
        report.add("link-parameter", place, message, "add it to the link's parameters")
    for name, value in given.items():
        if isinstance(value, str) and value.startswith("$") and not _EXPRESSION.fullmatch(value):
            message = f"{value!r} is no runtime expression"
            report.add("link-expression", (*place, "parameters", name), message, "write for example $response.body#/id")


def _references(document: Mapping, value: Json, place: Pointer, report: Report) -> None:
    if isinstance(value, list):
        for index, item in enumerate(value):
            _references(document, item, (*place, index), report)
    elif isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str) and not is_schema_name((*place, "$ref")):
            _reference(document, reference, place, report)
        for key, item in value.items():
            if not is_data((*place, key)):
                _references(document, item, (*place, key), report)


def _reference(document: Mapping, reference: str, place: Pointer, report: Report) -> None:
    if not re.fullmatch(r"#/components/[A-Za-z]+/[^/]+", reference):
        message = f"{reference} is not a component"
        report.add("ref-target", place, message, "make the target a component of its own and refer to that")
        return
    try:
        resolve(document, {"$ref": reference})
    except SdkgenError as error:
        report.add("ref-target", place, str(error).partition(";")[0], "mend the $ref or add the target")


def _webhooks(document: Mapping, report: Report) -> None:
    tag = event_property(document)
    webhooks = list(operations(document, "webhooks"))
    for operation in webhooks:
        schema, event = payload(document, operation)
        if not schema:
            message = f"the payload of the webhook {operation.path!r} is not a component"
            report.add("webhook-payload", operation.pointer, message, "refer to a schema in components by $ref")
        elif len(webhooks) > 1 and (not event or not tag):
            message = f"the payload of the webhook {operation.path!r} has no constant that tells it apart"
            remedy = "give every payload the same required property with a `const` text"
            report.add("webhook-payload", ("components", "schemas", schema), message, remedy)
    events = [payload(document, operation)[1] for operation in webhooks]
    for event in sorted({event for event in events if event and events.count(event) > 1}):
        report.add("webhook-payload", ("webhooks",), f"two webhooks have the event {event!r}", "give each its own")
