"""The parts of an operation's module and of its facade method."""

from __future__ import annotations

import builtins
import re
from dataclasses import dataclass

from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.strings import in_double_quote_literal

from scripts.sdkgen.code import docs
from scripts.sdkgen.code.bodies import BodyCode
from scripts.sdkgen.code.decode import Helpers
from scripts.sdkgen.code.parameters import Parameter, argument, header_lines, parameter_code, query_lines
from scripts.sdkgen.code.responses import ResponsesCode
from scripts.sdkgen.code.shapes import (
    FileProperty,
    Shape,
    classes,
    default,
    mentions,
)
from scripts.sdkgen.document import Mapping, array, mapping, text
from scripts.sdkgen.lower import Lowered
from scripts.sdkgen.source import Json


@dataclass(frozen=True)
class ResourceCode:
    """A signature as the facade writes it: models are named through their package.

    What a method of the same class hides is named in a way that it does not.
    """

    positional: list[str]
    keyword: list[str]
    success_type: str
    imports: list[str]
    typing_imports: list[str]


@dataclass(frozen=True)
class EndpointCode:
    """An operation's module and facade method, cut into the pieces that the templates put in order."""

    id: str
    name: str
    tag: str
    operation: list[str]
    positional: list[str]
    keyword: list[str]
    call: list[str]
    passed: list[str]
    query: list[str]
    headers: list[str]
    cookies: list[str]
    url: str
    method: str
    body: list[str]
    helpers: list[str]
    success_type: str
    response_type: str
    success: list[str]
    by_status: list[tuple[str, str]]
    by_default: str | None
    imports: list[str]
    typing_imports: list[str]
    docstring: str
    plain_docstring: str
    summary: str
    resource: ResourceCode


def endpoint_code(
    endpoint: Endpoint,
    entry: Mapping,
    lowered: Lowered,
    constants: dict[str, dict[str, str]],
    methods: frozenset[str],
) -> EndpointCode:
    """Writes the parts of an operation's module.

    Args:
        endpoint: The operation as parsed.
        entry: Its entry in the index.
        lowered: The lowered document.
        constants: The constant properties of each model's class.
        methods: The names of all methods of its resource.
    """
    operation_id = text(entry["id"])
    node = _operation_node(lowered, entry)
    parameters = _all_parameters(endpoint, node, lowered)
    helpers = Helpers(constants)
    body = BodyCode(endpoint.bodies, lowered.request_types.get(operation_id, []), node, lowered)
    responses = ResponsesCode(endpoint, entry, helpers)
    positional = [p for p in parameters if p.location == "path"]
    keyword = [p for p in parameters if p.location != "path"]
    keyword_code = [*body.arguments(), *(argument(p.shape) for p in keyword)]
    shapes = [*(p.shape for p in parameters), *body.shapes]
    header_code = header_lines([p for p in parameters if p.location == "header"])
    everything = [*keyword_code, *(argument(p.shape) for p in positional), responses.response_type]
    everything.append(responses.success_type)
    entries = _argument_docs(positional, body, keyword)
    return EndpointCode(
        id=operation_id,
        name=text(entry["name"]),
        tag=text(entry["tag"]),
        operation=_operation_lines(entry),
        positional=[argument(p.shape) for p in positional],
        keyword=keyword_code,
        call=[*(str(p.shape.python_name) for p in positional)],
        passed=[f"{name}={name}" for name in [*body.names, *(str(p.shape.python_name) for p in keyword)]],
        query=query_lines([p for p in parameters if p.location == "query"]),
        headers=header_code,
        cookies=header_lines([p for p in parameters if p.location == "cookie"], target="_cookies"),
        url=_url(endpoint, positional),
        method=endpoint.method,
        body=body.lines(),
        helpers=list(helpers.functions.values()),
        success_type=responses.success_type,
        response_type=responses.response_type,
        success=responses.success,
        by_status=responses.by_status,
        by_default=responses.by_default,
        imports=_imports(shapes, everything, body),
        typing_imports=_typing_imports([*shapes, *responses.shapes], everything),
        docstring=_docstring(node, entry, entries, kind="facade"),
        plain_docstring=_docstring(node, entry, entries, kind="plain"),
        summary=docs.clean(text(node.get("summary"))).rstrip("."),
        resource=_resource_code([argument(p.shape) for p in positional], keyword_code, responses, shapes, methods),
    )


def _resource_code(
    positional: list[str],
    keyword: list[str],
    responses: ResponsesCode,
    shapes: list[Shape],
    methods: frozenset[str],
) -> ResourceCode:
    names = {name for shape in [*shapes, *responses.shapes] for name in classes(shape)}
    everything = [*positional, *keyword, responses.success_type]
    qualified = [_replaced(code, {name: f"models.{name}" for name in names}) for code in everything]
    imports = ["import datetime"] if any(mentions(t, "datetime") for t in qualified) else []
    imports += ["from typing import Literal"] if any(mentions(t, "Literal") for t in qualified) else []
    imports += ["from .. import models"] if any(" = models." in t for t in qualified) else []
    typing_imports = ["from .. import models"] if imports[-1:] != ["from .. import models"] else []
    for module, name in (("wire", "UnparsedDateTime"), ("wire", "UnparsedDate"), ("types", "File")):
        typing_imports += [f"from ..{module} import {name}"] if any(mentions(t, name) for t in qualified) else []
    scoped = [_replaced(code, {n: f"builtins.{n}" for n in methods if hasattr(builtins, n)}) for code in qualified]
    typing_imports += ["import builtins"] if any(mentions(t, "builtins") for t in scoped) else []
    # A method's name never starts with an underscore, so these modules are out of reach.
    hidden: dict[str, str] = {name: f"_{name}" for name in ("builtins", "datetime", "models") if name in methods}
    scoped = [_replaced(code, hidden) for code in scoped]
    imports, typing_imports = (
        [
            re.sub(r"import (\w+)$", lambda m: f"import {m[1]} as {hidden[m[1]]}" if m[1] in hidden else m[0], line)
            for line in lines
        ]
        for lines in (imports, typing_imports)
    )
    count = len(positional)
    return ResourceCode(scoped[:count], scoped[count:-1], scoped[-1], imports, typing_imports)


def _replaced(code: str, names: dict[str, str]) -> str:
    """A piece of a signature with names replaced, but not in texts, nor attributes, nor the argument's own name."""
    names_and_texts = r"""\"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?<![\w.])[A-Za-z_]\w*(?![\w:])"""
    return re.sub(names_and_texts, lambda match: names.get(match[0], match[0]), code)


def _operation_node(lowered: Lowered, entry: Mapping) -> Mapping:
    paths = mapping(lowered.document["paths"])
    return mapping(mapping(paths[text(entry["path"])])[text(entry["method"]).lower()])


def _all_parameters(endpoint: Endpoint, node: Mapping, lowered: Lowered) -> list[Parameter]:
    found: list[Parameter] = []
    for location, shape in endpoint.iter_all_parameters():
        wire_name = shape.name.get_untrusted_value()
        for raw in array(node.get("parameters")):
            candidate = mapping(raw)
            if candidate.get("name") == wire_name and candidate.get("in") == location.value:
                found.append(parameter_code(shape, candidate, lowered))
    return found


def _operation_lines(entry: Mapping) -> list[str]:
    limit = mapping(entry["rateLimit"])
    lines = [f'{key}="{in_double_quote_literal(text(entry[key]))}",' for key in ("id", "tag", "name", "method", "path")]
    lines += [f"idempotent={entry['idempotent']},", f"secured={bool(entry['security'])},"]
    if limit:
        lines.append(f"rate_limit=({limit['limit']}, {limit['windowSeconds']}),")
    if entry["paging"] is not None:
        lines.append(f"paging={_python(entry['paging'])},")
    if entry["partialFailure"] is not None:
        lines.append(f"partial_failure={_python(entry['partialFailure'])},")
    return [*lines, f"success={_python(tuple(array(entry['success'])))},"]


def _python(value: object) -> str:
    return repr(value)


def _url(endpoint: Endpoint, positional: list[Parameter]) -> str:
    path = in_double_quote_literal(endpoint.path)
    if not positional:
        return f'"{path}"'
    for parameter in positional:
        name = str(parameter.shape.python_name)
        form = "" if parameter.form == "rfc3339" else f", '{parameter.form}'"
        path = path.replace(f"{{{name}}}", f"{{_request.path_segment({name}{form})}}")
    return f'f"{path}"'


def _imports(shapes: list[Shape], types: list[str], body: BodyCode) -> list[str]:
    imports = []
    if any(mentions(t, "datetime") for t in types):
        imports.append("import datetime")
    if any(mentions(t, "Literal") for t in types):
        imports.append("from typing import Literal")
    for shape in shapes:
        for name, module in classes(shape).items():
            if shape.default is not None and mentions(default(shape) or "", name):
                imports.append(f"from ...models.{module} import {name}")
    if len(body.bodies) > 1 and any(isinstance(shape, FileProperty) for shape in body.shapes):
        imports.append("from ...types import File")
    return list(dict.fromkeys(imports))


def _typing_imports(shapes: list[Shape], types: list[str]) -> list[str]:
    names = ("UnparsedDateTime", "UnparsedDate")
    imports = [f"from ...wire import {name}" for name in names if any(mentions(t, name) for t in types)]
    imports += ["from ...types import File"] if any(mentions(t, "File") for t in types) else []
    for shape in shapes:
        for name, module in classes(shape).items():
            imports.append(f"from ...models.{module} import {name}")
    return list(dict.fromkeys(imports))


def _argument_docs(positional: list[Parameter], body: BodyCode, keyword: list[Parameter]) -> list[tuple[str, str]]:
    entries = [(str(p.shape.python_name), p.meaning) for p in positional]
    if body.bodies:
        described = body.description or " or ".join(
            shape.description.get_untrusted_value() for shape in body.shapes if shape.description
        )
        entries.append(("body", docs.clean(described) or "The request body."))
    return entries + [(str(p.shape.python_name), p.meaning) for p in keyword]


def _docstring(node: Mapping, entry: Mapping, entries: list[tuple[str, str]], *, kind: str) -> str:
    summary = docs.clean(text(node.get("summary"))).rstrip(".")
    described = docs.clean(text(node.get("description")))
    returned = _returned(node, entry)
    fits = "ResponseDecodeError: The response does not fit its description."
    if kind == "facade":
        raises = [("", "The caller's error for a status that is not success."), ("", fits)]
        indent = 8
    else:
        entries = [*entries, ("client", "The client that sends the request.")]
        raises = [("", fits)]
        raises.append(("", "UnexpectedStatus: The status is not documented and the client is told to raise for that."))
        raises.append(("", "httpx.HTTPError: The server was not reached or did not answer in time."))
        returned = f"{returned} For another documented status its error model, else None."
        indent = 4
    return docs.docstring(
        f"{summary}." if summary else "",
        described,
        docs.section("Args", entries, indent),
        docs.section("Returns", [("", returned)], indent),
        docs.section("Raises", raises, indent),
        docs.section("Source", [("", docs.clean(text(entry.get("source"))))] if entry.get("source") else [], indent),
        indent=indent,
    )


def _returned(node: Mapping, entry: Mapping) -> str:
    responses = mapping(node.get("responses"))
    said: list[Json] = [mapping(responses.get(str(s))).get("description") for s in array(entry["success"])]
    return docs.clean(" ".join(text(part) for part in said)) or "Nothing."
