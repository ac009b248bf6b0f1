"""The things of Talview's hiring as the model beside the emulator knows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

ESSAY, INTERVIEW, OBJECTIVE, LIVE = 4, 5, 6, 7
"""Types of sections."""
INVITED, MAILED, ATTENDING, COMPLETED, ASSESSED, SELECTED, REJECTED = 10, 20, 30, 50, 60, 70, 90
"""Sort keys of statuses."""
KEYS = (10, 20, 30, 50, 60, 70, 80, 90, 100)
COUNTS = {
    10: "addedCount",
    20: "invitedCount",
    30: "inProgressCount",
    50: "attendedCount",
    60: "assessedCount",
    70: "selectedCount",
    80: "holdCount",
    90: "rejectedCount",
}
INVITATION, REMINDER, EXTENSION, SELECTION, REJECTION, ASSIGNED, PANEL_REMINDER, SESSION = (
    "Invitation",
    "Reminder",
    "Extension",
    "Selection",
    "Rejection",
    "Assigned",
    "Panel reminder",
    "Live session",
)
"""What notifications are about."""
SCHEDULED, OVER, CANCELLED, MISSED = 1, 3, 10, 11
"""Statuses of live sessions and of who attends them."""
OUTCOMES = {(True, True): OVER, (True, False): 11, (False, True): 12, (False, False): 13}
"""Status of a session to which candidate and panel came or not."""
PARTICIPANT, MODERATOR, ORGANIZER = 1, 2, 3

Pair = tuple[int, int]
Times = tuple[datetime, datetime]


class Refused(Exception):
    """The model expects a refusal.

    Args:
        status: HTTP status that it expects.
        field: Name of the property that is refused.
    """

    def __init__(self, status: int, field: str | None = None) -> None:
        super().__init__(status, field)
        self.status = status
        self.field = field


class Failed(Exception):
    """The model expects an action to fail."""


@dataclass
class Question:
    """A question; one without a right choice is answered in words."""

    id: int
    right: int | None = None


@dataclass
class Section:
    """A section of an assessment."""

    id: int
    assessment: int
    type: int
    questions: list[Question]
    positive: float = 0
    negative: float = 0


@dataclass
class Answer:
    """An answer of a candidate."""

    choice: int | None
    given: bool


@dataclass(eq=False)
class Part:
    """A section candidate."""

    section: Section
    candidate: int
    key: int
    end: datetime
    invited: datetime
    started: datetime | None = None
    completed: datetime | None = None
    evaluated: datetime | None = None
    answers: dict[int, Answer] = field(default_factory=dict)
    told: float | None = None
    id: int = 0

    def earned(self) -> tuple[float, float] | None:
        """Return what right answers bring and what wrong ones cost; None if nothing is scored."""
        right = {question.id: question.right for question in self.section.questions}
        scored = [
            (right[number], answer.choice)
            for number, answer in self.answers.items()
            if answer.given and right[number] is not None
        ]
        if not scored:
            return None
        good = sum(choice is not None and set(str(choice)) == set(str(wanted)) for wanted, choice in scored)
        bad = sum(choice is not None for _, choice in scored) - good
        return good * self.section.positive, bad * self.section.negative

    def points(self) -> tuple[float, float]:
        """Return what is shown as won and lost in objective sections, as which a score that was told counts too."""
        if self.section.type != OBJECTIVE:
            return 0, 0
        return self.earned() or (0, 0) if self.told is None else (max(0, self.told), max(0, -self.told))

    def score(self) -> str | None:
        """Return the score as it is written."""
        if self.told is not None:
            return f"{self.told:.2f}"
        earned = self.earned()
        return None if earned is None else f"{earned[0] - earned[1]:.2f}"


@dataclass(eq=False)
class Invited:
    """An assessment candidate."""

    assessment: int
    candidate: int
    key: int
    since: datetime
    attended: datetime | None = None
    evaluated: datetime | None = None
    id: int = 0


@dataclass
class Evaluation:
    """An evaluation."""

    section: int
    candidate: int
    user: int
    on_panel: bool
    recommendation: str
    at: datetime
    ratings: dict[int, float]
    comment: str | None


@dataclass(eq=False)
class Session:
    """A live session; those who attend it are named by role and id."""

    part: Part
    times: Times
    zone: str
    attendees: dict[Pair, int | None]
    status: int = SCHEDULED
    id: int = 0


@dataclass(eq=False)
class Action:
    """An action that is queued."""

    asked: datetime
    due: datetime
    run: Callable[[Action], None]
    status: int = 1
    success: int = 0
    error: int = 0
    id: int = 0
