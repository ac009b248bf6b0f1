"""Candidates of the start world, what is known about them, their files, and the forms that they have filled in."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview import file_types
from assaykit.emulator.vendors.talview.contents import seed_file
from assaykit.emulator.vendors.talview.seeds.people import COMPANY, OTHER, RECRUITER, STRANGER
from assaykit.emulator.vendors.talview.statuses import ARCHIVED_CANDIDATE, NEW_CANDIDATE

OWN: Final = COMPANY
USER: Final = RECRUITER
ADA: Final = 6507787
SECOND: Final = 6506985
RESUME: Final = 13962889
PICTURE: Final = 13960368
FORM: Final = 8363
_PIXEL: Final = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_NAMES: Final = (
    (SECOND, "Tom", "Sample"),
    (933054, "Kim", "Sample"),
    (6507001, "Mia", "Example"),
    (6507002, "Leo", "Example"),
    (6507003, "Eva", "Muster"),
    (6507004, "Max", "Muster"),
    (6507005, "Zoe", "Sample"),
    (6507006, "Ben", "Example"),
    (6507007, "Ida", "Muster"),
    (6507008, "Jon", "Sample"),
    (6507009, "Lea", "Example"),
    (6507010, "Tim", "Muster"),
    (6507011, "Amy", "Sample"),
    (6507012, "Sam", "Example"),
)
_STATUSES: Final = {6507012: ARCHIVED_CANDIDATE}
"""Statuses of those who are not new."""
_BY: Final = {"organization_id": OWN, "created_by": USER, "updated_by": USER}


_FILLED_IN: Final = {263845: {"evaluation_id": 87215}, 263846: {"status": 1000}}
"""What sets form instances apart: one belongs to an evaluation, one was left incomplete."""


def fill(state: State) -> None:
    """Put candidates, files and forms into a new world."""
    resources_of(state).records.seed(state, "file_types", *file_types.ROWS)
    _candidates(state)
    _histories(state)
    _files(state)
    _forms(state)


def add(state: State, kind: str, *documents: Mapping[str, Any]) -> None:
    """Put documents into a new world, unless another group of resources has brought them along."""
    records = resources_of(state).records
    for document in documents:
        if records.get(state, kind, document["id"]) is None:
            records.seed(state, kind, document)


def _candidates(state: State) -> None:
    ada = {
        "id": ADA,
        "organization_id": OWN,
        "email": "ada.sample@example.com",
        "first_name": "Ada",
        "last_name": "Sample",
        "phone": "5550100",
        "external_id": "applicant-4711",
        "cf": [],
    }
    add(state, "candidates", ada)
    for place, (number, first, last) in enumerate(_NAMES, 1):
        email, status = f"{first}.{last}@example.com".lower(), _STATUSES.get(number, NEW_CANDIDATE)
        person = {"first_name": first, "last_name": last, "email": email, "status_id": status, "cf": []}
        add(state, "candidates", {"id": number, "organization_id": OWN, "phone": f"55501{place:02}", **person})
    elsewhere = {"email": "una.other@example.com", "first_name": "Una", "last_name": "Other", "cf": []}
    add(state, "candidates", {"id": 6400001, "organization_id": OTHER, **elsewhere})


def _histories(state: State) -> None:
    people = [ADA, *(number for number, _, _ in _NAMES)]
    for place, number in enumerate(people):
        whose = {**_BY, "candidate_id": number}
        add(
            state,
            "candidate_calendars",
            {
                **whose,
                "id": 19403 + place,
                "from": f"2026-01-{15 + place % 10}T11:30:00Z",
                "to": f"2026-01-{15 + place % 10}T12:30:00Z",
                "event": "Live session with Sample Organization",
                "type": (3, 1, 2, 4)[place % 4],
            },
        )
        add(
            state,
            "candidate_educations",
            {
                **whose,
                "id": 31 + place,
                "school": ("Sample University", "Example College")[place % 2],
                "title": ("Master of Science in Computer Science", None)[place % 2],
                "degree": ("MSc", "BSc")[place % 2],
                "grade": ("A", None, "B")[place % 3],
                "type": "Regular",
                "field_of_study": ("Distributed Systems", None)[place % 2],
                "started_at": "2014-10-01T00:00:00Z",
                "completed_at": "2016-09-30T00:00:00Z",
            },
        )
        add(
            state,
            "candidate_experiences",
            {
                **whose,
                "id": 53 + place,
                "organization": ("Sample Company", "Example Company")[place % 2],
                "title": ("Backend Developer", "Tester")[place % 2],
                "location": ("Berlin", None, "Pune")[place % 3],
                "designation": ("Senior", None)[place % 2],
                "started_at": f"2017-01-{13 + place}",
                "is_current": place % 2 == 0,
            },
        )
    add(
        state,
        "candidate_experiences",
        {
            "id": 1053,
            "organization_id": OTHER,
            "candidate_id": 6400001,
            "organization": "Elsewhere",
            "title": "Tester",
            "started_at": "2017-01-13",
            "created_by": STRANGER,
            "updated_by": STRANGER,
        },
    )


def _files(state: State) -> None:
    def put(number: int, name: str, kind: int, content: bytes, **more: Any) -> None:
        values = {"id": number, "organization_id": OWN, "originalName": name, "file_type_id": kind, **more}
        if resources_of(state).records.get(state, "files", number) is None:
            seed_file(state, values, content)

    put(RESUME, "resume-of-ada.txt", file_types.RESUME, b"Ada Sample\nBackend Developer\n")
    put(PICTURE, "portrait-1.png", file_types.PICTURE, _PIXEL)
    put(13960367, "recording-8.mp4", file_types.RECORDING_OF_ANSWER, b"sample recording", answer_id=8)
    put(13960366, "question-141.mp4", file_types.RECORDING_OF_QUESTION, b"sample recording", question_id=141)
    put(8050752, "resume.docx", file_types.RESUME, b"sample resume")
    put(18086, "attachment-1.csv", file_types.ATTACHMENT_OF_ANSWER, b"month,sum\n1,2\n")
    put(13970000, "elsewhere.txt", file_types.RESUME, b"another organization", organization_id=OTHER)
    add(
        state,
        "candidate_file_attachments",
        {"id": 2393441, "organization_id": OWN, "candidate_id": ADA, "file_id": RESUME},
    )
    for place, (number, first, last) in enumerate(_NAMES):
        content = f"{first} {last}\n".encode()
        put(13961000 + place, f"resume-{number}.txt", file_types.RESUME, content)
        attached = {"candidate_id": number, "file_id": 13961000 + place}
        add(state, "candidate_file_attachments", {"id": 2393500 + place, "organization_id": OWN, **attached})


def _forms(state: State) -> None:
    names = {
        FORM: "Particulars",
        6600: "Before the section",
        6179: "Registration",
        8364: "Evaluation",
        8365: "Feedback",
    }
    kinds = {FORM: 3, 6600: 18, 6179: 17, 8364: 2, 8365: 4}
    for number, name in names.items():
        add(state, "forms", {"id": number, "organization_id": OWN, "name": name, "type": kinds[number]})
    for number in range(8370, 8378):
        add(state, "forms", {"id": number, "organization_id": OWN, "name": f"Form {number}", "type": number % 19 + 1})
    add(state, "forms", {"id": 8400, "organization_id": OTHER, "name": "Elsewhere", "type": 1})
    data = [
        {"key": "Ada", "name": "FirstName", "label": "First Name", "value": "Ada"},
        {"key": "Sample", "name": "LastName", "label": "Last Name", "value": "Sample"},
        {"key": "5550100", "name": "Phone", "label": "Phone", "value": "5550100"},
    ]
    handed_in = {"organization_id": OWN, "status": 500, "data": data}
    placed = {
        "assessment_section_id": 6915639,
        "assessment_candidate_id": 1936000,
        "assessment_section_candidate_id": 2091612,
    }
    add(state, "form_instances", {"id": 447513, "form_id": FORM, **handed_in, **placed})
    for place, form in enumerate((6600, 6179, FORM, 8365, 6600)):
        told = _FILLED_IN.get(263842 + place, {})
        add(state, "form_instances", {"id": 263842 + place, "form_id": form, **handed_in, **told})
    for place in range(6):
        entry = {"form_instance_id": 447513, "file_id": 8050752 if place == 0 else 13961000 + place}
        add(state, "form_instance_files", {"id": 34 + place, "key": f"candidate-file-{place}", **_BY, **entry})
