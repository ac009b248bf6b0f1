"""The clients: addresses, environment, tokens, errors, plain modules, cost of importing."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import httpx
import pytest

import assaykit
from assaykit import podium
from assaykit.core.retry import RetryEvent
from assaykit.podium.client import PROFILE, REGIONS
from assaykit.testing.podium import Emulator
from podium_client.api.credits import credits_get
from podium_client.api.participants import participants_create
from tests.podium.support import CLIENT, new_participant, one_test


def test_regions_are_the_servers_of_the_specification() -> None:
    document = json.loads((files("podium_client") / "openapi.json").read_text())
    (server,) = document["servers"]
    named = {region: server["url"].replace("{region}", region) for region in server["variables"]["region"]["enum"]}

    assert named == REGIONS


def test_what_is_idempotent_and_public_is_as_in_the_index() -> None:
    operations = json.loads((files("podium_client") / "operations.json").read_text())["operations"]

    assert {operation["id"] for operation in operations if not operation["security"]} == PROFILE.public
    assert len(operations) == 19
    for operation in operations:
        assert PROFILE.idempotent(operation["id"]) is operation["idempotent"]
    assert PROFILE.idempotent("no_such_operation") is None


@pytest.mark.parametrize("region", ["au", "eu", "uae"])
def test_region_chooses_the_address(region: podium.Region) -> None:
    with podium.Podium("key", region=region) as api:
        assert api.session.base_url == f"https://integration-{region}.podium365.com"
        assert "key" not in repr(api)


@pytest.mark.parametrize(
    ("arguments", "argument", "problem"),
    [
        ({"api_key": ""}, "api_key", "missing or empty"),
        ({"api_key": "key"}, "region", "neither it nor base_url is given"),
        ({"api_key": "key", "region": "eu", "base_url": "https://x.example"}, "region", "both"),
        ({"api_key": "key", "region": "us"}, "region", "'us' is no region of Podium; choose one of au, eu, uae"),
        ({"api_key": "key", "base_url": "http://x.example"}, "base_url", "unencrypted"),
        ({"api_key": "key", "region": "eu", "timeout": 0}, "timeout", "not a positive number"),
        ({"api_key": "key", "region": "eu", "max_retries": -1}, "max_retries", "not a whole number"),
    ],
)
@pytest.mark.parametrize("client", [podium.Podium, podium.AsyncPodium])
def test_arguments_that_cannot_be_used_are_named(
    client: type, arguments: dict[str, object], argument: str, problem: str
) -> None:
    with pytest.raises(assaykit.ConfigurationError, match=problem) as caught:
        client(**arguments)

    assert caught.value.argument == argument


@pytest.mark.parametrize("client", [podium.Podium, podium.AsyncPodium])
def test_environment_configures_a_client(
    client: type[podium.Podium] | type[podium.AsyncPodium], tmp_path: Path
) -> None:
    variables = {
        "ASSAYKIT_PODIUM_API_KEY": "key",
        "ASSAYKIT_PODIUM_BASE_URL": "http://emulator:8080/podium",
        "ASSAYKIT_PODIUM_ALLOW_HTTP": "emulator",
        "ASSAYKIT_PODIUM_TIMEOUT": "7",
        "ASSAYKIT_PODIUM_MAX_RETRIES": "5",
        "ASSAYKIT_PODIUM_PROXY": "http://proxy.example:3128",
        "ASSAYKIT_PODIUM_TOKEN_FOLDER": str(tmp_path),
    }
    api = client.from_env(variables)

    assert api.session.base_url == "http://emulator:8080/podium"
    assert api.session.http.timeout.read == 7.0
    assert api.session.max_retries == 5
    assert client.from_env(variables, max_retries=1).session.max_retries == 1


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({"API_KEY": ""}, "ASSAYKIT_PODIUM_API_KEY"),
        ({"REGION": ""}, "ASSAYKIT_PODIUM_REGION"),
        ({"REGION": "us"}, "ASSAYKIT_PODIUM_REGION"),
        ({"REGION": "", "BASE_URL": "http://x.example"}, "ASSAYKIT_PODIUM_BASE_URL"),
        ({"TIMEOUT": "soon"}, "ASSAYKIT_PODIUM_TIMEOUT"),
        ({"TIMEOUT": "-1"}, "ASSAYKIT_PODIUM_TIMEOUT"),
        ({"MAX_RETRIES": "many"}, "ASSAYKIT_PODIUM_MAX_RETRIES"),
    ],
)
@pytest.mark.parametrize("client", [podium.Podium, podium.AsyncPodium])
def test_environment_errors_name_the_variable(
    client: type[podium.Podium] | type[podium.AsyncPodium], changes: dict[str, str], variable: str
) -> None:
    names = {"API_KEY": "key", "REGION": "eu"} | changes

    with pytest.raises(assaykit.ConfigurationError) as caught:
        client.from_env({f"ASSAYKIT_PODIUM_{name}": value for name, value in names.items()})

    assert caught.value.argument == variable


def test_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAYKIT_PODIUM_API_KEY", "key")
    monkeypatch.setenv("ASSAYKIT_PODIUM_REGION", "uae")
    with podium.Podium.from_env() as api:
        assert api.session.base_url == REGIONS["uae"]


def test_one_token_serves_an_hour_less_a_margin(podium_emulator: Emulator) -> None:
    with podium_emulator.client() as api:
        api.credits.get(CLIENT)
        podium_emulator.clock.advance(minutes=54)
        api.credits.get(CLIENT)
        assert len(podium_emulator.journal.find(operation="tokens_create")) == 1
        podium_emulator.clock.advance(minutes=2)
        api.credits.get(CLIENT)
        podium_emulator.clock.advance(hours=3)
        api.credits.get(CLIENT)

    assert len(podium_emulator.journal.find(operation="tokens_create")) == 3
    assert not podium_emulator.journal.find(status=401)


def test_token_that_podium_refuses_is_replaced_once(podium_emulator: Emulator) -> None:
    with podium_emulator.client() as api:
        api.credits.get(CLIENT)
        podium_emulator.fail_next("credits_get", status=401)
        assert api.credits.get(CLIENT).credit_total == 100

    assert len(podium_emulator.journal.find(operation="tokens_create")) == 2


def test_wrong_key_is_an_authentication_error_without_the_key(podium_emulator: Emulator) -> None:
    with podium_emulator.client("wrong-key-of-a-test") as api, pytest.raises(assaykit.AuthenticationError) as caught:
        api.credits.get(CLIENT)

    assert caught.value.operation == "tokens_create"
    assert caught.value.status == 401
    assert "wrong-key-of-a-test" not in str(caught.value)


@pytest.mark.parametrize("answer", [{}, {"token": 5}, {"token": ""}, []])
def test_token_answer_that_does_not_fit_is_invalid(answer: object) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    with (
        podium.Podium("key", region="eu", transport=transport) as api,
        pytest.raises(assaykit.ResponseInvalid) as caught,
    ):
        api.credits.get(CLIENT)

    assert caught.value.operation == "tokens_create"


def test_refused_fields_are_named(podium_emulator: Emulator) -> None:
    body = new_participant()
    body.first_name = ""
    with podium_emulator.client() as api, pytest.raises(assaykit.ValidationFailed) as caught:
        api.participants.create(CLIENT, body=body)

    (field,) = caught.value.fields
    assert "firstName" in field.field
    assert caught.value.code
    assert str(caught.value).startswith(f"podium participants_create: 400 {caught.value.code}: ")
    assert "firstName" in str(caught.value)


def test_errors_have_the_class_of_their_cause(podium_emulator: Emulator) -> None:
    with podium_emulator.client() as api:
        with pytest.raises(assaykit.NotFound):
            api.credits.get("client-of-nobody")
        person = api.participants.create(CLIENT, body=new_participant())
        api.tests.assign(CLIENT, person.participant_id, body=one_test())
        podium_emulator.start(person, "test1")
        with pytest.raises(assaykit.Conflict):
            api.tests.remove(CLIENT, person.participant_id, test_id=["test1"])
        podium_emulator.complete(person, "test1")
        podium_emulator.set_credits(0)
        with pytest.raises(assaykit.PaymentRequired):
            api.results.get(CLIENT, person.participant_id, test_id=["test1"], norm_id=["norm1"])


def test_idempotent_operations_are_repeated_and_others_only_when_asked(podium_emulator: Emulator) -> None:
    events: list[RetryEvent] = []
    with podium_emulator.client(on_retry=events.append) as api:
        podium_emulator.fail_next("credits_get", status=503, times=2)
        assert api.credits.get(CLIENT).credit_total == 100
        podium_emulator.fail_next("participants_create", status=503)
        with pytest.raises(assaykit.ServerError):
            api.participants.create(CLIENT, body=new_participant())
        before = podium_emulator.clock.now()
        podium_emulator.fail_next("participants_create", status=503, retry_after=9)
        assert api.participants.create(CLIENT, body=new_participant()).participant_id
        assert (podium_emulator.clock.now() - before).total_seconds() == pytest.approx(9.0, abs=0.1)

    assert [(event.operation, event.attempt) for event in events] == [
        ("credits_get", 1),
        ("credits_get", 2),
        ("participants_create", 1),
    ]


@pytest.mark.parametrize("kind", ["reset", "close", "garbage"])
def test_broken_connections_are_repeated_where_that_does_no_harm(podium_emulator: Emulator, kind: str) -> None:
    with podium_emulator.client() as api:
        podium_emulator.fail_next("credits_get", kind=kind)
        assert api.credits.get(CLIENT).credit_total == 100
        podium_emulator.fail_next("participants_create", kind=kind)
        with pytest.raises(assaykit.ConnectionFailed):
            api.participants.create(CLIENT, body=new_participant())


def test_slow_answer_is_a_timeout(podium_emulator: Emulator) -> None:
    podium_emulator.fail_next("participants_create", delay=31)
    with podium_emulator.client() as api, pytest.raises(assaykit.Timeout, match="no answer within 30 s"):
        api.participants.create(CLIENT, body=new_participant())


def test_answer_that_is_not_json_is_invalid(podium_emulator: Emulator) -> None:
    podium_emulator.fail_next("credits_get", kind="malformed")
    with podium_emulator.client() as api, pytest.raises(assaykit.ResponseInvalid) as caught:
        api.credits.get(CLIENT)

    assert caught.value.path == "$"
    assert caught.value.response is not None


def test_answer_that_does_not_fit_names_the_place() -> None:
    document = {
        "participantId": "p",
        "integrationPartnerParticipantId": "x",
        "integrationPartnerParticipantMetadata": None,
        "results": [{"testId": "t", "completionDate": None, "scores": 5}],
    }

    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"token": "t"} if request.url.path == "/token" else document)

    transport = httpx.MockTransport(handle)
    with (
        podium.Podium("key", region="eu", transport=transport) as api,
        pytest.raises(assaykit.ResponseInvalid) as caught,
    ):
        api.results.get(CLIENT, "p", test_id=["t"], norm_id=["n"])

    assert caught.value.path == "$.results[0].scores"
    assert caught.value.response is not None
    assert caught.value.response.json() == document


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (b'{"error": {"code": "c", "message": "m"}}', "c", "m"),
        (b'{"message": "m"}', None, "m"),
        (b'{"title": "t", "status": 404}', None, "t"),
        (b'"text"', None, "Not Found"),
        (b"<html>", None, "Not Found"),
        (b"", None, "Not Found"),
        (b'{"error": {"code": 5}}', "5", "Not Found"),
    ],
)
def test_error_body_is_read_as_far_as_it_goes(body: bytes, code: str | None, message: str) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"token": "t"})
        return httpx.Response(404, content=body)

    transport = httpx.MockTransport(handle)
    with podium.Podium("key", region="eu", transport=transport) as api, pytest.raises(assaykit.NotFound) as caught:
        api.credits.get(CLIENT)

    assert (caught.value.code, caught.value.message) == (code, message)


def test_raw_gives_model_and_response(podium_emulator: Emulator) -> None:
    with podium_emulator.client() as api:
        created, response = api.raw(api.participants.create, CLIENT, body=new_participant())

    assert created.participant_id == response.json()["participantId"]
    assert response.request.method == "POST"


def test_plain_modules_share_token_pool_and_retries(podium_emulator: Emulator) -> None:
    with podium_emulator.client() as api:
        api.credits.get(CLIENT)
        podium_emulator.fail_next("credits_get", status=503)
        total = credits_get.sync(CLIENT, client=api.client)
        refused = participants_create.sync_detailed("client-of-nobody", client=api.client, body=new_participant())

    assert isinstance(total, podium.models.Credits)
    assert total.credit_total == 100
    assert refused.status_code == 404
    assert isinstance(refused.parsed, podium.models.Error)
    assert len(podium_emulator.journal.find(operation="tokens_create")) == 1


@pytest.mark.anyio
async def test_plain_modules_share_token_and_pool_async(podium_emulator: Emulator) -> None:
    async with podium_emulator.async_client() as api:
        total = await credits_get.asyncio(CLIENT, client=api.client)

    assert isinstance(total, podium.models.Credits)
    assert total.credit_total == 100


def test_plain_modules_of_the_other_kind_say_which_client_to_use(podium_emulator: Emulator) -> None:
    with pytest.raises(assaykit.ConfigurationError, match="AsyncPodium's client is for asyncio"):
        credits_get.sync(CLIENT, client=podium_emulator.async_client().client)


@pytest.mark.anyio
async def test_plain_modules_of_the_other_kind_say_which_client_to_use_async(podium_emulator: Emulator) -> None:
    with pytest.raises(assaykit.ConfigurationError, match="Podium's client is for sync calls"):
        await credits_get.asyncio(CLIENT, client=podium_emulator.client().client)


def test_clone_has_its_own_options_and_resources(podium_emulator: Emulator) -> None:
    with podium_emulator.client() as api:
        api.credits.get(CLIENT)
        podium_emulator.fail_next("credits_get", status=503)
        with pytest.raises(assaykit.ServerError):
            api.with_options(max_retries=0).credits.get(CLIENT)
        assert api.credits.get(CLIENT).credit_total == 100

    assert len(podium_emulator.journal.find(operation="tokens_create")) == 1
    with pytest.raises(assaykit.ClientClosed):
        api.credits.get(CLIENT)


def test_every_export_can_be_had() -> None:
    for name in podium.__all__:
        assert getattr(podium, name) is not None
    assert set(podium.__all__) <= set(dir(podium))


def test_importing_loads_no_model_and_no_optional_library() -> None:
    program = """
import sys
import httpx
before = set(sys.modules)
from assaykit import podium
podium.Podium
loaded = set(sys.modules) - before
heavy = {"pydantic", "tenacity", "filelock", "asyncio", "importlib.metadata", "importlib.resources"}
models = {name for name in loaded if name.startswith(("podium_client.models.", "podium_client.api."))}
print(sorted((loaded & heavy) | models), len(loaded))
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    names, count = done.stdout.rsplit(maxsplit=1)

    assert names == "[]"
    assert int(count) < 80
