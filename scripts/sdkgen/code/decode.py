"""Code that reads JSON values into typed ones."""

from __future__ import annotations

from dataclasses import dataclass, field

from scripts.sdkgen.code.shapes import (
    DateProperty,
    DateTimeProperty,
    EnumProperty,
    ListProperty,
    ModelProperty,
    Shape,
    annotation,
    is_nullable,
    is_plain,
    variants,
)
from scripts.sdkgen.errors import SdkgenError


@dataclass
class Helpers:
    """Functions that a module needs beside its main code, in the order in which they are called for.

    Attributes:
        constants: For each model's class, its properties that are constant, with their values as code.
        functions: The functions, by name.
    """

    constants: dict[str, dict[str, str]]
    functions: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, result: str, lines: list[str]) -> str:
        """Adds a function of one JSON value, unless it is there, and returns its name."""
        body = "\n".join(f"    {line}" for line in lines)
        code = f"def {name}(value: Any) -> {result}:\n{body}\n"
        if self.functions.setdefault(name, code) != code:
            raise SdkgenError(f"two different helpers are called {name}; rename one of the properties")
        return name


def decoder(shape: Shape, name: str, helpers: Helpers) -> str | None:
    """A function, as code, that reads a value which is not null; None if the value is used as it is.

    Args:
        shape: The property.
        name: A name for a helper, if one is needed.
        helpers: Receives the helpers.
    """
    members = variants(shape)
    if is_plain(shape):
        return None
    if len(members) > 1:
        return helpers.add(f"_decode_{name}", annotation(shape, optional=False), _choose(shape, name, helpers))
    return _single(members[0], name, helpers)


def _single(shape: Shape, name: str, helpers: Helpers) -> str:
    if isinstance(shape, DateTimeProperty):
        return "_wire.parse_datetime"
    if isinstance(shape, DateProperty):
        return "_wire.parse_date"
    if isinstance(shape, EnumProperty):
        return f"_models.{shape.class_info.name}.from_wire"
    if isinstance(shape, ModelProperty):
        return f"_models.{shape.class_info.name}.from_dict"
    if not isinstance(shape, ListProperty):
        raise SdkgenError(f"{name}: no decoder for {type(shape).__name__}; extend scripts/sdkgen/code/decode.py")
    inner = item_decoder(shape, name, helpers)
    if inner is None:
        return "_wire.check_list"
    call = f"_wire.decode_list(value, {inner})"
    return helpers.add(f"_decode_{name}", annotation(shape, optional=False), [f"return {call}"])


def item_decoder(shape: ListProperty, name: str, helpers: Helpers) -> str | None:
    """A function that reads an item of a list, null included if the list may hold it."""
    return nullable_decoder(shape.inner_property, f"{name}_item", helpers)


def nullable_decoder(shape: Shape, name: str, helpers: Helpers) -> str | None:
    """Like decoder, for a place where null may stand."""
    read = decoder(shape, name, helpers)
    if read is None or not is_nullable(shape):
        return read
    lines = [f"return None if value is None else {read}(value)"]
    return helpers.add(f"_decode_{name}_or_none", annotation(shape, optional=False), lines)


def decoded(shape: Shape, source: str, name: str, helpers: Helpers) -> str:
    """An expression that reads a value which is not null."""
    members = variants(shape)
    if len(members) == 1 and isinstance(members[0], ListProperty):
        inner = item_decoder(members[0], name, helpers)
        return f"_wire.check_list({source})" if inner is None else f"_wire.decode_list({source}, {inner})"
    read = decoder(shape, name, helpers)
    return source if read is None else f"{read}({source})"


def _choose(shape: Shape, name: str, helpers: Helpers) -> list[str]:
    """Picks a member of a union by the value's JSON type, and among objects by their constants."""
    members = variants(shape)
    models = [member for member in members if isinstance(member, ModelProperty)]
    lists = [member for member in members if isinstance(member, ListProperty)]
    enums = [member for member in members if isinstance(member, EnumProperty)]
    dates = [member for member in members if isinstance(member, (DateProperty, DateTimeProperty))]
    plain = [member for member in members if is_plain(member)]
    lines = ["if value is None:", "    return None"] if is_nullable(shape) else []
    if models:
        lines += [
            "if isinstance(value, dict):",
            *(f"    {line}" for line in _choose_model(shape, models, helpers.constants)),
        ]
    if lists:
        of_lists = [_single(member, f"{name}_{index}", helpers) for index, member in enumerate(lists)]
        lines += ["if isinstance(value, list):", f"    items: {annotation(shape, optional=False)} = {_first(of_lists)}"]
        lines += ["    return items"]
    readers = [f"_models.{member.class_info.name}.from_wire" for member in enums]
    # An open enumeration would swallow every text: where others may stand too, only the listed values are taken for it.
    for read in readers if plain or dates else readers[:-1]:
        lines += [f"if {read}(value).is_known:", f"    return {read}(value)"]
    if dates and plain:
        lines += [
            "if isinstance(value, str):",
            f"    moment = {_single(dates[0], name, helpers)}(value)",
            "    return value if isinstance(moment, _wire.Unparsed) else moment",
        ]
    elif dates or readers:
        read = _single(dates[0], name, helpers) if dates else readers[-1]
        lines += ["if isinstance(value, (str, int, float)):", f"    return {read}(value)"] if not plain else []
    if plain:
        lines += ["if isinstance(value, (dict, list)):", *_refuse(shape)] if not (models and lists) else []
        return [*lines, f"result: {annotation(shape, optional=False)} = value", "return result"]
    return [*lines, _refuse(shape)[0].strip()]


def _choose_model(shape: Shape, models: list[ModelProperty], constants: dict[str, dict[str, str]]) -> list[str]:
    """Picks by a property that is constant and different in each model; the models without one are tried in turn."""
    names = [str(model.class_info.name) for model in models]
    tag = _tag(names, constants)
    tagged = {name: constants[name][tag] for name in names if tag in constants.get(name, {})}
    lines: list[str] = []
    for name, constant in tagged.items():
        lines += [f'if value.get("{tag}") == {constant}:', f"    return _models.{name}.from_dict(value)"]
    untagged = [f"_models.{name}.from_dict" for name in names if name not in tagged]
    if not untagged:
        return [*lines, f'raise _wire.ResponseDecodeError(("{tag}",), "{tag} names none of {", ".join(names)}")']
    if len(untagged) == 1:
        return [*lines, f"return {untagged[0]}(value)"]
    return [*lines, f"chosen: {annotation(shape, optional=False)} = {_first(untagged)}", "return chosen"]


def _first(readers: list[str]) -> str:
    return f"{readers[0]}(value)" if len(readers) == 1 else f"_wire.decode_first(value, {', '.join(readers)})"


def _tag(names: list[str], constants: dict[str, dict[str, str]]) -> str:
    """The property whose constant tells most of the models apart; '' if there is none."""
    found: dict[str, list[str]] = {}
    for name in names:
        for key, value in constants.get(name, {}).items():
            found.setdefault(key, []).append(value)
    distinct = {key: values for key, values in found.items() if len(set(values)) == len(values)}
    return max(distinct, key=lambda key: len(distinct[key]), default="")


def _refuse(shape: Shape) -> list[str]:
    expected = annotation(shape, optional=False).replace('"', "'")
    return [f'    raise _wire.ResponseDecodeError((), f"{expected} is expected, not {{_wire.json_kind(value)}}")']
