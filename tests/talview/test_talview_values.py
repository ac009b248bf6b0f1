"""What answers hold: values, fields and dates that nobody documents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest

import assaykit
from assaykit import talview
from assaykit.talview import models
from tests.talview.support import Server, example


def test_unknown_values_of_an_enumeration_are_kept() -> None:
    server = Server()
    document = example("InviteAction") | {"status": 42}
    server.answers["/actions/invite"] = httpx.Response(201, json=document)
    body = models.InviteRequest.from_dict(example("InviteRequest"))
    with server.client() as api:
        action = api.actions.invite(body=body)

    assert action.status == 42
    assert isinstance(action.status, models.ActionStatus)
    assert not action.status.is_known
    assert action.to_dict() == document


def test_unknown_fields_are_kept() -> None:
    server = Server()
    document = example("Candidate") | {"mood": {"score": 5}, "profile_url": "https://x.example"}
    server.answers["/models/candidate/1"] = document
    with server.client() as api:
        candidate = api.candidates.get(1)

    assert candidate["mood"] == {"score": 5}
    assert candidate.to_dict() == document


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2019-10-09 14:51:18+00", datetime(2019, 10, 9, 14, 51, 18, tzinfo=UTC)),
        (
            "2019-10-09 14:51:18+05:30",
            datetime(2019, 10, 9, 14, 51, 18, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        ),
        ("2019-10-09T14:51:18+00:00", datetime(2019, 10, 9, 14, 51, 18, tzinfo=UTC)),
        ("2019-10-09T14:51:18.123Z", datetime(2019, 10, 9, 14, 51, 18, 123000, tzinfo=UTC)),
        ("when it suits", "when it suits"),
        ("", ""),
    ],
)
def test_every_form_of_a_time_is_read_and_none_costs_the_page(written: str, expected: object) -> None:
    server = Server()
    server.answers["/models/candidate"] = [example("Candidate") | {"id": 1, "created_at": written}]
    with server.client() as api:
        [candidate] = api.candidates.list()

    assert candidate.created_at == expected
    assert candidate.to_dict()["created_at"] == written


def test_object_with_nothing_but_its_id_passes() -> None:
    server = Server()
    server.answers["/models/candidate/1"] = {"id": 1}
    with server.client() as api:
        assert api.candidates.get(1).to_dict() == {"id": 1}


def test_answer_that_does_not_fit_names_the_place() -> None:
    server = Server()
    server.answers["/models/candidate"] = [example("Candidate"), {"id": 2, "customFields": "none"}]
    with server.client() as api, pytest.raises(assaykit.ResponseInvalid) as caught:
        api.candidates.list()

    assert caught.value.path == "$[1].customFields"
    assert caught.value.response is not None


def test_picture_comes_as_a_file() -> None:
    server = Server()
    answer = httpx.Response(200, content=b"\x89PNG", headers={"Content-Type": "image/png"})
    server.answers["/helpers/profile-image-placeholder"] = answer
    with server.client() as api:
        picture = api.helpers.profile_image_placeholder(text="AS", width=100)

    assert picture.payload.read() == b"\x89PNG"
    assert picture.mime_type == "image/png"


def test_secrets_of_models_do_not_show() -> None:
    request = models.PasswordTokenRequest("application", "s3cret", "ada", "s3cret")
    token = models.Token.from_dict({"access_token": "s3cret", "refresh_token": "s3cret", "token_type": "Bearer"})
    renewal = models.RefreshTokenRequest("s3cret", "application", "s3cret")
    assertion = models.AssertionTokenRequest("s3cret")

    assert "s3cret" not in repr([request, token, renewal, assertion])


def test_models_of_requests_are_exported() -> None:
    assert talview.models is models
    body = models.NewCandidate(email="ada.sample@example.com", first_name="Ada")
    assert body.to_dict() == {"email": "ada.sample@example.com", "first_name": "Ada"}
