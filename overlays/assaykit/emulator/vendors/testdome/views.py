"""What the API shows of tests, candidates and URLs, by the state that they are in."""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.editing import edited
from assaykit.emulator.engine.storage import Document, Where, equal
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.testdome.accounts import account
from assaykit.emulator.vendors.testdome.records import CANDIDATES, COMPLETED, OPEN, TESTS, URLS

_PLAIN_OF_TEST: Final = (
    "id",
    "name",
    "description",
    "created",
    "archived",
    "cutoffScore",
    "proctoringConsent",
    "needsScoring",
    "notifyTo",
    "testUrlStatus",
    "affectedByNextDeprecation",
    "daysUntilNextDeprecation",
)
_EXPANDABLE_OF_TEST: Final = (
    "candidatesCount",
    "scheduledCandidatesCount",
    "questionsCount",
    "questions",
    "skills",
    "timeLimit",
    "expectedPassRate",
    "owner",
    "testUrls",
    "urlSettings",
    "inviteViaEmailParameters",
    "notifyCandidatesParameters",
)
_PLAIN_OF_CANDIDATE: Final = (
    "id",
    "name",
    "email",
    "status",
    "score",
    "maxScore",
    "passed",
    "passedOverride",
    "timeTaken",
    "deadline",
    "invitationKey",
    "archived",
    "anonymized",
    "tags",
    "needsScoring",
    "shouldNotify",
    "proctoringEnabled",
    "proctoringStatus",
    "possibleCheating",
)
_EXPANDABLE_OF_CANDIDATE: Final = (
    "test",
    "testUrl",
    "possibleCheatingAttempts",
    "skillScores",
    "betterThan",
    "questions",
    "notes",
    "activities",
    "certificate",
)
EXPANDABLE_OF_TEST: Final = frozenset(_EXPANDABLE_OF_TEST)
EXPANDABLE_OF_CANDIDATE: Final = frozenset(_EXPANDABLE_OF_CANDIDATE)


class View:
    """Shows documents to one request, and reads what they refer to once.

    Args:
        state: TestDome's part of the world.
        base_url: Address under which the client reaches it; links begin with it.
    """

    def __init__(self, state: State, base_url: str) -> None:
        self._state = state
        self._base_url = base_url
        self._tests: dict[int, Document] = {}

    def test(self, test: Document, expand: frozenset[str]) -> dict[str, Any]:
        """Return a test with the named expandable properties."""
        wanted = (*_PLAIN_OF_TEST, *(name for name in _EXPANDABLE_OF_TEST if name in expand))
        shown = {name: self._of_test(test, name) for name in wanted}
        shown["_links"] = self._self(f"/v3/tests/{test['id']}")
        return edited("tests", test, shown)

    def candidate(self, candidate: Document, expand: frozenset[str]) -> dict[str, Any]:
        """Return a candidate with the named expandable properties."""
        wanted = (*_PLAIN_OF_CANDIDATE, *(name for name in _EXPANDABLE_OF_CANDIDATE if name in expand))
        shown = {name: self._of_candidate(candidate, name) for name in wanted}
        shown["_links"] = self._self(f"/v3/candidates/{candidate['id']}")
        return edited("candidates", candidate, shown)

    def url(self, url: Document) -> dict[str, Any]:
        """Return a URL of a test."""
        shown = {name: url[name] for name in ("id", "key", "name", "disabled", "modified")}
        completed = [*equal(urlId=url["id"]), Where("status", "=", COMPLETED)]
        shown["candidatesCompleted"] = self._state.store.count(CANDIDATES, completed)
        shown["_links"] = {}
        return edited("urls", url, shown)

    def _self(self, path: str) -> dict[str, Any]:
        return {"self": {"href": f"{self._base_url}{path}"}}

    def _test_of(self, candidate: Document) -> Document:
        number = candidate["testId"]
        if number not in self._tests:
            test = self._state.store.get(TESTS, str(number))
            if test is None:
                raise LookupError(f"the test {number} of candidate {candidate['id']} is not kept")
            self._tests[number] = test
        return self._tests[number]

    def _needing_scoring(self, test: Document) -> int | None:
        if not any(question["manual"] for question in test["questions"]):
            return None
        finished = self._state.store.find(CANDIDATES, equal(testId=test["id"], status=COMPLETED))
        return sum(1 for candidate in finished if candidate["needsScoring"])

    def _url_status(self, test: Document) -> str:
        urls = self._state.store.find(URLS, equal(testId=test["id"]))
        if not urls:
            return "none"
        return "on" if any(why_closed(self._state, test, url) is None for url in urls) else "off"

    def _of_test(self, test: Document, name: str) -> Any:
        store, number, questions = self._state.store, test["id"], test["questions"]
        match name:
            case "needsScoring":
                return self._needing_scoring(test)
            case "testUrlStatus":
                return self._url_status(test)
            case "candidatesCount":
                return store.count(CANDIDATES, equal(testId=number))
            case "scheduledCandidatesCount":
                return store.count(CANDIDATES, [*equal(testId=number), Where("status", "in", OPEN)])
            case "questionsCount":
                return len(questions)
            case "questions":
                return [{key: question[key] for key in ("id", "name")} for question in questions]
            case "skills":
                return [{"name": skill} for skill in dict.fromkeys(question["skill"] for question in questions)]
            case "timeLimit":
                return sum(question["seconds"] for question in questions)
            case "expectedPassRate":
                return expected_pass_rate(self._state, test)
            case "owner":
                owner = account(self._state, test["owner"])
                return test["author"] or {"name": owner["ownerName"], "email": owner["userName"]}
            case "testUrls":
                return [self.url(url) for url in store.find(URLS, equal(testId=number), order=["id"])]
            case _:
                return test[name]

    def _of_candidate(self, candidate: Document, name: str) -> Any:
        match name:
            case "passed":
                return passes(candidate, self._test_of(candidate))
            case "shouldNotify":
                return candidate["status"] == COMPLETED and not candidate["notified"]
            case "test":
                return self.test(self._test_of(candidate), frozenset())
            case "testUrl":
                url = None if candidate["urlId"] is None else self._state.store.get(URLS, str(candidate["urlId"]))
                return None if url is None else self.url(url)
            case "betterThan":
                return better_than(self._state, candidate)
            case "questions":
                questions = self._test_of(candidate)["questions"]
                return [{key: question[key] for key in ("id", "name")} for question in questions]
            case _:
                return candidate[name]


def passes(candidate: Document, test: Document) -> bool:
    """Whether a candidate has finished and reaches the test's cut-off score, whatever somebody decided instead."""
    return candidate["status"] == COMPLETED and bool(candidate["score"] >= test["cutoffScore"])


def expected_pass_rate(state: State, test: Document) -> float:
    """Return the per cent of those who completed a test who reach its cut-off score.

    Where nobody has completed it, scores are taken to be spread evenly.
    """
    finished = equal(testId=test["id"], status=COMPLETED)
    total = state.store.count(CANDIDATES, finished)
    if total == 0:
        rate: float = 100 - test["cutoffScore"]
        return rate
    passed = state.store.count(CANDIDATES, [*finished, Where("score", ">=", test["cutoffScore"])])
    return _per_cent(passed, total)


def better_than(state: State, candidate: Document) -> float | None:
    """Return the per cent of the others who completed the test whom a candidate outperforms; null until finished."""
    if candidate["status"] != COMPLETED:
        return None
    finished = equal(testId=candidate["testId"], status=COMPLETED)
    others = state.store.count(CANDIDATES, finished) - 1
    below = state.store.count(CANDIDATES, [*finished, Where("score", "<", candidate["score"])])
    return _per_cent(below, others) if others else 100


def _per_cent(part: int, whole: int) -> float:
    rate = round(100 * part / whole, 1)
    return int(rate) if rate.is_integer() else rate


def why_closed(state: State, test: Document, url: Document) -> str | None:
    """Return why nobody can take a test through one of its URLs, or None if somebody can."""
    settings = test["urlSettings"]
    if test["archived"] or test["deleted"]:
        return "the test is archived" if test["archived"] else "the test was deleted"
    if url["disabled"]:
        return "the URL is disabled"
    if settings["deadline"] is not None and settings["deadline"] <= state.now():
        return "the deadline of the test's URLs is over"
    if settings["candidatesLimit"] is not None:
        through = [*equal(testId=test["id"]), Where("urlId", ">", 0)]
        if state.store.count(CANDIDATES, through) >= settings["candidatesLimit"]:
            return "as many candidates as allowed came through the test's URLs"
    return None
