"""Generated clients on the pool of ours, for the plain modules of a generated package."""

from __future__ import annotations

from typing import Protocol, Self, TypeVar

import httpx

from .profile import AsyncSession, SyncSession
from .wrong_kind import WrongKind


class PlainClient(Protocol):
    """What is needed of a generated package's Client."""

    def set_httpx_client(self, client: httpx.Client) -> Self:
        """Use this for sync calls."""

    def set_async_httpx_client(self, async_client: httpx.AsyncClient) -> Self:
        """Use this for async calls."""


PlainT = TypeVar("PlainT", bound=PlainClient)


def on_sync_pool(plain: PlainT, session: SyncSession, this: str, other: str) -> PlainT:
    """Let a generated client send through the pool of a sync client, with its credential and retries.

    Args:
        plain: The generated client.
        session: That of the sync client.
        this: The sync client's class, for errors.
        other: The async client's class.
    """
    wrong = WrongKind(f"{this}'s client is for sync calls", f"use {other} for asyncio")
    return plain.set_httpx_client(session.http).set_async_httpx_client(httpx.AsyncClient(transport=wrong))


def on_async_pool(plain: PlainT, session: AsyncSession, this: str, other: str) -> PlainT:
    """Let a generated client send through the pool of an async client; see ``on_sync_pool``."""
    wrong = WrongKind(f"{this}'s client is for asyncio", f"use {other} for sync calls")
    return plain.set_async_httpx_client(session.http).set_httpx_client(httpx.Client(transport=wrong))
