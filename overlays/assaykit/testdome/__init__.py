"""TestDome: read tests, invite candidates, follow their results, share their reports.

    from assaykit import testdome

    with testdome.TestDome(client_id="…", client_secret="…") as api:
        for candidate in api.paginate(api.candidates.list_by_test, 1234567):
            ...

Source: the vendor's pages "TestDome API" and "Webhooks", and the sources that the specification names. Nothing is
imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assaykit.core.lazy import exports

if TYPE_CHECKING:
    from assaykit.core.webhooks import UnknownEvent
    from testdome_client import models

    from . import webhooks
    from .client import AsyncTestDome, TestDome

__all__ = ["AsyncTestDome", "TestDome", "UnknownEvent", "models", "webhooks"]

_MODULES = {
    "AsyncTestDome": "assaykit.testdome.client",
    "TestDome": "assaykit.testdome.client",
    "UnknownEvent": "assaykit.core.webhooks",
    "models": "testdome_client.models",
    "webhooks": "assaykit.testdome.webhooks",
}

if not TYPE_CHECKING:  # a type checker must not take any name for granted
    __getattr__, __dir__ = exports(__name__, _MODULES)
