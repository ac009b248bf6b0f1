"""Settings, categories, custom fields, choices, menu cards and filters of the start world."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from assaykit.emulator.engine.dates import instant_text
from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview.seeds.people import COMPANY, EVALUATOR, OTHER, RECRUITER, SUBSIDIARY

ASSESSMENT: Final = 861338
_MINE: Final = {"organization_id": COMPANY, "created_by": RECRUITER, "updated_by": RECRUITER}
_FOREIGN: Final = {"organization_id": OTHER}
_SETTINGS: Final = (
    (1, "Timezone", "Timezone", True, None, None),
    (2, "LandingPage", "The first page after signing in", True, None, None),
    (3, "BrandColour", "Colour of the pages", False, None, None),
    (4, "VideoInReports", "Whether reports have videos", True, None, None),
    (5, "PageSize", "Rows of a list", False, "10", "100"),
    (6, "Language", "Language of the pages", True, None, None),
    (15, "DefaultList", "The list that is shown first", True, None, None),
)
_ALLOWED: Final = (
    (1, 1, "Pacific/Honolulu", "(GMT-10:00) Hawaii"),
    (143, 1, "Pacific/Midway", "(GMT-11:00) Midway Island, Samoa"),
    (144, 1, "Asia/Kolkata", "(GMT+05:30) Kolkata"),
    (145, 1, "UTC", "(GMT) Coordinated Universal Time"),
    (95, 2, "3", "Clients"),
    (131, 2, "39", "Assessments"),
    (132, 2, "40", "Candidates"),
    (160, 4, "yes", "Yes"),
    (161, 4, "no", "No"),
    (170, 6, "en-US", "English"),
    (171, 6, "de-DE", "German"),
    (150, 15, "Assessment", "Assessments"),
    (190, 15, "AssessmentCandidate", "Candidates of assessments"),
)
_VALUES: Final = {number: value for number, _, value, _ in _ALLOWED}


def fill(state: State) -> None:
    """Add them."""
    records = resources_of(state).records
    names = ("id", "name", "description", "constrained", "min_value", "max_value")
    records.seed(state, "settings", *(dict(zip(names, row, strict=True)) for row in _SETTINGS))
    columns = ("id", "settings_id", "item_value", "caption")
    records.seed(state, "settings_allowed_values", *(dict(zip(columns, row, strict=True)) for row in _ALLOWED))
    records.seed(state, "admin_settings_data", *_settings_data())
    records.seed(state, "categories", *_categories())
    records.seed(state, "admin_user_categories", *_user_categories())
    records.seed(state, "custom_fields", *_custom_fields())
    records.seed(state, "select_field_types", *_choice_lists())
    records.seed(state, "select_field_data", *_choices())
    records.seed(state, "admin_ui_filters", *_filters())
    _menu_cards(state)
    records.seed(
        state,
        "forms",
        {"id": 6, "name": "Application form", "type": 1, "url": "application", "article_id": 12, **_MINE},
    )


def _settings_data() -> list[dict[str, Any]]:
    def datum(
        number: int, setting: int, allowed: int | None, organization: int | None = None, user: int | None = None
    ) -> dict[str, Any]:
        value = None if allowed is None else _VALUES[allowed]
        told = {"settings_id": setting, "settings_allowed_value_id": allowed, "value": value}
        return {"id": number, **told, "organization_id": organization, "user_id": user, "updated_at": None}

    return [
        datum(40, 1, 145),
        datum(41, 4, 161),
        datum(42, 6, 170),
        datum(43, 15, 150),
        {**datum(44, 3, None), "unconstrained_value": "#336699"},
        {**datum(45, 5, None), "unconstrained_value": 20},
        datum(46, 2, 131),
        datum(60, 1, 144, COMPANY),
        datum(61, 4, 160, COMPANY),
        {**datum(62, 6, 171, COMPANY), "is_deleted": True},
        datum(63, 1, 143, COMPANY, RECRUITER),
        datum(64, 2, 95, COMPANY, EVALUATOR),
        datum(65, 1, 145, OTHER),
        datum(66, 15, 190, SUBSIDIARY),
        {**datum(67, 5, None, COMPANY, RECRUITER), "unconstrained_value": 50},
        datum(68, 15, 190, COMPANY),
        *(datum(80 + place, 6, 171, COMPANY, 70001 + place) for place in range(8)),
    ]


def _categories() -> list[dict[str, Any]]:
    names = ("Sales", "Support", "Finance", "Research", "Quality", "Logistics", "Law", "Security")
    return [
        {"id": 1, "name": "Engineers", "type": 1, **_MINE},
        {"id": 2, "name": "Designers", "type": 1, **_MINE},
        {"id": 12, "external_id": "421", "name": "Engineering", "type": 3, **_MINE},
        {"id": 513, "name": "Teamwork", "type": 100, **_MINE},
        {"id": 514, "name": "Retired", "type": 3, "is_deleted": True, **_MINE},
        {"id": 515, "name": "Elsewhere", "type": 3, **_FOREIGN},
        *(
            {"id": 520 + place, "name": name, "type": (1, 2, 3, 10)[place % 4], **_MINE}
            for place, name in enumerate(names)
        ),
    ]


def _user_categories() -> list[dict[str, Any]]:
    pairs = ((EVALUATOR, 1), (EVALUATOR, 12), (RECRUITER, 1), (RECRUITER, 2), (67656, 1), (45285, 2), (35432, 12))
    return [
        {"id": number, "user_id": user, "category_id": category, "organization_id": COMPANY}
        for number, (user, category) in enumerate(pairs, 1)
    ]


def _custom_fields() -> list[dict[str, Any]]:
    labels = ("Notice period", "Salary", "Source", "Relocation", "Team", "Cost centre")
    return [
        {"id": 9, "type": 1, "sort_order": 9, "label": "Hiring Manager", "key": "HiringManager", **_MINE},
        {"id": 487, "type": 2, "label": "Start date", "key": "start-date", **_MINE},
        {"id": 488, "type": 2, "label": "Retired", "key": "retired", "is_deleted": True, **_MINE},
        {"id": 489, "type": 1, "label": "Elsewhere", "key": "elsewhere", **_FOREIGN},
        *(
            {"id": 500 + place, "type": 1 + place % 2, "sort_order": place, "label": label,
             "key": label.lower().replace(" ", "-"), **_MINE}
            for place, label in enumerate(labels)
        ),
    ]  # fmt: skip


def _choice_lists() -> list[dict[str, Any]]:
    names = {1: "Cities", 58: "Highest degree", 90: "Education", 91: "Countries", 92: "Shifts", 93: "Languages"}
    lists = [{"id": number, "name": name, **_MINE} for number, name in names.items()]
    return [*lists, {"id": 99, "name": "Elsewhere", **_FOREIGN}]


def _choices() -> list[dict[str, Any]]:
    def choice(number: int, of: int, value: str, place: int | None = None, **more: Any) -> dict[str, Any]:
        key = value.lower().replace(" ", "-")
        told = {"key": key, "value": value, "select_field_type_id": of, "sort_order": place}
        return {"id": number, **told, **_MINE, **more}

    germany = {"parent_id": 7, "parent_value": "Germany"}
    return [
        choice(1, 90, "Evening classes"),
        choice(7, 91, "Germany", 1),
        choice(8, 1, "Berlin", 1, **germany),
        choice(9, 1, "Hamburg", 2, **germany),
        choice(10, 91, "France", 2),
        choice(11, 1, "Paris", 3, parent_id=10, parent_value="France"),
        choice(5972549, 58, "Four-year college"),
        choice(5972550, 58, "Doctorate"),
        choice(7091483, 90, "Distance learning"),
        choice(7091484, 90, "Evening school", is_deleted=True),
        choice(7091485, 92, "Night"),
        choice(7091486, 92, "Day"),
        choice(7091487, 93, "English"),
        choice(7091490, 99, "Elsewhere", **_FOREIGN),
    ]


def _filters() -> list[dict[str, Any]]:
    kinds = ("a", "ac", "c", "pc", "r-ls", "p-ls")
    own = [
        {"id": 154 + place, "object_type": kind, "filter": {"type": "text"}, "version": "1.1", **_MINE}
        for place, kind in enumerate(kinds)
    ]
    shared = {"id": 100, "object_type": "a", "filter": {"type": "text"}, "version": "1.0", "organization_id": None}
    return [
        *own,
        shared,
        {"id": 101, "object_type": "c", "filter": {}, "version": "1.0", "is_deleted": True, **_MINE},
        {"id": 102, "object_type": "c", "filter": {}, "version": "1.0", **_FOREIGN},
    ]


def _menu_cards(state: State) -> None:
    records, now = resources_of(state).records, state.clock.now()
    runs = {"starts_at": instant_text(now - timedelta(days=5)), "ends_at": instant_text(now + timedelta(days=1500))}
    logo = "https://files.example.com/logo.png"
    further = [
        {"id": 200 + place, "name": f"Open positions {place}", "code": str(50_000_000 + place), **runs, **_MINE}
        for place in range(6)
    ]
    records.seed(
        state,
        "menu_cards",
        {"id": 1, "name": "Open positions", "description": "Positions in engineering", "code": "64399250", **_MINE},
        {"id": 83, "name": "Engineering", "is_private": False, "imageUrl": logo, "code": "3990756", **runs, **_MINE},
        {"id": 84, "name": "Elsewhere", "code": "3990757", **_FOREIGN},
        {"id": 85, "name": "Retired", "code": "3990758", "is_deleted": True, **_MINE},
        *further,
    )
    cards = (83, 1, *range(200, 206))
    records.seed(
        state,
        "menu_card_assessments",
        *(
            {"id": 435 + place, "assessment_id": ASSESSMENT, "menu_card_id": card, **_MINE}
            for place, card in enumerate(cards)
        ),
    )
