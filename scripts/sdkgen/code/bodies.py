"""Code that puts a request body into a request."""

from __future__ import annotations

from openapi_python_client.parser.bodies import Body
from openapi_python_client.strings import in_double_quote_literal

from scripts.sdkgen.code.encode import encoded
from scripts.sdkgen.code.shapes import FileProperty, ListProperty, ModelProperty, Shape, annotation, is_nullable
from scripts.sdkgen.document import Mapping, mapping, text
from scripts.sdkgen.errors import SdkgenError
from scripts.sdkgen.lower import Lowered


class BodyCode:
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
        """The name of the argument, if there is a body."""
        return ["body"] if self.bodies else []

    @property
    def shapes(self) -> list[Shape]:
        """The types that the body may have."""
        return [body.prop for body, _ in self.bodies]

    @property
    def required(self) -> bool:
        """Whether a body must be given."""
        return all(shape.required for shape in self.shapes)

    def type(self) -> str:
        """The type of the argument, as code."""
        names = list(dict.fromkeys(annotation(shape, optional=False) for shape in self.shapes))
        return " | ".join([*names, *([] if self.required else ["Unset"])])

    def arguments(self) -> list[str]:
        """The argument as it reads in a signature."""
        if not self.bodies:
            return []
        return [f"body: {self.type()}" + ("" if self.required else " = UNSET")]

    def lines(self) -> list[str]:
        """Statements that put the body into the request; httpx itself names JSON, forms and multipart."""
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
