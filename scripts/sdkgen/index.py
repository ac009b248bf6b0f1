"""The index of operations that overlays and emulator read instead of the whole spec."""

from __future__ import annotations

import hashlib
import json

from scripts.sdkgen.document import (
    IDEMPOTENT_METHODS,
    Mapping,
    OperationNode,
    array,
    is_success,
    mapping,
    operations,
    resolve,
    security,
    text,
)
from scripts.sdkgen.source import Json


def digest(document: Mapping) -> str:
    """The spec's digest: it changes with what the spec says, not with comments or blank lines."""
    canonical = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def build_index(vendor: str, package: str, document: Mapping) -> Mapping:
    """Builds the content of operations.json.

    Args:
        vendor: The vendor's folder name.
        package: The import name of the generated package.
        document: The bundled spec, before lowering.

    Returns:
        The vendor, the spec's digest, one entry for each operation and one for each webhook.
    """
    return {
        "vendor": vendor,
        "digest": digest(document),
        "operations": [_operation(package, document, operation) for operation in operations(document)],
        "webhooks": webhook_index(document),
    }


def _operation(package: str, document: Mapping, operation: OperationNode) -> Json:
    value = operation.value
    limit = mapping(value.get("x-rate-limit"))
    schemes: list[Json] = [list(alternative) for alternative in security(document, operation)]
    return {
        "id": operation.id,
        "tag": operation.tag,
        "name": operation.name,
        "module": f"{package}.api.{operation.tag}.{operation.id}",
        "method": operation.method.upper(),
        "path": operation.path,
        "security": schemes,
        "paging": value.get("x-paging"),
        "partialFailure": value.get("x-partial-failure"),
        "rateLimit": {"limit": limit["limit"], "windowSeconds": limit["windowSeconds"]} if limit else None,
        "idempotent": bool(value.get("x-idempotent", operation.method in IDEMPOTENT_METHODS)),
        "evidence": value.get("x-evidence"),
        "source": value.get("x-source"),
        "success": list(success_statuses(operation)),
        "links": list(_links(document, operation)),
    }


def success_statuses(operation: OperationNode) -> list[Json]:
    """The documented statuses of success: numbers, or a range such as ``2XX``.

    An operation that documents no 2xx answers with a redirect, or with its default response.
    """
    statuses = list(mapping(operation.value.get("responses")))
    chosen = [status for status in statuses if is_success(status)]
    chosen = chosen or [status for status in statuses if status.startswith("3")]
    chosen = chosen or [status for status in statuses if status == "default"]
    return [_status(status) for status in chosen]


def _status(status: str) -> Json:
    return int(status) if status.isdigit() else status


def _links(document: Mapping, operation: OperationNode) -> list[Json]:
    links: list[Json] = []
    for status, raw in mapping(operation.value.get("responses")).items():
        for name, raw_link in mapping(resolve(document, raw).get("links")).items():
            target = resolve(document, raw_link).get("operationId")
            links.append({"name": name, "from": operation.id, "status": _status(status), "to": target})
    return links


def webhook_index(document: Mapping) -> list[Json]:
    """One entry for each webhook: its name, the value of its tag property, and the name of its payload's schema.

    The only webhook of a spec needs no such property; its event is its name then.
    """
    is_only = len(list(operations(document, "webhooks"))) == 1
    return [
        {"name": operation.path, "event": event or (operation.path if is_only else ""), "schema": schema}
        for operation in operations(document, "webhooks")
        for schema, event in [payload(document, operation)]
    ]


def payload(document: Mapping, operation: OperationNode) -> tuple[str, str]:
    """The component that describes a webhook's payload, and the constant that marks it ('' if there is none)."""
    content = mapping(resolve(document, operation.value.get("requestBody")).get("content"))
    raw = mapping(mapping(content.get("application/json")).get("schema"))
    tag = event_property(document)
    constant = mapping(mapping(resolve(document, raw).get("properties")).get(tag)).get("const")
    return text(raw.get("$ref")).rsplit("/", maxsplit=1)[-1], text(constant)


def event_property(document: Mapping) -> str:
    """The property that tells the webhook payloads apart: required and constant in every one of them.

    Returns:
        `event` if it qualifies, else the first property that does, else ''.
    """
    candidates: list[str] | None = None
    for operation in operations(document, "webhooks"):
        content = mapping(resolve(document, operation.value.get("requestBody")).get("content"))
        schema = resolve(document, mapping(content.get("application/json")).get("schema"))
        required = array(schema.get("required"))
        names = [
            name
            for name, value in mapping(schema.get("properties")).items()
            if isinstance(mapping(value).get("const"), str) and name in required
        ]
        candidates = names if candidates is None else [name for name in candidates if name in names]
    if not candidates:
        return ""
    return "event" if "event" in candidates else candidates[0]
