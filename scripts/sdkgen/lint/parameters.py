"""Rules for parameters."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.sdkgen.document import Mapping, array, mapping, operations, parameters, resolve, snake_case, text
from scripts.sdkgen.lint.report import Report
from scripts.sdkgen.lint.walk import parameter_nodes
from scripts.sdkgen.source import Pointer

_SCALARS = frozenset({"string", "integer", "number", "boolean"})


def check(document: Mapping, report: Report) -> None:
    """Checks every parameter where it is written, then those of each operation together."""
    for parameter, pointer in parameter_nodes(document):
        name = text(parameter.get("name"))
        if not text(parameter.get("description")).strip():
            report.add(
                "parameter-description", pointer, f"the parameter {name!r} has no description", "say what it selects"
            )
        if "schema" not in parameter:
            message = f"the parameter {name!r} has {'content instead of a' if 'content' in parameter else 'no'} schema"
            report.add("parameter-schema", pointer, message, "describe it by `schema`; generators drop it otherwise")
            continue
        _type(document, parameter, name, pointer, report)
        _bounds(document, parameter, name, pointer, report)
    for operation in operations(document):
        _names(document, list(parameters(document, operation)), "requestBody" in operation.value, report)


def _type(document: Mapping, parameter: Mapping, name: str, pointer: Pointer, report: Report) -> None:
    schema = resolve(document, parameter["schema"])
    kinds = _types(schema)
    location = parameter.get("in")
    if location in {"header", "cookie", "path"} and not kinds <= _SCALARS:
        message = f"the {location} parameter {name!r} is not a scalar"
        report.add("parameter-type", pointer, message, "describe it as string, integer, number or boolean")
    if location in {"header", "cookie"} and (schema.get("format") in {"date", "date-time"} or "x-datetime" in schema):
        message = f"the {location} parameter {name!r} is a date"
        report.add("parameter-type", pointer, message, "describe it as a plain string; generators refuse dates there")
    if parameter.get("style") == "deepObject":
        flat = all(_types(resolve(document, item)) <= _SCALARS for item in mapping(schema.get("properties")).values())
        if "object" not in kinds or not mapping(schema.get("properties")) or not flat:
            message = f"the deepObject parameter {name!r} is not an object of scalars"
            report.add("parameter-type", pointer, message, "list its properties, each a scalar")
    elif location == "query" and "object" in kinds:
        message = f"the query parameter {name!r} is an object"
        report.add("parameter-type", pointer, message, "use style: deepObject, or one parameter for each property")


def _types(schema: Mapping) -> set[str]:
    kinds = schema.get("type")
    found = {kinds} if isinstance(kinds, str) else {text(kind) for kind in array(kinds)}
    return found - {"null"}


def _bounds(document: Mapping, parameter: Mapping, name: str, pointer: Pointer, report: Report) -> None:
    schema = resolve(document, parameter["schema"])
    if "enum" in schema or "const" in schema:
        return
    if "integer" in _types(schema) and not {"minimum", "exclusiveMinimum"} & set(schema):
        message = f"the integer parameter {name!r} has no lower bound"
        report.add("parameter-bounds", (*pointer, "schema"), message, "add minimum, and maximum where there is one")
    if "array" in _types(schema) and not {"minItems", "maxItems"} & set(schema):
        message = f"the list parameter {name!r} has no bound"
        report.add("parameter-bounds", (*pointer, "schema"), message, "add minItems or maxItems")


def _names(document: Mapping, given: list[tuple[Mapping, Pointer]], has_body: bool, report: Report) -> None:
    seen: dict[tuple[str, str], str] = {}
    for parameter, pointer in given:
        for name in _wire_names(document, parameter):
            python_name = snake_case("_".join(part for part in _words(name)))
            key = (text(parameter.get("in")), python_name)
            if not python_name:
                message = f"the parameter {name!r} gives no Python name"
                report.add("python-name", pointer, message, "it needs at least one letter")
            elif key in seen and seen[key] != name:
                message = f"the parameters {seen[key]!r} and {name!r} get the same Python name"
                report.add("python-name", pointer, message, "leave one of them out; they cannot both be arguments")
            seen.setdefault(key, name)
            if python_name == "body" and has_body and parameter.get("in") == "path":
                message = "a path parameter named `body` beside a request body"
                report.add(
                    "reserved-name", pointer, message, "rename it in the path; its name does not go over the wire"
                )


def _wire_names(document: Mapping, parameter: Mapping) -> Iterator[str]:
    name = text(parameter.get("name"))
    if parameter.get("style") == "deepObject":
        for key in mapping(resolve(document, parameter.get("schema")).get("properties")):
            yield f"{name}[{key}]"
    else:
        yield name


def _words(name: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in name).split()
