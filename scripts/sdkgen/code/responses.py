"""Code that reads responses by their status."""

from __future__ import annotations

from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.responses import Response

from scripts.sdkgen.code.decode import Helpers, decoder
from scripts.sdkgen.code.shapes import AnyProperty, FileProperty, annotation, is_nullable, is_plain
from scripts.sdkgen.document import Mapping, array


class ResponsesCode:
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
