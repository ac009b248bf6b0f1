"""The settings of schemathesis for one run: those in schemathesis.toml, and the values that the run can name."""

import tomllib
from collections.abc import Collection
from functools import partial
from typing import Any

import tomli_w

from .known import Known
from .plan import ROOT

WRITTEN = ROOT / "schemathesis.toml"
PROBABILITY = 0.9
"""Share of cases that name something that exists; the others find nothing, which has to be refused well."""


def run_settings(title: str, known: Known, operations: tuple[str, ...], *, walks: bool) -> str:
    """Put the settings of a run together.

    Args:
        title: title of the spec, by which a project of the settings is found.
        known: values that exist.
        operations: operationIds of the run.
        walks: whether the run follows links; it then follows those that the spec declares and guesses no others, since
            each guess takes a step from one that is owed.

    Returns:
        A TOML document.
    """
    settings = tomllib.loads(WRITTEN.read_text("utf-8"))
    [project] = [one for one in settings["project"] if one["title"] == title]
    settings["project"] = [project]
    dictionaries: dict[str, Any] = settings.setdefault("dictionaries", {})
    rules = [rule for rule in map(partial(_of, operations), project.get("operations", ())) if rule is not None]
    for operation in operations:
        named = {}
        for name, values in known.parameters.get(operation, {}).items():
            dictionary = f"{operation}-{name.replace('.', '-')}"
            dictionaries[dictionary] = {"values": values}
            named[name] = {"dictionary": dictionary, "probability": PROBABILITY}
        if named:
            rules.append({"include-operation-id": operation, "parameters": named})
    shared = sorted(known.shared.intersection(operations))
    if shared:
        # It takes whatever two accounts can both read for one's own.
        rules.append({"include-operation-id": shared, "checks": {"object_level_authorization": {"enabled": False}}})
    project["operations"] = rules
    if walks and known.parameters:
        project.setdefault("phases", {}).setdefault("stateful", {})["inference"] = {"algorithms": []}
    return tomli_w.dumps(settings)


def _of(operations: Collection[str], rule: dict[str, Any]) -> dict[str, Any] | None:
    """Return a written rule for those operations that a run has, or None if it has none of them."""
    named = rule.get("include-operation-id")
    if named is None:
        return rule
    kept = [name for name in ([named] if isinstance(named, str) else named) if name in operations]
    return {**rule, "include-operation-id": kept} if kept else None
