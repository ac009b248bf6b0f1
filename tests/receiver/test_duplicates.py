"""Which events were handled."""

from __future__ import annotations

import pytest

import assaykit
from assaykit.core.duplicates import Claim, Deduplicator, MemoryDuplicateStore, identity


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def handle(store: MemoryDuplicateStore, *identities: str) -> Claim:
    claim = store.claim(identities, "owner")
    if claim is Claim.NEW:
        store.confirm(identities, "owner")
    return claim


def test_handled_events_are_forgotten_after_their_lifetime() -> None:
    clock = Clock()
    store = MemoryDuplicateStore(lifetime=60, clock=clock)
    handle(store, "a")
    clock.now = 59.9
    assert handle(store, "a") is Claim.SEEN
    clock.now = 60.0
    assert len(store) == 0
    assert handle(store, "a") is Claim.NEW


def test_the_oldest_are_forgotten_first_and_none_in_progress() -> None:
    store = MemoryDuplicateStore(max_size=2, clock=Clock())
    assert store.claim(["busy"], "owner") is Claim.NEW
    for name in "abc":
        handle(store, name)

    assert len(store) == 2
    assert [handle(store, name) for name in ("c", "b", "a", "busy")] == [
        Claim.SEEN,
        Claim.SEEN,
        Claim.NEW,
        Claim.BUSY,
    ]


def test_claims_are_all_or_nothing() -> None:
    store = MemoryDuplicateStore(clock=Clock())
    assert store.claim(["a"], "one") is Claim.NEW
    assert store.claim(["a", "b"], "two") is Claim.BUSY
    assert store.claim(["b"], "two") is Claim.NEW


def test_only_the_owner_gives_back() -> None:
    store = MemoryDuplicateStore(clock=Clock())
    store.claim(["a"], "one")
    store.release(["a"], "two")
    assert store.claim(["a"], "two") is Claim.BUSY
    store.release(["a"], "one")
    assert store.claim(["a"], "two") is Claim.NEW


def test_handled_by_one_identity_is_handled_by_the_other() -> None:
    store = MemoryDuplicateStore(clock=Clock())
    handle(store, "delivery:1", "candidate:7:Completed")

    assert handle(store, "delivery:2", "candidate:7:Completed") is Claim.SEEN
    assert handle(store, "delivery:1", "candidate:8:Completed") is Claim.SEEN
    assert handle(store, "delivery:2", "candidate:8:Completed") is Claim.NEW


@pytest.mark.parametrize("options", [{"lifetime": 0}, {"lifetime": float("nan")}, {"max_size": 0}])
def test_bounds_must_be_positive(options: dict[str, float]) -> None:
    with pytest.raises(assaykit.ConfigurationError):
        MemoryDuplicateStore(**options)  # type: ignore[arg-type]  # mypy sees one type for both


def test_the_deduplicator_is_for_those_without_a_receiver() -> None:
    duplicates = assaykit.Deduplicator()
    seen: list[bool] = []
    for failing in (True, False, False):
        try:
            with duplicates.event(["a"]) as new:
                seen.append(new)
                if failing:
                    raise RuntimeError
        except RuntimeError:
            pass

    assert seen == [True, True, False]


def test_an_event_within_itself_is_in_progress() -> None:
    duplicates = Deduplicator()
    with duplicates.event(["a"]), pytest.raises(assaykit.EventInProgress, match="503"), duplicates.event(["a", "b"]):
        raise AssertionError("not reached")
    with duplicates.event(["b"]) as new:
        assert new


def test_identities_do_not_collide() -> None:
    assert identity("acme", "a:b") != identity("acme", "a", "b")
    assert identity("acme", "a%3Ab") != identity("acme", "a:b")
    assert identity("acme", "\ud800") != identity("acme", "?")
