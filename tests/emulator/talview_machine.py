"""The machine that does to an emulated Talview what it does to the model; its rules are elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.rejection import Rejected
from assaykit.emulator.engine.transport import EmulatorTransport, base_url
from tests.emulator.conftest import START
from tests.emulator.talview_acting import ok, vendor_alone
from tests.emulator.talview_asking import DEMO, EVALUATOR, token
from tests.emulator.talview_comparing import Comparison
from tests.emulator.talview_model import Model
from tests.emulator.talview_things import (
    INTERVIEW,
    LIVE,
    OBJECTIVE,
    Action,
    Invited,
    Part,
    Question,
    Refused,
    Section,
    Session,
)

RECRUITER, EVALUATES = 30_876, 41
USERS = (RECRUITER, EVALUATES, 67_656, 45_285)
PARAMETERS = {127_775: 5.0, 127_765: 20.0}
"""Parameters of the start world with their highest values."""
NOBODY = 99_999_999
Drawn = tuple[int, tuple[float, float], list[int]]
"""A section to make: its type, its marks, and which questions it asks."""
SECONDS = (0, 2, 10)

PICK = st.integers(0, 11)
PICKS = st.lists(PICK, min_size=1, max_size=3)
SOME_USERS = st.lists(st.sampled_from([RECRUITER, *USERS, EVALUATES]), min_size=1, max_size=2, unique=True)
DAYS = st.integers(1, 20)
MARKS = st.sampled_from([(1, 0), (2, 1), (4, 0.5)])
TYPES = st.sampled_from([OBJECTIVE, OBJECTIVE, INTERVIEW, LIVE])
ASKED = st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True)
SECTION = st.tuples(TYPES, MARKS, ASKED)
SECTIONS = st.lists(SECTION, min_size=1, max_size=3)
UNKNOWN = st.sampled_from([False, False, False, True])
AT = st.sampled_from([None, None, None, 0, 1, 2])
GIVEN = st.sampled_from([True, True, True, False])
WRONG_PANEL = st.sampled_from([None, None, None, None, "panel", "assessmentSections"])
RECOMMENDED = st.sampled_from(["select", "reject", "hold"])
RATINGS = st.dictionaries(
    st.sampled_from([*PARAMETERS, *PARAMETERS, NOBODY]), st.sampled_from([0.0, 2.5, 5.0, 6.0]), max_size=2
)
HOURS = st.sampled_from([1, 2, 24, -1])
ZONES = st.sampled_from([None, "Asia/Kolkata"])
SEVERAL = st.sampled_from([None, 13, 31, 1, 12, 123])
WAITS = st.sampled_from(
    [timedelta(seconds=1), timedelta(seconds=2), timedelta(seconds=11), timedelta(hours=7), timedelta(days=3)]
)


@cache
def _emulator() -> Emulator:
    return vendor_alone()


class Machine(RuleBasedStateMachine):
    """Does to the emulator what it does to the model."""

    touched: Set[int] = frozenset()
    """Assessments to be compared after this step."""

    def open(self, seconds: int, decisions: tuple[bool, bool, bool], *, prompt: bool) -> None:
        """Make a world and a model of it that decide open questions alike.

        Args:
            seconds: How long actions take.
            decisions: Whether actions without success fail, invitations are to all sections, schedules invite.
            prompt: Whether the clock moves on after each request for an action, so that nothing comes between.
        """
        self.prompt = prompt
        self.world = _emulator().make_world("model", ManualClock(START))
        self.client = httpx.Client(transport=EmulatorTransport(self.world), base_url=base_url("talview"))
        self.sign_in()
        names = ("actionSeconds", "failWithoutSuccess", "inviteAllSections", "scheduleInvites")
        self.world.act("talview", "configure", dict(zip(names, (seconds, *decisions), strict=True)))
        self.model = Model(START, RECRUITER, USERS, seconds, *decisions)
        self.comparison = Comparison(self.world, self.client, self.model)
        self.touched = set()
        self.inserted = 0
        choices = {f"choice_{number}": f"Choice {number}" for number in range(1, 4)}
        self.questions = [
            Question(self.question(type="multiple choice", correct_choice=2, **choices), 2),
            Question(self.question(type="multiple choice multiple answer", correct_choice=13, **choices), 13),
            Question(self.question(type="essay")),
        ]

    def teardown(self) -> None:
        if hasattr(self, "comparison"):
            self.wait(timedelta(seconds=self.model.seconds))
            self.compare_all(*self.model.chains)
        if hasattr(self, "world"):
            self.client.close()
            self.world.close()

    def sign_in(self) -> None:
        self.tokens = {
            user: f"Bearer {token(self.client, *who).json()['access_token']}"
            for user, who in ((RECRUITER, DEMO), (EVALUATES, EVALUATOR))
        }
        self.client.headers["Authorization"] = self.tokens[RECRUITER]

    def question(self, **body: Any) -> int:
        number: int = ok(self.client.post("/models/question", json={"content": "What?", **body}))["id"]
        return number

    def ask(
        self, method: str, path: str, refused: Refused | None = None, authorization: str | None = None, **more: Any
    ) -> Any:
        """Send a request, and return the body of its answer; None if it is refused as the model expects."""
        headers = {} if authorization is None else {"Authorization": authorization}
        answer = self.client.request(method, path, headers=headers, **more)
        if refused is None:
            return ok(answer)
        assert answer.status_code == refused.status, (path, answer.text)
        if refused.field is not None:
            fields = [one["field"].partition("[")[0].partition(".")[0] for one in answer.json()]
            assert fields == [refused.field], answer.text
        return None

    def act(self, name: str, body: dict[str, Any], run: Callable[[], Action], refused: str | None = None) -> None:
        """Ask for a queued action."""
        expected = None if refused is None else Refused(422, refused)
        shown = self.ask("POST", f"/actions/{name}", expected, json=body)
        if shown is not None:
            action = run()
            action.id = shown["id"]
            assert shown["status"] == (99 if action.status == 99 else 1)
            self.model.advance(self.model.now)
            if self.prompt:
                self.wait(timedelta(seconds=self.model.seconds))

    def control(self, name: str, expect: Callable[[], None], **arguments: Any) -> None:
        """Let a candidate or a panel do something; the model says whether that is refused."""
        refused = got = False
        try:
            expect()
        except Refused:
            refused = True
        try:
            self.world.act("talview", name, arguments)
        except Rejected:
            got = True
        assert got == refused

    # What there is to choose from.

    def assessment(self, pick: int) -> int:
        chosen = list(self.model.chains)
        number = chosen[-1 - pick % len(chosen)]
        self.touched |= {number}
        return number

    def section(self, pick: int) -> Section | None:
        chosen = list(self.model.sections.values())
        return self.touch(chosen[pick % len(chosen)]) if chosen else None

    def touch(self, section: Section) -> Section:
        self.touched |= {section.assessment}
        return section

    def part(self, pick: int) -> Part | None:
        chosen = list(self.model.parts.values())
        part = chosen[pick % len(chosen)] if chosen else None
        if part is not None:
            self.touched |= {part.section.assessment}
        return part

    def people(self, picks: Sequence[int]) -> list[Invited]:
        """Return assessment candidates, none of them twice."""
        found = list(self.model.invited.values())
        chosen = list(dict.fromkeys(found[pick % len(found)] for pick in picks)) if found else []
        self.touched |= {one.assessment for one in chosen}
        return chosen

    def session(self, pick: int) -> Session:
        chosen = self.model.sessions
        return chosen[-1 - pick % len(chosen)]

    def in_days(self, days: int) -> datetime:
        return self.model.now + timedelta(days=days, minutes=17)

    @staticmethod
    def ids(people: Sequence[Invited], unknown: bool) -> list[dict[str, int]]:
        return [{"id": number} for number in (*(one.id for one in people), *([NOBODY] if unknown else []))]

    # Time, and the comparison.

    @rule(delta=WAITS)
    def wait(self, delta: timedelta) -> None:
        self.world.clock.advance(delta)
        self.model.advance(self.model.now + delta)
        self.touched = set(self.model.chains)
        if delta >= timedelta(hours=1):
            self.sign_in()

    @rule(pick=PICK)
    def compare(self, pick: int) -> None:
        self.compare_all(self.assessment(pick))

    def compare_all(self, *numbers: int) -> None:
        for number in numbers:
            self.comparison.assessment(number)
            self.comparison.panels(number)
            self.comparison.log(number)
            self.comparison.links(number)
        self.comparison.sessions()
        self.comparison.actions()

    @precondition(lambda self: self.touched)
    @invariant()
    def candidates_agree(self) -> None:
        for number in self.touched:
            self.comparison.assessment(number)
        self.touched = set()
        self.comparison.sessions()
