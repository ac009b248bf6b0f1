"""Waiting until what an action changes shows its effect."""

from __future__ import annotations

import pickle
from typing import Any

import httpx
import pytest

import assaykit
from assaykit import talview
from tests.talview.support import Server, example

PATH = "/models/assessment-section-candidate"


def appearing(server: Server, *counts: int) -> None:
    """Let section candidates appear, so many with each look."""
    left = list(counts)

    def answer(_request: httpx.Request) -> httpx.Response:
        count = left.pop(0) if len(left) > 1 else left[0]
        template = example("AssessmentSectionCandidate")
        return httpx.Response(200, json=[template | {"id": number + 1} for number in range(count)])

    server.answers[PATH] = answer


def test_wait_ends_with_the_effect_and_gives_it() -> None:
    server = Server()
    appearing(server, 0, 1, 3)
    with server.client() as api:
        found = talview.wait_until(
            api,
            lambda: api.assessment_section_candidates.list(assessment_section_id=43),
            lambda found: len(found) == 3,
        )

    assert [one.id for one in found] == [1, 2, 3]
    assert server.clock.slept == [1.0, 1.5]
    assert len(server.requests) == 3


def test_effect_that_is_there_already_is_not_waited_for() -> None:
    server = Server()
    with server.client() as api:
        assert talview.wait_until(api, lambda: 5, lambda seen: seen == 5) == 5

    assert server.clock.slept == []


def test_pauses_grow_to_the_longest_and_the_last_look_is_at_the_end() -> None:
    server = Server()
    looks: list[float] = []
    with server.client() as api, pytest.raises(talview.NotObserved) as caught:
        talview.wait_until(
            api,
            lambda: looks.append(server.clock.now - 1_700_000_000.0),
            lambda _: False,
            timeout=20,
            interval=2,
            longest_interval=5,
        )

    assert server.clock.slept == pytest.approx([2.0, 3.0, 4.5, 5.0, 5.0, 0.5])
    assert looks[-1] == pytest.approx(20.0)
    assert caught.value.waited == pytest.approx(20.0)


def test_error_has_the_last_look() -> None:
    server = Server()
    appearing(server, 1, 2)
    with server.client() as api, pytest.raises(talview.NotObserved, match="not observed within 3 s") as caught:
        talview.wait_until(api, api.assessment_section_candidates.list, lambda found: len(found) == 3, timeout=3)

    error: talview.NotObserved[list[talview.models.AssessmentSectionCandidate]] = caught.value
    assert [one.id for one in error.last] == [1, 2]
    assert isinstance(error, assaykit.AssaykitError)
    again = pickle.loads(pickle.dumps(error))
    assert (again.last, again.waited) == (error.last, error.waited)
    assert "ada.sample" not in str(error)


def test_look_that_fails_ends_the_wait() -> None:
    server = Server()
    with server.client() as api, pytest.raises(assaykit.NotFound):
        talview.wait_until(api, lambda: api.candidates.get(5), lambda _: True)


@pytest.mark.anyio
async def test_async_twin() -> None:
    server = Server()
    appearing(server, 0, 1, 3)
    async with server.async_client() as api:
        found = await talview.wait_until_async(
            api, api.assessment_section_candidates.list, lambda found: len(found) == 3
        )
        with pytest.raises(talview.NotObserved) as caught:
            await talview.wait_until_async(
                api, api.assessment_section_candidates.list, lambda found: len(found) == 4, timeout=10
            )

    assert len(found) == 3
    assert server.clock.slept[:2] == [1.0, 1.5]
    assert len(caught.value.last) == 3


@pytest.mark.parametrize(
    ("argument", "value"), [("timeout", 0), ("interval", -1.0), ("longest_interval", float("nan"))]
)
def test_arguments_that_cannot_be_used_are_named(argument: str, value: object) -> None:
    arguments: dict[str, Any] = {argument: value}
    with Server().client() as api, pytest.raises(assaykit.ConfigurationError) as caught:
        talview.wait_until(api, lambda: 5, lambda _: False, **arguments)

    assert caught.value.argument == argument
