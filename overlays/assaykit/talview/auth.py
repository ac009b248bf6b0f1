"""How Talview gives tokens: for a user, renewed by a refresh token, or for a service account."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import httpx

from assaykit.core import config
from assaykit.core.errors import ConfigurationError
from assaykit.core.oauth import read_bearer_token
from assaykit.core.secrets import NamedSecret, Secret
from assaykit.core.tokens import Token, TokenKey

from .service_account import ServiceAccount

if TYPE_CHECKING:
    from talview_client.models import PasswordTokenRequest, RefreshTokenRequest

TOKEN_LIFETIME: Final = 3600.0
"""Seconds; for tokens of which the answer does not say it. Source: "Making the access token request"."""


class _Source(ABC):
    """Exchanges credentials for a token.

    Args:
        base_url: Talview's address, without a slash at its end.
        name: Whose credentials they are.
        *secrets: What must not be shown.

    Source:
        Talview API v4, "Resource Owner Password Credentials", "JSON Web Token (JWT)"
    """

    operation = "tokens_create"

    def __init__(self, base_url: str, name: str, *secrets: Secret) -> None:
        self._base_url = base_url
        self._key = TokenKey("talview", base_url, NamedSecret(name, *secrets))

    def key(self) -> TokenKey:
        """Whose token it is."""
        return self._key

    @abstractmethod
    def request(self, previous: Token | None, /) -> httpx.Request:
        """The token request; made for each, so that the secret does not stay in it."""

    def read(self, response: httpx.Response, now: float) -> Token:
        """Read the token of the answer; of its properties only the token itself has to be there.

        Raises:
            ValueError: There is none in it.
        """
        from talview_client.response import read_json

        return read_bearer_token(read_json(response), now=now, lifetime=TOKEN_LIFETIME)


class UserSource(_Source):
    """The grant ``password``, and ``refresh_token`` once there is one.

    Args:
        base_url: Talview's address, without a slash at its end.
        client_id: Id of the application.
        client_secret: Its secret.
        username: Name of the user.
        password: The user's password.
    """

    def __init__(self, base_url: str, client_id: str, client_secret: Secret, username: str, password: Secret) -> None:
        super().__init__(base_url, f"{client_id}\n{username}", client_secret, password)
        self._client_id = client_id
        self._client_secret = client_secret
        self._username = username
        self._password = password

    def request(self, previous: Token | None, /) -> httpx.Request:
        """The token request: by the refresh token of ``previous``, else by the user's password."""
        from talview_client.api.tokens import tokens_create

        arguments = tokens_create._get_kwargs(body=self._body(previous))
        url = self._base_url + arguments.pop("url")
        return httpx.Request(arguments.pop("method"), url, **arguments)

    def _body(self, previous: Token | None) -> PasswordTokenRequest | RefreshTokenRequest:
        from talview_client.models import PasswordTokenRequest, RefreshTokenRequest

        client_id, client_secret = self._client_id, self._client_secret.reveal()
        if previous is not None and previous.refresh_value is not None:
            return RefreshTokenRequest(
                refresh_token=previous.refresh_value, client_id=client_id, client_secret=client_secret
            )
        return PasswordTokenRequest(
            client_id=client_id, client_secret=client_secret, username=self._username, password=self._password.reveal()
        )


class AssertionSource(_Source):
    """The grant ``urn:ietf:params:oauth:grant-type:jwt-bearer`` of a service account.

    Args:
        base_url: Talview's address, without a slash at its end.
        account: The service account.
        clock: Seconds since the epoch, for the times of issue and expiry.
    """

    def __init__(self, base_url: str, account: ServiceAccount, clock: Callable[[], float]) -> None:
        super().__init__(base_url, f"{account.email} {' '.join(account.scopes)}", account.key)
        self._account = account
        self._clock = clock

    def request(self, _previous: Token | None, /) -> httpx.Request:
        """The token request, a form as the page says and RFC 7523 does; there are no refresh tokens here."""
        from talview_client.api.tokens.tokens_create import OPERATION
        from talview_client.models import AssertionTokenRequest

        url = self._base_url + OPERATION.path
        body = AssertionTokenRequest(assertion=self._account.assertion(url, self._clock()))
        return httpx.Request(OPERATION.method, url, data=body.to_dict())


def credentials(
    client_id: str | None,
    client_secret: str | None,
    username: str | None,
    password: str | None,
    service_account: ServiceAccount | None,
    clock: Callable[[], float],
) -> Callable[[str], UserSource | AssertionSource]:
    """Choose the grant by what was given.

    Returns:
        What makes the token source for a base URL.

    Raises:
        ConfigurationError: Both kinds of credentials are given, neither is, or a part of one.
    """
    user = {"client_id": client_id, "client_secret": client_secret, "username": username, "password": password}
    if service_account is not None:
        given = next((name for name, value in user.items() if value is not None), None)
        if given is not None:
            raise ConfigurationError(given, "is given beside a service account", "give one or the other")
        account = service_account
        return lambda base_url: AssertionSource(base_url, account, clock)
    remedy = "give client_id, client_secret, username and password, or a service_account"
    texts = {name: config.required(name, value, remedy) for name, value in user.items()}
    application, login = Secret(texts["client_secret"]), Secret(texts["password"])
    return lambda base_url: UserSource(base_url, texts["client_id"], application, texts["username"], login)
