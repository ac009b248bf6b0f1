"""Every Python block of the README runs as printed, against the emulator."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from assaykit import podium, talentics, talview, testdome
from assaykit.testing.podium import Emulator
from assaykit.testing.talentics import Emulator as TalenticsEmulator
from assaykit.testing.talview import Emulator as TalviewEmulator
from assaykit.testing.testdome import Emulator as TestDomeEmulator
from tests.receiver.sites import serve_asgi
from tests.talview.support import Server as TalviewServer
from tests.talview.support import example

README = Path(__file__).parents[2] / "README.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README.read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture
def emulated(monkeypatch: pytest.MonkeyPatch, podium_emulator: Emulator) -> Emulator:
    """Let every client reach the emulator, whatever address and key the README shows."""
    ordinary = podium.Podium.__init__

    def connect(api: podium.Podium, api_key: str, **options: Any) -> None:
        options |= {"transport": podium_emulator.transport(), "sleep": podium_emulator.sleep}
        ordinary(api, podium_emulator.api_key, **options)

    monkeypatch.setattr(podium.Podium, "__init__", connect)
    monkeypatch.setenv("ASSAYKIT_PODIUM_API_KEY", "any")
    monkeypatch.setenv("ASSAYKIT_PODIUM_REGION", "eu")
    return podium_emulator


def run(block: str, **names: Any) -> dict[str, Any]:
    exec(compile(block, str(README), "exec"), names)  # noqa: S102 - the README's own code
    return names


def block_with(text: str) -> str:
    [found] = [block for block in BLOCKS if text in block]
    return str(found)


def test_the_first_client(emulated: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    run(block_with("podium.Podium(api_key="))

    assert "loginKey=" in capsys.readouterr().out
    assert [mail["to"] for mail in emulated.mails] == ["ada.sample@example.com"]


def test_a_report(emulated: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    run(block_with("wait_for_report"))

    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_a_webhook(emulated: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    receive: Callable[..., None] = run(block_with("podium.webhooks.parse"))["receive"]
    emulated.subscribe(receive)

    emulated.complete("1-1-49164582-ad37-45aa-abc5-c4d622824131", "test1")
    for sent in emulated.webhooks:
        emulated.world.outbox.redeliver(sent["id"])
    emulated.world.settle()

    assert capsys.readouterr().out == "1-1-49164582-ad37-45aa-abc5-c4d622824131 test1\n"


def test_the_webhook_receiver(
    emulated: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = "secret-of-the-readme"
    monkeypatch.setenv("PODIUM_HOOK_SECRET", secret)

    with serve_asgi(run(block_with("FastAPI()"))["app"]) as url:
        emulated.subscribe(f"{url}/hooks/podium/{secret}")
        emulated.complete("1-1-49164582-ad37-45aa-abc5-c4d622824131", "test1")

    assert capsys.readouterr().out == "1-1-49164582-ad37-45aa-abc5-c4d622824131 test1\n"


def test_pages(
    monkeypatch: pytest.MonkeyPatch, talentics_emulator: TalenticsEmulator, capsys: pytest.CaptureFixture[str]
) -> None:
    api = talentics_emulator.client()
    monkeypatch.setattr(talentics, "Talentics", lambda **_: api)

    run(block_with("talentics.Talentics("))

    assert len(capsys.readouterr().out.splitlines()) == 150


def test_invitations_that_fail_in_part(
    monkeypatch: pytest.MonkeyPatch, testdome_emulator: TestDomeEmulator, capsys: pytest.CaptureFixture[str]
) -> None:
    api = testdome_emulator.client()
    monkeypatch.setattr(testdome, "TestDome", lambda **_: api)

    run(block_with("testdome.TestDome("))

    failed, invited = capsys.readouterr().out.splitlines()
    assert failed.startswith("not invited: ('bela.sample at example.com',)")
    assert invited.endswith("una.sample@example.com sendingInvitation")


def test_many_candidates_at_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    server = TalviewServer(candidates=120)
    invited: list[dict[str, int]] = []

    def invite(request: httpx.Request) -> httpx.Response:
        invited.extend(json.loads(request.content)["candidates"])
        return httpx.Response(201, json=example("InviteAction"))

    server.answers["/actions/invite"] = invite
    looks = iter([invited[:0]])  # nothing has happened at the first look

    def look(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=next(looks, invited), headers={"X-Pagination-Page-Count": "1"})

    server.answers["/models/assessment-section-candidate"] = look
    api = server.client()
    monkeypatch.setattr(talview, "Talview", lambda *_, **__: api)

    run(block_with("talview.Talview("))

    assert capsys.readouterr().out == "120 invited\n"
    assert invited == [{"id": number} for number in range(1, 121)]
    sizes = [len(json.loads(request.content)["candidates"]) for request in server.requests if request.content]
    assert sizes == [100, 20]


def test_the_first_test(podium_emulator: Emulator) -> None:
    run(block_with("def test_a_candidate_is_tested"))["test_a_candidate_is_tested"](podium_emulator)


def test_a_hiring_decision(talview_emulator: TalviewEmulator) -> None:
    run(block_with("def test_somebody_is_selected"))["test_somebody_is_selected"](talview_emulator)


def test_no_block_is_left_out() -> None:
    assert len(BLOCKS) == 9
