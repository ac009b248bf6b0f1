"""Names that a package exports without importing them until someone asks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def exports(package: str, names: Mapping[str, str]) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Make the ``__getattr__`` and ``__dir__`` (PEP 562) of a package that loads its names on first use.

    Args:
        package: The package's ``__name__``.
        names: Exported name to the module that defines it. A name that maps to a module of the same
            last part is that module itself.

    Returns:
        The two functions, to be bound to ``__getattr__`` and ``__dir__`` in the package.
    """

    def load(name: str) -> object:
        module_name = names.get(name)
        if module_name is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = import_module(module_name)
        value = module if module_name.rpartition(".")[2] == name else getattr(module, name)
        setattr(sys.modules[package], name, value)
        return value

    def names_of_package() -> list[str]:
        return sorted({*vars(sys.modules[package]), *names})

    return load, names_of_package
