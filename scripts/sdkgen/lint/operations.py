"""Rules for operations: identity, documentation, security."""

from __future__ import annotations

import re
from keyword import iskeyword

from scripts.sdkgen.document import (
    Mapping,
    OperationNode,
    array,
    is_success,
    mapping,
    operations,
    parameters,
    resolve,
    security,
    snake_case,
    text,
)
from scripts.sdkgen.lint.report import Report

EVIDENCE = ("documented", "reconstructed", "connector", "inferred")
PAGING_STYLES = ("page", "offset", "cursor", "link")
# Attributes that clients built on the facade have for themselves.
RESERVED_TAGS = frozenset(
    {"aclose", "client", "close", "from_env", "models", "paginate", "raw", "webhooks", "with_options"}
)
_SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


def check(document: Mapping, report: Report) -> None:
    """Checks every operation and webhook."""
    if not text(document.get("openapi")).startswith("3.1."):
        report.add("openapi-version", ("openapi",), "the document is not OpenAPI 3.1", "write `openapi: 3.1.0`")
    declared = {text(mapping(tag).get("name")) for tag in array(document.get("tags"))}
    seen: dict[str, OperationNode] = {}
    for operation in operations(document):
        _identity(operation, declared, seen, report)
        _documentation(operation, report)
        _extensions(operation, report)
        _partial_failure(document, operation, report)
        _security(document, operation, report)
        _responses(operation, report)
        _path(document, operation, report)
    for operation in operations(document, "webhooks"):
        _documentation(operation, report)


def _identity(operation: OperationNode, declared: set[str], seen: dict[str, OperationNode], report: Report) -> None:
    tags = array(operation.value.get("tags"))
    place = (*operation.pointer, "tags") if "tags" in operation.value else operation.pointer
    if len(tags) != 1:
        report.add(
            "one-tag", place, f"{operation.id} has {len(tags)} tags", "give it the tag of its resource and no other"
        )
        return
    tag = operation.tag
    if not _SNAKE.fullmatch(tag) or iskeyword(tag) or tag in RESERVED_TAGS:
        report.add(
            "tag-name", place, f"the tag {tag!r} cannot name a module and an attribute", "use a free word in snake_case"
        )
    if tag not in declared:
        report.add(
            "tag-declared", place, f"the tag {tag!r} is not declared", "add it with a description to the top-level tags"
        )
    identifier = text(operation.value.get("operationId"))
    place = (*operation.pointer, "operationId") if identifier else operation.pointer
    name = identifier.removeprefix(f"{tag}_")
    if not identifier.startswith(f"{tag}_") or not _SNAKE.fullmatch(name) or iskeyword(name):
        report.add(
            "operation-id",
            place,
            f"operationId {identifier!r} is not <tag>_<verb>",
            f"name it {tag}_<verb> in snake_case",
        )
    key = snake_case(identifier)
    if key in seen:
        message = f"{identifier!r} equals {seen[key].id!r} in Python"
        report.add("operation-id-unique", place, message, "rename one of them; one module would overwrite the other")
    seen.setdefault(key, operation)


def _documentation(operation: OperationNode, report: Report) -> None:
    for key in ("summary", "description", "x-source"):
        if not text(operation.value.get(key)).strip():
            remedy = "name the vendor document and heading" if key == "x-source" else "say what it does"
            report.add(f"operation-{key.removeprefix('x-')}", operation.pointer, f"{operation.id} has no {key}", remedy)
    evidence = operation.value.get("x-evidence")
    if evidence not in EVIDENCE:
        place = (*operation.pointer, "x-evidence") if evidence is not None else operation.pointer
        message = f"x-evidence of {operation.id} is {evidence!r}"
        report.add("operation-evidence", place, message, f"use one of {', '.join(EVIDENCE)}")


def _extensions(operation: OperationNode, report: Report) -> None:
    value = operation.value
    if "x-idempotent" in value and not isinstance(value["x-idempotent"], bool):
        report.add(
            "extension", (*operation.pointer, "x-idempotent"), "x-idempotent is not a boolean", "write true or false"
        )
    if "x-rate-limit" in value:
        limit = mapping(value["x-rate-limit"])
        if set(limit) != {"limit", "windowSeconds"} or not all(isinstance(n, int) and n > 0 for n in limit.values()):
            remedy = "write {limit: <requests>, windowSeconds: <seconds>}"
            report.add("extension", (*operation.pointer, "x-rate-limit"), "x-rate-limit is malformed", remedy)
    if "x-paging" in value and mapping(value["x-paging"]).get("style") not in PAGING_STYLES:
        remedy = f"write {{style: …}} with one of {', '.join(PAGING_STYLES)}"
        report.add("extension", (*operation.pointer, "x-paging"), "x-paging has no known style", remedy)


def _partial_failure(document: Mapping, operation: OperationNode, report: Report) -> None:
    if "x-partial-failure" not in operation.value:
        return
    named = mapping(operation.value["x-partial-failure"])
    schemas = [
        resolve(
            document, mapping(mapping(resolve(document, response).get("content")).get("application/json")).get("schema")
        )
        for status, response in mapping(operation.value.get("responses")).items()
        if is_success(status)
    ]
    kinds = [mapping(mapping(schema.get("properties")).get(text(named.get("items")))).get("type") for schema in schemas]
    if not {"items"} <= set(named) <= {"items", "message"} or "array" not in kinds:
        remedy = "write {items: <list of a successful answer>, message: <text beside it, if there is one>}"
        place = (*operation.pointer, "x-partial-failure")
        report.add("extension", place, "x-partial-failure names no list of a successful answer", remedy)


def _security(document: Mapping, operation: OperationNode, report: Report) -> None:
    if "security" not in operation.value and "security" not in document:
        remedy = "declare security here or for the whole document; `security: []` makes an operation public"
        report.add("security", operation.pointer, f"{operation.id} does not say who may call it", remedy)
        return
    schemes = mapping(mapping(document.get("components")).get("securitySchemes"))
    alternatives = security(document, operation)
    for name in sorted({name for alternative in alternatives for name in alternative} - set(schemes)):
        place = (*operation.pointer, "security") if "security" in operation.value else ("security",)
        report.add(
            "security", place, f"the security scheme {name!r} is not declared", "add it to components.securitySchemes"
        )
    if alternatives and [] not in alternatives and "401" not in mapping(operation.value.get("responses")):
        message = f"{operation.id} needs credentials but documents no 401"
        report.add("unauthorized", (*operation.pointer, "responses"), message, "add the 401 response")


def _responses(operation: OperationNode, report: Report) -> None:
    responses = mapping(operation.value.get("responses"))
    if not any(status[:1] in {"2", "3"} or status == "default" for status in responses):
        message = f"{operation.id} documents no success"
        report.add(
            "success-response", (*operation.pointer, "responses"), message, "add the response of a successful call"
        )
    for status in responses:
        if not re.fullmatch(r"[1-5](?:[0-9]{2}|XX)|default", status):
            report.add(
                "status", (*operation.pointer, "responses", status), f"{status!r} is no status", "write '200' or '2XX'"
            )


def _path(document: Mapping, operation: OperationNode, report: Report) -> None:
    in_path = re.findall(r"\{([^}]*)\}", operation.path)
    described = [text(p.get("name")) for p, _ in parameters(document, operation) if p.get("in") == "path"]
    for name in sorted(set(in_path) ^ set(described)):
        message = (
            f"the path parameter {name!r} of {operation.id} stands only in the {'path' if name in in_path else 'list'}"
        )
        report.add("path-parameter", operation.pointer, message, "make the path and its parameters agree")
    for name in in_path:
        if not re.fullmatch(r"[A-Za-z_-][A-Za-z0-9_-]*", name):
            message = f"the path parameter {name!r} would keep the operation from being generated"
            report.add("path-parameter", operation.pointer[:-1], message, "use letters, digits, - and _ only")
    if in_path != sorted(set(in_path), key=in_path.index):
        report.add(
            "path-parameter", operation.pointer[:-1], "a path parameter is there twice", "name each one differently"
        )
