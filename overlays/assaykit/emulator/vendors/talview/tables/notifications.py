"""Notifications, their templates, and the tags and types of these."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from assaykit.emulator.engine.dates import instant_text
from assaykit.emulator.engine.resources import Change, Resource, View, loose, refers
from assaykit.emulator.engine.resources.filters import contains, since, through, until
from assaykit.emulator.engine.resources.views import filled
from assaykit.emulator.engine.storage import Document, Where
from assaykit.emulator.engine.vendor import Call

_PAGING: Final = {"page", "pageSize", "expand"}
_TYPE: Final = refers("notification_template_types", "type")


def _lately(call: Call) -> Sequence[Where]:
    """Without a filter, administrators see the notifications of the past hour."""
    if "id" in call.path or set(call.query) - _PAGING:
        return ()
    return [Where("created_at", ">=", instant_text(call.state.clock.now() - timedelta(hours=1)))]


def _assessment(view: View, document: Document) -> str | None:
    """Lead to the assessment those who can see it; administrators see notifications of other organizations too."""
    foreign = view.identity is not None and document["organization_id"] != view.identity.organization
    return None if foreign else filled("/models/assessment/{assessment_id}", document)


def _both_types(change: Change) -> None:
    """Keep the two properties alike that name the type of the template."""
    document = change.document
    number = document.get("type_id") or document.get("notification_template_type_id")
    document["type_id"] = document["notification_template_type_id"] = number


RESOURCES: Final = (
    Resource(
        "notification_logs",
        "Notification",
        references={
            "type_id": _TYPE,
            "assessment_id": loose("assessments"),
            "candidate_id": loose("candidates"),
            "assessment_candidate_id": loose("assessment_candidates"),
            "assessment_section_candidate_id": loose("assessment_section_candidates"),
        },
        indexes={"created_at": str},
        searches={"s": ("subject", "content", "from_address", "to_address")},
        before={"create": _both_types},
    ),
    Resource(
        "admin_notification_logs",
        "Notification",
        of="notification_logs",
        scope="all",
        visible=_lately,
        filters={
            "from": since("created_at"),
            "to": until("created_at"),
            "label": through("notification_template_types", "label", leads_to="type_id", field="type_id"),
        },
        links={"assessment": _assessment},
    ),
    Resource(
        "notification_templates",
        "Template",
        soft=True,
        references={"type_id": _TYPE, "assessment_id": loose("assessments"), "category_id": loose("categories")},
        searches={"subject": ("subject",), "content": ("content",)},
        links={"tags": "/models/notification-template-tag?type_id={type_id}"},
    ),
    Resource(
        "admin_notification_templates",
        "Template",
        of="notification_templates",
        parents={"oid": "organization_id?"},
        filters={"subject": contains("subject"), "content": contains("content")},
    ),
    Resource(
        "notification_template_tags",
        "Tag",
        soft=True,
        scope="all",
        references={"type_id": _TYPE},
        searches={"s": ("tag", "description")},
    ),
    Resource("admin_notification_template_tags", "Tag", of="notification_template_tags", scope="all"),
    Resource(
        "notification_template_types",
        "Type",
        scope="all",
        indexes={"category": int, "label": str},
        searches={"description": ("description",), "s": ("label", "description")},
    ),
    Resource(
        "admin_notification_template_types",
        "Type",
        of="notification_template_types",
        scope="all",
        filters={"description": contains("description")},
    ),
)
