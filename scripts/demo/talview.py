"""Talview: an assessment runs from its creation to a hiring decision, with a live interview on the way."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from assaykit import talview
from assaykit.talview import models

from .control import Control
from .steps import Steps

CLIENT_ID = "assaykit-demo-app"
CLIENT_SECRET = "assaykit-demo-secret"  # noqa: S105 - opens the emulator and nothing else
USERNAME = "recruiter@example.com"
PASSWORD = "assaykit-demo-password"  # noqa: S105 - likewise
RECRUITER = 30876
EVALUATOR = 41
OBJECTIVE = 6
LIVE = 7
MULTIPLE_CHOICE = "multiple choice"
NAMES = ("Una", "Bela", "Cleo")
SELECT = 70
COUNTS = {
    "added": "addedCount",
    "invited": "invitedCount",
    "inProgress": "inProgressCount",
    "attended": "attendedCount",
    "evaluated": "assessedCount",
    "selected": "selectedCount",
    "hold": "holdCount",
    "rejected": "rejectedCount",
}
"""The count of an assessment's candidates that belongs to each of its links."""


def run(server: str, steps: Steps) -> None:
    """Run the flow.

    Args:
        server: where the emulator is served.
        steps: where each step is noted.
    """
    with (
        closing(Control(server, "talview")) as control,
        talview.Talview(
            f"{server}/talview",
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            username=USERNAME,
            password=PASSWORD,
        ) as api,
    ):
        _Flow(f"{server}/talview", control, api, steps).run()


class _Flow:
    def __init__(self, base_url: str, control: Control, api: talview.Talview, steps: Steps) -> None:
        self.base_url = base_url
        self.control = control
        self.api = api
        self.steps = steps
        self.now = datetime.now(UTC)

    def run(self) -> None:
        assessment, objective, live = self.create()
        people = self.invite(assessment, objective, [self.candidate(name) for name in NAMES])
        self.attend(objective, people)
        chosen = people[0]
        self.interview(assessment, live, chosen)
        self.evaluate(live, chosen)
        self.select(assessment, chosen)
        self.agree(assessment)

    def in_days(self, days: float) -> str:
        return (self.now + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def settle(self) -> None:
        """Let queued actions come to their end."""
        self.control.advance(seconds=5)

    def create(self) -> tuple[int, int, int]:
        """Create an assessment with an objective and a live section; return the three ids."""
        questions = [
            self.api.questions.create(
                body=models.NewQuestion.from_dict(
                    {
                        "type": MULTIPLE_CHOICE,
                        "title": f"Sum {number}",
                        "content": f"What is {number} + {number}?",
                        "choice_1": str(2 * number),
                        "choice_2": str(2 * number + 1),
                        "correct_choice": 1,
                    }
                )
            ).id
            for number in (1, 2)
        ]
        self.steps.done("write two questions", ", ".join(map(str, questions)))
        action = self.api.actions.create_assessment(
            body=models.CreateAssessmentRequest.from_dict(
                {
                    "title": "Backend developers",
                    "assessmentStatus": 3,
                    "start_date": self.in_days(-1),
                    "end_date": self.in_days(30),
                    "sections": [
                        {
                            "order": 1,
                            "title": "Arithmetic",
                            "section_type_id": OBJECTIVE,
                            "positive_mark": 2,
                            "negative_mark": 1,
                            "combined": [
                                {"question_id": question, "sort_order": place}
                                for place, question in enumerate(questions, 1)
                            ],
                        },
                        {"order": 2, "title": "Interview", "section_type_id": LIVE},
                    ],
                }
            )
        )
        assessment = int(action.to_dict()["_links"]["assessment"]["href"].rpartition("/")[2])
        sections = sorted(self.api.assessment_sections.list(assessment_id=assessment), key=lambda section: section.id)
        self.steps.expect("create the assessment", len(sections) == 2, f"{assessment}, {len(sections)} sections")
        return assessment, sections[0].id, sections[1].id

    def candidate(self, name: str) -> int:
        body = {"email": f"{name.lower()}.sample@example.com", "first_name": name, "last_name": "Sample"}
        return self.api.candidates.create(body=models.NewCandidate.from_dict(body)).id

    def invite(self, assessment: int, section: int, candidates: list[int]) -> list[int]:
        """Invite candidates to a section; return the assessment candidates."""
        self.api.actions.invite(
            body=models.InviteRequest.from_dict(
                {
                    "assessmentSectionID": section,
                    "assessmentID": assessment,
                    "endDate": self.in_days(14),
                    "isNotify": True,
                    "candidates": [{"id": candidate} for candidate in candidates],
                }
            )
        )
        self.settle()
        invited = {
            found.candidate_id: found.id for found in self.api.assessment_candidates.list(assessment_id=assessment)
        }
        self.steps.expect("invite three candidates", set(invited) == set(candidates), f"{len(invited)} invited")
        return [invited[candidate] for candidate in candidates]

    def section_candidate(self, section: int, person: int) -> models.AssessmentSectionCandidate:
        [found] = self.api.assessment_section_candidates.list(
            assessment_section_id=section, assessment_candidate_id=person
        )
        return found

    def attend(self, section: int, people: list[int]) -> None:
        """Let the candidates answer: all right, one wrong, all wrong."""
        mapped = [question.question_id for question in self.questions(section)]
        for person, wrong in zip(people, (0, 1, 2), strict=True):
            answers = [{"questionId": q, "choice": 2 if place < wrong else 1} for place, q in enumerate(mapped)]
            self.control.act("attend", sectionCandidateId=self.section_candidate(section, person).id, answers=answers)
        scores = [float(self.section_candidate(section, person).score or "nan") for person in people]
        self.steps.expect("they answer", scores == [4, 1, -2], f"scores {', '.join(f'{score:g}' for score in scores)}")

    def questions(self, section: int) -> list[Any]:
        [found] = self.api.assessment_sections.list(id=section)
        return list(self.api.section_questions.list(section_id=found.section_id))

    def interview(self, assessment: int, section: int, person: int) -> None:
        """Add a panel, schedule a live session, and move it."""
        candidate = int(self.api.assessment_candidates.get(person).to_dict()["candidate_id"])
        self.invite_one(assessment, section, candidate)
        self.api.actions.add_panel(
            body=models.AddPanelRequest.from_dict(
                {
                    "assessmentSections": {"id": section},
                    "assessmentCandidates": [{"id": person}],
                    "panel": [{"id": EVALUATOR}],
                    "endDate": self.in_days(14),
                    "isNotify": True,
                }
            )
        )
        self.settle()
        [panel] = self.api.panels.list(assessment_section_id=section)
        self.steps.expect("add a panel member", panel.user_id == EVALUATOR, f"user {panel.user_id}, panel {panel.id}")
        self.api.actions.live_schedule(
            body=models.LiveScheduleRequest.from_dict(
                {
                    "startDate": self.in_days(2),
                    "endDate": self.in_days(2.05),
                    "panel": [{"id": EVALUATOR}],
                    "assessmentCandidateID": person,
                    "assessmentSectionID": section,
                    "isNotify": True,
                }
            )
        )
        self.settle()
        within = self.section_candidate(section, person).id
        [session] = self.api.live_sessions.list(assessment_section_candidate_id=within)
        attendees = self.api.live_attendees.list(live_session_id=session.id)
        self.steps.expect(
            "schedule a live session", len(attendees) >= 2, f"{session.id} with {len(attendees)} attendees"
        )
        before = session.starts_at
        self.api.actions.live_reschedule(
            body=models.LiveRescheduleRequest.from_dict(
                {
                    "liveSessionID": session.id,
                    "startDate": self.in_days(3),
                    "endDate": self.in_days(3.05),
                    "timezone": "Asia/Kolkata",
                    "isNotify": True,
                }
            )
        )
        self.settle()
        after = self.api.live_sessions.get(session.id).starts_at
        self.steps.expect("reschedule it", after != before, f"from {before} to {after}")

    def invite_one(self, assessment: int, section: int, candidate: int) -> None:
        body = {
            "assessmentSectionID": section,
            "assessmentID": assessment,
            "endDate": self.in_days(14),
            "candidates": [{"id": candidate}],
        }
        self.api.actions.invite(body=models.InviteRequest.from_dict(body))
        self.settle()

    def evaluate(self, section: int, person: int) -> None:
        """Let the candidate complete the interview, and evaluate it with ratings."""
        within = self.section_candidate(section, person).id
        self.control.act("complete", sectionCandidateId=within)
        parameters = [found.id for found in self.api.parameters.list(page_size=2)][:2]
        self.api.actions.evaluate(
            body=models.EvaluateRequest.from_dict(
                {
                    "assessmentSectionCandidateID": within,
                    "recommendation": "select",
                    "evaluationComment": "Explains well",
                    "rating": [{"parameter_id": parameter, "rating": 4} for parameter in parameters],
                }
            )
        )
        [evaluation] = self.api.evaluations.list(assessment_section_candidate_id=within)
        ratings = self.api.evaluation_ratings.list(evaluation_id=evaluation.id)
        status = self.section_candidate(section, person).status
        self.steps.expect(
            "evaluate with ratings",
            len(ratings) == len(parameters) and status is not None,
            f"{evaluation.recommendation}, {len(ratings)} ratings",
        )

    def select(self, assessment: int, person: int) -> None:
        """Decide for a candidate."""
        self.api.actions.change_status(
            body=models.ChangeStatusRequest.from_dict(
                {"statusSortKey": SELECT, "assessmentCandidates": [{"id": person}], "isNotify": True}
            )
        )
        self.settle()
        chosen = self.api.assessment_candidates.list(
            assessment_id=assessment, status_sort_key=models.AssessmentCandidateStatus(SELECT)
        )
        self.steps.expect(
            "select the candidate", [one.id for one in chosen] == [person], f"assessment candidate {person}"
        )

    def agree(self, assessment: int) -> None:
        """Compare notification log, counts and links with each other."""
        logs = list(self.api.paginate(self.api.notification_logs.list, assessment_id=assessment))
        self.steps.expect(
            "read the notification log", len(logs) >= 7, f"{len(logs)} mails, the last: {logs[0].subject}"
        )
        shown = self.api.assessments.get(assessment, expand=list(COUNTS.values())).to_dict()
        counts = {name: shown[count] for name, count in COUNTS.items()}
        told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        self.steps.expect("count the candidates", sum(counts.values()) == 3 and counts["selected"] == 1, told)
        links = {name: link["href"] for name, link in shown["_links"].items() if isinstance(link, dict)}
        token = httpx.post(
            f"{self.base_url}/oauth2/token",
            json={
                "grant_type": "password",
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
                "username": USERNAME,
                "password": PASSWORD,
            },
            trust_env=False,
        ).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        counted = {}
        for name in COUNTS:
            href = links[name] if links[name].startswith("http") else self.base_url + links[name]
            counted[name] = len(httpx.get(href, headers=headers, trust_env=False).raise_for_status().json())
        self.steps.expect("follow the links", counted == counts, f"{len(counted)} links lead to as many candidates")
