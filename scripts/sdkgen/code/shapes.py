"""What kind of value a property is, and how its type reads in Python."""

from __future__ import annotations

import re

from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.union import UnionProperty

Shape = PropertyProtocol

__all__ = [
    "AnyProperty",
    "ConstProperty",
    "DateProperty",
    "DateTimeProperty",
    "EnumProperty",
    "FileProperty",
    "ListProperty",
    "ModelProperty",
    "NoneProperty",
    "Shape",
    "UnionProperty",
    "annotation",
    "classes",
    "constants",
    "default",
    "is_nullable",
    "is_plain",
    "variants",
]


def variants(shape: Shape) -> list[Shape]:
    """The types that a value may have, null aside."""
    members = shape.inner_properties if isinstance(shape, UnionProperty) else [shape]
    return [member for member in members if not isinstance(member, NoneProperty)]


def is_nullable(shape: Shape) -> bool:
    """Whether null is one of the values."""
    members = shape.inner_properties if isinstance(shape, UnionProperty) else [shape]
    return any(isinstance(member, NoneProperty) for member in members)


def is_plain(shape: Shape) -> bool:
    """Whether the JSON value is used as it is."""
    if isinstance(shape, ListProperty):
        return False
    if isinstance(shape, UnionProperty):
        return all(is_plain(member) for member in variants(shape))
    converted = (DateProperty, DateTimeProperty, EnumProperty, ModelProperty)
    return not isinstance(shape, converted)


def annotation(shape: Shape, *, optional: bool = True) -> str:
    """The type as Python code: members in a stable order, then None, then Unset.

    Args:
        shape: The property.
        optional: Whether a property that may be absent admits Unset.
    """
    names = list(dict.fromkeys(name for member in variants(shape) for name in _names(member)))
    if "Any" in names:
        return "Any"
    names += ["None"] if is_nullable(shape) else []
    names += ["Unset"] if optional and not shape.required else []
    return " | ".join(names or ["None"])


def _names(shape: Shape) -> list[str]:
    if isinstance(shape, DateTimeProperty):
        return ["datetime.datetime", "UnparsedDateTime"]
    if isinstance(shape, DateProperty):
        return ["datetime.date", "UnparsedDate"]
    if isinstance(shape, ListProperty):
        return [f"list[{annotation(shape.inner_property, optional=False)}]"]
    return [shape.get_type_string(no_optional=True).as_unembedded_code()]


def default(shape: Shape) -> str | None:
    """The default as Python code; None if a value must be given."""
    if shape.default is not None:
        return shape.default.python_code.as_unembedded_code()
    return None if shape.required else "UNSET"


def classes(shape: Shape) -> dict[str, str]:
    """The generated classes in a type: name to module."""
    found: dict[str, str] = {}
    for member in variants(shape):
        if isinstance(member, (ModelProperty, EnumProperty)):
            found[member.class_info.name] = member.class_info.module_name
        elif isinstance(member, ListProperty):
            found.update(classes(member.inner_property))
    return found


def mentions(code: str, name: str) -> bool:
    """Whether a piece of code uses a name."""
    return re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", code) is not None


def constants(model: ModelProperty) -> dict[str, str]:
    """The properties of a model that can have one value only, with that value as code."""
    shapes = [*(model.required_properties or []), *(model.optional_properties or [])]
    return {
        shape.name.get_untrusted_value(): shape.value.python_code.as_unembedded_code()
        for shape in shapes
        if isinstance(shape, ConstProperty)
    }
