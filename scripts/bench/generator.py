"""Generating clients against the stock generator's own runs on the same bundles."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .measure import Row

ROOT = Path(__file__).resolve().parents[2]
# Vendor, rounds, and the goal: a multiple of the stock generator's time, or seconds if they are given.
SUBJECTS = (("podium", 3, 3.0, None), ("talview", 1, 3.0, 20.0))
_BUILD = (
    "import sys, pathlib; from scripts.sdkgen.generate import build; "
    "build(sys.argv[1], pathlib.Path('specs') / sys.argv[1], pathlib.Path(sys.argv[2]))"
)


def rows() -> list[Row]:
    """Measure generation.

    Returns:
        For each subject a row for a whole generation, and one for a run that finds everything current.
    """
    return [row for subject in SUBJECTS for row in _measured(*subject)]


def _measured(vendor: str, rounds: int, multiple: float, limit: float | None) -> list[Row]:
    bundle = ROOT / "generated" / f"{vendor}_client" / "openapi.json"
    current = [sys.executable, "-m", "scripts.sdkgen", "generate", vendor]
    _seconds(current)  # everything is current from here on
    best = {"full": float("inf"), "stock": float("inf"), "current": float("inf")}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            ours = [sys.executable, "-c", _BUILD, vendor, str(Path(folder) / f"{vendor}_client")]
            stock = [str(Path(sys.executable).with_name("openapi-python-client")), "generate", "--path", str(bundle)]
            stock += ["--meta", "none", "--output-path", str(Path(folder) / "client")]
            for name, command in (("full", ours), ("stock", stock), ("current", current)):
                best[name] = min(best[name], _seconds(command))
    peer = f"stock generator {best['stock']:.1f} s"
    goal = f"<= {multiple:g}x" if limit is None else f"<= {limit:g} s"
    met = best["full"] <= (multiple * best["stock"] if limit is None else limit)
    return [
        Row(f"generate {vendor}", f"{best['full']:.1f} s", peer, f"{best['full'] / best['stock']:.2f}x", goal, met),
        Row(
            f"generate {vendor}, nothing changed",
            f"{best['current']:.2f} s",
            peer,
            f"{best['current'] / best['stock']:.2f}x",
            "<= 1 s",
            best["current"] <= 1,
        ),
    ]


def _seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - started
