"""Talks to a Talview world as a recruiter, as a candidate, and as whoever simulates candidates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import httpx

from assaykit.emulator.engine.worlds import World
from tests.emulator import talview_acting

ADA: Final = 6507787


def act(world: World, action: str, **arguments: Any) -> Any:
    """Make something happen."""
    return world.act("talview", action, arguments)


def token_of(world: World, section_candidate: int) -> str:
    """Return a token of the candidate of a section."""
    token: str = act(world, "candidate-token", sectionCandidateId=section_candidate)["access_token"]
    return token


@contextmanager
def attending(world: World, section_candidate: int) -> Iterator[httpx.Client]:
    """Open a client in process with a candidate's token."""
    with talview_acting.signed_in(world) as client:
        client.headers["Authorization"] = f"Bearer {token_of(world, section_candidate)}"
        yield client
