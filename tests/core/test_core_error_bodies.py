"""Error bodies of the usual forms."""

from __future__ import annotations

import json

import httpx
import pytest

from assaykit.core.error_bodies import read_common_error
from assaykit.core.errors import ErrorDetail, FieldError


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"code": "c", "message": "m"}, ErrorDetail("c", "m")),
        ({"error": {"code": 7, "message": "m"}}, ErrorDetail("7", "m")),
        ({"error": "invalid_grant", "error_description": "d"}, ErrorDetail("invalid_grant", "d")),
        (
            {"type": "about:blank", "title": "t", "detail": "d", "errors": {"name": ["a", "b"], "age": "c"}},
            ErrorDetail("about:blank", "d", (FieldError("name", "a"), FieldError("name", "b"), FieldError("age", "c"))),
        ),
        ({"errors": [{"field": "name", "message": "a"}]}, ErrorDetail(None, None, (FieldError("name", "a"),))),
        (
            {"errors": ["a", 5, {"message": "b"}, {}]},
            ErrorDetail(None, None, (FieldError("", "a"), FieldError("", "b"))),
        ),
        ({"message": "  "}, ErrorDetail()),
        ({"message": True}, ErrorDetail()),
        ({}, ErrorDetail()),
        ([], ErrorDetail()),
        (None, ErrorDetail()),
    ],
)
def test_what_is_there_is_read(body: object, expected: ErrorDetail) -> None:
    assert read_common_error(httpx.Response(400, content=json.dumps(body))) == expected


@pytest.mark.parametrize("content", [b"", b"<html>", b"\xff", b"[" * 100_000])
def test_what_is_not_json_is_empty(content: bytes) -> None:
    assert read_common_error(httpx.Response(400, content=content)) == ErrorDetail()
