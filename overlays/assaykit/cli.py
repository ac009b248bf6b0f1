"""The command line: `assaykit emulator` serves the emulated vendors."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assaykit.core.version import __version__

if TYPE_CHECKING:
    from assaykit.emulator.engine.emulator import Emulator

_MISSING = "the emulator's packages are not installed ({}); run: pip install 'assaykit[emulator]'"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _fail(text: str) -> int:
    sys.stderr.write(f"assaykit: {text}\n")
    return 2


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not an instant such as 2030-01-01T09:00:00Z") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give 0 to 65535, 0 for any free one")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="assaykit", description="Integrations with hiring-assessment vendors, and the vendors emulated."
    )
    parser.add_argument("--version", action="version", version=f"assaykit {__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    emulator = commands.add_parser(
        "emulator",
        help="serve the emulated vendors over HTTP",
        description="Serve the emulated vendors until interrupted. State is kept in memory unless --store says else.",
    )
    emulator.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    emulator.add_argument("--port", type=_port, default=8080, help="port, 0 for any free one (default: %(default)s)")
    emulator.add_argument("--store", default="memory", metavar="memory|FILE", help="where data is kept")
    emulator.add_argument(
        "--vendor", action="append", metavar="NAME", help="serve this vendor only; may be repeated (default: all)"
    )
    emulator.add_argument(
        "--frozen-clock", type=_instant, metavar="INSTANT", help="start with a clock that stands still here"
    )
    emulator.add_argument("--seed", default="assaykit", help="seed of identifiers and scores (default: %(default)s)")
    emulator.add_argument(
        "--no-rate-limits",
        action="store_true",
        help="enforce no documented rate limits; the control API switches them while it runs",
    )
    emulator.add_argument(
        "--allow-remote",
        action="store_true",
        help="allow other computers: a host that is not loopback, and the control API under any host name",
    )
    return parser


def _greeting(emulator: Emulator, url: str) -> str:
    lines = ["The emulator is running. Stop it with Ctrl-C.", ""]
    for name, vendor in emulator.vendors.items():
        base = f"{url}/{name}"
        lines.append(f"{name:<10} {base}")
        lines.extend(f"{'':<10}   {key}: {value}" for key, value in vendor.credentials.items())
        if vendor.sample:
            lines.append(f"{'':<10}   curl {vendor.sample.replace('{url}', base)}")
    lines.append(f"{'control':<10} {url}/_emulator")
    lines.append(f"{'':<10}   another isolated world: {url}/worlds/<name>/<vendor>")
    return "\n".join(lines)


def _emulate(options: argparse.Namespace) -> int:
    try:
        from assaykit.emulator import vendors
        from assaykit.emulator.engine import control, serve
        from assaykit.emulator.engine.clock import SystemClock
        from assaykit.emulator.engine.emulator import Emulator
        from assaykit.emulator.engine.storage_sqlite import StorageUnusable
    except ModuleNotFoundError as error:
        return _fail(_MISSING.format(error.name))
    host, allow_remote = str(options.host), bool(options.allow_remote)
    if not allow_remote and not control.is_loopback(host):
        return _fail(
            f"{host} can be reached from other computers, and the emulator has no passwords worth the name; "
            "add --allow-remote if that is wanted"
        )
    try:
        emulator = Emulator(
            vendors.load_all(options.vendor),
            store=None if options.store == "memory" else Path(options.store),
            seed=options.seed,
            clock=lambda: SystemClock(options.frozen_clock),
            deliver=False,
            rate_limits=not options.no_rate_limits,
        )
        emulator.world()
        listener = serve.bind(host, options.port)
    except ModuleNotFoundError as error:
        return _fail(_MISSING.format(error.name))
    except (OSError, ValueError, StorageUnusable) as error:
        return _fail(str(error))
    shown = f"[{host}]" if ":" in host else host
    _say(_greeting(emulator, f"http://{shown}:{listener.getsockname()[1]}"))
    try:
        serve.serve(emulator, listener, allow_remote=allow_remote)
    except KeyboardInterrupt:
        _say("Stopped.")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: Words after the program's name; None for those of this process.

    Returns:
        Exit status: 0 for success, 2 for what the user can mend.
    """
    return _emulate(_parser().parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
