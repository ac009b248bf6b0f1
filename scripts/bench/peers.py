"""Programs that the emulator is measured against, fetched from npm where Node is present."""

import json
import shutil
import subprocess
from pathlib import Path

PACKAGES = {"@stoplight/prism-cli": "5.16.0", "autocannon": "9.0.0"}


class PeerMissing(Exception):
    """A peer cannot be had on this machine; the message says what to install."""


def install(folder: Path) -> Path:
    """Install the pinned npm packages, once.

    Args:
        folder: where `node_modules` goes.

    Returns:
        The folder of the installed commands.

    Raises:
        PeerMissing: There is no Node or npm, or npm could not install the packages.
    """
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise PeerMissing("Node and npm are not installed; on Debian: apt-get install nodejs npm")
    marker = folder / "installed.json"
    if not marker.exists() or json.loads(marker.read_text("utf-8")) != PACKAGES:
        folder.mkdir(parents=True, exist_ok=True)
        wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
        command = [
            "npm",
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--no-save",
            "--prefix",
            str(folder),
            *wanted,
        ]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise PeerMissing(f"npm could not install {', '.join(wanted)}: {done.stderr.strip()[-300:]}")
        marker.write_text(json.dumps(PACKAGES), "utf-8")
    return folder / "node_modules" / ".bin"
