"""The parameter by which Talview answers failures as successes; this client has no use for it."""

from __future__ import annotations

from typing import Final

import httpx

from assaykit.core.errors import ConfigurationError

PARAMETERS: Final = ("suppress_error_code", "suppress_response_code")
"""The page writes it in two ways. A test compares them with the specification."""


def refuse_suppression(request: httpx.Request) -> None:
    """Refuse a request that asks for failures to be answered 200.

    They would be taken for successes: an answer to a deletion has no model that could fail to fit.

    Raises:
        ConfigurationError: The request's query has the parameter.

    Source:
        Talview API v4, "HTTP Code Suppression"
    """
    if b"suppress_" in request.url.query:
        for name in PARAMETERS:
            if name in request.url.params:
                problem = "would hide failures from this client, which raises them by their status"
                raise ConfigurationError(name, problem, "leave it out, or send it by an httpx client of your own")


async def refuse_suppression_async(request: httpx.Request) -> None:
    """Refuse such a request of an async client; see ``refuse_suppression``."""
    refuse_suppression(request)
