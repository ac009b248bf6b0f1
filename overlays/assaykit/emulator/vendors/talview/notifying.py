"""Notifications: each becomes an entry of the notification log that counts as sent; nothing is mailed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.storage import Document, Where
from assaykit.emulator.engine.worlds import State

_VARIABLE: Final = re.compile(r"\{%([a-z-]+)\}")
SENDER: Final = "Talview <noreply@example.com>"


@dataclass(frozen=True, slots=True)
class Notice:
    """A kind of notification, with what it says where the organization has no template of its type.

    Args:
        type: Id of its template type. The page shows only some of them with a meaning, so the others are inferred.
        subject: The subject; `{%full-name}` and the like stand for values.
        content: The text in HTML.
    """

    type: int
    subject: str
    content: str


INVITATION: Final = Notice(
    210,
    "Invitation to {%assessment-title}",
    "<p>Dear {%full-name},</p><p>You are invited to {%assessment-title}. Your code is {%verification-code}.</p>",
)
REMINDER: Final = Notice(
    211, "Reminder of {%assessment-title}", "<p>Dear {%full-name},</p><p>Please take {%assessment-title}.</p>"
)
EXTENSION: Final = Notice(
    212, "More time for {%assessment-title}", "<p>Dear {%full-name},</p><p>You have until {%end-date}.</p>"
)
SELECTION: Final = Notice(213, "Your application", "<p>Dear {%full-name},</p><p>You were selected.</p>")
REJECTION: Final = Notice(214, "Your application", "<p>Dear {%full-name},</p><p>You were not selected.</p>")
PANEL_ASSIGNED: Final = Notice(
    220, "Candidates to evaluate", "<p>Dear {%panel-name},</p><p>Please evaluate {%candidate-name}.</p>"
)
PANEL_REMINDER: Final = Notice(
    264, "Candidates wait for you", "<p>Dear {%panel-name},</p><p>Please evaluate {%candidate-name}.</p>"
)
SIMULATION: Final = Notice(
    286, "Simulation {%what}", "<p>Dear {%full-name},</p><p>The simulation was {%what}: {%from} to {%to}.</p>"
)
LIVE_SESSION: Final = Notice(
    628,
    "Live session {%what}",
    "<p>Dear {%full-name},</p><p>The live session was {%what}: {%from} to {%to}. {%live-session-link}</p>",
)
EVENT_INVITATION: Final = Notice(
    310, "Invitation to {%event-title}", "<p>Dear {%full-name},</p><p>You are invited to {%event-title}.</p>"
)
EVENT_REGISTER: Final = Notice(
    311, "Register for {%event-title}", "<p>Dear {%full-name},</p><p>Please register for {%event-title}.</p>"
)
EVENT_ATTEND: Final = Notice(
    312, "Reminder of {%event-title}", "<p>Dear {%full-name},</p><p>Please come to {%event-title}.</p>"
)
EVENT_PANEL: Final = Notice(
    315, "Reminder of {%event-title}", "<p>Dear {%panel-name},</p><p>Please evaluate the candidates.</p>"
)


def full_name(person: Document) -> str:
    """Return the name of a candidate or user, or the e-mail address if there is none."""
    parts = (person.get(name) for name in ("first_name", "middle_name", "last_name"))
    named = " ".join(part for part in parts if part) or person.get("name") or person.get("fullName")
    return str(named or person.get("email") or person["id"])


def notify(
    state: State,
    notice: Notice,
    receiver: Document,
    values: Mapping[str, str],
    *,
    user: int | None,
    about: Mapping[str, Any] | None = None,
) -> Document | None:
    """Add an entry to the notification log.

    Args:
        state: Talview's part of the world.
        notice: What kind of notification it is.
        receiver: The candidate, user or live attendee who gets it.
        values: What variables of the template stand for; the receiver's names are known.
        user: Id of the user who causes it.
        about: Ids of what it is about, such as `assessment_id`.

    Returns:
        The entry; None if the receiver has no e-mail address.
    """
    address = receiver.get("email")
    if not address:
        return None
    records = resources_of(state).records
    name = full_name(receiver)
    known = {"full-name": name, "panel-name": name, "candidate-name": name, **values}
    told = dict(about or {})
    template = _template(state, notice, receiver, told.get("assessment_id"))
    now = state.now()
    typed = records.get(state, "notification_template_types", notice.type) is not None
    entry = {
        "organization_id": receiver.get("organization_id"),
        "to_address": address,
        "from_address": _sender(state, receiver.get("organization_id")),
        "subject": _filled(template["subject"], known, html=False),
        "content": _filled(template["content"], known, html=True),
        "created_by": user,
        "sent_by": user,
        "notification_template_type_id": notice.type,
        "type_id": notice.type if typed else None,
        "status": "sent",
        "scheduled_at": now,
        "sent_at": now,
        **told,
    }
    return records.insert(state, "notification_logs", entry, user=user)


def _sender(state: State, organization: int | None) -> str:
    """Return the address that an organization sends from."""
    found = resources_of(state).records.get(state, "admin_organizations", organization)
    return str((found or {}).get("fromAddress") or SENDER)


def _template(state: State, notice: Notice, receiver: Document, assessment: int | None) -> Mapping[str, str]:
    """Return subject and content of the assessment's own template, else the organization's, else the usual ones."""
    where = [Where("type_id", "=", notice.type), Where("organization_id", "=", receiver.get("organization_id"))]
    records = resources_of(state).records
    for wanted in dict.fromkeys((assessment, None)):
        found = records.find(
            state, "notification_templates", [*where, Where("assessment_id", "=", wanted)], order=["-id"], limit=1
        )
        if found and found[0].get("content"):
            return {"subject": found[0].get("subject") or notice.subject, "content": found[0]["content"]}
    return {"subject": notice.subject, "content": notice.content}


def _filled(text: str, values: Mapping[str, str], *, html: bool) -> str:
    def value(found: re.Match[str]) -> str:
        known = values.get(found[1])
        if known is None:
            return found[0]
        return escape(known) if html else known

    return _VARIABLE.sub(value, text)
