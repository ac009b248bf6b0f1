"""A model of Podium beside the emulator: whatever is done to both, they tell the same."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule

from assaykit.emulator import vendors
from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.rejection import Rejected
from assaykit.emulator.engine.transport import EmulatorTransport, base_url
from tests.emulator.conftest import START
from tests.emulator.model_runs import model_settings
from tests.emulator.podium_model import NORMS, TESTS, Invitation, Model, Person, Refused, Report, wire

CLIENT = "/clients/d10ffc13-7f62-fef7-b7c8-8d38ad11acc2"
"""The client of the start world that has no completed tests."""
SAM = "1-1-c57ffc13-7f62-4eb7-b7c8-8d38ad11acc2"
PERSON = {"firstName": "Ada", "lastName": "Sample", "gender": "o", "emailAddress": "ada@example.com"}
METADATA = st.dictionaries(st.text(max_size=5), st.none() | st.integers() | st.text(max_size=5), max_size=3)
SOME_TESTS = st.lists(st.sampled_from(TESTS), min_size=1, max_size=3)
SOME_NORMS = st.lists(st.sampled_from(NORMS), min_size=1, max_size=3)
DAYS = st.integers(-3, 3)


@cache
def _emulator() -> Emulator:
    return Emulator([vendors.load("podium")], check_replies=True)


class PodiumMachine(RuleBasedStateMachine):
    """Does to the emulator what it does to the model."""

    people = Bundle("people")
    reports = Bundle("reports")

    @initialize(target=people)
    def begin(self) -> Any:
        self.world = _emulator().make_world("model", ManualClock(START))
        self.client = httpx.Client(transport=EmulatorTransport(self.world), base_url=base_url("podium"))
        self.model = Model(START, 100)
        # The start world's own participant is known to the model as well, since lists and ranges show everybody.
        created = datetime.fromisoformat("2019-01-20T08:05:00+00:00")
        invitation = Invitation("327677cb-a539-4a2f-af1f-d72e603e9072", "PERSPECTIVES90", created, None, None)
        self.model.people[SAM] = Person(SAM, "partner-id-12345", None, [invitation])
        self.touched = {SAM}
        self.sign_in()
        ada = self.add("p1", None)
        self.assign(ada, list(TESTS), [2, 1, None], [None, None, None], 2)
        return multiple(ada, self.add("p2", {"a": 1}), SAM)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.touched = set(self.model.people)
            self.statuses_agree()
            self.client.close()
            self.world.close()

    def sign_in(self) -> None:
        token = self.client.post("/token", json={"apiKey": "assaykit-demo-key"}).json()["token"]
        self.client.headers["Authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, expect: Callable[[], object] | None = None, **more: Any) -> httpx.Response:
        """Send a request; the model says whether it is refused and how."""
        try:
            if expect is not None:
                expect()
            wanted = 200
        except Refused as refused:
            wanted = refused.status
        answer = self.client.request(method, f"{CLIENT}{path}", **more)
        assert answer.status_code == wanted, (method, path, answer.text)
        return answer

    def act(self, action: str, expect: Callable[[], object], **arguments: Any) -> None:
        """Let the candidate do something; the model says whether it is refused and how."""
        wanted: int | None = None
        got: int | None = None
        try:
            expect()
        except Refused as refused:
            wanted = refused.status
        try:
            self.world.act("podium", action, arguments)
        except Rejected as rejected:
            got = rejected.status
        assert got == wanted

    @rule(target=people, partner_id=st.sampled_from(["p1", "p2", "p/3"]), metadata=st.none() | METADATA)
    def add(self, partner_id: str, metadata: Any) -> str:
        body = PERSON | {"integrationPartnerParticipantId": partner_id}
        if metadata is not None:
            body |= {"integrationPartnerParticipantMetadata": metadata}
        created = self.ask("POST", "/participants", json=body).json()
        assert created["participantId"] not in self.model.people
        self.touched = {created["participantId"]}
        self.model.people[created["participantId"]] = Person(created["participantId"], partner_id, metadata)
        participant: str = created["participantId"]
        return participant

    @rule(
        who=people,
        tests=SOME_TESTS,
        orders=st.lists(st.none() | st.integers(1, 3), min_size=3, max_size=3),
        own=st.lists(st.none() | DAYS, min_size=3, max_size=3),
        outer=st.none() | DAYS,
    )
    def assign(
        self, who: str, tests: list[str], orders: list[int | None], own: list[int | None], outer: int | None
    ) -> None:
        self.touched = {who}

        def at(days: int | None) -> datetime | None:
            return None if days is None else self.model.now + timedelta(days=days)

        entries: list[dict[str, Any]] = []
        for test, order, days in zip(tests, orders, own, strict=False):
            entry: dict[str, Any] = {"testId": test, "languageId": "EN"}
            if order is not None:
                entry["order"] = order
            if days is not None:
                entry["expiryDate"] = wire(at(days))
            entries.append(entry)
        body: dict[str, Any] = {"tests": entries}
        if outer is not None:
            body["expiryDate"] = wire(at(outer))
        answer = self.ask("POST", f"/participants/{who}/tests", json=body).json()
        assert [invitation["testId"] for invitation in answer] == tests
        for invitation, order, days in zip(answer, orders, own, strict=False):
            expires = at(outer) if days is None else at(days)
            made = Invitation(invitation["invitationId"], invitation["testId"], self.model.now, expires, order)
            self.model.people[who].invitations.append(made)

    @rule(who=people, test=st.sampled_from(TESTS))
    def start(self, who: str, test: str) -> None:
        self.touched = {who}
        person = self.model.people[who]
        self.act("start", lambda: self.model.start(person, test), participantId=who, testId=test)

    @rule(who=people, test=st.sampled_from(TESTS), raw=st.integers(0, 20))
    def complete(self, who: str, test: str, raw: int) -> None:
        self.touched = {who}
        person = self.model.people[who]
        self.act("complete", lambda: self.model.complete(person, test), participantId=who, testId=test, rawScore=raw)

    @precondition(lambda self: self.usable())
    @rule(pick=st.integers(0, 5), then_ask=st.booleans(), norms=SOME_NORMS)
    def complete_what_is_open(self, pick: int, then_ask: bool, norms: list[str]) -> None:
        """Complete a test whose turn it is, and perhaps read its result: most draws of a test and a person miss."""
        usable = self.usable()
        who, test = usable[pick % len(usable)]
        self.complete(who, test, pick)
        if then_ask:
            self.results(who, [test], norms)

    def usable(self) -> list[tuple[str, str]]:
        found = []
        for person in self.model.people.values():
            for test in TESTS:
                with suppress(Refused):
                    self.model.candidates(person, test)
                    found.append((person.id, test))
        return found

    @precondition(lambda self: self.completed())
    @rule(pick=st.integers(0, 5), norms=SOME_NORMS)
    def results_of_what_is_completed(self, pick: int, norms: list[str]) -> None:
        completed = self.completed()
        self.results(completed[pick % len(completed)], list(TESTS), norms)

    def completed(self) -> list[str]:
        people = self.model.people.values()
        return [person.id for person in people if any(one.completed for one in person.invitations)]

    @rule(who=people, tests=st.none() | SOME_TESTS, first=st.none() | DAYS, last=st.none() | DAYS)
    def remove(self, who: str, tests: list[str] | None, first: int | None, last: int | None) -> None:
        self.touched = {who}
        since = None if first is None else self.model.now + timedelta(days=first)
        until = None if last is None else self.model.now + timedelta(days=last)
        query: dict[str, Any] = {}
        if tests is not None:
            query["testId"] = tests
        if since is not None:
            query["startDate"] = since.date().isoformat()
        if until is not None:
            query["endDate"] = until.date().isoformat()
        person = self.model.people[who]
        self.ask(
            "DELETE", f"/participants/{who}/tests", lambda: self.model.remove(person, tests, since, until), params=query
        )

    @rule(who=people)
    def invite(self, who: str) -> None:
        self.ask("POST", f"/participants/{who}/invite")
        self.model.mails += any(one.is_open(self.model.now) for one in self.model.people[who].invitations)
        assert len(self.world.act("podium", "mails", {})) == self.model.mails

    @rule(who=people, tests=SOME_TESTS, norms=SOME_NORMS)
    def results(self, who: str, tests: list[str], norms: list[str]) -> None:
        person = self.model.people[who]
        done = [(person, test) for test in tests if person.latest(test)]
        query = {"testId": tests, "normId": norms}
        answer = self.ask("GET", f"/participants/{who}/results", lambda: self.model.score(done, norms), params=query)
        if answer.status_code == 200:
            found = answer.json()["results"]
            wanted = [test for test in dict.fromkeys(tests) for _ in dict.fromkeys(norms)]
            assert [result["testId"] for result in found] == wanted
            for result in found:
                latest = person.latest(result["testId"])
                assert result["completionDate"] == wire(latest.completed if latest else None)
                assert bool(result["scores"]) == bool(latest)

    @rule(tests=SOME_TESTS, norms=SOME_NORMS, first=st.integers(-3, 1), last=st.integers(-1, 3))
    def results_by_day(self, tests: list[str], norms: list[str], first: int, last: int) -> None:
        since, until = (self.model.now + timedelta(days=days) for days in (first, last))
        done = self.model.completed_within(tests, since, until)
        query = {
            "testId": tests,
            "normId": norms,
            "startDate": since.date().isoformat(),
            "endDate": until.date().isoformat(),
        }
        answer = self.ask("GET", "/participants/results", lambda: self.model.score(done, norms), params=query)
        if answer.status_code == 200:
            got = {(entry["participantId"], result["testId"]) for entry in answer.json() for result in entry["results"]}
            assert got == {(person.id, test) for person, test in done}

    @rule(who=people, metadata=METADATA, by_partner=st.booleans())
    def update_metadata(self, who: str, metadata: Any, by_partner: bool) -> None:
        body = {"integrationPartnerParticipantMetadata": metadata}
        assert self.ask("PATCH", self.metadata_path(who, by_partner), json=body).json() == body
        self.set_metadata(who, by_partner, metadata)

    @rule(who=people, by_partner=st.booleans())
    def delete_metadata(self, who: str, by_partner: bool) -> None:
        self.ask("DELETE", self.metadata_path(who, by_partner))
        self.set_metadata(who, by_partner, None)

    def metadata_path(self, who: str, by_partner: bool) -> str:
        if not by_partner:
            return f"/participants/{who}/metadata"
        return f"/participants/external/{self.model.people[who].partner_id.replace('/', '%2F')}/metadata"

    def set_metadata(self, who: str, by_partner: bool, metadata: Any) -> None:
        partner_id = self.model.people[who].partner_id
        self.touched = set()
        for person in self.model.people.values():
            if person.id == who or (by_partner and person.partner_id == partner_id):
                person.metadata = metadata
                self.touched.add(person.id)

    @rule(target=reports, who=st.lists(people, min_size=1, max_size=3))
    def request_report(self, who: list[str]) -> str:
        body = {"reportBundleId": "reportBundle1", "reportIds": ["report1"], "normIds": ["norm1"]}
        queued = self.ask("POST", "/reports", json=body | {"participantIds": who}).json()["reportQueueId"]
        self.model.reports[queued] = Report(list(dict.fromkeys(who)), self.model.now + timedelta(seconds=3))
        queue_id: str = queued
        return queue_id

    @rule(first=st.integers(-3, 1), last=st.integers(-1, 3))
    def request_report_by_day(self, first: int, last: int) -> None:
        since, until = (self.model.now + timedelta(days=days) for days in (first, last))
        people = list(dict.fromkeys(person.id for person, _ in self.model.completed_within(list(TESTS), since, until)))

        def expect() -> None:
            if not people:
                raise Refused(404)

        body = {"reportBundleId": "reportBundle1", "reportIds": ["report2"], "normIds": ["norm2"]}
        days = {"startDate": since.date().isoformat(), "endDate": until.date().isoformat()}
        answer = self.ask("POST", "/reportsbydaterange", expect, json=body | days)
        if people:
            ready = self.model.now + timedelta(seconds=3)
            self.model.reports[answer.json()["reportQueueId"]] = Report(people, ready)

    @rule(which=reports)
    def download(self, which: str) -> None:
        report = self.model.reports[which]
        answer = self.ask("GET", f"/reports/{which}", lambda: self.model.download(report))
        if answer.status_code == 200 and len(report.people) > 1:
            with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
                assert len(archive.namelist()) == len(report.people)
        self.ask("GET", f"/reports/{which}/securelink", lambda: self.model.download(report))

    @rule(which=reports, suspend=st.booleans())
    def break_report(self, which: str, suspend: bool) -> None:
        self.world.act("podium", "suspend-report" if suspend else "fail-report", {"reportQueueId": which})
        report = self.model.reports[which]
        report.ready, report.error, report.suspended = None, True, suspend

    @rule()
    def finish_reports(self) -> None:
        self.world.act("podium", "finish-reports", {})
        for report in self.model.reports.values():
            if not report.suspended and (report.ready is None or report.ready > self.model.now):
                report.ready, report.error = self.model.now, False

    @rule(
        delta=st.sampled_from(
            [timedelta(seconds=1), timedelta(seconds=3), timedelta(hours=10), timedelta(days=1), timedelta(days=365)]
        )
    )
    def advance(self, delta: timedelta) -> None:
        self.world.clock.advance(delta)
        self.model.now += delta
        if delta >= timedelta(hours=1):
            assert self.client.get(f"{CLIENT}/credits").status_code == 401
        self.sign_in()

    @rule(total=st.integers(0, 4))
    def set_credits(self, total: int) -> None:
        self.world.act("podium", "credits", {"clientId": CLIENT.rpartition("/")[2], "creditTotal": total})
        self.model.credits = total

    @invariant()
    def credits_agree(self) -> None:
        if hasattr(self, "model"):
            assert self.ask("GET", "/credits").json() == {"creditTotal": self.model.credits}

    @invariant()
    def statuses_agree(self) -> None:
        for participant in getattr(self, "touched", ()):
            person = self.model.people[participant]
            found = self.ask("GET", f"/participants/{person.id}/status").json()
            assert found == {
                "participantId": person.id,
                "integrationPartnerParticipantId": person.partner_id,
                "integrationPartnerParticipantMetadata": person.metadata,
                "tests": [
                    {
                        "invitationId": one.id,
                        "testId": one.test,
                        "creationDate": wire(one.created),
                        "completionDate": wire(one.completed),
                        "expiryDate": wire(one.expires),
                        "firstLaunched": wire(one.started),
                    }
                    for one in person.invitations
                ],
            }

    @invariant()
    def reports_agree(self) -> None:
        if hasattr(self, "model"):
            for queue_id, report in self.model.reports.items():
                assert self.ask("GET", f"/reports/{queue_id}/status").json() == self.model.status_of(report)


TestPodiumModel = PodiumMachine.TestCase
TestPodiumModel.settings = model_settings(runs=60, steps=40)
