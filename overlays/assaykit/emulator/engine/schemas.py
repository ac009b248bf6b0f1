"""Compiled JSON Schemas of one specification, and their errors in words a reader can act on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

import jsonschema_rs
from jsonschema_rs import ValidationErrorKind as Kind

from assaykit.emulator.engine.jsontext import dumps
from assaykit.emulator.engine.rejection import Field

_BASE: Final = "urn:assaykit:specification"
_EXAMPLES: Final = {
    "date": "a day such as 2024-08-20",
    "date-time": "an instant such as 2024-08-20T09:30:00Z",
    "email": "an e-mail address",
    "uri": "an absolute URI",
    "uuid": "a UUID such as 4012ed2d-6445-4aa0-a5f7-e5cadffe2c0c",
}
_TYPES: Final = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "text",
}
MAX_ERRORS: Final = 20


class _MaxJsonLength:
    """`x-max-json-length`: the value has at most so many characters when written as JSON without blanks."""

    def __init__(self, parent_schema: dict[str, Any], value: Any, schema_path: list[str | int]) -> None:
        del parent_schema, schema_path
        self._limit = int(value)

    def validate(self, instance: Any) -> None:
        length = len(dumps(instance).decode())
        if length > self._limit:
            raise ValueError(f"has {length} characters as JSON; at most {self._limit} are allowed")


class Schemas:
    """The schemas of a bundled specification, compiled when first needed and sharing their components.

    Args:
        document: The bundled OpenAPI 3.1 document.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._registry: jsonschema_rs.Registry | None = None
        self._validators: dict[str, jsonschema_rs.Validator] = {}
        self._resolved: dict[str, Any] = {}

    def resolve(self, reference: str) -> Any:
        """Return what a `#/…` reference points to.

        Raises:
            ValueError: It points outside of the document, or to nothing.
        """
        known = self._resolved.get(reference)
        if known is not None:
            return known
        if not reference.startswith("#/"):
            raise ValueError(f"{reference}: only references inside the bundled document can be followed")
        target: Any = self._document
        for part in reference[2:].split("/"):
            try:
                key = part.replace("~1", "/").replace("~0", "~")
                target = target[int(key)] if isinstance(target, list) else target[key]
            except (KeyError, IndexError, TypeError, ValueError):
                raise ValueError(f"{reference} points to nothing") from None
        self._resolved[reference] = target
        return target

    def follow(self, pointer: str) -> tuple[Any, str]:
        """Return what stands at a pointer, and where, after following references.

        Args:
            pointer: `#/…`

        Raises:
            ValueError: It, or a reference on the way, points to nothing.
        """
        target = self.resolve(pointer)
        while isinstance(target, Mapping) and "$ref" in target:
            pointer = target["$ref"]
            target = self.resolve(pointer)
        return target, pointer

    def dereferenced(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a schema, or what it refers to if it is a reference.

        Raises:
            ValueError: The reference points to nothing.
        """
        target: Mapping[str, Any] = self.follow(schema["$ref"])[0] if "$ref" in schema else schema
        return target

    def validator(self, pointer: str) -> jsonschema_rs.Validator:
        """Return the validator of the schema at a `#/…` pointer."""
        found = self._validators.get(pointer)
        if found is None:
            if self._registry is None:
                self._registry = jsonschema_rs.Registry(
                    [(_BASE, dict(self._document))], draft=jsonschema_rs.Draft202012
                )
            found = jsonschema_rs.Draft202012Validator(
                {"$ref": f"{_BASE}{quote(pointer, safe='#/~')}"},
                registry=self._registry,
                validate_formats=True,
                keywords={"x-max-json-length": _MaxJsonLength},
                offline=True,
            )
            self._validators[pointer] = found
        return found


def join(*parts: str) -> str:
    """Return a JSON pointer into the document: `join("paths", "/a")` is `#/paths/~1a`."""
    return "#/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)


def field_name(where: str, path: Sequence[str | int]) -> str:
    """Return the name of a place: `body.tests[0].testId`."""
    return where + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)


def field_errors(validator: jsonschema_rs.Validator, value: Any, where: str) -> list[Field]:
    """Explain why a value does not fit a schema.

    Args:
        validator: The compiled schema.
        value: The value.
        where: Name of the value's own place, such as `body` or `query.page`.

    Returns:
        One entry for each place and reason, at most `MAX_ERRORS`; the value itself is never quoted.
    """
    fields: list[Field] = []
    for error in validator.iter_errors(value):
        for field in _explain(error, where):
            if field not in fields:
                fields.append(field)
        if len(fields) >= MAX_ERRORS:
            break
    return fields[:MAX_ERRORS]


def _explain(error: jsonschema_rs.ValidationError, where: str) -> Iterator[Field]:
    place = field_name(where, error.instance_path)
    match error.kind:
        case Kind.Required(missing):
            yield Field(f"{place}.{missing}", "is required")
        case Kind.AdditionalProperties(unexpected) | Kind.UnevaluatedProperties(unexpected):
            for name in unexpected:
                yield Field(f"{place}.{name}", "is not a known field; leave it out")
        case Kind.AnyOf(context) | Kind.OneOfNotValid(context):
            yield from _explain_alternatives(context, where)
        case kind:
            yield Field(place, _message(kind, error))


def _explain_alternatives(context: Sequence[Sequence[jsonschema_rs.ValidationError]], where: str) -> list[Field]:
    """Explain why a value fits no alternative, by the one that was most likely meant.

    A constant, such as the name of a grant, tells the alternatives apart: one whose constant differs was not meant.
    Among the others it is the one with the fewest and deepest complaints.
    """
    constants = [_constants(branch, where) for branch in context]
    meant = [branch for branch, found in zip(context, constants, strict=True) if not found]
    shared = set(constants[0]).intersection(*constants[1:])
    if not meant and shared:
        place = min(shared)
        return [Field(place, f"must be {' or '.join(dict.fromkeys(str(found[place]) for found in constants))}")]
    branches = [[field for inner in branch for field in _explain(inner, where)] for branch in meant or context]
    return min(branches, key=lambda branch: (len(branch), -max(len(field.name) for field in branch)))


def _constants(branch: Sequence[jsonschema_rs.ValidationError], where: str) -> dict[str, Any]:
    """Return the constants that an alternative demands and the value does not have, by their places."""
    found: dict[str, Any] = {}
    for error in branch:
        match error.kind:
            case Kind.Constant(expected) | Kind.Enum([expected]):
                found[field_name(where, error.instance_path)] = expected
    return found


def _message(kind: Kind, error: jsonschema_rs.ValidationError) -> str:
    match kind:
        case Kind.Type(types):
            return f"must be {' or '.join(_TYPES.get(name, name) for name in types)}"
        case Kind.Enum(options):
            return f"must be one of {', '.join(str(option) for option in options)}"
        case Kind.Constant(expected):
            return f"must be {expected}"
        case Kind.Format(name):
            return f"must be {_EXAMPLES.get(name, f'in the format {name}')}"
        case Kind.MinLength(limit):
            return f"must have at least {_counted(limit, 'character', 'characters')}"
        case Kind.MaxLength(limit):
            return f"must have at most {_counted(limit, 'character', 'characters')}"
        case Kind.MinItems(limit):
            return f"must have at least {_counted(limit, 'entry', 'entries')}"
        case Kind.MaxItems(limit):
            return f"must have at most {_counted(limit, 'entry', 'entries')}"
        case Kind.Minimum(bound):
            return f"must be at least {bound}"
        case Kind.Maximum(bound):
            return f"must be at most {bound}"
        case Kind.ExclusiveMinimum(bound):
            return f"must be more than {bound}"
        case Kind.ExclusiveMaximum(bound):
            return f"must be less than {bound}"
        case Kind.Pattern(pattern):
            return f"must match {pattern}"
        case Kind.UniqueItems():
            return "must not hold the same entry twice"
        case Kind.Custom(_, text):
            return text
        case _:
            return f"does not meet `{error.kind.name}` of its schema"


def _counted(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
