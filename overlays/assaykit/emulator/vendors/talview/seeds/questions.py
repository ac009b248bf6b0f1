"""Sections, questions, skills and parameters of the start world."""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview import sections

OWNER: Final = 488
OTHER_OWNER: Final = 496
USER: Final = 30876
COLLEAGUE: Final = 41
OTHER_USER: Final = 50001
EVALUATION_FORM: Final = 8364
MADE: Final = "2026-01-12T09:30:00.000000Z"
STAMP: Final = {"organization_id": OWNER, "created_at": MADE, "updated_at": MADE}
BY_USER: Final = {**STAMP, "created_by": USER, "updated_by": USER}
OTHER: Final = {**BY_USER, "organization_id": OTHER_OWNER, "created_by": OTHER_USER, "updated_by": OTHER_USER}

_SKILLS: Final = {
    9760: "Communication",
    9419: "Negotiation",
    7459: "Python",
    7467: "SQL",
    7800: "Testing",
    5661: "Listening",
    1: "Writing",
}
_DESCRIBED: Final = {9760: "Speaks and writes well"}
"""Descriptions of skills."""
_PARAMETERS: Final = {
    116092: "Communication",
    116091: "Problem solving",
    116716: "Knowledge",
    116718: "Clarity",
    116717: "Manners",
    1: "Diligence",
}
_SECTIONS: Final = {
    1: ("Python", 6),
    1294348: ("Interview", 5),
    2192778: ("Second interview", 5),
    2856943: ("SQL", 6),
    2923542: ("Live interview", 7),
    2959918: ("Simulation", 13),
    3328043: ("Essay", 4),
    3513028: ("Video interview", 5),
    3516932: ("Typing Test", 10),
    3550947: ("Instructions", 11),
}
_CHOICE: Final = "multiple choice"
_SEVERAL: Final = "multiple choice multiple answer"
_QUESTIONS: Final[tuple[tuple[int, str, str, tuple[str, ...], int], ...]] = (
    (84073, _CHOICE, "How much is 1 + 1?", ("1", "2", "3", "4"), 2),
    (84074, _CHOICE, "Which keyword begins a function?", ("fun", "def", "sub"), 2),
    (83948, _SEVERAL, "Which numbers are even?", ("2", "3", "4", "5"), 13),
    (83199, _CHOICE, "Which one is no list?", ("[]", "[1]", "()"), 3),
    (62028, "interview", "Which project are you proud of?", (), 0),
    (71943, "interview", "How do you test what you write?", (), 0),
    (56661, "interview", "What would you like to learn?", (), 0),
    (141, "essay", "What have you improved?", (), 0),
    (8, "essay", "What are you proud of?", (), 0),
    (89071, "typing", "Type this line.", (), 0),
    (4441, "code", "Print a greeting.", (), 0),
    (1, "live", "Tell us about yourself.", (), 0),
)
_CATEGORIES: Final = {84073: 12, 84074: 12, 62028: 513}
"""Category of those questions that have one."""
_ASKED: Final = {
    1: (84073, 84074, 83948),
    1294348: (62028, 71943, 56661),
    2192778: (71943,),
    2856943: (83199, 4441),
    2923542: (1,),
    3328043: (141, 8),
    3513028: (62028,),
    3516932: (89071,),
}
"""Questions of each section."""


def _question(number: int, kind: str, text: str, choices: tuple[str, ...], correct: int) -> dict[str, Any]:
    told = {f"choice_{place}": choice for place, choice in enumerate(choices, 1)}
    worded = {"contentRaw": f"<p>{text}</p>", "plainTxtContent": text, "title": "Backend Developer"}
    placed = {"category_id": _CATEGORIES.get(number)}
    return {"id": number, "type": kind, "correct_choice": correct, **placed, **worded, **told, **BY_USER}


def fill(state: State) -> None:
    """Put them into a new world."""
    records = resources_of(state).records
    skills = [
        {"id": number, "name": name, "description": _DESCRIBED.get(number), **BY_USER}
        for number, name in _SKILLS.items()
    ]
    records.seed(state, "skills", *skills, {"id": 9001, "name": "Cooking", **OTHER})
    parameters = [
        {"id": number, "name": name, "max_value": None if number == 116717 else 5, **STAMP}
        for number, name in _PARAMETERS.items()
    ]
    parameters[-1]["recommended_value"] = 4
    records.seed(state, "parameters", *parameters, {"id": 900001, "name": "Taste", "max_value": 5, **OTHER})
    made = [
        {"id": number, "title": title, "section_type_id": kind, "type": sections.label(kind), **STAMP}
        for number, (title, kind) in _SECTIONS.items()
    ]
    made[-1]["is_default"], made[2]["evaluation_form_id"] = True, EVALUATION_FORM
    template = {"id": 3550948, "title": "Essay", "section_type_id": 4, "type": "Essay", "is_template": True, **STAMP}
    foreign = {"id": 900001, "title": "Cooking", "section_type_id": 6, "type": sections.label(6), **OTHER}
    records.seed(state, "sections", *made, template, foreign)
    foreign_question = {**_question(900001, _CHOICE, "How long does rice take?", ("5", "18"), 2), **OTHER}
    records.seed(state, "questions", *(_question(*one) for one in _QUESTIONS), foreign_question)
    _map(state)


def _map(state: State) -> None:
    """Give sections their questions, skills and parameters."""
    records = resources_of(state).records
    one = {"id": 1, "section_id": 3513028}
    records.seed(state, "section_combined", {**one, "question_id": 71943, "q_count": 1, "sort_order": 1, **BY_USER})
    records.seed(state, "section_questions", {**one, "question_id": 71943, "question_order": 2, **BY_USER})
    records.seed(state, "section_skills", {**one, "skill_id": 9760, "q_count": 1, "q_order": 1, **STAMP})
    records.seed(state, "section_parameters", {**one, "parameter_id": 116716, "is_mandatory": True, **STAMP})
    records.seed(state, "question_skills", {"id": 1, "question_id": 62028, "skill_id": 9760, **BY_USER})
    pairs = [(section, question, place) for section, asked in _ASKED.items() for place, question in enumerate(asked)]
    for number, (section, question, place) in enumerate(pairs):
        at = {"section_id": section, "question_id": question}
        records.seed(
            state, "section_combined", {"id": 15712 + number, "q_count": 1, "sort_order": place, **at, **BY_USER}
        )
        records.seed(state, "section_questions", {"id": 1570065 + number, "question_order": place + 1, **at, **BY_USER})
    drawn = {"question_id": None, "q_count": 3, "skill_id": 7800, "section_id": 2856943, "sort_order": 2}
    records.seed(state, "section_combined", {"id": 127, **drawn, **BY_USER})
    for number, (section, skill) in enumerate([(3328043, 7800), (2856943, 7467), (1, 7459), (2959918, 9760)]):
        told = {"section_id": section, "skill_id": skill, "q_count": 2, "q_order": 1, "is_mandatory": number % 2 == 0}
        records.seed(state, "section_skills", {"id": 821373 + number, **told, **STAMP})
    rated = [(1294348, 116091), (1294348, 116092), (3513028, 116092), (3513028, 116091), (2192778, 116718)]
    for number, (section, parameter) in enumerate(rated):
        told = {"section_id": section, "parameter_id": parameter, "is_mandatory": False}
        records.seed(state, "section_parameters", {"id": 5241115 + number, **told, **STAMP})
    for number, (question, skill) in enumerate([(71943, 7467), (84073, 7459), (84074, 7459), (83199, 7467), (141, 1)]):
        told = {"question_id": question, "skill_id": skill}
        records.seed(state, "question_skills", {"id": 53499 + number, **told, **BY_USER})
