"""What schemathesis is told beyond the spec."""

from types import SimpleNamespace
from typing import Any

from schemathesis.generation import GenerationMode

from scripts.fuzz import hooks
from scripts.fuzz.spec import UNIQUE


def sent(body: Any, *, unique: tuple[str, ...] = ("email",), mode: GenerationMode = GenerationMode.NEGATIVE) -> Any:
    operation = SimpleNamespace(definition=SimpleNamespace(raw={UNIQUE: list(unique)}))
    meta = SimpleNamespace(generation=SimpleNamespace(mode=mode))
    case: Any = SimpleNamespace(body=body, operation=operation, meta=meta)
    context: Any = None
    hooks.before_call(context, case, {})
    return case.body


def test_addresses_that_must_be_unique_are_sent_once_each() -> None:
    first, second = (sent({"email": "ada.sample@example.com", "other": "ada@example.com"}) for _ in range(2))

    assert first["email"] != second["email"]
    assert first["email"].endswith("ada.sample@example.com")
    assert len(sent(first)["email"]) <= len(first["email"]) + 1
    assert first["other"] == "ada@example.com"


def test_unusual_addresses_are_sent_once_each_too() -> None:
    first, second = (sent({"email": "5`c~0_?x@example.com"}) for _ in range(2))

    assert first["email"] != second["email"]


def test_valid_names_that_must_be_unique_are_sent_once_each() -> None:
    first, second = (sent({"name": "00"}, unique=("name",), mode=GenerationMode.POSITIVE) for _ in range(2))

    assert first != second
    assert first["name"].endswith("00")


def test_headers_that_break_the_request_are_not_sent() -> None:
    context: Any = None

    assert not hooks.filter_headers(context, {"Content-Length": ""})
    assert hooks.filter_headers(context, {"Content-Language": ""})
    assert hooks.filter_headers(context, None)


def test_what_is_no_address_stays_wrong() -> None:
    for value in ("", "no address", 7, None):
        assert sent({"email": value}) == {"email": value}
    assert sent([1]) == [1]
