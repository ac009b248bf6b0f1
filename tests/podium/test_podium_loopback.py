"""The client over real sockets: connections that break, bodies that end early, a pool that is closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import assaykit
from assaykit import podium
from assaykit.emulator import vendors
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.serve import serve_in_thread
from assaykit.emulator.vendors.podium import seed
from tests.podium.support import CLIENT, new_participant, queue_report, queue_report_async


class Server:
    """Podium's emulator on a port of its own, and its control interface."""

    def __init__(self, url: str) -> None:
        self.base_url = f"{url}/podium"
        self._control = f"{url}/_emulator/worlds/default"

    def fail_next(self, operation: str, **fault: object) -> None:
        self._post("faults", {"vendor": "podium", "operation": operation, "times": 1, **fault})

    def advance(self, seconds: float) -> None:
        self._post("clock", {"advance": {"seconds": seconds}})

    def _post(self, what: str, document: dict[str, object]) -> None:
        httpx.post(f"{self._control}/{what}", json=document, trust_env=False).raise_for_status()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    emulator = Emulator([vendors.load("podium")], deliver=False)
    with serve_in_thread(emulator) as url:
        yield Server(url)
    emulator.close()


@pytest.fixture
def api(server: Server) -> Iterator[podium.Podium]:
    with podium.Podium(seed.API_KEY, base_url=server.base_url, sleep=lambda _: None) as made:
        yield made


def test_calls_and_errors_over_http(api: podium.Podium) -> None:
    created, response = api.raw(api.participants.create, CLIENT, body=new_participant("socket-1"))

    assert response.elapsed.total_seconds() > 0
    assert api.participants.status(CLIENT, created.participant_id).tests == []
    with pytest.raises(assaykit.NotFound):
        api.credits.get("client-of-nobody")


@pytest.mark.parametrize("kind", ["reset", "close", "garbage", "truncated"])
def test_broken_connections_are_repeated_where_that_does_no_harm(server: Server, api: podium.Podium, kind: str) -> None:
    server.fail_next("credits_get", kind=kind)
    assert api.credits.get(CLIENT).credit_total > 0
    server.fail_next("participants_create", kind=kind)
    with pytest.raises(assaykit.ConnectionFailed) as caught:
        api.participants.create(CLIENT, body=new_participant("socket-2"))
    assert caught.value.operation == "participants_create"
    assert api.credits.get(CLIENT).credit_total > 0


def test_slow_answer_is_a_timeout(server: Server, api: podium.Podium) -> None:
    api.credits.get(CLIENT)
    server.fail_next("participants_create", delay=1)
    with pytest.raises(assaykit.Timeout, match=r"no answer within 0\.2 s"):
        api.with_options(timeout=0.2).participants.create(CLIENT, body=new_participant("socket-3"))


def test_server_that_is_not_there_is_a_failed_connection() -> None:
    waits: list[float] = []
    with (
        podium.Podium("key", base_url="http://127.0.0.1:1", sleep=waits.append) as api,
        pytest.raises(assaykit.ConnectionFailed, match="connect error"),
    ):
        api.participants.create(CLIENT, body=new_participant())

    assert len(waits) == 2


def test_report_is_downloaded_over_http_although_it_breaks_off(
    server: Server, api: podium.Podium, tmp_path: Path
) -> None:
    report = queue_report(api)
    server.advance(3600)
    server.fail_next("reports_download", kind="truncated")
    saved = podium.download_report(api, CLIENT, report, tmp_path / "report.docx")
    link = podium.secure_report_link(api, CLIENT, report)
    linked = podium.download_secure_link(api, link, tmp_path / "linked.docx")

    assert saved.path.read_bytes() == linked.path.read_bytes() == api.reports.download(CLIENT, report).payload.read()


@pytest.mark.anyio
async def test_async_client_over_http(server: Server, tmp_path: Path) -> None:
    async def no_wait(_seconds: float) -> None:
        pass

    async with podium.AsyncPodium(seed.API_KEY, base_url=server.base_url, sleep=no_wait) as api:
        report = await queue_report_async(api)
        server.advance(3600)
        server.fail_next("reports_status", kind="truncated")
        assert (await api.reports.status(CLIENT, report)).completion_date is not None
        server.fail_next("reports_download", kind="reset")
        saved = await podium.download_report_async(api, CLIENT, report, tmp_path / "report.docx")

    assert saved.path.stat().st_size == saved.size > 0
