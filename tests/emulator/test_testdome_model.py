"""A model of TestDome beside the emulator: pages, filters, the balance, lifecycles, deadlines and webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from assaykit.emulator import vendors
from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.jsontext import loads
from assaykit.emulator.engine.rejection import Rejected
from assaykit.emulator.engine.transport import EmulatorTransport, base_url
from tests.emulator.conftest import START
from tests.emulator.model_runs import model_settings
from tests.emulator.testdome_calls import TEST, act, balance, everything, invite, sign_in

# The sample's test has candidates at first, the other two have none; nothing is known of them but that.
TESTS = (TEST, 1_234_605, 1_234_615)
PEOPLE = (
    "ada.sample@example.com",
    "tom.sample@example.com",
    "new@example.com",
    "Other@example.com",
    "third@example.com",
)
OPEN, TAKING = ("sendingInvitation", "invited"), ("started", "paused")
FINAL = {"completed": "Completed", "didNotTake": "DidNotTake", "canceled": "Canceled"}
STATUSES = (*OPEN, *TAKING, *FINAL)
ALLOWED = {
    "deliver-invitation": (("sendingInvitation",), "invited"),
    "start": (OPEN, "started"),
    "pause": (("started",), "paused"),
    "resume": (("paused",), "started"),
    "complete": ((*OPEN, *TAKING), "completed"),
}
PAGES = st.tuples(st.integers(0, 12), st.integers(1, 9))
LASTING = st.sampled_from([timedelta(seconds=5), timedelta(minutes=10), timedelta(days=30), timedelta(0)])
WAITS = st.sampled_from([timedelta(seconds=4), timedelta(seconds=11), timedelta(minutes=10), timedelta(days=20)])


@dataclass(frozen=True)
class Person:
    """A candidate as the model knows them."""

    id: int
    test: int
    email: str
    status: str
    key: str
    deadline: datetime | None
    arrives: datetime | None = None
    paid: bool = False
    archived: bool = False
    score: float | None = None

    @property
    def due(self) -> datetime | None:
        """When the clock next changes the status."""
        dates = [self.deadline] if self.status in OPEN else []
        if self.status == "sendingInvitation":
            dates.append(self.arrives)
        return min((date for date in dates if date is not None), default=None)


@cache
def _emulator() -> Emulator:
    return Emulator([vendors.load("testdome")], check_replies=True)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


class HiringMachine(RuleBasedStateMachine):
    """Does to the emulator what it does to the model."""

    @initialize()
    def begin(self) -> None:
        self.world = _emulator().make_world("model", ManualClock(START))
        self.client = httpx.Client(transport=EmulatorTransport(self.world), base_url=base_url("testdome"))
        sign_in(self.client)
        self.heard: list[Any] = []
        self.world.outbox.subscribe("testdome", ["candidateFinalState"], self.hear, {})
        self.events: list[dict[str, Any]] = []
        self.now, self.balance = START, 100
        self.archived: set[int] = set()
        self.cutoff = dict.fromkeys(TESTS, 60.0)
        self.people: dict[int, Person] = {}
        for shown in everything(self.client, "/v3/candidates", **{"$expand": "test,testUrl"}):
            self.people[shown["id"]] = Person(
                shown["id"],
                shown["test"]["id"],
                shown["email"],
                shown["status"],
                shown["invitationKey"],
                _instant(shown["deadline"]),
                START + timedelta(seconds=10),
                paid=shown["testUrl"] is None and shown["status"] not in ("didNotTake", "canceled"),
                archived=shown["archived"],
                score=shown["score"],
            )

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.client.close()
            self.world.close()

    def hear(self, _: Mapping[str, str], body: bytes) -> None:
        self.heard.append(loads(body))

    def of(self, test: int) -> list[Person]:
        return sorted((person for person in self.people.values() if person.test == test), key=lambda one: one.id)

    def put(self, person: Person, **change: Any) -> None:
        """Change somebody in the model, with all that follows from a final status."""
        changed = replace(person, **change)
        if changed.status in FINAL and changed.status != person.status:
            status = FINAL[changed.status]
            self.events.append({"candidateId": changed.key, "testId": changed.test, "status": status})
            if changed.status != "completed" and changed.paid:
                self.balance += 1
                changed = replace(changed, paid=False)
        self.people[changed.id] = changed

    @rule(delta=WAITS)
    def wait(self, delta: timedelta) -> None:
        self.now = self.world.clock.advance(delta)
        sign_in(self.client)
        while due := [one for one in self.people.values() if one.due is not None and one.due <= self.now]:
            person = min(due, key=lambda one: (one.due or START, one.id))
            over = person.deadline is not None and person.deadline == person.due
            self.put(person, status="didNotTake" if over else "invited")

    @rule(test=st.sampled_from(TESTS), emails=st.lists(st.sampled_from([*PEOPLE, "nobody"]), min_size=1), lasts=LASTING)
    def invite(self, test: int, emails: list[str], lasts: timedelta) -> None:
        deadline = self.now + lasts
        answer = invite(self.client, *emails, test=test, deadline=deadline.isoformat())
        if test in self.archived:
            assert answer.status_code == 409
            return
        distinct = list(dict.fromkeys(emails))
        held = {person.email.lower(): person for person in self.of(test)}
        valid = [email for email in distinct if "@" in email] if lasts else []
        free = [
            email
            for email in valid
            if email.lower() in held and held[email.lower()].status not in ("didNotTake", "canceled")
        ]
        costly = [email for email in valid if email not in free]
        if costly and self.balance == 0:
            assert answer.status_code == 403
            return
        covered = costly[: self.balance]
        reached = [email for email in valid if email in free or email in covered]
        told = answer.json()
        assert told["result"] == reached
        assert set(told["failedEmails"]) == set(distinct) - set(reached)
        assert (told["message"] is None) == (not told["failedEmails"])
        self.balance -= len(covered)
        arrives = self.now + timedelta(seconds=10)
        for email in reached:
            person = held.get(email.lower()) or self.meet(test, email)
            if email in covered:
                shown = self.client.get(f"/v3/candidates/{person.id}").json()
                assert shown["invitationKey"] != held.get(email.lower(), replace(person, key="")).key
                person = replace(person, key=shown["invitationKey"], paid=True, status="sendingInvitation")
            if person.status in OPEN:
                self.put(person, status="sendingInvitation", deadline=deadline, arrives=arrives)

    def meet(self, test: int, email: str) -> Person:
        """Take somebody into the model whom the emulator has just made."""
        query = {"$filter[term]": email}
        [shown] = self.client.get(f"/v3/tests/{test}/candidates", params=query).json()["value"]
        assert shown["id"] > max(self.people)
        assert (shown["email"], shown["score"], shown["archived"]) == (email, None, False)
        return Person(shown["id"], test, email, shown["status"], shown["invitationKey"], _instant(shown["deadline"]))

    def choose(self, test: int, number: int) -> Person | None:
        people = self.of(test)
        return people[-1 - number % len(people)] if people else None

    @rule(
        test=st.sampled_from(TESTS),
        number=st.integers(0, 20),
        action=st.sampled_from(sorted(ALLOWED)),
        score=st.integers(0, 100),
    )
    def let_a_candidate_act(self, test: int, number: int, action: str, score: int) -> None:
        person = self.choose(test, number)
        if person is None:
            return
        statuses, reached = ALLOWED[action]
        arguments = {"score": score} if action == "complete" else {}
        try:
            told = act(self.world, action, candidateId=person.id, **arguments)
        except Rejected:
            assert person.status not in statuses
            return
        assert person.status in statuses
        assert told["status"] == reached
        self.put(person, status=reached, **arguments)

    @rule(test=st.sampled_from(TESTS), number=st.integers(0, 20))
    def cancel(self, test: int, number: int) -> None:
        person = self.choose(test, number)
        if person is not None:
            answer = self.client.post(f"/v3/candidates/{person.id}/cancel-invite")
            assert answer.status_code == (204 if person.status in OPEN else 409)
            if person.status in OPEN:
                self.put(person, status="canceled")

    @rule(
        test=st.sampled_from(TESTS),
        numbers=st.none() | st.lists(st.integers(0, 20), min_size=1, max_size=4),
        lasts=st.none() | LASTING,
    )
    def move_deadlines(self, test: int, numbers: list[int] | None, lasts: timedelta | None) -> None:
        deadline = None if lasts is None else self.now + lasts
        chosen = [one for one in self.of(test) if one.status in OPEN]
        body: dict[str, Any] = {} if deadline is None else {"newDeadline": deadline.isoformat()}
        if numbers is not None:
            found = [self.choose(test if number % 3 else TEST, number) for number in numbers]
            chosen = list({one.id: one for one in found if one is not None}.values())
            if not chosen:
                return
            body["candidateIds"] = [one.id for one in chosen]
        failed = [one.id for one in chosen if lasts == timedelta() or one.status not in OPEN or one.test != test]
        answer = self.client.put(f"/v3/tests/{test}/candidates/deadline", json=body)
        assert answer.json() == {"failedCandidateIds": failed}
        for one in chosen:
            if one.id not in failed:
                self.put(one, deadline=deadline)

    @rule(number=st.integers(0, 20), archive=st.booleans())
    def archive_candidates(self, number: int, *, archive: bool) -> None:
        chosen = [person for test in TESTS if (person := self.choose(test, number)) is not None]
        body = {"candidateIds": [*(one.id for one in chosen), 77]}
        answer = self.client.post(f"/v3/candidates/{'archive' if archive else 'unarchive'}", json=body)
        assert answer.json()["failedCandidates"] == [77]
        for one in chosen:
            self.put(one, archived=archive)

    @rule(test=st.sampled_from(TESTS[1:]))
    def archive_a_test(self, test: int) -> None:
        word = "unarchive" if test in self.archived else "archive"
        assert self.client.post(f"/v3/tests/{test}/{word}").status_code == 204
        self.archived ^= {test}

    @rule(invites=st.integers(0, 3))
    def set_the_balance(self, invites: int) -> None:
        act(self.world, "set-balance", invites=invites)
        self.balance = invites

    @rule(test=st.sampled_from(TESTS), cutoff=st.integers(0, 100))
    def set_the_cut_off_score(self, test: int, cutoff: int) -> None:
        answer = self.client.patch(f"/v3/tests/{test}/cutoff-score", json={"cutoffScore": cutoff})
        scores = [one.score for one in self.of(test) if one.score is not None]
        share = 100 * sum(score >= cutoff for score in scores) / len(scores) if scores else 100 - cutoff
        assert abs(answer.json()["expectedPassRate"] - share) <= 0.05
        self.cutoff[test] = cutoff

    @rule(
        statuses=st.lists(st.sampled_from(STATUSES), max_size=3),
        tests=st.lists(st.sampled_from(TESTS), max_size=2),
        archived=st.none() | st.booleans(),
        bounds=st.tuples(st.none() | st.integers(0, 100), st.none() | st.integers(0, 100)),
        page=PAGES,
    )
    def read_a_page(
        self,
        statuses: list[str],
        tests: list[int],
        *,
        archived: bool | None,
        bounds: tuple[int | None, int | None],
        page: tuple[int, int],
    ) -> None:
        low, high = bounds
        asked = {
            "$filter[status]": statuses or None,
            "$filter[tests]": tests or None,
            "$filter[archived]": None if archived is None else str(archived).lower(),
            "$filter[minScore]": low,
            "$filter[maxScore]": high,
        }
        wanted = [
            one
            for one in sorted(self.people.values(), key=lambda one: one.id)
            if (not statuses or one.status in statuses)
            and (not tests or one.test in tests)
            and (archived is None or one.archived == archived)
            and (low is None or (one.score is not None and one.score >= low))
            and (high is None or (one.score is not None and one.score <= high))
        ]
        self.agree("/v3/candidates", {name: value for name, value in asked.items() if value is not None}, page, wanted)

    @rule(test=st.sampled_from(TESTS), status=st.sampled_from(STATUSES), page=PAGES)
    def read_a_page_of_a_test(self, test: int, status: str, page: tuple[int, int]) -> None:
        wanted = [one for one in self.of(test) if one.status == status]
        self.agree(f"/v3/tests/{test}/candidates", {"$filter[status]": status}, page, wanted)

    @rule(test=st.sampled_from(TESTS), term=st.sampled_from(["SAMPLE@", "other@", "@example.com", ""]), page=PAGES)
    def search(self, test: int, term: str, page: tuple[int, int]) -> None:
        # No name holds any of these.
        wanted = [one for one in self.of(test) if term.lower() in one.email.lower()]
        self.agree(f"/v3/tests/{test}/candidates", {"$filter[term]": term}, page, wanted)

    def agree(self, path: str, query: dict[str, Any], page: tuple[int, int], wanted: list[Person]) -> None:
        """Compare a page with what the model has for it."""
        skip, top = page
        shown = self.client.get(path, params=query | {"$skip": skip, "$top": top, "$select": "status"}).json()
        part = wanted[skip : skip + top]
        assert [(item["id"], item["status"]) for item in shown["value"]] == [(one.id, one.status) for one in part]
        assert shown["totalCount"] == len(wanted)
        assert shown["hasMoreItems"] == (skip + top < len(wanted))

    @precondition(lambda self: hasattr(self, "world"))
    @invariant()
    def they_agree(self) -> None:
        assert balance(self.world) == self.balance
        assert self.heard == self.events
        for test in TESTS:
            shown = self.client.get(f"/v3/tests/{test}/candidates").json()["value"]
            assert [
                (one["id"], one["status"], one["archived"], one["score"], one["passed"], _instant(one["deadline"]))
                for one in shown
            ] == [
                (
                    one.id,
                    one.status,
                    one.archived,
                    one.score,
                    one.score is not None and one.score >= self.cutoff[test],
                    one.deadline,
                )
                for one in self.of(test)
            ]


TestTestDomeModel = HiringMachine.TestCase
TestTestDomeModel.settings = model_settings(runs=50, steps=30)
