"""Nothing secret is shown: logs, reprs, tracebacks."""

from __future__ import annotations

import logging
import pickle
import traceback

import httpx
import pytest

from assaykit.core.errors import ApiError
from assaykit.core.redaction import redact_fields, redact_headers, redact_logs_about, redact_url
from assaykit.core.secrets import NamedSecret, Secret
from tests.core.support import API_KEY, Clock, Server


def test_headers_not_known_to_be_harmless_are_hidden() -> None:
    headers = {"Content-Type": "application/json", "Authorization": "Bearer x", "X-Api-Key": "k", "Cookie": "c"}

    assert redact_headers(headers) == {
        "Content-Type": "application/json",
        "Authorization": "[redacted]",
        "X-Api-Key": "[redacted]",
        "Cookie": "[redacted]",
    }


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x", "https://a.example/x"),
        ("https://a.example:8443/x?page=2&sig=s3cret", "https://a.example:8443/x?page=2&sig=[redacted]"),
        ("https://a.example/x?testId=t1&testId=t2&empty=", "https://a.example/x?testId=t1&testId=t2&empty=[redacted]"),
        ("https://user:pass@a.example/x#frag", "https://a.example/x"),
        ("/relative?loginKey=abc", "/relative?loginKey=[redacted]"),
    ],
)
def test_url_keeps_only_harmless_query_values(url: str, expected: str) -> None:
    assert redact_url(url) == expected
    assert redact_url(httpx.URL(url)) == expected


def test_body_fields_not_known_to_be_harmless_are_hidden() -> None:
    body = {"apiKey": "k", "testId": "t1", "person": {"firstName": "Ada", "status": "open"}, "list": ["x", None]}

    assert redact_fields(body) == {
        "apiKey": "[redacted]",
        "testId": "t1",
        "person": {"firstName": "[redacted]", "status": "open"},
        "list": ["[redacted]", None],
    }


def test_secret_shows_itself_only_when_asked() -> None:
    secret = Secret("s3cret")

    assert secret.reveal() == "s3cret"
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret!r}", "%s" % secret, repr([secret])):  # noqa: UP031 - old formatting is one of the ways
        assert "s3cret" not in shown
    assert secret == Secret(secret)
    assert secret != Secret("other")
    assert not Secret("")
    assert secret.scrub("it was s3cret") == "it was [redacted]"
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(secret)


def test_pair_is_one_credential_of_which_the_secret_half_is_hidden() -> None:
    pair = NamedSecret("ada", Secret("s3cret"))

    assert pair == NamedSecret("ada", "s3cret")
    assert pair != NamedSecret("tom", "s3cret")
    assert NamedSecret("a", "bc") != NamedSecret("ab", "c")
    assert pair.scrub("ada: it was s3cret") == "ada: it was [redacted]"
    assert "s3cret" not in repr(pair)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(pair)


def test_log_lines_of_httpx_about_our_hosts_are_redacted(caplog: pytest.LogCaptureFixture) -> None:
    redact_logs_about("ours.example")
    with (
        caplog.at_level(logging.INFO, "httpx"),
        httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as client,
    ):
        client.get("https://ours.example/link?sig=s3cret&page=1")
        client.get("https://theirs.example/link?sig=theirs")

    assert [record.getMessage() for record in caplog.records] == [
        'HTTP Request: GET https://ours.example/link?sig=[redacted]&page=1 "HTTP/1.1 200 OK"',
        'HTTP Request: GET https://theirs.example/link?sig=theirs "HTTP/1.1 200 OK"',
    ]


def test_response_headers_that_httpcore_logs_are_redacted(caplog: pytest.LogCaptureFixture) -> None:
    redact_logs_about("ours.example")
    with caplog.at_level(logging.DEBUG, "httpcore.http11"):
        headers = [(b"Content-Type", b"text/plain"), (b"Set-Cookie", b"id='s3cret'"), (b"X-Token", b's3c"ret')]
        logging.getLogger("httpcore.http11").debug(
            f"receive_response_headers.complete return_value={(b'HTTP/1.1', 200, b'OK', headers)!r}"
        )

    (line,) = [record.getMessage() for record in caplog.records]
    assert "(b'Content-Type', b'text/plain')" in line
    assert "Set-Cookie" in line
    assert "s3c" not in line


def test_filter_is_added_once() -> None:
    redact_logs_about("a.example")
    before = len(logging.getLogger("httpx").filters)
    redact_logs_about("b.example")

    assert len(logging.getLogger("httpx").filters) == before


def test_no_log_line_of_a_whole_session_holds_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    server = Server(clock, [httpx.Response(503), httpx.Response(404)])
    with caplog.at_level(logging.DEBUG), server.client() as api:
        with pytest.raises(ApiError):
            api.things.get()
        server.valid.clear()
        server.token_answers = [httpx.Response(500), httpx.Response(401)]
        with pytest.raises(ApiError):
            api.things.get()
        assert API_KEY not in repr(api) + repr(api.session) + repr(api.session.http.auth)

    assert len(caplog.records) > 4
    secrets = [API_KEY, *(request.headers["Authorization"][-20:] for request in server.requests)]
    assert not [secret for secret in secrets if secret in caplog.text]


def test_tracebacks_hold_no_secret_even_with_local_variables() -> None:
    server = Server()
    server.token_answers = [httpx.Response(401, json={"error": {"code": "x", "message": f"not {API_KEY}"}})]
    with server.client() as api:
        try:
            api.things.get()
        except ApiError as error:
            shown = traceback.TracebackException.from_exception(error, capture_locals=True)

    # Of the test's own frames the server's script is no concern of the client.
    frames = [str(frame.locals) for frame in shown.stack if "assaykit" in frame.filename or "httpx" in frame.filename]
    assert frames
    assert API_KEY not in "".join(frames)
    assert API_KEY not in "".join(shown.format_exception_only())
