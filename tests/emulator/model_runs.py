"""How often and how long the models beside the emulator run."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

RUNS = "HYPOTHESIS_RUNS"
"""Environment variable with another number of runs, which differ each time unless `--hypothesis-seed` is given."""


def model_settings(runs: int, steps: int) -> settings:
    """Return the settings of a model's test.

    Args:
        runs: Number of runs, the same ones each time, unless the environment asks for another number.
        steps: Number of steps of a run at most.
    """
    asked = os.environ.get(RUNS)
    return settings(
        max_examples=int(asked or runs),
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=asked is None,
        phases=[
            Phase.explicit,
            Phase.generate,
            Phase.shrink,
        ],  # explaining a failure takes a minute, reading it does not
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
