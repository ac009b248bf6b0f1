"""What importing a vendor costs beyond httpx, in fresh interpreters that take turns."""

import statistics
import subprocess
import sys
from pathlib import Path

from .measure import Row, user_environment

ROOT = Path(__file__).resolve().parents[2]
STARTS = 9
_PROBE = "import time, httpx\nstarted = time.perf_counter()\n{statement}\nprint(time.perf_counter() - started)\n"
# Name: what is loaded already, and the statement that is timed.
CONTENDERS = {
    "overlay": ("httpx", "from assaykit import podium; podium.Podium"),
    "call": (
        "httpx, attrs",
        "from podium_client import Facade; import podium_client.api.participants.participants_status",
    ),
    "stock": ("httpx, attrs", "import stock_podium_client.api.participants.participants_status"),
}


def rows(work: Path) -> list[Row]:
    """Measure imports.

    Args:
        work: folder for the stock client of Podium's spec.

    Returns:
        Rows for the overlay, and for one call's modules against the stock generator's.
    """
    work.mkdir(parents=True, exist_ok=True)
    _stock(work)
    taken: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for _ in range(STARTS):
        for name, (loaded, statement) in CONTENDERS.items():
            taken[name].append(_seconds(loaded, statement, work))
    overlay, call, stock = (statistics.median(values) * 1000 for values in taken.values())
    peer = f"stock client {stock:.0f} ms"
    return [
        Row(
            "import assaykit.podium beyond httpx",
            f"{overlay:.0f} ms",
            peer,
            f"{overlay / stock:.2f}x",
            "<= 40 ms",
            overlay <= 40,
        ),
        Row(
            "import one operation beyond attrs", f"{call:.0f} ms", peer, f"{call / stock:.2f}x", "<= 20 ms", call <= 20
        ),
    ]


def _stock(work: Path) -> None:
    target = work / "stock_podium_client"
    if not target.exists():
        bundle = ROOT / "generated" / "podium_client" / "openapi.json"
        command = [str(Path(sys.executable).with_name("openapi-python-client")), "generate", "--path", str(bundle)]
        subprocess.run([*command, "--meta", "none", "--output-path", str(target)], check=True, capture_output=True)


def _seconds(loaded: str, statement: str, work: Path) -> float:
    command = [sys.executable, "-c", _PROBE.format(loaded=loaded, statement=statement)]
    done = subprocess.run(command, cwd=work, env=user_environment(), check=True, capture_output=True, text=True)
    return float(done.stdout)
