"""What the examples of actions name: an assessment with sections of several kinds, its candidates, and a second one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview import sections
from assaykit.emulator.vendors.talview.statuses import ATTENDING, COMPLETED, MAILED, OF_ASSESSMENT, OF_SECTION, row_id

_OWNED: Final = {"organization_id": 488}
_BY: Final = {"created_by": 30876, "updated_by": 30876}
SALES: Final = 892_846
"""An assessment with a section of every kind that actions are about."""
WORKFLOW: Final = 892_847
"""An assessment to which a section is added."""
_UNTIL: Final = "2030-04-15T23:59:59.000000Z"
_SECTIONS: Final = (
    (7_125_672, SALES, 6, "Objective test"),
    (6_983_414, SALES, 5, "Recorded interview"),
    (6_983_415, SALES, 7, "Live interview"),
    (842_438, SALES, 13, "Simulation"),
    (381_499, SALES, 4, "Essay"),
    (7_194_900, WORKFLOW, 6, "Objective test"),
    (7_194_899, WORKFLOW, 4, "Essay"),
)
"""Id of the assessment section, its assessment, its type, and its title."""
_FIRST_SECTION: Final = 3_551_000
_NAMES: Final = ("Ada", "Tom", "Mia", "Otto", "Eva", "Paul", "Ida", "Max")
_INVITED: Final = (
    (2_201_713, 6_833_191),
    (2_206_746, 6_833_192),
    (2_210_485, 6_833_193),
    (2_215_547, 6_833_194),
    (2_215_440, 6_833_195),
    (2_219_008, 6_833_196),
)
"""Ids of assessment candidates, and of the candidates who they are."""
_CANDIDATES: Final = (*(candidate for _, candidate in _INVITED), 6_828_106, 6_828_107)
_PARTS: Final = (
    (2_350_001, 2_201_713, 6_983_414, COMPLETED),
    (2_364_848, 2_206_746, 6_983_414, COMPLETED),
    (2_364_849, 2_206_746, 6_983_415, MAILED),
    (2_364_850, 2_210_485, 6_983_414, MAILED),
    (2_364_851, 2_215_547, 6_983_414, COMPLETED),
    (2_364_852, 2_215_440, 381_499, MAILED),
    (2_382_572, 2_219_008, 842_438, MAILED),
)
"""Ids of section candidates, of assessment candidates and assessment sections, and how far they are."""


def fill(state: State) -> None:
    """Fill a new world."""
    _people(state)
    _contents(state)
    _assessments(state)
    _candidates(state)
    _panel(state)


def seed_missing(state: State, kind: str, *documents: Mapping[str, Any]) -> None:
    """Put documents in, except for those whose id is there already; several groups name some."""
    records = resources_of(state).records
    for document in documents:
        if records.get(state, kind, document["id"]) is None:
            records.seed(state, kind, document)


def _people(state: State) -> None:
    for number, name in ((30_953, "Nora Sample"), (67_656, "Lars Sample"), (45_285, "Rita Sample")):
        email = f"{name.split()[0].lower()}.panel@example.com"
        known = {"username": email, "email": email, "name": name, "roles": ["Evaluator"], "status": 20}
        seed_missing(state, "users", {"id": number, **_OWNED, **known, "is_common_login": True})
    for place, number in enumerate(_CANDIDATES):
        name = _NAMES[place]
        person = {"first_name": name, "last_name": "Sales", "email": f"{name.lower()}.sales@example.com"}
        seed_missing(state, "candidates", {"id": number, **_OWNED, **person, "status_id": 25, "cf": []})


def _contents(state: State) -> None:
    question = {**_OWNED, **_BY, "type": "interview", "contentRaw": "<p>What do you sell?</p>"}
    for number in (84_108, 89_075):
        seed_missing(
            state, "questions", {"id": number, **question, "plainTxtContent": "What do you sell?", "title": "Selling"}
        )
    for number, name, highest in ((127_775, "Voice", 5), (127_765, "Substance", 20)):
        seed_missing(state, "parameters", {"id": number, **_OWNED, "name": name, "type": 1, "max_value": highest})


def _assessments(state: State) -> None:
    for number, title in ((SALES, "Sales manager"), (WORKFLOW, "Sales trainee")):
        first = next(section for section, assessment, _, _ in _SECTIONS if assessment == number)
        seed_missing(
            state,
            "assessments",
            {
                "id": number,
                **_OWNED,
                "title": title,
                "description": "<p>Selling things.</p>",
                "status_id": 3,
                "owned_by": 30876,
                "first_assessment_section_id": first,
                "cf": [],
            },
        )
    places: dict[int, int] = {}
    for index, (number, assessment, kind, title) in enumerate(_SECTIONS):
        section = _FIRST_SECTION + index
        typed = {"section_type_id": kind, "type_id": kind, "type": sections.label(kind)}
        seed_missing(state, "sections", {"id": section, **_OWNED, "title": title, **typed})
        entry = {"section_id": section, "question_id": 84_108, "sort_order": 0}
        seed_missing(state, "section_combined", {"id": 15_900 + index, **_OWNED, **_BY, **entry, "q_count": 1})
        seed_missing(state, "section_questions", {"id": 25_900 + index, **_OWNED, **_BY, **entry})
        place = places[assessment] = places.get(assessment, -1) + 1
        seed_missing(
            state,
            "assessment_sections",
            {
                "id": number,
                **_OWNED,
                "assessment_id": assessment,
                "section_id": section,
                "is_visible": True,
                "isPlaylist": True,
                "isSkipAllowed": True,
                "isObjectiveScoreBreakup": True,
                sections.PLACE: place,
            },
        )
    for index, parameter in enumerate((127_775, 127_765)):
        mapped = {"section_id": _FIRST_SECTION + 1, "parameter_id": parameter}
        seed_missing(state, "section_parameters", {"id": 5_250_001 + index, **_OWNED, **mapped})


def _candidates(state: State) -> None:
    keys = dict.fromkeys((invited for invited, _ in _INVITED), MAILED)
    for _, invited, _, key in _PARTS:
        keys[invited] = max(keys[invited], key)
    keys[2_206_746] = ATTENDING
    told = {"invited_by": 30876, "invited_at": "2026-01-04T10:00:00.000000Z"}
    for number, candidate in _INVITED:
        known = {"assessment_id": SALES, "candidate_id": candidate, **told}
        attended = None if keys[number] == MAILED else state.now()
        status = {"status_id": row_id(OF_ASSESSMENT, keys[number]), "attended_at": attended}
        seed_missing(state, "assessment_candidates", {"id": number, **_OWNED, **known, **status})
    for place, (number, invited, section, key) in enumerate(_PARTS):
        index = [one for one, *_ in _SECTIONS].index(section)
        complete = key == COMPLETED
        seed_missing(
            state,
            "assessment_section_candidates",
            {
                "id": number,
                **_OWNED,
                **_BY,
                "assessment_candidate_id": invited,
                "assessment_id": SALES,
                "assessment_section_id": section,
                "section_id": _FIRST_SECTION + index,
                "status_id": row_id(OF_SECTION, key),
                "invited_at": told["invited_at"],
                "completed_at": state.now() if complete else None,
                "isComplete": complete,
                "isRegistered": True,
                "end_date": _UNTIL,
                "hasBooked": section == 842_438,
                "start_date": "2030-04-10T17:25:00.000000Z" if section == 842_438 else None,
                "c": f"assaykit-demo-hash-{number}",
                "verification_code": str(600_100_200 + place),
                "duration": "2 - 3 minutes",
            },
        )


def _panel(state: State) -> None:
    panel = {"id": 22_300, **_OWNED, **_BY, "assessment_section_id": 6_983_414, "user_id": 67_656}
    seed_missing(state, "panels", panel)
    for number, (part, invited) in enumerate(((2_350_001, 2_201_713), (2_364_851, 2_215_547)), 111_200):
        assigned = {"assessment_candidate_id": invited, "assessment_section_candidate_id": part, "added_by": 30876}
        seed_missing(state, "panel_candidates", {"id": number, **_OWNED, "panel_id": 22_300, **assigned})
