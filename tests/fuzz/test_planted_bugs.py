"""Bugs that are planted on purpose are found, and a sound emulator passes the very same runs."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assaykit.emulator import vendors
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.serve import serve_in_thread
from assaykit.emulator.engine.vendor import Vendor
from scripts.fuzz.gates import violations
from scripts.fuzz.known import facts_of, known
from scripts.fuzz.plan import DELETING_CASES, FEW_CASES, load
from scripts.fuzz.runner import Settings, begin, collect
from tests.fuzz import planting

pytestmark = pytest.mark.fuzz


def session(vendor: Vendor, operations: Sequence[str], reports: Path, cases: int | None = None) -> list[str]:
    contract = load(vendor.name).narrowed(operations)
    emulator = Emulator([vendor], deliver=False, rate_limits=False)
    values = known(emulator, vendor.name, json.loads(contract.bundle.read_text("utf-8")), facts_of(vendor.name))
    with serve_in_thread(emulator) as server, ThreadPoolExecutor(2) as threads:
        settings = Settings(server, reports, examples=cases)
        return violations(contract, collect(begin(contract, values, settings, threads)))


BUGS = {
    "500 on an empty string": (
        planting.plant("metadata_update", planting.fails_on_empty_text),
        "metadata_update",
        "Server error",
    ),
    "undocumented status": (
        planting.plant("reports_request", planting.answers_an_undocumented_status),
        "reports_request",
        "Undocumented status code",
    ),
    "wrong type in a rare branch": (
        planting.plant("tests_assign", planting.answers_a_wrong_type_in_a_rare_branch),
        "tests_assign",
        "Response violates schema",
    ),
    "auth skipped on one operation": (
        planting.without_auth("credits_get"),
        "credits_get",
        "API accepts requests without authentication",
    ),
    "wrong number in a rare page": (
        planting.plant("exams_list", planting.counts_an_empty_page_from_zero, "talentics"),
        "exams_list",
        "Response violates schema",
    ),
    "somebody else's object": (
        planting.plant("exams_get", planting.shows_everybodys_exams, "talentics"),
        "exams_list exams_get",
        "Object-level authorization bypass",
    ),
    "null in a rare page": (
        planting.plant("candidates_list", planting.writes_null_for_an_empty_page, "testdome"),
        "candidates_list",
        "Response violates schema",
    ),
    "somebody else's candidate": (
        planting.plant("candidates_get", planting.shows_everybodys_candidates, "talview"),
        "candidates_list candidates_get",
        "Object-level authorization bypass",
    ),
    "an id that nothing has": (
        planting.plant("candidates_create", planting.tells_the_next_id, "talview"),
        "candidates_create candidates_get",
        "Created resource not found",
    ),
    "a deletion that forgets": (
        planting.plant("questions_delete", planting.forgets_to_delete(204), "talview"),
        "questions_create questions_get questions_delete",
        "Deleted resource still available",
    ),
}
FOUND_WITH = {
    "somebody else's candidate": FEW_CASES,
    "an id that nothing has": FEW_CASES,
    "a deletion that forgets": DELETING_CASES,
}
"""Cases with which a bug has to be found: as few as the whole of a large contract gets, of which these are a part."""


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(bug: str, tmp_path: Path) -> None:
    vendor, operations, title = BUGS[bug]

    found = session(vendor, operations.split(), tmp_path, FOUND_WITH.get(bug))

    assert any(line.startswith("failed check: ") and title in line for line in found), found


@pytest.mark.parametrize("name", sorted({vendor.name for vendor, _, _ in BUGS.values()}))
def test_the_sound_emulator_passes_the_same_sessions(name: str, tmp_path: Path) -> None:
    operations = {id_ for vendor, named, _ in BUGS.values() if vendor.name == name for id_ in named.split()}

    assert session(vendors.load(name), sorted(operations), tmp_path) == []
