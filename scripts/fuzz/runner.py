"""Starts schemathesis and collects what it reports."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .excerpt import excerpt
from .known import Known
from .launcher import launch
from .narrowing import narrow
from .plan import Contract, Run, runs
from .report import Evidence
from .settings_file import run_settings

# A stateful run may miss a link by chance; a further seed then has the links to itself.
ROUNDS = 8
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
        alone: operationIds of what would spoil any run with others.
    """

    server: str
    reports: Path
    seed: int = 1
    examples: int | None = None
    links: bool = True
    seconds: int | None = None
    processes: int = 2
    alone: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Session:
    """One vendor's runs.

    Attributes:
        contract: the operations to fuzz.
        known: values that exist in the start world.
        spec: the spec, narrowed to them.
        settings: where and how long.
        folder: where the files of the runs are.
    """

    contract: Contract
    known: Known
    spec: dict[str, Any]
    settings: Settings
    folder: Path


def fuzz(contract: Contract, known: Known, settings: Settings) -> Evidence:
    """Run schemathesis over one vendor, every run against a world of its own.

    Args:
        contract: the operations to fuzz.
        known: values that exist in the start world.
        settings: where and how long.

    Returns:
        What the runs have shown together.
    """
    folder = settings.reports / contract.vendor
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    spec: dict[str, Any] = json.loads(contract.bundle.read_text("utf-8"))
    narrow(spec, known)
    session = Session(contract, known, spec, settings, folder)
    evidence = Evidence()
    with ThreadPoolExecutor(settings.processes) as pool:
        planned = runs(contract, links=settings.links, alone=settings.alone)
        for part in pool.map(lambda run: _rounds(session, run), planned):
            evidence.add(part)
    return evidence


def _rounds(session: Session, run: Run) -> Evidence:
    evidence = Evidence()
    pending = run
    for number in range(ROUNDS):
        _start(session, pending, number, evidence)
        missing = tuple(link for link in run.links if not evidence.followed(link))
        if not missing or evidence.failures or evidence.errors:
            break
        connected = dict.fromkeys(name for link in missing for name in (link.source, link.target))
        pending = Run(run.name, run.phases, tuple(connected), missing)
    return evidence


def _start(session: Session, run: Run, number: int, evidence: Evidence) -> None:
    contract, settings, folder = session.contract, session.settings, session.folder
    name = f"{run.name}-{number + 1}"
    base = f"/worlds/fuzz-{contract.vendor}-{name}/{contract.vendor}"
    walks = bool(run.links)
    spec = excerpt(session.spec, run.links) if walks else session.spec
    inputs = {kind: folder / f"{name}.{kind}" for kind in ("openapi.json", "toml", "identities.json")}
    inputs["openapi.json"].write_text(json.dumps(spec), "utf-8")
    inputs["toml"].write_text(run_settings(spec["info"]["title"], session.known, run.operations, walks=walks), "utf-8")
    declared = IDENTITIES / f"{contract.vendor}.json"
    if declared.exists():
        identities = _below(base, json.loads(declared.read_text("utf-8")))
        inputs["identities.json"].write_text(json.dumps(identities), "utf-8")
    files = {kind: folder / f"{name}.{ending}" for kind, ending in _REPORTS.items()}
    arguments = [
        *("--config-file", str(inputs["toml"])),
        *("run", str(inputs["openapi.json"])),
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
        arguments += ["--max-time", str(settings.seconds)]
    log = folder / f"{name}.log"
    environment = {
        "SCHEMATHESIS_HOOKS": "scripts.fuzz.hooks",
        "FUZZ_IDENTITIES": str(inputs["identities.json"]),
        "NO_PROXY": "127.0.0.1",  # looking for proxies with each request takes a tenth of the time
    }
    code = launch(arguments, environment, log)
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
