"""The fixture `talview_emulator`, as a user's test suite meets it."""

from __future__ import annotations

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

import assaykit
from assaykit import talview
from assaykit.emulator.engine.rejection import Rejected
from assaykit.emulator.vendors.talview import credentials
from assaykit.talview import models
from assaykit.testing.talview import USER_ID, Emulator

ESSAY = 425863
"""An invited candidate of an essay, 425864 of an objective section with the questions 56652 and 56653."""
TEST = 425864


def test_the_candidate_attends(talview_emulator: Emulator) -> None:
    with talview_emulator.client() as api:
        assert talview_emulator.start(TEST)["status"]["sort_key"] == 30
        talview_emulator.clock.advance(minutes=5)
        given = [{"questionId": 56652, "choice": 2}, {"questionId": 56653, "choice": 3}]
        assert talview_emulator.attend(TEST, answers=given)["status"]["sort_key"] == 50
        section = api.assessment_section_candidates.get(TEST)
        assert (section.positive_score, section.negative_score, section.score) == (4, 1, "3.00")
        with pytest.raises(Rejected, match="complete"):
            talview_emulator.start(section)


def test_a_score_counts_instead_of_answers(talview_emulator: Emulator) -> None:
    talview_emulator.complete(ESSAY, score=7.5)
    with talview_emulator.client() as api:
        assert api.assessment_section_candidates.get(ESSAY).score == "7.50"


def test_a_candidate_calls_the_operations_of_candidates_only(talview_emulator: Emulator) -> None:
    headers = {"Authorization": f"Bearer {talview_emulator.candidate_token(ESSAY)}"}
    with httpx.Client(
        transport=talview_emulator.transport(), base_url=talview_emulator.base_url, headers=headers
    ) as http:
        assert http.get(f"/mobile/assessment-section-candidate/{ESSAY}").status_code == 200
        assert http.get("/models/candidate").status_code == 403
    with pytest.raises(Rejected, match="no section candidate"):
        talview_emulator.candidate_token(1)


def test_an_action_ends_as_the_clock_moves(talview_emulator: Emulator) -> None:
    request = models.ChangeStatusRequest.from_dict(
        {"statusSortKey": 80, "isNotify": False, "assessmentCandidates": [{"id": 368710}]}
    )
    with talview_emulator.client() as api:
        action = api.actions.change_status(body=request)
        assert (action.status, talview_emulator.show_action()["status"]) == (1, 1)
        talview_emulator.clock.advance(seconds=3)
        assert talview_emulator.show_action(action)["status"] == 3
        talview_emulator.configure(actionSeconds=0)
        again = api.actions.change_status(body=request)
        assert talview_emulator.show_action(again.id)["success_count"] == 1
    assert talview_emulator.configure()["actionSeconds"]["value"] == 0
    with pytest.raises(Rejected, match="no decision"):
        talview_emulator.configure(moonPhase=1)


def test_a_service_account_acts_for_a_user(talview_emulator: Emulator) -> None:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    talview_emulator.register_service_account("robot@example.com", public.decode())
    account = talview.ServiceAccount("robot@example.com", private.decode(), scopes=["section"])
    with talview_emulator.client(service_account=account) as api:
        assert api.me.get().id == USER_ID
    with pytest.raises(Rejected):
        talview_emulator.register_service_account("robot@example.com", "no key")


def test_another_organization_sees_nothing_of_the_first(talview_emulator: Emulator) -> None:
    with talview_emulator.client(credentials.OTHER_NAME, credentials.OTHER_PASSWORD) as api:
        with pytest.raises(assaykit.NotFound):
            api.candidates.get(6507787)
        assert 6507787 not in {candidate.id for candidate in api.paginate(api.candidates.list)}


@pytest.mark.anyio
async def test_the_async_client_lives_in_the_same_world(talview_emulator: Emulator) -> None:
    talview_emulator.set_field("candidates", 6507787, "first_name", value="Una")
    async with talview_emulator.async_client() as api:
        candidate = await api.candidates.get(6507787)
    assert candidate.first_name == "Una"
    assert [entry.operation for entry in talview_emulator.journal] == ["tokens_create", "candidates_get"]
    talview_emulator.set_field("candidates", candidate, "brandNew", value=[1])
    with talview_emulator.client() as again:
        assert again.candidates.get(6507787)["brandNew"] == [1]
