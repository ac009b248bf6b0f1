"""Assessments with their sections and candidates, and actions that wait: half of the model of Talview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.emulator.talview_things import (
    ASSESSED,
    ATTENDING,
    COMPLETED,
    EXTENSION,
    INVITATION,
    INVITED,
    MAILED,
    OBJECTIVE,
    REJECTED,
    REJECTION,
    REMINDER,
    SELECTED,
    SELECTION,
    Action,
    Answer,
    Failed,
    Invited,
    Pair,
    Part,
    Refused,
    Section,
)


@dataclass
class Candidates:
    """Assessments with their candidates, and how open questions were decided."""

    now: datetime
    user: int
    users: Sequence[int]
    seconds: float = 2
    fail_without_success: bool = False
    invite_all_sections: bool = False
    schedule_invites: bool = True
    candidates: dict[int, str] = field(default_factory=dict)
    begins: dict[int, datetime] = field(default_factory=dict)
    chains: dict[int, list[int]] = field(default_factory=dict)
    sections: dict[int, Section] = field(default_factory=dict)
    invited: dict[Pair, Invited] = field(default_factory=dict)
    parts: dict[Pair, Part] = field(default_factory=dict)
    mails: Counter[tuple[int, str, int]] = field(default_factory=Counter)
    actions: list[Action] = field(default_factory=list)

    # Time and actions.

    def queue(self, run: Callable[[Action], None]) -> Action:
        action = Action(self.now, self.now + timedelta(seconds=self.seconds), run)
        self.actions.append(action)
        return action

    def advance(self, to: datetime) -> None:
        """Let the clock move; what falls due is done, each action at its own time."""
        for action in [action for action in self.actions if action.status in (1, 2)]:
            if action.due <= to:
                self.now = action.due
                self.finish(action)
            elif action.asked + timedelta(seconds=self.seconds / 2) <= to:
                action.status = 2
        self.now = to

    def finish(self, action: Action) -> None:
        try:
            action.run(action)
        except Failed:
            action.status = 99
            return
        action.status = 99 if self.fail_without_success and action.error and not action.success else 3

    def tell(self, assessment: int, about: str, *receivers: int) -> None:
        for receiver in receivers:
            self.mails[assessment, about, receiver] += 1

    # Sections.

    def neighbours(self, assessment: int, parent: int, child: int, apart: int) -> int:
        """Return the place of the parent if the child follows at a distance."""
        chain = self.chains[assessment]
        for name, number in (("parent", parent), ("child", child)):
            if number not in chain:
                raise Refused(422, name)
        if chain.index(child) - chain.index(parent) != apart:
            raise Refused(422, "child")
        return chain.index(parent)

    def add_section(self, section: Section, place: int) -> None:
        self.sections[section.id] = section
        self.chains[section.assessment].insert(place, section.id)

    def remove_section(self, number: int) -> None:
        section = self.sections.pop(number)
        self.chains[section.assessment].remove(number)
        for part in [part for part in self.parts.values() if part.section is section]:
            self.remove_part(part)

    def remove_part(self, part: Part) -> None:
        del self.parts[part.section.id, part.candidate]
        self.follow(part)

    def remove_invited(self, one: Invited) -> None:
        for part in self.parts_of(one):
            self.remove_part(part)
        del self.invited[one.assessment, one.candidate]

    # Candidates of assessments.

    def parts_of(self, one: Invited) -> list[Part]:
        chain = self.chains[one.assessment]
        return [
            part for (section, candidate), part in self.parts.items() if section in chain and candidate == one.candidate
        ]

    def follow(self, part: Part, *, lower: bool = False) -> None:
        """Let the status of an assessment candidate follow those of the sections."""
        self.follow_all(self.invited[part.section.assessment, part.candidate], lower=lower)

    def follow_all(self, one: Invited, *, lower: bool = False) -> None:
        parts = self.parts_of(one)
        if not parts:
            return
        overall = self.overall(parts)
        if lower or (one.key < SELECTED and overall > one.key):
            one.key = overall
        if not any(part.started for part in parts):
            one.attended = None if lower else one.attended
        else:
            one.attended = one.attended or self.now
        if overall == ASSESSED:
            one.evaluated = one.evaluated or self.now
        elif lower:
            one.evaluated = None

    @staticmethod
    def overall(parts: list[Part]) -> int:
        """Return the status that follows from those of the sections; nobody has to assess objective ones."""
        keys = [part.key for part in parts]
        if min(keys) < COMPLETED:
            return min(ATTENDING, max(keys))
        waiting = [part for part in parts if part.key == COMPLETED and part.section.type != OBJECTIVE]
        return COMPLETED if waiting else min(ASSESSED, max(keys))

    def invite_one(self, section: Section, candidate: int, until: datetime, *, mailed: bool) -> Part | None:
        """Return a new section candidate, or None if the candidate is one already."""
        if (section.id, candidate) in self.parts:
            return None
        key = MAILED if mailed else INVITED
        fresh = Invited(section.assessment, candidate, INVITED, self.now)
        self.invited.setdefault((section.assessment, candidate), fresh)
        part = self.parts[section.id, candidate] = Part(section, candidate, key, until, self.now)
        self.follow(part)
        return part

    def invite(self, number: int, candidates: Iterable[int], until: datetime, *, notify: bool, whole: bool) -> Action:
        def run(action: Action) -> None:
            section = self.sections.get(number)
            if section is None:
                raise Failed
            for candidate in candidates:
                chosen = [section]
                if whole and self.invite_all_sections:
                    chosen = [self.sections[one] for one in self.chains[section.assessment]]
                made = [self.invite_one(one, candidate, until, mailed=notify) for one in chosen]
                action.success += any(made)
                action.error += not any(made)
                if notify and any(made):
                    self.tell(section.assessment, INVITATION, candidate)

        return self.queue(run)

    def is_there(self, one: Invited) -> bool:
        return self.invited.get((one.assessment, one.candidate)) is one

    def each(self, people: Iterable[Invited], work: Callable[[Invited], bool]) -> Action:
        """Queue a task for each assessment candidate; one who is gone is an error, as is one of whom work says so."""

        def run(action: Action) -> None:
            for one in people:
                done = self.is_there(one) and work(one)
                action.success += done
                action.error += not done

        return self.queue(run)

    def re_invite(
        self, people: Iterable[Invited], section: int | None, until: datetime | None, *, notify: bool
    ) -> Action:
        def work(one: Invited) -> bool:
            chosen = [part for part in self.parts_of(one) if section in (None, part.section.id)]
            for part in chosen:
                part.key = MAILED if notify else INVITED
                part.started = part.completed = part.evaluated = None
                part.end = until or part.end
            if chosen:
                self.follow(chosen[0], lower=True)
            if chosen and notify:
                self.tell(one.assessment, INVITATION, one.candidate)
            return bool(chosen)

        return self.each(people, work)

    def remind(self, people: Iterable[Invited], *, notify: bool) -> Action:
        def work(one: Invited) -> bool:
            if notify:
                self.tell(one.assessment, REMINDER, one.candidate)
                for part in self.parts_of(one):
                    part.key = max(part.key, MAILED)
                self.follow_all(one)
                one.key = max(one.key, MAILED)
            return True

        return self.each(people, work)

    def remind_section(self, section: int, *, notify: bool) -> Action:
        def run(action: Action) -> None:
            for (number, candidate), part in self.parts.items():
                if number == section and part.key in (MAILED, ATTENDING):
                    action.success += 1
                    if notify:
                        self.tell(part.section.assessment, REMINDER, candidate)
            action.error += section not in self.sections

        return self.queue(run)

    def extend(self, people: Iterable[Invited], until: datetime, *, notify: bool) -> Action:
        def work(one: Invited) -> bool:
            for part in self.parts_of(one):
                part.end = until
            if notify:
                self.tell(one.assessment, EXTENSION, one.candidate)
            return True

        return self.each(people, work)

    def decide(self, people: Iterable[Invited], key: int, *, notify: bool) -> Action:
        def work(one: Invited) -> bool:
            one.key = key
            if notify and key in (SELECTED, REJECTED):
                self.tell(one.assessment, SELECTION if key == SELECTED else REJECTION, one.candidate)
            return True

        return self.each(people, work)

    # The candidate's side.

    def check_open(self, part: Part) -> None:
        if part.completed is not None or not self.begins[part.section.assessment] <= self.now < part.end:
            raise Refused(403)

    def begin(self, part: Part) -> None:
        part.started = part.started or self.now
        part.key = max(part.key, ATTENDING)
        self.follow(part)

    def complete(self, part: Part) -> None:
        self.begin(part)
        part.completed = part.completed or self.now
        part.key = max(part.key, COMPLETED)
        self.follow(part)

    def answer(self, part: Part, question: int, choice: int | None, *, given: bool) -> None:
        """Answer a question, anew or otherwise than before; the last answer completes the section."""
        self.check_open(part)
        self.begin(part)
        before = part.earned()
        part.answers[question] = Answer(choice, given)
        if before or part.earned():
            part.told = None
        if all(one.id in part.answers and part.answers[one.id].given for one in part.section.questions):
            self.complete(part)

    def answer_all(self, part: Part) -> None:
        """Answer every question rightly."""
        self.begin(part)
        part.answers = {one.id: Answer(one.right, given=True) for one in part.section.questions}
        part.told = None if part.earned() else part.told
