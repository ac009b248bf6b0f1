"""Starts schemathesis in processes that have it loaded already: most runs take little longer than loading it."""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path

from .plan import ROOT

LOADED = [
    "pyrate_limiter",
    "rich.live",
    "schemathesis.cli.commands.run.executor",
    "schemathesis.engine.core",
    "schemathesis.engine.run.stateful",
    "schemathesis.engine.run.unit",
    "schemathesis.specs.openapi.schemas",
    "schemathesis.specs.openapi.stateful",
    "schemathesis.wfc.integration",
]
"""What takes schemathesis long to load."""


def launch(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
    """Run schemathesis to its end.

    Args:
        arguments: its command-line arguments.
        environment: environment variables to set.
        log: file for what it prints.

    Returns:
        Its exit code; 1 as well if it ended without one.
    """
    context = _context()
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(list(arguments), dict(environment), log, sender))
    process.start()
    sender.close()
    # Not `process.exitcode`: whoever starts a process asks all others whether they have ended, and may take the code
    # from the thread that waits for it.
    with receiver:
        try:
            code: int = receiver.recv()
        except EOFError:
            code = 1
    process.join()
    return code


@cache
def _context() -> ForkServerContext | SpawnContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    return context


def _run(arguments: list[str], environment: dict[str, str], log: Path, sender: "Connection[int, int]") -> None:
    os.environ.update(environment)
    os.chdir(ROOT)
    with log.open("wb") as output:
        os.dup2(output.fileno(), sys.stdout.fileno())
        os.dup2(output.fileno(), sys.stderr.fileno())
    # Loaded here, not above: the process that starts the others needs none of it.
    from schemathesis.cli import schemathesis

    try:
        schemathesis(arguments, prog_name="st")
    except SystemExit as end:
        sender.send(int(end.code or 0))
