"""How Podium gives tokens and says what went wrong."""

from __future__ import annotations

import httpx

from assaykit.core.error_bodies import read_common_error
from assaykit.core.errors import ErrorDetail, FieldError
from assaykit.core.secrets import Secret
from assaykit.core.tokens import Token, TokenKey, token

TOKEN_LIFETIME = 3600.0
"""Seconds; for tokens that do not say it themselves. Source: "Authentication", last sentence."""


class ApiKeySource:
    """Exchanges a partner's API key for a JWT.

    Args:
        base_url: Podium's address, without a slash at its end.
        api_key: The secret key that Podium gave the partner.

    Source:
        Podium Developer API, "Authentication"
    """

    operation = "tokens_create"

    def __init__(self, base_url: str, api_key: Secret) -> None:
        self._base_url = base_url
        self._key = TokenKey("podium", base_url, api_key)

    def key(self) -> TokenKey:
        """Whose token it is."""
        return self._key

    def request(self, _previous: Token | None, /) -> httpx.Request:
        """The token request; Podium has no refresh tokens, so the key is sent every time."""
        from podium_client.api.tokens import tokens_create
        from podium_client.models import TokenRequest

        arguments = tokens_create._get_kwargs(body=TokenRequest(self._key.credential.reveal()))
        url = self._base_url + arguments.pop("url")
        return httpx.Request(arguments.pop("method"), url, **arguments)

    def read(self, response: httpx.Response, now: float) -> Token:
        """Read the token of the answer.

        Raises:
            ValueError: There is none in it.
        """
        from podium_client.api.tokens import tokens_create

        value = tokens_create.parse_success(response).token
        if not isinstance(value, str) or not value:
            raise ValueError("token is not a text")
        return token(value, now=now, lifetime=TOKEN_LIFETIME)


def read_error(response: httpx.Response) -> ErrorDetail:
    """Read Podium's error body.

    The vendor documents none. What the specification infers is read as such, any other usual form as far as it
    goes.
    """
    from podium_client.errors import ResponseDecodeError
    from podium_client.models import Error

    try:
        error = Error.from_dict(response.json()).error
        fields = tuple(FieldError(field.field, field.message) for field in error.fields or ())
    except (ResponseDecodeError, ValueError, RecursionError):
        return read_common_error(response)
    return ErrorDetail(error.code, error.message, fields)
