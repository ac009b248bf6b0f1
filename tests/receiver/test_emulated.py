"""Vendors' emulators deliver into a receiver."""

from __future__ import annotations

from typing import Any

import pytest

from assaykit import podium, testdome
from assaykit.receiver import Receiver
from assaykit.testing.podium import Emulator
from assaykit.testing.testdome import Emulator as DomeEmulator
from tests.receiver.sites import SITES, Site
from tests.receiver.support import SECRET, Handler

PERSON = "1-1-49164582-ad37-45aa-abc5-c4d622824131"


def _attempts(emulator: Any) -> list[list[int]]:
    return [[attempt["status"] for attempt in sent["attempts"]] for sent in emulator.webhooks]


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.__name__)
def test_podium(site: Site, podium_emulator: Emulator) -> None:
    handler = Handler()
    with site(Receiver(podium.webhooks, handler, secret=SECRET)) as url:
        podium_emulator.subscribe(f"{url}/{SECRET}")
        podium_emulator.complete(PERSON, "test1", raw_score=18)
        for sent in podium_emulator.webhooks:
            podium_emulator.world.outbox.redeliver(sent["id"])
        podium_emulator.world.settle()

    assert _attempts(podium_emulator) == [[200, 200], [200, 200]]
    assert [type(event).__name__ for event in handler.events] == ["TestCompleted", "TestCompletedAndScored"]
    assert {event.participant_id for event in handler.events} == {PERSON}


def test_podium_tries_again_until_the_handler_succeeds(podium_emulator: Emulator) -> None:
    handler = Handler(failures=2)
    receiver = Receiver(podium.webhooks, handler)
    podium_emulator.subscribe(lambda headers, body: receiver.receive(headers, body).status, events=["testCompleted"])

    podium_emulator.complete(PERSON, "test1")
    for _ in range(2):
        podium_emulator.clock.advance(hours=1)

    assert _attempts(podium_emulator) == [[500, 500, 200]]
    assert len(handler.events) == 1


def test_the_same_test_completed_twice_is_two_events(podium_emulator: Emulator) -> None:
    handler = Handler()
    receiver = Receiver(podium.webhooks, handler)
    podium_emulator.subscribe(lambda headers, body: receiver.receive(headers, body).status, events=["testCompleted"])
    assignment = podium.models.TestAssignments(tests=[podium.models.TestAssignment(test_id="test2", language_id="EN")])
    with podium_emulator.client() as api:
        for _ in range(2):
            api.tests.assign("client-1", PERSON, body=assignment)
            podium_emulator.complete(PERSON, "test2")

    assert len(handler.events) == 2


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.__name__)
def test_testdome_repeats_an_event_under_another_correlation_id(site: Site, testdome_emulator: DomeEmulator) -> None:
    handler = Handler()
    with site(Receiver(testdome.webhooks, handler, secret=SECRET)) as url:
        testdome_emulator.subscribe(f"{url}/{SECRET}")
        testdome_emulator.complete(7654322, score=80)
        testdome_emulator.repeat_event(7654322)

    assert _attempts(testdome_emulator) == [[200], [200]]
    assert len({sent["headers"]["X-TestDome-CorrelationId"] for sent in testdome_emulator.webhooks}) == 2
    assert [(event.test_id, event.status) for event in handler.events] == [(1234567, "Completed")]


@pytest.mark.parametrize(("failures", "attempts"), [(1, [500, 200]), (2, [500, 500])])
def test_testdome_tries_once_more(testdome_emulator: DomeEmulator, failures: int, attempts: list[int]) -> None:
    handler = Handler(failures)
    receiver = Receiver(testdome.webhooks, handler)
    testdome_emulator.subscribe(lambda headers, body: receiver.receive(headers, body).status)

    testdome_emulator.complete(7654322)
    testdome_emulator.clock.advance(days=1)

    assert _attempts(testdome_emulator)[0] == attempts
    assert len([event for event in handler.events if event.status == "Completed"]) == 2 - failures
