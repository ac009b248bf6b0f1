"""Code that turns typed values into JSON values, query parameters, headers and parts."""

from __future__ import annotations

from scripts.sdkgen.code.shapes import (
    DateProperty,
    DateTimeProperty,
    EnumProperty,
    ListProperty,
    ModelProperty,
    Shape,
    is_nullable,
    is_plain,
    variants,
)


def encoded(shape: Shape, source: str, form: str) -> str:
    """An expression for the JSON value of a value that is neither absent nor null.

    Args:
        shape: The property.
        source: The value, as code.
        form: The wire form of date-times in it.
    """
    members = variants(shape)
    if is_plain(shape):
        return source
    if len(members) > 1:
        return f"_wire.encode({source}{_form(form)})"
    member = members[0]
    if isinstance(member, DateTimeProperty):
        return f"_wire.format_datetime({source}{_form(form)})"
    if isinstance(member, DateProperty):
        return f"_wire.format_date({source})"
    if isinstance(member, EnumProperty):
        return f"{source}.value"
    if isinstance(member, ModelProperty):
        return f"{source}.to_dict()"
    if isinstance(member, ListProperty):
        item = "_item" if source != "_item" else "_inner"
        inner = nullable_encoded(member.inner_property, item, form)
        return source if inner == item else f"[{inner} for {item} in {source}]"
    return source


def nullable_encoded(shape: Shape, source: str, form: str) -> str:
    """Like encoded, for a value that may be null."""
    expression = encoded(shape, source, form)
    if expression == source or not is_nullable(shape):
        return expression
    return f"None if {source} is None else {expression}"


def _form(form: str) -> str:
    return "" if form == "rfc3339" else f', "{form}"'
