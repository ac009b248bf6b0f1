"""Payload models of webhooks, for pydantic."""

from __future__ import annotations

import ast
import json
import tempfile
from pathlib import Path

from scripts.sdkgen.code.docs import clean, is_secret, stop
from scripts.sdkgen.document import Mapping, array, mapping, pascal_case, pointer_of, resolve, snake_case, text
from scripts.sdkgen.errors import SdkgenError
from scripts.sdkgen.index import event_property, webhook_index
from scripts.sdkgen.source import Json

# What decides the shape. Bounds, patterns and lists of values are left out: a vendor's slip, or a new value, must not
# cost the receiver an event.
_KEPT = ("type", "required", "description")
_NESTED_LISTS = ("oneOf", "anyOf", "allOf")
_STAND_IN = "sdkgen_wire"

_OPENING = '''{header}
"""Payloads of webhooks, as pydantic models. Unknown fields are kept."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator

from .dates import UnparsedDate, UnparsedDateTime, format_date, format_datetime, parse_date, parse_datetime

WireDateTime = Annotated[
    datetime.datetime | UnparsedDateTime,
    PlainValidator(lambda value: value if isinstance(value, datetime.datetime) else parse_datetime(value)),
    PlainSerializer(format_datetime, when_used="json"),
]
WireDate = Annotated[
    datetime.date | UnparsedDate,
    PlainValidator(lambda value: value if isinstance(value, datetime.date) else parse_date(value)),
    PlainSerializer(format_date, when_used="json"),
]

'''
_CLOSING = '''

WebhookEvent: TypeAlias = {union}
"""{meaning}"""

EVENT_PROPERTY: Final = "{tag}"
"""The property that names the event; empty if there is one event only and its payload does not name it."""
EVENTS: Final[Mapping[str, type[BaseModel]]] = {{{events}}}
"""The payload model of each event."""
'''


def write_webhooks(document: Mapping, target: Path, header: str) -> None:
    """Writes webhooks.py if the spec has webhooks.

    Args:
        document: The bundled spec.
        target: The package's folder.
        header: The file's first line.

    Raises:
        SdkgenError: A payload is not a component, or one of several has no constant that tells it apart.
    """
    index = [mapping(entry) for entry in webhook_index(document)]
    if not index:
        return
    tag = event_property(document)
    for entry in index:
        if not entry["event"] or not entry["schema"]:
            raise SdkgenError(
                f"webhook {entry['name']}: its payload must be a $ref to a component, and if there are several "
                "webhooks with a required constant text property, the same one in each"
            )
    names = [text(entry["schema"]) for entry in index]
    models = _models(_payload_document(document, names))
    classes = [pascal_case(name) for name in names]
    union = (
        f'Annotated[{" | ".join(classes)}, Field(discriminator="{_attribute(tag)}")]'
        if len(classes) > 1
        else classes[0]
    )
    events = ", ".join(f'"{text(entry["event"])}": {name}' for entry, name in zip(index, classes, strict=True))
    told_apart = f", told apart by `{tag}`" if tag else ""
    meaning = (
        f"Any webhook that the spec lists{told_apart}." if len(classes) > 1 else "The webhook that the spec lists."
    )
    closing = _CLOSING.format(union=union, meaning=meaning, tag=tag, events=events)
    (target / "webhooks.py").write_text(_OPENING.format(header=header) + models + closing, encoding="utf-8")


def _attribute(tag: str) -> str:
    from datamodel_code_generator.reference import FieldNameResolver

    return FieldNameResolver(snake_case_field=True, remove_special_field_name_prefix=True).get_valid_name(tag)


def _payload_document(document: Mapping, names: list[str]) -> Mapping:
    """A document of the payloads and the objects in them, stripped to what decides their shape."""
    schemas: Mapping = {}
    queue = list(names)
    while queue:
        name = queue.pop(0)
        if name not in schemas:
            schemas[name] = _stripped(document, at_component(document, name), queue, is_component=True)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Webhooks", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    }


def at_component(document: Mapping, name: str) -> Json:
    """A component schema."""
    return mapping(mapping(document.get("components")).get("schemas")).get(name)


def _stripped(document: Mapping, schema: Json, queue: list[str], *, is_component: bool = False) -> Json:
    stripped = _shape(document, schema, queue, is_component=is_component)
    # Not said of a component: datamodel-code-generator would say it of the class.
    return {**mapping(stripped), "repr": False} if is_secret(mapping(schema)) and not is_component else stripped


def _shape(document: Mapping, schema: Json, queue: list[str], *, is_component: bool = False) -> Json:
    value = mapping(schema)
    reference = value.get("$ref")
    if isinstance(reference, str):
        resolved = resolve(document, value)
        if "properties" in resolved or resolved.get("type") == "object" or "allOf" in resolved:
            name = str(pointer_of(reference)[-1])
            queue.append(name)
            return {"$ref": f"#/components/schemas/{name}"}
        return _stripped(document, resolved, queue)
    result: Mapping = {key: value[key] for key in _KEPT if key in value}
    if "description" in result:
        result["description"] = _described(value)
    if is_component and "properties" in value:
        result["type"] = "object"
    kind = "WireDateTime" if "x-datetime" in value or value.get("format") == "date-time" else ""
    kind = "WireDate" if value.get("format") == "date" else kind
    if kind:
        return _dated(result, kind)
    if "const" in value:
        result["const"] = value["const"]
    if "properties" in value:
        result["properties"] = {
            name: _stripped(document, item, queue) for name, item in mapping(value["properties"]).items()
        }
    for key in ("items", "additionalProperties"):
        if isinstance(value.get(key), dict):
            result[key] = _stripped(document, value[key], queue)
    if len(array(value.get("allOf"))) == 1 and "$ref" not in (part := _stripped_part(document, value, queue)):
        return {**part, **result}
    for key in _NESTED_LISTS:
        if key in value:
            result[key] = [_stripped(document, item, queue) for item in array(value[key])]
    return result


def _stripped_part(document: Mapping, value: Mapping, queue: list[str]) -> Mapping:
    """The only part of an allOf, which merely lends its shape unless it is a class of its own."""
    return mapping(_stripped(document, array(value["allOf"])[0], queue))


def _described(value: Mapping) -> str:
    said = clean(text(value.get("description")))
    listed = [json.dumps(item, ensure_ascii=False).strip('"') for item in array(value.get("enum")) if item is not None]
    return f"{said} Known values: {stop(', '.join(listed))}" if listed else said


def _dated(result: Mapping, kind: str) -> Mapping:
    dated: Mapping = {"type": "string", "customTypePath": f"{_STAND_IN}.{kind}"}
    is_nullable = "null" in array(result.pop("type", None))
    return {**result, "anyOf": [dated, {"type": "null"}]} if is_nullable else {**result, **dated}


def _models(document: Mapping) -> str:
    """The models as code, without imports."""
    from datamodel_code_generator import InputFileType, OpenAPIScope, PythonVersion, generate
    from datamodel_code_generator.config import GenerateConfig
    from datamodel_code_generator.enums import DataModelType
    from datamodel_code_generator.format import Formatter

    with tempfile.TemporaryDirectory(prefix="sdkgen-") as folder:
        output = Path(folder) / "webhooks.py"
        config = GenerateConfig(
            output=output,
            input_file_type=InputFileType.OpenAPI,
            openapi_scopes=[OpenAPIScope.Schemas],
            output_model_type=DataModelType.PydanticV2BaseModel,
            target_python_version=PythonVersion.PY_311,
            formatters=[Formatter.BUILTIN],
            disable_timestamp=True,
            use_annotated=True,
            field_constraints=True,
            snake_case_field=True,
            remove_special_field_name_prefix=True,
            field_extra_keys={"repr"},
            aliases=_aliases(mapping(mapping(document["components"])["schemas"])),
            allow_population_by_field_name=True,
            extra_fields="allow",
            use_schema_description=True,
            use_field_description=True,
            use_double_quotes=True,
            use_standard_collections=True,
            use_union_operator=True,
        )
        generate(json.dumps(document, ensure_ascii=False), config=config)
        written = output.read_text(encoding="utf-8")
    first_class = written.index("\nclass ")
    models = written[first_class:]
    imported = {line for line in written[:first_class].splitlines() if line.startswith(("from ", "import "))}
    unknown = {line for line in imported if line.split()[1] not in {"__future__", "typing", "pydantic", _STAND_IN}}
    if unknown:
        raise SdkgenError(f"datamodel-code-generator needs further imports: {', '.join(sorted(unknown))}; add them")
    return _uncollected(models.replace("        arbitrary_types_allowed=True,\n", ""))


def _aliases(schemas: Mapping) -> dict[str, str]:
    """Names for properties such as `_links` beside one named links, which stays as it is."""
    aliases = {}
    for model, schema in schemas.items():
        names = mapping(mapping(schema).get("properties"))
        plain = {snake_case(name) for name in names if not name.startswith("_")}
        for name in names:
            if name.startswith("_") and snake_case(name) in plain:
                aliases[f"{pascal_case(model)}.{name}"] = f"field_{snake_case(name)}"
    return aliases


def _uncollected(code: str) -> str:
    """Tells pytest of models whose name begins like that of a class of tests."""
    lines = code.splitlines(keepends=True)
    classes = [node for node in ast.parse(code).body if isinstance(node, ast.ClassDef)]
    for node in reversed(classes):
        if node.name.startswith("Test"):
            first = node.body[0]
            at = (first.end_lineno or first.lineno) if ast.get_docstring(node) is not None else first.lineno - 1
            lines.insert(
                at, "\n    __test__: ClassVar[bool] = False  # pytest takes it for a class of tests otherwise\n"
            )
    return "".join(lines)
