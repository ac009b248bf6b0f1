"""What recruiters do with assessments and candidates, to the emulated Talview and to the model."""

from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.emulator.talview_acting import everything, ok
from tests.emulator.talview_machine import (
    DAYS,
    EVALUATES,
    NOBODY,
    PICK,
    PICKS,
    SECTION,
    SECTIONS,
    UNKNOWN,
    Drawn,
    Machine,
)
from tests.emulator.talview_things import (
    LIVE,
    OBJECTIVE,
    Question,
    Refused,
    Section,
)


class Recruiting(Machine):
    """Creates assessments, changes their sections, invites candidates and decides about them."""

    # Assessments and their sections.

    @precondition(lambda self: len(self.model.chains) < 3)
    @rule(sections=SECTIONS, backwards=st.booleans(), days=st.sampled_from([None, -1, 2]))
    def create_assessment(self, sections: list[Drawn], backwards: bool, days: int | None) -> None:
        count = len(sections)
        order = list(range(count, 0, -1) if backwards else range(1, count + 1))
        bodies = [
            {**self.body_of(one, f"Place {place}"), "order": place} for place, one in zip(order, sections, strict=True)
        ]
        begins = None if days is None else self.in_days(days)
        body = {"title": "Hiring", "sections": bodies, "start_date": None if begins is None else begins.isoformat()}
        shown = ok(self.client.post("/actions/create-assessment", json=body))
        assert shown["status"] == 3
        number = int(shown["_links"]["assessment"]["href"].rpartition("/")[2])
        self.touched |= {number}
        self.model.chains[number] = []
        self.model.begins[number] = begins or self.model.now
        made = self.titles(number)
        assert len(made) == count
        for place, drawn in sorted(zip(order, sections, strict=True)):
            self.model.add_section(self.known(made[f"Place {place}"], number, drawn), place - 1)

    def body_of(self, drawn: Drawn, title: str) -> dict[str, Any]:
        kind, (positive, negative), asked = drawn
        combined = [{"question_id": one.id} for one in self.asked(kind, asked)]
        marks = {"positive_mark": positive, "negative_mark": negative} if kind == OBJECTIVE else {}
        return {"title": title, "section_type_id": kind, "combined": combined, **marks}

    def asked(self, kind: int, asked: list[int]) -> list[Question]:
        return [] if kind == LIVE else [self.questions[one] for one in asked]

    def known(self, number: int, assessment: int, drawn: Drawn) -> Section:
        kind, (positive, negative), asked = drawn
        # Where no marks are told, a right answer brings one point and a wrong one costs nothing.
        marks = (positive, negative) if kind == OBJECTIVE else (1, 0)
        return Section(number, assessment, kind, self.asked(kind, asked), *marks)

    def titles(self, number: int) -> dict[str, int]:
        """Return the ids of the sections of an assessment by their titles."""
        listed = everything(self.client, "/models/assessment-section", assessment_id=number)
        return {ok(self.client.get(f"/models/section/{one['section_id']}"))["title"]: one["id"] for one in listed}

    @rule(pick=PICK, at=PICK, wrong=st.sampled_from([None, None, None, "parent", "child"]), drawn=SECTION)
    def insert_section(self, pick: int, at: int, wrong: str | None, drawn: Drawn) -> None:
        number = self.assessment(pick)
        chain = self.model.chains[number]
        if len(chain) < 2:
            return
        place = at % (len(chain) - 1)
        ends = self.ends(chain[place], chain[place + 1], wrong)
        self.inserted += 1
        title = f"Inserted {self.inserted}"
        body = {**ends, "assessmentID": number, "type": "insert", "section": self.body_of(drawn, title)}
        refused = self.refused(number, ends, 1)
        if self.ask("POST", "/actions/section-workflow", refused, json=body) is not None:
            self.model.add_section(self.known(self.titles(number)[title], number, drawn), place + 1)

    @rule(pick=PICK, at=PICK, apart=st.sampled_from([2, 2, 2, 1, 3]))
    def delete_section(self, pick: int, at: int, apart: int) -> None:
        number = self.assessment(pick)
        chain = self.model.chains[number]
        if len(chain) <= apart:
            return
        place = at % (len(chain) - apart)
        ends = self.ends(chain[place], chain[place + apart], None)
        refused = self.refused(number, ends, 2)
        body = {**ends, "assessmentID": number, "type": "delete"}
        if self.ask("POST", "/actions/section-workflow", refused, json=body) is not None:
            self.model.remove_section(chain[place + 1])

    @staticmethod
    def ends(parent: int, child: int, wrong: str | None) -> dict[str, int]:
        return {"parent": parent, "child": child, **({wrong: NOBODY} if wrong else {})}

    def refused(self, number: int, ends: dict[str, int], apart: int) -> Refused | None:
        try:
            self.model.neighbours(number, ends["parent"], ends["child"], apart)
        except Refused as refused:
            return refused
        return None

    # Candidates of assessments.

    @rule()
    def add_candidate(self) -> None:
        email = f"candidate{len(self.model.candidates)}@example.com"
        number = ok(self.client.post("/models/candidate", json={"email": email}))["id"]
        self.model.candidates[number] = email

    @rule(
        pick=PICK,
        picks=PICKS,
        notify=st.booleans(),
        days=DAYS,
        named=st.sampled_from([None, None, True, False]),
        wrong=st.sampled_from([None, None, None, "candidates", "assessmentSectionID"]),
    )
    def invite(
        self, pick: int, picks: list[int], notify: bool, days: int, named: bool | None, wrong: str | None
    ) -> None:
        section = self.section(pick)
        if section is None:
            return
        known = list(self.model.candidates)
        chosen = list(dict.fromkeys(known[pick % len(known)] for pick in picks))
        until = self.in_days(days)
        body: dict[str, Any] = {
            "assessmentSectionID": NOBODY if wrong == "assessmentSectionID" else section.id,
            "candidates": [{"id": one} for one in (*chosen, *([NOBODY] if wrong == "candidates" else []))],
            "endDate": until.isoformat(),
            "isNotify": notify,
        }
        if named is not None:
            others = [one for one in self.model.chains if one != section.assessment]
            if not named and (wrong or not others):
                return
            body["assessmentID"] = section.assessment if named else others[0]
            wrong = wrong or (None if named else "assessmentID")
        whole = bool(named)
        run = partial(self.model.invite, section.id, chosen, until, notify=notify, whole=whole)
        self.act("invite", body, run, wrong)

    @precondition(lambda self: self.model.invited)
    @rule(picks=PICKS, at=st.none() | PICK, notify=st.booleans(), days=st.none() | DAYS, unknown=UNKNOWN)
    def re_invite(self, picks: list[int], at: int | None, notify: bool, days: int | None, unknown: bool) -> None:
        people = self.people(picks)
        until = None if days is None else self.in_days(days)
        body: dict[str, Any] = {"assessmentCandidates": self.ids(people, unknown), "isNotify": notify}
        section = None if at is None else self.section(at)
        if section is not None:
            body["assessmentSectionID"] = section.id
        if until is not None:
            body["endDate"] = until.isoformat()
        number = None if section is None else section.id
        wrong = "assessmentCandidates" if unknown else None
        self.act("re-invite", body, lambda: self.model.re_invite(people, number, until, notify=notify), wrong)

    @precondition(lambda self: self.model.invited)
    @rule(picks=PICKS, at=st.none() | PICK, notify=st.booleans(), unknown=UNKNOWN)
    def remind(self, picks: list[int], at: int | None, notify: bool, unknown: bool) -> None:
        section = None if at is None else self.section(at)
        if section is not None:
            ids = [{"id": section.id}, *([{"id": NOBODY}] if unknown else [])]
            body: dict[str, Any] = {"assessmentSections": ids, "isNotify": notify}
            wrong = "assessmentSections" if unknown else None
            self.act("remind-candidate", body, lambda: self.model.remind_section(section.id, notify=notify), wrong)
            return
        people = self.people(picks)
        body = {"assessmentCandidates": self.ids(people, unknown), "isNotify": notify}
        wrong = "assessmentCandidates" if unknown else None
        self.act("remind-candidate", body, lambda: self.model.remind(people, notify=notify), wrong)

    @precondition(lambda self: self.model.invited)
    @rule(picks=PICKS, notify=st.booleans(), days=DAYS, unknown=UNKNOWN)
    def extend(self, picks: list[int], notify: bool, days: int, unknown: bool) -> None:
        people = self.people(picks)
        until = self.in_days(days)
        body = {
            "assessmentCandidates": self.ids(people, unknown),
            "isNotify": notify,
            "endDate": until.isoformat(),
        }
        wrong = "assessmentCandidates" if unknown else None
        self.act("extend-date", body, lambda: self.model.extend(people, until, notify=notify), wrong)

    @precondition(lambda self: self.model.invited)
    @rule(
        picks=PICKS,
        key=st.sampled_from([70, 80, 90, 100, 120]),
        notify=st.booleans(),
        unknown=UNKNOWN,
        by_evaluator=st.sampled_from([False] * 7 + [True]),
    )
    def decide(self, picks: list[int], key: int, notify: bool, unknown: bool, by_evaluator: bool) -> None:
        people = self.people(picks)
        body = {"assessmentCandidates": self.ids(people, unknown), "isNotify": notify, "statusSortKey": key}
        if by_evaluator:
            self.ask("POST", "/actions/change-status", Refused(403), self.tokens[EVALUATES], json=body)
            return
        wrong = "assessmentCandidates" if unknown else None
        self.act("change-status", body, lambda: self.model.decide(people, key, notify=notify), wrong)

    @precondition(lambda self: len(self.model.invited) > 1)
    @rule(pick=PICK, section=st.booleans())
    def delete(self, pick: int, section: bool) -> None:
        """Delete a candidate of an assessment, or a section wherever it stands."""
        if section:
            chosen = self.section(pick)
            if chosen is not None:
                self.ask("DELETE", f"/models/assessment-section/{chosen.id}")
                self.model.remove_section(chosen.id)
            return
        [one] = self.people([pick])
        self.ask("DELETE", f"/models/assessment-candidate/{one.id}")
        self.model.remove_invited(one)
        self.ask("GET", f"/models/assessment-candidate/{one.id}", Refused(404))
