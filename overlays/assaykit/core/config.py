"""What a client may be configured with, checked before the first request."""

from __future__ import annotations

import functools
import ipaddress
import math
import os
import platform
import ssl
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, get_args

import httpx

from .errors import ConfigurationError
from .version import __version__

DEFAULT_TIMEOUT = httpx.Timeout(30.0, connect=5.0, pool=10.0)
"""Seconds: 5 to connect, 30 to send a piece, 30 for a piece of the answer, 10 for a free connection."""


def base_url(text: str, allow_http: str | Collection[str] = ()) -> str:
    """Check a base URL and bring it into one form, without a slash at its end.

    Args:
        text: The URL as given.
        allow_http: Hosts that may be called without TLS besides loopback ones.

    Raises:
        ConfigurationError: It is no http(s) URL, holds credentials, query or fragment, or is http for a host
            that may not.
    """
    try:
        url = httpx.URL(text.strip())
    except httpx.InvalidURL as error:
        raise ConfigurationError("base_url", f"not a URL ({error})", "give https://host/path") from None
    if url.scheme not in ("https", "http") or not url.host:
        raise ConfigurationError(
            "base_url", f"not an http(s) URL: {url.scheme or 'no scheme'}", "give https://host/path"
        )
    if url.userinfo:
        raise ConfigurationError("base_url", "holds a user name or password", "give credentials by their own arguments")
    if url.query or url.fragment:
        raise ConfigurationError("base_url", "holds a query or fragment", "give scheme, host and path only")
    if url.scheme == "http" and not (_is_loopback(url.host) or _is_allowed(url.host, allow_http)):
        raise ConfigurationError(
            "base_url",
            f"http:// would send credentials to {url.host} unencrypted",
            f"use https://, or allow_http={url.host!r} if the network between is yours",
        )
    return str(url).rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_allowed(host: str, allow_http: str | Collection[str]) -> bool:
    names = (allow_http,) if isinstance(allow_http, str) else allow_http
    return host in {name.lower() for name in names}


def timeout(value: float | httpx.Timeout | None) -> httpx.Timeout:
    """Check a timeout; None means the default.

    A number of seconds holds for each phase, but never makes connecting or waiting for a free connection longer
    than the default does.
    """
    if value is None:
        return DEFAULT_TIMEOUT
    if isinstance(value, httpx.Timeout):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise ConfigurationError("timeout", f"{value!r} is not a positive number of seconds", "give for example 30")
    return httpx.Timeout(
        value, connect=min(value, DEFAULT_TIMEOUT.connect or value), pool=min(value, DEFAULT_TIMEOUT.pool or value)
    )


def max_retries(value: int) -> int:
    """Check a number of retries."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ConfigurationError("max_retries", f"{value!r} is not a whole number from 0 up", "give for example 2")
    return value


def one_of(argument: str, value: str, choices: Any) -> Any:
    """Check a text that must be one of a few.

    Args:
        argument: Name of the argument.
        value: As given.
        choices: A ``Literal`` of those that may be given.
    """
    if value not in get_args(choices):
        raise ConfigurationError(
            argument, f"{value!r} is not known", f"give {' or '.join(map(repr, get_args(choices)))}"
        )
    return value


def required(argument: str, value: str | None, remedy: str) -> str:
    """Check that a text argument was given, without ever showing it."""
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationError(argument, "missing or empty", remedy)
    if value != value.strip() or not value.isprintable():
        raise ConfigurationError(argument, "has white space or control characters around or in it", remedy)
    return value


@functools.cache
def tls_context() -> ssl.SSLContext:
    """The TLS settings of every client of the process: certificates verified, TLS 1.2 or newer."""
    context = httpx.create_ssl_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def tls_context_for(url: str) -> ssl.SSLContext:
    """TLS settings for a base URL; one without TLS gets settings that trust nobody and cost no start-up time."""
    return tls_context() if url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def proxy_for(url: str, proxy: str | None = None) -> str | None:
    """The proxy to reach a base URL by: the given one, or the one that the environment names for its host."""
    if proxy is not None:
        return proxy
    from urllib.request import getproxies, proxy_bypass

    parsed = httpx.URL(url)
    if proxy_bypass(parsed.host):
        return None
    proxies = getproxies()
    found = proxies.get(parsed.scheme) or proxies.get("all")
    return found if found is None or "://" in found else f"http://{found}"


@functools.cache
def user_agent() -> str:
    """Who calls: this package, Python and httpx with their versions."""
    return f"assaykit/{__version__} python/{platform.python_version()} httpx/{httpx.__version__}"


class Environment:
    """Reads a vendor's variables, ``ASSAYKIT_<VENDOR>_<NAME>``. A variable that is empty counts as unset.

    Args:
        vendor: The vendor's name.
        variables: Where to read. Default: the process's environment.
    """

    def __init__(self, vendor: str, variables: Mapping[str, str] | None = None) -> None:
        self._prefix = f"ASSAYKIT_{vendor.upper()}_"
        self._variables = os.environ if variables is None else variables

    def name(self, name: str) -> str:
        """The whole name of a variable."""
        return self._prefix + name

    def text(self, name: str) -> str | None:
        """A text, None if unset."""
        return self._variables.get(self.name(name), "").strip() or None

    def required(self, name: str, what: str) -> str:
        """A text that must be there.

        Args:
            name: The variable's name without prefix.
            what: What to set it to, for the error.
        """
        value = self.text(name)
        if value is None:
            raise ConfigurationError(self.name(name), "is not set", f"set it to {what}")
        return value

    def names(self, name: str) -> tuple[str, ...]:
        """A list separated by commas."""
        return tuple(part.strip() for part in (self.text(name) or "").split(",") if part.strip())

    def number(self, name: str) -> float | None:
        """A number, None if unset."""
        value = self.text(name)
        try:
            return None if value is None else float(value)
        except ValueError:
            raise ConfigurationError(
                self.name(name), f"{value!r} is not a number", "set it to for example 30"
            ) from None

    def integer(self, name: str) -> int | None:
        """A whole number, None if unset."""
        value = self.text(name)
        try:
            return None if value is None else int(value)
        except ValueError:
            raise ConfigurationError(
                self.name(name), f"{value!r} is not a whole number", "set it to for example 2"
            ) from None

    @contextmanager
    def naming(self, *arguments: str) -> Iterator[None]:
        """Errors about ``arguments`` name the variables that they were read from instead.

        Args:
            *arguments: Arguments whose variables have the same name in capitals.
        """
        try:
            yield
        except ConfigurationError as error:
            if error.argument not in arguments:
                raise
            raise ConfigurationError(self.name(error.argument.upper()), error.problem, error.remedy) from None
