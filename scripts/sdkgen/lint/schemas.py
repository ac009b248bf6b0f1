"""Rules for the shape of schemas: what generators drop, refuse or misread."""

from __future__ import annotations

from scripts.sdkgen.document import Mapping, array, mapping, pascal_case, snake_case, text
from scripts.sdkgen.lint.report import Report
from scripts.sdkgen.lint.walk import SchemaNode, reachable_from_responses, references, schemas
from scripts.sdkgen.source import Json

DATETIME_FORMS = ("rfc3339", "fraction7", "fraction6", "naive-space", "offset-short")
# Names that generated modules use for themselves.
RESERVED_SCHEMAS = frozenset(
    {
        "Any",
        "AsyncCaller",
        "AsyncFacade",
        "AuthenticatedClient",
        "Caller",
        "Client",
        "Date",
        "DateTime",
        "Facade",
        "File",
        "FileTypes",
        "Final",
        "Literal",
        "Mapping",
        "Operation",
        "Response",
        "RequestFiles",
        "Self",
        "TYPE_CHECKING",
        "UNSET",
        "UnparsedDate",
        "UnparsedDateTime",
        "Unset",
    }
)
_UNSUPPORTED = (
    "prefixItems",
    "patternProperties",
    "not",
    "if",
    "dependentSchemas",
    "unevaluatedProperties",
    "contains",
)
_STRUCTURE = frozenset({"type", "properties", "required", "items", "additionalProperties", "enum", "const"})
_TYPE_GIVING = frozenset({"type", "$ref", "oneOf", "anyOf", "allOf", "const"})


def check(document: Mapping, report: Report) -> None:
    """Checks every schema."""
    in_responses = reachable_from_responses(document)
    for node in schemas(document):
        if isinstance(node.value, dict):
            _form(document, node, report)
            _combination(node, report)
            _object(node, report)
            _hints(node, report)
            _closed(node, in_responses, report)
        else:
            message = f"a boolean schema ({str(node.value).lower()})"
            report.add(
                "boolean-schema", node.pointer, message, "describe the value; generators refuse the whole document"
            )
    _components(document, report)
    _used(document, report)


def _form(document: Mapping, node: SchemaNode, report: Report) -> None:
    value = mapping(node.value)
    kinds = value.get("type")
    names = [kinds] if isinstance(kinds, str) else [text(kind) for kind in array(kinds)]
    if "$ref" in value and set(value) - {"$ref"}:
        beside = ", ".join(sorted(set(value) - {"$ref"}))
        remedy = "write `allOf: [{$ref: …}]` beside them, or say it in the target"
        report.add("ref-siblings", node.pointer, f"{beside} beside $ref is ignored by generators", remedy)
    if not _TYPE_GIVING & set(value) and not (node.role == "value" and not value):
        report.add("schema-type", node.pointer, "the schema has no type", "add `type`, or a $ref")
    if "array" in names and "items" not in value:
        report.add(
            "array-items",
            node.pointer,
            "an array without items",
            "describe its items; the whole model is lost otherwise",
        )
    if "title" in value:
        report.add(
            "no-title", (*node.pointer, "title"), "a title overrides the schema's name", "put it into the description"
        )
    if "nullable" in value:
        remedy = "write `type: [T, 'null']`, or `oneOf: [{$ref: …}, {type: 'null'}]`"
        report.add("nullable", (*node.pointer, "nullable"), "nullable is OpenAPI 3.0", remedy)
    for key in _UNSUPPORTED:
        if key in value:
            message = f"{key} has no counterpart in generated code"
            report.add("unsupported-keyword", (*node.pointer, key), message, "describe the shape without it")
    if "const" in value and (not isinstance(value["const"], str | int) or isinstance(value["const"], bool)):
        report.add(
            "const-type",
            (*node.pointer, "const"),
            "a const that is not text or integer",
            "use `enum` or `type: 'null'`",
        )
    if "array" in names and "default" in value:
        report.add(
            "list-default", (*node.pointer, "default"), "the default of a list is lost", "say it in the description"
        )
    if value.get("format") == "binary" and node.role in {"property", "item", "value"} and not _in_multipart(node):
        message = "a binary value inside another schema"
        if not _only_multipart(document, node):
            report.add(
                "binary",
                node.pointer,
                message,
                "use `contentEncoding: base64`; binary is for whole bodies and multipart",
            )


def _in_multipart(node: SchemaNode) -> bool:
    return "multipart/form-data" in node.pointer


def _only_multipart(document: Mapping, node: SchemaNode) -> bool:
    """Whether the component in which a value stands is a multipart body."""
    from scripts.sdkgen.lint.walk import bodies

    reference = "#/" + "/".join(map(str, node.pointer[:3]))
    users = [body for body in bodies(document) if reference in references(body.value.get("schema"))]
    return bool(users) and all(body.media_type == "multipart/form-data" for body in users)


def _combination(node: SchemaNode, report: Report) -> None:
    value = mapping(node.value)
    parts = array(value.get("allOf"))
    if len(parts) == 1 and "$ref" in mapping(parts[0]) and (beside := sorted(_STRUCTURE & set(value))):
        message = f"{', '.join(beside)} beside an allOf of one $ref is dropped"
        report.add("allof-siblings", node.pointer, message, "put it into a second element of allOf")
    for key in ("oneOf", "anyOf"):
        if key in value and (beside := sorted({"properties", "allOf", "additionalProperties"} & set(value))):
            message = f"{', '.join(beside)} beside {key} is dropped"
            report.add("union-siblings", node.pointer, message, "put it into every option")
        if any("null" in (types := array(mapping(o).get("type"))) and len(types) > 1 for o in array(value.get(key))):
            report.add(
                "nullable", node.pointer, f"null hides inside an option of {key}", "add `{type: 'null'}` as an option"
            )


def _object(node: SchemaNode, report: Report) -> None:
    value = mapping(node.value)
    properties = mapping(value.get("properties"))
    for name in array(value.get("required")):
        if name not in properties and "allOf" not in value and node.role != "part":
            message = f"the required property {name!r} is not described"
            report.add(
                "required", (*node.pointer, "required"), message, "add it to properties or take it out of required"
            )
    seen: dict[str, str] = {}
    plain = {snake_case(name) for name in properties if not name.startswith("_")}
    for name in properties:
        python_name = snake_case(name)
        if name.startswith("_") and python_name in plain:
            python_name = f"field_{python_name}"
        if not python_name:
            message = f"the property {name!r} gives no Python name"
            report.add("python-name", (*node.pointer, "properties", name), message, "it needs at least one letter")
        elif python_name in seen:
            message = f"the properties {seen[python_name]!r} and {name!r} get the same Python name"
            report.add(
                "python-name", (*node.pointer, "properties", name), message, "leave the rarer one to the extra fields"
            )
        seen.setdefault(python_name, name)


def _hints(node: SchemaNode, report: Report) -> None:
    value = mapping(node.value)
    form = value.get("x-datetime")
    kinds = value.get("type")
    if form is not None and form not in DATETIME_FORMS:
        message = f"x-datetime {form!r} is not known"
        report.add("x-datetime", (*node.pointer, "x-datetime"), message, f"use one of {', '.join(DATETIME_FORMS)}")
    if form is not None and "string" not in ([kinds] if isinstance(kinds, str) else array(kinds)):
        report.add("x-datetime", node.pointer, "x-datetime on what is not text", "write `type: string`")
    if "x-secret" in value and not isinstance(value["x-secret"], bool):
        report.add("x-secret", (*node.pointer, "x-secret"), "x-secret is not a boolean", "write true")


def _closed(node: SchemaNode, in_responses: set[str], report: Report) -> None:
    value = mapping(node.value)
    is_reached = node.pointer[:2] == ("components", "schemas") and node.pointer[2] in in_responses
    if value.get("additionalProperties") is False and (is_reached or "responses" in node.pointer[:4]):
        message = "a response that forbids further properties; vendors add them at any time"
        remedy = "leave additionalProperties out, or give the request a schema of its own"
        report.add("closed-response", (*node.pointer, "additionalProperties"), message, remedy)


def _components(document: Mapping, report: Report) -> None:
    components = mapping(mapping(document.get("components")).get("schemas"))
    classes: dict[str, str] = {}
    modules: dict[str, str] = {}
    for name, value in components.items():
        pointer = ("components", "schemas", name)
        class_name = pascal_case(name)
        if class_name in RESERVED_SCHEMAS:
            message = f"generated code uses the name {class_name} itself"
            report.add("reserved-name", pointer, message, "rename the schema; its name does not go over the wire")
        if not class_name.isidentifier():
            report.add("python-name", pointer, f"{name!r} gives no class name", "start with a letter")
        other = classes.get(class_name) or modules.get(snake_case(class_name))
        if other:
            message = f"{name!r} and {other!r} get the same Python name"
            report.add("schema-name", pointer, message, "rename one of them; the second would be dropped")
        classes.setdefault(class_name, name)
        modules.setdefault(snake_case(class_name), name)
        if isinstance(mapping(value).get("$ref"), str):
            report.add(
                "alias",
                pointer,
                f"{name} is only another name",
                "use the target; a copy of its class is made otherwise",
            )
        if not text(mapping(value).get("description")).strip():
            report.add("schema-description", pointer, f"the schema {name} has no description", "say what it stands for")
        _recursion(components, name, value, report)


def _recursion(components: Mapping, name: str, value: Json, report: Report) -> None:
    """Objects may contain themselves; lists and unions may not, unless an object is in between."""
    queue, seen = [value], set()
    while queue:
        schema = mapping(queue.pop())
        reference = schema.get("$ref")
        target = text(reference).rsplit("/", maxsplit=1)[-1]
        if reference is not None and target == name:
            message = f"{name} is a list or union of itself"
            report.add("recursive", ("components", "schemas", name), message, "put an object in between")
            return
        if reference is not None and target not in seen:
            seen.add(target)
            queue.append(components.get(target))
        queue += [*array(schema.get("oneOf")), *array(schema.get("anyOf"))]
        queue += [schema["items"]] if "items" in schema else []


def _used(document: Mapping, report: Report) -> None:
    """Everything in components is referred to from the paths, the webhooks or another component."""
    used = {
        reference for key, value in document.items() if key != "components" for reference in references(value, (key,))
    }
    components = mapping(document.get("components"))
    queue = sorted(used)
    while queue:
        reference = queue.pop()
        section, _, name = reference.removeprefix("#/components/").partition("/")
        for inner in references(mapping(components.get(section)).get(name), ("components", section, name)):
            if inner not in used:
                used.add(inner)
                queue.append(inner)
    for section, entries in components.items():
        if section in {"securitySchemes", "pathItems"}:
            continue
        for name in mapping(entries):
            if f"#/components/{section}/{name.replace('/', '~1')}" not in used:
                message = f"{section}/{name} is not used"
                report.add("unused", ("components", section, name), message, "refer to it or remove it")
