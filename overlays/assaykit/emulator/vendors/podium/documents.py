"""Small but real documents: DOCX, PDF, and RTF under the name of the old Word format."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape

from assaykit.emulator.engine.pdf import pdf

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "zip": "application/zip",
}
_STAMP: Final = (1980, 1, 1, 0, 0, 0)
_NAMESPACE: Final = "http://schemas.openxmlformats.org/"
_CONTENT_TYPES: Final = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="{_NAMESPACE}package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    f'<Relationships xmlns="{_NAMESPACE}package/2006/relationships"><Relationship Id="rId1" Type='
    f'"{_NAMESPACE}officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def archive(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP archive; equal files give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            zipped.writestr(entry, content)
    return buffer.getvalue()


def docx(lines: Sequence[str]) -> bytes:
    """Return a document of Word 2007 and later, one paragraph for each line."""
    paragraphs = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(_printable(line))}</w:t></w:r></w:p>' for line in lines
    )
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:document xmlns:w="{_NAMESPACE}wordprocessingml/2006/main"><w:body>{paragraphs}</w:body></w:document>'
    )
    return archive(
        {
            "[Content_Types].xml": _CONTENT_TYPES.encode(),
            "_rels/.rels": _RELATIONS.encode(),
            "word/document.xml": document.encode(),
        }
    )


def _printable(line: str) -> str:
    """Return a line without the characters that XML 1.0 cannot hold."""
    return "".join(
        char
        if char == "\t" or (char >= " " and char not in "\ufffe\uffff" and not "\ud800" <= char <= "\udfff")
        else " "
        for char in line
    )


def rtf(lines: Sequence[str]) -> bytes:
    """Return a document in rich text, which every Word since 97 opens under the name `.doc`."""
    body = "".join(f"{_rtf_text(line)}\\par\n" for line in lines)
    return f"{{\\rtf1\\ansi\\deff0{{\\fonttbl{{\\f0 Arial;}}}}\\f0\\fs22\n{body}}}".encode("ascii")


def _rtf_text(line: str) -> str:
    parts: list[str] = []
    for char in line:
        if char in "\\{}":
            parts.append(f"\\{char}")
        elif " " <= char <= "~":
            parts.append(char)
        else:
            raw = char.encode("utf-16-le")
            units = (int.from_bytes(raw[at : at + 2], "little", signed=True) for at in range(0, len(raw), 2))
            parts.extend(f"\\u{unit}?" for unit in units)
    return "".join(parts)


WRITERS: Final = {"doc": rtf, "docx": docx, "pdf": pdf}
