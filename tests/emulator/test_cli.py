"""The command line."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from assaykit import cli
from assaykit.emulator.engine.serve import bind


@contextmanager
def _running(*arguments: str) -> Iterator[tuple[str, str]]:
    """Run the command, and give the URL and everything that it printed up to there."""
    command = [sys.executable, "-m", "assaykit.cli", "emulator", "--port", "0", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        printed = ""
        while "another isolated world" not in printed:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            printed += line
        found = re.search(r"http://\S+/_emulator", printed)
        assert found is not None
        yield found.group().removesuffix("/_emulator"), printed
    finally:
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=10)
    assert process.returncode == 0, errors
    assert "Traceback" not in rest + errors


def test_it_serves_what_it_prints() -> None:
    with _running("--vendor", "podium") as (url, printed):
        line = next(line for line in printed.splitlines() if "curl" in line)
        found = re.search(r"curl -X POST (\S+) -H 'Content-Type: application/json' -d '(.*)'", line)
        assert found is not None
        address, body = found.groups()
        assert address == f"{url}/podium/token"
        answer = httpx.post(address, content=body, headers={"Content-Type": "application/json"}, trust_env=False)
        token = answer.json()["token"]
        shown = httpx.get(
            f"{url}/podium/clients/client-1/credits", headers={"Authorization": f"Bearer {token}"}, trust_env=False
        )
        assert shown.json() == {"creditTotal": 100}
        for word in ("api_key: assaykit-demo-key", "client_id: client-1", f"{url}/_emulator"):
            assert word in printed


def test_a_frozen_clock_and_a_file(tmp_path: Path) -> None:
    path = tmp_path / "kept.db"
    options = ("--store", str(path), "--frozen-clock", "2030-01-01T09:00", "--seed", "other")
    for expected in (100, 7):
        with _running(*options) as (url, _):
            control = f"{url}/_emulator/worlds/default"
            clock = httpx.get(f"{control}/clock", trust_env=False).json()
            assert clock == {"now": "2030-01-01T09:00:00.000000Z", "frozen": True}
            credits_url = f"{control}/podium/credits"
            client = {"clientId": "client-1"}
            assert httpx.post(credits_url, json=client, trust_env=False).json()["creditTotal"] == expected
            httpx.post(credits_url, json=client | {"creditTotal": 7}, trust_env=False)
    assert path.exists()


@pytest.mark.parametrize(("options", "last"), [((), 429), (("--no-rate-limits",), 200)])
def test_rate_limits_are_enforced_unless_told_else(options: tuple[str, ...], last: int) -> None:
    with _running("--vendor", "talentics", "--frozen-clock", "2030-01-01T09:00", *options) as (url, _):
        auth = ("assaykit-demo-app", "assaykit-demo-secret")
        with httpx.Client(base_url=f"{url}/talentics", auth=auth, trust_env=False) as client:
            assert [client.get("/v2/exams/1").status_code for _ in range(51)] == [200] * 50 + [last]
        shown = httpx.get(f"{url}/_emulator/worlds/default/rate-limits", trust_env=False).json()
        assert shown["enabled"] is not bool(options)


def test_a_used_up_window_is_used_up_after_a_restart(tmp_path: Path) -> None:
    options = ("--vendor", "talentics", "--store", str(tmp_path / "kept.db"), "--frozen-clock", "2030-01-01T09:00")
    for expected in ([200] * 50, [429]):
        with _running(*options) as (url, _):
            auth = ("assaykit-demo-app", "assaykit-demo-secret")
            with httpx.Client(base_url=f"{url}/talentics", auth=auth, trust_env=False) as client:
                assert [client.get("/v2/exams/1").status_code for _ in expected] == expected


def _told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main(["emulator", *arguments]) == 2
    return capsys.readouterr().err


def test_a_taken_port_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with bind("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert f"port {port} on 127.0.0.1 is in use" in _told(capsys, "--port", str(port))


def test_another_host_needs_permission(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--allow-remote" in _told(capsys, "--host", "192.0.2.1")


def test_an_unknown_vendor_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no vendor 'other'; there is podium" in _told(capsys, "--vendor", "other")


def test_an_unusable_file_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "name another file" in _told(capsys, "--store", str(tmp_path))


def test_a_missing_extra_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("assaykit.emulator") or name == "uvicorn"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert "pip install 'assaykit[emulator]'" in _told(capsys)


@pytest.mark.parametrize("arguments", [["--frozen-clock", "soon"], ["--port", "70000"], ["--port", "x"], ["--other"]])
def test_unfit_arguments_are_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["emulator", *arguments])
    assert "usage" in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out.startswith("assaykit ")
