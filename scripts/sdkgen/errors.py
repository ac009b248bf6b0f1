"""Failures that a person has to mend, told without a traceback."""

from __future__ import annotations


class SdkgenError(Exception):
    """Something in a spec, a template or the tools that stops generation; the message says where and how to mend it."""
