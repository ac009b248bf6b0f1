"""Lists of a large Talview world against those of a small one, both in files: time, and memory of the server."""

import statistics
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx

from assaykit.emulator import vendors
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.transport import EmulatorTransport, base_url
from assaykit.emulator.vendors.talview.credentials import CLIENT_ID, CLIENT_SECRET, PASSWORD, USER_NAME

from . import applicants
from .measure import Row, at_most
from .server import resident, serving_emulator

SMALL: Final = 1_000
LARGE: Final = 100_000
GOAL: Final = 3.0
MEMORY_GOAL: Final = 1.2
FILL_GOAL: Final = 60.0
ROUNDS: Final = 15
_FIRST: Final = applicants.FIRST
_CANDIDATES: Final = "/models/candidate"
_INVITED: Final = "/models/assessment-candidate"
_PARTS: Final = "/models/assessment-section-candidate"
_LAST: Final = "last"
"""Stands for the number of the last page."""

LISTS: Final[Mapping[str, tuple[str, Mapping[str, str | list[int]]]]] = {
    "candidates, page 1": (_CANDIDATES, {}),
    "candidates, last page": (_CANDIDATES, {"page": _LAST}),
    "candidates by e-mail": (_CANDIDATES, {"email": applicants.email(777)}),
    "candidates by status": (_CANDIDATES, {"status_id": "25"}),
    "candidates by ids": (_CANDIDATES, {"ids[]": [_FIRST + 5, _FIRST + 700]}),
    "candidates, expand": (_CANDIDATES, {"expand": "status"}),
    "invited, page 1": (_INVITED, {}),
    "invited, last page": (_INVITED, {"page": _LAST}),
    "invited, s= many have": (_INVITED, {"s": applicants.COMMON}),
    "invited, s= many have, last page": (_INVITED, {"s": applicants.COMMON, "page": _LAST}),
    "invited, s= of 2 letters many have": (_INVITED, {"s": applicants.COMMON[:2]}),
    "invited to one assessment, same s=": (_INVITED, {"s": applicants.COMMON, "assessment_id": str(_FIRST)}),
    "invited, s= one has": (_INVITED, {"s": applicants.RARE}),
    "invited, s= of 2 letters one has": (_INVITED, {"s": applicants.RARE[:2]}),
    "invited, s= nobody has": (_INVITED, {"s": "nobody-at-all"}),
    "invited by sort key of status": (_INVITED, {"status_sort_key": "20"}),
    "invited, isUnassigned": (_INVITED, {"isUnassigned": "1"}),
    "invited, isRecentEval": (_INVITED, {"isRecentEval": "1"}),
    "invited, expand with a dot": (_INVITED, {"expand": "assessment,candidate.status"}),
    "in sections, page 1": (_PARTS, {}),
    "in sections, last page": (_PARTS, {"page": _LAST}),
    "in sections by invited candidate": (_PARTS, {"assessment_candidate_id": str(_FIRST + 7)}),
    "in sections by assessment section": (_PARTS, {"assessment_section_id": str(_FIRST)}),
    "in sections by assessment": (_PARTS, {"assessment_id": str(_FIRST)}),
    "in sections by section": (_PARTS, {"section_id": str(applicants.SECTION)}),
    "in sections by status": (_PARTS, {"status_id": "13"}),
    "in sections by start": (_PARTS, {"started_at": applicants.STARTED}),
    "in sections, unassigned": (_PARTS, {"unassigned": "1"}),
    "in sections, expand with dots": (
        _PARTS,
        {"expand": "assessment_candidate.candidate,assessment_section.assessment"},
    ),
    "assessments with counts": ("/models/assessment", {"expand": "addedCount,attendedCount"}),
}
"""Path and query of each list."""
_AFTER: Final = (
    "candidates, page 1",
    "candidates by status",
    "invited, page 1",
    "invited, s= many have",
    "in sections, page 1",
)
"""Lists that are timed right after changes of what they show as well."""


def rows(work: Path) -> list[Row]:
    """Fill both worlds and measure lists of them.

    Args:
        work: Folder for the files, about 540 MB, which are deleted at the end.

    Returns:
        A row for the filling, for each list, for lists right after a change, and for the memory of a server.
    """
    work.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="worlds-", dir=work) as folder:
        files = {size: Path(folder) / f"{size}.db" for size in (SMALL, LARGE)}
        taken = [_filled(file, size) for size, file in files.items()]
        return [taken[-1], *_times(files), _memory(files)]


def _filled(file: Path, size: int) -> Row:
    """Fill a world and report the time of the processor, which other programs do not lengthen."""
    started = time.process_time()
    applicants.fill(file, size)
    seconds = time.process_time() - started
    documents = size * (2 + applicants.SECTIONS)
    return Row(
        f"world of {size:,} candidates, filled",
        f"{seconds:.0f} s",
        f"{documents:,} documents",
        f"{seconds / documents * 1e6:.0f} us",
        f"<= {FILL_GOAL:g} s",
        seconds <= FILL_GOAL,
    )


def _times(files: Mapping[int, Path]) -> list[Row]:
    emulators = [Emulator([vendors.load("talview")], store=file) for file in files.values()]
    clients = [
        _signed_in(httpx.Client(transport=EmulatorTransport(emulator.world()), base_url=base_url("talview")))
        for emulator in emulators
    ]
    try:
        table = [_row(name, clients, change=False) for name in LISTS]
        table += [_row(name, clients, change=True) for name in _AFTER]
        return [*table, _new_terms(clients)]
    finally:
        for client, emulator in zip(clients, emulators, strict=True):
            client.close()
            emulator.close()


def _signed_in(client: httpx.Client) -> httpx.Client:
    known = {"grant_type": "password", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    answer = client.post("/oauth2/token", json={**known, "username": USER_NAME, "password": PASSWORD})
    client.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['access_token']}"
    return client


def _row(name: str, clients: list[httpx.Client], *, change: bool) -> Row:
    """Time a list of each world in turns."""
    path, query = LISTS[name]
    taken: list[list[float]] = [[] for _ in clients]
    queries = [numbered(client, path, query) for client in clients]
    for number in range(ROUNDS):
        for client, asked, times in zip(clients, queries, taken, strict=True):
            if change:
                _change(client, number)
            times.append(_seconds(client, path, asked))
    small, large = (statistics.median(times) for times in taken)
    return at_most(f"{name}, after a change" if change else name, large, small, f"{SMALL:,}:", GOAL)


def _new_terms(clients: list[httpx.Client]) -> Row:
    """Time searches for texts that many have and nobody has searched for before: all who have one are counted once."""
    taken: list[list[float]] = [[] for _ in clients]
    for name in applicants.FIRST_NAMES:
        for client, times in zip(clients, taken, strict=True):
            times.append(_seconds(client, _INVITED, {"s": name}))
    small, large = (statistics.median(times) for times in taken)
    row = at_most("invited, s= many have, first time", large, small, f"{SMALL:,}:", GOAL)
    return replace(row, goal="", met=True)


def _seconds(client: httpx.Client, path: str, query: Mapping[str, str | list[int]]) -> float:
    """Return what a request takes of the processor; emulator and client are this process, and files are in memory."""
    started = time.process_time()
    client.get(path, params=query).raise_for_status()
    return time.process_time() - started


def numbered(client: httpx.Client, path: str, query: Mapping[str, str | list[int]]) -> Mapping[str, str | list[int]]:
    """Return a query with the number of the last page where it asks for that.

    Args:
        client: Where the list is.
        path: Its path.
        query: Its query, as `LISTS` has it.
    """
    if query.get("page") != _LAST:
        return query
    rest = {name: value for name, value in query.items() if name != "page"}
    first = client.get(path, params=rest).raise_for_status()
    return {**rest, "page": first.headers["X-Pagination-Page-Count"]}


def _change(client: httpx.Client, number: int) -> None:
    """Change a document of each kind that is listed."""
    client.put(f"{_CANDIDATES}/{_FIRST}", json={"first_name": f"Round {number}"}).raise_for_status()
    client.put(f"{_INVITED}/{_FIRST}", json={"status_id": 2 + number % 2}).raise_for_status()
    client.put(f"{_PARTS}/{_FIRST}", json={"status_id": 12 + number % 2}).raise_for_status()


def _memory(files: Mapping[int, Path]) -> Row:
    """Compare the memory of a server after every list was asked for twice."""
    used: list[float] = []
    for file in files.values():
        with (
            serving_emulator("talview", "--vendor", "talview", "--store", str(file), "--no-rate-limits") as served,
            httpx.Client(base_url=served.url, trust_env=False, timeout=60) as client,
        ):
            _signed_in(client)
            for path, query in [*LISTS.values()] * 2:
                client.get(path, params=numbered(client, path, query)).raise_for_status()
            used.append(resident(served.pid))
    small, large = used
    ratio, peer = large / small, f"{SMALL:,}: {small:.0f} MB"
    return Row(
        "memory of a server", f"{large:.0f} MB", peer, f"{ratio:.2f}x", f"<= {MEMORY_GOAL:g}x", ratio <= MEMORY_GOAL
    )
