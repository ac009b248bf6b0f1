"""Bugs that are planted on purpose are found, and a sound emulator passes the very same runs."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from assaykit.emulator import vendors
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.serve import serve_in_thread
from assaykit.emulator.engine.vendor import Vendor
from scripts.fuzz.gates import violations
from scripts.fuzz.plan import load
from scripts.fuzz.runner import Settings, fuzz
from tests.fuzz import planting

pytestmark = pytest.mark.fuzz


def session(vendor: Vendor, operations: Sequence[str], reports: Path) -> list[str]:
    contract = load("podium").narrowed(operations)
    with serve_in_thread(Emulator([vendor], deliver=False)) as server:
        return violations(contract, fuzz(contract, Settings(server, reports)))


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
}


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(bug: str, tmp_path: Path) -> None:
    vendor, operation, title = BUGS[bug]

    found = session(vendor, [operation], tmp_path)

    assert any(line.startswith("failed check: ") and title in line for line in found), found


def test_the_sound_emulator_passes_the_same_sessions(tmp_path: Path) -> None:
    operations = sorted({operation for _, operation, _ in BUGS.values()})

    assert session(vendors.load("podium"), operations, tmp_path) == []
