"""The simulated candidate: gets the invitation, starts the test, pauses, goes on, and completes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from assaykit.emulator.engine.control_arguments import invalid, text, whole
from assaykit.emulator.engine.dates import parse_instant
from assaykit.emulator.engine.rejection import CONFLICT, Rejected
from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.engine.vendor import Action
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.testdome.lifecycle import add_candidate, address_of, keep, move, note, tell
from assaykit.emulator.vendors.testdome.records import (
    CANDIDATES,
    COMPLETED,
    FINAL,
    INVITED,
    OPEN,
    PAUSED,
    SENDING,
    STARTED,
    TAKING,
    TESTS,
    URLS,
    unknown,
)
from assaykit.emulator.vendors.testdome.views import EXPANDABLE_OF_CANDIDATE, View, why_closed

MAXIMUM: Final = 100
_OPEN_SCORE: Final = 20
"""Points that a person may still give where answers wait for one."""


def _candidate(state: State, arguments: Mapping[str, Any], *statuses: str) -> Document:
    """Return the candidate meant, who must have one of the statuses.

    Raises:
        Rejected: There is no such candidate, or the status is another one.
    """
    candidate = state.store.get(CANDIDATES, str(whole(arguments, "candidateId")))
    if candidate is None:
        raise unknown("candidate", "candidateNotFound")
    if candidate["status"] not in statuses:
        raise Rejected(CONFLICT, f"The candidate is {candidate['status']}, not {' or '.join(statuses)}.")
    return candidate


def _test_of(state: State, candidate: Document) -> Document:
    test = state.store.get(TESTS, str(candidate["testId"]))
    if test is None:
        raise unknown("test", "testNotFound")
    return test


def _told(state: State, candidate: Document) -> dict[str, Any]:
    """Return a candidate as the API shows them with everything expanded, instants in the vendor's form."""
    plan = state.vendor.contract.schema_plan("Candidate")
    shown = View(state, "").candidate(candidate, EXPANDABLE_OF_CANDIDATE)
    return shown if plan is None else dict(plan(shown))


def deliver_invitation(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let the invitation arrive at once: `candidateId`.

    Raises:
        Rejected: There is no such candidate, or no invitation is on its way to them.
    """
    candidate = _candidate(state, arguments, SENDING)
    move(state, candidate, INVITED, state.now(), "The candidate was invited.")
    return _told(state, candidate)


def start(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let a candidate start the test: `candidateId`, and `name`, made from the e-mail address if left out.

    Raises:
        Rejected: There is no such candidate, they have started before, their invitation is over, or the test was
            deleted.
    """
    candidate = _candidate(state, arguments, *OPEN)
    _start(state, candidate, arguments)
    return _told(state, candidate)


def _start(state: State, candidate: Document, arguments: Mapping[str, Any]) -> None:
    if _test_of(state, candidate)["deleted"]:
        raise Rejected(CONFLICT, "The test was deleted.", code="testNotFound")
    name = text(arguments, "name") if arguments.get("name") is not None else None
    candidate["name"] = name or candidate["name"] or _name_in(candidate["email"])
    candidate["startedAt"] = state.now()
    move(state, candidate, STARTED, state.now(), "The candidate started the test.")


def _name_in(email: str) -> str:
    words = email.partition("@")[0].replace("_", ".").replace("-", ".").split(".")
    return " ".join(word.capitalize() for word in words if word) or email


def pause(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Interrupt a test: `candidateId`. The time until `resume` does not count.

    Raises:
        Rejected: There is no such candidate, or they are not taking the test.
    """
    candidate = _candidate(state, arguments, STARTED)
    candidate["pausedAt"] = state.now()
    move(state, candidate, PAUSED, state.now(), "The test was paused.")
    return _told(state, candidate)


def resume(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let a candidate go on with a paused test: `candidateId`.

    Raises:
        Rejected: There is no such candidate, or their test is not paused.
    """
    candidate = _candidate(state, arguments, PAUSED)
    _end_pause(state, candidate)
    move(state, candidate, STARTED, state.now(), "The candidate went on with the test.")
    return _told(state, candidate)


def _end_pause(state: State, candidate: Document) -> None:
    if candidate["pausedAt"] is not None:
        candidate["pausedSeconds"] += _seconds_since(state, candidate["pausedAt"])
        candidate["pausedAt"] = None


def _seconds_since(state: State, instant: str) -> int:
    # A clock that was set back would make it negative.
    return max(0, (state.clock.now() - parse_instant(instant)) // timedelta(seconds=1))


def complete(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let a candidate complete the test, starting it first if they have not; webhooks go out.

    Args:
        state: TestDome's part of the world.
        arguments: `candidateId`; `score`, 0 to 100, drawn if left out; `timeTaken` in seconds, the time since the
            start without pauses if left out, or drawn if no time has passed.

    Raises:
        Rejected: There is no such candidate, they are past a final status, or a value does not fit.
    """
    candidate = _candidate(state, arguments, *OPEN, *TAKING)
    score = _number(arguments, "score", MAXIMUM)
    taken = _number(arguments, "timeTaken", None)
    if candidate["status"] in OPEN:
        _start(state, candidate, arguments)
    finish(state, candidate, _test_of(state, candidate), score, taken)
    move(state, candidate, COMPLETED, state.now(), "The candidate finished the test.")
    return _told(state, candidate)


def finish(
    state: State, candidate: Document, test: Document, score: float | None = None, taken: float | None = None
) -> None:
    """Write the result of a test into a candidate.

    Args:
        state: TestDome's part of the world.
        candidate: Who took it.
        test: The test.
        score: The score; drawn if None.
        taken: Seconds that it took; None for those since the start without pauses, or drawn if there are none.
    """
    _end_pause(state, candidate)
    if score is None:
        score = round(state.ids.fraction("score") * MAXIMUM)
    if taken is None:
        taken = max(0, _seconds_since(state, candidate["startedAt"]) - candidate["pausedSeconds"])
    limit = sum(question["seconds"] for question in test["questions"]) or 3600
    candidate["score"] = score
    candidate["timeTaken"] = taken or round(limit * (0.3 + 0.6 * state.ids.fraction("time taken")))
    skills = dict.fromkeys(question["skill"] for question in test["questions"])
    candidate["skillScores"] = [{"skill": skill, "score": score} for skill in skills]
    candidate["needsScoring"] = any(question["manual"] for question in test["questions"])
    most = min(MAXIMUM, score + _OPEN_SCORE)
    candidate["maxScore"] = most if candidate["needsScoring"] and most != score else None


def _number(arguments: Mapping[str, Any], field: str, most: float | None) -> float | None:
    value = arguments.get(field)
    if value is None:
        return None
    fits = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    if not fits or (most is not None and value > most):
        raise invalid(field, "must be a number of at least 0" if most is None else f"must be a number from 0 to {most}")
    number: float = value
    return number


def take_by_url(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let somebody start a test through one of its URLs; no invite is spent.

    Args:
        state: TestDome's part of the world.
        arguments: `testUrlId`; `email`; `name`, made from the address if left out.

    Raises:
        Rejected: There is no such URL, it is closed, or the address has this test already.
    """
    url = state.store.get(URLS, str(whole(arguments, "testUrlId")))
    email = text(arguments, "email")
    if url is None:
        raise unknown("URL", "testUrlNotFound")
    test = state.store.get(TESTS, str(url["testId"]))
    if test is None:
        raise unknown("test", "testNotFound")
    cause = why_closed(state, test, url)
    if cause is None and state.store.count(CANDIDATES, equal(testId=test["id"], address=address_of(email))):
        cause = "this address has the test already"
    if cause is not None:
        raise Rejected(CONFLICT, f"The test cannot be taken: {cause}.", code="testUrlClosed")
    proctored = bool(test["urlSettings"]["proctoringEnabled"])
    candidate = add_candidate(state, test["owner"], test["id"], email, urlId=url["id"], proctoringEnabled=proctored)
    note(candidate, state.now(), "The candidate came through a URL of the test.")
    _start(state, candidate, arguments)
    return _told(state, candidate)


def repeat_event(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Send the webhook of a candidate's final status once more, under another correlation id: `candidateId`.

    Raises:
        Rejected: There is no such candidate, or their status is not final.
    """
    candidate = _candidate(state, arguments, *FINAL)
    tell(state, candidate)
    return _told(state, candidate)


def decide(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Let a user decide whether a candidate has passed, whatever the score says: `candidateId`, `passed`.

    Raises:
        Rejected: There is no such candidate, they have not completed the test, or `passed` is not true, false or null.
    """
    candidate = _candidate(state, arguments, COMPLETED)
    passed = arguments.get("passed")
    if passed is not None and not isinstance(passed, bool):
        raise invalid("passed", "must be true, false or null")
    candidate["passedOverride"] = passed
    keep(state, candidate)
    return _told(state, candidate)


ACTIONS: Final[dict[str, Action]] = {
    "deliver-invitation": deliver_invitation,
    "start": start,
    "pause": pause,
    "resume": resume,
    "complete": complete,
    "take-by-url": take_by_url,
    "repeat-event": repeat_event,
    "decide": decide,
}
