"""The parts of a model's module."""

from __future__ import annotations

from dataclasses import dataclass

from openapi_python_client.strings import in_double_quote_literal

from scripts.sdkgen.code import docs
from scripts.sdkgen.code.decode import Helpers, decoded, nullable_decoder
from scripts.sdkgen.code.encode import nullable_encoded
from scripts.sdkgen.code.shapes import (
    ConstProperty,
    EnumProperty,
    ModelProperty,
    Shape,
    annotation,
    classes,
    default,
    is_nullable,
    is_plain,
    mentions,
)
from scripts.sdkgen.lower import Lowered
from scripts.sdkgen.source import Json

# Names that the generated class needs for itself; a property of that name gets an underscore.
RESERVED = frozenset(
    {"cls", "self", "src_dict", "to_dict", "from_dict", "to_multipart", "additional_properties", "additional_keys"}
)
_ENCODED_NAMES = ("UnparsedDateTime", "UnparsedDate")


@dataclass(frozen=True)
class ModelCode:
    """A model's module, cut into the pieces that the template puts in order."""

    name: str
    imports: list[str]
    typing_imports: list[str]
    docstring: str
    fields: list[str]
    helpers: list[str]
    read: list[str]
    arguments: list[str]
    known: list[str]
    all_required: bool
    write: list[str]
    multipart: list[str] | None
    additional: str | None
    read_additional: str
    write_additional: str


def model_code(
    model: ModelProperty, component: str, lowered: Lowered, constants: dict[str, dict[str, str]]
) -> ModelCode:
    """Writes the parts of a model's module.

    Args:
        model: The model as parsed.
        component: Its name in the lowered document.
        lowered: The lowered document.
        constants: The constant properties of each model's class.
    """
    ordered = _ordered(model)
    schemas = {_wire_name(shape): lowered.property_schema(component, _wire_name(shape)) for shape in ordered}
    forms = {name: _form(lowered, schema) for name, schema in schemas.items()}
    helpers = Helpers(constants)
    read = [line for shape in ordered for line in _read(shape, helpers)]
    extra = model.additional_properties
    extra_form = _form(lowered, lowered.schema(component).get("additionalProperties"))
    extra_decoder = nullable_decoder(extra, "additional", helpers) if extra is not None else None
    extra_encoder = nullable_encoded(extra, "_item", extra_form) if extra is not None else "_item"
    fields = [_declaration(shape, schemas[_wire_name(shape)]) for shape in ordered]
    types = [annotation(shape) for shape in [*ordered, *([extra] if extra is not None else [])]]
    kept = "{_key: _item for _key, _item in src_dict.items() if _key not in _KNOWN}"
    return ModelCode(
        name=model.class_info.name,
        imports=_imports(model, ordered, types),
        typing_imports=_typing_imports(model, [*ordered, *([extra] if extra is not None else [])], types),
        docstring=_docstring(lowered.schema(component), ordered, schemas),
        fields=fields,
        helpers=list(helpers.functions.values()),
        read=read,
        arguments=_arguments(ordered),
        known=[f'"{_literal(shape)}"' for shape in ordered],
        all_required=all(shape.required for shape in ordered),
        write=[line for shape in ordered for line in _write(shape, forms[_wire_name(shape)])],
        multipart=[line for shape in ordered for line in _part(shape, forms[_wire_name(shape)])]
        if model.is_multipart_body
        else None,
        additional=annotation(extra, optional=False) if extra is not None else None,
        read_additional=kept if extra_decoder is None else f"_wire.decode_values({kept}, {extra_decoder})",
        write_additional="dict(self.additional_properties)"
        if extra_encoder == "_item"
        else f"{{_key: {extra_encoder} for _key, _item in self.additional_properties.items()}}",
    )


def _ordered(model: ModelProperty) -> list[Shape]:
    """Properties in the order of the constructor: those without a default first."""
    shapes: list[Shape] = [*(model.required_properties or []), *(model.optional_properties or [])]
    return [s for s in shapes if default(s) is None] + [s for s in shapes if default(s) is not None]


def _arguments(ordered: list[Shape]) -> list[str]:
    """The properties as they are passed to the constructor."""
    positional = [str(shape.python_name) for shape in ordered if _constant(shape) is None]
    return positional + [f"{s.python_name}={s.python_name}" for s in ordered if _constant(s) is not None]


def _constant(shape: Shape) -> str | None:
    """The only value, as code, of a property that is always there; nobody should have to state it."""
    if not (shape.required and isinstance(shape, ConstProperty)):
        return None
    return shape.value.python_code.as_unembedded_code()


def _wire_name(shape: Shape) -> str:
    return shape.name.get_untrusted_value()


def _literal(shape: Shape) -> str:
    return in_double_quote_literal(shape.name)


def _form(lowered: Lowered, schema: Json) -> str:
    return str(lowered.hint(schema, "x-datetime") or "rfc3339")


def _declaration(shape: Shape, schema: dict[str, Json]) -> str:
    constant = _constant(shape)
    given = constant or default(shape)
    options = [f"default={given}"] if given else []
    options += ["kw_only=True"] if constant else []  # it takes no place among the arguments that say something
    options += ["repr=False"] if docs.is_secret(schema) else []
    line = f"{shape.python_name}: {annotation(shape)}"
    if options and options != [f"default={given}"]:
        return f"{line} = _field({', '.join(options)})"
    return f"{line} = {given}" if given else line


def _read(shape: Shape, helpers: Helpers) -> list[str]:
    name, key, plain = str(shape.python_name), f'"{_literal(shape)}"', is_plain(shape)
    expression = decoded(shape, "_value", name, helpers)
    if shape.required and plain:
        return [f"{name} = src_dict[{key}]"]
    if shape.required and not is_nullable(shape):
        line = f"{name} = {decoded(shape, f'src_dict[{key}]', name, helpers)}"
    elif shape.required:
        line = f"{name} = None if (_value := src_dict[{key}]) is None else {expression}"
    elif not is_nullable(shape) and annotation(shape) != "Any":
        line = f"{name} = UNSET if (_value := src_dict.get({key})) is None else {expression}"
    elif plain:
        line = f"{name} = src_dict.get({key}, UNSET)"
    else:
        test = f"(_value := src_dict.get({key}, UNSET)) is None or _value is UNSET"
        line = f"{name} = _value if {test} else {expression}"
    if "list[datetime" in annotation(shape):  # a list is invariant, so its type must be said
        line = line.replace(f"{name} = ", f"{name}: {annotation(shape)} = ", 1)
    return [line] if plain else [f"_at = {key}", line]


def _write(shape: Shape, form: str) -> list[str]:
    source = f"self.{shape.python_name}"
    line = f'_out["{_literal(shape)}"] = {nullable_encoded(shape, source, form)}'
    return [line] if shape.required else [f"if not isinstance({source}, Unset):", f"    {line}"]


def _part(shape: Shape, form: str) -> list[str]:
    source = f"self.{shape.python_name}"
    argument = "" if form == "rfc3339" else f', "{form}"'
    line = f'_files.extend(_request.parts("{_literal(shape)}", {source}{argument}))'
    return [line] if shape.required else [f"if not isinstance({source}, Unset):", f"    {line}"]


def _imports(model: ModelProperty, ordered: list[Shape], types: list[str]) -> list[str]:
    """Imports that the module needs when it runs; other models are reached through the lazy package."""
    imports = ["from .. import models as _models", "from .. import wire as _wire", "from ..types import UNSET, Unset"]
    if model.is_multipart_body:
        imports += ["from .. import request as _request", "from ..types import RequestFiles"]
    if any(mentions(code, "datetime") for code in [*types, *(default(s) or "" for s in ordered)]):
        imports.append("import datetime")
    if any(mentions(code, "Literal") for code in types):
        imports.append("from typing import Literal")
    for shape in ordered:
        if shape.default is not None:
            for name, module in classes(shape).items():
                if mentions(default(shape) or "", name):
                    imports.append(f"from .{module} import {name}")
    return imports


def _typing_imports(model: ModelProperty, shapes: list[Shape], types: list[str]) -> list[str]:
    imports = [f"from ..wire import {name}" for name in _ENCODED_NAMES if any(mentions(t, name) for t in types)]
    imports += ["from ..types import File"] if any(mentions(t, "File") for t in types) else []
    for shape in shapes:
        for name, module in classes(shape).items():
            is_runtime = shape.default is not None and mentions(default(shape) or "", name)
            if name != model.class_info.name and not is_runtime:
                imports.append(f"from .{module} import {name}")
    return list(dict.fromkeys(imports))


def _docstring(schema: dict[str, Json], ordered: list[Shape], schemas: dict[str, dict[str, Json]]) -> str:
    entries = []
    for shape in ordered:
        described = str(shape.description.get_untrusted_value()) if shape.description else ""
        entries.append((str(shape.python_name), docs.meaning(schemas[_wire_name(shape)], described)))
    return docs.docstring(docs.clean(str(schema.get("description") or "")), docs.section("Attributes", entries))


def enum_docstring(schema: dict[str, Json]) -> str:
    """The docstring of an enumeration."""
    return docs.docstring(docs.clean(str(schema.get("description") or "")))


def enum_members(enum: EnumProperty, schema: dict[str, Json]) -> list[tuple[str, str, str]]:
    """The members of an enumeration: name, value as code, docstring."""
    described = schema.get("x-enum-descriptions")
    listed = schema.get("enum")
    meanings: dict[object, str] = {}
    if isinstance(listed, list) and isinstance(described, list):
        meanings = {
            value: str(text)
            for value, text in zip(listed, described, strict=False)
            if not isinstance(value, (dict, list))
        }
    elif isinstance(described, dict) and isinstance(listed, list):
        meanings = {
            value: str(described.get(str(value), "")) for value in listed if not isinstance(value, (dict, list))
        }
    members = []
    by_code = {
        f'"{in_double_quote_literal(str(value))}"' if isinstance(value, str) else str(value): value
        for value in meanings
    }
    for name, value in enum.values.items():
        code = f'"{value}"' if isinstance(value, str) else str(value)
        text = docs.clean(meanings.get(by_code.get(code), ""))
        members.append((name, code, docs.docstring(text) if text else ""))
    return members
