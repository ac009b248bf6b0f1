"""Statuses of candidates: rows of a table that the documentation does not show. All but 13 and 14 are inferred."""

from __future__ import annotations

from typing import Any, Final

OF_ASSESSMENT: Final = 10
"""Type of the statuses of assessment candidates."""
OF_SECTION: Final = 20
"""Type of the statuses of section candidates."""
OF_CANDIDATE: Final = 30
"""Type of the statuses of candidates themselves."""

INVITED: Final = 10
MAILED: Final = 20
ATTENDING: Final = 30
COMPLETED: Final = 50
ASSESSED: Final = 60
SELECTED: Final = 70
HOLD: Final = 80
REJECTED: Final = 90
SUSPENDED: Final = 100
ARCHIVED: Final = 120

NEW_CANDIDATE: Final = 25
"""Id of the status that the documentation's samples of candidates have."""
ARCHIVED_CANDIDATE: Final = 26
"""Id of the status of candidates that were put away; inferred."""
_LABELS: Final = {
    INVITED: "Invited",
    MAILED: "Mailed",
    ATTENDING: "Attending",
    COMPLETED: "Completed",
    ASSESSED: "Evaluated",
    SELECTED: "Selected",
    HOLD: "Hold",
    REJECTED: "Rejected",
    SUSPENDED: "Suspended",
}
_MADE: Final = "2026-01-01T06:09:01.000000Z"


def _row(number: int, key: int, label: str, kind: int) -> dict[str, Any]:
    made = {"created_at": _MADE, "updated_at": None}
    return {"id": number, "sort_key": key, "label": label, "type": kind, "organization_id": None, **made}


def _rows() -> list[dict[str, Any]]:
    rows = [
        _row(first + place, key, label, kind)
        for kind, first in ((OF_ASSESSMENT, 1), (OF_SECTION, 10))
        for place, (key, label) in enumerate(_LABELS.items())
    ]
    rows.append(_row(19, ARCHIVED, "Archived", OF_ASSESSMENT))
    rows.append(_row(NEW_CANDIDATE, INVITED, "New", OF_CANDIDATE))
    rows.append(_row(ARCHIVED_CANDIDATE, ARCHIVED, "Archived", OF_CANDIDATE))
    return rows


ROWS: Final = _rows()
"""1 to 9 are for assessment candidates, 10 to 18 for section candidates, archived; 25 and 26 are for candidates."""
_IDS: Final = {(row["type"], row["sort_key"]): row["id"] for row in ROWS}
_BY_ID: Final = {row["id"]: row for row in ROWS}


def row_id(kind: int, key: int) -> int:
    """Return the id of a status.

    Args:
        kind: Its type, such as `OF_ASSESSMENT`.
        key: Its sort key, such as `COMPLETED`.

    Raises:
        KeyError: There is none.
    """
    found: int = _IDS[kind, key]
    return found


def has_row(kind: int, key: int) -> bool:
    """Whether there is a status of a type and a sort key."""
    return (kind, key) in _IDS


def sort_key(number: int | None) -> int:
    """Return the sort key of a status; 0 if there is none of this id."""
    row = _BY_ID.get(number)
    return 0 if row is None else int(row["sort_key"])


def type_of(number: int | None) -> int:
    """Return the type of a status; 0 if there is none of this id."""
    row = _BY_ID.get(number)
    return 0 if row is None else int(row["type"])


def row(number: int) -> dict[str, Any]:
    """Return what is shown of a status.

    Raises:
        KeyError: There is none.
    """
    return {name: value for name, value in _BY_ID[number].items() if name != "organization_id"}
