"""What candidates of the start world attend: an essay, an objective section for everybody, and live sessions."""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview.seeds.candidates import OWN, USER, add
from assaykit.emulator.vendors.talview.seeds.people import OTHER, STRANGER
from assaykit.emulator.vendors.talview.statuses import INVITED, OF_ASSESSMENT, OF_SECTION, row_id

ASSESSMENT: Final = 21319
ATTENDEE: Final = 933054
ESSAY: Final = 128219
PUBLIC: Final = 43
OBJECTIVE: Final = 2412800
CANDIDATE_OF_ESSAY: Final = 425863
CANDIDATE_OF_TEST: Final = 425864
_SINGLE: Final = 56652
_SEVERAL: Final = 56653
_PROJECT: Final = 56659
_PARTS: Final = (
    (ESSAY, 42389, 4, "Essay"),
    (PUBLIC, 42390, 4, "Public essay"),
    (OBJECTIVE, 42391, 6, "Objective test"),
)


def fill(state: State) -> None:
    """Put what candidates attend into a new world."""
    _questions(state)
    _assessment(state)
    _invitations(state)
    _live(state)


def _questions(state: State) -> None:
    by = {"organization_id": OWN, "created_by": USER, "updated_by": USER}

    def ask(number: int, kind: str, text: str, correct: int = 0, choices: int = 0) -> None:
        told = {f"choice_{place}": f"<p>{place}</p>" for place in range(1, choices + 1)}
        written = {"contentRaw": f"<p>{text}</p>", "plainTxtContent": text, "title": "Backend Developer"}
        add(state, "questions", {"id": number, "type": kind, "correct_choice": correct, **written, **told, **by})

    ask(_SINGLE, "multiple choice", "How much is 1 + 1?", correct=2, choices=4)
    ask(_SEVERAL, "multiple choice multiple answer", "Which numbers are odd?", correct=13, choices=4)
    ask(_PROJECT, "essay", "Which project are you proud of?")
    ask(56660, "essay", "What would you change about it?")


def _assessment(state: State) -> None:
    assessment = {"id": ASSESSMENT, "organization_id": OWN, "title": "Backend Developer", "status_id": 3}
    add(state, "assessments", {**assessment, "owned_by": USER, "first_assessment_section_id": ESSAY})
    for place, (number, section, kind, title) in enumerate(_PARTS):
        add(
            state,
            "sections",
            {
                "id": section,
                "organization_id": OWN,
                "title": title,
                "section_type_id": kind,
                "type_id": kind,
                "type": title,
                "form_id": 6600 if kind == 4 else None,
            },
        )
        marks: dict[str, Any] = {"positive_mark": "4.00", "negative_mark": "1.00"} if kind == 6 else {}
        settings = {"is_public": number != ESSAY, "isSkipAllowed": True, "questionDisplayTime": 3, "_place": place}
        owner = {"organization_id": OWN, "assessment_id": ASSESSMENT, "section_id": section}
        add(state, "assessment_sections", {"id": number, **owner, **settings, **marks})
    asked = ((42389, _PROJECT), (42390, 56660), (42391, _SINGLE), (42391, _SEVERAL))
    for place, (section, question) in enumerate(asked):
        entry = {"section_id": section, "question_id": question, "sort_order": place, "q_count": 1}
        add(state, "section_combined", {"id": 159500 + place, "organization_id": OWN, **entry})
    for place in range(4):
        # Further public sections, so that those who delete assessments leave some.
        number = 21320 + place
        add(state, "assessments", {**assessment, "id": number, "owned_by": USER, "title": f"Open day {place + 1}"})
        entry = {"organization_id": OWN, "assessment_id": number, "section_id": 42391, "is_public": True}
        add(state, "assessment_sections", {"id": 45 + place, **entry, "questionDisplayTime": 3, "_place": 0})
    elsewhere = {"organization_id": OTHER, "title": "Elsewhere"}
    add(state, "assessments", {"id": 8, **elsewhere, "status_id": 3, "owned_by": STRANGER})
    add(state, "sections", {"id": 29, **elsewhere, "section_type_id": 4, "type_id": 4, "type": "Essay"})
    add(state, "assessment_sections", {"id": 44, "organization_id": OTHER, "assessment_id": 8, "section_id": 29})


def _invitations(state: State) -> None:
    owner = {"organization_id": OWN, "assessment_id": ASSESSMENT}
    for place in range(4):
        number = 368710 + place
        invited = {"candidate_id": ATTENDEE if place == 0 else 6507000 + place, "invited_by": USER}
        status = row_id(OF_ASSESSMENT, INVITED)
        add(state, "assessment_candidates", {"id": number, **owner, **invited, "status_id": status})
        for part, (section, _, kind, _) in enumerate((_PARTS[0], _PARTS[2])):
            of_section = {
                "id": CANDIDATE_OF_ESSAY + 2 * place + part,
                "assessment_candidate_id": number,
                "assessment_section_id": section,
                "section_id": 42389 if kind == 4 else 42391,
                "status_id": row_id(OF_SECTION, INVITED),
                "c": f"c-sample-{CANDIDATE_OF_ESSAY + 2 * place + part}",
                "verification_code": str(75498121 + 2 * place + part),
                "duration": "2 - 3 minutes",
            }
            add(state, "assessment_section_candidates", {**owner, **of_section})


def _live(state: State) -> None:
    owner = {"organization_id": OWN, "created_by": USER, "updated_by": USER}
    for place in range(3):
        session = {"hosted_by": USER, "assessment_section_candidate_id": CANDIDATE_OF_ESSAY + 2 * place}
        times = {"starts_at": "2026-01-12T09:30:00Z", "ends_at": "2026-01-12T10:30:00Z", "duration": "01:00:00"}
        named = {"name": str(207061 + place), "timezone": "Europe/Berlin", "version": 2, "domain": "meet.example.com"}
        add(state, "live_sessions", {"id": 3947 + place, **owner, **session, **times, **named, "status": 1})
        person = ATTENDEE if place == 0 else 6507000 + place
        attendee = {"live_session_id": 3947 + place, "candidate_id": person, "role": 1, "status": None}
        told = {"fullName": "Kim Sample", "email": "kim.sample@example.com"} if place == 0 else {}
        joined = {"joinUrl": f"https://meet.example.com/join/{12524 + place}"}
        add(state, "live_attendees", {"id": 12524 + place, **owner, **attendee, **told, **joined})
