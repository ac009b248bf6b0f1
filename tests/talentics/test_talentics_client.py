"""The clients: addresses, environment, credentials, errors, plain modules, cost of importing."""

from __future__ import annotations

import json
import logging
import pickle
import subprocess
import sys
import traceback
from importlib.resources import files

import httpx
import pytest

import assaykit
from assaykit import talentics
from assaykit.talentics.client import BASE_URL, PROFILE
from talentics_client.api.exams import exams_get, exams_list
from tests.talentics.support import APP_ID, APP_SECRET, Server

BOTH = pytest.mark.parametrize("client", [talentics.Talentics, talentics.AsyncTalentics])
Client = type[talentics.Talentics] | type[talentics.AsyncTalentics]


def test_address_is_the_server_of_the_specification() -> None:
    document = json.loads((files("talentics_client") / "openapi.json").read_text())

    assert [server["url"] for server in document["servers"]] == [BASE_URL]


def test_what_is_idempotent_is_as_in_the_index() -> None:
    operations = json.loads((files("talentics_client") / "operations.json").read_text())["operations"]

    assert len(operations) == 9
    assert all(operation["security"] for operation in operations)
    assert {PROFILE.idempotent(operation["id"]) for operation in operations} == {True}
    assert PROFILE.idempotent("no_such_operation") is None


def test_credentials_go_with_every_request() -> None:
    server = Server()
    with server.client() as api:
        assert len(api.exams.list().data) == 15
        assert api.session.base_url == BASE_URL

    assert str(server.requests[0].url) == "https://api.talentics.id/v2/exams?page=1&per_page=15"


@pytest.mark.anyio
async def test_credentials_go_with_every_request_async() -> None:
    async with Server().async_client() as api:
        assert len((await api.exams.list()).data) == 15


def test_credentials_are_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "a-wrong-secret-of-a-test"
    with Server().client(app_secret=secret) as api:
        shown = [repr(api), repr(api.session), repr(api.session.http.auth), repr(vars(api)), repr(api.client)]
        with pytest.raises(assaykit.AuthenticationError) as caught:
            api.exams.list()
    shown += [str(caught.value), repr(caught.value), "".join(traceback.format_exception(caught.value)), caplog.text]
    shown += [repr(caught.value.response), repr(pickle.dumps(caught.value))]

    assert not [text for text in shown if secret in text or "YXBwLW9m" in text]


@pytest.mark.parametrize(
    ("arguments", "argument", "problem"),
    [
        (("", "secret", {}), "app_id", "missing or empty"),
        (("app:id", "secret", {}), "app_id", "holds a colon"),
        (("app", "", {}), "app_secret", "missing or empty"),
        (("app", "se\ncret", {}), "app_secret", "white space or control"),
        (("app", "secret", {"base_url": "http://x.example"}), "base_url", "unencrypted"),
        (("app", "secret", {"zone": "Asia/Atlantis"}), "zone", "'Asia/Atlantis' is no time zone"),
        (("app", "secret", {"zone": "Asia"}), "zone", "'Asia' is no time zone"),
        (("app", "secret", {"zone": "../etc"}), "zone", "is no time zone"),
        (("app", "secret", {"on_budget": "ignore"}), "on_budget", "'ignore' is not known; give 'wait' or"),
        (("app", "secret", {"timeout": 0}), "timeout", "not a positive number"),
    ],
)
@BOTH
def test_arguments_that_cannot_be_used_are_named(
    client: type, arguments: tuple[str, str, dict[str, object]], argument: str, problem: str
) -> None:
    app_id, app_secret, options = arguments
    with pytest.raises(assaykit.ConfigurationError, match=problem) as caught:
        client(app_id, app_secret, **options)

    assert caught.value.argument == argument
    assert "se\ncret" not in str(caught.value)


@BOTH
def test_environment_configures_a_client(client: Client) -> None:
    variables = {
        "ASSAYKIT_TALENTICS_APP_ID": APP_ID,
        "ASSAYKIT_TALENTICS_APP_SECRET": APP_SECRET,
        "ASSAYKIT_TALENTICS_BASE_URL": "http://emulator:8080/talentics",
        "ASSAYKIT_TALENTICS_ALLOW_HTTP": "emulator",
        "ASSAYKIT_TALENTICS_ZONE": "Asia/Makassar",
        "ASSAYKIT_TALENTICS_ON_BUDGET": "raise",
        "ASSAYKIT_TALENTICS_TIMEOUT": "7",
        "ASSAYKIT_TALENTICS_MAX_RETRIES": "5",
        "ASSAYKIT_TALENTICS_PROXY": "http://proxy.example:3128",
    }
    api = client.from_env(variables)

    assert api.session.base_url == "http://emulator:8080/talentics"
    assert api.session.http.timeout.read == 7.0
    assert api.session.max_retries == 5
    assert client.from_env(variables, max_retries=1).session.max_retries == 1


def test_environment_sets_zone_and_budget() -> None:
    server = Server()
    api = talentics.Talentics.from_env(
        {
            "ASSAYKIT_TALENTICS_APP_ID": APP_ID,
            "ASSAYKIT_TALENTICS_APP_SECRET": APP_SECRET,
            "ASSAYKIT_TALENTICS_ZONE": "UTC",
            "ASSAYKIT_TALENTICS_ON_BUDGET": "raise",
        },
        transport=httpx.MockTransport(server),
        clock=server.clock,
    )
    with api:
        (started, *_) = [exam.started_at for exam in api.exams.list().data]
        for _ in range(49):
            api.exams.list()
        with pytest.raises(assaykit.RateLimited):
            api.exams.list()

    assert not isinstance(started, str)
    assert started.isoformat() == "2020-05-23T00:54:00+00:00"


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({"APP_ID": ""}, "APP_ID"),
        ({"APP_ID": "a:b"}, "APP_ID"),
        ({"APP_SECRET": ""}, "APP_SECRET"),
        ({"BASE_URL": "http://x.example"}, "BASE_URL"),
        ({"ZONE": "Mars/Olympus"}, "ZONE"),
        ({"ON_BUDGET": "ignore"}, "ON_BUDGET"),
        ({"TIMEOUT": "soon"}, "TIMEOUT"),
        ({"MAX_RETRIES": "many"}, "MAX_RETRIES"),
    ],
)
@BOTH
def test_environment_errors_name_the_variable(client: Client, changes: dict[str, str], variable: str) -> None:
    names = {"APP_ID": "app", "APP_SECRET": "secret"} | changes

    with pytest.raises(assaykit.ConfigurationError) as caught:
        client.from_env({f"ASSAYKIT_TALENTICS_{name}": value for name, value in names.items()})

    assert caught.value.argument == f"ASSAYKIT_TALENTICS_{variable}"


def test_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAYKIT_TALENTICS_APP_ID", "app")
    monkeypatch.setenv("ASSAYKIT_TALENTICS_APP_SECRET", "secret")
    with talentics.Talentics.from_env() as api:
        assert api.session.base_url == BASE_URL


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"data": {"errors": []}}', "Unauthorized"),
        (b'{"data": {"errors": ["app id unknown", "try again"]}}', "app id unknown; try again"),
        (b'{"data": {"errors": [{"field": "page", "message": "too small"}]}}', "page: too small"),
        (b'{"data": {"errors": {"page": ["too small"]}}}', "page: too small"),
        (b'{"message": "Unauthenticated."}', "Unauthenticated."),
        (b'{"data": {"errors": "no"}}', "Unauthorized"),
        (b'{"data": []}', "Unauthorized"),
        (b"[]", "Unauthorized"),
        (b"<html>", "Unauthorized"),
        (b"", "Unauthorized"),
    ],
)
def test_error_body_is_read_as_far_as_it_goes(body: bytes, message: str) -> None:
    server = Server()
    server.answers["/v2/exams"] = httpx.Response(401, content=body)
    with server.client() as api, pytest.raises(assaykit.AuthenticationError) as caught:
        api.exams.list()

    assert caught.value.message == message
    assert str(caught.value) == f"talentics exams_list: 401: {message}"
    assert len(server.requests) == 1


def test_refused_parameters_are_named() -> None:
    server = Server()
    server.answers["/v2/exams"] = httpx.Response(400, json={"data": {"errors": ["query.page: must be at least 1"]}})
    with server.client() as api, pytest.raises(assaykit.ValidationFailed) as caught:
        api.exams.list(page=0)

    assert str(caught.value) == "talentics exams_list: 400: query.page: must be at least 1"


def test_unknown_error_codes_are_errors_too() -> None:
    server = Server()
    server.answers["/v2/exams"] = httpx.Response(418, json={"data": {"errors": ["teapot"]}})
    with server.client() as api, pytest.raises(assaykit.ApiError, match="418: teapot") as caught:
        api.exams.list()

    assert caught.value.status == 418
    assert caught.value.response is not None


def test_failed_requests_are_repeated() -> None:
    server = Server()
    answers = [httpx.Response(503), httpx.Response(502), httpx.Response(404)]
    server.answers["/v2/exams/1"] = lambda _: answers.pop(0)
    with server.client() as api, pytest.raises(assaykit.NotFound):
        api.exams.get(1)

    assert server.clock.slept == [0.5, 1.0]


def test_raw_gives_model_and_response() -> None:
    with Server().client() as api:
        page, response = api.raw(api.exams.list, per_page=3)

    assert [exam.id for exam in page.data] == [1, 2, 3]
    assert response.headers["X-RateLimit-Remaining"] == "49"


def test_plain_modules_share_pool_and_credential() -> None:
    server = Server()
    with server.client() as api:
        page = exams_list.sync(client=api.client, per_page=2)
        refused = exams_get.sync_detailed(5, client=api.client)

    assert isinstance(page, talentics.models.ExamPage)
    assert refused.status_code == 404
    assert isinstance(refused.parsed, talentics.models.Error)


@pytest.mark.anyio
async def test_plain_modules_share_pool_and_credential_async() -> None:
    async with Server().async_client() as api:
        page = await exams_list.asyncio(client=api.client, per_page=2)

    assert isinstance(page, talentics.models.ExamPage)


@pytest.mark.anyio
async def test_plain_modules_of_the_other_kind_say_which_client_to_use() -> None:
    with pytest.raises(assaykit.ConfigurationError, match="use Talentics for sync calls"):
        exams_list.sync(client=Server().async_client().client)
    with pytest.raises(assaykit.ConfigurationError, match="use AsyncTalentics for asyncio"):
        await exams_list.asyncio(client=Server().client().client)


def test_every_export_can_be_had() -> None:
    for name in talentics.__all__:
        assert getattr(talentics, name) is not None
    assert set(talentics.__all__) <= set(dir(talentics))


def test_importing_loads_no_model_and_no_optional_library() -> None:
    program = """
import sys
import httpx
before = set(sys.modules)
from assaykit import talentics
talentics.Talentics
loaded = set(sys.modules) - before
heavy = {"pydantic", "tenacity", "filelock", "asyncio", "zoneinfo", "importlib.metadata", "importlib.resources"}
models = {name for name in loaded if name.startswith(("talentics_client.models.", "talentics_client.api."))}
paging = {"assaykit.core.paging", "assaykit.core.prefetching"}
print(sorted((loaded & (heavy | paging)) | models), len(loaded))
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    names, count = done.stdout.rsplit(maxsplit=1)

    assert names == "[]"
    assert int(count) < 80
