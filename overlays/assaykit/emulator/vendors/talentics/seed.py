"""The start world: some hundred invented jobs, tests, participants and applicants, drawn from the world's seed.

The ids of the documentation's samples are among them, with the samples' values. Dates of all others lie around the
instant at which the world begins. A second account owns one job and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from assaykit.emulator.engine.dates import instant_text
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talentics import samples
from assaykit.emulator.vendors.talentics.accounts import APP_ID, OTHER_APP_ID, SECRETS
from assaykit.emulator.vendors.talentics.candidate import FINISHED, INVITED, SENDING, STARTED, keep_scores, new_ticket
from assaykit.emulator.vendors.talentics.candidate import score as score_results
from assaykit.emulator.vendors.talentics.records import (
    ACCOUNTS,
    APPLICANTS,
    EXAMS,
    FORMS,
    JOBS,
    ORGANIZATIONS,
    TICKETS,
    put,
)

EXAM_COUNT: Final = 150
JOB_COUNT: Final = 200
FULL_EXAM_TICKETS: Final = 52
"""Tickets of exam 1 and of exam 8 each, as many as the sample's `meta` tells; other exams have 0 to 5."""
SAMPLE_JOB_APPLICANTS: Final = 12
OTHER_JOB: Final = 100_001
_SAMPLE_EXAMS: Final = (1, 8)
# fmt: off
_FIRST_NAMES: Final = (
    "Ada", "Bima", "Citra", "Dewi", "Eka", "Fajar", "Gita", "Hana", "Indra", "Joko",
    "Kartika", "Lestari", "Made", "Nadia", "Oka", "Putri", "Ratna", "Sari", "Tono", "Wulan",
)
_LAST_NAMES: Final = (
    "Sample", "Contoh", "Example", "Anggrek", "Melati", "Kenanga", "Cempaka", "Mawar",
    "Teratai", "Dahlia", "Seroja", "Kamboja", "Flamboyan",
)
# fmt: on
_TOWNS: Final = ("Jakarta", "Bandung", "Surabaya", "Medan", "Semarang", "Makassar", "Denpasar")
_WORK: Final = ("Analyst", "Technician", "Accountant", "Designer", "Buyer", "Planner", "Trainer", "Clerk", "Chemist")
_RANKS: Final = ("Junior", "Senior", "Lead", "Assistant")
_DEGREES: Final = ("SMA", "D3", "S1", "S2")
_EXPERIENCE: Final = ("< 1 years", "1-3 years", "3-5 years", "> 5 years")
_ASSESSMENTS: Final = {
    "Numerical reasoning": ("Calculation", "Tables"),
    "Verbal reasoning": ("Vocabulary", "Inference", "Summary"),
    "Work style": ("Diligence", "Openness", "Calm"),
}
_GROUPS: Final = {"Numerical reasoning": "Ability", "Verbal reasoning": "Ability", "Work style": "Personality"}
_STAGES: Final = (SENDING, INVITED, INVITED, STARTED, FINISHED, FINISHED)


def _pick(state: State, what: str, choices: Sequence[Any]) -> Any:
    return choices[int(state.ids.fraction(f"seed {what}") * len(choices))]


def _between(state: State, what: str, low: int, high: int) -> int:
    return low + int(state.ids.fraction(f"seed {what}") * (high - low + 1))


def _person(state: State) -> tuple[str, str]:
    """Return a name and an e-mail address; names repeat, addresses do not."""
    first, last = _pick(state, "first name", _FIRST_NAMES), _pick(state, "last name", _LAST_NAMES)
    return f"{first} {last}", f"{first}.{last}.{state.ids.integer('seed address')}@example.com".lower()


def _slug(name: str) -> str:
    return "-".join("".join(char for char in word if char.isalnum()) for word in name.lower().split())


def _days_from_now(state: State, days: int, hours: int = 0) -> str:
    moment = state.clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=days, hours=hours)
    return instant_text(moment)


def fill(state: State) -> None:
    """Fill a new world."""
    for app_id, secret in SECRETS.items():
        state.store.insert(ACCOUNTS, app_id, {"id": app_id, "secret": secret})
    for number, (name, registered) in samples.COMPANIES.items():
        put(state.store, ORGANIZATIONS, number, samples.company(number, name, _slug(name), registered))
    _fill_jobs(state)
    _fill_exams(state)


def _fill_jobs(state: State) -> None:
    applicant = 1
    for number in range(1, JOB_COUNT + 1):
        sample = samples.JOBS.get(number)
        job = sample or _job(state, number)
        put(state.store, JOBS, number, job, owner=APP_ID, organizationId=job["organization_id"])
        count = 2 if number == 1 else SAMPLE_JOB_APPLICANTS if sample else number % 5
        for _ in range(count):
            _add_applicant(state, applicant, job)
            applicant += 1
    other = _job(state, OTHER_JOB)
    put(state.store, JOBS, OTHER_JOB, other, owner=OTHER_APP_ID, organizationId=other["organization_id"])


def _job(state: State, number: int) -> dict[str, Any]:
    organization = _pick(state, "company", tuple(samples.COMPANIES))
    work = _pick(state, "work", _WORK)
    title = f"{_pick(state, 'rank', _RANKS)} {work}"
    profession = 3 + _WORK.index(work)
    due = _between(state, "due", -60, 120)
    created = _days_from_now(state, min(due, 0) - _between(state, "open", 5, 90))
    salary = 500_000 * _between(state, "salary", 6, 24)
    slug = f"{_slug(title)}-{number}"
    company = _slug(samples.COMPANIES[organization][0])
    return samples.JOBS[10] | {
        "id": number,
        "organization_id": organization,
        "profession_id": profession,
        "title": title,
        "description": f"The work of a {work.lower()}",
        "created_at": created,
        "updated_at": created,
        "location": _pick(state, "town", _TOWNS),
        "due_date": _days_from_now(state, due),
        "min_experience": _between(state, "experience", 0, 5),
        "min_salary": salary,
        "max_salary": salary + 500_000 * _between(state, "raise", 1, 8),
        "industry_id": _between(state, "industry", 1, 20),
        "code": f"JOB{number:04}",
        "city_id": _between(state, "city", 1, 50),
        "district_id": _between(state, "district", 1, 400),
        "slug": slug,
        "closed": int(due < 0),
        "page_url": f"https://talentics.id/{company}/{slug}",
        "applicable": due >= 0,
        "work_ready": bool(_between(state, "ready", 0, 1)),
        "related_profession": {
            "id": profession,
            "profession_cluster_id": 1 + profession % 4,
            "name": work,
            "slug": _slug(work),
            "description": f"Whoever works as a {work.lower()}",
        },
    }


def _add_applicant(state: State, number: int, job: dict[str, Any]) -> None:
    """Add an applicant; those with an odd id have submitted the form, and so has the sample's."""
    applicant = samples.APPLICANTS[number - 1] if number in (1, 2) else _applicant(state, number, job)
    put(state.store, APPLICANTS, number, applicant, owner=APP_ID, jobId=job["id"])
    if number == samples.FORM_OWNER:
        submitted = "2021-07-07 10:10:10"
    elif number % 2:
        submitted = _days_from_now(state, -_between(state, "submitted", 1, 60))
    else:
        return
    put(state.store, FORMS, number, samples.form(number, applicant["name"], applicant["email"], submitted))


def _applicant(state: State, number: int, job: dict[str, Any]) -> dict[str, Any]:
    name, email = _person(state)
    if number == samples.FORM_OWNER:
        name, email = "John Doe", "john.doe@example.com"
    # Beyond the numbers that Indonesia gives out, which begin with the number of a province.
    identity = f"99{number:014}"
    born = _between(state, "born", 1965, 2003), _between(state, "month", 1, 12), _between(state, "day", 1, 28)
    town = _pick(state, "town", _TOWNS)
    return samples.APPLICANTS[0] | {
        "id": number,
        "organization_id": job["organization_id"],
        "job_id": job["id"],
        "account_id": 100_000 + number,
        "name": name,
        "email": email,
        "phone_number": f"0800{number:06}",
        "identity_number": identity,
        "location": town,
        "education": _pick(state, "degree", _DEGREES),
        "year_of_experience": _pick(state, "years", _EXPERIENCE),
        "gender": _between(state, "gender", 1, 2),
        "dob": f"{born[0]}-{born[1]:02}-{born[2]:02}",
        "nik": identity,
        "portfolio_link": f"https://portfolio.example.com/{number}",
        "address": f"Jalan Contoh {number}, {town}",
        "cv_file_path": f"jobs/apply/cv/{number}.pdf",
        "access_code": f"A{number:06}",
        "access_code_expired_at": _days_from_now(state, _between(state, "code", -5, 30)),
    }


def _fill_exams(state: State) -> None:
    """Add the exams and their tickets. Tickets 12 to 63 are exam 8's, the rest up to 104 are exam 1's."""
    for number in range(1, EXAM_COUNT + 1):
        sample = number in _SAMPLE_EXAMS
        exam = samples.exam(number) if sample else _exam(state, number)
        assessments = samples.ASSESSMENTS if sample else _assessments(state)
        put(state.store, EXAMS, number, exam, owner=APP_ID, assessments=assessments)
    numbers = [state.ids.integer("ticket") for _ in range(2 * FULL_EXAM_TICKETS)]
    for number in numbers:
        in_second = 12 <= number < 12 + FULL_EXAM_TICKETS
        _add_ticket(state, number, _SAMPLE_EXAMS[in_second], samples.ASSESSMENTS, number)
    for exam_id in range(1, EXAM_COUNT + 1):
        if exam_id not in _SAMPLE_EXAMS:
            kept = state.store.get(EXAMS, str(exam_id))
            assessments = [] if kept is None else kept["assessments"]
            for place in range(exam_id % 6):
                _add_ticket(state, state.ids.integer("ticket"), exam_id, assessments, place)


def _exam(state: State, number: int) -> dict[str, Any]:
    begins = _between(state, "begins", -40, 40)
    created = _days_from_now(state, begins - _between(state, "ahead", 5, 20), hours=8)
    return {
        "id": number,
        "organization_id": _pick(state, "company", tuple(samples.COMPANIES)),
        "job_id": _between(state, "job", 1, JOB_COUNT),
        "title": f"{_pick(state, 'work', _WORK)} screening {number}",
        "started_at": _days_from_now(state, begins),
        "ended_at": _days_from_now(state, begins + _between(state, "lasts", 3, 14)),
        "created_at": created,
        "updated_at": created,
    }


def _assessments(state: State) -> list[dict[str, Any]]:
    names = list(_ASSESSMENTS)[: _between(state, "assessments", 1, len(_ASSESSMENTS))]
    return [
        {
            "name": name,
            "slug": _slug(name),
            "aspects": [
                {"group": _GROUPS[name], "name": aspect, "slug": _slug(aspect)} for aspect in _ASSESSMENTS[name]
            ],
        }
        for name in names
    ]


def _add_ticket(state: State, number: int, exam_id: int, assessments: list[dict[str, Any]], place: int) -> None:
    """Add a ticket at the stage that its place in the test gives it; a sample's at the sample's."""
    results: list[dict[str, Any]] = []
    stage: str = _STAGES[place % len(_STAGES)]
    if number in samples.TICKETS:
        name, email, created, updated = samples.TICKETS[number]
        stage = SENDING
    else:
        name, email = ("John Doe", "john.doe@example.com") if number == 1 else _person(state)
        created = _days_from_now(state, -_between(state, "invited", 3, 20), hours=9)
        updated = created if stage == SENDING else _days_from_now(state, -2, hours=10)
    if number == 1:
        stage, results = FINISHED, samples.RESULTS
    elif stage == FINISHED:
        results = score_results(state, assessments, {})
    shown = new_ticket(number, name, email, created) | {"updated_at": updated, "status": stage}
    if stage in (STARTED, FINISHED):
        shown["started_at"] = _days_from_now(state, -2, hours=9)
    if stage == FINISHED:
        shown["finished_at"] = updated
    put(state.store, TICKETS, number, shown, owner=APP_ID, examId=exam_id, stage=stage)
    keep_scores(state, number, name, email, results)
