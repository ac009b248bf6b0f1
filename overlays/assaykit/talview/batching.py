"""Lists of objects for actions, which take many at once."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import TYPE_CHECKING, Final, Protocol

from assaykit.core.errors import ConfigurationError

if TYPE_CHECKING:
    from talview_client.models import Reference

SIZE: Final = 100
"""Objects in a request. The vendor's page names no limit; this keeps a failed request small enough to look into."""


class HasId(Protocol):
    """Anything that the interface gives an id."""

    @property
    def id(self) -> int:
        """Talview's id."""


def batches(objects: Iterable[int | HasId], size: int = SIZE) -> Iterator[list[Reference]]:
    """Divide objects into lists that an action takes.

        for some in talview.batches(api.paginate(api.candidates.list, status_id=25)):
            api.actions.invite(body=talview.models.InviteRequest(candidates=some, …))

    Nothing beyond the list at hand is held in memory.

    Args:
        objects: Ids, or objects with one.
        size: Objects in a list at most.

    Raises:
        ConfigurationError: ``size`` is not positive.
    """
    _check(size)
    return _divided(objects, size)


def batches_async(objects: AsyncIterable[int | HasId], size: int = SIZE) -> AsyncIterator[list[Reference]]:
    """Divide objects that come asynchronously, such as those of a walk over pages; see ``batches``."""
    _check(size)
    return _divided_async(objects, size)


def _check(size: int) -> None:
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise ConfigurationError("size", f"{size!r} is not a whole number from 1 up", "give for example 100")


def _divided(objects: Iterable[int | HasId], size: int) -> Iterator[list[Reference]]:
    some: list[Reference] = []
    for thing in objects:
        some.append(_reference(thing))
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some


async def _divided_async(objects: AsyncIterable[int | HasId], size: int) -> AsyncIterator[list[Reference]]:
    some: list[Reference] = []
    async for thing in objects:
        some.append(_reference(thing))
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some


def _reference(thing: int | HasId) -> Reference:
    from talview_client.models import Reference

    return Reference(id=thing if isinstance(thing, int) else thing.id)
