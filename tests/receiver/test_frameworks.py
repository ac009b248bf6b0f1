"""The receiver in each framework, over HTTP."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from assaykit.receiver import Receiver
from tests.receiver.sites import EVENT_LOOP, SITES, Site
from tests.receiver.support import PERSON, SECRET, Acme, Finished, Handler

LIMIT = 2000


@pytest.fixture(params=SITES, ids=lambda site: site.__name__)
def site(request: pytest.FixtureRequest) -> Site:
    made: Site = request.param
    return made


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=20) as made:
        yield made


@pytest.fixture
def handler() -> Handler:
    return Handler()


@pytest.fixture
def url(site: Site, handler: Handler) -> Iterator[str]:
    with site(Receiver(Acme(), handler, secret=SECRET, max_bytes=LIMIT)) as served:
        yield f"{served}/{SECRET}"


def test_event_arrives_once_and_duplicates_are_answered(url: str, client: httpx.Client, handler: Handler) -> None:
    first = client.post(url, json={"id": "1"}, headers={b"X-Delivery": b"d-1", b"X-Note": "grün".encode("latin-1")})
    again = client.post(url, json={"id": "2"}, headers={"X-Delivery": "d-1"})
    other = client.post(url, json={"id": "2"}, headers={"X-Delivery": "d-2"})

    assert [answer.status_code for answer in (first, again, other)] == [200, 200, 200]
    assert [answer.json()["status"] for answer in (first, again, other)] == ["received", "duplicate", "received"]
    assert handler.events == [Finished("1"), Finished("2")]


def test_chunked_body_is_read(url: str, client: httpx.Client, handler: Handler) -> None:
    assert client.post(url, content=iter([b'{"id"', b': "1"}'])).status_code == 200
    assert handler.events == [Finished("1")]


@pytest.mark.parametrize("chunked", [False, True])
def test_size_limit(url: str, client: httpx.Client, handler: Handler, chunked: bool) -> None:
    def body(size: int) -> Any:
        text = b'{"id": "1"}'.ljust(size)
        return iter([text[:100], text[100:]]) if chunked else text

    over = client.post(url, content=body(LIMIT + 1))
    far_over = client.post(url, content=body(LIMIT * 100))
    at_limit = client.post(url, content=body(LIMIT))

    assert (over.status_code, far_over.status_code, at_limit.status_code) == (413, 413, 200)
    assert over.json()["error"]["code"] == "too_large"
    assert len(handler.events) == 1


def test_only_post(url: str, client: httpx.Client) -> None:
    for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = client.request(method, url)
        assert (method, answer.status_code, answer.headers["allow"]) == (method, 405, "POST")


def test_misfit_names_the_field_and_repeats_nothing(url: str, client: httpx.Client, handler: Handler) -> None:
    for body in (b"", b"{", b"id=1", f'{{"name": "{PERSON}"}}'.encode(), b"\xff"):
        answer = client.post(url, content=body)
        assert answer.status_code == 400
        assert answer.json() == {"error": {"code": "invalid", "field": "$.id", "message": "Field required"}}

    assert handler.events == []


def test_wrong_secret_in_the_path_looks_like_nothing(url: str, client: httpx.Client, handler: Handler) -> None:
    wrong = ("another-secret-of-some-length", SECRET + "x", SECRET.upper(), "sécret", "%2F", "")
    answers = [
        client.request(method, url.replace(SECRET, secret), json={"id": "1"}, follow_redirects=True).status_code
        for secret in wrong
        for method in ("POST", "GET")
    ]

    assert set(answers) == {404}
    assert handler.events == []


def test_secret_in_a_header(site: Site, client: httpx.Client, handler: Handler) -> None:
    receiver = Receiver(Acme(), handler, secret=SECRET, secret_header="X-Hook-Secret")
    with site(receiver) as url:
        missing = client.post(url, json={"id": "1"})
        wrong = client.post(url, json={"id": "1"}, headers={"X-Hook-Secret": "wrong"})
        right = client.post(url, json={"id": "1"}, headers={"X-Hook-Secret": SECRET})

    assert [answer.status_code for answer in (missing, wrong, right)] == [401, 401, 200]
    assert "www-authenticate" in missing.headers
    assert len(handler.events) == 1


def test_failing_handler_is_asked_again(site: Site, client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    handler = Handler(failures=1)
    caplog.set_level(logging.DEBUG)
    with site(Receiver(Acme(), handler, secret=SECRET)) as url:
        answers = [client.post(f"{url}/{SECRET}", json={"id": "1"}).status_code for _ in range(3)]
        client.post(f"{url}/{SECRET}", json=[])

    assert answers == [500, 200, 200]
    assert handler.events == [Finished("1")]
    logged = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert "the database is down" in caplog.text
    assert SECRET not in "".join(f"{record.getMessage()} {record.__dict__}" for record in logged)


@pytest.mark.parametrize("mount", EVENT_LOOP, ids=lambda site: site.__name__)
def test_async_handler(mount: Site, client: httpx.Client) -> None:
    handler = Handler(failures=1)

    async def on_event(event: Finished) -> None:
        handler(event)

    with mount(Receiver(Acme(), on_event, secret=SECRET)) as url:
        answers = [client.post(f"{url}/{SECRET}", json={"id": "1"}).status_code for _ in range(3)]

    assert answers == [500, 200, 200]
    assert handler.events == [Finished("1")]


def test_two_receivers_in_one_application(client: httpx.Client) -> None:
    import flask

    from tests.receiver.sites import serve_wsgi

    handlers = Handler(), Handler()
    app = flask.Flask(__name__)
    app.register_blueprint(Receiver(Acme(), handlers[0]).flask_blueprint("/hooks/a"))
    app.add_url_rule("/hooks/b", view_func=Receiver(Acme(), handlers[1]).flask_view("b"))
    with serve_wsgi(app) as url:
        client.post(f"{url}/hooks/a", json={"id": "1"})
        client.post(f"{url}/hooks/b", json={"id": "2"})

    assert [handler.events for handler in handlers] == [[Finished("1")], [Finished("2")]]
