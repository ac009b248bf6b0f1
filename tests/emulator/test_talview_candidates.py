"""Talview's candidates, files and forms: every operation once, filters, references, and bytes that come back."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from assaykit.emulator import vendors
from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.rejection import Rejected
from assaykit.emulator.engine.worlds import World
from tests.emulator.conftest import START
from tests.emulator.talview_acting import signed_in
from tests.emulator.talview_candidates import ADA, act, attending

TAGS: Final = ("candidate", "file", "form", "spreadsheets", "mobile_", "attend_")
"""Beginnings of the names of the tags that are tested here."""
IDS: Final = {
    "candidates": ADA,
    "candidate_images": ADA,
    "candidate_calendars": 19403,
    "candidate_educations": 31,
    "candidate_experiences": 53,
    "candidate_file_attachments": 2393441,
    "files": 13962889,
    "file_types": 1,
    "forms": 8363,
    "form_instances": 447513,
    "form_instance_files": 34,
    "mobile_form_submissions": 263842,
    "mobile_forms": 6600,
    "mobile_live_attendees": 12524,
    "mobile_live_sessions": 3947,
    "mobile_public_assessment_sections": 43,
    "mobile_questions": 56659,
    "mobile_assessment_section_candidates": 425863,
}
"""An object of the start world for each kind that is read by its id."""
MULTIPART: Final = "multipart/form-data"
ANSWERS: Final = ("mobile_answers", "attend_answers", "mobile_answer_files", "mobile_answer_recordings")


@pytest.fixture(scope="module")
def talview_vendors() -> Emulator:
    return Emulator([vendors.load("talview")], check_replies=True)


@pytest.fixture
def world(talview_vendors: Emulator) -> Iterator[World]:
    made = talview_vendors.make_world("talview-candidates", ManualClock(START))
    yield made
    made.close()


@pytest.fixture
def client(world: World) -> Iterator[httpx.Client]:
    with signed_in(world) as opened:
        yield opened


def contract() -> Any:
    return vendors.load("talview").contract


OPERATIONS: Final = sorted(
    name
    for name, operation in contract().operations.items()
    if contract().document["paths"][operation.template][operation.method.lower()]["tags"][0].startswith(TAGS)
)


def test_the_operations_are_all_there() -> None:
    assert len(OPERATIONS) == 71


def example(body: dict[str, Any]) -> tuple[str, Any]:
    ((media, content),) = body["content"].items()
    found = next(iter(content["examples"].values()))
    while "$ref" in found:
        found = next(iter(contract().operations.values())).schemas.resolve(found["$ref"])
    return media, dict(found["value"])


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_succeeds_with_its_example(client: httpx.Client, name: str) -> None:
    operation = contract().operations[name]
    declared = contract().document["paths"][operation.template][operation.method.lower()]
    tag = declared["tags"][0]
    number = IDS.get(tag, 0)
    answer = 0
    if tag in ANSWERS:
        answer = client.post("/mobile/answer", json={"question_id": 56659, "text": "Mine.", "status": 3000}).json()[
            "id"
        ]
    path = operation.template.replace("{id}", str(number or answer))
    sent: dict[str, Any] = {}
    if "requestBody" in declared:
        media, values = example(declared["requestBody"])
        if "email" in values:
            values["email"] = "new.person@example.com"
        if "answer_id" in values:
            values["answer_id"] = answer
        if media == MULTIPART:
            content = values.pop("file")
            sent = {"files": {"file": ("sample.csv", content.encode())}, "data": values}
            if tag in ("files", "mobile_answer_recordings", "spreadsheets"):
                sent["files"] = {"file": ("sample", content.encode())}
        else:
            sent = {"json": values}
    reply = client.request(operation.method, path, **sent)
    assert reply.is_success, reply.text


def test_bytes_come_back_from_the_address_of_a_file(client: httpx.Client) -> None:
    content = bytes(range(256)) + b"\r\n--not the boundary\r\n"
    made = client.post(
        "/models/file", files={"file": ("Por\u00e4trait.PNG", content, "image/png")}, data={"file_type_id": "15"}
    )
    assert made.status_code == 201, made.text
    file = made.json()
    assert (file["name"], file["extension"], file["size"]) == ("Por\u00e4trait", "png", len(content))
    del client.headers["Authorization"]
    got = client.get(file["resourceUrl"])
    assert (got.status_code, got.content, got.headers["content-type"]) == (200, content, "image/png")
    assert client.get(file["resourceUrl"] + "x").status_code == 404
    assert client.get(file["resourceUrl"].replace(str(file["id"]), "1\u00b2")).status_code == 404


def test_a_file_of_the_start_world_can_be_read(client: httpx.Client) -> None:
    file = client.get("/models/file/13962889").json()
    assert client.get(file["resourceUrl"]).text.startswith("Ada Sample")


def test_documents_are_found_as_pdf_too(client: httpx.Client) -> None:
    content = "Zo\u00eb (Sample)\n\n".encode() + b"word " * 30
    text = client.post("/models/file", files={"file": ("life.txt", content)}, data={"file_type_id": "11"}).json()
    del client.headers["Authorization"]
    got = client.get(text["pdfUrl"])
    assert (got.headers["content-type"], got.content[:5]) == ("application/pdf", b"%PDF-")
    assert got.headers["content-disposition"] == "inline; filename*=UTF-8''life.pdf"
    assert [line in got.content for line in (b"(Zo\xeb \\(Sample\\)) Tj", b"() Tj", b"word) Tj")] == [True] * 3
    assert client.get(text["pdfUrl"].replace("/pdf", "x/pdf")).status_code == 404


@pytest.mark.parametrize(
    ("name", "kind", "converted"), [("life.docx", 11, True), ("life.pdf", 11, False), ("me.png", 15, False)]
)
def test_only_what_is_not_pdf_yet_is_converted(client: httpx.Client, name: str, kind: int, converted: bool) -> None:
    made = client.post("/models/file", files={"file": (name, b"x")}, data={"file_type_id": str(kind)}).json()
    assert (made["pdfUrl"] is not None) is converted
    assert not converted or name.encode() in client.get(made["pdfUrl"]).content


def test_base64_becomes_a_file_under_its_path(client: httpx.Client) -> None:
    sent = {"data": base64.b64encode(b"\x00sample").decode(), "name": "sample.txt"}
    made = client.post("/models/file-upload", json=sent).json()
    assert (made["name"], made["extension"], made["status"], made["organization_id"]) == ("sample", "txt", 103, 488)
    assert client.get(made["path"]).content == b"\x00sample"
    refused = client.post("/models/file-upload", json={"data": "no base64!"})
    assert (refused.status_code, refused.json()[0]["field"]) == (422, "data")


def test_a_file_has_limits_of_size_and_type(client: httpx.Client) -> None:
    def send(content: bytes, name: str, kind: object) -> httpx.Response:
        return client.post("/models/file", files={"file": (name, content)}, data={"file_type_id": str(kind)})

    assert send(b"x" * 10 * 1024 * 1024, "large.txt", 25).status_code == 201
    assert send(b"x" * (10 * 1024 * 1024 + 1), "large.txt", 25).status_code == 413
    assert send(b"x", "setup.exe", 25).json()[0]["field"] == "file"
    assert send(b"x", "resume.png", 11).json()[0]["field"] == "file"
    assert send(b"x", "resume.pdf", 999).json()[0]["field"] == "file_type_id"
    assert send(b"x", "resume.pdf", "eleven").json()[0]["field"] == "file_type_id"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nothing",
        b"--b\r\n\r\nno name\r\n--b--",
        b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\ncut off',
        b'--b\r\nContent-Disposition: form-data; name="file_type_id"\r\n\r\n\xff\r\n--b--',
        b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\na\r\n--b\r\nContent-Disposition: form-data; '
        b'name="name"\r\n\r\nb\r\n--b--',
    ],
)
def test_a_broken_form_in_parts_is_refused(client: httpx.Client, body: bytes) -> None:
    refused = client.post("/models/file", content=body, headers={"content-type": "multipart/form-data; boundary=b"})
    assert refused.status_code in (400, 422)


def test_a_table_becomes_objects(client: httpx.Client) -> None:
    def send(content: bytes, name: str = "people.csv") -> httpx.Response:
        return client.post("/spreadsheet", files={"file": (name, content)})

    text = '\ufeffemail,first_name\r\nada@example.com,"Ada, Countess"\r\n\r\ntom@example.com\r\n'
    rows = send(text.encode()).json()
    assert rows == [{"email": "ada@example.com", "first_name": "Ada, Countess"}, {"email": "tom@example.com"}]
    assert send("name\nJ\u00f6rg\n".encode("latin-1")).json() == [{"name": "J\u00f6rg"}]
    assert send(b"").json() == []
    assert send(b"a,a, a\n1,2,3\n").json() == [{"a": "1", "a (2)": "2", "a (3)": "3"}]
    assert send(b"PK", "people.xlsx").json()[0]["field"] == "file"


def test_an_address_is_taken_once_in_an_organization(client: httpx.Client) -> None:
    assert client.post("/models/candidate", json={"email": "ada.sample@example.com"}).json()[0]["field"] == "email"
    assert client.post("/models/candidate", json={"email": "una.other@example.com"}).status_code == 201


def test_what_belongs_to_a_candidate_goes_with_it(client: httpx.Client) -> None:
    of_ada = {"candidate_id": ADA}
    for path in ("calendar", "education", "experience", "file-attachment"):
        assert client.get(f"/models/candidate-{path}", params=of_ada).json()
    assert client.delete(f"/models/candidate/{ADA}").status_code == 204
    assert client.get(f"/models/candidate-image/{ADA}").status_code == 404
    for path in ("calendar", "education", "experience", "file-attachment"):
        assert client.get(f"/models/candidate-{path}", params=of_ada).json() == []
    assert client.get("/models/file/13962889").status_code == 200


def test_nobody_sees_another_organization(client: httpx.Client) -> None:
    for path in ("candidate/6400001", "candidate-experience/1053", "file/13970000", "form/8400"):
        assert client.get(f"/models/{path}").status_code == 404
    taken = client.post("/models/candidate-file-attachment", json={"candidate_id": ADA, "file_id": 13970000})
    assert taken.json()[0]["field"] == "file_id"


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        ("candidate", "email", "ada.sample@example.com"),
        ("candidate", "status_id", 25),
        ("candidate-calendar", "type", 3),
        ("candidate-education", "school", "Sample University"),
        ("candidate-education", "degree", "MSc"),
        ("candidate-education", "grade", "B"),
        ("candidate-experience", "location", "Pune"),
        ("candidate-experience", "started_at", "2017-01-15"),
        ("candidate-experience", "designation", "Senior"),
        ("candidate-file-attachment", "file_id", 13962889),
        ("file", "name", "portrait-1"),
        ("file-type", "name", "flash flv"),
        ("form", "type", 2),
        ("form", "is_public", False),
        ("form-instance", "form_id", 6600),
        ("form-instance", "status", 500),
        ("form-instance-file", "file_id", 8050752),
    ],
)
def test_a_filter_keeps_what_it_names(client: httpx.Client, path: str, field: str, value: str | int) -> None:
    everything = client.get(f"/models/{path}", params={"pageSize": 50}).json()
    told = str(value).lower() if isinstance(value, bool) else value
    found = client.get(f"/models/{path}", params={"pageSize": 50, field: told}).json()
    wanted = [item["id"] for item in everything if item[field] == value]
    assert [item["id"] for item in found] == wanted
    assert wanted


def test_files_are_found_by_what_they_belong_to(client: httpx.Client) -> None:
    def found(**query: Any) -> list[int]:
        return [file["id"] for file in client.get("/models/file", params=query).json()]

    assert found(candidate_id=ADA, file_type_id=11) == [13962889]
    handed_in = client.get("/models/form-instance-file?form_instance_id=447513").json()
    assert sorted(found(form_instance_id=447513)) == sorted(entry["file_id"] for entry in handed_in)
    made = client.post("/models/file", files={"file": ("cv.pdf", b"%PDF")}, data={"file_type_id": "11"}).json()["id"]
    for candidate in (6507001, 6507002):
        client.post("/models/candidate-file-attachment", json={"candidate_id": candidate, "file_id": made})
    assert made in found(candidate_id=6507001)
    assert made in found(candidate_id=6507002)
    # What is attached to somebody invited leaves again with the attachment; what an answer has brings its candidate.
    assert found(assessment_section_candidate_id=131162) == [13962889]
    client.put("/models/assessment-candidate-file/2984863", json={"file_id": made})
    assert found(assessment_section_candidate_id=131162) == found(assessment_candidate_id=142789) == [made]
    assert found(answer_id=8)[0] in found(assessment_candidate_id=4)
    assert found(**{"file_type_id[]": [15]}) == [13960368]


def test_a_file_leaves_a_form_but_stays(client: httpx.Client) -> None:
    assert client.get("/models/file?form_instance_id=447513").json()
    for entry in client.get("/models/form-instance-file?form_instance_id=447513").json():
        assert client.delete(f"/models/form-instance-file/{entry['id']}").status_code == 204
    assert client.get("/models/file?form_instance_id=447513").json() == []
    assert client.get("/models/file/8050752").status_code == 200


def test_a_deleted_form_stays_readable_where_it_was_filled_in(client: httpx.Client) -> None:
    assert client.delete("/models/form/8363").status_code == 204
    assert client.get("/models/form/8363").status_code == 404
    assert client.get("/models/form-instance/447513").json()["form_id"] == 8363


def test_a_candidate_sees_only_what_is_his_own(world: World) -> None:
    with attending(world, 425864) as mine:
        assert [one["id"] for one in mine.get("/mobile/assessment-section-candidate").json()] == [425864, 425863]
        assert sorted(one["id"] for one in mine.get("/mobile/assessment-section").json()) == [128219, 2412800]
        assert sorted(one["id"] for one in mine.get("/mobile/question").json()) == [56652, 56653, 56659]
        assert [one["id"] for one in mine.get("/mobile/live-session").json()] == [3947]
        assert [one["id"] for one in mine.get("/mobile/live-attendee").json()] == [12524]
        assert mine.get("/mobile/assessment-section-candidate/425865").status_code == 404
        assert mine.get("/models/candidate").status_code == 403
        assert mine.get("/user/me").status_code == 403


def test_a_candidates_token_ends_with_the_invitation(world: World, client: httpx.Client) -> None:
    with attending(world, 425863) as mine:
        assert mine.get("/mobile/question").status_code == 200
        assert client.delete("/models/candidate/933054").status_code == 204
        assert mine.get("/mobile/question").status_code == 401
    with pytest.raises(Rejected, match="There is no section candidate 425863"):
        act(world, "candidate-token", sectionCandidateId=425863)
