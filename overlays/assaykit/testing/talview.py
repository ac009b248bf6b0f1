"""Talview for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol, Unpack

from assaykit.emulator.vendors.talview import credentials
from assaykit.testing.handle import REMOVED, EmulatedVendor

if TYPE_CHECKING:
    from assaykit.core.options import AsyncOptions, SyncOptions
    from assaykit.talview import AsyncTalview, ServiceAccount, Talview

ORGANIZATION_ID: Final = 488
USER_ID: Final = 30876


class HasId(Protocol):
    """A section candidate, a user, or anything else that the API gives an id."""

    @property
    def id(self) -> int:
        """Talview's id."""
        ...


def _id(thing: int | HasId) -> int:
    return thing if isinstance(thing, int) else thing.id


class Emulator(EmulatedVendor):
    """Talview, emulated in process; the fixture `talview_emulator`.

        def test_attended(talview_emulator):
            talview_emulator.attend(2091612)
            with talview_emulator.client() as api:
                ...

    The world begins with the ids of the specification's examples in organization 488: user 30876, who may do
    everything, candidate 6507787, assessment 861338 with section 6915639, section candidate 2091612. Organization 496
    sees none of that. An action is done two seconds of the world's clock after it was requested.
    """

    __test__: ClassVar[bool] = False  # pytest would take it for a class of tests under a name such as TestTalview

    organization_id = ORGANIZATION_ID
    user_id = USER_ID
    client_id = credentials.CLIENT_ID
    client_secret = credentials.CLIENT_SECRET
    username = credentials.USER_NAME
    password = credentials.PASSWORD

    def __init__(self) -> None:
        super().__init__("talview")

    def client(
        self,
        username: str | None = None,
        password: str | None = None,
        *,
        service_account: ServiceAccount | None = None,
        **options: Unpack[SyncOptions],
    ) -> Talview:
        """Return a sync client of this world, which lives by its clock and moves it where it would wait.

        Args:
            username: Name of another user than the start world's user 30876.
            password: The password that belongs to it.
            service_account: A service account instead of a user; see `register_service_account`.
            **options: Anything else that `assaykit.talview.Talview` takes.
        """
        from assaykit.talview import Talview

        defaults: SyncOptions = {"transport": self.transport(), "clock": self.clock.time, "sleep": self.sleep}
        merged: SyncOptions = {**defaults, **options}
        if service_account is not None:
            return Talview(self.base_url, service_account=service_account, **merged)
        return Talview(
            self.base_url,
            client_id=self.client_id,
            client_secret=self.client_secret,
            username=username or self.username,
            password=password or self.password,
            **merged,
        )

    def async_client(
        self,
        username: str | None = None,
        password: str | None = None,
        *,
        service_account: ServiceAccount | None = None,
        **options: Unpack[AsyncOptions],
    ) -> AsyncTalview:
        """Return an async client of this world; arguments as for `client`."""
        from assaykit.talview import AsyncTalview

        defaults: AsyncOptions = {
            "transport": self.transport(),
            "clock": self.clock.time,
            "sleep": self.async_sleep,
        }
        merged: AsyncOptions = {**defaults, **options}
        if service_account is not None:
            return AsyncTalview(self.base_url, service_account=service_account, **merged)
        return AsyncTalview(
            self.base_url,
            client_id=self.client_id,
            client_secret=self.client_secret,
            username=username or self.username,
            password=password or self.password,
            **merged,
        )

    def _act(self, action: str, **arguments: Any) -> dict[str, Any]:
        given = {name: value for name, value in arguments.items() if value is not None}
        told: dict[str, Any] = self.world.act(self.vendor, action, given)
        return told

    def start(self, section_candidate: int | HasId) -> dict[str, Any]:
        """Let a candidate begin a section; returns the section candidate.

        Args:
            section_candidate: The section candidate, or the id.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such section candidate, the section is complete, or
                it is not the time for it.
        """
        return self._act("start", sectionCandidateId=_id(section_candidate))

    def attend(
        self,
        section_candidate: int | HasId,
        *,
        answers: Sequence[Mapping[str, Any]] | None = None,
        score: float | None = None,
    ) -> dict[str, Any]:
        """Let a candidate begin, answer and complete a section.

        Args:
            section_candidate: The section candidate, or the id.
            answers: Objects with `questionId`, and `choice` (1 for the first; 13 for the first and the third) or
                `text`. If neither they nor a score are given, every question gets an answer, objective ones the right
                one.
            score: Counts instead of the sum of the answers.

        Returns:
            The section candidate with the score.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such section candidate, the section is complete, it
                is not the time for it, or an answer belongs to no question of the section.
        """
        given = None if answers is None else [dict(answer) for answer in answers]
        return self._act("attend", sectionCandidateId=_id(section_candidate), answers=given, score=score)

    def complete(self, section_candidate: int | HasId, *, score: float | None = None) -> dict[str, Any]:
        """Let a candidate complete a section with what they have answered so far; returns the section candidate.

        Args:
            section_candidate: The section candidate, or the id.
            score: Counts instead of the sum of the answers.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such section candidate, the section is complete, or
                it is not the time for it.
        """
        return self._act("complete", sectionCandidateId=_id(section_candidate), score=score)

    def candidate_token(self, section_candidate: int | HasId) -> str:
        """Return a bearer token for the operations of candidates; no documented operation gives one out.

        Args:
            section_candidate: The section candidate, or the id.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such section candidate.
        """
        token: str = self._act("candidate-token", sectionCandidateId=_id(section_candidate))["access_token"]
        return token

    def register_service_account(self, email: str, public_key: str, user: int | HasId = USER_ID) -> None:
        """Make a service account known, so that a client with its private key gets tokens.

        Args:
            email: The account's address, which its assertions name as their issuer.
            public_key: Its RSA key in PEM form.
            user: In whose name it acts.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: The key is none, or there is no such user.
        """
        self._act("register-service-account", email=email, publicKey=public_key, userId=_id(user))

    def configure(self, **decisions: Any) -> dict[str, Any]:
        """Decide what the documentation leaves open: `configure(actionSeconds=0, actionStatus=201)`.

        Args:
            **decisions: Answers by the names of the decisions; without any, nothing changes.

        Returns:
            All decisions, each with its value, the value that is inferred, and what it decides.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such decision, or the answer does not fit.
        """
        return self._act("configure", **decisions)

    def show_action(self, action: int | HasId | None = None) -> dict[str, Any]:
        """Return an action as it is now, which no documented operation does.

        Args:
            action: The action, or its id; the latest one if left out.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such action.
        """
        return self._act("show-action", actionId=None if action is None else _id(action))

    def set_field(self, kind: str, thing: int | str | HasId, *way: str | int, value: Any = REMOVED) -> dict[str, Any]:
        """Write anything into what the API shows, such as an unknown value, an unknown field, or a date that is none.

        Args:
            kind: `candidates`, `assessments`, or another resource.
            thing: Its id, or the object itself.
            way: Name of the field, or the names and places that lead to it, such as `"cf", 0`.
            value: What to write; the field is removed if this is left out.

        Returns:
            What the API shows of it from now on; instants are in UTC.

        Raises:
            assaykit.emulator.engine.rejection.Rejected: There is no such document, or no such place in it.
        """
        key = thing if isinstance(thing, int | str) else thing.id
        told: dict[str, Any] = super().set_field(kind, key, *way, value=value)
        return told
