"""Runs openapi-python-client with our templates over a lowered spec."""

from __future__ import annotations

import contextlib
import copy
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path
from typing import Any

from openapi_python_client import Project, strings
from openapi_python_client import schema as oai
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.schema.untrusted_string import UntrustedString

from scripts.sdkgen.code import docs
from scripts.sdkgen.code.endpoints import EndpointCode, endpoint_code
from scripts.sdkgen.code.models import RESERVED, ModelCode, enum_docstring, enum_members, model_code
from scripts.sdkgen.code.shapes import Shape, constants
from scripts.sdkgen.document import Mapping, array, mapping, pascal_case, text
from scripts.sdkgen.errors import SdkgenError
from scripts.sdkgen.lower import Lowered

TEMPLATES = Path(__file__).parent / "templates"
_FIELD_PREFIX = "field_"
# Files that do not depend on the operations or models, but on the templates alone.
_SUPPORT = ("dates", "enums", "operation", "request", "response", "wire")


@dataclass(frozen=True)
class Tag:
    """One resource: the operations with the same tag."""

    name: str
    class_name: str
    description: str
    endpoints: list[EndpointCode]
    imports: list[str]
    typing_imports: list[str]


@dataclass(frozen=True)
class Context:
    """What templates know about the whole package."""

    title: str
    version: str
    digest: str
    models: list[tuple[str, str]]
    tags: list[Tag]


class Code:
    """The code writer, as templates see it."""

    def __init__(self, lowered: Lowered, index: Mapping, models: list[ModelProperty]) -> None:
        self._lowered = lowered
        self._entries = {text(mapping(entry)["id"]): mapping(entry) for entry in array(index["operations"])}
        self._constants = {str(model.class_info.name): constants(model) for model in models}
        schemas = mapping(mapping(lowered.document["components"])["schemas"])
        self._components = {str(strings.ClassName(name, _FIELD_PREFIX)): name for name in schemas}

    def model(self, model: ModelProperty) -> ModelCode:
        """The parts of a model's module."""
        return model_code(model, self._components[model.class_info.name], self._lowered, self._constants)

    def enum_docstring(self, enum: EnumProperty) -> str:
        """The docstring of an enumeration."""
        return enum_docstring(self._lowered.schema(self._components[enum.class_info.name]))

    def enum_members(self, enum: EnumProperty) -> list[tuple[str, str, str]]:
        """The members of an enumeration: name, value as code, docstring."""
        return enum_members(enum, self._lowered.schema(self._components[enum.class_info.name]))

    def endpoint(self, endpoint: Endpoint) -> EndpointCode:
        """The parts of an operation's module."""
        entry = self._entries[endpoint.name]
        methods = frozenset(text(e["name"]) for e in self._entries.values() if e["tag"] == entry["tag"])
        return endpoint_code(endpoint, entry, self._lowered, self._constants, methods)

    def path(self, operation_id: str) -> str:
        """The path template of an operation."""
        return text(self._entries[operation_id]["path"])


def write_client(document: Mapping, lowered: Lowered, index: Mapping, target: Path, header: str) -> None:
    """Writes the package without its webhooks and data files.

    Args:
        document: The bundled spec, for titles and descriptions.
        lowered: The lowered spec.
        index: The index of operations.
        target: The package's folder, which must not exist.
        header: The first line of every file.

    Raises:
        SdkgenError: The generator warned, or did not write everything.
    """
    config = _config(target)
    with _shared_models():
        data = GeneratorData.from_dict(lowered.document, config=config)
    if isinstance(data, GeneratorError):
        raise SdkgenError(f"the spec is not understood: {data.header}\n{data.detail}")
    _refuse_warnings([*data.errors, *(e for c in data.endpoint_collections_by_tag.values() for e in c.parse_errors)])
    _rename(data)
    code = Code(lowered, index, data.models)
    project = Project(openapi=data, config=config, custom_template_path=TEMPLATES)
    context = _context(document, data, code, text(index["digest"]))
    project.env.filters["nullable"] = _nullable
    project.env.globals.update(header=header, code=code, context=context, entry_path=code.path)
    with contextlib.redirect_stdout(io.StringIO()):
        _refuse_warnings(list(project.build()))
    for name in _SUPPORT:
        _render(project, f"{name}.py.jinja", target / f"{name}.py")
    _render(project, "facade.py.jinja", target / "facade.py")
    (target / "resources").mkdir()
    summary = f'{header}\n"""The resources of the interface, each with its operations as methods."""\n'
    (target / "resources" / "__init__.py").write_text(summary, encoding="utf-8")
    for tag in context.tags:
        _render(project, "resource.py.jinja", target / "resources" / f"{tag.name}.py", tag=tag)


@contextlib.contextmanager
def _shared_models() -> Iterator[None]:
    """Lets the parser copy its operations without copying every model that they reach, which it never changes.

    Without this, a spec of 350 operations takes minutes instead of seconds.
    """
    shared = (ModelProperty, oai.Response)
    for kind in shared:
        setattr(kind, "__deepcopy__", lambda self, _: self)  # noqa: B010  # it has no such attribute to assign to
    try:
        yield
    finally:
        for kind in shared:
            delattr(kind, "__deepcopy__")


def _config(target: Path) -> Config:
    return Config.from_sources(
        ConfigFile(package_name_override=target.name, post_hooks=[], field_prefix=_FIELD_PREFIX),
        MetaType.NONE,
        document_source=target,  # not read: the document is handed over
        file_encoding="utf-8",
        overwrite=True,
        output_path=target,
    )


def _render(project: Project, template: str, path: Path, **values: Any) -> None:
    path.write_text(project.env.get_template(template).render(**values), encoding="utf-8")


def _refuse_warnings(errors: list[Any]) -> None:
    """Anything that openapi-python-client merely warns about is missing from its output."""
    if errors:
        told = "\n".join(f"  {error.header or ''} {error.detail or ''} {_dump(error)}".rstrip() for error in errors)
        raise SdkgenError(
            f"openapi-python-client left something out:\n{told}\nMend the spec or scripts/sdkgen/lower.py"
        )


def _dump(error: Any) -> str:
    data = getattr(error, "data", None)
    dump = getattr(data, "model_dump_json", None)
    return str(dump(exclude_unset=True))[:300] if dump else ""


def _rename(data: GeneratorData) -> None:
    """Gives Python names to what openapi-python-client would name badly or not safely."""
    for model in data.models:
        # Models that share a property by allOf may have to name it differently.
        model.required_properties = [copy.copy(shape) for shape in model.required_properties or []]
        model.optional_properties = [copy.copy(shape) for shape in model.optional_properties or []]
        shapes = [*model.required_properties, *model.optional_properties]
        for shape in shapes:
            if shape.python_name in RESERVED:
                _set_name(shape, f"{shape.python_name}_")
        _strip_underscores(shapes, RESERVED)
    # A tag is a module and an attribute, where the name of a builtin (`credits`) does no harm.
    collections = {}
    for name, collection in data.endpoint_collections_by_tag.items():
        plain = name.removesuffix("_")
        collection.tag = str.__new__(strings.PythonIdentifier, name if iskeyword(plain) else plain)
        collections[collection.tag] = collection
    data.endpoint_collections_by_tag = collections
    for collection in data.endpoint_collections_by_tag.values():
        for endpoint in collection.endpoints:
            for shape in endpoint.query_parameters:
                wire_name = shape.name.get_untrusted_value()
                if re.search(r"[\[\]$]", wire_name):
                    words = "_".join(re.findall(r"[A-Za-z0-9]+", wire_name))
                    shape.set_python_name(UntrustedString(words), config=_config(Path()))
                if shape.python_name == "body" and endpoint.bodies:
                    _set_name(shape, "body_query")
            _strip_underscores(
                [*endpoint.query_parameters, *endpoint.header_parameters, *endpoint.cookie_parameters],
                {"body", *(shape.python_name for shape in endpoint.path_parameters)},
            )
            names = [shape.python_name for _, shape in endpoint.iter_all_parameters()]
            if len(set(names)) != len(names):
                raise SdkgenError(f"{endpoint.name}: two parameters get the same Python name: {', '.join(names)}")


def _strip_underscores(shapes: Sequence[Shape], reserved: Collection[str]) -> None:
    """Names `_links` links; it stays field_links where something else is called links."""
    wire_names = {id(shape): shape.name.get_untrusted_value() for shape in shapes}
    taken = {*reserved, *(str(shape.python_name) for shape in shapes if not wire_names[id(shape)].startswith("_"))}
    for shape in shapes:
        stripped = wire_names[id(shape)].lstrip("_")
        if stripped and stripped != wire_names[id(shape)]:
            plain = str(strings.PythonIdentifier(stripped, _FIELD_PREFIX))
            if plain not in taken:
                _set_name(shape, plain)
            taken.add(str(shape.python_name))


def _set_name(shape: Shape, name: str) -> None:
    object.__setattr__(shape, "python_name", strings.PythonIdentifier(name, _FIELD_PREFIX, skip_snake_case=True))


def _nullable(annotation: str) -> str:
    return annotation if annotation == "Any" or "None" in annotation.split(" | ") else f"{annotation} | None"


def _context(document: Mapping, data: GeneratorData, code: Code, digest: str) -> Context:
    info = mapping(document.get("info"))
    described = {
        text(mapping(tag).get("name")): text(mapping(tag).get("description")) for tag in array(document.get("tags"))
    }
    classes = sorted((item.class_info.name, item.class_info.module_name) for item in [*data.models, *data.enums])
    tags = []
    for name, collection in data.endpoint_collections_by_tag.items():
        parts = [code.endpoint(endpoint) for endpoint in collection.endpoints]
        imports = list(dict.fromkeys(line for part in parts for line in part.resource.imports))
        typing_imports = dict.fromkeys(line for part in parts for line in part.resource.typing_imports)
        tags.append(
            Tag(
                name=str(name),
                class_name=pascal_case(name),
                description=docs.clean(described.get(name, "")) or f"Operations on {name}.",
                endpoints=parts,
                imports=imports,
                typing_imports=[line for line in typing_imports if line not in imports],
            )
        )
    return Context(
        title=docs.clean(text(info.get("title"))),
        version=docs.clean(text(info.get("version"))),
        digest=digest,
        models=[(str(name), str(module)) for name, module in classes],
        tags=tags,
    )
