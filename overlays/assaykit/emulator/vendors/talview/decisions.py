"""What the documentation leaves open and this emulator has decided, in one table; every entry is inferred.

A world can decide otherwise with the action `configure`, for those who know how the real service does it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from assaykit.emulator.engine.control_arguments import invalid
from assaykit.emulator.engine.storage import Collection
from assaykit.emulator.engine.worlds import State

CONFIGURED: Final = "talview._decisions"
COLLECTIONS: Final = (Collection(CONFIGURED),)
_LARGEST_DELAY: Final = 86_400
_KEY: Final = "decisions"


@dataclass(frozen=True, slots=True)
class Decision:
    """One open question.

    Args:
        value: The answer in a new world.
        told: What it decides, and why so.
        choices: The answers there are; None for any number of seconds up to a day, or for true and false.
    """

    value: Any
    told: str
    choices: tuple[Any, ...] | None = None

    def refusal(self, value: Any) -> str | None:
        """Return what is wrong with an answer, or None if it will do."""
        if isinstance(self.value, bool):
            return None if isinstance(value, bool) else "must be true or false"
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if self.choices is not None:
            return None if number and value in self.choices else f"must be one of {', '.join(map(str, self.choices))}"
        return None if number and 0 <= value <= _LARGEST_DELAY else f"must be a number from 0 to {_LARGEST_DELAY}"


ACTION_SECONDS: Final = "actionSeconds"
ACTION_STATUS: Final = "actionStatus"
FAIL_WITHOUT_SUCCESS: Final = "failWithoutSuccess"
INVITE_ALL_SECTIONS: Final = "inviteAllSections"
SCHEDULE_INVITES: Final = "scheduleInvites"
SCOPES_LIMIT: Final = "scopesLimit"
SIMULATION_TYPE: Final = "simulationSectionType"

DECISIONS: Final[Mapping[str, Decision]] = {
    ACTION_SECONDS: Decision(
        2, "Seconds from the request of a queued action to its end; work on it begins after half of them."
    ),
    ACTION_STATUS: Decision(
        200, "HTTP status of actions. The page says 201 of what is created, but shows none for actions.", (200, 201)
    ),
    FAIL_WITHOUT_SUCCESS: Decision(
        False, "Whether an action none of whose tasks could be done has failed (99) instead of being completed (3)."
    ),
    INVITE_ALL_SECTIONS: Decision(
        False,
        "Whether an invitation that names the assessment too is one to all its sections; the page demands the section, "
        "so it is to that one.",
    ),
    SCHEDULE_INVITES: Decision(
        True,
        "Whether scheduling a live session or simulation of somebody who is not invited to the section yet makes the "
        "section candidate; otherwise the action fails.",
    ),
    SCOPES_LIMIT: Decision(
        False,
        "Whether the token of a service account is limited to operations in whose path one of its scopes stands, as "
        "`section` stands in `/models/section`. The page has such accounts ask for scopes, and tells what none allows.",
    ),
    SIMULATION_TYPE: Decision(
        13, "Type of simulation sections; the list of types lacks them.", (13, 14, 15, 16, 17, 18, 19, 20, 21, 22)
    ),
}

FIXED: Final[Mapping[str, str]] = {
    "statusRows": "Ids of statuses besides 13 and 14: 1 to 9 of assessment candidates, 10 to 18 of section candidates, "
    "19 archived, 26 an archived candidate (`statuses.py`).",
    "statusChanges": "An invitation or reminder by mail makes mailed (20), an evaluation assessed (60), another "
    "invitation goes back to the start; the assessment candidate follows its section candidates, also when one goes "
    "(`progress.py`). Nobody has to evaluate objective sections.",
    "actionOrder": "Actions end in the order in which they were asked for, each at its own time, and later requests "
    "see what they have done.",
    "actionCounts": "A task is a candidate, a session, or a reminder of an event; what vanished in the meantime, or "
    "cannot be done, is an error.",
    "actionOutcome": "Only a callback tells it, or the action `show-action` of this emulator.",
    "removedSection": "The one section between parent and child, with its section candidates.",
    "simulationTypes": "The copied samples are taken as they are: reminders are of type 16, schedules of type 17.",
    "sessionOver": "A session that is completed, called off or missed cannot be moved; the clock alone ends none.",
    "organizer": "Who schedules a session without leading it, or leads it no more, attends it as its organizer.",
    "attendingTimes": "Where a candidate has no bounds of their own, those of the section hold, else the assessment's. "
    "Who was evaluated before attending can still attend (`answering.py`).",
    "points": "Only objective sections tell points won and lost apart; others have 0 for both. Where a section tells "
    "no marks, a right answer brings 1 point and a wrong one costs nothing (`scoring.py`).",
    "cutOff": "A section keeps and shows its `cut_off`, and nothing follows from it: no page tells what becomes of who "
    "misses it. Whoever reads the score compares it; only `change-status` selects or rejects.",
    "pdfUrl": "Documents to read (`file_types.TEXTS`) are converted at once and found at their address with `/pdf`: "
    "plain text as it is, others as a page with their name. PDF itself, and all else, has null (`converting.py`).",
    "linkTargets": "Where a link of the samples leads to an address that no page documents, but an operation answers "
    "what it means, it leads to that operation. What is left answers 404, as `/status` and `/user/metrics` do.",
    "calendarOrder": "No calendar entry is made of what would end before it begins.",
}
"""Decisions that cannot be taken otherwise, since code in several places follows from them; inferred likewise."""


def decided(state: State, name: str) -> Any:
    """Return the answer to an open question in a world.

    Args:
        state: Talview's part of the world.
        name: Name of the decision, a key of `DECISIONS`.
    """
    configured = state.store.get(CONFIGURED, _KEY) or {}
    return configured.get(name, DECISIONS[name].value)


def configure(state: State, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Decide open questions otherwise; the action `configure` of the control API.

    Args:
        state: Talview's part of the world.
        arguments: Answers by the names of decisions; without any, nothing changes.

    Returns:
        All decisions with their answers and what they decide.

    Raises:
        Rejected: There is no such decision, or the answer does not fit.
    """
    configured = state.store.get(CONFIGURED, _KEY)
    values = dict(configured or {})
    for name, value in arguments.items():
        if name not in DECISIONS:
            raise invalid(name, f"is no decision; there are {', '.join(DECISIONS)}")
        refusal = DECISIONS[name].refusal(value)
        if refusal is not None:
            raise invalid(name, refusal)
        values[name] = value
    if configured is None:
        state.store.insert(CONFIGURED, _KEY, values)
    else:
        state.store.replace(CONFIGURED, _KEY, values)
    return {
        name: {"value": values.get(name, decision.value), "inferred": decision.value, "told": decision.told}
        for name, decision in DECISIONS.items()
    }
