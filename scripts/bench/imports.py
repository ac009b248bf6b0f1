"""What importing a vendor costs beyond httpx, in fresh interpreters that take turns."""

import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .measure import Row, user_environment

ROOT = Path(__file__).resolve().parents[2]
STARTS = 9
_PROBE = "import time, httpx\nstarted = time.perf_counter()\n{statement}\nprint(time.perf_counter() - started)\n"


@dataclass(frozen=True)
class Subject:
    """A vendor whose imports are timed: a small interface, and the largest.

    Attributes:
        vendor: Its name.
        overlay: What is timed of the overlay.
        operation: Module of one operation, below the generated package.
        goal: Milliseconds that the overlay may take.
    """

    vendor: str
    overlay: str
    operation: str
    goal: int


SUBJECTS = (
    Subject("podium", "from assaykit import podium; podium.Podium", "participants.participants_status", 40),
    Subject("talview", "from assaykit import talview; talview.Talview", "candidates.candidates_list", 60),
)
CALL_GOAL = 20


def rows(work: Path) -> list[Row]:
    """Measure imports.

    Args:
        work: Folder for the stock clients.

    Returns:
        For each subject a row for the overlay, and one for one call's modules, against the stock generator's.
    """
    work.mkdir(parents=True, exist_ok=True)
    return [row for subject in SUBJECTS for row in _measured(subject, work)]


def _measured(subject: Subject, work: Path) -> list[Row]:
    vendor, operation = subject.vendor, subject.operation
    contenders = {  # what is loaded already, and the statement that is timed
        "overlay": ("httpx", subject.overlay),
        "call": ("httpx, attrs", f"from {vendor}_client import Facade; import {vendor}_client.api.{operation}"),
        "stock": ("httpx, attrs", f"import stock_{vendor}_client.api.{operation}"),
    }
    stock_client(vendor, work)
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(STARTS):
        for name, (loaded, statement) in contenders.items():
            taken[name].append(_seconds(loaded, statement, work))
    overlay, call, stock = (statistics.median(values) * 1000 for values in taken.values())
    peer = f"stock client {stock:.0f} ms"
    return [
        Row(
            f"import assaykit.{vendor} beyond httpx",
            f"{overlay:.0f} ms",
            peer,
            f"{overlay / stock:.2f}x",
            f"<= {subject.goal} ms",
            overlay <= subject.goal,
        ),
        Row(
            f"import one operation of {vendor}",
            f"{call:.0f} ms",
            peer,
            f"{call / stock:.2f}x",
            f"<= {CALL_GOAL} ms",
            call <= CALL_GOAL,
        ),
    ]


def stock_client(vendor: str, work: Path) -> None:
    """Generate the stock generator's client of a vendor, unless it is there."""
    target = work / f"stock_{vendor}_client"
    if not target.exists():
        bundle = ROOT / "generated" / f"{vendor}_client" / "openapi.json"
        command = [str(Path(sys.executable).with_name("openapi-python-client")), "generate", "--path", str(bundle)]
        subprocess.run([*command, "--meta", "none", "--output-path", str(target)], check=True, capture_output=True)


def _seconds(loaded: str, statement: str, work: Path) -> float:
    command = [sys.executable, "-c", _PROBE.format(loaded=loaded, statement=statement)]
    done = subprocess.run(command, cwd=work, env=user_environment(), check=True, capture_output=True, text=True)
    return float(done.stdout)
