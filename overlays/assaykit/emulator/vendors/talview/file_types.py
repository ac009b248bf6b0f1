"""Kinds of files: the table that the documentation refers to by numbers, and which extensions each takes.

Only 1 and 2 are named there; the others are what links of other objects use them for. The extensions are inferred.
Recordings of answers come from browsers, which name them as they like, so only programs are refused there.
"""

from __future__ import annotations

from typing import Any, Final

RECORDING_OF_ANSWER: Final = 4
RESUME: Final = 11
RECORDING_OF_QUESTION: Final = 14
PICTURE: Final = 15
ATTACHMENT_OF_ANSWER: Final = 25
REPORT: Final = 31
RAW_FLASH: Final = 2
_VIDEOS: Final = frozenset({"flv", "mp4", "webm", "mkv", "mov", "avi", "ogg", "mp3", "wav", "m4a"})
_PICTURES: Final = frozenset({"png", "jpg", "jpeg", "gif", "bmp", "webp", "svg"})
TEXTS: Final = frozenset({"pdf", "doc", "docx", "odt", "rtf", "txt", "html", "htm", "md"})
"""Extensions of documents to read."""
_PROGRAMS: Final = frozenset({"exe", "bat", "cmd", "com", "msi", "scr", "sh", "ps1", "jar", "apk"})
_ROWS: Final = (
    (1, "flash flv", "Recording of a Flash player as FLV", _VIDEOS),
    (2, "flash mp4", "Recording of a Flash player as MP4", None),
    (4, "answer video", "Recording of an answer", None),
    (5, "answer video converted", "Recording of an answer after conversion", _VIDEOS),
    (11, "resume", "Curriculum vitae of a candidate", TEXTS),
    (14, "question video", "Recording that belongs to a question", None),
    (15, "thumbnail", "Small picture", _PICTURES),
    (25, "answer attachment", "File that a candidate attached to an answer", None),
    (26, "question attachment", "File that belongs to a question", None),
    (31, "report", "Report about a section candidate", None),
    (37, "virtual machine recording", "Recording of the screen of a simulation", _VIDEOS),
    (38, "virtual machine attachment", "File from a simulation", None),
    (40, "assessment report", "Report about an assessment candidate", None),
    (41, "live session recording", "Recording of a live session", _VIDEOS),
    (44, "display picture", "Picture of a user", _PICTURES),
)
ROWS: Final[tuple[dict[str, Any], ...]] = tuple(
    {"id": number, "name": name, "description": description, "location": None} for number, name, description, _ in _ROWS
)
"""The file types of a new world."""
_TAKEN: Final = {number: extensions for number, _, _, extensions in _ROWS}


def takes(file_type: int | None, extension: str | None) -> bool:
    """Whether files of a type may have an extension.

    Args:
        file_type: Id of the type; None for an upload without one.
        extension: In lower case, without a dot; None for a name without one, which every type takes.
    """
    if extension is None:
        return True
    fitting = _TAKEN.get(file_type) if file_type is not None else None
    return extension in fitting if fitting is not None else extension not in _PROGRAMS
