"""Assessments of the start world, with their sections, panels and what surrounds them."""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview import sections
from assaykit.emulator.vendors.talview.seeds.questions import BY_USER, COLLEAGUE, MADE, OTHER, STAMP, USER
from assaykit.emulator.vendors.talview.tables.assessments import custom_texts

END: Final = "2030-03-15T23:59:59.000000Z"
_OBJECTIVE: Final = 1
_ASSESSMENTS: Final[dict[int, tuple[str, int, dict[int, int]]]] = {
    861338: ("Backend developer", 3, {6922566: 3516932, 6983416: 1294348, 6983417: _OBJECTIVE}),
    859988: ("Data engineer", 3, {6915639: 3513028}),
    682126: ("Support engineer", 3, {6574: 3328043}),
    21318: ("Frontend developer", 3, {128203: _OBJECTIVE, 128233: 2192778}),
    21807: ("Database administrator", 3, {7000004: 2856943}),
    860765: ("Team lead", 3, {7000007: 2923542}),
    900006: ("Open application", 3, {63: 3328043, 7000008: 3513028}),
    3127: ("Tester", 2, {7000001: _OBJECTIVE}),
    3129: ("Writer", 4, {7000002: 3328043}),
    727354: ("Trainee", 3, {128234: 3550947, 7000003: 2959918}),
    900010: ("Designer", 1, {}),
}
"""Title, status, and section of each assessment section."""
_PUBLIC: Final = {7000008}


def _section(number: int, assessment: int, section: int, place: int) -> dict[str, Any]:
    objective = section == _OBJECTIVE
    return {
        "id": number,
        "assessment_id": assessment,
        "section_id": section,
        sections.PLACE: place,
        "is_public": number in _PUBLIC,
        "is_proctor": objective,
        "proview_type": "ai_proctor" if objective else None,
        "isSkipAllowed": True,
        "isPlaylist": True,
        "questionDisplayTime": 11,
        "max_section_time": 3600 if objective else None,
        "max_question_time": None if objective else 120,
        "intro": "Welcome to the questions.",
        "conclusion": "Thank you.",
        "cut_off": 4 if objective else None,
        "positive_mark": "4.00" if objective else None,
        "negative_mark": "1.00" if objective else None,
        "evaluation_end_date": "2030-03-31T23:59:59.000000Z",
        **STAMP,
    }


def fill(state: State) -> None:
    """Put them into a new world."""
    records = resources_of(state).records
    for number, (title, status, parts) in _ASSESSMENTS.items():
        custom: Any = {"city": "Berlin"} if number == 859988 else []
        assessment = {
            "id": number,
            "external_id": "backend-2026" if number == 861338 else None,
            "title": title,
            "status_id": status,
            "description": "<p>Questions about Python and SQL.</p>",
            "cf": custom,
            "_cf": custom_texts(custom),
            "first_assessment_section_id": next(iter(parts), None),
            "start_date": "2026-01-02T09:00:00.000000Z",
            "end_date": END,
            "owned_by": COLLEAGUE if number in (3127, 3129) else USER,
            **STAMP,
        }
        records.seed(state, "assessments", assessment)
        for place, (part, section) in enumerate(parts.items()):
            records.seed(state, "assessment_sections", _section(part, number, section, place))
    _fill_other(state)
    people = [(1, 21807, COLLEAGUE), (2, 861338, COLLEAGUE), (3, 859988, COLLEAGUE), (4, 3127, USER), (5, 3129, USER)]
    for number, on, user in people:
        helper = {"id": number, "assessment_id": on, "user_id": user, "role": 1}
        records.seed(state, "assessment_collaborators", {**helper, **BY_USER})
    for number, (part, user) in _PANELS.items():
        told = {"assessment_section_id": part, "user_id": user}
        records.seed(state, "panels", {"id": number, **told, **BY_USER})


_PANELS: Final = {
    1: (6574, USER),
    22244: (6915639, USER),
    22245: (6915639, COLLEAGUE),
    22285: (128233, COLLEAGUE),
    22287: (128233, USER),
    19394: (6983416, USER),
    22290: (6983416, COLLEAGUE),
    22291: (7000004, COLLEAGUE),
    375582: (7000007, USER),
}
"""Assessment section and user of each panel member."""


def _fill_other(state: State) -> None:
    """Give the second organization an assessment of its own."""
    records = resources_of(state).records
    told = {"title": "Cook", "status_id": 3, "description": "<p>Cooking.</p>", "first_assessment_section_id": 900001}
    owned = {"owned_by": OTHER["created_by"], "end_date": END, "_cf": []}
    records.seed(state, "assessments", {"id": 900001, **told, **owned, **OTHER})
    records.seed(state, "assessment_sections", {**_section(900001, 900001, 900001, 0), **OTHER})
    records.seed(state, "status_reasons", {"id": 900001, "status_id": 1, "key": "too-salty", "label": None, **OTHER})


_KNOWN_AS: Final = {462: {"external_id": "reason-1"}}
"""The customer's own references of reasons."""


def fill_small(state: State) -> None:
    """Put the small lists around assessments into a new world."""
    records = resources_of(state).records
    reasons = [
        (1, 9, "other", None),
        (462, 1, "documents-missing", "Documents are missing"),
        (469, 3, "no-show", "Did not appear"),
        (463, 8, "too-late", "Came too late"),
        (464, 8, "not-enough-points", "Not enough points"),
        (465, 6, "convincing", "Convincing"),
    ]
    for number, status, key, label in reasons:
        records.seed(
            state,
            "status_reasons",
            {"id": number, "status_id": status, "key": key, "label": label, **_KNOWN_AS.get(number, {}), **BY_USER},
        )
    tests = [(1, "Quickscreener", "quickscreener-talview"), (2, "Versant English Test", "vet-talview")]
    for number, name, kind in tests:
        records.seed(state, "pearson_assessments", {"id": number, "name": name, "type": kind})
    for number, title, status in [
        (107, "Frontend Test", 100),
        (108, "Logic", 100),
        (109, "English", 10),
        (110, "Old", 20),
    ]:
        told = {"title": title, "status": status, "duration": "01:00:00", "start_date": MADE, "end_date": END}
        records.seed(state, "external_assessments", {"id": number, "reference_id": f"ext-{number}", **told, **STAMP})
