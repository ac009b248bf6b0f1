"""The pytest plugin, as a user's test suite meets it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from assaykit.emulator.engine.rejection import Rejected
from assaykit.testing.podium import Emulator

SUITE = """
import httpx
import pytest

SEEN = []


@pytest.mark.parametrize("run", [1, 2])
def test_each_test_has_a_world_of_its_own(podium_emulator, run):
    with httpx.Client(transport=podium_emulator.transport(), base_url=podium_emulator.base_url) as client:
        token = client.post("/token", json={"apiKey": podium_emulator.api_key}).json()["token"]
        client.headers["Authorization"] = "Bearer " + token
        body = {"firstName": "A", "lastName": "B", "gender": "Other", "emailAddress": "a@example.com",
                "integrationPartnerParticipantId": "p"}
        made = client.post("/clients/client-1/participants", json=body).json()
        assert len(client.get("/clients/client-1/participants/external/p/status").json()) == 1
    SEEN.append((token, made))
    assert len(podium_emulator.journal) == 3
    podium_emulator.clock.advance(hours=run)


def test_both_saw_the_same():
    assert len(SEEN) == 2
    assert SEEN[0] == SEEN[1]
"""


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_fixture_is_found_isolated_and_deterministic(tmp_path: Path) -> None:
    (tmp_path / "test_users.py").write_text(SUITE)
    done = _run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


def test_the_plugin_imports_nothing_of_the_emulator(tmp_path: Path) -> None:
    code = (
        "import sys, assaykit.testing.plugin\n"
        "heavy = ('httpx', 'jsonschema_rs', 'orjson', 'jwt', 'uvicorn', 'sqlite3', 'assaykit.emulator')\n"
        "print([name for name in sys.modules if name.startswith(heavy)])"
    )
    assert _run(tmp_path, "-c", code).stdout.strip() == "[]"


def test_fail_next_without_more_is_a_503(podium_emulator: Emulator) -> None:
    with httpx.Client(transport=podium_emulator.transport(), base_url=podium_emulator.base_url) as client:
        podium_emulator.fail_next("tokens_create")
        podium_emulator.fail_next("credits_get", status=418)
        statuses = [client.post("/token", json={"apiKey": "x"}).status_code for _ in range(2)]
    assert statuses == [503, 401]
    assert len(podium_emulator.faults.rules) == 2
    podium_emulator.reset()
    assert podium_emulator.faults.rules == []


def test_delays_move_the_clock(podium_emulator: Emulator) -> None:
    before = podium_emulator.clock.now()
    podium_emulator.fail_next(delay=4, status=500)
    with httpx.Client(transport=podium_emulator.transport(), base_url=podium_emulator.base_url) as client:
        client.get("/token")
    assert (podium_emulator.clock.now() - before).total_seconds() == 4


def test_the_simulated_candidate(podium_emulator: Emulator) -> None:
    heard: list[bytes] = []

    def receive(headers: Mapping[str, str], body: bytes) -> None:
        heard.append(body)

    kim = "1-1-50164512-ad37-45aa-abc5-c4d122824131"
    podium_emulator.subscribe(receive, events=["testCompleted"])
    podium_emulator.subscribe(normId="norm2", events=["testCompletedWithResultScoring"])
    assert podium_emulator.start(kim, "test2")["startedAt"] is not None
    done = podium_emulator.complete(kim, "test2", raw_scores={"Scale1": 3, "Scale2": 4})
    assert done["rawScores"] == {"Scale1": 3, "Scale2": 4}
    assert len(heard) == 1
    assert [(delivery["event"], delivery["state"]) for delivery in podium_emulator.webhooks] == [
        ("testCompleted", "delivered"),
        ("testCompletedWithResultScoring", "delivered"),
    ]
    assert podium_emulator.credits == 99
    with pytest.raises(Rejected, match="is completed"):
        podium_emulator.complete(kim, "test2")
    with pytest.raises(ValueError, match="testCompleted"):
        podium_emulator.subscribe(events=["other"])


def test_credits_and_reports(podium_emulator: Emulator) -> None:
    podium_emulator.set_credits(3)
    assert (podium_emulator.credits, podium_emulator.credits_of("client-2")) == (3, 100)
    report = "1-1-58bbcd87-d0f4-4673-9e40-c9e3d3772012"
    podium_emulator.fail_report(report)
    assert podium_emulator.finish_reports() == [report]
    podium_emulator.suspend_report(report)
    assert podium_emulator.finish_reports() == []
    assert podium_emulator.mails == []
    assert "podium emulator at 2026-01-05T09:00" in repr(podium_emulator)


def test_the_typed_client_lives_on_the_worlds_clock(podium_emulator: Emulator) -> None:
    with podium_emulator.client() as api:
        assert api.credits.get(podium_emulator.client_id).credit_total == 100
        podium_emulator.clock.advance(hours=1)
        assert api.credits.get(podium_emulator.client_id).credit_total == 100
    assert [entry.operation for entry in podium_emulator.journal] == ["tokens_create", "credits_get"] * 2
    assert podium_emulator.journal.find(status=401) == []


@pytest.mark.anyio
async def test_the_async_client(podium_emulator: Emulator) -> None:
    async with podium_emulator.async_client() as api:
        assert (await api.credits.get("client-1")).credit_total == 100
