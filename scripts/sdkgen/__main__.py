"""The command ``python -m scripts.sdkgen``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scripts.sdkgen.errors import SdkgenError
from scripts.sdkgen.generate import Layout, generate
from scripts.sdkgen.tree import Difference
from scripts.sdkgen.worktree import uncommitted

# Names told on one line.
_TOLD = 20


def main(arguments: list[str] | None = None) -> int:
    """Runs one command.

    Args:
        arguments: The command line without the program; the process's own by default.

    Returns:
        0 if all is well, 1 if a rule is broken, or generated code is not current or not committed.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except SdkgenError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.sdkgen", description="Specs to typed clients.")
    parser.add_argument("--root", type=Path, default=Path(), help="the repository; the current folder by default")
    commands = parser.add_subparsers(required=True, metavar="command")

    generating = commands.add_parser("generate", help="bring generated packages up to date")
    generating.add_argument("vendors", nargs="*", metavar="VENDOR", help="all vendors by default")
    generating.add_argument(
        "--check", action="store_true", help="change nothing; fail if anything would change or is not committed"
    )
    generating.set_defaults(run=_generate)

    linting = commands.add_parser("lint", help="check specs against the rules")
    linting.add_argument("vendors", nargs="*", metavar="VENDOR", help="all vendors by default")
    linting.set_defaults(run=_lint)

    bundling = commands.add_parser("bundle", help="join a spec into one JSON document")
    bundling.add_argument("vendor", metavar="VENDOR")
    bundling.add_argument("-o", "--output", type=Path, help="a file; standard output by default")
    bundling.set_defaults(run=_bundle)
    return parser


def _vendors(layout: Layout, chosen: list[str]) -> list[str]:
    known = layout.vendors()
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        raise SdkgenError(f"no spec for {', '.join(unknown)}; there are specs for {', '.join(known) or 'no vendor'}")
    return chosen or known


def _generate(options: argparse.Namespace) -> int:
    layout = Layout(options.root.resolve())
    outdated = pending = 0
    for vendor in _vendors(layout, options.vendors):
        differences = generate(layout, vendor, check=options.check)
        outdated += len(differences)
        _tell(layout, vendor, differences, check=options.check)
        if options.check:
            pending += _tell_uncommitted(layout, vendor)
    if options.check and outdated:
        print("generated/ is not what the specs and templates give; run `make generate` and commit the result")
    return 1 if options.check and (outdated or pending) else 0


def _tell_uncommitted(layout: Layout, vendor: str) -> int:
    names = uncommitted(layout.root, layout.package(vendor))
    if names:
        more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
        print(f"{vendor}: not committed: {', '.join(names[:_TOLD])}{more}; commit them together with the spec")
    return len(names)


def _tell(layout: Layout, vendor: str, differences: list[Difference], *, check: bool) -> None:
    if not differences:
        print(f"{vendor}: current")
        return
    print(f"{vendor}: {len(differences)} files {'differ' if check else 'written or removed'}")
    folder = layout.package(vendor).relative_to(layout.root)
    for difference in differences[:50]:
        print(f"  {difference.kind:8} {folder / difference.path}")
        for line in difference.lines if check else ():
            print(f"    {line}")
    if len(differences) > 50:
        print(f"  and {len(differences) - 50} more")


def _lint(options: argparse.Namespace) -> int:
    from scripts.sdkgen.bundle import bundle
    from scripts.sdkgen.lint import lint

    layout = Layout(options.root.resolve())
    total = 0
    for vendor in _vendors(layout, options.vendors):
        violations = lint(bundle(layout.spec(vendor)))
        total += len(violations)
        for violation in violations:
            print(violation)
        print(f"{vendor}: {len(violations)} violations")
    return 1 if total else 0


def _bundle(options: argparse.Namespace) -> int:
    from scripts.sdkgen.bundle import bundle

    layout = Layout(options.root.resolve())
    [vendor] = _vendors(layout, [options.vendor])
    content = bundle(layout.spec(vendor)).to_json()
    if options.output is None:
        sys.stdout.write(content)
    else:
        options.output.write_text(content, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
