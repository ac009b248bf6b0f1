"""`make demo`: every finished vendor's hiring flow, end to end over HTTP."""

import argparse
import importlib
import sys

from assaykit.emulator import vendors
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.serve import serve_in_thread
from scripts.fuzz.plan import ROOT

from .steps import Steps


def main() -> int:
    """Run the named vendors' flows, print a table for each, and return 1 if one failed."""
    flows = sorted(
        path.parent.name
        for path in ROOT.glob("specs/*/openapi.yaml")
        if (ROOT / f"scripts/demo/{path.parent.name}.py").exists()
    )
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("vendor", nargs="*", choices=[*flows, []], help="vendors to show; all if none is named")
    failed = 0
    for vendor in parser.parse_args().vendor or flows:
        flow = importlib.import_module(f"scripts.demo.{vendor}")
        steps = Steps()
        error: Exception | None = None
        with serve_in_thread(Emulator([vendors.load(vendor)], deliver=False)) as server:
            print(f"\n{vendor}: {(flow.__doc__ or '').partition(': ')[2].strip()}")
            try:
                flow.run(server, steps)
            except Exception as caught:  # a demo shows how far it got, whatever stopped it
                error = caught
        if steps.rows:
            print(steps.table())
        if error is not None:
            failed += 1
            print(f"  FAILED after step {len(steps.rows)}: {type(error).__name__}: {error}")
        else:
            print(f"  {len(steps.rows)} steps, all as expected")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
