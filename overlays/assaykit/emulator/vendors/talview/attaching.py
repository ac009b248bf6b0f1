"""Files and recordings that candidates add to their answers."""

from __future__ import annotations

from typing import Final

from assaykit.emulator.engine.resources import Change, resources_of
from assaykit.emulator.engine.resources.changes import unfit
from assaykit.emulator.vendors.talview import file_types
from assaykit.emulator.vendors.talview.answering import attended

_TYPES: Final = {"webrtc": file_types.RECORDING_OF_ANSWER, "flash": file_types.RAW_FLASH}
"""File type of each kind of recording; inferred from a sample and the links of answers."""


def attach_file(change: Change) -> None:
    """Store the file that is attached to an answer: before the attachment is created."""
    _store(change, file_types.ATTACHMENT_OF_ANSWER)


def attach_recording(change: Change) -> None:
    """Store a recording of an answer: before it is created."""
    _store(change, _TYPES[change.document.pop("type")])


def _store(change: Change, file_type: int) -> None:
    state, document = change.state, change.document
    records = resources_of(state).records
    upload = document.pop("file")
    answer = records.get(state, "answers", document["answer_id"])
    section = attended(change)
    if answer is None or (section is not None and answer["assessment_section_candidate_id"] != section["id"]):
        raise unfit("answer_id", "names no answer that exists")
    values = {
        "file_type_id": file_type,
        "file": upload,
        "answer_id": answer["id"],
        "organization_id": document["organization_id"],
    }
    document["file_id"] = records.insert(state, "files", values, user=change.user)["id"]


def note_sequence(change: Change) -> None:
    """Note the highest number among the files of an answer: after one was added."""
    records = resources_of(change.state).records
    answer = records.get(change.state, "answers", change.document["answer_id"])
    sequence = change.document["sequence"]
    if answer is not None and sequence > (answer.get("max_sequence") or 0):
        records.change(change.state, "answers", answer, {"max_sequence": sequence}, user=change.user)
