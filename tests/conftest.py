"""Where ASSAYKIT_NO_SKIP is set, as in `.ci/run`, a test that would be skipped fails."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import TypeVar

import pytest

_Report = TypeVar("_Report", pytest.TestReport, pytest.CollectReport)


def _skips_fail(report: _Report) -> _Report:
    if report.outcome == "skipped" and not hasattr(report, "wasxfail") and os.environ.get("ASSAYKIT_NO_SKIP"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{reason}\nASSAYKIT_NO_SKIP is set: provide what is missing, or unset it."
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _skips_fail((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _skips_fail((yield))
