"""Compares what a Talview world shows with what the model knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from assaykit.emulator.engine.worlds import World
from tests.emulator.talview_acting import everything, ok
from tests.emulator.talview_model import Model
from tests.emulator.talview_things import (
    COUNTS,
    KEYS,
    LIVE,
    Action,
    Invited,
    Part,
    Session,
)

OF_ASSESSMENTS = {**{key: place for place, key in enumerate(KEYS, 1)}, 120: 19}
OF_SECTIONS = {key: place for place, key in enumerate(KEYS, 10)}
"""Rows of statuses by their sort keys."""
UNDOCUMENTED = {"metrics", "assessmentSummary", "status", "liveRecordingFlash"}
"""Links that lead to what the documentation lacks."""


def written(instant: datetime | None) -> str | None:
    """Return an instant as it reads back."""
    return None if instant is None else instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S+00")


class Comparison:
    """Asks for everything that can be seen, and compares it.

    Args:
        world: The world.
        client: A client who sees everything of the organization.
        model: The model.
    """

    def __init__(self, world: World, client: httpx.Client, model: Model) -> None:
        self.world = world
        self.client = client
        self.model = model
        self.types = {one["type_id"]: one["label"] for one in everything(client, "/models/notification-template-type")}
        self.users = {one["id"]: one["email"] for one in everything(client, "/user")}
        self.sessions_before = {one["id"] for one in everything(client, "/models/live-session")}
        self.entries_before = {one["id"] for one in everything(client, "/models/user-calendar")}

    def assessment(self, number: int) -> None:
        """Compare an assessment with its sections, its candidates and their numbers."""
        model = self.model
        shown = ok(self.client.get(f"/models/assessment/{number}", params={"expand": ",".join(COUNTS.values())}))
        invited = {one.candidate: one for one in model.invited.values() if one.assessment == number}
        keys = Counter(one.key for one in invited.values())
        assert {name: shown[name] for name in COUNTS.values()} == {name: keys[key] for key, name in COUNTS.items()}
        chain = model.chains[number]
        assert shown["first_assessment_section_id"] == (chain[0] if chain else None)
        assert shown["hasLive"] == any(model.sections[one].type == LIVE for one in chain)
        found = {one["candidate_id"]: one for one in self.list("/models/assessment-candidate", assessment_id=number)}
        assert set(found) == set(invited)
        for candidate, one in invited.items():
            one.id = one.id or found[candidate]["id"]
            self.same(found[candidate], self.invited(one))
        candidates = {one.id: one.candidate for one in invited.values()}
        listed = {
            (one["assessment_section_id"], candidates[one["assessment_candidate_id"]]): one
            for one in self.list("/models/assessment-section-candidate", assessment_id=number)
        }
        parts = {pair: part for pair, part in model.parts.items() if part.section.assessment == number}
        assert set(listed) == set(parts)
        for pair, part in parts.items():
            part.id = part.id or listed[pair]["id"]
            self.same(listed[pair], self.part(part))
            assert listed[pair]["status"]["sort_key"] == part.key
            assert listed[pair]["verification_code"].isdigit()

    def invited(self, one: Invited) -> dict[str, Any]:
        """Return what is shown of an assessment candidate."""
        return {
            "id": one.id,
            "assessment_id": one.assessment,
            "status_id": OF_ASSESSMENTS[one.key],
            "invited_by": self.model.user,
            "invited_at": written(one.since),
            "attended_at": written(one.attended),
            "evaluated_at": written(one.evaluated),
        }

    def part(self, part: Part) -> dict[str, Any]:
        """Return what is shown of a section candidate."""
        positive, negative = part.points()
        return {
            "id": part.id,
            "status_id": OF_SECTIONS[part.key],
            "isComplete": part.completed is not None,
            "invited_at": written(part.invited),
            "end_date": written(part.end),
            "started_at": written(part.started),
            "completed_at": written(part.completed),
            "evaluated_at": written(part.evaluated),
            "score": part.score(),
            "positiveScore": positive,
            "negativeScore": negative,
        }

    def panels(self, number: int) -> None:
        """Compare the panels of an assessment, the candidates assigned to them, and the evaluations."""
        model = self.model
        chain = model.chains[number]
        panels = {one["id"]: one for one in self.list("/models/panel", assessment_id=number)}
        members = {one: (shown["assessment_section_id"], shown["user_id"]) for one, shown in panels.items()}
        assert Counter(members.values()) == Counter(pair for pair in model.members if pair[0] in chain)
        for one, shown in panels.items():
            assigned = [row for row in model.assigned if row[:2] == members[one]]
            told = model.recommendations(*members[one])
            judged = Counter(told[row[2]] for row in assigned if row[2] in told)
            counts = {
                "assignedCount": len(assigned),
                "evaluatedCount": judged.total(),
                "selectedCount": judged["select"],
                "rejectedCount": judged["reject"],
                "holdCount": judged["hold"],
            }
            self.same(shown, counts)
            rows = {
                row["assessment_section_candidate_id"]: row
                for row in self.list("/models/panel-candidate", panel_id=one)
            }
            parts = {model.parts[row[0], row[2]].id: row for row in assigned}
            assert set(rows) == set(parts)
            for part, row in parts.items():
                assert rows[part]["isEvaluated"] == model.is_evaluated(row)
        for section in chain:
            self.evaluations(section, members)

    def evaluations(self, section: int, members: Mapping[int, tuple[int, int]]) -> None:
        """Compare the evaluations of a section with their ratings and comments."""
        found = {one["id"]: one for one in self.list("/models/evaluation", assessment_section_id=section)}
        wanted = {key: one for key, one in self.model.evaluations.items() if one.section == section}
        assert set(found) == set(wanted)
        for key, one in wanted.items():
            expected = {
                "assessment_section_candidate_id": self.model.parts[section, one.candidate].id,
                "recommendation": one.recommendation,
                "evaluated_by": one.user,
                "evaluated_at": written(one.at),
            }
            self.same(found[key], expected)
            assert members.get(found[key]["panel_id"]) == ((section, one.user) if one.on_panel else None)
            rated = self.list("/models/evaluation-rating", evaluation_id=key)
            assert {shown["parameter_id"]: float(shown["rating"]) for shown in rated} == one.ratings
            said = self.list("/models/evaluation-comment", evaluation_id=key)
            assert [shown["content"] for shown in said] == ([one.comment] if one.comment else [])

    def sessions(self) -> None:
        """Compare live sessions, who attends them, and calendars."""
        listed = [one for one in self.list("/models/live-session") if one["id"] not in self.sessions_before]
        assert len(listed) == len(self.model.sessions)
        for session, shown in zip(self.model.sessions, sorted(listed, key=lambda one: int(one["id"])), strict=True):
            session.id = session.id or shown["id"]
            self.same(shown, self.session(session))
            people = self.list("/models/live-attendee", live_session_id=session.id)
            attendees = {(one["role"], one["candidate_id"] or one["user_id"]): one["status"] for one in people}
            assert len(people) == len(attendees)
            assert attendees == session.attendees, f"shown and expected: {attendees, session.attendees}"
        entries = [one for one in self.list("/models/user-calendar") if one["id"] not in self.entries_before]
        told = Counter((one["user_id"], one["from"], one["to"]) for one in entries)
        wanted = Counter(
            {(user, written(start), written(end)): many for (user, start, end), many in self.model.calendar().items()}
        )
        assert told == wanted, f"in calendars but not expected: {told - wanted}, missing: {wanted - told}"

    def session(self, session: Session) -> dict[str, Any]:
        """Return what is shown of a session."""
        start, end = session.times
        minutes = max(0, (end - start) // timedelta(minutes=1))
        return {
            "id": session.id,
            "status": session.status,
            "starts_at": written(start),
            "ends_at": written(end),
            "duration": f"{minutes // 60:02}:{minutes % 60:02}:00",
            "timezone": session.zone,
            "assessment_section_candidate_id": session.part.id,
            "hosted_by": self.model.user,
        }

    def log(self, number: int) -> None:
        """Compare what was sent about an assessment: to whom, and what about."""
        shown = self.list("/admin/notification-log", assessment_id=number)
        addresses = {**self.users, **self.model.candidates}
        wanted = Counter(
            {
                (about, addresses[person]): many
                for (assessment, about, person), many in self.model.mails.items()
                if assessment == number
            }
        )
        told = Counter((self.types[one["type_id"]], one["to_address"]) for one in shown)
        assert told == wanted, f"sent but not expected: {told - wanted}, not sent: {wanted - told}"
        assert len(self.list("/models/notification-log", assessment_id=number)) == len(shown)

    def actions(self) -> None:
        """Compare how far actions have come, and their numbers of tasks."""
        for action in self.model.actions:
            shown = self.world.act("talview", "show-action", {"actionId": action.id})
            self.same(shown, self.action(action))

    @staticmethod
    def action(action: Action) -> dict[str, Any]:
        """Return what is shown of an action."""
        if action.status not in (3, 99):
            counts = dict.fromkeys(("total_count", "success_count", "error_count"))
        else:
            total = action.success + action.error
            counts = {"total_count": total, "success_count": action.success, "error_count": action.error}
        return {"status": action.status, **counts}

    def links(self, number: int) -> None:
        """Follow the links of an assessment and of what belongs to it; counted ones lead to as many as they count."""
        shown = ok(self.client.get(f"/models/assessment/{number}", params={"expand": ",".join(COUNTS.values())}))
        counted = {
            "added": 10,
            "invited": 20,
            "inProgress": 30,
            "attended": 50,
            "evaluated": 60,
            "selected": 70,
            "hold": 80,
            "rejected": 90,
        }
        for name, key in counted.items():
            assert len(ok(self.client.get(shown["_links"][name]["href"]))) == shown[COUNTS[key]]
        things = [shown]
        for path in ("assessment-candidate", "assessment-section-candidate", "assessment-section", "panel"):
            things += self.list(f"/models/{path}", assessment_id=number)[:1]
        for one in [one for one in self.model.invited.values() if one.assessment == number][:1]:
            for path in ("evaluation", "panel-candidate"):
                things += self.list(f"/models/{path}", assessment_candidate_id=one.id)[:1]
        for session in [session for session in self.model.sessions if session.part.section.assessment == number][:1]:
            things.append(ok(self.client.get(f"/models/live-session/{session.id}")))
            things += self.list("/models/live-attendee", live_session_id=session.id)[:1]
            things += self.list("/models/user-calendar")[:1]
        for thing in things:
            for name, link in thing["_links"].items():
                if name not in UNDOCUMENTED:
                    ok(self.client.get(link["href"]))

    def list(self, path: str, **query: Any) -> list[dict[str, Any]]:
        return everything(self.client, path, **query)

    @staticmethod
    def same(shown: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
        """Compare what the model knows of a thing."""
        different = {name: (shown[name], value) for name, value in wanted.items() if shown[name] != value}
        assert not different, f"shown and expected: {different}"
