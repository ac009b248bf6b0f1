"""Forms in parts: read back as they were sent, refused where they are malformed."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.message import Request
from tests.emulator.conftest import START, Answer, Ask
from tests.emulator.mini import AUTH, mini

MEDIA = "multipart/form-data; boundary=b"
NAMES = st.text(st.characters(codec="utf-8", min_codepoint=32, exclude_characters="%\\/"), min_size=1, max_size=30)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=50)
LATIN = st.characters(max_codepoint=255)
SYNTAX = (
    *(b"--b", b"\r\n", b"--", b"\n", b"\r", b": ", b"; ", b'"', b"'", b"=", b"*", b"%", b"\x00", b"\xff", b"b"),
    *(b"Content-Disposition: form-data; name=", b"Content-Type: ", b"name", b"filename", b"filename*"),
    *(b"*0", b"*1*", b"idna''", b"utf-8''a"),
)
PIECES = st.sampled_from(SYNTAX)
LIMITS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # each request is answered for itself


def part(disposition: bytes, content: bytes = b"x", *headers: bytes) -> bytes:
    lines = [b"--b", b"Content-Disposition: form-data" + disposition, *headers, b"", content]
    return b"\r\n".join(lines) + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--b--\r\n"


def sent(ask: Ask, files: list[tuple[str, Any]]) -> Answer:
    """What comes back of a form that httpx writes."""
    request = httpx.Request("POST", "https://mini.test/parts", files=files)
    return ask("POST", "/parts", body=request.read(), media=request.headers["content-type"])


def post(ask: Ask, body: bytes, media: str = MEDIA) -> Answer:
    return ask("POST", "/parts", body=body, media=media)


@LIMITS
@given(name=NAMES, content=st.binary(max_size=500), text=TEXTS, unknown=st.dictionaries(NAMES, TEXTS, max_size=3))
def test_what_httpx_writes_is_read_back(
    ask: Ask, name: str, content: bytes, text: str, unknown: dict[str, str]
) -> None:
    others = {f"other {key}": [value] for key, value in unknown.items()}
    files: list[tuple[str, Any]] = [("file", (name, content, "image/png")), ("text", (None, text.encode()))]
    files += [(key, (None, value.encode())) for key, [value] in others.items()]
    answer = sent(ask, files)
    assert (answer.status, answer.json) == (
        200,
        {"file": [name, "image/png", content.hex()], "text": text, **others},
    )


@LIMITS
@given(st.lists(PIECES | st.binary(max_size=4), max_size=30).map(b"".join), st.text(LATIN, max_size=3))
def test_malformed_forms_are_read_or_refused(ask: Ask, inside: bytes, boundary: str) -> None:
    for body in (inside, form(part(inside)), form(part(b"; name=a", b"x", inside)), form(b"--b\r\n" + inside)):
        for media in (MEDIA, f"multipart/form-data; boundary={boundary}"):
            if body:
                assert post(ask, body, media).status in (200, 400)


@pytest.mark.parametrize(
    ("body", "media", "message"),
    [
        (
            b"x",
            "multipart/form-data",
            "has no boundary in its Content-Type; send it as multipart/form-data; boundary=…",
        ),
        (b"x", f"multipart/form-data; boundary={'b' * 257}", "is no form in parts: Boundary length 257 exceeds"),
        (b"nothing", MEDIA, "is no form in parts: Expected boundary"),
        (part(b"; name=a"), MEDIA, "breaks off; a form in parts ends with --b--"),
        (form(part(b"")), MEDIA, 'has a part without a name; give it Content-Disposition: form-data; name="…"'),
        (form(b"--b\r\n\r\nx\r\n"), MEDIA, "has a part without a name"),
        (form(part(b"; name=a", b"", b"A" * 5000 + b": 1")), MEDIA, "Maximum header size exceeded"),
        (form(part(b"; name=a", b"", *[b"A: 1"] * 9)), MEDIA, "Maximum header count exceeded"),
    ],
)
def test_a_refusal_says_what_is_wrong(ask: Ask, body: bytes, media: str, message: str) -> None:
    refused = post(ask, body, media)
    assert (refused.status, list(refused.fields)) == (400, ["body"])
    assert message in refused.fields["body"]


def test_too_many_parts_are_refused() -> None:
    named = part(b"; name=a", b"")
    vendor = replace(mini(), max_body=100_000)
    with closing(Emulator([vendor]).make_world("parts", ManualClock(START))) as world:
        for count, status in ((1000, 200), (1001, 400)):
            sent = Request("POST", "/parts", b"", AUTH | {"content-type": MEDIA}, form(*[named] * count))
            answer = Answer(world.handle("mini", sent))
            assert answer.status == status
    assert answer.fields == {"body": "has more than 1000 parts; send fewer"}


@pytest.mark.parametrize(
    ("parts", "field", "message"),
    [
        ([part(b"; name=text"), part(b"; name=text")], "body.text", "was given 2 times; give it once"),
        ([part(b"; name=text", b"\xff")], "body.text", "is no text in UTF-8; encode it so"),
        ([part(b"; name=count", b"few")], "body.count", "must be a whole number"),
        ([part(b"; name=sure", b"perhaps")], "body.sure", "must be true or false"),
        ([part(b"; name=sort", b"size")], "body.sort", "must be one of name, -name"),
        ([part(b"; name=file", b"x" * 501)], "body.file", "must have at most 500 characters"),
    ],
)
def test_unfit_parts_are_named(ask: Ask, parts: list[bytes], field: str, message: str) -> None:
    refused = post(ask, form(*parts))
    assert (refused.status, refused.fields) == (400, {field: message})


def test_texts_get_the_types_of_their_schema(ask: Ask) -> None:
    written = {"count": b"-12", "sure": b"TRUE", "sort": b"-name", "text": b"12", "else": b"12"}
    answer = post(ask, form(*[part(b"; name=" + name.encode(), value) for name, value in written.items()]))
    assert answer.json == {"count": -12, "sure": True, "sort": "-name", "text": "12", "else": ["12"]}


def test_parts_may_be_empty_and_unknown_ones_repeated(ask: Ask) -> None:
    answer = post(ask, form(part(b"; name=file", b""), part(b"; name=a", b""), part(b"; name=a", b"2")))
    assert answer.json == {"file": ["", "", ""], "a": ["", "2"]}
    assert post(ask, form()).json == {}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (b"; filename=plain.txt", "plain.txt"),
        (b'; filename="a; b=c.txt"', "a; b=c.txt"),
        (b'; filename="a \\"quoted\\".txt"', 'a "quoted".txt'),
        (b'; filename="a %22quoted%22.txt"', 'a "quoted".txt'),
        (b'; filename="C:\\folder\\a.txt"', "a.txt"),
        (b'; filename="../../etc/a.txt"', "a.txt"),
        ('; filename="Zürich ✓.txt"'.encode(), "Zürich ✓.txt"),
        (b'; filename="\xfc.txt"', "�.txt"),
        (b"; filename*=UTF-8''Z%C3%BCrich%20%E2%9C%93.txt", "Zürich ✓.txt"),
        (b"; filename*=iso-8859-1'de'Z%FCrich.txt", "Zürich.txt"),
        (b"; filename*0*=UTF-8''Z%C3%BC; filename*1=rich.txt", "Zürich.txt"),
        (b"; filename=plain.txt; filename*=UTF-8''other.txt", "plain.txt"),
        (b"; filename*=idna''a.txt", ""),
        (b"; filename*=unknown''a.txt", "a.txt"),
        (b"; filename=", ""),
        (b"", ""),
    ],
)
def test_names_of_files(ask: Ask, written: bytes, name: str) -> None:
    assert post(ask, form(part(b"; name=file" + written))).json == {"file": [name, "", "78"]}


def test_names_of_fields_may_be_extended_too(ask: Ask) -> None:
    assert post(ask, form(part(b"; name*=utf-8''%C3%BC"))).json == {"ü": ["x"]}
