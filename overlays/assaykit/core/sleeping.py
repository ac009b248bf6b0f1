"""Waiting, for those who are not given another way to."""

from __future__ import annotations


async def asyncio_sleep(seconds: float) -> None:
    """``asyncio.sleep``, imported when it is first needed: sync programs never pay for it."""
    import asyncio

    await asyncio.sleep(seconds)
