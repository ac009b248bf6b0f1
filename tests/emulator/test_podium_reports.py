"""Podium: reports, their queue, their documents and their links."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.dom import minidom

import httpx
import pytest

from assaykit.emulator.engine.rejection import Rejected
from assaykit.emulator.engine.transport import EmulatorTransport
from assaykit.emulator.engine.worlds import World
from tests.emulator.conftest import signed_in
from tests.emulator.podium_calls import CLIENT, KIM, ORDER, PAT, REPORT, add, assign, credit, error, order


def _status(client: httpx.Client, queue_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{CLIENT}/reports/{queue_id}/status").json()
    return found


def _download(client: httpx.Client, queue_id: str) -> httpx.Response:
    return client.get(f"{CLIENT}/reports/{queue_id}")


def test_the_queue_advances_with_the_clock(podium: httpx.Client, podium_world: World) -> None:
    queue_id = order(podium, PAT)
    waiting = {"completionDate": None, "error": False, "suspended": False}
    assert _status(podium, queue_id) == waiting
    for path in ("", "/securelink"):
        assert error(podium.get(f"{CLIENT}/reports/{queue_id}{path}")) == (409, "report_not_ready")
    podium_world.clock.advance(seconds=2)
    assert _status(podium, queue_id) == waiting
    podium_world.clock.advance(seconds=1)
    assert _status(podium, queue_id) == waiting | {"completionDate": "2026-01-05T09:00:03.0000000Z"}
    assert _download(podium, queue_id).status_code == 200
    assert credit(podium) == 100


def test_an_error_can_be_mended_and_a_suspension_cannot(podium: httpx.Client, podium_world: World) -> None:
    queue_id = order(podium, PAT)
    podium_world.act("podium", "fail-report", {"reportQueueId": queue_id})
    podium_world.clock.advance(minutes=1)
    assert _status(podium, queue_id) == {"completionDate": None, "error": True, "suspended": False}
    assert error(_download(podium, queue_id)) == (409, "report_not_ready")
    podium_world.act("podium", "finish-reports", {})
    assert _status(podium, queue_id) == {
        "completionDate": "2026-01-05T09:01:00.0000000Z",
        "error": False,
        "suspended": False,
    }
    podium_world.act("podium", "suspend-report", {"reportQueueId": queue_id})
    podium_world.act("podium", "finish-reports", {})
    assert _status(podium, queue_id) == {"completionDate": None, "error": True, "suspended": True}
    assert "suspended" in _download(podium, queue_id).json()["error"]["message"]
    with pytest.raises(Rejected):
        podium_world.act("podium", "finish-reports", {"reportQueueId": queue_id})
    with pytest.raises(Rejected):
        podium_world.act("podium", "fail-report", {"reportQueueId": "unknown"})


def test_reports_are_kept_for_one_year(podium_world: World) -> None:
    with signed_in(podium_world) as client:
        queue_id = order(client, PAT)
    podium_world.clock.advance(days=365, seconds=2)
    with signed_in(podium_world) as client:
        assert _download(client, queue_id).status_code == 200
    podium_world.clock.advance(seconds=1)
    with signed_in(podium_world) as client:
        assert error(_download(client, queue_id)) == (410, "report_expired")
        assert error(client.get(f"{CLIENT}/reports/{queue_id}/securelink")) == (410, "report_expired")
        assert _status(client, queue_id)["completionDate"] is not None


def test_a_link_is_open_to_anybody_for_one_hour(podium: httpx.Client, podium_world: World) -> None:
    first = podium.get(f"{CLIENT}/reports/{REPORT}/securelink").json()["downloadLink"]
    podium_world.clock.advance(minutes=30)
    second = podium.get(f"{CLIENT}/reports/{REPORT}/securelink").json()["downloadLink"]
    assert first != second
    with httpx.Client(transport=EmulatorTransport(podium_world)) as anybody:
        answer = anybody.get(first)
        assert answer.headers["content-type"] == "application/zip"
        assert anybody.head(first).status_code == 200
        assert anybody.post(first).status_code == 405
        podium_world.clock.advance(minutes=30)
        assert error(anybody.get(first)) == (403, "forbidden")
        assert anybody.get(second).status_code == 200
        assert anybody.get(first.replace("/downloads/", "/downloads/0")).status_code == 403


def test_a_link_needs_its_report(podium: httpx.Client, podium_world: World) -> None:
    link = podium.get(f"{CLIENT}/reports/{REPORT}/securelink").json()["downloadLink"]
    podium_world.act("podium", "suspend-report", {"reportQueueId": REPORT})
    assert podium.get(link).status_code == 409


def _text_of_docx(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        assert {"[Content_Types].xml", "_rels/.rels", "word/document.xml"} <= names
        for name in names:
            minidom.parseString(archive.read(name))  # noqa: S318 - the emulator's own document
        body = minidom.parseString(archive.read("word/document.xml"))  # noqa: S318 - the emulator's own document
        return "\n".join(str(text.firstChild.nodeValue) for text in body.getElementsByTagName("w:t") if text.firstChild)


FORMATS = [
    (None, "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
    ("docx", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
    ("doc", "doc", "application/msword", b"{\\rtf1"),
    ("pdf", "pdf", "application/pdf", b"%PDF-1.4"),
]


@pytest.mark.parametrize(("wanted", "suffix", "media", "magic"), FORMATS)
def test_formats(
    podium: httpx.Client, podium_world: World, wanted: str | None, suffix: str, media: str, magic: bytes
) -> None:
    queue_id = order(podium, PAT, **({} if wanted is None else {"format": wanted}))
    podium_world.clock.advance(seconds=3)
    answer = _download(podium, queue_id)
    assert answer.headers["content-type"] == media
    assert answer.headers["content-disposition"] == f'attachment; filename="report.{suffix}"'
    assert answer.content.startswith(magic)
    assert answer.content == _download(podium, queue_id).content


def test_a_document_tells_who_and_how(podium: httpx.Client, podium_world: World) -> None:
    participant = add(podium, firstName="<Zoë & \\{Co}\0😀")
    assign(podium, participant, "test1", "test2")
    podium_world.act("podium", "complete", {"participantId": participant, "testId": "test1", "rawScore": 18})
    queues = {
        kind: order(podium, participant, format=kind, roleProfileIds=["roleProfile1"])
        for kind in ("docx", "doc", "pdf")
    }
    podium_world.clock.advance(seconds=3)
    found = {kind: _download(podium, queue_id).content for kind, queue_id in queues.items()}
    podium_world.clock.advance(seconds=1)
    podium_world.act("podium", "complete", {"participantId": participant, "testId": "test2"})
    assert _download(podium, queues["docx"]).content == found["docx"]
    text = _text_of_docx(found["docx"])
    assert "<Zoë & \\{Co} 😀 Sample" in text
    assert "norm1 Scale1: raw 18, percentile 99, standardised 10" in text
    assert "norm1 roleProfile1" in text
    assert "test2" not in text
    assert b"\\u235?" in found["doc"]
    assert b"raw 18" in found["doc"]
    assert b"raw 18" in found["pdf"]


def test_a_pdf_has_a_true_table_of_offsets(podium_world: World) -> None:
    from assaykit.emulator.engine.pdf import pdf

    for lines in ([], ["one (1) \\ line"], [f"line {number}" for number in range(100)]):
        content = pdf(lines)
        begin = int(content.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
        table = content[begin:].split(b"\n")
        assert table[0] == b"xref"
        count = int(table[1].split()[1])
        for number, entry in enumerate(table[3 : 2 + count], 1):
            assert content[int(entry[:10]) :].startswith(f"{number} 0 obj".encode())
            assert len(entry) == 19
        assert content.count(b"/Type /Page ") == max(1, -(-len(lines) // 48))


def test_several_documents_come_as_an_archive(podium: httpx.Client) -> None:
    answer = _download(podium, REPORT)
    assert answer.headers["content-disposition"] == 'attachment; filename="reports.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == [f"{who}-{which}.docx" for who in (PAT, KIM) for which in ("report1", "report2")]
        assert "Pat Sample" in _text_of_docx(archive.read(f"{PAT}-report1.docx"))


def test_repeated_participants_and_reports_are_one_document(podium: httpx.Client, podium_world: World) -> None:
    queue_id = order(podium, PAT, PAT, reportIds=["report1", "report1"], format="pdf")
    podium_world.clock.advance(seconds=3)
    assert _download(podium, queue_id).headers["content-type"] == "application/pdf"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"participantIds": [PAT, "other"]}, "body.participantIds[1]"),
        ({"participantIds": ["1-1-c57ffc13-7f62-4eb7-b7c8-8d38ad11acc2"]}, "body.participantIds[0]"),
        ({"reportBundleId": "other"}, "body.reportBundleId"),
        ({"reportIds": ["report1", "other"]}, "body.reportIds[1]"),
        ({"normIds": ["other"]}, "body.normIds[0]"),
        ({"roleProfileIds": ["other"]}, "body.roleProfileIds[0]"),
    ],
)
def test_unknown_parts_are_404(podium: httpx.Client, changed: dict[str, Any], field: str) -> None:
    body = ORDER | {"participantIds": [PAT]} | changed
    for path, more in (("reports", {}), ("reportsbydaterange", {"startDate": "2018-01-01", "endDate": "2026-12-31"})):
        answer = podium.post(f"{CLIENT}/{path}", json=body | more)
        assert error(answer) == (404, "not_found")
        assert answer.json()["error"]["fields"][0]["field"] == field


def _by_date(client: httpx.Client, first: str, last: str, **changed: Any) -> httpx.Response:
    return client.post(f"{CLIENT}/reportsbydaterange", json=ORDER | {"startDate": first, "endDate": last} | changed)


@pytest.mark.parametrize(
    ("first", "last", "people"),
    [("2024-10-30", "2024-10-30", 1), ("2018-10-30", "2024-10-30", 2), ("2018-10-30", "2018-10-30", 1)],
)
def test_reports_by_an_inclusive_range_of_days(
    podium: httpx.Client, podium_world: World, first: str, last: str, people: int
) -> None:
    queue_id = _by_date(podium, first, last).json()["reportQueueId"]
    podium_world.clock.advance(seconds=3)
    answer = _download(podium, queue_id)
    if people == 1:
        assert "Report report1" in _text_of_docx(answer.content)
    else:
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert len(archive.namelist()) == people


@pytest.mark.parametrize(
    ("first", "last", "changed"),
    [
        ("2024-10-31", "2024-12-02", {}),
        ("2024-10-30", "2018-10-30", {}),
        ("2024-10-30", "2024-10-30", {"participantIds": [PAT]}),
    ],
)
def test_a_range_without_completed_tests_is_404(
    podium: httpx.Client, first: str, last: str, changed: dict[str, Any]
) -> None:
    assert error(_by_date(podium, first, last, **changed)) == (404, "not_found")


def test_participants_narrow_the_range(podium: httpx.Client, podium_world: World) -> None:
    queue_id = _by_date(podium, "2018-01-01", "2024-12-31", participantIds=[KIM]).json()["reportQueueId"]
    podium_world.clock.advance(seconds=3)
    assert "Kim Sample" in _text_of_docx(_download(podium, queue_id).content)


def test_unknown_reports_are_404(podium: httpx.Client) -> None:
    for path in ("", "/status", "/securelink"):
        assert error(podium.get(f"{CLIENT}/reports/unknown{path}")) == (404, "not_found")
        assert error(podium.get(f"/clients/unknown/reports/{REPORT}{path}")) == (404, "not_found")
