"""Talentics: read tests, their participants and scores, and jobs with their applicants.

    from assaykit import talentics

    with talentics.Talentics("app id", "app secret") as api:
        for exam in api.paginate(api.exams.list, per_page=100):
            ...

Source: the vendor's page "Talentics API". Nothing is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assaykit.core.lazy import exports

if TYPE_CHECKING:
    from assaykit.core.budget import BudgetEvent
    from talentics_client import models

    from .client import AsyncTalentics, Talentics

__all__ = ["AsyncTalentics", "BudgetEvent", "Talentics", "models"]

_MODULES = {
    "AsyncTalentics": "assaykit.talentics.client",
    "BudgetEvent": "assaykit.core.budget",
    "Talentics": "assaykit.talentics.client",
    "models": "talentics_client.models",
}

if not TYPE_CHECKING:  # a type checker must not take any name for granted
    __getattr__, __dir__ = exports(__name__, _MODULES)
