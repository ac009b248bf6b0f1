"""A second path to an operation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assaykit.emulator.engine.dispatch import Dispatcher
from assaykit.emulator.engine.message import Success
from assaykit.emulator.engine.vendor import Behaviours
from assaykit.emulator.engine.worlds import World
from tests.emulator.conftest import Ask
from tests.emulator.mini import behaviours, mini


def test_it_is_judged_as_the_first_one_is(world: World, ask: Ask) -> None:
    assert ask("GET", "/limits/1/again").json == ask("GET", "/limited/1").json
    assert ask("GET", "/limits/0/again").fields == {"path.itemId": "must be at least 1"}
    assert ask("GET", "/limits/1/again", headers={}).status == 401
    assert [entry.operation for entry in world.journal] == ["limited_get"] * 4


def test_both_share_a_window(ask: Ask) -> None:
    answers = [ask("GET", path).status for path in ("/limits/1/again", "/limited/1") * 2]
    assert answers == [200, 200, 200, 429]


def test_other_methods_are_refused_there_too(ask: Ask) -> None:
    refused = ask("DELETE", "/limits/1/again")
    assert (refused.status, refused.reply.header("Allow")) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize(
    ("operation", "template", "told"),
    [
        ("nothing_get", "/limits/{itemId}", "no such operation"),
        ("limited_get", "/limits/{id}", "must have the parameters of /limited/{itemId}"),
        ("limited_get", "/items/{itemId}", "leads somewhere already"),
    ],
)
def test_one_that_does_not_fit_is_refused_at_the_start(operation: str, template: str, told: str) -> None:
    other = Behaviours()
    other.include(behaviours)
    other.alias(operation, template)
    with pytest.raises(ValueError, match=told):
        Dispatcher(replace(mini(), behaviours=other))


def test_a_page_takes_no_path_that_is_taken() -> None:
    other = Behaviours()
    other.include(behaviours)
    other.page("GET", "/items/{itemId}")(lambda call: Success())
    with pytest.raises(ValueError, match="leads somewhere already; give the page another path"):
        Dispatcher(replace(mini(), behaviours=other))
