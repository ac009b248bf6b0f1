"""The rules of the OpenAPI standard itself, and of YAML."""

from __future__ import annotations

from openapi_spec_validator import OpenAPIV31SpecValidator

from scripts.sdkgen.bundle import Bundle
from scripts.sdkgen.lint.report import Report


def check_yaml(bundle: Bundle, report: Report) -> None:
    """Finds plain scalars that YAML 1.1 and 1.2 read differently."""
    for trap in bundle.traps:
        message = f"{trap.text} is text here, but YAML 1.1 takes it for {trap.taken_for}"
        report.add_at("yaml-1.1", trap.file, trap.line, message, "put it in quotes")


def check_standard(bundle: Bundle, report: Report) -> None:
    """Validates the bundle against the OpenAPI 3.1 standard."""
    # The validator's stubs know only mappings of hashable keys, which JSON objects are.
    for error in OpenAPIV31SpecValidator(dict(bundle.document)).iter_errors():
        pointer = tuple(getattr(error, "absolute_path", ()))
        message = " ".join(str(getattr(error, "message", error)).split())[:300]
        report.add("openapi", pointer, message, "see the OpenAPI 3.1 specification")
