"""Credentials of a request, read by the specification's security schemes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assaykit.emulator.engine.message import Request
from assaykit.emulator.engine.rejection import UNAUTHORIZED, Rejected
from assaykit.emulator.engine.urls import MalformedText, parse_query

if TYPE_CHECKING:
    from assaykit.emulator.engine.worlds import State


@dataclass(slots=True)
class Credentials:
    """What a request showed.

    Args:
        scheme: Name of the security scheme.
        value: The token, the API key, or the user name of Basic.
        password: The password of Basic, "" elsewhere.
    """

    scheme: str
    value: str
    password: str = ""


Verify = Callable[["State", Credentials], Any]
"""Returns who the credentials belong to; raises `Rejected` if they are wrong or have expired."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """How one security scheme is read and checked.

    Args:
        name: Its name in the specification.
        kind: `bearer`, `basic` or `apiKey`.
        verify: The vendor's check.
        place: For `apiKey`: `header` or `query`.
        key: For `apiKey`: lower-case header name, or query parameter.
    """

    name: str
    kind: str
    verify: Verify
    place: str = "header"
    key: str = ""

    def read(self, request: Request) -> Credentials | None:
        """Return the credentials, or None if the request shows none of this kind."""
        if self.kind == "apiKey":
            return self._api_key(request)
        word, _, rest = request.headers.get("authorization", "").partition(" ")
        if word.lower() != self.kind or not rest.strip():
            return None
        if self.kind == "bearer":
            return Credentials(self.name, rest.strip())
        try:
            user, colon, password = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return None
        return Credentials(self.name, user, password) if colon else None

    def _api_key(self, request: Request) -> Credentials | None:
        if self.place == "header":
            value = request.headers.get(self.key, "")
        else:
            try:
                value = parse_query(request.query).get(self.key, [""])[0]
            except MalformedText:
                return None
        return Credentials(self.name, value) if value else None


def compile_schemes(declared: Mapping[str, Mapping[str, Any]], verifiers: Mapping[str, Verify]) -> dict[str, Scheme]:
    """Join the specification's schemes with the vendor's checks.

    Args:
        declared: `components.securitySchemes`.
        verifiers: The vendor's check for each scheme.

    Raises:
        ValueError: A scheme has no check, a check has no scheme, or the scheme's kind is not supported.
    """
    if set(declared) != set(verifiers):
        raise ValueError(f"security schemes {sorted(declared)} and checks {sorted(verifiers)} differ")
    schemes: dict[str, Scheme] = {}
    for name, scheme in declared.items():
        kind = scheme.get("scheme", "").lower() if scheme["type"] == "http" else scheme["type"]
        if kind == "apiKey" and scheme["in"] in ("header", "query"):
            key = scheme["name"].lower() if scheme["in"] == "header" else scheme["name"]
            schemes[name] = Scheme(name, kind, verifiers[name], scheme["in"], key)
        elif kind in ("bearer", "basic"):
            schemes[name] = Scheme(name, kind, verifiers[name])
        elif kind == "oauth2":
            schemes[name] = Scheme(name, "bearer", verifiers[name])
        else:
            raise ValueError(f"security scheme {name}: {kind} is not supported")
    return schemes


def authenticate(
    state: State, request: Request, security: tuple[tuple[str, ...], ...], schemes: Mapping[str, Scheme]
) -> Any:
    """Find out who sends a request.

    Args:
        state: The vendor's part of the world.
        request: The request.
        security: Alternatives that the operation accepts; none means that it is public.
        schemes: The compiled schemes.

    Returns:
        What the check of the first satisfied alternative returned; None for a public operation.

    Raises:
        Rejected: No alternative is satisfied. Its message says why the last one shown was refused.
    """
    if not security:
        return None
    refusal: Rejected | None = None
    for alternative in security:
        identity: Any = None
        try:
            for name in alternative:
                credentials = schemes[name].read(request)
                if credentials is None:
                    break
                identity = schemes[name].verify(state, credentials)
            else:
                return identity
        except Rejected as rejected:
            refusal = rejected
    raise refusal or Rejected(UNAUTHORIZED, "The request carries no credentials.")
