"""Addresses through which anybody can take a test, and what holds for all of them."""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.dates import instant_text, parse_instant
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.testdome.records import TESTS, URLS, owned_test, save, unknown
from assaykit.emulator.vendors.testdome.views import View

behaviours = Behaviours()
_SETTINGS: Final = ("candidatesLimit", "deadline", "proctoringEnabled", "verifyCandidates")
_FIRST: Final = 5000


def add_url(state: State, test_id: int, name: str, **given: Any) -> Document:
    """Add a URL to a test.

    Args:
        state: TestDome's part of the world.
        test_id: The test.
        name: By what it is told apart.
        **given: Values of its own, such as its id; drawn if left out.
    """
    number = given.get("id") or state.ids.integer("test url", _FIRST)
    url = {
        "id": number,
        "testId": test_id,
        "key": state.ids.token("test url key")[:16],
        "name": name,
        "disabled": False,
        "modified": state.now(),
    } | given
    state.store.insert(URLS, str(number), url)
    return url


@behaviours.operation("test_urls_create")
def create(call: Call) -> Success:
    """Create a URL."""
    url = add_url(call.state, owned_test(call)["id"], call.body["name"])
    return Success(View(call.state, call.request.base_url).url(url))


@behaviours.operation("test_urls_update")
def update(call: Call) -> Success:
    """Disable or enable a URL."""
    test = owned_test(call)
    url = call.state.store.get(URLS, str(call.path["testUrlId"]))
    if url is None or url["testId"] != test["id"]:
        raise unknown("URL", "testUrlNotFound")
    url["disabled"] = call.body.get("disabled", url["disabled"])
    url["modified"] = call.state.now()
    save(call.state.store, URLS, url)
    return Success(status=204)


@behaviours.operation("test_urls_update_settings")
def update_settings(call: Call) -> Success:
    """Change what holds for everybody who comes through a URL of the test."""
    test = owned_test(call)
    given = {name: value for name, value in call.body.items() if name in _SETTINGS}
    if "deadline" in given:
        given["deadline"] = instant_text(parse_instant(given["deadline"]))
    test["urlSettings"].update(given)
    save(call.state.store, TESTS, test)
    return Success(status=204)
