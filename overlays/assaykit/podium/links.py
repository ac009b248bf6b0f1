"""Links by which anybody can fetch a report for an hour."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assaykit.core.secrets import HIDDEN

if TYPE_CHECKING:
    from .client import AsyncPodium, Podium

LINK_LIFETIME = 3600.0
"""Seconds. Source: "Getting a Secure Report Download Link"."""


@dataclass(frozen=True, slots=True)
class SecureLink:
    """A link to a report that is a credential: whoever has it can read the report."""

    url: str = field(repr=False)
    expires_at: datetime
    """In UTC, counted from before the link was asked for."""

    def is_expired(self, now: float) -> bool:
        """Whether the link has expired.

        Args:
            now: Seconds since the epoch.
        """
        return now >= self.expires_at.timestamp()

    def __repr__(self) -> str:
        host = urlsplit(self.url).hostname
        return f"SecureLink('https://{host}/{HIDDEN}', expires_at={self.expires_at.isoformat()!r})"


def secure_report_link(api: Podium, client_id: str, report_queue_id: str) -> SecureLink:
    """Ask for a link to a generated report.

    Args:
        api: The client.
        client_id: Id of the Podium client.
        report_queue_id: Id of the report in the queue.

    Raises:
        ApiError: For example Conflict while the report is not generated, or Gone a year later.

    Source:
        Podium Developer API, "Getting a Secure Report Download Link"
    """
    asked_at = api.session.clock()
    return _link(api.reports.secure_link(client_id, report_queue_id).download_link, asked_at)


async def secure_report_link_async(api: AsyncPodium, client_id: str, report_queue_id: str) -> SecureLink:
    """Ask for a link to a generated report; see ``secure_report_link``."""
    asked_at = api.session.clock()
    return _link((await api.reports.secure_link(client_id, report_queue_id)).download_link, asked_at)


def _link(url: str, asked_at: float) -> SecureLink:
    # The page's own sample begins with a blank.
    return SecureLink(url.strip(), datetime.fromtimestamp(asked_at + LINK_LIFETIME, UTC))
