"""Warnings about what will end, told to whoever calls into this package."""

from __future__ import annotations

import sys
import warnings


def warn_deprecated(message: str) -> None:
    """Warn with a DeprecationWarning that names the caller's line, however deep in this package it is found out.

    Python shows it where that line is in the program itself or in a test, and keeps quiet about libraries.

    Args:
        message: What ends, when, and what to do instead.
    """
    package = __name__.partition(".")[0]
    level = 2
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == package:
        frame = frame.f_back
        level += 1
    warnings.warn(message, DeprecationWarning, stacklevel=level)
