"""Counts, while schemathesis runs, what the gates of a session ask for."""

import json
import os
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

# ruff: noqa: ARG002 - a handler's methods have these parameters, used or not
from schemathesis.cli import EventHandler
from schemathesis.engine import events
from schemathesis.engine.recorder import RecordedScenario


class Tally(EventHandler[Any]):
    """Writes how often each operation answered each status, and which links were followed, when the run ends.

    The reports of schemathesis say the same only beside every request and response in full, which takes it a tenth of
    its time to write.
    """

    def __init__(self, *args: Any, **parameters: Any) -> None:
        super().__init__(*args, **parameters)
        self.cases = 0
        self.statuses: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self.links: set[str] = set()

    def handle_event(self, ctx: Any, event: events.EngineEvent) -> None:
        """Count the cases of a scenario that has ended."""
        if isinstance(event, events.ScenarioFinished):
            self.add(event.recorder)

    def shutdown(self, ctx: Any) -> None:
        """Write the file that FUZZ_TALLY names."""
        Path(os.environ["FUZZ_TALLY"]).write_text(self.written(), "utf-8")

    def add(self, scenario: RecordedScenario) -> None:
        """Count the cases of a scenario that were answered.

        Args:
            scenario: what schemathesis has recorded of it.
        """
        for case_id, case in scenario.cases.items():
            interaction = scenario.interactions.get(case_id)
            if interaction is None or interaction.response is None:
                continue
            self.cases += 1
            self.statuses[case.value.operation.label][interaction.response.status_code] += 1
            if case.transition is not None and not case.transition.is_inferred and case.is_transition_applied:
                self.links.add(case.transition.id)

    def written(self) -> str:
        """Return what was counted as JSON."""
        return json.dumps({"cases": self.cases, "statuses": self.statuses, "links": sorted(self.links)})
