"""The client around the operations: options, raw responses, closing."""

from __future__ import annotations

import httpx
import pytest

from assaykit.core.errors import ClientClosed, ConfigurationError, NotFound, Timeout
from tests.core.support import Acme, AsyncAcme, Clock, Operation, Server


def test_relative_urls_go_below_the_base_url() -> None:
    server = Server()
    with server.client() as api:
        api.things.get("7")

    assert str(server.requests[0].url) == "https://acme.example/api/things/7"
    assert server.requests[0].headers["User-Agent"].startswith("assaykit/")


def test_clone_shares_pool_and_token_and_changes_its_own_calls_only() -> None:
    server = Server()
    with server.client(headers={"X-All": "1"}) as api:
        api.things.get()
        clone = api.with_options(timeout=2.0, headers={"X-Clone": "2"})
        clone.with_options(headers={"X-Third": "3"}).things.get()
        clone.things.create()
        api.things.get()

    assert len(server.token_requests) == 1
    seen = [
        (
            request.extensions["timeout"]["read"],
            *(request.headers.get(f"X-{name}") for name in ("All", "Clone", "Third")),
        )
        for request in server.requests
    ]
    assert seen == [(30.0, "1", None, None), (2.0, "1", "2", "3"), (2.0, "1", "2", None), (30.0, "1", None, None)]
    assert clone.session.http is api.session.http


def test_closing_a_clone_leaves_the_client_open() -> None:
    server = Server()
    with server.client() as api:
        with api.with_options(timeout=1.0) as clone:
            clone.things.get()
        api.things.get()
    with pytest.raises(ClientClosed):
        clone.things.get()


def test_raw_gives_the_response_beside_the_model() -> None:
    server = Server(answers=[httpx.Response(200, json={"id": "9"}, headers={"X-Left": "3"})])
    with server.client() as api:
        thing, response = api.raw(api.things.get, thing="9")

    assert thing == {"id": "9"}
    assert response.headers["X-Left"] == "3"


@pytest.mark.anyio
async def test_raw_async() -> None:
    server = Server()
    async with server.async_client() as api:
        thing, response = await api.raw(api.things.get, thing="9")

    assert thing == {"id": "1"}
    assert response.status_code == 200


def test_raw_of_a_failed_call_raises_and_leaves_nothing_behind() -> None:
    server = Server(answers=[httpx.Response(404), httpx.Response(200, json={"id": "2"})])
    with server.client() as api:
        with pytest.raises(NotFound):
            api.raw(api.things.get)
        assert api.raw(api.things.get)[0] == {"id": "2"}


def test_raw_of_something_else_says_what_to_give() -> None:
    with Server().client() as api, pytest.raises(ConfigurationError, match="method: made no call"):
        api.raw(len, [])


def test_calls_after_close_say_so() -> None:
    server = Server()
    api = server.client()
    api.close()
    api.close()

    with pytest.raises(ClientClosed, match="acme: the client is closed; make a new one to call things_get"):
        api.things.get()


@pytest.mark.anyio
async def test_calls_after_close_say_so_async() -> None:
    server = Server()
    async with server.async_client() as api:
        clone = api.with_options(timeout=1.0)
        async with clone:
            await clone.things.get()
        await api.things.get()

    with pytest.raises(ClientClosed, match="things_get"):
        await api.things.get()


@pytest.mark.anyio
async def test_async_twin_raises_the_same_errors() -> None:
    server = Server(answers=[httpx.Response(404), httpx.ReadTimeout("slow")])
    async with server.async_client(max_retries=0) as api:
        with pytest.raises(NotFound):
            await api.things.get()
        with pytest.raises(Timeout):
            await api.things.get()
    assert repr(api) == "<AsyncAcme https://acme.example/api>"


def test_transport_is_closed_with_the_client() -> None:
    class Closing(httpx.MockTransport):
        closed = 0

        def close(self) -> None:
            self.closed += 1

    transport = Closing(Server())
    with Acme(transport=transport):
        pass

    assert transport.closed == 1


def test_error_of_the_program_itself_passes_through() -> None:
    def handle(_request: httpx.Request) -> httpx.Response:
        raise RuntimeError("a bug")

    with Acme(transport=httpx.MockTransport(handle), clock=Clock()) as api, pytest.raises(RuntimeError, match="a bug"):
        api.things.get()


def test_streams_have_options_errors_and_an_end_too() -> None:
    server = Server(answers=[httpx.ReadTimeout("slow")])
    request = {"method": "GET", "url": "/things/1"}
    api = server.client(max_retries=0)
    caller = api.with_options(timeout=2.0).session.caller
    with pytest.raises(Timeout, match="no answer within 2 s"), caller.stream(Operation("things_get"), request):
        pass
    with caller.stream(Operation("things_get"), request) as response:
        assert response.read() == b'{"id":"1"}'
        assert response.history == []
    with pytest.raises(RuntimeError, match="of the program"), caller.stream(Operation("things_get"), request):
        raise RuntimeError("of the program")
    api.close()
    with pytest.raises(ClientClosed, match="things_get"), caller.stream(Operation("things_get"), request):
        pass


@pytest.mark.anyio
async def test_streams_have_options_errors_and_an_end_too_async() -> None:
    server = Server(answers=[httpx.ReadTimeout("slow")])
    request = {"method": "GET", "url": "/things/1"}
    api = server.async_client(max_retries=0)
    caller = api.with_options(timeout=2.0).session.caller
    with pytest.raises(Timeout, match="no answer within 2 s"):
        async with caller.stream(Operation("things_get"), request):
            pass
    async with caller.stream(Operation("things_get"), request) as response:
        assert await response.aread() == b'{"id":"1"}'
    with pytest.raises(RuntimeError, match="of the program"):
        async with caller.stream(Operation("things_get"), request):
            raise RuntimeError("of the program")
    await api.close()
    with pytest.raises(ClientClosed, match="things_get"):
        async with caller.stream(Operation("things_get"), request):
            pass


@pytest.mark.anyio
async def test_error_of_the_program_itself_passes_through_async() -> None:
    def handle(_request: httpx.Request) -> httpx.Response:
        raise RuntimeError("a bug")

    async with AsyncAcme(transport=httpx.MockTransport(handle)) as api:
        with pytest.raises(RuntimeError, match="a bug"):
            await api.things.get()
