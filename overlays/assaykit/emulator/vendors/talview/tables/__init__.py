"""The table of Talview's plain resources: references, searches, filters, links and what deletion does, by resource."""

from __future__ import annotations

from typing import Final

from assaykit.emulator.engine.resources import Conventions, Resource
from assaykit.emulator.vendors.talview.identities import owner_of, user_of
from assaykit.emulator.vendors.talview.tables import (
    answers,
    assessments,
    calendars,
    candidates,
    catalog,
    events,
    external,
    files,
    invited,
    live,
    mobile,
    notifications,
    organizations,
    panels,
    questions,
    settings,
    skills,
    statuses,
)

CONVENTIONS: Final = Conventions(
    owner="organization_id", owner_of=owner_of, user_of=user_of, owners="admin_organizations", tells_fresh=True
)
RESOURCES: Final[tuple[Resource, ...]] = (
    *organizations.RESOURCES,
    *calendars.RESOURCES,
    *settings.RESOURCES,
    *statuses.RESOURCES,
    *skills.RESOURCES,
    *catalog.RESOURCES,
    *questions.RESOURCES,
    *assessments.RESOURCES,
    *invited.RESOURCES,
    *candidates.RESOURCES,
    *panels.RESOURCES,
    *events.RESOURCES,
    *external.RESOURCES,
    *files.RESOURCES,
    *live.RESOURCES,
    *notifications.RESOURCES,
    *answers.RESOURCES,
    *mobile.RESOURCES,
)
