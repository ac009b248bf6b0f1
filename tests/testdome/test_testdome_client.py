"""The clients: addresses, arguments, environment, plain modules, cost of importing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

import assaykit
from assaykit import testdome
from assaykit.testdome.client import BASE_URL, PROFILE
from testdome_client.api.candidates import candidates_archive, candidates_get, candidates_list_by_test
from tests.testdome.support import (
    CLIENT_ID,
    CLIENT_SECRET,
    DOCUMENT,
    OPERATIONS,
    PASSWORD,
    TEST,
    URL,
    USERNAME,
    Server,
    example,
)

BOTH = pytest.mark.parametrize("client", [testdome.TestDome, testdome.AsyncTestDome])
Client = type[testdome.TestDome] | type[testdome.AsyncTestDome]


def test_address_is_the_newer_layout_of_the_specification() -> None:
    assert [server["url"] for server in DOCUMENT["servers"]] == ["https://www.testdome.com/api", BASE_URL]


@pytest.mark.parametrize("base_url", [BASE_URL, "https://www.testdome.com/api", "https://x.example/testdome/"])
def test_paths_follow_whatever_layout(base_url: str) -> None:
    asked: list[str] = []
    server = Server()

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url.copy_with(query=None)))
        return server(request)

    options = server.options(transport=httpx.MockTransport(handle))
    with testdome.TestDome(CLIENT_ID, CLIENT_SECRET, base_url=base_url, **options) as api:
        api.candidates.list_by_test(TEST)

    base = base_url.rstrip("/")
    assert asked == [f"{base}/token", f"{base}/v3/tests/{TEST}/candidates"]


def test_what_is_idempotent_and_public_is_as_in_the_index() -> None:
    assert {operation["id"] for operation in OPERATIONS if not operation["security"]} == PROFILE.public
    assert len(OPERATIONS) == 26
    for operation in OPERATIONS:
        assert PROFILE.idempotent(operation["id"]) is operation["idempotent"]


@pytest.mark.parametrize(
    ("arguments", "argument", "problem"),
    [
        ({}, "client_id", "not given; give client_id and client_secret; generate them on"),
        ({"client_id": "id"}, "client_secret", "missing or empty; give the one of the client id"),
        ({"client_id": "id", "client_secret": ""}, "client_secret", "missing or empty"),
        ({"client_secret": "se"}, "client_id", "missing or empty; give client_id and client_secret"),
        ({"client_id": "", "client_secret": "se"}, "client_id", "missing or empty"),
        ({"client_id": "id", "client_secret": "se\ncret"}, "client_secret", "white space or control"),
        ({"username": USERNAME}, "password", "missing or empty"),
        ({"password": PASSWORD}, "username", "missing or empty"),
        ({"client_id": "id", "client_secret": "se", "username": "u", "password": "p"}, "client_id", "two ways"),
        ({"client_id": "id", "password": "p"}, "client_id", "two ways to get a token; give client_id and"),
        ({"client_id": "id", "client_secret": "se", "base_url": "http://x.example"}, "base_url", "unencrypted"),
        ({"client_id": "id", "client_secret": "se", "on_partial": "ignore"}, "on_partial", "give 'raise' or 'return'"),
        ({"client_id": "id", "client_secret": "se", "timeout": 0}, "timeout", "not a positive number"),
    ],
)
@BOTH
def test_arguments_that_cannot_be_used_are_named(
    client: type, arguments: dict[str, object], argument: str, problem: str
) -> None:
    with pytest.raises(assaykit.ConfigurationError, match=problem) as caught:
        client(**arguments)

    assert caught.value.argument == argument
    assert not [secret for secret in ("se\ncret", PASSWORD) if secret in str(caught.value)]


@BOTH
def test_environment_configures_a_client(client: Client, tmp_path: Path) -> None:
    variables = {
        "ASSAYKIT_TESTDOME_CLIENT_ID": CLIENT_ID,
        "ASSAYKIT_TESTDOME_CLIENT_SECRET": CLIENT_SECRET,
        "ASSAYKIT_TESTDOME_BASE_URL": "http://emulator:8080/testdome",
        "ASSAYKIT_TESTDOME_ALLOW_HTTP": "emulator",
        "ASSAYKIT_TESTDOME_ON_PARTIAL": "return",
        "ASSAYKIT_TESTDOME_TIMEOUT": "7",
        "ASSAYKIT_TESTDOME_MAX_RETRIES": "5",
        "ASSAYKIT_TESTDOME_PROXY": "http://proxy.example:3128",
        "ASSAYKIT_TESTDOME_TOKEN_FOLDER": str(tmp_path),
    }
    api = client.from_env(variables)

    assert api.session.base_url == "http://emulator:8080/testdome"
    assert api.session.http.timeout.read == 7.0
    assert api.session.max_retries == 5
    assert client.from_env(variables, max_retries=1).session.max_retries == 1


def test_environment_says_what_becomes_of_partial_failures() -> None:
    server = Server()
    server.answers["/v3/candidates/archive"] = example("ArchiveResultPartial")
    names = {"CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET, "ON_PARTIAL": "return"}
    variables = {f"ASSAYKIT_TESTDOME_{name}": value for name, value in names.items()}
    body = testdome.models.CandidateIds([1])
    with testdome.TestDome.from_env(variables, **server.options()) as api:
        assert api.candidates.archive(body=body).failed_candidates == [7654322]
    with (
        testdome.TestDome.from_env(variables, **server.options(on_partial="raise")) as api,
        pytest.raises(assaykit.PartialFailure),
    ):
        api.candidates.archive(body=body)


@pytest.mark.parametrize(
    ("variables", "variable"),
    [
        ({}, "CLIENT_ID"),
        ({"CLIENT_ID": "id"}, "CLIENT_SECRET"),
        ({"CLIENT_ID": "id", "CLIENT_SECRET": "  "}, "CLIENT_SECRET"),
        ({"CLIENT_SECRET": "se"}, "CLIENT_ID"),
        ({"USERNAME": "u"}, "PASSWORD"),
        ({"PASSWORD": "p"}, "USERNAME"),
        ({"CLIENT_ID": "id", "CLIENT_SECRET": "se", "USERNAME": "u", "PASSWORD": "p"}, "CLIENT_ID"),
        ({"CLIENT_ID": "id", "CLIENT_SECRET": "se", "BASE_URL": "http://x.example"}, "BASE_URL"),
        ({"CLIENT_ID": "id", "CLIENT_SECRET": "se", "ON_PARTIAL": "ignore"}, "ON_PARTIAL"),
        ({"CLIENT_ID": "id", "CLIENT_SECRET": "se", "TIMEOUT": "soon"}, "TIMEOUT"),
        ({"CLIENT_ID": "id", "CLIENT_SECRET": "se", "MAX_RETRIES": "-1"}, "MAX_RETRIES"),
    ],
)
@BOTH
def test_environment_errors_name_the_variable(client: Client, variables: dict[str, str], variable: str) -> None:
    with pytest.raises(assaykit.ConfigurationError) as caught:
        client.from_env({f"ASSAYKIT_TESTDOME_{name}": value for name, value in variables.items()})

    assert caught.value.argument == f"ASSAYKIT_TESTDOME_{variable}"


def test_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAYKIT_TESTDOME_CLIENT_ID", "id")
    monkeypatch.setenv("ASSAYKIT_TESTDOME_CLIENT_SECRET", "secret")
    with testdome.TestDome.from_env() as api:
        assert api.session.base_url == URL


def test_failed_requests_are_repeated_where_that_does_no_harm() -> None:
    server = Server()
    answers = [httpx.Response(503), httpx.Response(502), httpx.Response(200, json=example("CandidateInvited"))]
    server.answers["/v3/candidates/1"] = lambda _: answers.pop(0)
    server.answers["/v3/candidates/1/cancel-invite"] = httpx.Response(503)
    with server.client() as api:
        assert api.candidates.get(1).status == "invited"
        with pytest.raises(assaykit.ServerError):
            api.candidates.cancel_invite(1)

    assert server.clock.slept == [0.5, 1.0]
    assert len(server.requests) == 4


def test_raw_gives_model_and_response() -> None:
    with Server().client() as api:
        page, response = api.raw(api.candidates.list_by_test, TEST, top=3)

    assert [candidate.id for candidate in page.value] == [1, 2, 3]
    assert response.json()["totalCount"] == page.total_count == 250


def test_clone_shares_the_token() -> None:
    server = Server()
    with server.client() as api:
        api.candidates.list_by_test(TEST)
        api.with_options(headers={"X-Trace": "1"}).candidates.list_by_test(TEST)

    assert server.requests[1].headers["X-Trace"] == "1"
    assert len(server.forms) == 1


def test_plain_modules_share_pool_and_token_and_return_partial_failures() -> None:
    server = Server()
    server.answers["/v3/candidates/archive"] = example("ArchiveResultPartial")
    with server.client() as api:
        page = candidates_list_by_test.sync(TEST, client=api.client, top=2)
        refused = candidates_get.sync_detailed(5, client=api.client)
        archived = candidates_archive.sync(client=api.client, body=testdome.models.CandidateIds([1]))

    assert isinstance(page, testdome.models.CandidatePage)
    assert refused.status_code == 404
    assert isinstance(refused.parsed, testdome.models.Error)
    assert isinstance(archived, testdome.models.ArchiveResult)
    assert len(server.forms) == 1


@pytest.mark.anyio
async def test_plain_modules_share_pool_and_token_async() -> None:
    async with Server().async_client() as api:
        page = await candidates_list_by_test.asyncio(TEST, client=api.client, top=2)

    assert isinstance(page, testdome.models.CandidatePage)


@pytest.mark.anyio
async def test_plain_modules_of_the_other_kind_say_which_client_to_use() -> None:
    with pytest.raises(assaykit.ConfigurationError, match="use TestDome for sync calls"):
        candidates_get.sync(1, client=Server().async_client().client)
    with pytest.raises(assaykit.ConfigurationError, match="use AsyncTestDome for asyncio"):
        await candidates_get.asyncio(1, client=Server().client().client)


def test_every_export_can_be_had() -> None:
    for name in testdome.__all__:
        assert getattr(testdome, name) is not None
    assert set(testdome.__all__) <= set(dir(testdome))


def test_pytest_takes_the_clients_for_no_tests(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "from assaykit.testdome import AsyncTestDome, TestDome\n\ndef test_one():\n    assert TestDome\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)

    assert "1 passed" in done.stdout
    assert "warning" not in done.stdout


def test_importing_loads_no_model_and_no_optional_library() -> None:
    program = """
import sys
import httpx
before = set(sys.modules)
from assaykit import testdome
testdome.TestDome
loaded = set(sys.modules) - before
heavy = {"pydantic", "tenacity", "filelock", "asyncio", "zoneinfo", "importlib.metadata", "importlib.resources"}
models = {name for name in loaded if name.startswith(("testdome_client.models.", "testdome_client.api."))}
paging = {"assaykit.core.paging", "assaykit.core.prefetching"}
print(sorted((loaded & (heavy | paging)) | models), len(loaded))
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    names, count = done.stdout.rsplit(maxsplit=1)

    assert names == "[]"
    assert int(count) < 80
