"""The generated client sends what the spec says and reads what comes back."""

from __future__ import annotations

import datetime
import io
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.sdkgen.golden.generated import example_client
from tests.sdkgen.golden.generated.example_client import models
from tests.sdkgen.golden.generated.example_client.api.items import (
    items_annotate,
    items_create,
    items_delete,
    items_get,
    items_list,
    items_photo,
    items_update,
    items_upload,
)
from tests.sdkgen.golden.generated.example_client.api.sessions import sessions_create, sessions_list
from tests.sdkgen.golden.generated.example_client.client import AuthenticatedClient, Client
from tests.sdkgen.golden.generated.example_client.errors import ResponseDecodeError, UnexpectedStatus
from tests.sdkgen.golden.generated.example_client.operation import AsyncClientCaller, ClientCaller
from tests.sdkgen.golden.generated.example_client.types import File

ITEM = {"id": "i1", "kind": "box"}
Answer = Callable[[httpx.Request], httpx.Response]


class Exchange:
    """A client whose requests are kept and answered without a network."""

    def __init__(self, answer: httpx.Response | Answer | None = None) -> None:
        self.requests: list[httpx.Request] = []
        self._answer = answer
        transport = httpx.MockTransport(self._handle)
        self.client = Client("https://api.example.test", httpx_args={"transport": transport})
        self.facade = example_client.Facade(ClientCaller(self.client))

    def _handle(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        if isinstance(self._answer, httpx.Response):
            return self._answer
        return httpx.Response(204) if self._answer is None else self._answer(request)

    @property
    def sent(self) -> httpx.Request:
        return self.requests[-1]


def page(**values: Any) -> httpx.Response:
    return httpx.Response(200, json={"items": [ITEM], **values})


def test_query_header_and_cookie_parameters() -> None:
    exchange = Exchange(page())
    exchange.facade.items.list(
        filter_name="a&b",
        params="p",
        headers=True,
        cookies=None,
        ids=["x", "y z"],
        states=[models.State.OPEN, models.State.from_wire("new")],
        since=datetime.datetime(2020, 5, 23, 0, 54, tzinfo=datetime.UTC),
        day=datetime.date(2020, 5, 23),
        price_min=1.5,
        x_trace="t1",
        x_deep=False,
        session="s1",
    )

    assert exchange.sent.url.params.multi_items() == [
        ("$top", "20"),
        ("filter[name]", "a&b"),
        ("params", "p"),
        ("headers", "true"),
        ("ids[]", "x"),
        ("ids[]", "y z"),
        ("states", "open,new"),
        ("since", "2020-05-23 00:54:00+00"),
        ("day", "2020-05-23"),
        ("price[min]", "1.5"),
        ("order", "up"),
    ]
    assert tuple(exchange.sent.headers[n] for n in ("x-trace", "x-deep", "cookie")) == ("t1", "false", "session=s1")
    assert exchange.sent.extensions["operation"] == "items_list"


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("i1", "/items/i1"),
        ("a/b", "/items/a%2Fb"),
        ("a b?c#d%", "/items/a%20b%3Fc%23d%25"),
        ("..", "/items/%2E%2E"),
        (".", "/items/%2E"),
        ("é", "/items/%C3%A9"),
    ],
)
def test_a_path_parameter_stays_within_its_segment(value: str, path: str) -> None:
    exchange = Exchange(httpx.Response(200, json=ITEM))
    exchange.facade.items.get(value)

    assert path.encode() == exchange.sent.url.raw_path


def test_an_empty_path_parameter_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        Exchange().facade.items.get("")


def test_a_body_is_sent_as_what_it_is() -> None:
    exchange = Exchange(httpx.Response(201, json={**ITEM, "detail": "x"}))
    created = exchange.facade.items.create(body=models.NewItem(name="Box"))
    assert exchange.sent.headers["content-type"] == "application/json"
    assert json.loads(exchange.sent.content) == {"name": "Box", "state": "open"}
    assert created.detail == "x"

    exchange.facade.items.create(body=models.NewItemForm(name="B&x", owner=models.Owner(name="Ada"), note=None))
    assert exchange.sent.headers["content-type"] == "application/x-www-form-urlencoded"
    assert exchange.sent.content == b"name=B%26x&owner=%7B%22name%22%3A%22Ada%22%7D"


def test_an_optional_body_and_its_media_type() -> None:
    exchange = Exchange(httpx.Response(200, json=ITEM))
    exchange.facade.items.update("i1")
    assert exchange.sent.content == b""
    assert "content-type" not in exchange.sent.headers

    body = models.ItemsUpdateBody(name=None, due=datetime.date(2020, 5, 3))
    exchange.facade.items.update("i1", body=body)
    assert exchange.sent.headers["content-type"] == "application/merge-patch+json"
    assert json.loads(exchange.sent.content) == {"name": None, "due": "2020-05-03"}


def test_a_parameter_named_body_beside_a_body() -> None:
    exchange = Exchange(httpx.Response(200, json="token"))
    token = exchange.facade.sessions.create(body=models.Credentials(user="ada", password="x"), body_query="q")

    assert token == "token"
    assert exchange.sent.url.query == b"body=q"


def test_multipart_bodies_have_a_boundary_of_their_own() -> None:
    exchange = Exchange(httpx.Response(200))
    upload = models.Upload(
        photo=File(io.BytesIO(b"\x89PNG\r\n+++\r\n"), "a.png", "image/png"),
        more=[File(io.BytesIO(b"1"), "b.png"), File(io.BytesIO(b"2"), "c.png")],
        owner=models.Owner(name="Ada"),
        taken=datetime.datetime(2020, 5, 23, 0, 54),
    )
    exchange.facade.items.upload("i1", body=upload)

    content_type = exchange.sent.headers["content-type"]
    assert content_type.startswith("multipart/form-data; boundary=")
    assert not content_type.endswith("+++")
    body = exchange.sent.content
    assert body.count(b'name="more"') == 2
    assert b'filename="a.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n+++\r\n' in body
    assert b'{"name": "Ada"}' in body
    assert b"2020-05-23 00:54:00" in body


def test_plain_text_in_and_out() -> None:
    exchange = Exchange(httpx.Response(200, text="kept"))

    assert exchange.facade.items.annotate("i1", body="note é") == "kept"
    assert exchange.sent.content == "note é".encode()
    assert exchange.sent.headers["content-type"] == "text/plain"


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="photo.png"', "photo.png"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\temp\\photo.png"', "photo.png"),
        ("attachment; filename*=UTF-8''ph%C3%B6to.png", "phöto.png"),
        ("attachment", None),
    ],
)
def test_a_binary_answer_is_a_file(disposition: str, name: str | None) -> None:
    headers = {"content-type": "image/png; charset=x", "content-disposition": disposition}
    file = Exchange(httpx.Response(200, content=b"\x89PNG", headers=headers)).facade.items.photo("i1")

    assert (b"\x89PNG", name, "image/png") == (file.payload.read(), file.file_name, file.mime_type)


def test_a_success_without_content_is_none_whatever_comes() -> None:
    for answer in (httpx.Response(204), httpx.Response(200, json={"sur": "prise"}), httpx.Response(200, text="<html>")):
        exchange = Exchange(answer)
        exchange.facade.items.delete("i1")
        assert items_delete.sync_detailed("i1", client=exchange.client).parsed is None
        assert items_upload.parse_success(answer) is None  # type: ignore[func-returns-value]  # that is the point


def test_two_kinds_of_success() -> None:
    assert items_update.parse_success(httpx.Response(204)) is None
    changed = items_update.parse_success(httpx.Response(200, json=ITEM))
    assert changed is not None
    assert changed.id == "i1"


def test_null_and_lists_as_whole_bodies() -> None:
    assert sessions_create.parse_success(httpx.Response(200, content=b"null")) is None
    assert [o.name for o in sessions_list.parse_success(httpx.Response(200, json=[{"name": "Ada"}]))] == ["Ada"]
    with pytest.raises(ResponseDecodeError) as caught:
        sessions_list.parse_success(httpx.Response(200, json=[{"name": "Ada"}, {}]))
    assert caught.value.path == (1, "name")


@pytest.mark.parametrize("content", [b"", b"<html>Bad gateway</html>", b'{"items": [', b"\xff\xfe"])
def test_a_body_that_is_not_json_is_one_clear_error(content: bytes) -> None:
    response = httpx.Response(200, content=content, headers={"content-type": "text/html"})
    with pytest.raises(ResponseDecodeError, match="JSON is expected") as caught:
        items_list.parse_success(response)

    assert caught.value.path == ()
    assert caught.value.response is response


def test_a_misfit_carries_the_response_and_its_place() -> None:
    exchange = Exchange(httpx.Response(200, json={"items": [ITEM, {"id": 1}]}))
    with pytest.raises(ResponseDecodeError) as caught:
        exchange.facade.items.list()

    assert caught.value.path == ("items", 1, "kind")
    assert caught.value.response is not None
    assert str(caught.value) == "response body.items[1].kind: a required field is missing"


@pytest.mark.parametrize("status", [302, 401, 404, 499, 500, 520])
def test_the_facade_raises_for_anything_but_success(status: int) -> None:
    exchange = Exchange(httpx.Response(status, json={"code": "secret-detail"}))
    with pytest.raises(UnexpectedStatus) as caught:
        exchange.facade.items.get("i1")

    assert status == caught.value.status_code
    assert caught.value.response is not None
    assert "secret-detail" not in str(caught.value)


def test_the_plain_modules_return_documented_errors() -> None:
    exchange = Exchange(httpx.Response(404, json={"code": "not_found"}))
    parsed = items_get.sync("i1", client=exchange.client)
    assert isinstance(parsed, models.Problem)
    assert items_delete.sync("i1", client=exchange.client) is None

    strict = Client(
        "https://api.example.test",
        raise_on_unexpected_status=True,
        httpx_args={"transport": httpx.MockTransport(lambda _: httpx.Response(520))},
    )
    with pytest.raises(UnexpectedStatus):
        items_delete.sync("i1", client=strict)


def test_a_detailed_response_has_the_raw_one() -> None:
    exchange = Exchange(httpx.Response(520, json={"code": "odd"}, headers={"set-cookie": "s=hidden-thing"}))
    response = items_get.sync_detailed("i1", client=exchange.client)

    assert response.status_code == 520
    assert isinstance(response.parsed, models.Problem)
    assert response.raw.request.url.path == "/items/i1"
    assert "hidden-thing" not in repr(response)


@pytest.mark.anyio
async def test_the_asynchronous_twins() -> None:
    transport = httpx.MockTransport(lambda _: page())
    async with Client("https://api.example.test", httpx_args={"transport": transport}) as client:
        facade = example_client.AsyncFacade(AsyncClientCaller(client))
        listed = await facade.items.list(top=1)
        plain = await items_list.asyncio(client=client)
        detailed = await items_list.asyncio_detailed(client=client)

    assert listed == plain == detailed.parsed


def test_clients_hide_secrets_and_have_a_timeout() -> None:
    client = AuthenticatedClient(
        "https://api.example.test",
        token="hidden-thing",
        headers={"X-Key": "hidden-thing"},
        cookies={"c": "hidden-thing"},
    )
    assert "hidden-thing" not in repr(client)
    inner = client.get_httpx_client()
    assert inner.headers["authorization"] == "Bearer hidden-thing"
    assert None not in inner.timeout.as_dict().values()


def test_derived_clients_share_the_pool_and_leave_the_original_alone() -> None:
    exchange = Exchange(page())
    original = exchange.client.get_httpx_client()
    derived = exchange.client.with_headers({"X-Extra": "1"}).with_cookies({"c": "2"}).with_timeout(httpx.Timeout(3))
    items_list.sync(client=derived)
    items_list.sync(client=exchange.client)

    first, second = exchange.requests
    assert (first.headers["x-extra"], first.headers["cookie"]) == ("1", "c=2")
    assert not {"x-extra", "cookie"} & set(second.headers)
    assert derived.get_httpx_client().timeout == httpx.Timeout(3)
    assert derived.get_httpx_client() is not original
    assert original.timeout != httpx.Timeout(3)


def test_operations_know_themselves() -> None:
    operation = items_list.OPERATION
    assert (operation.id, operation.tag, operation.name) == ("items_list", "items", "list")
    assert (operation.method, operation.path, operation.success) == ("GET", "/items", (200,))
    assert (operation.idempotent, operation.secured, operation.rate_limit) == (True, True, (60, 60))
    assert operation.paging == {"style": "offset", "limit": "$top"}
    assert operation.partial_failure is None
    assert items_update.OPERATION.partial_failure == {"items": "children"}
    assert not sessions_create.OPERATION.secured
    assert items_create.OPERATION.idempotent
    assert len({operation, items_photo.OPERATION, items_annotate.OPERATION}) == 3


def test_one_operation_loads_no_model_and_works_alone() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import example_client; dir(example_client);"
        "from example_client.api.items import items_get; example_client.Facade;"
        "loaded = [m for m in sys.modules if m.startswith('example_client.models.') or m.startswith('assaykit')];"
        "assert not loaded, loaded; assert 'pydantic' not in sys.modules; example_client.models.Cat;"
        "assert 'example_client.models.dog' not in sys.modules"
    )
    folder = example_client.__path__[0].rpartition("example_client")[0]
    subprocess.run([sys.executable, "-W", "error", "-c", code, folder], check=True)
