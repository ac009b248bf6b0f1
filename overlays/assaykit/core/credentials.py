"""From what a vendor's client gives as credentials to httpx's authentication and the rate budget."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from .auth import Identified, TokenAuth, TokenSource
from .budget import Budget, shared_budget
from .failures import Failures
from .profile import Profile
from .tokens import TokenStore


def authentication(
    profile: Profile,
    base_url: str,
    credentials: Callable[[str], TokenSource | httpx.Auth] | httpx.Auth,
    failures: Failures,
    store: TokenStore | None,
    clock: Callable[[], float],
) -> httpx.Auth:
    """Make the authentication of a client.

    Args:
        profile: The vendor.
        base_url: As checked.
        credentials: How the vendor gives tokens, or a ready httpx authentication; or what makes one of them.
        failures: Makes the vendor's errors.
        store: Where tokens are kept.
        clock: Seconds since the epoch.
    """
    made = credentials if isinstance(credentials, httpx.Auth) else credentials(base_url)
    if isinstance(made, httpx.Auth):
        return made
    return TokenAuth(made, failures, store=store, clock=clock, public=profile.public)


def budget_of(auth: httpx.Auth, clock: Callable[[], float]) -> Budget:
    """The budget of the credential; of the client alone if its authentication does not say whose it is."""
    return shared_budget(auth.key(), clock) if isinstance(auth, Identified) else Budget()
