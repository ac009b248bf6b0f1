"""Lists of a world that is not small: SQLite walks through an index for them, and sorts nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assaykit.emulator import vendors
from assaykit.emulator.engine.emulator import Emulator
from scripts.bench import applicants, worlds
from tests.emulator.explaining import Asked, steps
from tests.emulator.talview_asking import signed_in

CANDIDATES = 2_100
FEW_FOUND = {
    "invited, s= one has",
    "invited, s= nobody has",
    "invited, s= of 2 letters one has",
    "invited by sort key of status",
    "in sections by start",
}
"""Lists that look fewer than 2,000 documents up in another index, and sort these."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "world.db"
    applicants.fill(path, CANDIDATES)
    return path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(monkeypatch)


@pytest.fixture
def client(file: Path, asked: Asked) -> Iterator[httpx.Client]:
    emulator = Emulator([vendors.load("talview")], store=file)
    with signed_in(emulator.world()) as made:
        asked.statements.clear()
        yield made
    emulator.close()


@pytest.mark.parametrize("name", worlds.LISTS)
def test_a_list_reads_an_index_in_its_order(name: str, file: Path, client: httpx.Client, asked: Asked) -> None:
    path, query = worlds.LISTS[name]
    query = worlds.numbered(client, path, query)
    asked.statements.clear()
    assert client.get(path, params=query).status_code == 200
    assert asked.listings
    for statement in asked.listings:
        for step in steps(file, statement):
            assert not step.startswith("SCAN d0"), (statement, step)
            assert "TEMP B-TREE" not in step or name in FEW_FOUND, (statement, step)


@pytest.mark.parametrize(
    "name",
    ["candidates, page 1", "candidates, last page", "candidates by status", "invited, page 1", "in sections, page 1"],
)
def test_a_list_counts_no_documents(name: str, client: httpx.Client, asked: Asked) -> None:
    path, query = worlds.LISTS[name]
    assert client.get(path, params=worlds.numbered(client, path, query)).status_code == 200
    counting = [one for one in asked.statements if one.startswith("SELECT count(*)") and "LIMIT" not in one]
    assert counting == []


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"status_id": 25},
        {"s": "applicant 7"},
        {"ids[]": [applicants.FIRST + 3, applicants.FIRST + 9]},
        {"s": "ap"},
        {"assessment_id": applicants.FIRST + 1, "status_sort_key": 20},
        {"status_sort_key": 50},
        {"isUnassigned": 1, "s": "ada"},
    ],
    ids=str,
)
def test_all_pages_together_are_the_whole_list(client: httpx.Client, query: dict[str, Any]) -> None:
    shown: list[int] = []
    first = client.get("/models/assessment-candidate", params={**query, "pageSize": 50})
    for page in range(1, int(first.headers["X-Pagination-Page-Count"]) + 1):
        answer = client.get("/models/assessment-candidate", params={**query, "pageSize": 50, "page": page})
        shown.extend(one["id"] for one in answer.json())
    assert len(shown) == int(first.headers["X-Pagination-Total-Count"])
    assert shown == sorted(set(shown), reverse=True)
