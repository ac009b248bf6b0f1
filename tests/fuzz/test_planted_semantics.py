"""Bugs that no schema can show are found by the model of Podium that `make test` runs beside the emulator."""

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.vendor import Vendor
from tests.emulator import test_podium_model
from tests.fuzz import planting

# As `make test` runs the model, but without shrinking: here it is enough that the bug is found.
AS_TESTED = settings(test_podium_model.TestPodiumModel.settings, phases=[Phase.generate])

BUGS = {
    "deleted thing still readable": planting.plant("metadata_delete", planting.forgets_to_delete(200)),
    "wrong credit total": planting.plant("credits_get", planting.counts_one_credit_too_many),
}


def run_model(monkeypatch: pytest.MonkeyPatch, vendor: Vendor) -> None:
    emulator = Emulator([vendor])
    monkeypatch.setattr(test_podium_model, "_emulator", lambda: emulator)
    run_state_machine_as_test(test_podium_model.PodiumMachine, settings=AS_TESTED)


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found_by_the_model(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError):
        run_model(monkeypatch, BUGS[bug])
