"""What a run has shown is counted as it ends."""

import json
from types import SimpleNamespace
from typing import Any, cast

from schemathesis.engine.recorder import RecordedScenario

from scripts.fuzz.tally import Tally

LABEL = "GET /things/{id}"


def case(link: str | None = None, *, inferred: bool = False, applied: bool = True) -> Any:
    transition = SimpleNamespace(id=link, is_inferred=inferred) if link else None
    value = SimpleNamespace(operation=SimpleNamespace(label=LABEL))
    return SimpleNamespace(value=value, transition=transition, is_transition_applied=applied)


def answered(status: int) -> Any:
    return SimpleNamespace(response=SimpleNamespace(status_code=status))


def counted(cases: dict[str, Any], interactions: dict[str, Any]) -> dict[str, Any]:
    tally = Tally()
    tally.add(cast("RecordedScenario", SimpleNamespace(cases=cases, interactions=interactions)))
    written: dict[str, Any] = json.loads(tally.written())
    return written


def test_answers_are_counted_by_operation_and_status() -> None:
    cases = {"a": case(), "b": case(), "c": case()}

    tally = counted(cases, {"a": answered(200), "b": answered(404), "c": answered(200)})

    assert tally == {"cases": 3, "statuses": {LABEL: {"200": 2, "404": 1}}, "links": []}


def test_what_was_not_sent_or_not_answered_does_not_count() -> None:
    tally = counted({"a": case("followed"), "b": case("followed")}, {"b": SimpleNamespace(response=None)})

    assert tally == {"cases": 0, "statuses": {}, "links": []}


def test_inferred_and_unapplied_transitions_do_not_count_as_followed() -> None:
    cases = {"a": case("followed"), "b": case("guessed", inferred=True), "c": case("not applied", applied=False)}

    tally = counted(cases, {name: answered(200) for name in cases})

    assert tally["links"] == ["followed"]
