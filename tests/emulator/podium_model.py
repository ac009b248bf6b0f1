"""Podium in a few lines of Python: what the emulator must agree with, written without looking at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

TESTS = ("test1", "test2", "PERSPECTIVES90")
NORMS = ("norm1", "norm2")


class Refused(Exception):
    """The model expects a refusal.

    Args:
        status: HTTP status that it expects.
    """

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass
class Invitation:
    """One invitation."""

    id: str
    test: str
    created: datetime
    expires: datetime | None
    order: int | None
    started: datetime | None = None
    completed: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        return self.completed is None and (self.expires is None or self.expires > now)


@dataclass
class Person:
    """One participant."""

    id: str
    partner_id: str
    metadata: Any
    invitations: list[Invitation] = field(default_factory=list)

    def latest(self, test: str) -> Invitation | None:
        done = [one for one in self.invitations if one.test == test and one.completed is not None]
        return max(done, key=lambda one: one.completed or one.created) if done else None


@dataclass
class Report:
    """One report in the queue."""

    people: list[str]
    ready: datetime | None
    error: bool = False
    suspended: bool = False


@dataclass
class Model:
    """Everything that one client knows."""

    now: datetime
    credits: int
    people: dict[str, Person] = field(default_factory=dict)
    charged: set[tuple[str, str, str]] = field(default_factory=set)
    reports: dict[str, Report] = field(default_factory=dict)
    mails: int = 0

    def candidates(self, person: Person, test: str) -> Invitation:
        """Return the invitation that a candidate would use."""
        held = [one for one in person.invitations if one.test == test]
        if not held:
            raise Refused(404)
        usable = [one for one in held if one.is_open(self.now)]
        if not usable:
            raise Refused(409)
        chosen = usable[0]
        if chosen.order is not None and any(
            one.order is not None and one.order < chosen.order and one.is_open(self.now) for one in person.invitations
        ):
            raise Refused(409)
        return chosen

    def start(self, person: Person, test: str) -> None:
        chosen = self.candidates(person, test)
        chosen.started = chosen.started or self.now

    def complete(self, person: Person, test: str) -> None:
        chosen = self.candidates(person, test)
        chosen.started = chosen.started or self.now
        chosen.completed = self.now

    def remove(self, person: Person, tests: list[str] | None, first: datetime | None, last: datetime | None) -> None:
        def meant(one: Invitation) -> bool:
            return (
                (tests is None or one.test in tests)
                and (first is None or one.created.date() >= first.date())
                and (last is None or one.created.date() <= last.date())
            )

        if tests is not None and any(meant(one) and one.started for one in person.invitations):
            raise Refused(409)
        person.invitations = [one for one in person.invitations if one.started or not meant(one)]

    def score(self, wanted: list[tuple[Person, str]], norms: list[str]) -> None:
        due = {(person.id, test, norm) for person, test in wanted for norm in norms} - self.charged
        if len(due) > self.credits:
            raise Refused(402)
        self.credits -= len(due)
        self.charged |= due

    def completed_within(self, tests: list[str], first: datetime, last: datetime) -> list[tuple[Person, str]]:
        return [
            (person, test)
            for person in self.people.values()
            for test in tests
            if any(
                one.test == test and one.completed and first.date() <= one.completed.date() <= last.date()
                for one in person.invitations
            )
        ]

    def status_of(self, report: Report) -> dict[str, Any]:
        done = report.ready is not None and report.ready <= self.now
        return {
            "completionDate": wire(report.ready) if done else None,
            "error": report.error,
            "suspended": report.suspended,
        }

    def download(self, report: Report) -> None:
        if report.ready is None or report.ready > self.now:
            raise Refused(409)
        if self.now >= report.ready + timedelta(days=365):
            raise Refused(410)


def wire(instant: datetime | None) -> str | None:
    """Return an instant as Podium writes it."""
    return None if instant is None else instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
