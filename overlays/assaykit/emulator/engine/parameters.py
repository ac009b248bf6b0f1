"""Path, query and header parameters: from text to typed values, strictly."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jsonschema_rs import Validator

from assaykit.emulator.engine.rejection import Field
from assaykit.emulator.engine.schemas import Schemas, field_errors

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,99})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,99})(?:\.[0-9]{1,100})?(?:[eE][+-]?[0-9]{1,3})?")
_ANNOTATIONS: Final = frozenset(
    {"type", "items", "description", "title", "example", "examples", "default", "deprecated"}
)
_BRACKETED = re.compile(r"(.+)\[[0-9]{0,6}\]")
_SEPARATORS: Final = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
MISSING: Final = object()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter.

    Args:
        name: Name on the wire; for a header in lower case.
        location: `path`, `query` or `header`.
        required: Whether a request without it is refused.
        types: JSON types of the value, or of an entry of a list.
        is_list: Whether the value is a list.
        separator: What separates entries inside one value; None if the name is repeated instead.
        default: The declared default, or `MISSING`.
        pointer: Where its schema stands, or None if decoding says all that the schema does.
        schemas: The specification's schemas.
    """

    name: str
    location: str
    required: bool
    types: frozenset[str]
    is_list: bool
    separator: str | None
    default: Any
    pointer: str | None
    schemas: Schemas

    @property
    def place(self) -> str:
        """Return the name under which errors report it."""
        return f"{self.location}.{self.name}"

    @property
    def is_bracketed(self) -> bool:
        """Whether it is a list whose name ends with brackets and is repeated for each entry."""
        return self.is_list and self.separator is None and self.name.endswith("[]")

    def decode(self, values: list[str]) -> tuple[Any, list[Field]]:
        """Turn what was sent into a value.

        Args:
            values: Every value that came under the name; at least one.

        Returns:
            The value and what is wrong with it.
        """
        if self.is_list:
            if self.separator is not None and len(values) > 1:
                return None, [self._repeated(values)]
            texts = values if self.separator is None else values[0].split(self.separator)
            entries = [convert(text, self.types) for text in texts]
            if MISSING in entries:
                return None, [Field(f"{self.place}[{entries.index(MISSING)}]", self._expected())]
            value: Any = entries
        else:
            if len(values) > 1:
                return None, [self._repeated(values)]
            value = convert(values[0], self.types)
            if value is MISSING:
                return None, [Field(self.place, self._expected())]
        if self.pointer is not None:
            validator: Validator = self.schemas.validator(self.pointer)
            if not validator.is_valid(value):
                return None, field_errors(validator, value, self.place)
        return value, []

    def _repeated(self, values: list[str]) -> Field:
        return Field(self.place, f"was given {len(values)} times; give it once")

    def _expected(self) -> str:
        words = {"integer": "a whole number", "number": "a number", "boolean": "true or false"}
        return f"must be {' or '.join(words[kind] for kind in sorted(self.types) if kind in words)}"


def gather(given: Mapping[str, list[str]], parameters: Sequence[Parameter]) -> Mapping[str, list[str]]:
    """Return what was sent for each parameter, other spellings of lists included.

    A list whose name ends with brackets is also understood with numbers in them and without them: `x[]=1&x[]=2`,
    `x[0]=1&x[1]=2` and `x=1` are the same for `x[]`, unless the other spelling is a parameter itself.

    Args:
        given: Every value of each name in the query.
        parameters: The declared query parameters.
    """
    lists = {parameter.name[:-2]: parameter.name for parameter in parameters if parameter.is_bracketed}
    if not lists:
        return given
    declared = {parameter.name for parameter in parameters}
    gathered: dict[str, list[str]] = {}
    for name, values in given.items():
        meant = name
        if name not in declared:
            bracketed = _BRACKETED.fullmatch(name)
            meant = lists.get(name if bracketed is None else bracketed[1], name)
        gathered.setdefault(meant, []).extend(values)
    return gathered


def convert(text: str, types: frozenset[str]) -> Any:
    """Return the value that a text stands for, or `MISSING` if it stands for none of the types."""
    if "integer" in types and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in types and _NUMBER.fullmatch(text):
        number = float(text)
        return MISSING if math.isinf(number) else number
    if "boolean" in types and text in ("true", "false"):
        return text == "true"
    return text if "string" in types or not types else MISSING


def compile_parameter(pointer: str, schemas: Schemas) -> Parameter:
    """Read a parameter object.

    Args:
        pointer: Where it stands in the specification, possibly behind a reference.
        schemas: The specification's schemas.

    Raises:
        ValueError: It uses what the engine cannot decode.
    """
    declared, at = schemas.follow(pointer)
    name, location = declared["name"], declared["in"]
    if location not in ("path", "query", "header"):
        raise ValueError(f"parameter {name}: in {location} is not supported; declare it in path, query or header")
    if "schema" not in declared:
        raise ValueError(f"parameter {name}: give it a `schema`; `content` is not supported")
    schema, schema_at = schemas.follow(f"{at}/schema")
    entry: Mapping[str, Any] = schema
    is_list = "array" in types_of(schema)
    if is_list:
        entry, _ = schemas.follow(f"{schema_at}/items")
    style = declared.get("style", "form" if location == "query" else "simple")
    if style not in _SEPARATORS:
        raise ValueError(f"parameter {name}: style {style} is not supported; write the names out with brackets")
    types = types_of(entry) - {"null"}
    if types & {"object", "array"}:
        raise ValueError(f"parameter {name}: objects and nested lists are not supported in parameters")
    exploded = declared.get("explode", style == "form") and location == "query"
    return Parameter(
        name=name.lower() if location == "header" else name,
        location=location,
        required=bool(declared.get("required", False)),
        types=types,
        is_list=is_list,
        separator=_SEPARATORS[style] if is_list and not exploded else None,
        default=schema.get("default", MISSING),
        pointer=f"{at}/schema" if _constrains(schema, entry, location) else None,
        schemas=schemas,
    )


def types_of(schema: Mapping[str, Any]) -> frozenset[str]:
    """Return the JSON types that a schema names."""
    declared = schema.get("type", ())
    return frozenset([declared] if isinstance(declared, str) else declared)


def _constrains(schema: Mapping[str, Any], entry: Mapping[str, Any], location: str) -> bool:
    """Whether the schema says more than decoding checks; an empty path segment never gets this far."""
    said = {key for part in (schema, entry) for key in part if not key.startswith("x-")} - _ANNOTATIONS
    if location == "path" and schema.get("minLength", 0) <= 1:
        said.discard("minLength")
    return bool(said) or not types_of(entry)
