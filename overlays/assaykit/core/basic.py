"""HTTP Basic authentication that knows whose it is."""

from __future__ import annotations

import httpx

from .errors import ConfigurationError
from .secrets import Secret
from .tokens import TokenKey


class BasicAuth(httpx.BasicAuth):
    """Sends a user name and a password with each request.

    Args:
        vendor: The vendor's name.
        base_url: The vendor's address, without a slash at its end.
        user: The user name, or whatever the vendor puts in its place.
        password: The password.

    Raises:
        ConfigurationError: The user name holds a colon, which would end it early (RFC 7617 section 2).
    """

    def __init__(self, vendor: str, base_url: str, user: Secret, password: Secret) -> None:
        if ":" in user.reveal():
            raise ConfigurationError("user", "holds a colon", "give it without the password")
        super().__init__(user.reveal(), password.reveal())
        self._key = TokenKey(vendor, base_url, Secret(f"{user.reveal()}:{password.reveal()}"))

    def key(self) -> TokenKey:
        """Whose credential it is."""
        return self._key

    def __repr__(self) -> str:
        return f"BasicAuth({self._key.vendor})"
