"""The shared secret that stands in the place of a signature."""

from __future__ import annotations

import hmac
import logging
import re
from collections.abc import Mapping

from assaykit.core.errors import ConfigurationError
from assaykit.core.secrets import Secret

from .answers import NOT_FOUND, UNAUTHORIZED, Answer

MIN_LENGTH = 16
PATH_PART = "secret"
"""Name of the path's part that holds the secret, in every framework."""
_REMEDY = "make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
_log = logging.getLogger("assaykit.receiver")


class SharedSecret:
    """Where the secret is expected, and whether it is there. Compared in constant time, never shown or logged.

    Args:
        secret: The secret, None if there is none.
        header: Name of the header that holds it; None for the path.

    Raises:
        ConfigurationError: It is too short or has characters that would be written differently in a URL, or a header
            was named without a secret.
    """

    def __init__(self, secret: str | Secret | None, header: str | None) -> None:
        self._secret = None if secret is None else Secret(secret)
        self.header = header
        if self._secret is None:
            if header is not None:
                raise ConfigurationError("secret_header", "is given without a secret", "give secret as well")
            return
        if not re.fullmatch(r"[A-Za-z0-9._~-]+", self._secret.reveal()):
            problem = "may have letters, digits, '-', '.', '_' and '~' of ASCII, and must not be empty"
            raise ConfigurationError("secret", problem, _REMEDY)
        if len(self._secret.reveal()) < MIN_LENGTH:
            raise ConfigurationError("secret", f"is shorter than {MIN_LENGTH} characters", _REMEDY)
        if header is not None and not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", header):
            raise ConfigurationError("secret_header", f"{header!r} is no name of a header", "such as X-Hook-Secret")

    @property
    def in_path(self) -> bool:
        """Whether the path holds the secret."""
        return self._secret is not None and self.header is None

    def refusal(self, headers: Mapping[str, str], path_part: str | None) -> Answer | None:
        """Check a request.

        A wrong path is answered as an unknown one would be, so that guessing does not even find the receiver. A
        header is sent to an address which exists, hence 401.

        Args:
            headers: The request's headers, looked up without regard to case.
            path_part: What the path holds in the secret's place; None if the route has no such place.

        Returns:
            None if the secret is right or there is none to check, else the answer.
        """
        if self._secret is None:
            return None
        if self.header is not None:
            return None if self._same(headers.get(self.header, "")) else UNAUTHORIZED
        if path_part is None:
            _log.warning("the route has no part named %r, so every webhook is answered 404", PATH_PART)
            return NOT_FOUND
        return None if self._same(path_part) else NOT_FOUND

    def _same(self, given: str) -> bool:
        expected = "" if self._secret is None else self._secret.reveal()
        return hmac.compare_digest(given.encode(errors="replace"), expected.encode())

    def __repr__(self) -> str:
        if self._secret is None:
            return "no secret"
        return "secret in the path" if self.header is None else f"secret in {self.header}"
