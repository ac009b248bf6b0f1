"""Integrations with hiring-assessment vendors: clients, emulator, webhooks.

One subpackage per vendor (``from assaykit import podium``). The errors here are the same for all of them; nothing
is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .core.lazy import exports
from .core.version import __version__

if TYPE_CHECKING:
    from .core.budget import BudgetEvent
    from .core.duplicates import Deduplicator, DuplicateStore, EventInProgress, MemoryDuplicateStore
    from .core.errors import (
        ApiError,
        AssaykitError,
        AuthenticationError,
        ClientClosed,
        ConfigurationError,
        Conflict,
        ConnectionFailed,
        ErrorCause,
        FieldError,
        Gone,
        MissingExtra,
        NotFound,
        PartialFailure,
        PaymentRequired,
        PermissionDenied,
        RateLimited,
        ResponseInvalid,
        ServerError,
        Timeout,
        ValidationFailed,
        WebhookInvalid,
    )
    from .core.retry import RetryEvent
    from .core.token_files import FileTokenStore
    from .core.tokens import MemoryTokenStore, Token, TokenKey, TokenStore

__all__ = [
    "ApiError",
    "AssaykitError",
    "AuthenticationError",
    "BudgetEvent",
    "ClientClosed",
    "ConfigurationError",
    "Conflict",
    "ConnectionFailed",
    "Deduplicator",
    "DuplicateStore",
    "ErrorCause",
    "EventInProgress",
    "FieldError",
    "FileTokenStore",
    "Gone",
    "MemoryDuplicateStore",
    "MemoryTokenStore",
    "MissingExtra",
    "NotFound",
    "PartialFailure",
    "PaymentRequired",
    "PermissionDenied",
    "RateLimited",
    "ResponseInvalid",
    "RetryEvent",
    "ServerError",
    "Timeout",
    "Token",
    "TokenKey",
    "TokenStore",
    "ValidationFailed",
    "WebhookInvalid",
    "__version__",
]

_ELSEWHERE = {
    "BudgetEvent": "budget",
    "Deduplicator": "duplicates",
    "DuplicateStore": "duplicates",
    "EventInProgress": "duplicates",
    "FileTokenStore": "token_files",
    "MemoryDuplicateStore": "duplicates",
    "MemoryTokenStore": "tokens",
    "RetryEvent": "retry",
    "Token": "tokens",
    "TokenKey": "tokens",
    "TokenStore": "tokens",
}

if not TYPE_CHECKING:  # a type checker must not take any name for granted
    __getattr__, __dir__ = exports(
        __name__,
        {name: f"assaykit.core.{_ELSEWHERE.get(name, 'errors')}" for name in __all__ if name != "__version__"},
    )
