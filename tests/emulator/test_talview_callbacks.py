"""Callbacks of Talview's actions: the address in the request, subscribers, and how to leave them out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import httpx
import pytest

from assaykit.emulator import vendors
from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.jsontext import loads
from assaykit.emulator.engine.webhooks import Courier
from assaykit.emulator.engine.worlds import World
from tests.emulator.talview_acting import NEWCOMER, OBJECTIVE, START, UNTIL, ok, run, signed_in, world_of

URL = "https://hooks.example.com/talview"
INVITATION = {"assessmentSectionID": OBJECTIVE, "endDate": UNTIL, "candidates": [{"id": NEWCOMER}]}
EVALUATION = {"assessmentSectionCandidateID": 2_364_848, "recommendation": "select"}


class Post:
    """Keeps what is posted."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.status = 200

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes, courier: Courier) -> int:
        self.sent.append((url, loads(body)))
        return self.status


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def world(post: Post) -> Iterator[World]:
    emulator = Emulator([vendors.load("talview")], check_replies=True, sender=post)
    with world_of(emulator, ManualClock(datetime.fromisoformat(START))) as made:
        yield made


@pytest.fixture
def client(world: World) -> Iterator[httpx.Client]:
    with signed_in(world) as opened:
        yield opened


def test_the_address_of_the_request_is_told_when_it_ends(world: World, client: httpx.Client, post: Post) -> None:
    ok(client.post("/actions/invite", json={**INVITATION, "callbackUrl": URL}))
    world.clock.advance(seconds=1)
    assert post.sent == []
    world.clock.advance(seconds=1)
    [(url, told)] = post.sent
    assert (url, told["status"], told["type"], told["success_count"], told["callbackUrl"]) == (URL, 3, 1, 1, URL)
    assert (told["completed_at"], told["endDate"]) == ("2026-01-05 09:00:02+00", "2030-04-18 13:06:04+00")


@pytest.mark.parametrize(("skip", "calls"), [(True, 0), (False, 1), (None, 1)])
def test_it_can_be_left_out(world: World, client: httpx.Client, post: Post, skip: bool | None, calls: int) -> None:
    run(world, client, "invite", **INVITATION, callbackUrl=URL, skipCallback=skip)
    assert len(post.sent) == calls


def test_a_failed_callback_is_tried_again(world: World, client: httpx.Client, post: Post) -> None:
    post.status = 503
    run(world, client, "invite", **INVITATION, callbackUrl=URL)
    post.status = 204
    world.clock.advance(minutes=1)
    assert len(post.sent) == 2
    assert post.sent[0] == post.sent[1]


def test_subscribers_hear_of_all_actions_of_their_organization(world: World, client: httpx.Client) -> None:
    mine: list[Any] = []
    theirs: list[Any] = []
    world.outbox.subscribe("talview", ["actionCompleted"], lambda _, body: mine.append(loads(body)), {})
    other = {"organization": 496}
    world.outbox.subscribe("talview", ["actionCompleted"], lambda _, body: theirs.append(loads(body)), other)
    run(world, client, "invite", **INVITATION)
    ok(client.post("/actions/evaluate", json=EVALUATION))
    assert ([told["type"] for told in mine], theirs) == ([1, 19], [])
