"""What schemathesis is told beyond the spec."""

from types import SimpleNamespace
from typing import Any

from scripts.fuzz import hooks
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
