"""Talentics for tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, Final, Protocol, Unpack

from assaykit.emulator.vendors.talentics import accounts
from assaykit.testing.handle import REMOVED, EmulatedVendor

if TYPE_CHECKING:
    from assaykit.core.options import AsyncOptions, SyncOptions
    from assaykit.talentics import AsyncTalentics, Talentics

HOME: Final = "Asia/Jakarta"


class HasId(Protocol):
    """A ticket, or anything else that the API gives an id."""

    @property
    def id(self) -> int:
        """Talentics's id."""
        ...


def _id(thing: int | HasId) -> int:
    return thing if isinstance(thing, int) else thing.id


class Emulator(EmulatedVendor):
    """Talentics, emulated in process; the fixture `talentics_emulator`.

        def test_finished(talentics_emulator):
            talentics_emulator.finish(12, score=80)
            with talentics_emulator.client() as api:
                ...

    The world begins with 150 tests, 200 jobs, and some hundred tickets and applicants. The ids of the documentation's
    samples are among them: tests 1 and 8 with 52 tickets each, tickets 1, 12 and 25, jobs 1 and 10, applicants 1, 2
    and 30. Rate limits are enforced by the world's clock; `rate_limits = False` ends that.
    """

    app_id = accounts.APP_ID
    app_secret = accounts.APP_SECRET

    def __init__(self) -> None:
        super().__init__("talentics")

    def client(
        self,
        app_id: str | None = None,
        app_secret: str | None = None,
        *,
        zone: str | tzinfo = HOME,
        **options: Unpack[SyncOptions],
    ) -> Talentics:
        """Return a sync client of this world, which lives by its clock and moves it where it would wait.

        Args:
            app_id: Another App ID than the start world's.
            app_secret: Another App Secret.
            zone: Zone given to dates that come without one; the emulator writes them in its default.
            **options: Anything else that `assaykit.talentics.Talentics` takes.
        """
        from assaykit.talentics import Talentics

        defaults: SyncOptions = {"transport": self.transport(), "clock": self.clock.time, "sleep": self.sleep}
        merged: SyncOptions = {**defaults, **options}
        secret = app_secret or self.app_secret
        return Talentics(app_id or self.app_id, secret, base_url=self.base_url, zone=zone, **merged)

    def async_client(
        self,
        app_id: str | None = None,
        app_secret: str | None = None,
        *,
        zone: str | tzinfo = HOME,
        **options: Unpack[AsyncOptions],
    ) -> AsyncTalentics:
        """Return an async client of this world; arguments as for `client`."""
        from assaykit.talentics import AsyncTalentics

        defaults: AsyncOptions = {
            "transport": self.transport(),
            "clock": self.clock.time,
            "sleep": self.async_sleep,
        }
        merged: AsyncOptions = {**defaults, **options}
        secret = app_secret or self.app_secret
        return AsyncTalentics(app_id or self.app_id, secret, base_url=self.base_url, zone=zone, **merged)

    @property
    def rate_limits(self) -> bool:
        """Whether the documented windows of 50 requests in 15 minutes are enforced."""
        return self.world.rate_limits

    @rate_limits.setter
    def rate_limits(self, enabled: bool) -> None:
        self.world.rate_limits = enabled

    def _act(self, action: str, **arguments: Any) -> dict[str, Any]:
        given = {name: value for name, value in arguments.items() if value is not None}
        told: dict[str, Any] = self.world.act(self.vendor, action, given)
        return told

    def add_ticket(self, exam: int | HasId, name: str, email: str) -> dict[str, Any]:
        """Let the company add a participant to a test; the status is `sending invitation`.

        Args:
            exam: The test.
            name: The participant's name.
            email: The participant's e-mail address.

        Returns:
            The ticket; `["id"]` is its id.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such test.
        """
        return self._act("add-ticket", examId=_id(exam), name=name, email=email)

    def invite(self, ticket: int | HasId) -> dict[str, Any]:
        """Let the invitation reach its participant; returns the ticket.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such ticket, or its invitation was sent before.
        """
        return self._act("invite", ticketId=_id(ticket))

    def start(self, ticket: int | HasId) -> dict[str, Any]:
        """Let a participant start the test; returns the ticket.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such ticket, or its test was started before.
        """
        return self._act("start", ticketId=_id(ticket))

    def finish(
        self, ticket: int | HasId, *, score: int | None = None, scores: Mapping[str, int] | None = None
    ) -> dict[str, Any]:
        """Let a participant finish the test, starting it first if they have not, and score it.

        Args:
            ticket: The ticket, or its id.
            score: The score in every aspect, 0 to 100; drawn from the seed if left out.
            scores: Scores by the aspect's slug.

        Returns:
            The ticket, with its results under `results`.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such ticket, it is finished, or a score does not
                fit.
        """
        return self._act("finish", ticketId=_id(ticket), score=score, scores=None if scores is None else dict(scores))

    def set_field(self, kind: str, thing: int | HasId, *way: str | int, value: Any = REMOVED) -> dict[str, Any]:
        """Write anything into what the API shows, such as an unknown status or a date that is none.

            talentics_emulator.set_field("tickets", 12, "status", value="paused")
            talentics_emulator.set_field("scores", 1, "results", 0, "total_score", value="ten")

        Args:
            kind: applicants, exams, forms, jobs, organizations, scores or tickets.
            thing: What is changed, or its id; for scores the ticket's, for forms the applicant's.
            way: Name of the field, or the names and places that lead to it.
            value: What to write; the field is removed if this is left out.

        Returns:
            The document as it is kept now: instants are in UTC, and what is taken from other documents is null.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such document, or no such place in it.
        """
        told: dict[str, Any] = super().set_field(kind, _id(thing), *way, value=value)
        return told
