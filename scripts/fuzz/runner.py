"""Starts schemathesis and collects what it reports."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .plan import ROOT, Contract, Run, runs
from .report import Evidence

# A stateful run may miss a link by chance; a further seed then has the links to itself.
ROUNDS = 4
IDENTITIES = Path(__file__).with_name("identities")
"""One file a vendor, in the form of Web Fuzzing Commons: accounts of the start world that must not see each other."""
_REPORTS = {"junit": "junit.xml", "har": "har", "ndjson": "ndjson", "json": "json"}


@dataclass(frozen=True)
class Settings:
    """How a session runs.

    Attributes:
        server: where the emulator is served, for example `http://127.0.0.1:8080`.
        reports: folder for the report files.
        seed: seed of the first round.
        examples: test cases per operation in the fuzzing phase, scenarios in the stateful one; None for as many as fit
            the contract.
        links: whether to follow links.
        seconds: time budget in seconds for each run, which is then repeated until it is spent; None for one pass.
        processes: runs at a time.
    """

    server: str
    reports: Path
    seed: int = 1
    examples: int | None = None
    links: bool = True
    seconds: int | None = None
    processes: int = 2


def fuzz(contract: Contract, settings: Settings) -> Evidence:
    """Run schemathesis over one vendor, every run against a world of its own.

    Args:
        contract: the operations to fuzz.
        settings: where and how long.

    Returns:
        What the runs have shown together.
    """
    folder = settings.reports / contract.vendor
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    evidence = Evidence()
    with ThreadPoolExecutor(settings.processes) as pool:
        planned = runs(contract, links=settings.links)
        for part in pool.map(lambda run: _rounds(contract, run, settings, folder), planned):
            evidence.add(part)
    return evidence


def _rounds(contract: Contract, run: Run, settings: Settings, folder: Path) -> Evidence:
    evidence = Evidence()
    pending = run
    for number in range(ROUNDS):
        _start(contract, pending, settings, folder, number, evidence)
        missing = tuple(link for link in run.links if link.name not in evidence.links)
        if not missing or evidence.failures or evidence.errors:
            break
        connected = dict.fromkeys(name for link in missing for name in (link.source, link.target))
        pending = Run(run.name, run.phases, tuple(connected), missing)
    return evidence


def _start(contract: Contract, run: Run, settings: Settings, folder: Path, number: int, evidence: Evidence) -> None:
    name = f"{run.name}-{number + 1}"
    base = f"/worlds/fuzz-{contract.vendor}-{name}/{contract.vendor}"
    identities = folder / f"{name}.identities.json"
    declared = IDENTITIES / f"{contract.vendor}.json"
    if declared.exists():
        identities.write_text(json.dumps(_below(base, json.loads(declared.read_text("utf-8")))), "utf-8")
    files = {kind: folder / f"{name}.{ending}" for kind, ending in _REPORTS.items()}
    command = [
        str(Path(sys.executable).with_name("st")),
        *("--config-file", str(ROOT / "schemathesis.toml")),
        *("run", str(contract.bundle)),
        *("--url", f"{settings.server}{base}"),
        *("--phases", ",".join(run.phases)),
        *("--max-examples", str(settings.examples or contract.cases)),
        *("--seed", str(settings.seed + number)),
        "--continue-on-failure",
        *("--report", ",".join(files)),
        *(f"--report-{kind}-path={path}" for kind, path in files.items()),
        *(f"--include-operation-id={operation}" for operation in run.operations),
    ]
    if settings.seconds is not None:
        command += ["--max-time", str(settings.seconds)]
    log = folder / f"{name}.log"
    with log.open("w", encoding="utf-8") as output:
        environment = {
            **os.environ,
            "SCHEMATHESIS_HOOKS": "scripts.fuzz.hooks",
            "PYTHONPATH": str(ROOT),
            "FUZZ_IDENTITIES": str(identities),
        }
        code = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, check=False
        ).returncode
    if files["json"].exists():
        evidence.read_verdict(files["json"])
        evidence.read_events(files["ndjson"])
    if code != 0 and not evidence.failures and not evidence.errors:
        evidence.errors.append(f"schemathesis ended with exit code {code}; read {log}")


def _below(base: str, identities: dict[str, Any]) -> dict[str, Any]:
    """Return identities with the addresses at which they log in below a run's own base path."""
    for entry in identities["auth"]:
        if "loginEndpointAuth" in entry:
            entry["loginEndpointAuth"]["endpoint"] = base + entry["loginEndpointAuth"]["endpoint"]
    return identities
