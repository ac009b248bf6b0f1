"""The clients: addresses, arguments, environment, plain modules, suppressed errors, cost of importing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

import assaykit
from assaykit import talview
from assaykit.talview.client import PROFILE
from assaykit.talview.suppression import PARAMETERS
from talview_client.api.candidates import candidates_create, candidates_get, candidates_list
from tests.talview.support import (
    APPLICATION,
    CLIENT_SECRET,
    DOCUMENT,
    EMAIL,
    OPERATIONS,
    PASSWORD,
    URL,
    USER,
    USERNAME,
    Server,
    error,
    example,
    pem,
    service_account,
)

BOTH = pytest.mark.parametrize("client", [talview.Talview, talview.AsyncTalview])
Client = type[talview.Talview] | type[talview.AsyncTalview]


def variables(**named: str) -> dict[str, str]:
    return {f"ASSAYKIT_TALVIEW_{name}": value for name, value in named.items()}


USER_VARIABLES = {name.upper(): str(value) for name, value in USER.items()} | {"BASE_URL": URL}


@pytest.mark.parametrize("base_url", ["https://talview.example.com", URL, f"{URL}/"])
def test_paths_follow_the_address(base_url: str) -> None:
    asked: list[str] = []
    server = Server()

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url.copy_with(query=None)))
        return server(request)

    options = server.options(transport=httpx.MockTransport(handle))
    with talview.Talview(base_url, **USER, **options) as api:
        api.candidates.list()

    base = base_url.rstrip("/")
    assert asked == [f"{base}/oauth2/token", f"{base}/models/candidate"]


def test_what_is_idempotent_and_public_is_as_in_the_index() -> None:
    assert {operation["id"] for operation in OPERATIONS if not operation["security"]} == PROFILE.public
    assert len(OPERATIONS) == 354
    for operation in OPERATIONS:
        assert PROFILE.idempotent(operation["id"]) is operation["idempotent"]


@pytest.mark.parametrize(
    ("arguments", "argument", "problem"),
    [
        ({}, "client_id", "missing or empty; give client_id, client_secret, username and password, or a service_acc"),
        ({"client_id": "id"}, "client_secret", "missing or empty"),
        ({**USER, "client_secret": ""}, "client_secret", "missing or empty"),
        ({**USER, "client_secret": "se\ncret"}, "client_secret", "white space or control"),
        ({**APPLICATION, "username": USERNAME}, "password", "missing or empty"),
        ({**APPLICATION, "password": PASSWORD}, "username", "missing or empty"),
        ({**USER, "service_account": service_account()}, "client_id", "beside a service account; give one or the"),
        ({"password": PASSWORD, "service_account": service_account()}, "password", "beside a service account"),
        ({**USER, "base_url": "http://x.example"}, "base_url", "unencrypted"),
        ({**USER, "base_url": f"{URL}?suppress_error_code=true"}, "base_url", "holds a query"),
        ({**USER, "timeout": 0}, "timeout", "not a positive number"),
    ],
)
@BOTH
def test_arguments_that_cannot_be_used_are_named(
    client: Any, arguments: dict[str, Any], argument: str, problem: str
) -> None:
    with pytest.raises(assaykit.ConfigurationError, match=problem.replace("?", r"\?")) as caught:
        client(**{"base_url": URL, **arguments})

    assert caught.value.argument == argument
    assert not [secret for secret in ("se\ncret", PASSWORD, CLIENT_SECRET) if secret in str(caught.value)]


@BOTH
def test_environment_configures_a_client(client: Client, tmp_path: Path) -> None:
    given = variables(
        **USER_VARIABLES
        | {
            "BASE_URL": "http://emulator:8080/talview",
            "ALLOW_HTTP": "emulator",
            "TIMEOUT": "7",
            "MAX_RETRIES": "5",
            "PROXY": "http://proxy.example:3128",
            "TOKEN_FOLDER": str(tmp_path),
        }
    )
    api = client.from_env(given)

    assert api.session.base_url == "http://emulator:8080/talview"
    assert api.session.http.timeout.read == 7.0
    assert api.session.max_retries == 5
    assert client.from_env(given, max_retries=1).session.max_retries == 1


def test_environment_has_the_user() -> None:
    server = Server()
    with talview.Talview.from_env(variables(**USER_VARIABLES), **server.options()) as api:
        api.candidates.list()

    assert server.bodies[0]["username"] == USERNAME


@pytest.mark.parametrize("as_file", [False, True])
def test_environment_has_the_service_account(as_file: bool, tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text(pem())
    given = variables(
        BASE_URL=URL,
        EMAIL=EMAIL,
        PRIVATE_KEY=str(path) if as_file else pem(),
        SCOPES="section, evaluation",
        AUDIENCE="https://accounts.example.com",
    )
    server = Server()
    with talview.Talview.from_env(given, **server.options()) as api:
        api.candidates.list()

    claims = server.claims(server.bodies[0]["assertion"])
    assert (claims["iss"], claims["scope"], claims["aud"]) == (
        EMAIL,
        "section evaluation",
        "https://accounts.example.com",
    )


@pytest.mark.parametrize(
    ("over", "variable"),
    [
        ({"BASE_URL": ""}, "BASE_URL"),
        ({"CLIENT_ID": ""}, "CLIENT_ID"),
        ({"CLIENT_SECRET": "  "}, "CLIENT_SECRET"),
        ({"USERNAME": ""}, "USERNAME"),
        ({"PASSWORD": ""}, "PASSWORD"),
        ({"EMAIL": EMAIL}, "PRIVATE_KEY"),
        ({"PRIVATE_KEY": pem()}, "EMAIL"),
        ({"EMAIL": EMAIL, "PRIVATE_KEY": pem()}, "CLIENT_ID"),
        ({"EMAIL": EMAIL, "PRIVATE_KEY": "no-such-file"}, "PRIVATE_KEY"),
        ({"EMAIL": EMAIL, "PRIVATE_KEY": pem(), "SCOPES": "section evaluation"}, "SCOPES"),
        ({"BASE_URL": "http://x.example"}, "BASE_URL"),
        ({"TIMEOUT": "soon"}, "TIMEOUT"),
        ({"MAX_RETRIES": "-1"}, "MAX_RETRIES"),
    ],
)
@BOTH
def test_environment_errors_name_the_variable(client: Client, over: dict[str, str], variable: str) -> None:
    with pytest.raises(assaykit.ConfigurationError) as caught:
        client.from_env(variables(**USER_VARIABLES | over))

    assert caught.value.argument == f"ASSAYKIT_TALVIEW_{variable}"
    assert "PRIVATE KEY-----" not in str(caught.value)


def test_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables(**USER_VARIABLES).items():
        monkeypatch.setenv(name, value)
    with talview.Talview.from_env() as api:
        assert api.session.base_url == URL


def test_failed_requests_are_repeated_where_that_does_no_harm() -> None:
    server = Server()
    answers = [httpx.Response(503), httpx.Response(502), httpx.Response(200, json=example("Candidate"))]
    server.answers["/models/candidate/1"] = lambda _: answers.pop(0)
    server.answers["/models/candidate"] = httpx.Response(503)
    with server.client() as api:
        assert api.candidates.get(1).first_name == "Ada"
        with pytest.raises(assaykit.ServerError):
            api.candidates.create(body=talview.models.NewCandidate(email=USERNAME))

    assert server.clock.slept == [0.5, 1.0]
    assert len(server.requests) == 4


def test_raw_gives_model_and_response() -> None:
    with Server().client() as api:
        candidates, response = api.raw(api.candidates.list, page_size=3)

    assert [candidate.id for candidate in candidates] == [1, 2, 3]
    assert response.headers["X-Pagination-Total-Count"] == "45"


def test_clone_shares_the_token() -> None:
    server = Server()
    with server.client() as api:
        api.candidates.list()
        api.with_options(headers={"X-Trace": "1"}).candidates.list()

    assert server.requests[1].headers["X-Trace"] == "1"
    assert len(server.bodies) == 1


def test_plain_modules_share_pool_and_token() -> None:
    server = Server()
    refusal = httpx.Response(422, json=[{"field": "email", "message": "Email is not a valid email address."}])
    with server.client() as api:
        candidates = candidates_list.sync(client=api.client, page_size=2)
        refused = candidates_get.sync_detailed(5, client=api.client)
        server.answers["/models/candidate"] = refusal
        fields = candidates_create.sync(client=api.client, body=talview.models.NewCandidate(email="ada"))

    assert isinstance(candidates, list)
    assert isinstance(candidates[0], talview.models.Candidate)
    assert refused.status_code == 404
    assert isinstance(refused.parsed, talview.models.Error)
    assert isinstance(fields, list)
    assert fields == [talview.models.FieldError("email", "Email is not a valid email address.")]
    assert len(server.bodies) == 1


@pytest.mark.anyio
async def test_plain_modules_share_pool_and_token_async() -> None:
    server = Server()
    async with server.async_client() as api:
        await api.candidates.list()
        candidates = await candidates_list.asyncio(client=api.client, page_size=2)

    assert isinstance(candidates, list)
    assert len(server.bodies) == 1


@pytest.mark.anyio
async def test_plain_modules_of_the_other_kind_say_which_client_to_use() -> None:
    with pytest.raises(assaykit.ConfigurationError, match="use Talview for sync calls"):
        candidates_get.sync(1, client=Server().async_client().client)
    with pytest.raises(assaykit.ConfigurationError, match="use AsyncTalview for asyncio"):
        await candidates_get.asyncio(1, client=Server().client().client)


def test_parameters_that_suppress_errors_are_those_of_the_specification() -> None:
    assert DOCUMENT["x-error-suppression"]["parameters"] == list(PARAMETERS)


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_suppressed_errors_are_refused_since_they_would_look_like_successes(parameter: str) -> None:
    server = Server()
    suppressed = {"success": False, "data": {"name": "Forbidden", "message": "No.", "code": 0, "status": 403}}
    server.answers["/models/candidate/1"] = suppressed
    with server.client() as api:
        api.client.get_httpx_client().params = httpx.QueryParams({parameter: "true"})
        with pytest.raises(assaykit.ConfigurationError, match="would hide failures from this client") as caught:
            api.candidates.delete(1)
        with pytest.raises(assaykit.ConfigurationError):
            candidates_get.sync(1, client=api.client)

    assert caught.value.argument == parameter
    assert server.requests == []


@pytest.mark.anyio
async def test_suppressed_errors_are_refused_async() -> None:
    server = Server()
    async with server.async_client() as api:
        api.session.http.params = httpx.QueryParams({"suppress_error_code": "1"})
        with pytest.raises(assaykit.ConfigurationError, match="leave it out"):
            await api.candidates.list()

    assert server.requests == []


def test_filter_whose_value_names_the_parameter_is_no_suppression() -> None:
    server = Server()
    with server.client() as api:
        assert api.candidates.list(email="suppress_error_code")


def test_operations_that_delete_give_nothing() -> None:
    server = Server()
    server.answers["/models/candidate/1"] = httpx.Response(204)
    with server.client() as api:
        api.candidates.delete(1)
        server.answers["/models/candidate/1"] = error(404, "Not Found", "Object not found: 1")
        with pytest.raises(assaykit.NotFound):
            api.candidates.delete(1)


def test_every_name_is_exported_and_nothing_else() -> None:
    modules = {name for name in talview.__all__ if not callable(getattr(talview, name))}
    assert modules == {"models", "webhooks"}
    assert set(talview.__all__) <= set(dir(talview))
    with pytest.raises(AttributeError, match="Recruiter"):
        talview.Recruiter  # type: ignore[attr-defined]  # noqa: B018 - the access is the test


def _printed(program: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def test_importing_loads_no_model_and_no_optional_library() -> None:
    program = """
import sys
import httpx
before = set(sys.modules)
from assaykit import talview
talview.Talview
loaded = set(sys.modules) - before
heavy = {"pydantic", "tenacity", "filelock", "asyncio", "zoneinfo", "importlib.metadata", "importlib.resources", "jwt"}
heavy |= {"cryptography", "mimetypes", "assaykit.core.paging", "assaykit.core.prefetching", "assaykit.core.downloads"}
generated = {name for name in loaded if name.startswith("talview_client.")}
print(sorted(loaded & heavy), sorted(generated), len(loaded))
"""
    [line] = _printed(program)

    assert line.startswith("[] ['talview_client.errors', 'talview_client.facade'] ")
    assert int(line.rpartition(" ")[2]) < 60


def test_one_call_loads_only_what_it_needs() -> None:
    program = """
import sys
import httpx
from assaykit import talview
candidate = {"id": 7, "email": "ada.sample@example.com", "created_at": "2026-01-12 09:30:00+00", "_links": {}}
def answer(request):
    return httpx.Response(200, json={"access_token": "t"} if request.method == "POST" else candidate)
options = {"client_id": "i", "client_secret": "s", "username": "u", "password": "p"}
api = talview.Talview("http://localhost", transport=httpx.MockTransport(answer), **options)
before = set(sys.modules)
api.candidates.get(7)
loaded = {name for name in set(sys.modules) - before if name.startswith("talview_client.")}
print(len(loaded))
print(*sorted(name.removeprefix("talview_client.models.") for name in loaded if ".models." in name))
print(*sorted(name.removeprefix("talview_client.api.") for name in loaded if ".api." in name))
"""
    count, models, operations = _printed(program)

    assert models.split() == ["candidate", "candidate_links", "password_token_request", "refresh_token_request"]
    assert operations.split() == ["candidates", "candidates.candidates_get", "tokens", "tokens.tokens_create"]
    assert int(count) < 25
