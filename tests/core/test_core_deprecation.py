"""Warnings that name the line of whoever calls into the package."""

from __future__ import annotations

import warnings

import pytest

from assaykit.core.deprecation import warn_deprecated


def test_warning_names_the_caller_however_deep_it_is_found_out() -> None:
    inside = {"__name__": "assaykit.acme.client", "warn_deprecated": warn_deprecated}
    exec("def deep():\n    warn_deprecated('ends in May')\n\ndef call():\n    deep()\n", inside)  # noqa: S102 - a module of the package
    with pytest.warns(DeprecationWarning, match="ends in May") as told:
        inside["call"]()  # type: ignore[operator]  # defined by the line above
    with pytest.warns(DeprecationWarning, match="ends in June") as direct:
        warn_deprecated("ends in June")

    assert [warning.filename for warning in (*told, *direct)] == [__file__, __file__]


def test_package_of_a_similar_name_is_a_caller_like_any() -> None:
    outside = {"__name__": "assaykit_helpers", "warn_deprecated": warn_deprecated}
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        exec(compile("warn_deprecated('ends')", "helpers.py", "exec"), outside)  # noqa: S102 - a module of somebody else

    assert [warning.filename for warning in told] == ["helpers.py"]
