"""Talview: assessments, candidates, panels, live sessions, evaluations, and the actions that move them along.

    from assaykit import talview

    with talview.Talview(base_url="https://…", client_id="…", client_secret="…", username="…", password="…") as api:
        for candidate in api.paginate(api.candidates.list, expand=["status"]):
            ...

Source: the vendor's documentation "Talview API v4". Nothing is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assaykit.core.lazy import exports

if TYPE_CHECKING:
    from assaykit.core.partial import Downloaded
    from assaykit.core.webhooks import UnknownEvent
    from talview_client import models

    from . import webhooks
    from .batching import batches, batches_async
    from .client import AsyncTalview, Talview
    from .downloads import download_file, download_file_async
    from .observing import NotObserved, wait_until, wait_until_async
    from .service_account import ServiceAccount
    from .uploads import base64_text, upload

__all__ = [
    "AsyncTalview",
    "Downloaded",
    "NotObserved",
    "ServiceAccount",
    "Talview",
    "UnknownEvent",
    "base64_text",
    "batches",
    "batches_async",
    "download_file",
    "download_file_async",
    "models",
    "upload",
    "wait_until",
    "wait_until_async",
    "webhooks",
]

_MODULES = {
    "AsyncTalview": "assaykit.talview.client",
    "Downloaded": "assaykit.core.partial",
    "NotObserved": "assaykit.talview.observing",
    "ServiceAccount": "assaykit.talview.service_account",
    "Talview": "assaykit.talview.client",
    "UnknownEvent": "assaykit.core.webhooks",
    "base64_text": "assaykit.talview.uploads",
    "batches": "assaykit.talview.batching",
    "batches_async": "assaykit.talview.batching",
    "download_file": "assaykit.talview.downloads",
    "download_file_async": "assaykit.talview.downloads",
    "models": "talview_client.models",
    "upload": "assaykit.talview.uploads",
    "wait_until": "assaykit.talview.observing",
    "wait_until_async": "assaykit.talview.observing",
    "webhooks": "assaykit.talview.webhooks",
}

if not TYPE_CHECKING:  # a type checker must not take any name for granted
    __getattr__, __dir__ = exports(__name__, _MODULES)
