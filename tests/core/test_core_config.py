"""Base URLs, timeouts, environment variables: refused early, with the name and the remedy."""

from __future__ import annotations

import importlib.metadata
import re
import ssl

import httpx
import pytest

import assaykit
from assaykit.core import config
from assaykit.core.environment import from_environment
from assaykit.core.errors import ConfigurationError
from assaykit.core.options import AsyncOptions, SyncOptions
from tests.core.support import Acme, AsyncAcme


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://acme.example", "https://acme.example"),
        ("https://acme.example/", "https://acme.example"),
        (" https://acme.example/api/ ", "https://acme.example/api"),
        ("HTTPS://ACME.example/api", "https://acme.example/api"),
        ("http://localhost:8080/podium/", "http://localhost:8080/podium"),
        ("http://emulator.localhost", "http://emulator.localhost"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_base_url_is_brought_into_one_form(given: str, expected: str) -> None:
    assert config.base_url(given) == expected


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("http://acme.example", "unencrypted"),
        ("http://10.0.0.1", "unencrypted"),
        ("http://127.0.0.1.acme.example", "unencrypted"),
        ("http://localhost.acme.example", "unencrypted"),
        ("ftp://acme.example", "not an http"),
        ("acme.example", "not an http"),
        ("https://", "not an http"),
        ("", "not an http"),
        ("https://user:s3cret@acme.example", "user name or password"),
        ("https://acme.example/?key=s3cret", "query or fragment"),
        ("https://acme.example/#x", "query or fragment"),
        ("https://acme.example:port", "not a URL"),
    ],
)
def test_base_url_that_cannot_be_used_is_refused(given: str, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem) as caught:
        config.base_url(given)

    assert caught.value.argument == "base_url"
    assert caught.value.remedy
    assert "s3cret" not in str(caught.value)


def test_http_is_allowed_for_hosts_by_name_only() -> None:
    assert config.base_url("http://emulator:8080", "emulator") == "http://emulator:8080"
    assert config.base_url("http://emulator:8080", ["other", "Emulator"]) == "http://emulator:8080"
    with pytest.raises(ConfigurationError, match=r"allow_http='acme\.example'"):
        config.base_url("http://acme.example", "emulator")


def test_timeouts_are_finite_in_every_phase() -> None:
    with Acme() as api:
        limits = api.session.http.timeout
    assert (limits.connect, limits.read, limits.write, limits.pool) == (5.0, 30.0, 30.0, 10.0)

    limits = config.timeout(2)
    assert (limits.connect, limits.read, limits.write, limits.pool) == (2, 2, 2, 2)
    limits = config.timeout(600)
    assert (limits.connect, limits.read, limits.write, limits.pool) == (5.0, 600, 600, 10.0)
    own = httpx.Timeout(1.0)
    assert config.timeout(own) is own


@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan"), True, "30"])
def test_timeout_that_cannot_be_used_is_refused(value: float) -> None:
    with pytest.raises(ConfigurationError, match="timeout"):
        Acme(timeout=value)


@pytest.mark.parametrize("value", [-1, True, 1.5, "2"])
def test_max_retries_that_cannot_be_used_is_refused(value: int) -> None:
    with pytest.raises(ConfigurationError, match="max_retries"):
        Acme(max_retries=value)
    with Acme() as api, pytest.raises(ConfigurationError, match="max_retries"):
        api.with_options(max_retries=value)


def test_unknown_argument_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="tiemout"):
        Acme(tiemout=3)  # type: ignore[call-arg]  # the mistake under test
    with pytest.raises(TypeError, match="tiemout"):
        AsyncAcme(tiemout=3)  # type: ignore[call-arg]  # the mistake under test


@pytest.mark.parametrize("value", ["", "  ", None, " s3cret", "s3cret\n", "s3\x00cret"])
def test_credential_that_cannot_be_sent_is_refused_without_showing_it(value: str) -> None:
    with pytest.raises(ConfigurationError, match="api_key") as caught:
        config.required("api_key", value, "give the key")

    assert "cret" not in str(caught.value)
    assert config.required("api_key", "key", "give the key") == "key"


def test_tls_1_2_is_the_least() -> None:
    context = config.tls_context()

    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    assert config.tls_context_for("https://acme.example") is context
    assert config.tls_context_for("http://localhost").verify_mode == ssl.CERT_REQUIRED


def test_user_agent_names_the_versions() -> None:
    assert re.fullmatch(r"assaykit/\d+\.\d+\.\d+ python/3\.\d+\.\S+ httpx/\d+\.\d+\.\S+", config.user_agent())
    assert importlib.metadata.version("assaykit") == assaykit.__version__


def test_proxy_comes_from_argument_or_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert config.proxy_for("https://acme.example") is None
    assert config.proxy_for("https://acme.example", "http://p:1") == "http://p:1"
    monkeypatch.setenv("all_proxy", "p:2")
    assert config.proxy_for("https://acme.example") == "http://p:2"
    monkeypatch.setenv("https_proxy", "http://p:3")
    assert config.proxy_for("https://acme.example") == "http://p:3"
    monkeypatch.setenv("no_proxy", "acme.example")
    assert config.proxy_for("https://acme.example") is None


def test_environment_is_read_by_vendor() -> None:
    environment = config.Environment(
        "acme",
        {
            "ASSAYKIT_ACME_KEY": " k ",
            "ASSAYKIT_ACME_TIMEOUT": "2.5",
            "ASSAYKIT_ACME_RETRIES": "4",
            "ASSAYKIT_ACME_HOSTS": "a, b,,",
            "ASSAYKIT_ACME_EMPTY": "",
        },
    )

    assert environment.required("KEY", "the key") == "k"
    assert environment.number("TIMEOUT") == 2.5
    assert environment.integer("RETRIES") == 4
    assert environment.names("HOSTS") == ("a", "b")
    assert environment.text("EMPTY") is None
    assert environment.number("NONE") is None
    assert environment.integer("NONE") is None


def test_client_is_made_from_variables_under_what_the_caller_gives() -> None:
    variables = {"ASSAYKIT_ACME_TIMEOUT": "7", "ASSAYKIT_ACME_ON_PARTIAL": "return", "ASSAYKIT_ACME_ON_BUDGET": "raise"}
    given: SyncOptions = {"timeout": 3.0}

    with from_environment("acme", variables, given, "key") as (environment, merged):
        assert environment.name("KEY") == "ASSAYKIT_ACME_KEY"
    assert merged == {"timeout": 3.0, "on_partial": "return", "on_budget": "raise"}


@pytest.mark.parametrize(
    ("argument", "named"),
    [("key", "ASSAYKIT_ACME_KEY"), ("max_retries", "ASSAYKIT_ACME_MAX_RETRIES"), ("timeout", "timeout"), ("x", "x")],
)
def test_what_was_read_is_named_by_its_variable(argument: str, named: str) -> None:
    given: AsyncOptions = {"timeout": 3.0}
    with pytest.raises(ConfigurationError) as caught, from_environment("acme", {}, given, "key"):
        raise ConfigurationError(argument, "is odd")

    assert caught.value.argument == named


def test_choice_that_cannot_be_made_names_its_variable() -> None:
    nothing: SyncOptions = {}
    for name in ("ON_PARTIAL", "ON_BUDGET"):
        variables = {f"ASSAYKIT_ACME_{name}": "ask"}
        with (
            pytest.raises(ConfigurationError, match=f"ASSAYKIT_ACME_{name}: 'ask' is not known"),
            from_environment("acme", variables, nothing),
        ):
            pass


def test_environment_errors_name_the_variable() -> None:
    environment = config.Environment("acme", {"ASSAYKIT_ACME_TIMEOUT": "soon", "ASSAYKIT_ACME_RETRIES": "1.5"})

    with pytest.raises(ConfigurationError, match="ASSAYKIT_ACME_KEY: is not set; set it to the key that Acme gave"):
        environment.required("KEY", "the key that Acme gave")
    with pytest.raises(ConfigurationError, match="ASSAYKIT_ACME_TIMEOUT: 'soon' is not a number"):
        environment.number("TIMEOUT")
    with pytest.raises(ConfigurationError, match=r"ASSAYKIT_ACME_RETRIES: '1\.5' is not a whole number"):
        environment.integer("RETRIES")
