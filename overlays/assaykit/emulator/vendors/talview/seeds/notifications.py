"""Templates of notifications, notifications, and calendars of the start world."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from assaykit.emulator.engine.dates import instant_text
from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview.seeds.people import COMPANY, EVALUATOR, OTHER, RECRUITER, STRANGER

_ASSESSMENT: Final = 861338
_CANDIDATE: Final = 6507787
_TYPES: Final = (
    (108, "Activate", "Activation of an account", 1),
    (210, "Invitation", "Invitation to an assessment", 1),
    (211, "Reminder", "Reminder of an assessment", 1),
    (212, "Extension", "More time for an assessment", 1),
    (213, "Selection", "A candidate is selected", 1),
    (214, "Rejection", "A candidate is rejected", 1),
    (219, "Evaluated", "A panel member has evaluated a candidate", 1),
    (220, "Assigned", "Candidates are assigned to a panel member", 1),
    (264, "Panel reminder", "Reminder of a panel member", 1),
    (286, "Simulation booking", "Booking of a simulation", 1),
    (310, "Event invitation", "Invitation to an event", 1),
    (311, "Register", "Reminder to register for an event", 1),
    (312, "Attend", "Reminder to attend an event, for candidates", 1),
    (315, "Remind", "Reminder to attend an event", 1),
    (628, "Live session", "Booking of a live session by its moderator", 1),
    (802, "Password", "Link to set a forgotten password", 1),
    (901, "Text message", "Invitation by text message", 2),
)
_TAGS: Final = (
    (827, "{%assessment-name}", "Title of the assessment", 220),
    (1221, "{%candidate-name}", "Name of the candidate", 219),
    (1222, "{%panel-name}", "Name of the panel member", 219),
    (1223, "{%full-name}", "Name of the receiver", 210),
    (1224, "{%assessment-title}", "Title of the assessment", 210),
    (1225, "{%end-date}", "Last day of the assessment", 212),
    (1226, "{%event-title}", "Title of the event", 315),
    (1227, "{%live-session-link}", "Address of the live session", 628),
)
_EVALUATED: Final = "<p>Dear {%full-name},</p><p>{%panel-name} has evaluated {%candidate-name}.</p>"


def fill(state: State) -> None:
    """Add them."""
    records = resources_of(state).records
    records.seed(
        state,
        "notification_template_types",
        *(
            {"id": number, "type_id": number, "label": label, "description": text, "category": category}
            for number, label, text, category in _TYPES
        ),
    )
    records.seed(
        state,
        "notification_template_tags",
        *({"id": number, "tag": tag, "description": text, "type_id": of} for number, tag, text, of in _TAGS),
        {"id": 1299, "tag": "{%retired}", "type_id": 219, "is_deleted": True},
    )
    records.seed(state, "notification_templates", *_templates())
    records.seed(state, "notification_logs", *_logs(state))
    records.seed(state, "calendar", *_calendars(state))


def _templates() -> list[dict[str, Any]]:
    def template(number: int, of: int, subject: str, content: str, **more: Any) -> dict[str, Any]:
        told = {"id": number, "type_id": of, "subject": subject, "content": content, "organization_id": COMPANY}
        return {**told, "created_by": RECRUITER, "updated_by": RECRUITER, **more}

    subject = "{%panel-name} has evaluated {%candidate-name}"
    reset = "<p>Follow the link to reset your password.</p>"
    return [
        template(16, 802, "Reset your password", reset, organization_id=None, created_by=None, updated_by=None),
        template(26244, 219, subject, _EVALUATED, assessment_id=_ASSESSMENT),
        template(26245, 219, "Evaluated", _EVALUATED, from_address="noreply@example.com"),
        template(26246, 802, "Your password", reset),
        template(26247, 286, "Your simulation", "<p>Dear {%full-name},</p><p>It was booked.</p>"),
        template(26248, 264, "Please evaluate", "<p>Dear {%panel-name},</p><p>Candidates wait.</p>"),
        template(26249, 108, "Retired", "<p>Retired.</p>", is_deleted=True),
        template(26250, 219, "Elsewhere", _EVALUATED, organization_id=OTHER, created_by=STRANGER, updated_by=STRANGER),
        *(
            template(26260 + place, 108, f"Activate your account {place}", "<p>Welcome.</p>", category_id=1)
            for place in range(6)
        ),
    ]


def _logs(state: State) -> list[dict[str, Any]]:
    now = state.clock.now()

    def log(number: int, status: str, minutes: int, **more: Any) -> dict[str, Any]:
        at = instant_text(now - timedelta(minutes=minutes))
        sent = None if status == "scheduled" else at
        return {
            "id": number,
            "to_address": "ada.sample@example.com",
            "from_address": "Sample Company <noreply@example.com>",
            "subject": "Invitation to an assessment",
            "content": "<p>Dear Ada Sample,</p><p>You have been invited.</p>",
            "status": status,
            "type_id": 210,
            "notification_template_type_id": 210,
            "organization_id": COMPANY,
            "assessment_id": _ASSESSMENT,
            "candidate_id": _CANDIDATE,
            "created_by": RECRUITER,
            "created_at": at,
            "updated_at": at,
            "scheduled_at": at,
            "sent_at": sent,
            **more,
        }

    reset = {"type_id": 802, "notification_template_type_id": 802, "assessment_id": None, "candidate_id": None}
    return [
        log(2889360, "sent", 60 * 24 * 3),
        log(2889361, "read", 60 * 24 * 2, read_at=state.now()),
        log(2889362, "failed", 60 * 5, cc_address="tom.sample@example.com"),
        log(2889363, "delivered", 60 * 2, bcc_address="tom.sample@example.com"),
        log(2889364, "scheduled", 10),
        log(2889365, "bounced", 30, to_address="gone@example.com"),
        log(2889366, "failed", 20),
        log(2889367, "enqueued", 15, to_address="evaluator@example.com", subject="Reset your password", **reset),
        log(2889368, "enqueued", 5),
        log(2889369, "failed", 5, organization_id=OTHER, created_by=STRANGER, assessment_id=None, candidate_id=None),
        *(log(2889370 + place, "enqueued" if place % 2 else "failed", place) for place in range(6)),
    ]


def _calendars(state: State) -> list[dict[str, Any]]:
    now = state.clock.now().replace(minute=0, second=0, microsecond=0)

    def event(number: int, user: int, kind: int, hours: int, text: str, **more: Any) -> dict[str, Any]:
        return {
            "id": number,
            "user_id": user,
            "organization_id": OTHER if user == STRANGER else COMPANY,
            "type": kind,
            "from": instant_text(now + timedelta(hours=hours)),
            "to": instant_text(now + timedelta(hours=hours + 2)),
            "event": text,
            **more,
        }

    live = {"eventType": "live-schedule"}
    return [
        event(3042791, EVALUATOR, 3, 26, "Live session with Ada Sample", **live),
        event(3042792, EVALUATOR, 2, 30, "Available"),
        event(3042793, RECRUITER, 3, 26, "Live session with Ada Sample", **live),
        event(3042794, RECRUITER, 1, 50, "Live discussion with Tom Sample"),
        event(3042795, RECRUITER, 2, 74, "Available"),
        event(3042796, STRANGER, 2, 26, "Available"),
        *(event(3042800 + place, RECRUITER, 1 + place % 4, 100 + 24 * place, f"Meeting {place}") for place in range(8)),
    ]
