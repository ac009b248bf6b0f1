"""The start world: 31 invented tests with some 200 candidates in all statuses, drawn from the world's seed.

The ids that the specification's examples show are among them, with their values. Dates of all others lie around the
instant at which the world begins. A second account owns one test with two candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from assaykit.emulator.engine.dates import instant_text
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.testdome import samples
from assaykit.emulator.vendors.testdome.accounts import DEMO, OTHER
from assaykit.emulator.vendors.testdome.actions import finish
from assaykit.emulator.vendors.testdome.lifecycle import SENDING_SECONDS, add_candidate, keep, note
from assaykit.emulator.vendors.testdome.records import (
    ACCOUNTS,
    CANCELED,
    COMPLETED,
    DID_NOT_TAKE,
    INVITED,
    PAUSED,
    SENDING,
    STARTED,
    TESTS,
)
from assaykit.emulator.vendors.testdome.urls import add_url

TEST_COUNT: Final = 30
FIRST_TEST: Final = 1_234_601
CANDIDATES_A_TEST: Final = 7
OTHER_TEST: Final = 2_000_001
OTHER_CANDIDATES: Final = (9_000_001, 9_000_002)
_FIRST_QUESTION: Final = 6000
# fmt: off
_NAMES: Final = (
    "Ada", "Bruno", "Chidi", "Dana", "Emil", "Farah", "Goran", "Hilde", "Ivo", "Jana", "Karim", "Lotte",
    "Marek", "Nadia", "Otto", "Petra", "Quinn", "Rosa", "Samir", "Tilda", "Uwe", "Vera", "Wanda", "Yusuf",
)
_FAMILIES: Final = ("Sample", "Example", "Invented", "Mockup", "Muster", "Fixture", "Dummy", "Placeholder")
_WORK: Final = (
    ("Backend Developer", ("Python", "SQL")), ("Frontend Developer", ("JavaScript", "CSS")),
    ("Data Analyst", ("SQL", "Statistics")), ("Accountant", ("Bookkeeping", "Spreadsheets")),
    ("Java Developer", ("Java", "SQL")), ("Support Agent", ("Communication", "Typing")),
    ("Project Manager", ("Planning", "Communication")), ("DevOps Engineer", ("Linux", "Networking")),
)
# fmt: on
_LEVELS: Final = ("Junior", "Senior", "Lead", "Graduate")
_STATUSES: Final = (
    SENDING,
    INVITED,
    INVITED,
    STARTED,
    PAUSED,
    COMPLETED,
    COMPLETED,
    COMPLETED,
    DID_NOT_TAKE,
    CANCELED,
)


def _between(state: State, what: str, low: int, high: int) -> int:
    return low + int(state.ids.fraction(f"seed {what}") * (high - low + 1))


def _pick(state: State, what: str, choices: Sequence[Any]) -> Any:
    return choices[_between(state, what, 0, len(choices) - 1)]


def _chance(state: State, what: str, share: float) -> bool:
    return state.ids.fraction(f"seed {what}") < share


def _from_now(state: State, hours: float) -> str:
    return instant_text(state.clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours))


def fill(state: State) -> None:
    """Fill a new world."""
    for account in samples.ACCOUNTS:
        state.store.insert(ACCOUNTS, str(account["id"]), dict(account))
    _fill_sample(state)
    for number in range(FIRST_TEST, FIRST_TEST + TEST_COUNT):
        test = _invented_test(state, number)
        for _ in range(CANDIDATES_A_TEST if test["questions"] else 0):
            _invented_candidate(state, test, DEMO, _pick(state, "status", _STATUSES))
    other = _add_test(state, OTHER_TEST, OTHER, name="Night Shift Planner", questions=list(samples.QUESTIONS))
    for candidate, status in zip(OTHER_CANDIDATES, (COMPLETED, INVITED), strict=True):
        _invented_candidate(state, other, OTHER, status, id=candidate)


def _add_test(state: State, number: int, owner: str, **given: Any) -> Document:
    test = {
        "id": number,
        "owner": owner,
        "deleted": False,
        "published": True,
        "name": "",
        "description": None,
        "created": state.now(),
        "archived": False,
        "cutoffScore": 60,
        "author": None,
        "proctoringConsent": False,
        "notifyTo": ["hiring@example.com"],
        "affectedByNextDeprecation": False,
        "daysUntilNextDeprecation": 120,
        "questions": [],
        "timingPolicy": "normal",
        "showFinalScoreToCandidate": False,
        "databaseOptions": [],
        "isAiForbidden": True,
        "integrationDeadlineInDays": 14,
        "integrationProctoring": False,
        "urlSettings": {
            "candidatesLimit": None,
            "deadline": None,
            "proctoringEnabled": False,
            "verifyCandidates": False,
        },
        "inviteViaEmailParameters": None,
        "notifyCandidatesParameters": None,
        "shareKey": None,
    } | given
    state.store.insert(TESTS, str(number), test)
    return test


def _fill_sample(state: State) -> None:
    deadline = {"deadline": _from_now(state, 24 * 110)}
    settings = samples.SAMPLE_TEST["urlSettings"] | deadline
    test = _add_test(state, samples.TEST, DEMO, **samples.SAMPLE_TEST | {"urlSettings": settings})
    add_url(
        state,
        test["id"],
        "Job fair",
        id=samples.URL,
        key="0d9f3c7be21a4c58",
        modified="2026-02-03T14:05:00.000000Z",
    )
    add_candidate(state, DEMO, test["id"], "ada.sample@example.com", **samples.ADA)
    # The example's deadline lies in the future of any world that begins before it; in others it must too.
    tom = samples.TOM | {"deadline": max(samples.TOM["deadline"], _from_now(state, 24 * 60))}
    invited = add_candidate(state, DEMO, test["id"], "tom.sample@example.com", **tom)
    note(invited, state.now(), "The candidate was invited.")
    keep(state, invited)
    for email, status, score in samples.OTHERS:
        through = {"urlId": samples.URL} if status == COMPLETED else {}
        _settle(state, test, add_candidate(state, DEMO, test["id"], email, **through), status, score)


def _invented_test(state: State, number: int) -> Document:
    place = number - FIRST_TEST
    work, skills = _WORK[place % len(_WORK)]
    draft = place % 10 == 4
    questions = [
        {
            "id": _FIRST_QUESTION + (7 * place + index) % 60,
            "name": f"{_pick(state, 'question', ('Puzzle', 'Case', 'Task', 'Exercise'))} {index + 1}",
            "skill": skills[index % len(skills)],
            "seconds": 60 * _between(state, "minutes", 5, 20),
            "manual": place % 7 == 3 and index == 0,
        }
        for index in range(0 if draft else _between(state, "questions", 2, 8))
    ]
    test = _add_test(
        state,
        number,
        DEMO,
        name=f"{_LEVELS[place % len(_LEVELS)]} {work} {place + 1}",
        description=None if place % 6 == 5 else f"{' and '.join(skills)} for the work as {work}.",
        created=_from_now(state, -24 * _between(state, "age", 10, 700)),
        archived=place % 9 == 7,
        deleted=place in (11, 23),
        published=not draft and place % 8 != 6,
        cutoffScore=_pick(state, "cutoff", (40, 50, 60, 70, 75.5)),
        proctoringConsent=place % 2 == 0,
        affectedByNextDeprecation=place % 5 == 2,
        questions=questions,
        timingPolicy=_pick(state, "timing", ("strict", "normal", "relaxed")),
        databaseOptions=["PostgreSQL", "MySQL"] if "SQL" in skills else [],
    )
    for index in range(place % 3 if not draft else 0):
        add_url(state, number, f"Campaign {index + 1}", disabled=index == 1)
    return test


def _invented_candidate(state: State, test: Document, owner: str, status: str, **given: Any) -> None:
    first, family = _pick(state, "first name", _NAMES), _pick(state, "family", _FAMILIES)
    email = f"{first}.{family}.{state.ids.integer('seed address')}@example.com".lower()
    if _chance(state, "tagged", 0.3):
        given["tags"] = [_pick(state, "tag", ("referral", "job fair", "agency"))]
    candidate = add_candidate(
        state,
        owner,
        test["id"],
        email,
        name=f"{first} {family}",
        archived=status not in (SENDING, INVITED) and _chance(state, "archived", 0.2),
        proctoringEnabled=_chance(state, "proctored", 0.4),
        **given,
    )
    if status == COMPLETED and _chance(state, "cheating", 0.15):
        candidate["possibleCheating"] = True
        candidate["possibleCheatingAttempts"] = [{"description": "The IP address was shared with another candidate."}]
    _settle(state, test, candidate, status, None)


def _settle(state: State, test: Document, candidate: Document, status: str, score: float | None) -> None:
    """Bring a new candidate to a status, as if time had passed; nobody hears of it."""
    age = _between(state, "days", 2, 60)
    invited = _from_now(state, -24 * age)
    candidate["status"] = status
    candidate["paid"] = candidate["urlId"] is None and status not in (DID_NOT_TAKE, CANCELED)
    if candidate["urlId"] is None:
        candidate["deadline"] = _from_now(state, 24 * _between(state, "deadline", 7, 90))
        note(candidate, invited, "The invitation was sent.")
    if status == SENDING:
        candidate["sentAt"] = instant_text(state.clock.now() + timedelta(seconds=SENDING_SECONDS))
    if status in (SENDING, INVITED):
        candidate["name"] = None
    if status in (STARTED, PAUSED, COMPLETED):
        candidate["name"] = candidate["name"] or "Sample Candidate"
        candidate["startedAt"] = _from_now(state, 3 - 24 * age)
        note(candidate, candidate["startedAt"], "The candidate started the test.")
    if status == PAUSED:
        candidate["pausedAt"] = _from_now(state, 3.5 - 24 * age)
        note(candidate, candidate["pausedAt"], "The test was paused.")
    if status == COMPLETED:
        finish(state, candidate, test, score, _between(state, "taken", 600, 5000))
        candidate["notified"] = _chance(state, "notified", 0.5)
        note(candidate, _from_now(state, 5 - 24 * age), "The candidate finished the test.")
    if status == DID_NOT_TAKE:
        candidate["deadline"] = _from_now(state, -24 * (age // 2))
        note(candidate, candidate["deadline"], "The deadline passed.")
    if status == CANCELED:
        note(candidate, _from_now(state, 24 - 24 * age), "The invitation was cancelled.")
    keep(state, candidate)
