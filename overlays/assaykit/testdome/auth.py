"""How TestDome gives tokens: by client credentials, or by a login and its API password until that ends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import httpx

from assaykit.core import config
from assaykit.core.deprecation import warn_deprecated
from assaykit.core.errors import ConfigurationError
from assaykit.core.oauth import read_bearer_token
from assaykit.core.secrets import NamedSecret, Secret
from assaykit.core.tokens import Token, TokenKey

if TYPE_CHECKING:
    from testdome_client.models import ClientCredentialsRequest, PasswordRequest

TOKEN_LIFETIME: Final = 1800.0
"""Seconds; for tokens of which the answer does not say it. Source: TestDome API, "Authentication"."""

DEPRECATED_GRANT_ENDS: Final = "November 2026"
"""Source: TestDome support, article 44002728234, on moving to client credentials."""

_DIGITS = 10  # of seconds; a lifetime of centuries is a mistake
_WHERE = "generate them on TestDome's page Integrations & API"


class _GrantSource(ABC):
    """Exchanges a name and a secret for a token; TestDome has no refresh tokens, so both are sent every time.

    Args:
        base_url: TestDome's address, without a slash at its end.
        name: The client id, or the login.
        secret: What belongs to it.

    Source:
        TestDome API, "Authentication"
    """

    operation = "tokens_create"

    def __init__(self, base_url: str, name: str, secret: Secret) -> None:
        self._base_url = base_url
        self._name = name
        self._secret = secret
        self._key = TokenKey("testdome", base_url, NamedSecret(name, secret))

    @abstractmethod
    def _body(self) -> ClientCredentialsRequest | PasswordRequest:
        """The form to send; made for each request, so that the secret does not stay in it."""

    def key(self) -> TokenKey:
        """Whose token it is."""
        return self._key

    def request(self, _previous: Token | None, /) -> httpx.Request:
        """The token request."""
        from testdome_client.api.tokens import tokens_create

        arguments = tokens_create._get_kwargs(body=self._body())
        url = self._base_url + arguments.pop("url")
        return httpx.Request(arguments.pop("method"), url, **arguments)

    def read(self, response: httpx.Response, now: float) -> Token:
        """Read the token of the answer; of its properties only the token itself has to be there.

        Raises:
            ValueError: There is none in it.
        """
        from testdome_client.response import read_json

        return read_bearer_token(read_json(response), now=now, lifetime=TOKEN_LIFETIME)


class ClientCredentialsSource(_GrantSource):
    """The grant ``client_credentials``: the current one."""

    def _body(self) -> ClientCredentialsRequest:
        from testdome_client.models import ClientCredentialsRequest

        return ClientCredentialsRequest(self._name, self._secret.reveal())


class PasswordSource(_GrantSource):
    """The grant ``password``, which TestDome ends."""

    def _body(self) -> PasswordRequest:
        from testdome_client.models import PasswordRequest

        return PasswordRequest(self._name, self._secret.reveal())


def credentials(
    client_id: str | None, client_secret: str | None, username: str | None, password: str | None
) -> Callable[[str], _GrantSource]:
    """Choose the grant by what was given.

    Returns:
        What makes the token source for a base URL.

    Raises:
        ConfigurationError: Both pairs are given, neither is, or half of one.

    Warns:
        DeprecationWarning: It is the pair of the grant that ends.
    """
    has_client = client_id is not None or client_secret is not None
    has_login = username is not None or password is not None
    if has_client and has_login:
        problem = "client credentials and a login are given, which are two ways to get a token"
        raise ConfigurationError("client_id", problem, "give client_id and client_secret, and neither of the others")
    if not has_client and not has_login:
        raise ConfigurationError("client_id", "not given", f"give client_id and client_secret; {_WHERE}")
    if has_client:
        name = config.required("client_id", client_id, f"give client_id and client_secret; {_WHERE}")
        secret = Secret(config.required("client_secret", client_secret, f"give the one of the client id; {_WHERE}"))
        return lambda base_url: ClientCredentialsSource(base_url, name, secret)
    login = config.required("username", username, "give the e-mail address of the login, or better client credentials")
    key = Secret(config.required("password", password, "give the API password of the login, or better a client secret"))
    warn_deprecated(
        f"TestDome ends getting tokens by username and password in {DEPRECATED_GRANT_ENDS}, after which these calls "
        f"will be refused; use client_id and client_secret instead: {_WHERE}"
    )
    return lambda base_url: PasswordSource(base_url, login, key)
