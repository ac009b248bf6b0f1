"""A model of Talentics beside the emulator: pages, tickets and windows of requests."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from assaykit.emulator import vendors
from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.rejection import Rejected
from assaykit.emulator.engine.transport import EmulatorTransport
from tests.emulator.conftest import START
from tests.emulator.model_runs import model_settings

ACCOUNTS = {"assaykit-demo-app": "assaykit-demo-secret", "assaykit-other-app": "assaykit-other-secret"}
OWNER, STRANGER = ACCOUNTS
JAKARTA = timezone(timedelta(hours=7))
EMPTY_EXAM, FULL_EXAM = 6, 8
LIMIT, WINDOW = 50, timedelta(minutes=15)
ORDER = ["sending invitation", "invited", "started", "finished"]
REACHED = {"invite": "invited", "start": "started", "finish": "finished"}
LISTS = st.sampled_from(["/v2/exams", "/v2/jobs", "/v2/exams/8/tickets", "/v2/exams/6/tickets"])
PAGES = st.integers(1, 5) | st.integers(1, 60)
SIZES = st.integers(20, 60) | st.integers(1, 100)
WAITS = st.sampled_from([timedelta(seconds=1), timedelta(minutes=5), WINDOW]) | st.timedeltas(timedelta(), WINDOW)
OPERATIONS = {"/v2/exams": "exams_list", "/v2/jobs": "jobs_list"}


@cache
def _emulator() -> Emulator:
    return Emulator([vendors.load("talentics")], check_replies=True)


class TalenticsMachine(RuleBasedStateMachine):
    """Does to the emulator what it does to the model."""

    tickets = Bundle("tickets")

    @initialize(target=tickets)
    def begin(self) -> Any:
        self.world = _emulator().make_world("model", ManualClock(START))
        self.client = httpx.Client(transport=EmulatorTransport(self.world), base_url="https://api.talentics.id")
        self.now = START
        self.windows: dict[tuple[str, str], tuple[datetime, int]] = {}
        self.lists: dict[tuple[str, str], list[int]] = {
            (OWNER, "/v2/exams"): list(range(1, 151)),
            (OWNER, "/v2/jobs"): list(range(1, 201)),
            (OWNER, "/v2/exams/8/tickets"): list(range(12, 64)),
            (OWNER, "/v2/exams/6/tickets"): [],
            (STRANGER, "/v2/exams"): [],
            (STRANGER, "/v2/jobs"): [100_001],
        }
        self.status = {12: ORDER[0], 25: ORDER[0]}
        self.times: dict[int, tuple[datetime | None, datetime | None]] = {12: (None, None), 25: (None, None)}
        self.exams = {12: FULL_EXAM, 25: FULL_EXAM}
        return multiple(12, 25)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.client.close()
            self.world.close()

    def ask(self, account: str, path: str, operation: str, **query: int) -> httpx.Response | None:
        """Send a request; None if the model says that the window is used up, and so does the emulator."""
        begun, used = self.windows.get((account, operation), (self.now, LIMIT + 1))
        if used > LIMIT or self.now >= begun + WINDOW:
            begun, used = self.now, 0
        answer = self.client.get(path, params=query, auth=(account, ACCOUNTS[account]))
        if used == LIMIT:
            assert answer.status_code == 429
            wait = timedelta(seconds=int(answer.headers["retry-after"]))
            assert wait - timedelta(seconds=1) < begun + WINDOW - self.now <= wait
            return None
        self.windows[account, operation] = (begun, used + 1)
        assert answer.status_code != 429
        if answer.status_code == 200:
            assert answer.headers["x-ratelimit-remaining"] == str(LIMIT - used - 1)
        return answer

    @rule(path=LISTS, account=st.sampled_from([OWNER, OWNER, STRANGER]), page=PAGES, size=SIZES)
    def read_a_page(self, path: str, account: str, page: int, size: int) -> None:
        operation = OPERATIONS.get(path, "tickets_list")
        answer = self.ask(account, path, operation, page=page, per_page=size)
        if answer is None:
            return
        ids = self.lists.get((account, path))
        if ids is None:
            assert answer.status_code == 404
            return
        shown = answer.json()
        wanted = ids[(page - 1) * size : page * size]
        last = max(1, -(-len(ids) // size))
        assert [record["id"] for record in shown["data"]] == wanted
        assert shown["meta"] == {
            "current_page": page,
            "from": ids.index(wanted[0]) + 1 if wanted else None,
            "last_page": last,
            "path": f"https://api.talentics.id{path}",
            "per_page": str(size),
            "to": ids.index(wanted[-1]) + 1 if wanted else None,
            "total": len(ids),
        }
        at = f"https://api.talentics.id{path}?page="
        assert shown["links"] == {
            "first": f"{at}1",
            "last": f"{at}{last}",
            "prev": f"{at}{page - 1}" if page > 1 else None,
            "next": f"{at}{page + 1}" if page < last else None,
        }

    @rule(target=tickets, exam=st.sampled_from([EMPTY_EXAM, FULL_EXAM]), name=st.text(min_size=1, max_size=8))
    def add_a_ticket(self, exam: int, name: str) -> int:
        told = self.world.act("talentics", "add-ticket", {"examId": exam, "name": name, "email": "a@example.com"})
        number: int = told["id"]
        assert told["name"] == name
        self.lists[OWNER, f"/v2/exams/{exam}/tickets"].append(number)
        self.status[number], self.times[number], self.exams[number] = ORDER[0], (None, None), exam
        return number

    @rule(ticket=tickets, action=st.sampled_from(list(REACHED)), score=st.integers(0, 100))
    def let_the_participant_act(self, ticket: int, action: str, score: int) -> None:
        arguments = {"ticketId": ticket} | ({"score": score} if action == "finish" else {})
        reached = REACHED[action]
        possible = ORDER.index(self.status[ticket]) < ORDER.index(reached)
        refused = None
        told: dict[str, Any] = {}
        try:
            told = self.world.act("talentics", action, arguments)
        except Rejected as rejected:
            refused = rejected.status
        assert refused == (None if possible else 409)
        if not possible:
            return
        started, finished = self.times[ticket]
        if action != "invite":
            started = started or self.now
        if action == "finish":
            finished = self.now
            assert {result["total_score"] for result in told["results"]} == {score}
        self.status[ticket], self.times[ticket] = reached, (started, finished)
        self.agree(ticket, told)

    @rule(ticket=tickets, path=st.sampled_from(["ticket", "tickets"]), times=st.sampled_from([1, 1, 30]))
    def read_scores(self, ticket: int, path: str, times: int) -> None:
        for _ in range(times):
            answer = self.ask(OWNER, f"/v2/exams/{path}/{ticket}/scores", "tickets_scores")
            if answer is not None:
                assert bool(answer.json()["data"]["results"]) == (self.status[ticket] == "finished")

    @rule(ticket=tickets)
    def read_the_ticket(self, ticket: int) -> None:
        exam = self.exams[ticket]
        ids = self.lists[OWNER, f"/v2/exams/{exam}/tickets"]
        answer = self.ask(OWNER, f"/v2/exams/{exam}/tickets", "tickets_list", page=ids.index(ticket) + 1, per_page=1)
        if answer is None:
            return
        [shown] = answer.json()["data"]
        self.agree(ticket, shown)

    def agree(self, ticket: int, shown: dict[str, Any]) -> None:
        """Compare a ticket as it is shown with the model."""
        assert shown["status"] == self.status[ticket]
        for name, instant in zip(("started_at", "finished_at"), self.times[ticket], strict=True):
            wanted = None if instant is None else f"{instant.astimezone(JAKARTA):%Y-%m-%d %H:%M:%S}"
            assert shown[name] == wanted

    @rule(delta=WAITS)
    def wait(self, delta: timedelta) -> None:
        self.now = self.world.clock.advance(delta)

    @rule()
    def reset(self) -> None:
        self.world.reset()
        self.now = START
        self.windows.clear()
        # Tickets that were added are gone; the bundle still draws their numbers, so they are added once more.
        added = sorted(set(self.status) - {12, 25})
        for number in added:
            self.lists[OWNER, f"/v2/exams/{self.exams[number]}/tickets"].remove(number)
        for number in added:
            assert self.add_again(self.exams[number]) == number
        for number in self.status:
            self.status[number], self.times[number] = ORDER[0], (None, None)

    def add_again(self, exam: int) -> int:
        told = self.world.act("talentics", "add-ticket", {"examId": exam, "name": "Ada", "email": "a@example.com"})
        number: int = told["id"]
        self.lists[OWNER, f"/v2/exams/{exam}/tickets"].append(number)
        return number

    @invariant()
    def limits_are_told(self) -> None:
        if not hasattr(self, "world"):
            return
        told = {(window["operation"], window["remaining"]) for window in self.world.limits.listing()}
        model = {
            (operation, LIMIT - used)
            for (_, operation), (begun, used) in self.windows.items()
            if self.now < begun + WINDOW
        }
        assert told == model


TestTalenticsModel = TalenticsMachine.TestCase
TestTalenticsModel.settings = model_settings(runs=60, steps=40)
