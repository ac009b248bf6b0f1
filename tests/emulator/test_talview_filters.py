"""Every documented query filter of every list of Talview keeps what a brute force over the whole list keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Final

import pytest

from assaykit.emulator.engine.clock import ManualClock
from tests.emulator import talview_acting, talview_asking, talview_varied
from tests.emulator.conftest import START
from tests.emulator.talview_elsewhere import ELSEWHERE
from tests.emulator.talview_lists import DELETED, EXPAND, FIELDS, Reader, Row, Sent, documented, lists
from tests.emulator.talview_matching import Matching, Texts, matching

NARROWS_NOTHING: Final = {
    ("admin_rbac_list", "organization_id"): "the path names the organization already: all rows are of it",
    ("candidates_list", "organization_id"): "callers see the candidates of their own organization only",
}
"""Filters no value of which keeps some rows and not others, with the reason; they are compared all the same."""
OF_OTHERS: Final = ("calendar_list", "user_id")
"""The one filter that shows what the list without it does not: the calendars of other users."""
DOCUMENTED: Final = documented()


@dataclass(frozen=True)
class Proof:
    """What asking for every value of a filter has shown.

    Args:
        differing: Values for which the answer differs from the brute force, with both lists of ids.
        narrowing: Values that keep some rows and not others, those that keep many first.
    """

    differing: list[str]
    narrowing: list[Texts]


class Lists:
    """The lists of a world that nobody changes any more, and what filters do to them."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.matching = cache(self._matching)
        self.proof = cache(self._proof)

    def _matching(self, operation: str, name: str) -> Matching:
        listed = lists()[operation]
        make = ELSEWHERE.get((operation, name), matching)
        return make(self.reader, listed, listed.filters[name])

    def values(self, operation: str, name: str) -> Sequence[Texts]:
        """Return the values of a filter to ask for."""
        return self.matching(operation, name).values

    def whole(self, operation: str, *names: str) -> list[Row]:
        """Return the rows from which filters choose; marked ones only come with the filter for them."""
        others = any((operation, name) == OF_OTHERS for name in names)
        rows = self.reader.rows("user_calendars_list" if others else operation)
        marked = DELETED in lists()[operation].filters and DELETED not in names
        return [row for row in rows if not (marked and row[DELETED])]

    def kept(self, operation: str, given: dict[str, Texts]) -> list[int]:
        """Return the ids that a brute force keeps."""
        tests = [(self.matching(operation, name).keeps, texts) for name, texts in given.items()]
        rows = self.whole(operation, *given)
        return [row["id"] for row in rows if all(keeps(row, texts) for keeps, texts in tests)]

    def told(self, operation: str, given: dict[str, Texts], *more: tuple[str, str], size: int = 50) -> list[int]:
        """Return the ids that the emulator lists."""
        query = [(name, text) for name, texts in given.items() for text in texts]
        return [row["id"] for row in self.reader.read(lists()[operation], (*query, *more), size)]

    def _proof(self, operation: str, name: str) -> Proof:
        differing: list[str] = []
        narrowing: list[tuple[int, Texts]] = []
        whole = len(self.whole(operation, name))
        for texts in self.values(operation, name):
            kept, told = (find(operation, {name: texts}) for find in (self.kept, self.told))
            if kept != told:
                differing.append(f"{name}={texts}: expected {kept}, got {told}")
            if 0 < len(kept) < whole:
                narrowing.append((len(kept), texts))
        return Proof(differing, [texts for _, texts in sorted(narrowing, reverse=True)])


@pytest.fixture(scope="module")
def start() -> Iterator[Lists]:
    """Return the lists of the start world, with some more rows to tell apart."""
    with (
        talview_acting.world_of(talview_asking.emulator(), ManualClock(START)) as world,
        talview_asking.signed_in(world) as client,
    ):
        talview_varied.fill(world, client)
        yield Lists(Reader(world, client))


@pytest.mark.parametrize(("operation", "name"), DOCUMENTED)
def test_a_filter_keeps_what_a_brute_force_keeps(start: Lists, operation: str, name: str) -> None:
    assert start.proof(operation, name).differing == []


def test_every_documented_filter_was_proven_to_narrow_its_list(start: Lists) -> None:
    assert len(DOCUMENTED) == 431
    proofs = {pair: start.proof(*pair) for pair in DOCUMENTED}
    proven = {pair for pair, proof in proofs.items() if proof.narrowing and not proof.differing}
    assert set(DOCUMENTED) - proven == set(NARROWS_NOTHING)


@pytest.mark.parametrize("operation", [name for name, listed in lists().items() if len(listed.filters) > 1])
def test_two_filters_keep_what_both_keep(start: Lists, operation: str) -> None:
    for one, two in combinations(lists()[operation].filters, 2):
        for given in _pairs(start, operation, one, two):
            assert start.told(operation, given) == start.kept(operation, given), given


def _pairs(start: Lists, operation: str, one: str, two: str) -> Iterator[dict[str, Texts]]:
    """Choose values of two filters that both keep some row, and values of which that is not known."""
    first, second = (
        start.proof(operation, name).narrowing or [start.values(operation, name)[0]] for name in (one, two)
    )
    kept = set(start.kept(operation, {one: first[0]}))
    common = (texts for texts in second if kept & set(start.kept(operation, {two: texts})))
    yield {one: first[0], two: next(common, second[0])}
    yield {one: first[-1], two: second[0]}


@pytest.mark.parametrize("operation", [name for name, listed in lists().items() if listed.filters])
def test_pages_of_a_filtered_list_make_up_the_whole(start: Lists, operation: str) -> None:
    for name in lists()[operation].filters:
        for texts in start.proof(operation, name).narrowing[:1]:
            kept = start.kept(operation, {name: texts})
            assert start.told(operation, {name: texts}, size=max(1, len(kept) // 3)) == kept, name


@pytest.mark.parametrize("operation", [name for name, listed in lists().items() if listed.filters])
def test_expansion_and_fields_change_no_filtered_list(start: Lists, operation: str) -> None:
    listed = lists()[operation]
    references = ",".join(name.removesuffix("_id") for name in listed.shown if name.endswith("_id"))
    more: Sent = ((EXPAND, references),) if references and EXPAND in listed.others else ()
    more += ((FIELDS, "id"),) if FIELDS in listed.others else ()
    for name in listed.filters:
        for texts in start.proof(operation, name).narrowing[:1]:
            assert start.told(operation, {name: texts}, *more) == start.kept(operation, {name: texts}), name


@pytest.mark.parametrize(
    ("operation", "name"), [pair for pair in DOCUMENTED if lists()[pair[0]].filters[pair[1]].is_list]
)
def test_a_list_of_values_has_three_spellings(start: Lists, operation: str, name: str) -> None:
    texts = max(start.values(operation, name), key=len)[:2]
    plain, kept = name.removesuffix("[]"), start.kept(operation, {name: texts})
    numbered = [(f"{plain}[{place}]", text) for place, text in enumerate(texts)]
    repeated = [(plain, text) for text in texts]
    assert start.told(operation, {}, *numbered) == start.told(operation, {}, *repeated) == kept
