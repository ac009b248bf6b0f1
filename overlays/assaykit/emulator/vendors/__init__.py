"""One package for each emulated vendor; found by being there.

A vendor's package has a function `vendor()` that returns its `assaykit.emulator.engine.vendor.Vendor`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from functools import cache
from importlib import import_module

from assaykit.emulator.engine.vendor import Vendor


def names() -> list[str]:
    """Return the names of the vendors that can be emulated, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)


@cache
def load(name: str) -> Vendor:
    """Return a vendor, compiled once in a process.

    Args:
        name: One of `names()`.

    Raises:
        ValueError: There is no such vendor; the message lists those there are.
        FileNotFoundError: The vendor's generated client, which carries its specification, is missing.
    """
    if name not in names():
        raise ValueError(f"there is no vendor {name!r}; there is {', '.join(names())}")
    vendor = import_module(f"{__name__}.{name}").vendor()
    if not isinstance(vendor, Vendor):
        raise TypeError(f"{__name__}.{name}.vendor() must return a Vendor")
    return vendor


def load_all(wanted: Iterable[str] | None = None) -> list[Vendor]:
    """Return the named vendors, or all of them."""
    return [load(name) for name in (names() if wanted is None else wanted)]
