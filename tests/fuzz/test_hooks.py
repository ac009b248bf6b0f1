"""What schemathesis is told beyond the spec."""

from types import SimpleNamespace
from typing import Any

import pytest

from scripts.fuzz import hooks
from scripts.fuzz.plan import WRONG_TYPES
from scripts.fuzz.spec import UNIQUE


def sent(body: Any, *, unique: tuple[str, ...] = ("email",)) -> Any:
    operation = SimpleNamespace(definition=SimpleNamespace(raw={UNIQUE: list(unique)}))
    case: Any = SimpleNamespace(body=body, operation=operation)
    context: Any = None
    hooks.before_call(context, case, {})
    return case.body


def test_addresses_that_must_be_unique_are_sent_once_each() -> None:
    first, second = (sent({"email": "ada.sample@example.com", "other": "ada@example.com"}) for _ in range(2))

    assert first["email"] != second["email"]
    assert first["email"].endswith("ada.sample@example.com")
    assert len(sent(first)["email"]) <= len(first["email"]) + 1
    assert first["other"] == "ada@example.com"


def test_what_is_no_address_stays_wrong() -> None:
    for value in ("", "no address", 7, None):
        assert sent({"email": value}) == {"email": value}
    assert sent([1]) == [1]


def let_through(fields: int, *, scenario: str = "incorrect_type") -> list[int]:
    """Return how many of five cases of each field are sent."""
    operation = SimpleNamespace(label="POST /things")
    context: Any = None
    numbers = []
    for field in range(fields):
        data = SimpleNamespace(scenario=scenario, location=f"/properties/{scenario}{fields}{field}/type")
        case: Any = SimpleNamespace(operation=operation, meta=SimpleNamespace(phase=SimpleNamespace(data=data)))
        numbers.append(sum(hooks.filter_case(context, case) for _ in range(5)))
    return numbers


def test_of_the_wrong_types_of_a_field_as_many_are_sent_as_a_run_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert let_through(3) == [5, 5, 5]

    monkeypatch.setenv(WRONG_TYPES, "2")

    assert let_through(7) == [2] * 7
    assert let_through(2, scenario="missing_parameter") == [5, 5]
