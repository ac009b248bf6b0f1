"""Makes sure that nothing got lost on the way from the spec to the package."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

from scripts.sdkgen.document import Mapping, array, mapping, operations, text
from scripts.sdkgen.errors import SdkgenError

_IMPORT_ALL = """
import importlib, pathlib, sys
name, folder = sys.argv[1:]
for path in sorted(pathlib.Path(folder, name).rglob("*.py")):
    module = ".".join(path.relative_to(folder).with_suffix("").parts)
    module = importlib.import_module(module.removesuffix(".__init__"))
    for exported in getattr(module, "__all__", ()):
        getattr(module, exported)
"""


def verify(package: Path, document: Mapping) -> None:
    """Checks a generated package against the spec.

    The spec's operations, the index, the operation modules and the methods of the facade, synchronous and
    asynchronous, must be the same.

    Args:
        package: The package's folder.
        document: The bundled spec.

    Raises:
        SdkgenError: Something is missing.
    """
    expected = sorted(operation.id for operation in operations(document))
    found = {
        "index": sorted(_indexed(package)),
        "modules": sorted(path.stem for path in (package / "api").glob("*/*.py") if path.stem != "__init__"),
        "facade": sorted(_methods(package, is_async=False)),
        "asynchronous facade": sorted(_methods(package, is_async=True)),
    }
    for name, ids in found.items():
        if ids != expected:
            lost = ", ".join(sorted(set(expected) ^ set(ids))) or "some are there twice"
            raise SdkgenError(
                f"{package.name}: the spec has {len(expected)} operations, the {name} {len(ids)}; they differ "
                f"in: {lost}. Look for operationIds that are equal in snake case, and for tags that are no identifiers"
            )


def _indexed(package: Path) -> list[str]:
    index = json.loads((package / "operations.json").read_text(encoding="utf-8"))
    return [text(mapping(entry)["id"]) for entry in array(index["operations"])]


def _methods(package: Path, *, is_async: bool) -> list[str]:
    """The operations that the facade's methods perform, told by their imports."""
    kind = ast.AsyncFunctionDef if is_async else ast.FunctionDef
    found = []
    for path in (package / "resources").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, kind) and node.name != "__init__":
                imports = [part for part in node.body if isinstance(part, ast.ImportFrom)]
                found += [alias.name for part in imports for alias in part.names]
    return found


def import_all(package: Path) -> None:
    """Imports every module of a package, and every name that a module offers, in a process of its own.

    Raises:
        SdkgenError: An import fails or warns.
    """
    command = [sys.executable, "-W", "error", "-B", "-c", _IMPORT_ALL, package.name, str(package.parent)]
    environment = {**os.environ, "PYTHONPATH": str(package.parent)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SdkgenError(f"{package.name}: a generated module cannot be imported; mend the templates:\n{done.stderr}")
