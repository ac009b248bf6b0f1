"""Reports as files, by operation and by secure link."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

import assaykit
from assaykit import podium
from assaykit.testing.podium import Emulator
from tests.podium.support import CLIENT, queue_report, queue_report_async


def ready(api: podium.Podium, *report_ids: str) -> str:
    report = queue_report(api, *report_ids)
    podium.wait_for_report(api, CLIENT, report)
    return report


def test_report_is_streamed_to_its_file(podium_emulator: Emulator, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    path = tmp_path / "report.docx"
    with podium_emulator.client() as api:
        report = ready(api)
        saved = podium.download_report(
            api, CLIENT, report, path, progress=lambda done, total: seen.append((done, total))
        )
        in_memory = api.reports.download(CLIENT, report)

    assert path.read_bytes() == in_memory.payload.read()
    assert saved == podium.Downloaded(path, in_memory.mime_type, path.stat().st_size)
    assert seen[-1] == (saved.size, saved.size)
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.docx"]


def test_several_reports_come_as_an_archive(podium_emulator: Emulator, tmp_path: Path) -> None:
    with podium_emulator.client() as api:
        saved = podium.download_report(api, CLIENT, ready(api, "report1", "report2"), str(tmp_path / "reports.zip"))

    assert saved.media_type == "application/zip"


def test_report_that_is_not_ready_is_a_conflict_and_leaves_nothing(podium_emulator: Emulator, tmp_path: Path) -> None:
    kept = tmp_path / "report.docx"
    kept.write_text("kept")
    with podium_emulator.client() as api, pytest.raises(assaykit.Conflict) as caught:
        podium.download_report(api, CLIENT, queue_report(api), kept)

    assert caught.value.operation == "reports_download"
    assert caught.value.message
    assert caught.value.response is not None
    assert caught.value.response.json()["error"]["code"] == caught.value.code
    assert kept.read_text() == "kept"
    assert list(tmp_path.iterdir()) == [kept]


def test_report_is_gone_after_a_year(podium_emulator: Emulator, tmp_path: Path) -> None:
    with podium_emulator.client() as api:
        report = ready(api)
        podium_emulator.clock.advance(days=366)
        with pytest.raises(assaykit.Gone):
            podium.download_report(api, CLIENT, report, tmp_path / "report.docx")


def test_download_that_is_cut_off_is_taken_up_again(podium_emulator: Emulator, tmp_path: Path) -> None:
    with podium_emulator.client() as api:
        report = ready(api)
        podium_emulator.fail_next("reports_download", kind="truncated")
        saved = podium.download_report(api, CLIENT, report, tmp_path / "report.docx")
        expected = api.reports.download(CLIENT, report).payload.read()

    assert saved.path.read_bytes() == expected
    assert list(tmp_path.iterdir()) == [saved.path]


def test_download_that_stays_cut_off_fails_and_leaves_nothing(podium_emulator: Emulator, tmp_path: Path) -> None:
    with podium_emulator.client() as api:
        report = ready(api)
        podium_emulator.fail_next("reports_download", kind="truncated", times=None)
        with pytest.raises(assaykit.ConnectionFailed):
            podium.download_report(api, CLIENT, report, tmp_path / "report.docx")

    assert list(tmp_path.iterdir()) == []


def test_file_that_is_there_is_replaced_only_if_wanted(podium_emulator: Emulator, tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    path.write_text("old")
    with podium_emulator.client() as api:
        report = ready(api)
        with pytest.raises(FileExistsError, match="overwrite=True"):
            podium.download_report(api, CLIENT, report, path, overwrite=False)
        assert path.read_text() == "old"
        podium.download_report(api, CLIENT, report, path)

    assert path.read_bytes() != b"old"


@pytest.mark.parametrize("name", ["", "missing/report.docx"])
def test_path_that_cannot_be_a_file_is_refused_before_the_request(
    podium_emulator: Emulator, tmp_path: Path, name: str
) -> None:
    with podium_emulator.client() as api, pytest.raises(assaykit.ConfigurationError, match="path"):
        podium.download_report(api, CLIENT, "any", tmp_path / name)

    assert len(podium_emulator.journal) == 0


@pytest.mark.anyio
async def test_async_twins(podium_emulator: Emulator, tmp_path: Path) -> None:
    async with podium_emulator.async_client() as api:
        report = await queue_report_async(api)
        await podium.wait_for_report_async(api, CLIENT, report)
        podium_emulator.fail_next("reports_download", kind="truncated")
        saved = await podium.download_report_async(api, CLIENT, report, tmp_path / "report.docx")
        link = await podium.secure_report_link_async(api, CLIENT, report)
        linked = await podium.download_secure_link_async(api, link, tmp_path / "linked.docx")
        with pytest.raises(assaykit.NotFound):
            await podium.download_report_async(api, CLIENT, "no-such-report", tmp_path / "none")

    assert saved.path.read_bytes() == linked.path.read_bytes()
    assert sorted(tmp_path.iterdir()) == [linked.path, saved.path]


def test_secure_link_is_fetched_without_the_token(podium_emulator: Emulator, tmp_path: Path) -> None:
    with podium_emulator.client(headers={"X-Gateway-Key": "s3cret"}) as api:
        report = ready(api)
        link = podium.secure_report_link(api, CLIENT, report)
        asked: list[httpx.Request] = []
        api.session.http.event_hooks["request"].append(asked.append)
        saved = podium.download_secure_link(api, link, tmp_path / "report.docx")
        expected = api.reports.download(CLIENT, report).payload.read()

    assert saved.path.read_bytes() == expected
    assert str(asked[0].url) == link.url
    assert "Authorization" not in asked[0].headers
    assert "X-Gateway-Key" not in asked[0].headers


def test_secure_link_knows_its_hour(podium_emulator: Emulator, tmp_path: Path) -> None:
    with podium_emulator.client() as api:
        report = ready(api)
        before = podium_emulator.clock.now()
        link = podium.secure_report_link(api, CLIENT, report)
        podium_emulator.clock.set(link.expires_at - timedelta(seconds=1))
        assert not link.is_expired(api.session.clock())
        podium.download_secure_link(api, link, tmp_path / "report.docx")
        podium_emulator.clock.set(link.expires_at + timedelta(seconds=1))
        assert link.is_expired(api.session.clock())
        with pytest.raises(assaykit.ConfigurationError, match=r"expired at .*; ask for a new one"):
            podium.download_secure_link(api, link, tmp_path / "again.docx")

    assert link.expires_at - before == timedelta(hours=1)


def test_secure_link_that_podium_no_longer_honours_is_an_api_error(podium_emulator: Emulator, tmp_path: Path) -> None:
    with podium_emulator.client() as api:
        link = podium.secure_report_link(api, CLIENT, ready(api))
        podium_emulator.clock.advance(hours=2)
        later = podium.SecureLink(link.url, link.expires_at + timedelta(hours=2))
        with pytest.raises(assaykit.ApiError) as caught:
            podium.download_secure_link(api, later, tmp_path / "report.docx")

    assert caught.value.operation == "secure_link_download"
    assert caught.value.status is not None
    assert link.url not in str(caught.value)


def test_secure_link_is_not_shown(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    link_url = " https://reports.example/production/1/1/reportdownload.zip?sv=1&sig=s3cret"
    broken = [httpx.Response(503, headers={"Retry-After": "0"})]

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"token": "t"})
        if request.url.path.endswith("/securelink"):
            return httpx.Response(200, json={"downloadLink": link_url})
        return broken.pop() if broken else httpx.Response(200, content=b"zip")

    with (
        caplog.at_level(logging.DEBUG),
        podium.Podium("key", region="eu", transport=httpx.MockTransport(handle)) as api,
    ):
        link = podium.secure_report_link(api, CLIENT, "report")
        saved = podium.download_secure_link(api, link, tmp_path / "report.zip")

    assert link.url == link_url.strip()
    assert saved.size == 3
    assert "reports.example" in caplog.text
    assert "s3cret" not in caplog.text
    assert "s3cret" not in repr(link)
    assert "reportdownload" not in repr(link)


@pytest.mark.parametrize("url", ["http://reports.example/x?sig=s3cret", "file:///x?sig=s3cret", "no url"])
def test_secure_link_without_tls_is_refused(podium_emulator: Emulator, tmp_path: Path, url: str) -> None:
    expires_at = podium_emulator.clock.now() + timedelta(hours=1)
    with podium_emulator.client() as api, pytest.raises(assaykit.ConfigurationError, match="link") as caught:
        podium.download_secure_link(api, podium.SecureLink(url, expires_at), tmp_path / "report.docx")

    assert "s3cret" not in str(caught.value)
