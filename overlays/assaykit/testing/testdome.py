"""TestDome for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol, Unpack

from assaykit.emulator.vendors.testdome import accounts, samples
from assaykit.testing.handle import REMOVED, EmulatedVendor

if TYPE_CHECKING:
    from assaykit.core.options import AsyncOptions, SyncOptions
    from assaykit.testdome import AsyncTestDome, TestDome

TEST_ID: Final = samples.TEST


class HasId(Protocol):
    """A candidate, a test, or anything else that the API gives an id."""

    @property
    def id(self) -> int:
        """TestDome's id."""
        ...


def _id(thing: int | HasId) -> int:
    return thing if isinstance(thing, int) else thing.id


class Emulator(EmulatedVendor):
    """TestDome, emulated in process; the fixture `testdome_emulator`.

        def test_completed(testdome_emulator):
            testdome_emulator.complete(7654322, score=80)
            with testdome_emulator.client() as api:
                ...

    The world begins with 31 tests and some 200 candidates in all statuses. The ids of the specification's examples are
    among them: test 1234567 with URL 4321, candidate 7654321, who has completed it, and 7654322, who is invited. A
    second account sees none of that. An invitation arrives ten seconds of the world's clock after it was sent.
    """

    __test__: ClassVar[bool] = False  # pytest would take it for a class of tests under a name such as TestDomeEmulator

    test_id = TEST_ID
    client_id = accounts.CLIENT_ID
    client_secret = accounts.CLIENT_SECRET
    username = accounts.USER_NAME
    password = accounts.PASSWORD
    other_client_id = accounts.OTHER_CLIENT_ID
    other_client_secret = accounts.OTHER_CLIENT_SECRET

    def __init__(self) -> None:
        super().__init__("testdome")

    def client(
        self,
        client_id: str | None = None,
        client_secret: str | None = None,
        *,
        username: str | None = None,
        password: str | None = None,
        **options: Unpack[SyncOptions],
    ) -> TestDome:
        """Return a sync client of this world, which lives by its clock and moves it where it would wait.

        Args:
            client_id: Another client id than the start world's.
            client_secret: Another client secret.
            username: A login, to get tokens by the grant that TestDome ends; the start world's is `username`.
            password: The API password that belongs to it; the start world's if left out.
            **options: Anything else that `assaykit.testdome.TestDome` takes.
        """
        from assaykit.testdome import TestDome

        defaults: SyncOptions = {"transport": self.transport(), "clock": self.clock.time, "sleep": self.sleep}
        merged: SyncOptions = {**defaults, **options}
        if username is not None or password is not None:
            return TestDome(
                username=username or self.username,
                password=password or self.password,
                base_url=self.base_url,
                **merged,
            )
        secret = client_secret or self.client_secret
        return TestDome(client_id or self.client_id, secret, base_url=self.base_url, **merged)

    def async_client(
        self,
        client_id: str | None = None,
        client_secret: str | None = None,
        *,
        username: str | None = None,
        password: str | None = None,
        **options: Unpack[AsyncOptions],
    ) -> AsyncTestDome:
        """Return an async client of this world; arguments as for `client`."""
        from assaykit.testdome import AsyncTestDome

        defaults: AsyncOptions = {
            "transport": self.transport(),
            "clock": self.clock.time,
            "sleep": self.async_sleep,
        }
        merged: AsyncOptions = {**defaults, **options}
        if username is not None or password is not None:
            return AsyncTestDome(
                username=username or self.username,
                password=password or self.password,
                base_url=self.base_url,
                **merged,
            )
        secret = client_secret or self.client_secret
        return AsyncTestDome(client_id or self.client_id, secret, base_url=self.base_url, **merged)

    def _act(self, action: str, **arguments: Any) -> dict[str, Any]:
        given = {name: value for name, value in arguments.items() if value is not None}
        told: dict[str, Any] = self.world.act(self.vendor, action, given)
        return told

    def deliver_invitation(self, candidate: int | HasId) -> dict[str, Any]:
        """Let an invitation arrive at once instead of ten seconds later; returns the candidate.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such candidate, or no invitation is on its way.
        """
        return self._act("deliver-invitation", candidateId=_id(candidate))

    def start(self, candidate: int | HasId, *, name: str | None = None) -> dict[str, Any]:
        """Let a candidate start the test; returns the candidate.

        Args:
            candidate: The candidate, or the id.
            name: What they give as their name; made from the e-mail address if left out.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such candidate, they started before, or their
                invitation is over.
        """
        return self._act("start", candidateId=_id(candidate), name=name)

    def pause(self, candidate: int | HasId) -> dict[str, Any]:
        """Interrupt a test that was started; returns the candidate.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such candidate, or they are not taking the test.
        """
        return self._act("pause", candidateId=_id(candidate))

    def resume(self, candidate: int | HasId) -> dict[str, Any]:
        """Let a candidate go on with a test that was interrupted; returns the candidate.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such candidate, or their test is not paused.
        """
        return self._act("resume", candidateId=_id(candidate))

    def complete(
        self, candidate: int | HasId, *, score: float | None = None, time_taken: float | None = None
    ) -> dict[str, Any]:
        """Let a candidate complete the test, starting it first if they have not; the webhook goes out.

        Args:
            candidate: The candidate, or the id.
            score: The score, 0 to 100; drawn from the seed if left out.
            time_taken: Seconds; those since the start if left out, or drawn from the seed if none have passed.

        Returns:
            The candidate with the result.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such candidate, they are past a final status, or a
                number does not fit.
        """
        return self._act("complete", candidateId=_id(candidate), score=score, timeTaken=time_taken)

    def take_by_url(self, url: int | HasId, email: str, *, name: str | None = None) -> dict[str, Any]:
        """Let somebody start a test through one of its URLs; returns the new candidate, `["id"]` is the id.

        Args:
            url: The URL, or its id.
            email: Who comes.
            name: What they give as their name; made from the e-mail address if left out.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such URL, it is closed, or the address has this
                test already.
        """
        return self._act("take-by-url", testUrlId=_id(url), email=email, name=name)

    def decide(self, candidate: int | HasId, passed: bool | None) -> dict[str, Any]:
        """Let a user decide whether a candidate has passed, whatever the score says; None takes that back.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such candidate, or they have not completed the
                test.
        """
        arguments = {"candidateId": _id(candidate), "passed": passed}
        told: dict[str, Any] = self.world.act(self.vendor, "decide", arguments)
        return told

    def repeat_event(self, candidate: int | HasId) -> dict[str, Any]:
        """Send the webhook of a candidate once more, as TestDome does now and then, with another correlation id.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such candidate, or their status is not final.
        """
        return self._act("repeat-event", candidateId=_id(candidate))

    @property
    def balance(self) -> int:
        """How many candidates the account can still invite; the start world has 100 invites."""
        return int(self._act("get-balance")["inviteBalance"])

    @balance.setter
    def balance(self, invites: int) -> None:
        self._act("set-balance", invites=invites)

    def set_field(self, kind: str, thing: int | str | HasId, *way: str | int, value: Any = REMOVED) -> dict[str, Any]:
        """Write anything into what the API shows or the webhook tells, such as an unknown status or field.

            testdome_emulator.set_field("candidates", 7654321, "status", value="awaitingReview")
            testdome_emulator.set_field("webhooks", 7654322, "status", value="OnHold")

        Args:
            kind: candidates, plans, settings, tests, urls or webhooks.
            thing: What is changed, or its id; for settings the test's, for webhooks the candidate's, for plans the
                account's name, `demo`.
            way: Name of the field, or the names and places that lead to it.
            value: What to write; the field is removed if this is left out.

        Returns:
            What the API shows of it from now on; instants are in UTC.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such document, or no such place in it.
        """
        key = thing if isinstance(thing, int | str) else thing.id
        told: dict[str, Any] = super().set_field(kind, key, *way, value=value)
        return told
