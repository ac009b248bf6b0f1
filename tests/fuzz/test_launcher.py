"""Processes that run side by side each tell their own exit code."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts.fuzz.launcher import launch

ENDINGS = {("--version",): 0, ("no-such-command",): 2}


def test_no_exit_code_is_lost_or_mistaken(tmp_path: Path) -> None:
    wanted = [(arguments, code) for _ in range(20) for arguments, code in ENDINGS.items()]

    with ThreadPoolExecutor(4) as threads:
        codes = list(
            threads.map(lambda one: launch(one[1][0], {}, tmp_path / f"{one[0]}.log"), enumerate(wanted), timeout=120)
        )

    assert codes == [code for _, code in wanted]
    assert "version" in (tmp_path / "0.log").read_text("utf-8")
    assert "no-such-command" in (tmp_path / "1.log").read_text("utf-8")
