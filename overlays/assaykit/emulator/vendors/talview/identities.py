"""Who calls: a user, a user on whose behalf a service account acts, or a candidate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

USER: Final = "user"
SERVICE: Final = "service"
CANDIDATE: Final = "candidate"


@dataclass(frozen=True, slots=True)
class Identity:
    """The bearer of a token.

    Args:
        kind: How the token was obtained.
        user: Id of the user; None for a candidate.
        organization: Id of the user's organization.
        roles: Roles of the user, by the values of the documentation.
        scopes: What the token is limited to; empty for no limit.
        candidate: Id of the candidate; None for a user.
        section_candidate: Id of the section candidate for whom a candidate's token was made.
    """

    kind: Literal["user", "service", "candidate"]
    user: int | None
    organization: int
    roles: frozenset[str]
    scopes: frozenset[str]
    candidate: int | None = None
    section_candidate: int | None = None


def owner_of(identity: Identity) -> int:
    """Return the organization on whose behalf somebody calls."""
    return identity.organization


def user_of(identity: Identity) -> int | None:
    """Return the user who calls; None for a candidate."""
    return identity.user
