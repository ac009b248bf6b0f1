"""Starts schemathesis and collects what it reports."""

import json
import shutil
from collections.abc import Iterable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .excerpt import of_links, of_operations
from .known import Known
from .launcher import launch
from .narrowing import narrow, without_deletion
from .plan import Contract, Run, runs
from .report import Evidence
from .settings_file import run_settings

# A stateful run may miss a link by chance; a further seed then has the links to itself.
ROUNDS = 8
IDENTITIES = Path(__file__).with_name("identities")
"""One file a vendor, in the form of Web Fuzzing Commons: accounts of the start world that must not see each other."""
_REPORTS = {"junit": "junit.xml", "har": "har", "json": "json"}


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
        alone: operationIds of what would spoil any run with others.
    """

    server: str
    reports: Path
    seed: int = 1
    examples: int | None = None
    links: bool = True
    seconds: int | None = None
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


def begin(contract: Contract, known: Known, settings: Settings, threads: Executor) -> list[Future[Evidence]]:
    """Begin to run schemathesis over one vendor, every run against a world of its own.

    Args:
        contract: the operations to fuzz.
        known: values that exist in the start world.
        settings: where and how long.
        threads: as many as there may be runs at a time.

    Returns:
        The runs, for `collect`.
    """
    folder = settings.reports / contract.vendor
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    spec: dict[str, Any] = json.loads(contract.bundle.read_text("utf-8"))
    narrow(spec, known)
    session = Session(contract, known, spec, settings, folder)
    planned = runs(contract, links=settings.links, alone=settings.alone)
    return [threads.submit(_rounds, session, run) for run in planned]


def collect(begun: Iterable[Future[Evidence]]) -> Evidence:
    """Wait for runs.

    Args:
        begun: what `begin` returned.

    Returns:
        What the runs have shown together.
    """
    evidence = Evidence()
    for run in begun:
        evidence.add(run.result())
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
        pending = replace(run, operations=tuple(connected), links=missing)
    return evidence


def _start(session: Session, run: Run, number: int, evidence: Evidence) -> None:
    contract, settings, folder = session.contract, session.settings, session.folder
    name = f"{run.name}-{number + 1}"
    base = f"/worlds/fuzz-{contract.vendor}-{name}/{contract.vendor}"
    walks = bool(run.links)
    spec = of_links(session.spec, run.links) if walks else of_operations(session.spec, run.operations)
    if walks and session.known.deletion is not None:
        without_deletion(spec, session.known.deletion)
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
        *("--max-examples", str(settings.examples or run.cases)),
        *("--seed", str(settings.seed + number)),
        "--continue-on-failure",
        *("--report", ",".join(files)),
        *(f"--report-{kind}-path={path}" for kind, path in files.items()),
        *(f"--include-operation-id={operation}" for operation in run.operations),
    ]
    if settings.seconds is not None:
        arguments += ["--max-time", str(settings.seconds)]
    log = folder / f"{name}.log"
    tally = folder / f"{name}.tally.json"
    environment = {
        "SCHEMATHESIS_HOOKS": "scripts.fuzz.hooks",
        "FUZZ_TALLY": str(tally),
        "FUZZ_IDENTITIES": str(inputs["identities.json"]),
        "NO_PROXY": "127.0.0.1",  # looking for proxies with each request takes a tenth of the time
    }
    code = launch(arguments, environment, log)
    reported = files["json"].exists() and tally.exists()
    if reported:
        evidence.read_verdict(files["json"])
        evidence.read_tally(tally)
    if (code != 0 or not reported) and not evidence.failures and not evidence.errors:
        lack = "" if reported else " and wrote no report"
        evidence.errors.append(f"schemathesis ended with exit code {code}{lack}; read {log}")


def _below(base: str, identities: dict[str, Any]) -> dict[str, Any]:
    """Return identities with the addresses at which they log in below a run's own base path."""
    for entry in identities["auth"]:
        if "loginEndpointAuth" in entry:
            entry["loginEndpointAuth"]["endpoint"] = base + entry["loginEndpointAuth"]["endpoint"]
    return identities
