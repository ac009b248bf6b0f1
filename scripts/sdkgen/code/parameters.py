"""Code that puts parameters into the path, the query, the headers and the cookies."""

from __future__ import annotations

from dataclasses import dataclass

from openapi_python_client.strings import in_double_quote_literal

from scripts.sdkgen.code import docs
from scripts.sdkgen.code.encode import nullable_encoded
from scripts.sdkgen.code.shapes import ListProperty, ModelProperty, Shape, annotation, default, is_nullable, variants
from scripts.sdkgen.document import Mapping, mapping, text
from scripts.sdkgen.lower import Lowered

_SEPARATORS = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


@dataclass(frozen=True)
class Parameter:
    """A parameter and how it is written."""

    shape: Shape
    location: str
    form: str
    separator: str | None
    meaning: str


def parameter_code(shape: Shape, node: Mapping, lowered: Lowered) -> Parameter:
    """Gathers what is known about a parameter.

    Args:
        shape: The parameter as parsed.
        node: The parameter in the lowered document.
        lowered: The lowered document.
    """
    style = text(node.get("style")) or "form"
    explode = node.get("explode", style == "form")
    is_list = any(isinstance(member, ListProperty) for member in variants(shape))
    schema = mapping(node.get("schema"))
    described = {"description": node.get("description"), "example": node.get("example")}
    if "default" in schema:
        described["default"] = schema["default"]
    return Parameter(
        shape=shape,
        location=text(node.get("in")),
        form=str(lowered.hint(schema, "x-datetime") or "rfc3339"),
        separator=_SEPARATORS.get(style, ",") if is_list and not explode else None,
        meaning=docs.meaning(described),
    )


def argument(shape: Shape) -> str:
    """A parameter in a signature."""
    given = default(shape)
    return f"{shape.python_name}: {annotation(shape)}" + (f" = {given}" if given else "")


def _guarded(shape: Shape, statement: str) -> list[str]:
    name = shape.python_name
    tests = [] if shape.required else [f"not isinstance({name}, Unset)"]
    tests += [f"{name} is not None"] if is_nullable(shape) else []
    return [f"if {' and '.join(tests)}:", f"    {statement}"] if tests else [statement]


def query_lines(parameters: list[Parameter]) -> list[str]:
    """Statements that fill `_params`."""
    lines: list[str] = []
    for parameter in parameters:
        shape, name = parameter.shape, str(parameter.shape.python_name)
        key = in_double_quote_literal(shape.name)
        form = "" if parameter.form == "rfc3339" else f', "{parameter.form}"'
        if parameter.separator is not None:
            value = f'_request.joined({name}, "{parameter.separator}"{form})'
            lines += _guarded(shape, f'_params["{key}"] = {value}')
        elif all(isinstance(member, ModelProperty) for member in variants(shape)):
            lines += _guarded(shape, f"_params.update({name}.to_dict())")
        else:
            lines += _guarded(shape, f'_params["{key}"] = {nullable_encoded(shape, name, parameter.form)}')
    return lines


def header_lines(parameters: list[Parameter], target: str = "_headers") -> list[str]:
    """Statements that fill `_headers` or `_cookies`, whose values are text."""
    lines: list[str] = []
    for parameter in parameters:
        name = str(parameter.shape.python_name)
        key = in_double_quote_literal(parameter.shape.name)
        lines += _guarded(parameter.shape, f'{target}["{key}"] = _request.plain({name})')
    return lines
