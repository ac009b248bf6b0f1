"""The settings of a run are the written ones, and the values that the run can name."""

import tomllib
from typing import Any

from scripts.fuzz.known import Known
from scripts.fuzz.settings_file import PROBABILITY, run_settings

TITLE = "Talview API"
KNOWN = Known(
    parameters={"candidates_get": {"path.id": [1, 2]}, "users_verify_reset_link": {"query.c": ["token"]}},
    shared=frozenset({"file_types_get"}),
)


def settings(*operations: str, walks: bool = False, known: Known = KNOWN) -> dict[str, Any]:
    found = tomllib.loads(run_settings(TITLE, known, operations, walks=walks))
    [project] = found["project"]
    assert project["title"] == TITLE
    return {**found, **project}


def test_known_values_become_dictionaries() -> None:
    found = settings("candidates_get")

    assert found["dictionaries"]["candidates_get-path-id"] == {"values": [1, 2]}
    assert found["operations"] == [
        {
            "include-operation-id": "candidates_get",
            "parameters": {"path.id": {"dictionary": "candidates_get-path-id", "probability": PROBABILITY}},
        }
    ]


def test_written_exceptions_hold_for_the_operations_of_the_run() -> None:
    found = settings("users_verify_reset_link")

    [exception, values] = found["operations"]
    assert exception["include-operation-id"] == ["users_verify_reset_link"]
    assert exception["checks"]["positive_data_acceptance"]["expected-statuses"] == ["2xx", 400]
    assert "query.c" in values["parameters"]


def test_what_everybody_sees_is_nobodys_own() -> None:
    [rule] = settings("file_types_get")["operations"]

    assert rule["checks"] == {"object_level_authorization": {"enabled": False}}


def test_walks_follow_declared_links_alone() -> None:
    assert settings("candidates_get", walks=True)["phases"]["stateful"]["inference"] == {"algorithms": []}
    assert "phases" not in settings("candidates_get")
    assert "phases" not in settings("candidates_get", walks=True, known=Known())
