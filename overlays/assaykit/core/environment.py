"""The options that every vendor's client reads from its environment variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final, TypeVar

from .budget import OnBudget
from .caller import OnPartial
from .config import Environment, one_of
from .options import AsyncOptions, SharedOptions, SyncOptions

OptionsT = TypeVar("OptionsT", SyncOptions, AsyncOptions)

_SHARED: Final = frozenset({"timeout", "max_retries", "on_budget", "on_partial", "allow_http"})
"""Options that are read here and checked by the client."""


@contextmanager
def from_environment(
    vendor: str, variables: Mapping[str, str] | None, options: OptionsT, *arguments: str
) -> Iterator[tuple[Environment, OptionsT]]:
    """Make a client from variables: errors in the block name the variable that an argument was read from.

        with from_environment("acme", variables, options, "key") as (environment, merged):
            return cls(environment.required("KEY", "your key"), **merged)

    Args:
        vendor: The vendor's name.
        variables: Where to read. Default: the process's environment.
        options: What the caller gave; takes precedence over variables.
        *arguments: The vendor's own arguments that the block reads.

    Yields:
        The vendor's variables, and the options of ``shared_options`` with those of the caller over them.
    """
    environment = Environment(vendor, variables)
    with environment.naming(*arguments, *_SHARED.difference(options)):
        yield environment, {**shared_options(environment), **options}


def shared_options(environment: Environment) -> SharedOptions:
    """Read the variables that mean the same for every vendor.

    ``…_TIMEOUT`` in seconds, ``…_MAX_RETRIES``, ``…_ON_BUDGET`` (``wait``, ``raise`` or ``report``),
    ``…_ON_PARTIAL`` (``raise`` or ``return``), ``…_ALLOW_HTTP`` as host names separated by commas, ``…_PROXY``, and
    ``…_TOKEN_FOLDER``, the folder in which tokens are kept for the next process.

    Raises:
        ConfigurationError: A variable cannot be read; the error names it.
    """
    options: SharedOptions = {}
    timeout = environment.number("TIMEOUT")
    if timeout is not None:
        options["timeout"] = timeout
    max_retries = environment.integer("MAX_RETRIES")
    if max_retries is not None:
        options["max_retries"] = max_retries
    on_budget = environment.text("ON_BUDGET")
    if on_budget is not None:
        with environment.naming("on_budget"):
            options["on_budget"] = one_of("on_budget", on_budget, OnBudget)
    on_partial = environment.text("ON_PARTIAL")
    if on_partial is not None:
        with environment.naming("on_partial"):
            options["on_partial"] = one_of("on_partial", on_partial, OnPartial)
    allow_http = environment.names("ALLOW_HTTP")
    if allow_http:
        options["allow_http"] = allow_http
    proxy = environment.text("PROXY")
    if proxy is not None:
        options["proxy"] = proxy
    token_folder = environment.text("TOKEN_FOLDER")
    if token_folder is not None:
        from .token_files import FileTokenStore

        options["token_store"] = FileTokenStore(token_folder)
    return options
