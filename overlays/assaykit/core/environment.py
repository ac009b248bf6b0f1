"""The options that every vendor's client reads from its environment variables."""

from __future__ import annotations

from .budget import OnBudget
from .config import Environment, one_of
from .options import SharedOptions


def shared_options(environment: Environment) -> SharedOptions:
    """Read the variables that mean the same for every vendor.

    ``…_TIMEOUT`` in seconds, ``…_MAX_RETRIES``, ``…_ON_BUDGET`` (``wait``, ``raise`` or ``report``),
    ``…_ALLOW_HTTP`` as host names separated by commas, ``…_PROXY``, and ``…_TOKEN_FOLDER``, the folder in which
    tokens are kept for the next process.

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
