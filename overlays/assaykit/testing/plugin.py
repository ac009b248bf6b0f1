"""The pytest plugin: a fixture `<vendor>_emulator` for each vendor that has a module in this package.

Nothing of the emulator is imported before a test asks for a fixture, since the plugin is loaded by every pytest run
of everybody who has assaykit installed.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Final

import pytest

import assaykit.testing

_MACHINERY: Final = frozenset({"handle", "plugin"})


def _fixture(vendor: str) -> Callable[..., Any]:
    @pytest.fixture(name=f"{vendor}_emulator")
    def emulator() -> Iterator[Any]:
        handle = import_module(f"assaykit.testing.{vendor}").Emulator()
        yield handle
        handle.close()

    emulator.__doc__ = f"{vendor.capitalize()}, emulated in process, in a world that belongs to this test alone."
    return emulator


for _module in pkgutil.iter_modules(assaykit.testing.__path__):
    if _module.name not in _MACHINERY:
        globals()[f"{_module.name}_emulator"] = _fixture(_module.name)
