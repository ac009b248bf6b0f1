"""What `set-field` can write into: everything that the API shows, and webhooks."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

from assaykit.emulator.engine.editing import Kind, set_field
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.vendor import Action
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.testdome.lifecycle import shown_event
from assaykit.emulator.vendors.testdome.plans import shown_plan
from assaykit.emulator.vendors.testdome.records import ACCOUNTS, CANDIDATES, TESTS, URLS
from assaykit.emulator.vendors.testdome.settings import shown_settings
from assaykit.emulator.vendors.testdome.views import EXPANDABLE_OF_CANDIDATE, EXPANDABLE_OF_TEST, View


# Copies, since an edit is kept beside what it hides and must not reach the lists inside of it.
def _test(state: State, test: Document) -> dict[str, Any]:
    return deepcopy(View(state, "").test(test, EXPANDABLE_OF_TEST))


def _candidate(state: State, candidate: Document) -> dict[str, Any]:
    return deepcopy(View(state, "").candidate(candidate, EXPANDABLE_OF_CANDIDATE))


def _url(state: State, url: Document) -> dict[str, Any]:
    return View(state, "").url(url)


def _settings(_: State, test: Document) -> dict[str, Any]:
    return deepcopy(shown_settings(test))


def _plan(_: State, held: Document) -> dict[str, Any]:
    return deepcopy(shown_plan(held))


def _event(_: State, candidate: Document) -> dict[str, Any]:
    return shown_event(candidate)


_KINDS: Final = {
    "candidates": Kind(CANDIDATES, _candidate, int),
    "plans": Kind(ACCOUNTS, _plan),
    "settings": Kind(TESTS, _settings, int),
    "tests": Kind(TESTS, _test, int),
    "urls": Kind(URLS, _url, int),
    "webhooks": Kind(CANDIDATES, _event, int),
}
"""Settings have the test's id, plans the account's name, webhooks the candidate's id."""
ACTIONS: Final[dict[str, Action]] = {"set-field": set_field(_KINDS)}
