"""Talview worlds with any number of candidates, each invited to an assessment of three sections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from assaykit.emulator import vendors
from assaykit.emulator.engine.dates import instant_text
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.resources import resources_of
from assaykit.emulator.engine.storage import Document
from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview.seeds.people import COMPANY, RECRUITER
from assaykit.emulator.vendors.talview.statuses import COMPLETED, MAILED, OF_ASSESSMENT, OF_SECTION, row_id

EACH: Final = 100
"""Candidates of one assessment."""
SECTIONS: Final = 3
"""Sections of one assessment."""
SECTION: Final = 3516932
"""The section of the start world that all of them show."""
COMMON: Final = "applicant"
"""Text that every candidate's name but one has."""
RARE: Final = "quillfeather"
"""Text that one candidate's name has."""
_EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""When the first candidate began; each later one began a minute after the one before."""
STARTED: Final = "2026-01-01T03:20:00Z"
"""When one candidate began all sections."""
FIRST: Final = 20_000_001
"""First id of each kind; later ones follow without a gap."""
FIRST_NAMES: Final = ("Ada", "Tom", "Kim", "Mia", "Leo", "Eva", "Max", "Zoe", "Ben", "Ida", "Jon", "Lea", "Tim")
"""First names, each of as many candidates as any other."""
_OWN: Final = {"organization_id": COMPANY, "created_by": RECRUITER, "updated_by": RECRUITER}


def email(place: int) -> str:
    """Return the address of the candidate in a place, counted from 0."""
    return f"{FIRST_NAMES[place % len(FIRST_NAMES)]}.{place}@example.com".lower()


def fill(path: Path, candidates: int) -> None:
    """Make a world in a file.

    Args:
        path: The file; what is there is replaced.
        candidates: How many there are, a multiple of `EACH`, beside those of the start world.
    """
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    emulator = Emulator([vendors.load("talview")], store=path)
    state = emulator.world().states["talview"]
    try:
        with state.store.transaction():
            for kind, documents in _kinds(candidates).items():
                _add(state, kind, documents)
    finally:
        emulator.close()


def _add(state: State, kind: str, documents: Iterator[Document]) -> None:
    """Put documents in that differ from the first one only in the properties that they name."""
    resources = resources_of(state)
    collection = resources.collection(kind)
    first = next(documents)
    resources.records.seed(state, kind, first)
    model = resources.records.get(state, kind, first["id"])
    if model is None:
        raise LookupError(f"{kind}: the first document cannot be found again")
    for document in documents:
        state.store.insert(collection, str(document["id"]), model | document)


def _kinds(candidates: int) -> dict[str, Iterator[Document]]:
    assessments = candidates // EACH
    return {
        "assessments": (_assessment(place) for place in range(assessments)),
        "assessment_sections": (_section(place) for place in range(assessments * SECTIONS)),
        "candidates": (_candidate(place, candidates) for place in range(candidates)),
        "assessment_candidates": (_invited(place) for place in range(candidates)),
        "assessment_section_candidates": (_in_section(place) for place in range(candidates * SECTIONS)),
    }


def _assessment(place: int) -> dict[str, Any]:
    first = FIRST + place * SECTIONS
    told = {"title": f"Opening {place}", "status_id": 3, "owned_by": RECRUITER, "first_assessment_section_id": first}
    return {"id": FIRST + place, "description": "<p>Questions.</p>", "cf": [], "_cf": [], **told, **_OWN}


def _section(place: int) -> dict[str, Any]:
    assessment, number = divmod(place, SECTIONS)
    told = {"assessment_id": FIRST + assessment, "section_id": SECTION, "_place": number}
    return {"id": FIRST + place, **told, **_OWN}


def _candidate(place: int, candidates: int) -> dict[str, Any]:
    name = RARE if place == candidates // 2 else COMMON
    told = {"first_name": FIRST_NAMES[place % len(FIRST_NAMES)], "last_name": f"{name.title()} {place}"}
    return {"id": FIRST + place, "email": email(place), "cf": [], **told, **_OWN}


def _invited(place: int) -> dict[str, Any]:
    status = row_id(OF_ASSESSMENT, COMPLETED if place % 4 == 0 else MAILED)
    told = {"assessment_id": FIRST + place // EACH, "candidate_id": FIRST + place, "status_id": status}
    return {"id": FIRST + place, "invited_by": RECRUITER, "invited_at": "2026-01-12T11:42:05.000000Z", **told, **_OWN}


def _in_section(place: int) -> dict[str, Any]:
    candidate, number = divmod(place, SECTIONS)
    assessment = candidate // EACH
    done = candidate % 4 == 0
    told = {
        "assessment_candidate_id": FIRST + candidate,
        "assessment_section_id": FIRST + assessment * SECTIONS + number,
        "assessment_id": FIRST + assessment,
        "section_id": SECTION,
        "status_id": row_id(OF_SECTION, COMPLETED if done else MAILED),
        "c": f"bench-hash-{place}",
        "verification_code": str(100_000_000 + place),
        "started_at": instant_text(_EPOCH + timedelta(minutes=candidate)) if done else None,
    }
    return {"id": FIRST + place, "invited_at": "2026-01-12T11:42:05.000000Z", **told, **_OWN}
