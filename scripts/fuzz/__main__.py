"""`make fuzz`: schemathesis against a fresh emulator, with every phase and every check."""

import argparse
import json
import logging
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from assaykit.emulator import vendors as emulated
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.serve import serve_in_thread

from .gates import violations
from .known import facts_of, known
from .plan import CASES, FEW_CASES, LARGE, ROOT, Contract, load, vendors
from .report import Evidence
from .runner import Settings, begin, collect


def main() -> int:
    """Fuzz the named vendors, print a table, and return 1 if anything is owed."""
    arguments = _arguments()
    chosen = arguments.vendor or vendors()
    missing = sorted(set(chosen) - set(emulated.names()))
    if missing and arguments.vendor:
        sys.exit(f"make fuzz: {', '.join(missing)} has no emulator yet; there is one of {', '.join(emulated.names())}")
    for vendor in missing:
        print(f"{vendor}: has no emulator yet, not fuzzed")
        chosen.remove(vendor)
    started = time.monotonic()
    contracts = [_contract(vendor, arguments) for vendor in chosen]
    emulator = Emulator(map(emulated.load, chosen), deliver=False, rate_limits=False)
    threads = ThreadPoolExecutor(arguments.jobs)
    owed = 0
    try:
        with serve_in_thread(emulator) as server:
            # Malformed requests are the point here; the server need not report each.
            logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
            # All begin at once, so that one vendor's last run leaves no process idle.
            begun = [_begin(contract, emulator, server, arguments, threads) for contract in contracts]
            for contract, session in zip(contracts, begun, strict=True):
                evidence = collect(session)
                found = violations(contract, evidence, facts_of(contract.vendor).get("used_up", {}))
                _print(contract, evidence, found)
                owed += len(found)
    finally:
        threads.shutdown(cancel_futures=True)
    print(f"{time.monotonic() - started:.0f} s, reports: {_shown(arguments.reports)}")
    return 1 if owed else 0


def _contract(vendor: str, arguments: argparse.Namespace) -> Contract:
    contract = load(vendor)
    if arguments.operation:
        try:
            contract = contract.narrowed(arguments.operation)
        except ValueError as error:
            sys.exit(f"make fuzz: {error}")
    return replace(contract, links=()) if arguments.quick and contract.large else contract


def _begin(
    contract: Contract, emulator: Emulator, server: str, arguments: argparse.Namespace, threads: ThreadPoolExecutor
) -> list[Future[Evidence]]:
    facts = facts_of(contract.vendor)
    spec = json.loads(contract.bundle.read_text("utf-8"))
    settings = Settings(
        server=server,
        reports=arguments.reports,
        seed=arguments.seed,
        examples=arguments.examples,
        seconds=arguments.seconds,
        links=bool(contract.links),
        alone=frozenset(facts.get("alone", ())),
    )
    return begin(contract, known(emulator, contract.vendor, spec, facts), settings, threads)


def _print(contract: Contract, evidence: Evidence, found: list[str]) -> None:
    width = max(len(operation.id) for operation in contract.operations)
    print(f"\n{contract.vendor}\n  {'operation':{width}}  {'2xx':>6}  {'4xx':>6}  valid rate")
    for operation in contract.operations:
        refusals = sum(n for status, n in evidence.statuses[operation.label].items() if 400 <= status < 500)
        rate = evidence.valid_rate(operation.label)
        shown = "" if rate is None else f"{rate:10.0%}"
        print(f"  {operation.id:{width}}  {evidence.successes(operation.label):6}  {refusals:6}  {shown}")
    reached = sum(1 for operation in contract.operations if evidence.successes(operation.label))
    followed = sum(1 for link in contract.links if evidence.followed(link))
    print(
        f"  {reached} of {len(contract.operations)} operations reached with a success, "
        f"{followed} of {len(contract.links)} links followed, {evidence.cases} cases, {len(found)} failures"
    )
    for line in found:
        print(f"  {line}")


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("vendor", nargs="*", choices=[*vendors(), []], help="vendors to fuzz; all if none is named")
    parser.add_argument("--seed", type=int, default=1, help="seed of the generated cases (default 1)")
    parser.add_argument("--seconds", type=int, help="time budget of each run, which is repeated until it is spent")
    parser.add_argument("--examples", type=int, help=f"cases per operation and phase ({CASES} or {FEW_CASES})")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time (default 2)")
    parser.add_argument("--quick", action="store_true", help=f"follow no links of {LARGE} or more operations")
    parser.add_argument("--operation", action="append", help="operationId to narrow the run to; may be repeated")
    parser.add_argument("--reports", type=Path, default=ROOT / ".fuzz", help="folder of the reports (default .fuzz)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
