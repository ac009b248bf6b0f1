"""Files that requests bring."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came as one part of a form.

    Args:
        content: Its bytes.
        name: Name that the sender gave it, without folders; "" if there was none.
        media_type: What the sender called it; "" if nothing was said.
    """

    content: bytes
    name: str
    media_type: str
