"""Rules for what every property and every body tells its reader."""

from __future__ import annotations

from scripts.sdkgen.document import Mapping, mapping, text
from scripts.sdkgen.lint.report import Report
from scripts.sdkgen.lint.walk import Body, bodies, header_nodes, schemas


def check(document: Mapping, report: Report) -> None:
    """Checks properties, headers and bodies."""
    for node in schemas(document):
        value = mapping(node.value)
        if node.role != "property" or "$ref" in value or not isinstance(node.value, dict):
            continue  # a reference is described by its target
        if not text(value.get("description")).strip():
            report.add(
                "property-description",
                node.pointer,
                f"the property {node.name!r} has no description",
                "say what it holds",
            )
        if "example" not in value and "const" not in value and value.get("format") != "binary":
            report.add("property-example", node.pointer, f"the property {node.name!r} has no example", "add `example`")
    for header, pointer in header_nodes(document):
        if not text(header.get("description")).strip():
            report.add(
                "header-description", pointer, f"the header {pointer[-1]} has no description", "say what it tells"
            )
        if "schema" not in header:
            report.add("header-schema", pointer, f"the header {pointer[-1]} has no schema", "describe it by `schema`")
    for body in bodies(document):
        _body(body, report)
    _kinds(document, report)


def _body(body: Body, report: Report) -> None:
    kind = "response" if body.is_response else "request"
    if "schema" not in body.value:
        report.add("body-schema", body.pointer, f"a {kind} of {body.media_type} without a schema", "add `schema`")
    elif _is_json(body.media_type) and "example" not in body.value and not mapping(body.value.get("examples")):
        report.add(
            "body-example", body.pointer, f"a {kind} without an example", "add `examples`, as the vendor shows them"
        )


def _kinds(document: Mapping, report: Report) -> None:
    """A response holds JSON, or text, or a file; code cannot be typed for a mixture."""
    holders: dict[tuple[str | int, ...], list[str]] = {}
    for body in bodies(document):
        if body.is_response:
            holders.setdefault(body.pointer[:-1], []).append(body.media_type)
    for pointer, media_types in holders.items():
        if len({_is_json(media_type) for media_type in media_types}) > 1:
            message = f"one response is JSON or a file: {', '.join(media_types)}"
            report.add(
                "response-kind", pointer, message, "document them under different statuses, or keep the usual one"
            )


def _is_json(media_type: str) -> bool:
    plain = media_type.partition(";")[0].strip()
    return plain == "application/json" or plain.endswith("+json")
