"""Generating Podium's client against the stock generator's own run on the same bundle."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .measure import Row

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 3
_BUILD = (
    "import sys, pathlib; from scripts.sdkgen.generate import build; "
    "build('podium', pathlib.Path('specs/podium'), pathlib.Path(sys.argv[1]))"
)


def rows() -> list[Row]:
    """Measure generation.

    Returns:
        A row for a whole generation, and one for a run that finds everything current.
    """
    bundle = ROOT / "generated" / "podium_client" / "openapi.json"
    current = [sys.executable, "-m", "scripts.sdkgen", "generate", "podium"]
    _seconds(current)  # everything is current from here on
    best = {"full": float("inf"), "stock": float("inf"), "current": float("inf")}
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            ours = [sys.executable, "-c", _BUILD, str(Path(folder) / "podium_client")]
            stock = [str(Path(sys.executable).with_name("openapi-python-client")), "generate", "--path", str(bundle)]
            stock += ["--meta", "none", "--output-path", str(Path(folder) / "client")]
            for name, command in (("full", ours), ("stock", stock), ("current", current)):
                best[name] = min(best[name], _seconds(command))
    peer = f"stock generator {best['stock']:.1f} s"
    return [
        Row(
            "generate Podium",
            f"{best['full']:.1f} s",
            peer,
            f"{best['full'] / best['stock']:.2f}x",
            "<= 3x",
            best["full"] <= 3 * best["stock"],
        ),
        Row(
            "generate, nothing changed",
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
