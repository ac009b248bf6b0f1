"""The emulator over loopback against Prism: requests a second, start-up, memory."""

import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from .measure import Row, user_environment
from .peers import install

ROOT = Path(__file__).resolve().parents[2]
PARTICIPANT = "1-1-49164582-ad37-45aa-abc5-c4d622824131"
READ = f"/clients/client-1/participants/{PARTICIPANT}/status"
CREATE = "/clients/client-1/participants"
BODY = json.dumps(
    {
        "firstName": "Ada",
        "lastName": "Sample",
        "gender": "Female",
        "emailAddress": "ada.sample@example.com",
        "integrationPartnerParticipantId": "bench-1",
    }
)
ROUNDS = 3
STARTS = 5


@dataclass(frozen=True)
class Served:
    """A running server.

    Attributes:
        url: base URL of the vendor.
        seconds: time from start to the first answer.
        megabytes: resident memory after the first answer.
        pid: the server's process.
    """

    url: str
    seconds: float
    megabytes: float
    pid: int


def rows(work: Path) -> list[Row]:
    """Measure emulator and Prism in turns.

    Args:
        work: folder for the npm packages.

    Returns:
        Rows for create, read, start-up and memory; and for these two with all vendors, of which Prism serves one.

    Raises:
        PeerMissing: Node, npm or a package is missing.
    """
    commands = install(work / "npm")
    bundle = ROOT / "generated" / "podium_client" / "openapi.json"
    starts: dict[str, list[Served]] = {"ours": [], "prism": [], "all": []}
    rates: dict[tuple[str, str], list[float]] = {}
    for number in range(STARTS):
        for name in starts:
            with _contender(name, commands, bundle) as served:
                starts[name].append(served)
                if number < ROUNDS and name != "all":
                    token = _token(served.url)
                    for what, path, body in (("create", CREATE, BODY), ("read", READ, None)):
                        rate = _rate(commands, served.url + path, token, body)
                        rates.setdefault((name, what), []).append(rate)
    table = []
    for what, goal in (("create", 4.0), ("read", 5.0)):
        ours, peer = (statistics.median(rates[name, what]) for name in ("ours", "prism"))
        ratio = ours / peer
        text = f"{ratio:.1f}x", f">= {goal:g}x", ratio >= goal
        table.append(Row(f"emulator, {what}", f"{ours:.0f}/s", f"Prism {peer:.0f}/s", *text))
    for what, unit, goal in (("seconds", "s", 0.4), ("megabytes", "MB", 80.0)):
        ours, peer, every = (statistics.median(getattr(served, what) for served in starts[name]) for name in starts)
        label = "emulator, start-up" if what == "seconds" else "emulator, memory"
        text = f"{ours / peer:.2f}x", f"<= {goal:g} {unit}", ours <= goal
        table.append(Row(label, f"{ours:.3g} {unit}", f"Prism {peer:.3g} {unit}", *text))
        alone = f"one vendor {ours:.3g} {unit}"
        table.append(Row(f"{label}, all vendors", f"{every:.3g} {unit}", alone, f"{every / ours:.2f}x", "", met=True))
    return table


def _contender(name: str, commands: Path, bundle: Path) -> AbstractContextManager[Served]:
    if name == "prism":
        return _prism(commands, bundle)
    return serving_emulator("podium", *(("--vendor", "podium") if name == "ours" else ()))


@contextmanager
def serving_emulator(vendor: str, *arguments: str) -> Iterator[Served]:
    """Serve the emulator for as long as the block runs.

    Args:
        vendor: the vendor to whose base URL requests go.
        *arguments: further words of its command line.

    Yields:
        The running server.
    """
    port = _free_port()
    command = [str(Path(sys.executable).with_name("assaykit")), "emulator", "--port", str(port), *arguments]
    with _serving(command, f"http://127.0.0.1:{port}/{vendor}") as served:
        yield served


@contextmanager
def _prism(commands: Path, bundle: Path) -> Iterator[Served]:
    port = _free_port()
    command = [str(commands / "prism"), "mock", "--port", str(port), str(bundle)]
    with _serving(command, f"http://127.0.0.1:{port}") as served:
        yield served


@contextmanager
def _serving(command: list[str], url: str) -> Iterator[Served]:
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env=user_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while True:
            if process.poll() is not None:
                raise RuntimeError(f"{command[0]} ended with exit code {process.returncode}")
            try:
                httpx.get(url + "/clients/client-1/credits", trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.005)
        yield Served(url, time.perf_counter() - started, resident(process.pid), process.pid)
    finally:
        process.terminate()
        process.wait(10)


def _token(url: str) -> str:
    answer = httpx.post(url + "/token", json={"apiKey": "assaykit-demo-key"}, trust_env=False)
    return str(answer.raise_for_status().json()["token"])


def _rate(commands: Path, url: str, token: str, body: str | None) -> float:
    command = [str(commands / "autocannon"), "--json", "--duration", "3", "--connections", "16"]
    command += ["--headers", f"Authorization=Bearer {token}"]
    if body is not None:
        command += ["--method", "POST", "--headers", "Content-Type=application/json", "--body", body]
    done = subprocess.run([*command, url], check=True, capture_output=True, text=True)
    report = json.loads(done.stdout)
    if report["non2xx"] or report["errors"]:
        raise RuntimeError(f"{url}: {report['non2xx']} refusals and {report['errors']} errors under load")
    return float(report["requests"]["average"])


def resident(pid: int) -> float:
    """Return the resident memory of a process in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
