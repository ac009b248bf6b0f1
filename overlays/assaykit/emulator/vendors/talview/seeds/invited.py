"""Candidates of assessments in the start world, with their answers, panels and evaluations."""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview.seeds.assessments import END
from assaykit.emulator.vendors.talview.seeds.questions import BY_USER, COLLEAGUE, STAMP, USER
from assaykit.emulator.vendors.talview.statuses import (
    ASSESSED,
    ATTENDING,
    COMPLETED,
    INVITED,
    MAILED,
    OF_ASSESSMENT,
    OF_SECTION,
    REJECTED,
    SELECTED,
    row_id,
)

ADA: Final = 6507787
TOM: Final = 6506985
_INVITED_AT: Final = "2026-01-12T11:42:05.000000Z"
_BEGUN: Final = "2026-01-12T11:45:00.000000Z"
_DONE: Final = "2026-01-12T12:00:44.000000Z"
_JUDGED: Final = "2026-01-13T06:17:26.000000Z"

_CANDIDATES: Final = {
    1936000: (859988, ADA, ASSESSED),
    1936010: (859988, TOM, MAILED),
    1556661: (682126, ADA, MAILED),
    4: (682126, TOM, COMPLETED),
    346327: (861338, TOM, COMPLETED),
    1936020: (861338, 6507001, INVITED),
    1936021: (861338, 6507002, MAILED),
    1936022: (861338, 6507003, MAILED),
    1936023: (861338, 6507004, ASSESSED),
    368000: (21318, ADA, ATTENDING),
    347099: (21318, TOM, COMPLETED),
    142789: (21807, ADA, ATTENDING),
    142790: (21807, TOM, ATTENDING),
    2206700: (860765, ADA, MAILED),
    49: (900006, TOM, ATTENDING),
    1936003: (3127, TOM, INVITED),
    1936001: (3127, ADA, SELECTED),
    100: (3129, ADA, MAILED),
    1936002: (3129, TOM, REJECTED),
    369490: (727354, ADA, MAILED),
}
"""Assessment, candidate and status of each assessment candidate."""
_IN_SECTIONS: Final = {
    2091612: (1936000, 6915639, ASSESSED),
    2091700: (1936010, 6915639, MAILED),
    2091613: (1556661, 6574, MAILED),
    12605: (4, 6574, COMPLETED),
    2364000: (346327, 6922566, COMPLETED),
    2364001: (346327, 6983416, ASSESSED),
    2364002: (1936020, 6922566, INVITED),
    2364003: (1936021, 6922566, MAILED),
    2364004: (1936022, 6922566, MAILED),
    2364005: (1936023, 6983416, ASSESSED),
    2364006: (368000, 128203, ATTENDING),
    396658: (347099, 128233, COMPLETED),
    131162: (142789, 7000004, ATTENDING),
    131163: (142790, 7000004, ATTENDING),
    422400: (2206700, 7000007, MAILED),
    100008: (49, 63, ATTENDING),
    2364011: (1936003, 7000001, INVITED),
    2364012: (1936001, 7000001, COMPLETED),
    100099: (100, 7000002, MAILED),
    2364013: (1936002, 7000002, ASSESSED),
    427264: (369490, 128234, MAILED),
}
"""Assessment candidate, assessment section and status of each section candidate."""
_EVALUATED: Final[tuple[tuple[int, int | None, int | None, int, str, int], ...]] = (
    (87214, 494897, 22244, 2091612, "hold", USER),
    (87215, 111148, 19394, 2364001, "select", USER),
    (87216, 111150, 22245, 2091612, "select", COLLEAGUE),
    (87218, 111152, 22290, 2364005, "select", COLLEAGUE),
    (87217, None, None, 2364013, "reject", USER),
)
"""Evaluation, panel candidate, panel member, section candidate, recommendation and user."""
_WAITING: Final = (
    (1, 1, 2091613),
    (111146, 22287, 396658),
    (111147, 22290, 2364001),
    (111149, 22291, 131162),
    (111151, 375582, 422400),
)
"""Panel candidate, panel member and section candidate of those who are not evaluated yet."""
_ANSWERS: Final[tuple[tuple[int, int, int, str | None, int | None], ...]] = (
    (8, 12605, 141, "<p>I have rewritten our build in a week.</p>", None),
    (7, 2364000, 89071, "Type this line.", None),
    (3233, 396658, 71943, None, None),
    (2664282, 2364001, 62028, None, None),
    (4441883, 131162, 4441, None, None),
    (4441884, 131163, 4441, None, None),
    (2664283, 2364012, 84073, None, 2),
    (2664284, 2364012, 83948, None, 13),
    (2664285, 100008, 141, "I have tidied up.", None),
)
"""Id, section candidate, question, text and choice of each answer."""


def _since(key: int, least: int, when: str) -> str | None:
    return when if key >= least else None


def fill(state: State) -> None:
    """Put them into a new world."""
    records = resources_of(state).records
    for number, (assessment, candidate, key) in _CANDIDATES.items():
        told = {
            "assessment_id": assessment,
            "candidate_id": candidate,
            "status_id": row_id(OF_ASSESSMENT, key),
            "invited_by": USER,
            "invited_at": _INVITED_AT,
            "attended_at": _since(key, ATTENDING, _BEGUN),
            "evaluated_at": _since(key, ASSESSED, _JUDGED),
        }
        records.seed(state, "assessment_candidates", {"id": number, **told, **STAMP})
    placed: dict[int, Document] = {}
    for number, (invited, part, key) in _IN_SECTIONS.items():
        placed[number] = _section_candidate(state, number, invited, part, key)
        records.seed(state, "assessment_section_candidates", placed[number])
    _fill_answers(state, placed)
    _fill_panels(state, placed)
    for number, section_candidate in ((340, 2091612), (341, 396658), (342, 12605)):
        told = {
            "external_assessment_id": 107,
            "assessment_section_candidate_id": section_candidate,
            "username": "ada.sample@example.com",
            "code": str(50_010_034 + number - 340),
            "status": 15,
            "report_url": f"https://assessments.example.com/reports/{number}",
            "attend_url": f"https://assessments.example.com/attend/{number}",
        }
        records.seed(state, "evaluation_invitations", {"id": number, **told, **STAMP})


def _section_candidate(state: State, number: int, invited: int, part: int, key: int) -> dict[str, Any]:
    section = resources_of(state).records.get(state, "assessment_sections", part)
    if section is None:
        raise LookupError(f"the start world has no assessment section {part}")
    objective = section["positive_mark"] is not None and key >= COMPLETED
    return {
        "id": number,
        "assessment_candidate_id": invited,
        "assessment_section_id": part,
        "assessment_id": section["assessment_id"],
        "section_id": section["section_id"],
        "status_id": row_id(OF_SECTION, key),
        "c": f"assaykit-demo-hash-{number}" if number != 2091612 else "assaykit-demo-hash",
        "verification_code": str(500_100_200 + abs(number - 2091612)),
        "start_date": None,
        "end_date": END,
        "isRegistered": key >= ATTENDING,
        "isComplete": key >= COMPLETED,
        "timeElapsed": 30 if key >= COMPLETED else 0,
        "duration": "2 - 3 minutes",
        "invited_at": _INVITED_AT,
        "started_at": _since(key, ATTENDING, _BEGUN),
        "completed_at": _since(key, COMPLETED, _DONE),
        "evaluated_at": _since(key, ASSESSED, _JUDGED),
        "score": "8.00" if objective else "11.00" if number == 2091612 else None,
        "positiveScore": 8 if objective else 12 if number == 2091612 else 0,
        "negativeScore": 1 if number == 2091612 else 0,
        **BY_USER,
    }


def _fill_answers(state: State, placed: dict[int, Document]) -> None:
    records = resources_of(state).records
    for number, section_candidate, question, text, choice in _ANSWERS:
        at = placed[section_candidate]
        told = {
            "question_id": question,
            "assessment_section_candidate_id": at["id"],
            "assessment_candidate_id": at["assessment_candidate_id"],
            "assessment_section_id": at["assessment_section_id"],
            "status": 3000,
            "text": text,
            "plainTxtContent": "(not set)" if text is None else text.replace("<p>", "").replace("</p>", ""),
            "choice": choice,
            "score": None if choice is None else 4,
            "started_at": "2026-01-12T11:49:02.000000Z",
            "answered_at": "2026-01-12T11:52:10.000000Z",
        }
        records.seed(state, "answers", {"id": number, **told, **STAMP})
    for number, output in ((897, "Hello World!"), (898, "Hello"), (899, "World")):
        program = {"source": f'print("{output}")', "language": "116", "language_id": "116", "output": output}
        told = {"answer_id": 4441883, "status": 15, "memory": 2_841_600, **program}
        records.seed(state, "answer_code_submissions", {"id": number, **told, **STAMP})
    told = {"answer_id": 4441884, "status": 15, "source": "puts gets", "input": "3", "output": "3"}
    records.seed(state, "answer_code_submissions", {"id": 900, "language": "72", "language_id": "72", **told, **STAMP})
    for number, section_candidate in ((2984863, 131162), (2984864, 12605), (2984865, 396658)):
        told = {
            "assessment_candidate_id": placed[section_candidate]["assessment_candidate_id"],
            "assessment_section_candidate_id": section_candidate,
            "file_id": 13962889,
        }
        records.seed(state, "assessment_candidate_files", {"id": number, **told, **STAMP})


def _fill_panels(state: State, placed: dict[int, Document]) -> None:
    records = resources_of(state).records
    for waiting, member, candidate in _WAITING:
        _assign(state, waiting, member, placed[candidate], None)
    for number, assigned, panel, section_candidate, recommendation, user in _EVALUATED:
        at = placed[section_candidate]
        if assigned is not None and panel is not None:
            _assign(state, assigned, panel, at, recommendation)
        told = {
            "panel_id": panel,
            "assessment_candidate_id": at["assessment_candidate_id"],
            "assessment_section_id": at["assessment_section_id"],
            "assessment_section_candidate_id": section_candidate,
            "recommendation": recommendation,
            "evaluated_at": _JUDGED,
            "evaluated_by": user,
        }
        records.seed(state, "evaluations", {"id": number, **told, **STAMP})
        comment = {"evaluation_id": number, "content": "Explains clearly.", "answer_id": None}
        records.seed(state, "evaluation_comments", {"id": 24793 + number - 87214, **comment, **STAMP})
        for place, parameter in enumerate((116092, 116091)):
            rated = {"evaluation_id": number, "parameter_id": parameter, "rating": f"{5 - place}.00"}
            rating = 63_569_787 + 2 * (number - 87214) + place
            records.seed(state, "evaluation_ratings", {"id": rating, **rated, **STAMP})


def _assign(state: State, number: int, panel: int, at: Document, recommendation: str | None) -> None:
    told = {
        "panel_id": panel,
        "assessment_candidate_id": at["assessment_candidate_id"],
        "assessment_section_candidate_id": at["id"],
        "isEvaluated": recommendation is not None,
        "recommendation": recommendation,
        "added_by": USER,
    }
    resources_of(state).records.seed(state, "panel_candidates", {"id": number, **told, **STAMP})
