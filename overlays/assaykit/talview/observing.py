"""Waiting until an action has taken effect, by looking at what it changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from assaykit.core.errors import AssaykitError
from assaykit.core.waiting import Pauses

if TYPE_CHECKING:
    from .client import AsyncTalview, Talview

SeenT = TypeVar("SeenT")


class NotObserved(AssaykitError, Generic[SeenT]):
    """What was waited for has not shown in time; it may still.

    Args:
        last: What the last look gave.
        waited: Seconds since the wait began.
    """

    def __init__(self, last: SeenT, waited: float) -> None:
        super().__init__(last, waited)
        self.last = last
        self.waited = waited

    def __str__(self) -> str:
        return f"talview: not observed within {self.waited:.0f} s; `last` has what the last look gave"


def _pause(pauses: Pauses, seen: object) -> float:
    if pauses.is_over:
        raise NotObserved(seen, pauses.waited)
    return pauses.take()


def wait_until(
    api: Talview,
    look: Callable[[], SeenT],
    is_done: Callable[[SeenT], bool],
    *,
    timeout: float = 300.0,
    interval: float = 1.0,
    longest_interval: float = 30.0,
) -> SeenT:
    """Wait until an action has taken effect.

    Most actions are queued and done after the answer, and Talview documents no way to read an action back. So look at
    the objects that the action changes, such as the section candidates that an invitation creates:

        talview.wait_until(
            api,
            lambda: api.assessment_section_candidates.list(assessment_section_id=43),
            lambda found: len(found) == 3,
        )

    Args:
        api: The client; its clock and sleep are used.
        look: Reads what the action changes.
        is_done: Whether what was read shows the effect.
        timeout: Seconds to wait at most. The last look is taken when they have passed.
        interval: Seconds between the first two looks; each pause is half as long again as the one before.
        longest_interval: Seconds between two looks at most.

    Returns:
        What the last look gave.

    Raises:
        NotObserved: It has not shown in time; ``last`` is what was seen last.
        ApiError: A look failed.
        ConfigurationError: A number of seconds is not positive; the error names it.

    Source:
        Talview API v4, "The Action Object", field status; that nothing reads an action is how the page is
    """
    pauses = Pauses(api.session.clock, timeout, interval, longest_interval)
    while not is_done(seen := look()):
        api.session.sleep(_pause(pauses, seen))
    return seen


async def wait_until_async(
    api: AsyncTalview,
    look: Callable[[], Awaitable[SeenT]],
    is_done: Callable[[SeenT], bool],
    *,
    timeout: float = 300.0,
    interval: float = 1.0,
    longest_interval: float = 30.0,
) -> SeenT:
    """Wait until an action has taken effect; see ``wait_until``. ``look`` gives what can be awaited."""
    pauses = Pauses(api.session.clock, timeout, interval, longest_interval)
    while not is_done(seen := await look()):
        await api.session.sleep(_pause(pauses, seen))
    return seen
