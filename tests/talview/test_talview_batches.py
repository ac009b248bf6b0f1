"""Many objects in lists that an action takes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest

import assaykit
from assaykit import talview
from tests.talview.support import Server, example


@pytest.mark.parametrize(
    ("count", "size", "sizes"), [(0, 3, []), (1, 3, [1]), (3, 3, [3]), (7, 3, [3, 3, 1]), (2, 1, [1, 1])]
)
def test_ids_are_divided(count: int, size: int, sizes: list[int]) -> None:
    found = list(talview.batches(range(1, count + 1), size))

    assert [len(some) for some in found] == sizes
    assert [reference.id for some in found for reference in some] == list(range(1, count + 1))


def test_nothing_beyond_the_list_at_hand_is_taken() -> None:
    taken: list[int] = []

    def ids() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    some = talview.batches(ids())
    assert len(next(some)) == 100
    assert len(taken) == 100


def test_all_candidates_are_invited_a_batch_at_a_time() -> None:
    server = Server(candidates=45)
    server.answers["/actions/invite"] = lambda request: httpx.Response(201, json=example("InviteAction"))
    end = talview.models.InviteRequest.from_dict(example("InviteRequest")).end_date
    with server.client() as api:
        for some in talview.batches(api.paginate(api.candidates.list), 20):
            api.actions.invite(body=talview.models.InviteRequest(43, end, some))

    sent = [json.loads(request.content) for request in server.requests if request.method == "POST"]
    assert [len(body["candidates"]) for body in sent] == [20, 20, 5]
    assert sent[2]["candidates"] == [{"id": number} for number in range(41, 46)]


@pytest.mark.anyio
async def test_walks_are_divided_async() -> None:
    server = Server(candidates=45)
    async with server.async_client() as api:
        found = [some async for some in talview.batches_async(api.paginate(api.candidates.list), 30)]

    assert [[some[0].id, len(some)] for some in found] == [[1, 30], [31, 15]]


@pytest.mark.parametrize("size", [0, -1, True, 1.5])
def test_size_that_cannot_be_used_is_told_at_once(size: int) -> None:
    with pytest.raises(assaykit.ConfigurationError, match=r"size: .* is not a whole number from 1 up"):
        talview.batches([1], size)
    with pytest.raises(assaykit.ConfigurationError, match="size"):
        talview.batches_async(Server().async_client().paginate(Server().async_client().candidates.list), size)
