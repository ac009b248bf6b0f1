"""Forms that candidates hand in."""

from __future__ import annotations

from typing import Any, Final

from assaykit.emulator.engine.resources import Change, resources_of
from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.engine.storage import Document, equal
from assaykit.emulator.vendors.talview.answering import attended, belonging

COMPLETE: Final = 500
LATE: Final = 600
_LONGEST_NUMBER: Final = 18
FILE: Final = "file"
"""Type of the fields of a form in which the id of a stored file is entered; inferred."""


def identify(change: Change) -> None:
    """Note whose a new submission is, and whether it came in time: before it is created."""
    state, document = change.state, change.document
    section = attended(change)
    if section is not None:
        document.update(belonging(section))
    form = resources_of(state).records.get(state, "forms", document["form_id"])
    late = form is not None and form["end_date"] is not None and form["end_date"] < state.now()
    document["status"] = LATE if late else COMPLETE
    for entry in _files(form, document["data"]):
        number = entry["key"]
        fits = number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER
        file = resources_of(state).records.get(state, "files", int(number)) if fits else None
        if file is None or file["organization_id"] != document["organization_id"]:
            raise unfit("data", f"has a key in {entry['name']} that names no file that exists")


def _files(form: Document | None, data: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the entries of a submission that name files."""
    pages = (form or {}).get("structure") or []
    names = {
        field.get("name")
        for page in pages
        for field in (page.get("fields") or {}).values()
        if field.get("type") == FILE
    }
    return [entry for entry in data if entry["name"] in names and entry.get("key") is not None]


def attach_files(change: Change) -> None:
    """Note which files were handed in with a submission: after it was created."""
    state, document = change.state, change.document
    records = resources_of(state).records
    form = records.get(state, "forms", document["form_id"])
    for entry in _files(form, document["data"]):
        values = {"key": entry["name"], "form_instance_id": document["id"], "file_id": int(entry["key"])}
        records.insert(state, "form_instance_files", values, user=change.user or _host(change))


def _host(change: Change) -> int:
    """Return the user who stands for what candidates do, as the entries name one: the first of the organization."""
    owner = equal(organization_id=change.document["organization_id"])
    found = resources_of(change.state).records.find(change.state, "users", owner, limit=1)
    return int(found[0]["id"]) if found else 0
