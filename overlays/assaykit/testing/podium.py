"""Podium for tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol, Unpack

from assaykit.emulator.vendors.podium import seed
from assaykit.testing.handle import REMOVED, EmulatedVendor

if TYPE_CHECKING:
    from assaykit.core.client import AsyncOptions, SyncOptions
    from assaykit.podium import AsyncPodium, Podium

CLIENT_ID: Final = seed.CLIENT


class HasParticipantId(Protocol):
    """What creating a participant returns."""

    @property
    def participant_id(self) -> str:
        """Podium's id of the participant."""
        ...


class HasReportQueueId(Protocol):
    """What requesting a report returns."""

    @property
    def report_queue_id(self) -> str:
        """The id of the report in the queue."""
        ...


def _participant_id(participant: str | HasParticipantId) -> str:
    return participant if isinstance(participant, str) else participant.participant_id


def _report_queue_id(report: str | HasReportQueueId) -> str:
    return report if isinstance(report, str) else report.report_queue_id


def _any_id(thing: str | HasParticipantId | HasReportQueueId) -> str:
    if isinstance(thing, str):
        return thing
    return thing.report_queue_id if hasattr(thing, "report_queue_id") else thing.participant_id


class Emulator(EmulatedVendor):
    """Podium, emulated in process; the fixture `podium_emulator`.

        def test_completed(podium_emulator):
            with podium_emulator.client() as api:
                ...
            podium_emulator.complete(participant, "test1", raw_score=18)

    The world begins with client `client-1` and its 100 credits, tests `test1`, `test2` and `PERSPECTIVES90`, norms
    `norm1` and `norm2`, `roleProfile1`, and `reportBundle1` with `report1` and `report2`.
    """

    client_id = CLIENT_ID
    api_key = seed.API_KEY

    def __init__(self) -> None:
        super().__init__("podium")

    def client(self, api_key: str | None = None, **options: Unpack[SyncOptions]) -> Podium:
        """Return a sync client of this world.

        It knows the time from the world's clock, so that advancing the clock expires its token as well, and moves
        the clock where it would wait.

        Args:
            api_key: Another key than the start world's.
            **options: Anything else that `assaykit.podium.Podium` takes.
        """
        from assaykit.podium import Podium

        defaults: SyncOptions = {"transport": self.transport(), "clock": self.clock.time, "sleep": self.sleep}
        merged: SyncOptions = {**defaults, **options}
        return Podium(api_key or self.api_key, base_url=self.base_url, **merged)

    def async_client(self, api_key: str | None = None, **options: Unpack[AsyncOptions]) -> AsyncPodium:
        """Return an async client of this world; arguments as for `client`."""
        from assaykit.podium import AsyncPodium

        defaults: AsyncOptions = {
            "transport": self.transport(),
            "clock": self.clock.time,
            "sleep": self.async_sleep,
        }
        merged: AsyncOptions = {**defaults, **options}
        return AsyncPodium(api_key or self.api_key, base_url=self.base_url, **merged)

    def _act(self, action: str, **arguments: Any) -> Any:
        given = {name: value for name, value in arguments.items() if value is not None}
        return self.world.act(self.vendor, action, given)

    def start(
        self, participant: str | HasParticipantId, test_id: str | None = None, *, invitation_id: str | None = None
    ) -> dict[str, Any]:
        """Let a participant launch a test.

        Args:
            participant: Their id, or what creating them returned.
            test_id: The test; of several open invitations the oldest is used.
            invitation_id: The invitation, where the test alone does not say enough.

        Returns:
            The invitation as it is now.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such invitation, it is completed or expired, or a
                test that comes before it in the forced order is not completed.
        """
        found: dict[str, Any] = self._act(
            "start", participantId=_participant_id(participant), testId=test_id, invitationId=invitation_id
        )
        return found

    def complete(
        self,
        participant: str | HasParticipantId,
        test_id: str | None = None,
        *,
        invitation_id: str | None = None,
        raw_score: float | None = None,
        raw_scores: Mapping[str, float] | None = None,
    ) -> dict[str, Any]:
        """Let a participant complete a test, launching it first if they have not; webhooks go out.

        Args:
            participant: Their id, or what creating them returned.
            test_id: The test; of several open invitations the oldest is used.
            invitation_id: The invitation, where the test alone does not say enough.
            raw_score: The raw score on every scale; drawn from the seed if left out.
            raw_scores: Raw scores by scale.

        Returns:
            The invitation as it is now.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: As for `start`, or a score lies outside of its scale.
        """
        found: dict[str, Any] = self._act(
            "complete",
            participantId=_participant_id(participant),
            testId=test_id,
            invitationId=invitation_id,
            rawScore=raw_score,
            rawScores=None if raw_scores is None else dict(raw_scores),
        )
        return found

    def fail_report(self, report: str | HasReportQueueId) -> None:
        """Let the generation of a report meet an error; `finish_reports` mends it."""
        self._act("fail-report", reportQueueId=_report_queue_id(report))

    def suspend_report(self, report: str | HasReportQueueId) -> None:
        """Suspend a report for good."""
        self._act("suspend-report", reportQueueId=_report_queue_id(report))

    def finish_reports(self) -> list[str]:
        """Generate everything in the queue that is not suspended at once; return the ids."""
        return [report["id"] for report in self._act("finish-reports")]

    def set_field(
        self, kind: str, thing: str | HasParticipantId | HasReportQueueId, *way: str | int, value: Any = REMOVED
    ) -> dict[str, Any]:
        """Write anything into what the API shows or a webhook tells, such as an unknown event or a date that is none.

            podium_emulator.set_field("invitations", invitation_id, "expiryDate", value="soon")
            podium_emulator.set_field("results", invitation_id, "scores", 0, "confidence", value="high")

        Args:
            kind: clients, invitations, participants, reports, results, or webhooks.
            thing: What is changed, or its id; for results and webhooks the invitation's.
            way: Name of the field, or the names and places that lead to it.
            value: What to write; the field is removed if this is left out.

        Returns:
            What the API shows of it from now on, with instants in UTC; of a result, that against `norm1`.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such document, or no such place in it.
        """
        told: dict[str, Any] = super().set_field(kind, _any_id(thing), *way, value=value)
        return told

    @property
    def mails(self) -> list[dict[str, Any]]:
        """The invitations that would have been sent by e-mail, oldest first: `to`, `url`, `testIds`, `sentAt`."""
        found: list[dict[str, Any]] = self._act("mails")
        return found

    @property
    def credits(self) -> int:
        """What `client-1` has left."""
        return self.credits_of(CLIENT_ID)

    def credits_of(self, client_id: str) -> int:
        """Return what a client has left."""
        return int(self._act("credits", clientId=client_id)["creditTotal"])

    def set_credits(self, total: int, *, client_id: str = CLIENT_ID) -> None:
        """Give a client a number of credits."""
        self._act("credits", clientId=client_id, creditTotal=total)
