"""What panels do, to the emulated Talview and to the model: evaluations and live sessions."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.emulator.talview_machine import (
    AT,
    DAYS,
    EVALUATES,
    HOURS,
    NOBODY,
    PARAMETERS,
    PICK,
    PICKS,
    RATINGS,
    RECOMMENDED,
    RECRUITER,
    SOME_USERS,
    UNKNOWN,
    WRONG_PANEL,
    ZONES,
    Machine,
)
from tests.emulator.talview_things import (
    Part,
    Refused,
)


class Interviewing(Machine):
    """Lets panels evaluate candidates and meet them."""

    # Panels and evaluations.

    @rule(pick=PICK, users=SOME_USERS, picks=st.none() | PICKS, notify=st.booleans(), days=DAYS, wrong=WRONG_PANEL)
    def add_panel(
        self, pick: int, users: list[int], picks: list[int] | None, notify: bool, days: int, wrong: str | None
    ) -> None:
        section = self.section(pick)
        if section is None:
            return
        people = None if picks is None else self.people(picks) or None
        until = self.in_days(days)
        body: dict[str, Any] = {
            "assessmentSections": {"id": NOBODY if wrong == "assessmentSections" else section.id},
            "panel": [{"id": one} for one in (*users, *([NOBODY] if wrong == "panel" else []))],
            "endDate": until.isoformat(),
            "isNotify": notify,
        }
        if people is not None:
            body["assessmentCandidates"] = self.ids(people, False)
        number = section.id
        self.act("add-panel", body, lambda: self.model.add_panel(number, users, people, until, notify=notify), wrong)

    @precondition(lambda self: self.model.assigned)
    @rule(picks=PICKS, users=st.none() | SOME_USERS, notify=st.booleans())
    def remind_panel(self, picks: list[int], users: list[int] | None, notify: bool) -> None:
        people = self.people(picks)
        body: dict[str, Any] = {"assessmentCandidates": self.ids(people, False), "isNotify": notify}
        if users is not None:
            body["panel"] = [{"id": one} for one in users]
        self.act("remind-panel", body, lambda: self.model.remind_panel(people, users, notify=notify))

    @precondition(lambda self: self.model.parts)
    @rule(
        pick=PICK,
        user=st.sampled_from([RECRUITER, EVALUATES]),
        recommendation=RECOMMENDED,
        ratings=RATINGS,
        said=st.booleans(),
    )
    def evaluate(self, pick: int, user: int, recommendation: str, ratings: dict[int, float], said: bool) -> None:
        part = self.part(pick)
        if part is not None:
            self.evaluate_part(part, user, recommendation, ratings, said)

    def evaluate_part(self, part: Part, user: int, recommendation: str, ratings: dict[int, float], said: bool) -> None:
        body: dict[str, Any] = {
            "assessmentSectionCandidateID": part.id,
            "recommendation": recommendation,
            "rating": [{"parameter_id": one, "rating": value} for one, value in ratings.items()],
        }
        if said:
            body["evaluationComment"] = "Convincing"
        high = any(value > PARAMETERS.get(one, value) for one, value in ratings.items())
        refused = Refused(422, "rating") if high or NOBODY in ratings else None
        shown = self.ask("POST", "/actions/evaluate", refused, self.tokens[user], json=body)
        if shown is not None:
            assert (shown["status"], shown["requested_by"]) == (3, user)
            number = int(shown["_links"]["evaluation"]["href"].rpartition("/")[2])
            self.model.evaluate(number, part, user, recommendation, ratings, "Convincing" if said else None)

    @precondition(lambda self: self.judges())
    @rule(pick=PICK, recommendation=RECOMMENDED, ratings=RATINGS)
    def evaluate_as_panel(self, pick: int, recommendation: str, ratings: dict[int, float]) -> None:
        """Let a panel member evaluate an assigned candidate: most draws of a user and a candidate miss."""
        chosen = self.judges()
        section, user, candidate = chosen[pick % len(chosen)]
        part = self.model.parts[section, candidate]
        self.touch(part.section)
        self.evaluate_part(part, user, recommendation, ratings, said=False)

    def judges(self) -> list[tuple[int, int, int]]:
        return sorted(row for row in self.model.assigned if row[1] in self.tokens)

    @precondition(lambda self: self.model.evaluations)
    @rule(pick=PICK)
    def delete_evaluation(self, pick: int) -> None:
        chosen = list(self.model.evaluations)
        number = chosen[pick % len(chosen)]
        self.ask("DELETE", f"/models/evaluation/{number}")
        del self.model.evaluations[number]

    # Live sessions.

    @precondition(lambda self: self.model.invited)
    @rule(pick=PICK, at=AT, users=SOME_USERS, hours=HOURS, zone=ZONES, notify=st.booleans(), unknown=UNKNOWN)
    def schedule(
        self, pick: int, at: int | None, users: list[int], hours: int, zone: str | None, notify: bool, unknown: bool
    ) -> None:
        [one] = self.people([pick])
        chain = self.model.chains[one.assessment]
        number = chain[at % len(chain)] if at is not None and chain else None
        times = self.times(hours)
        body: dict[str, Any] = {
            "assessmentCandidateID": NOBODY if unknown else one.id,
            "panel": [{"id": user} for user in users],
            "isNotify": notify,
            **self.dates(times),
        }
        if number is not None:
            body["assessmentSectionID"] = number
        if zone is not None:
            body["timezone"] = zone
        wrong = "assessmentCandidateID" if unknown else None
        self.act(
            "live-schedule", body, lambda: self.model.schedule(one, number, users, times, zone, notify=notify), wrong
        )

    def times(self, hours: int) -> tuple[datetime, datetime]:
        start = self.model.now.replace(minute=30) + timedelta(days=1)
        return start, start + timedelta(hours=hours)

    @staticmethod
    def dates(times: tuple[datetime, datetime]) -> dict[str, str]:
        return {"startDate": times[0].isoformat(), "endDate": times[1].isoformat()}

    @precondition(lambda self: self.model.sessions)
    @rule(pick=PICK, hours=HOURS, zone=st.sampled_from(["Asia/Kolkata", "UTC"]), notify=st.booleans(), unknown=UNKNOWN)
    def reschedule(self, pick: int, hours: int, zone: str, notify: bool, unknown: bool) -> None:
        session = self.session(pick)
        times = self.times(hours)
        body = {
            "liveSessionID": NOBODY if unknown else session.id,
            "timezone": zone,
            "isNotify": notify,
            **self.dates(times),
        }
        wrong = "liveSessionID" if unknown else None
        self.act("live-reschedule", body, lambda: self.model.reschedule(session, times, zone, notify=notify), wrong)

    @precondition(lambda self: self.model.sessions)
    @rule(pick=PICK, notify=st.booleans(), unknown=UNKNOWN)
    def cancel(self, pick: int, notify: bool, unknown: bool) -> None:
        session = self.session(pick)
        body = {"liveSessionID": NOBODY if unknown else session.id, "isNotify": notify}
        wrong = "liveSessionID" if unknown else None
        self.act("live-cancel", body, lambda: self.model.cancel(session, notify=notify), wrong)

    @precondition(lambda self: self.model.sessions)
    @rule(pick=PICK, users=SOME_USERS, notify=st.booleans(), unknown=UNKNOWN)
    def change_panel(self, pick: int, users: list[int], notify: bool, unknown: bool) -> None:
        session = self.session(pick)
        body = {
            "liveSessionID": session.id,
            "panel": [{"id": one} for one in (*users, *([NOBODY] if unknown else []))],
            "isNotify": notify,
        }
        wrong = "panel" if unknown else None
        self.act("live-change-panel", body, lambda: self.model.change_panel(session, users, notify=notify), wrong)

    @precondition(lambda self: self.model.sessions)
    @rule(picks=PICKS, alone=st.booleans(), notify=st.none() | st.booleans())
    def remind_of_session(self, picks: list[int], alone: bool, notify: bool | None) -> None:
        chosen = list(dict.fromkeys(self.session(pick) for pick in picks))[: 1 if alone else None]
        body: dict[str, Any] = {"liveSessionID": chosen[0].id if alone else [{"id": one.id} for one in chosen]}
        if notify is not None:
            body["isNotify"] = notify
        self.act("live-reminder", body, lambda: self.model.remind_of(chosen, notify=notify is not False))

    @precondition(lambda self: self.model.sessions)
    @rule(pick=PICK, candidate=st.booleans(), panel=st.booleans())
    def take_place(self, pick: int, candidate: bool, panel: bool) -> None:
        session = self.session(pick)
        self.touch(session.part.section)
        expect = partial(self.model.take_place, session, candidate=candidate, panel=panel)
        self.control("attend-live", expect, liveSessionId=session.id, candidate=candidate, panel=panel)
