"""Code that reads JSON values into typed ones."""

from __future__ import annotations

from dataclasses import dataclass, field

from scripts.sdkgen.code.shapes import (
    ConstProperty,
    DateProperty,
    DateTimeProperty,
    EnumProperty,
    FileProperty,
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
    """Functions that a module needs beside its main code, in the order in which they are called for."""

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
    if isinstance(shape, FileProperty):
        raise SdkgenError(f"{name}: a binary value inside JSON; describe it as text, for example base64")
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
    texts = [member for member in members if isinstance(member, (DateProperty, DateTimeProperty, EnumProperty))]
    plain = [member for member in members if is_plain(member)]
    lines = ["if value is None:", "    return None"] if is_nullable(shape) else []
    if models:
        lines += ["if isinstance(value, dict):", *(f"    {line}" for line in _choose_model(models))]
    if lists:
        readers = [_single(member, f"{name}_{index}", helpers) for index, member in enumerate(lists)]
        lines += ["if isinstance(value, list):", f"    return {_first(readers)}"]
    enums = [member for member in texts if isinstance(member, EnumProperty)]
    if texts and plain:
        # An open enumeration would swallow every text, so the listed values alone are taken for it.
        for member in enums:
            enum = f"_models.{member.class_info.name}"
            lines += [f"if {enum}.from_wire(value).is_known:", f"    return {enum}.from_wire(value)"]
        dates = [member for member in texts if member not in enums]
        for member in dates:
            read = _single(member, name, helpers)
            lines += [
                "if isinstance(value, str):",
                f"    moment = {read}(value)",
                "    return value if isinstance(moment, _wire.Unparsed) else moment",
            ]
    elif texts:
        known = [f"_models.{member.class_info.name}" for member in enums]
        for enum in known[:-1] if len(known) == len(texts) else known:
            lines += [f"if {enum}.from_wire(value).is_known:", f"    return {enum}.from_wire(value)"]
        last = [member for member in texts if member not in enums] or texts[-1:]
        lines += ["if isinstance(value, (str, int, float)):", f"    return {_single(last[0], name, helpers)}(value)"]
    if plain:
        lines += ["if isinstance(value, (dict, list)):", *_refuse(shape)] if not (models and lists) else []
        return [*lines, f"result: {annotation(shape, optional=False)} = value", "return result"]
    return [*lines, _refuse(shape)[0].strip()]


def _choose_model(models: list[ModelProperty]) -> list[str]:
    """Picks by a property that is constant and different in each model; the models without one are tried in turn."""
    tag = _tag(models)
    lines: list[str] = []
    untagged = models
    if tag:
        for model in models:
            constant = _constants(model).get(tag)
            if constant is not None:
                lines += [
                    f'if value.get("{tag}") == {constant}:',
                    f"    return _models.{model.class_info.name}.from_dict(value)",
                ]
        untagged = [model for model in models if tag not in _constants(model)]
    if not untagged:
        names = ", ".join(model.class_info.name for model in models)
        reason = f"{tag} names none of {names}"
        return [*lines, f'raise _wire.ResponseDecodeError(("{tag}",), "{reason}")']
    return [*lines, f"return {_first([f'_models.{model.class_info.name}.from_dict' for model in untagged])}"]


def _first(readers: list[str]) -> str:
    return f"{readers[0]}(value)" if len(readers) == 1 else f"_wire.decode_first(value, {', '.join(readers)})"


def _tag(models: list[ModelProperty]) -> str:
    counts: dict[str, int] = {}
    for model in models:
        for name in _constants(model):
            counts[name] = counts.get(name, 0) + 1
    shared = [name for name, count in counts.items() if count >= 2 or len(models) == 2]
    return max(shared, key=lambda name: counts[name], default="")


def _constants(model: ModelProperty) -> dict[str, str]:
    found: dict[str, str] = {}
    for member in [*(model.required_properties or []), *(model.optional_properties or [])]:
        if isinstance(member, ConstProperty):
            found[member.name.get_untrusted_value()] = member.value.python_code.as_unembedded_code()
    return found


def _refuse(shape: Shape) -> list[str]:
    expected = annotation(shape, optional=False).replace('"', "'")
    return [f'    raise _wire.ResponseDecodeError((), f"{expected} is expected, not {{_wire.json_kind(value)}}")']
