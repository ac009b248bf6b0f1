"""The parts of an operation's module and of its facade method."""

from __future__ import annotations

import re
from dataclasses import dataclass

from openapi_python_client.parser.bodies import Body
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.responses import Response
from openapi_python_client.strings import in_double_quote_literal

from scripts.sdkgen.code import docs
from scripts.sdkgen.code.decode import Helpers, decoder
from scripts.sdkgen.code.encode import encoded
from scripts.sdkgen.code.parameters import Parameter, argument, header_lines, parameter_code, query_lines
from scripts.sdkgen.code.shapes import (
    AnyProperty,
    FileProperty,
    ListProperty,
    ModelProperty,
    Shape,
    annotation,
    classes,
    default,
    is_nullable,
    is_plain,
    mentions,
)
from scripts.sdkgen.document import Mapping, array, mapping, text
from scripts.sdkgen.errors import SdkgenError
from scripts.sdkgen.lower import Lowered
from scripts.sdkgen.source import Json


@dataclass(frozen=True)
class ResourceCode:
    """A signature as the facade writes it: models are named through their package, whose name cannot clash."""

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


def endpoint_code(endpoint: Endpoint, entry: Mapping, lowered: Lowered) -> EndpointCode:
    """Writes the parts of an operation's module.

    Args:
        endpoint: The operation as parsed.
        entry: Its entry in the index.
        lowered: The lowered document.
    """
    operation_id = text(entry["id"])
    node = _operation_node(lowered, entry)
    parameters = _all_parameters(endpoint, node, lowered)
    helpers = Helpers()
    body = _Body(endpoint.bodies, lowered.request_types.get(operation_id, []), node, lowered)
    responses = _Responses(endpoint, entry, helpers)
    positional = [p for p in parameters if p.location == "path"]
    keyword = [p for p in parameters if p.location != "path"]
    keyword_code = [*body.arguments(), *(argument(p.shape) for p in keyword)]
    shapes = [*(p.shape for p in parameters), *body.shapes]
    header_code = [*header_lines([p for p in parameters if p.location == "header"]), *body.header_lines()]
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
        docstring=_docstring(node, entry, entries, responses, kind="facade"),
        plain_docstring=_docstring(node, entry, entries, responses, kind="plain"),
        summary=docs.clean(text(node.get("summary"))).rstrip("."),
        resource=_resource_code([argument(p.shape) for p in positional], keyword_code, responses, shapes),
    )


def _resource_code(
    positional: list[str], keyword: list[str], responses: _Responses, shapes: list[Shape]
) -> ResourceCode:
    names = {name for shape in [*shapes, *responses.shapes] for name in classes(shape)}
    everything = [*positional, *keyword, responses.success_type]
    qualified = [_qualified(code, names) for code in everything]
    imports = ["import datetime"] if any(mentions(t, "datetime") for t in qualified) else []
    imports += ["from typing import Literal"] if any(mentions(t, "Literal") for t in qualified) else []
    imports += ["from .. import models"] if any(" = models." in t for t in qualified) else []
    typing_imports = ["from .. import models"] if not imports[-1:] == ["from .. import models"] else []
    for module, name in (("wire", "UnparsedDateTime"), ("wire", "UnparsedDate"), ("types", "File")):
        typing_imports += [f"from ..{module} import {name}"] if any(mentions(t, name) for t in qualified) else []
    count = len(positional)
    return ResourceCode(qualified[:count], qualified[count:-1], qualified[-1], imports, typing_imports)


def _qualified(code: str, names: set[str]) -> str:
    """Code with the names of models put behind their package."""
    return re.sub(r"(?<![\w.\"'])[A-Za-z_]\w*", lambda m: f"models.{m[0]}" if m[0] in names else m[0], code)


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


class _Body:
    """An operation's request body, which may come in several content types."""

    def __init__(self, bodies: list[Body], types: list[str], node: Mapping, lowered: Lowered) -> None:
        self.bodies = list(zip(bodies, types, strict=True))
        self.form = "rfc3339"
        self.description = text(mapping(node.get("requestBody")).get("description"))
        content = mapping(mapping(node.get("requestBody")).get("content"))
        for item in content.values():
            self.form = str(lowered.hint(mapping(item).get("schema"), "x-datetime") or self.form)
        seen: set[str] = set()
        for pair in list(self.bodies):
            name = annotation(pair[0].prop, optional=False)
            if name in seen:  # the first content type of two with the same schema is sent
                self.bodies.remove(pair)
            seen.add(name)

    @property
    def names(self) -> list[str]:
        return ["body"] if self.bodies else []

    @property
    def shapes(self) -> list[Shape]:
        return [body.prop for body, _ in self.bodies]

    @property
    def required(self) -> bool:
        return all(shape.required for shape in self.shapes)

    def type(self) -> str:
        names = list(dict.fromkeys(annotation(shape, optional=False) for shape in self.shapes))
        return " | ".join([*names, *([] if self.required else ["Unset"])])

    def arguments(self) -> list[str]:
        if not self.bodies:
            return []
        return [f"body: {self.type()}" + ("" if self.required else " = UNSET")]

    def header_lines(self) -> list[str]:
        """Headers that no branch of several bodies sets; httpx itself names JSON, forms and multipart."""
        return []

    def lines(self) -> list[str]:
        lines: list[str] = []
        for index, (body, media_type) in enumerate(self.bodies):
            statements = self._statements(body, media_type)
            if len(self.bodies) > 1:
                keyword = "if" if index == 0 else "elif"
                lines += [f"{keyword} {_check(body.prop)}:", *(f"    {line}" for line in statements)]
            elif not self.required:
                lines += ["if not isinstance(body, Unset):", *(f"    {line}" for line in statements)]
            else:
                lines += statements
        return lines

    def _statements(self, body: Body, media_type: str) -> list[str]:
        shape = body.prop
        value = encoded(shape, "body", self.form)
        if is_nullable(shape) and value != "body":
            value = f"None if body is None else {value}"
        header = f'_headers["Content-Type"] = "{in_double_quote_literal(media_type)}"'
        if body.body_type == "json":
            return [f'_kwargs["json"] = {value}', *([] if media_type == "application/json" else [header])]
        if body.body_type == "data":
            return [f'_kwargs["data"] = _request.form_fields({value})']
        if body.body_type == "files":
            return ['_kwargs["files"] = body.to_multipart()']
        content = "body.payload" if isinstance(shape, FileProperty) else value
        return [f'_kwargs["content"] = {content}', header]

    @property
    def needs_headers(self) -> bool:
        return any("_headers[" in line for line in self.lines())


def _check(shape: Shape) -> str:
    """A test that tells the types of several bodies apart."""
    if isinstance(shape, ListProperty):
        return "isinstance(body, list)"
    if isinstance(shape, ModelProperty):
        return f"isinstance(body, _models.{shape.class_info.name})"
    if isinstance(shape, FileProperty):
        return "isinstance(body, File)"
    if annotation(shape, optional=False) == "str":
        return "isinstance(body, str)"
    raise SdkgenError(f"a body of type {annotation(shape)} beside another one; give it an object schema of its own")


class _Responses:
    """What an operation answers, by status."""

    def __init__(self, endpoint: Endpoint, entry: Mapping, helpers: Helpers) -> None:
        self.helpers = helpers
        self.shapes = [r.prop for r in endpoint.responses]
        success = [str(status) for status in array(entry["success"])]
        patterns = [r for r in endpoint.responses.patterns if r.status_code.pattern in success]
        if "default" in success and endpoint.responses.default is not None:
            patterns.append(endpoint.responses.default)
        self.success_responses = patterns
        self.success_type = _union([_type(r) for r in patterns])
        ordered = [*patterns, *(r for r in endpoint.responses if r not in patterns)]
        self.response_type = _union([_type(r) for r in ordered])
        self.success = self._success_lines(patterns)
        self.by_status = self._by_status(endpoint.responses.patterns)
        fallback = endpoint.responses.default
        self.by_default = self._value(fallback) if fallback is not None else None

    def _value(self, response: Response) -> str:
        """An expression for the value of a response."""
        if _is_empty(response):
            return "None"
        if isinstance(response.prop, FileProperty):
            return "_response.read_file(response)"
        if response.source["attribute"] == "response.text":
            return "response.text"
        if isinstance(response.prop, AnyProperty) and annotation(response.prop) == "Any":
            return "_response.read_json(response)"
        name = f"response_{response.status_code.pattern.lower()}"
        if is_plain(response.prop):
            result = annotation(response.prop)
            self.helpers.add(f"_decode_{name}", result, [f"result: {result} = value", "return result"])
            return f"_response.decode_json(response, _decode_{name})"
        read = decoder(response.prop, name, self.helpers)
        if read == "_wire.check_list":
            read = self.helpers.add(f"_decode_{name}", annotation(response.prop), ["return _wire.check_list(value)"])
        if is_nullable(response.prop):
            lines = [f"return None if value is None else {read}(value)"]
            read = self.helpers.add(f"_decode_{name}_or_none", annotation(response.prop), lines)
        return f"_response.decode_json(response, {read})"

    def _success_lines(self, responses: list[Response]) -> list[str]:
        """Statements that return the success value; a status that is not documented is read as the first one."""
        values = [self._value(response) for response in responses]
        if len(set(values)) == 1:
            return [f"return {values[0]}"]
        lines: list[str] = []
        for response, value in list(zip(responses, values, strict=True))[1:]:
            lines += [f"if {_condition(response)}:", f"    return {value}"]
        return [*lines, f"return {values[0]}"]

    def _by_status(self, responses: list[Response]) -> list[tuple[str, str]]:
        """Conditions on the status with the value of each, equal neighbours joined."""
        joined: list[tuple[list[Response], str]] = []
        for response in responses:
            value = self._value(response)
            is_exact = not response.status_code.is_range()
            if joined and joined[-1][1] == value and is_exact and not joined[-1][0][-1].status_code.is_range():
                joined[-1][0].append(response)
            else:
                joined.append(([response], value))
        result = []
        for group, value in joined:
            statuses = ", ".join(r.status_code.pattern for r in group)
            condition = _condition(group[0]) if len(group) == 1 else f"response.status_code in ({statuses})"
            result.append((condition, value))
        return result


def _condition(response: Response) -> str:
    limits = response.status_code.range
    if limits is None:
        return "True"
    if limits[0] == limits[1]:
        return f"response.status_code == {limits[0]}"
    return f"{limits[0]} <= response.status_code <= {limits[1]}"


def _is_empty(response: Response) -> bool:
    return response.source["attribute"] == "None"


def _type(response: Response) -> str:
    return "None" if _is_empty(response) else annotation(response.prop)


def _union(names: list[str]) -> str:
    members = list(dict.fromkeys(member for name in names for member in name.split(" | ") if "[" not in name))
    members += [name for name in dict.fromkeys(names) if "[" in name]
    if "Any" in members:
        return "Any"
    return " | ".join([m for m in members if m != "None"] + (["None"] if "None" in members or not members else []))


def _imports(shapes: list[Shape], types: list[str], body: _Body) -> list[str]:
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


def _argument_docs(positional: list[Parameter], body: _Body, keyword: list[Parameter]) -> list[tuple[str, str]]:
    entries = [(str(p.shape.python_name), p.meaning) for p in positional]
    if body.bodies:
        described = body.description or " or ".join(
            shape.description.get_untrusted_value() for shape in body.shapes if shape.description
        )
        entries.append(("body", docs.clean(described) or "The request body."))
    return entries + [(str(p.shape.python_name), p.meaning) for p in keyword]


def _docstring(
    node: Mapping, entry: Mapping, entries: list[tuple[str, str]], responses: _Responses, *, kind: str
) -> str:
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
