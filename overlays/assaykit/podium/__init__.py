"""Podium: add participants, assign tests, read results, order reports.

    from assaykit import podium

    with podium.Podium(api_key="…", region="eu") as api:
        person = api.participants.create("client-1", body=podium.models.NewParticipant(…))

Source: the vendor's page "Developer API". Nothing is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assaykit.core.lazy import exports

if TYPE_CHECKING:
    from assaykit.core.partial import Downloaded
    from assaykit.core.webhooks import UnknownEvent
    from podium_client import models

    from . import webhooks
    from .client import AsyncPodium, Podium, Region
    from .downloads import (
        download_report,
        download_report_async,
        download_secure_link,
        download_secure_link_async,
    )
    from .errors import ReportFailed, ReportNotCompleted, ReportSuspended, ReportTimeout
    from .links import SecureLink, secure_report_link, secure_report_link_async
    from .waiting import wait_for_report, wait_for_report_async

__all__ = [
    "AsyncPodium",
    "Downloaded",
    "Podium",
    "Region",
    "ReportFailed",
    "ReportNotCompleted",
    "ReportSuspended",
    "ReportTimeout",
    "SecureLink",
    "UnknownEvent",
    "download_report",
    "download_report_async",
    "download_secure_link",
    "download_secure_link_async",
    "models",
    "secure_report_link",
    "secure_report_link_async",
    "wait_for_report",
    "wait_for_report_async",
    "webhooks",
]

_MODULES = {
    "AsyncPodium": "assaykit.podium.client",
    "Downloaded": "assaykit.core.partial",
    "Podium": "assaykit.podium.client",
    "Region": "assaykit.podium.client",
    "ReportFailed": "assaykit.podium.errors",
    "ReportNotCompleted": "assaykit.podium.errors",
    "ReportSuspended": "assaykit.podium.errors",
    "ReportTimeout": "assaykit.podium.errors",
    "SecureLink": "assaykit.podium.links",
    "UnknownEvent": "assaykit.core.webhooks",
    "download_report": "assaykit.podium.downloads",
    "download_report_async": "assaykit.podium.downloads",
    "download_secure_link": "assaykit.podium.downloads",
    "download_secure_link_async": "assaykit.podium.downloads",
    "models": "podium_client.models",
    "secure_report_link": "assaykit.podium.links",
    "secure_report_link_async": "assaykit.podium.links",
    "wait_for_report": "assaykit.podium.waiting",
    "wait_for_report_async": "assaykit.podium.waiting",
    "webhooks": "assaykit.podium.webhooks",
}

if not TYPE_CHECKING:  # a type checker must not take any name for granted
    __getattr__, __dir__ = exports(__name__, _MODULES)
