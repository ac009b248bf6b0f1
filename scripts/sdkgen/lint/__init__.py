"""The project's rules for specs. There is no switch to turn one off."""

from __future__ import annotations

from scripts.sdkgen.bundle import Bundle
from scripts.sdkgen.lint import descriptions, enums, examples, links, operations, parameters, schemas, standard
from scripts.sdkgen.lint.report import Report, Violation

__all__ = ["Violation", "lint"]

_GROUPS = (
    operations.check,
    parameters.check,
    schemas.check,
    descriptions.check,
    enums.check,
    examples.check,
)


def lint(bundle: Bundle, *, with_standard: bool = True) -> list[Violation]:
    """Checks a spec against all rules.

    Args:
        bundle: The spec.
        with_standard: Whether to validate against the OpenAPI standard too, which takes longer than all other rules.

    Returns:
        The violations, by file and line.
    """
    report = Report(bundle)
    standard.check_yaml(bundle, report)
    links.check(bundle.document, report)
    if any(violation.rule == "ref-target" for violation in report.violations):
        return sorted(report.violations)  # the other rules follow references
    for check in _GROUPS:
        check(bundle.document, report)
    if with_standard:
        standard.check_standard(bundle, report)
    return sorted(report.violations)
