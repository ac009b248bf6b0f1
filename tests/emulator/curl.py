"""Sample requests of the vendors' pages: sent by curl to a served emulator, answers taken apart field by field."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from assaykit.emulator import vendors
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.jsontext import loads
from assaykit.emulator.engine.serve import serve_in_thread


@dataclass(frozen=True)
class Answer:
    """What curl showed: the status, the headers by lower-case name, the body once decompressed."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return loads(self.body)


@contextmanager
def served(vendor: str) -> Iterator[tuple[Emulator, str]]:
    """Serve one vendor, every reply compared with its specification; give the emulator and the vendor's base URL."""
    made = Emulator([vendors.load(vendor)], check_replies=True, deliver=False)
    with serve_in_thread(made) as url:
        yield made, f"{url}/{vendor}"
    made.close()


def curl(*arguments: str) -> Answer:
    """Run curl with these arguments, flags and URL as a page prints them, and `-v` to see status and headers."""
    command = ["curl", "-v", *(argument for argument in arguments if argument != "-v")]
    done = subprocess.run(command, capture_output=True, timeout=30, check=True, env=os.environ | {"no_proxy": "*"})
    told = [line[2:] for line in done.stderr.decode("latin-1").splitlines() if line.startswith("< ")]
    [status] = [line.split()[1] for line in told if line.startswith("HTTP/1.1 ")]
    headers = dict(line.split(": ", 1) for line in told if ": " in line)
    return Answer(int(status), {name.lower(): value for name, value in headers.items()}, done.stdout)


def fields(value: Any, at: str = "") -> set[str]:
    """Return the way to every value, such as `data[].id`; an empty list or object is a value."""
    if isinstance(value, dict) and value:
        return {way for name, inner in value.items() for way in fields(inner, f"{at}.{name}" if at else name)}
    if isinstance(value, list) and value:
        return {way for inner in value for way in fields(inner, f"{at}[]")}
    return {f"{at}[]" if isinstance(value, list) else at}
