"""`make bench`: ratios against peers that run on the same machine at the same time."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from . import calls, generator, imports, inprocess, server, worlds
from .measure import Row
from .peers import PeerMissing

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".bench"
PARTS: dict[str, Callable[[], list[Row]]] = {
    "calls": lambda: calls.rows(WORK),
    "imports": lambda: imports.rows(WORK),
    "inprocess": inprocess.rows,
    "generator": generator.rows,
    "server": lambda: server.rows(WORK),
    "worlds": lambda: worlds.rows(WORK),
}


def main() -> int:
    """Run the chosen parts and print a table."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help="parts to run; all if none is named")
    print(f"{'what':38} {'ours':>10}  {'peer':28} {'ratio':>7}  {'goal':10}")
    for name in parser.parse_args().part or PARTS:
        try:
            table = PARTS[name]()
        except PeerMissing as missing:
            print(f"{name}: not measured, {missing}")
            continue
        for row in table:
            mark = "" if row.met else "  missed"
            print(f"{row.what:38} {row.ours:>10}  {row.peer:28} {row.ratio:>7}  {row.goal:10}{mark}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
