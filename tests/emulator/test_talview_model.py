"""A model of Talview beside the emulator: an assessment from its creation to the decisions, told the same by both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.emulator.model_runs import model_settings
from tests.emulator.talview_acting import everything
from tests.emulator.talview_interviewing import Interviewing
from tests.emulator.talview_machine import (
    EVALUATES,
    GIVEN,
    PICK,
    RECRUITER,
    SECONDS,
    SECTIONS,
    SEVERAL,
    Drawn,
)
from tests.emulator.talview_recruiting import Recruiting
from tests.emulator.talview_things import (
    INTERVIEW,
    LIVE,
    OBJECTIVE,
    Part,
    Refused,
)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class HiringMachine(Recruiting, Interviewing):
    """Does to the emulator what it does to the model."""

    @initialize(
        seconds=st.sampled_from(SECONDS),
        decisions=st.tuples(st.booleans(), st.booleans(), st.booleans()),
        sections=SECTIONS,
        notify=st.booleans(),
        prompt=st.sampled_from([True, True, False]),
    )
    def begin(
        self, seconds: int, decisions: tuple[bool, bool, bool], sections: list[Drawn], notify: bool, prompt: bool
    ) -> None:
        self.open(seconds, decisions, prompt=prompt)
        self.create_assessment([*sections[:2], (LIVE, (1, 0), [0])], False, None)
        for _ in range(3):
            self.add_candidate()
        self.invite(0, [0, 1], notify, 9, None, None)
        self.wait(timedelta(seconds=seconds))

    # The candidate's side.

    @precondition(lambda self: self.model.parts)
    @rule(
        pick=PICK, at=PICK, single=st.sampled_from([None, 1, 2, 3]), several=SEVERAL, mobile=st.booleans(), given=GIVEN
    )
    def answer(self, pick: int, at: int, single: int | None, several: int | None, mobile: bool, given: bool) -> None:
        """Answer a question, or change the answer: each is answered once."""
        part = self.part(pick)
        if part is None or not part.section.questions:
            return
        question = part.section.questions[at % len(part.section.questions)]
        choice = {2: single, 13: several}.get(question.right or 0)
        body: dict[str, Any] = {"status": 3000 if given else 1000}
        if question.right is None:
            body["text"] = "Words"
        elif choice is not None:
            body["choice"] = choice
        path = f"/{'mobile' if mobile else 'attend'}/answer"
        before = question.id in part.answers
        refused = self.closed(part)
        token = self.world.act("talview", "candidate-token", {"sectionCandidateId": part.id})["access_token"]
        if not before:
            body["question_id"] = question.id
            self.ask("POST", path, refused, f"Bearer {token}", json=body)
            if refused is None:
                self.model.answer(part, question.id, choice, given=given)
            return
        query = {"assessment_section_candidate_id": part.id, "question_id": question.id}
        [known] = everything(self.client, "/models/answer", **query)
        again = {**body, "question_id": question.id}
        self.ask("POST", path, self.closed(part) or Refused(422, "question_id"), f"Bearer {token}", json=again)
        body.setdefault("choice", None)
        self.ask("PUT", f"{path}/{known['id']}", refused, f"Bearer {token}", json=body)
        if refused is None:
            self.model.answer(part, question.id, choice, given=given)

    def closed(self, part: Part) -> Refused | None:
        """Return the refusal that a candidate meets who cannot attend now."""
        try:
            self.model.check_open(part)
        except Refused as refused:
            return refused
        return None

    @precondition(lambda self: self.model.parts)
    @rule(pick=PICK, how=st.sampled_from(["start", "complete", "attend"]), score=st.none() | st.integers(0, 20))
    def attend(self, pick: int, how: str, score: int | None) -> None:
        """Let a candidate begin, or complete, or answer everything rightly, or get points from elsewhere."""
        part = self.part(pick)
        if part is None:
            return

        def expect() -> None:
            self.model.check_open(part)
            if how == "start":
                self.model.begin(part)
                return
            if how == "attend" and score is None:
                self.model.answer_all(part)
            self.model.complete(part)
            if score is not None:
                part.told = score

        more = {"score": score} if score is not None and how != "start" else {}
        self.control(how, expect, sectionCandidateId=part.id, **more)


EXAMPLES: dict[str, Sequence[Callable[[HiringMachine], None]]] = {
    "points that are told of an interview are not those of right answers": [
        lambda it: it.invite(1, [0], True, 9, None, None),
        lambda it: it.attend(2, "complete", 6),
    ],
    "right answers in an interview are points, but not those of an objective section": [
        lambda it: it.create_assessment([(INTERVIEW, (4, 1), [0, 1])], False, None),
        lambda it: it.invite(2, [0], True, 9, None, None),
        lambda it: it.answer(2, 0, 2, None, True, True),
    ],
    "an answer that is taken back has no points": [
        lambda it: it.answer(0, 0, 2, None, True, True),
        lambda it: it.answer(0, 0, 2, None, True, False),
    ],
    "who was evaluated before can still attend": [
        lambda it: it.evaluate(0, RECRUITER, "hold", {}, False),
        lambda it: it.attend(0, "start", None),
        lambda it: it.attend(0, "complete", None),
    ],
    "a reminder leaves the time of the evaluation": [
        lambda it: it.evaluate(0, RECRUITER, "hold", {}, False),
        lambda it: it.wait(MINUTE),
        lambda it: it.remind([0], None, True, False),
    ],
    "a decision leaves the time of the evaluation to come": [
        lambda it: it.decide([0], 80, True, False, False),
        lambda it: it.evaluate(0, RECRUITER, "hold", {}, False),
    ],
    "an action takes place when it is due, however far the clock moves": [
        lambda it: setattr(it, "prompt", False),
        lambda it: it.invite(1, [0, 1, 2], True, 9, None, None),
        lambda it: it.wait(MINUTE),
    ],
    "a section that is gone holds nobody back": [
        lambda it: it.invite(1, [0], True, 9, None, None),
        lambda it: it.attend(0, "complete", None),
        lambda it: it.delete(1, True),
    ],
    "an assessment that has not begun cannot be attended": [
        lambda it: it.create_assessment([(OBJECTIVE, (1, 0), [0])], False, 2),
        lambda it: it.invite(2, [0], True, 9, None, None),
        lambda it: it.attend(2, "start", None),
        lambda it: it.answer(2, 0, 2, None, True, True),
        lambda it: it.wait(3 * DAY),
        lambda it: it.attend(2, "start", None),
    ],
    "a session that got its end before its begin comes back to calendars with proper times": [
        lambda it: it.schedule(0, None, [EVALUATES], 2, None, False, False),
        lambda it: it.reschedule(0, -1, "UTC", False, False),
        lambda it: it.reschedule(0, 1, "UTC", False, False),
    ],
    "a session leaves calendars with its candidate": [
        lambda it: it.schedule(0, None, [EVALUATES], 2, None, False, False),
        lambda it: it.delete(0, False),
    ],
    "who schedules a session and leads it no more still attends it": [
        lambda it: it.schedule(0, None, [RECRUITER], 2, None, False, False),
        lambda it: it.change_panel(0, [EVALUATES], True, False),
        lambda it: it.change_panel(0, [RECRUITER], True, False),
    ],
}
"""What the emulator once did otherwise than the model, by what is right."""


@pytest.mark.parametrize("steps", EXAMPLES.values(), ids=EXAMPLES)
def test_earlier_differences(steps: Sequence[Callable[[HiringMachine], None]]) -> None:
    machine = HiringMachine()
    machine.begin(2, (False, False, True), [(OBJECTIVE, (2, 1), [0, 1])], notify=True, prompt=True)
    for step in ((lambda _: None), *steps):
        step(machine)
        machine.candidates_agree()
    machine.teardown()


TestTalviewModel = HiringMachine.TestCase
TestTalviewModel.settings = model_settings(runs=25, steps=40)
