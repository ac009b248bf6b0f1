"""Talview's hiring in a few lines of Python: what the emulator must agree with, written without looking at it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.emulator.talview_candidates_model import Candidates
from tests.emulator.talview_things import (
    ASSESSED,
    ASSIGNED,
    CANCELLED,
    LIVE,
    MISSED,
    MODERATOR,
    ORGANIZER,
    OUTCOMES,
    OVER,
    PANEL_REMINDER,
    PARTICIPANT,
    SCHEDULED,
    SESSION,
    Action,
    Evaluation,
    Failed,
    Invited,
    Pair,
    Part,
    Refused,
    Session,
    Times,
)


@dataclass
class Model(Candidates):
    """Everything that one organization knows: candidates, panels, evaluations, live sessions and calendars."""

    members: set[Pair] = field(default_factory=set)
    assigned: set[tuple[int, int, int]] = field(default_factory=set)
    evaluations: dict[int, Evaluation] = field(default_factory=dict)
    sessions: list[Session] = field(default_factory=list)
    entries: list[tuple[int, datetime, datetime]] = field(default_factory=list)

    def remove_section(self, number: int) -> None:
        super().remove_section(number)
        self.members = {pair for pair in self.members if pair[0] != number}

    def remove_part(self, part: Part) -> None:
        super().remove_part(part)
        pair = part.section.id, part.candidate
        self.assigned = {row for row in self.assigned if (row[0], row[2]) != pair}
        self.evaluations = {
            number: one for number, one in self.evaluations.items() if (one.section, one.candidate) != pair
        }
        self.sessions = [session for session in self.sessions if session.part is not part]

    # Panels and evaluations.

    def add_panel(
        self, number: int, users: Sequence[int], people: list[Invited] | None, until: datetime, *, notify: bool
    ) -> Action:
        def run(action: Action) -> None:
            section = self.sections.get(number)
            if section is None:
                raise Failed
            self.members |= {(number, user) for user in users}
            candidates = {part.candidate for part in self.parts.values() if part.section is section}
            if people is not None:
                there = [one for one in people if self.is_there(one) and one.assessment == section.assessment]
                candidates &= {one.candidate for one in there}
                action.error += len(people) - len(candidates)
            action.success += len(candidates)
            for candidate in candidates:
                self.assigned -= {row for row in self.assigned if (row[0], row[2]) == (number, candidate)}
                self.assigned |= {(number, user, candidate) for user in users}
                if notify:
                    self.tell(section.assessment, ASSIGNED, *users)
            if until > self.now:
                self.entries += [(user, self.now, until) for user in users]

        return self.queue(run)

    def is_evaluated(self, row: tuple[int, int, int]) -> bool:
        return any((one.section, one.user, one.candidate) == row for one in self.evaluations.values() if one.on_panel)

    def recommendations(self, section: int, user: int) -> dict[int, str]:
        """Return what a panel member has recommended last, by candidates."""
        return {
            one.candidate: one.recommendation
            for _, one in sorted(self.evaluations.items())
            if (one.section, one.user, one.on_panel) == (section, user, True)
        }

    def remind_panel(self, people: Iterable[Invited], users: Sequence[int] | None, *, notify: bool) -> Action:
        def work(one: Invited) -> bool:
            waiting = [
                row
                for row in self.assigned
                if row[2] == one.candidate
                and row[0] in self.chains[one.assessment]
                and (users is None or row[1] in users)
                and not self.is_evaluated(row)
            ]
            if notify:
                self.tell(one.assessment, PANEL_REMINDER, *(row[1] for row in waiting))
            return True

        return self.each(people, work)

    def evaluate(
        self, number: int, part: Part, user: int, recommendation: str, ratings: dict[int, float], comment: str | None
    ) -> None:
        """Keep an evaluation that was made at once."""
        on_panel = (part.section.id, user) in self.members
        self.evaluations[number] = Evaluation(
            part.section.id, part.candidate, user, on_panel, recommendation, self.now, ratings, comment
        )
        part.key = max(part.key, ASSESSED)
        part.evaluated = self.now
        one = self.invited[part.section.assessment, part.candidate]
        one.evaluated = self.now if self.overall(self.parts_of(one)) == ASSESSED else one.evaluated
        self.follow(part)

    # Live sessions and calendars.

    def schedule(
        self, one: Invited, number: int | None, users: Sequence[int], times: Times, zone: str | None, *, notify: bool
    ) -> Action:
        live = [number for number in self.chains[one.assessment] if self.sections[number].type == LIVE]
        if number is not None:
            live = [number] if number in live else []
        if not live:
            action = Action(self.now, self.now, self.fail, 99)
            self.actions.append(action)
            return action

        def run(action: Action) -> None:
            section = self.sections.get(live[0])
            if section is None or not self.is_there(one):
                raise Failed
            part = self.parts.get((section.id, one.candidate))
            if part is None and self.schedule_invites:
                part = self.invite_one(section, one.candidate, times[1], mailed=False)
            if part is None:
                raise Failed
            attendees = {(ORGANIZER, self.user), *((MODERATOR, user) for user in users), (PARTICIPANT, one.candidate)}
            if self.user in users:
                attendees.remove((ORGANIZER, self.user))
            self.sessions.append(Session(part, times, zone or "UTC", dict.fromkeys(attendees)))
            if notify:
                self.tell_attendees(self.sessions[-1])
            action.success += 1

        return self.queue(run)

    @staticmethod
    def fail(_: Action) -> None:
        raise Failed

    def tell_attendees(self, session: Session, *only: Pair) -> None:
        chosen = only or session.attendees
        self.tell(session.part.section.assessment, SESSION, *(person for _, person in chosen))

    def change_session(self, session: Session, work: Callable[[], None]) -> Action:
        """Queue a change of a session, which fails if the session is over, was called off or is gone."""

        def run(action: Action) -> None:
            if session not in self.sessions or session.status != SCHEDULED:
                raise Failed
            work()
            action.success += 1

        return self.queue(run)

    def reschedule(self, session: Session, times: Times, zone: str, *, notify: bool) -> Action:
        def work() -> None:
            session.times, session.zone = times, zone
            if notify:
                self.tell_attendees(session)

        return self.change_session(session, work)

    def cancel(self, session: Session, *, notify: bool) -> Action:
        def work() -> None:
            session.status = CANCELLED
            session.attendees = dict.fromkeys(session.attendees, CANCELLED)
            if notify:
                self.tell_attendees(session, (PARTICIPANT, session.part.candidate))

        return self.change_session(session, work)

    def change_panel(self, session: Session, users: Sequence[int], *, notify: bool) -> Action:
        def work() -> None:
            wanted = [(MODERATOR, user) for user in users]
            new = [one for one in wanted if one not in session.attendees]
            stay = {one: status for one, status in session.attendees.items() if one[0] != MODERATOR or one in wanted}
            if (MODERATOR, self.user) in wanted:
                stay.pop((ORGANIZER, self.user), None)
            else:
                stay.setdefault((ORGANIZER, self.user), None)
            session.attendees = {**stay, **dict.fromkeys(new)}
            if notify and new:
                self.tell_attendees(session, *new)

        return self.change_session(session, work)

    def remind_of(self, sessions: Iterable[Session], *, notify: bool) -> Action:
        def run(action: Action) -> None:
            for session in sessions:
                there = session in self.sessions
                action.success += there
                action.error += not there
                if there and notify:
                    self.tell_attendees(session)

        return self.queue(run)

    def take_place(self, session: Session, *, candidate: bool, panel: bool) -> None:
        """Let a session take place at once; it completes the section if both sides come."""
        if session.status != SCHEDULED:
            raise Refused(409)
        session.status = OUTCOMES[candidate, panel]
        for role, person in session.attendees:
            came = candidate if role == PARTICIPANT else panel
            session.attendees[role, person] = OVER if came else MISSED
        if candidate and panel and session.part.completed is None:
            self.complete(session.part)

    def calendar(self) -> Counter[tuple[int, datetime, datetime]]:
        """Return what is in the calendars of users: evaluations, and live sessions that were not called off."""
        held = [one for one in self.sessions if one.status != CANCELLED and one.times[1] > one.times[0]]
        booked = [(user, *one.times) for one in held for role, user in one.attendees if role == MODERATOR]
        return Counter([*self.entries, *booked])
