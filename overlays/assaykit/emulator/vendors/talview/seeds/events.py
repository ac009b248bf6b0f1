"""Events with their people and assessments, and live sessions with those who attend them."""

from __future__ import annotations

from typing import Final

from assaykit.emulator.engine.worlds import State
from assaykit.emulator.vendors.talview.seeds.actions import seed_missing

_OWNED: Final = {"organization_id": 488}
_BY: Final = {"created_by": 30876, "updated_by": 30876}
_PLACE: Final = {
    "url": "https://maps.example.com/?q=Berlin",
    "place_id": "sample-place-1",
    "coordinate": {"lat": 52.52, "lng": 13.405},
    "formattedAddress": "1 Sample Street, Berlin",
}
_EVENTS: Final = ((633, "Sales day", 5), (660, "Open house", 1), (661, "Career fair", 2), (662, "Campus day", 3))
_SESSIONS: Final = (1_665, 97_286, 104_886, 104_910, 104_911, 104_912)
_RECORDED: Final = {
    104_912: {"hosted_by": 67_656, "is_record": True, "recording_status": 2, "description": "First interview"}
}
"""What sets a session apart whose moderator leads it."""
_STARTS: Final = "2030-03-15T09:30:00.000000Z"
_ENDS: Final = "2030-03-15T10:30:00.000000Z"
_MEET: Final = "meet.example.com"


def fill(state: State) -> None:
    """Fill a new world."""
    _events(state)
    _members(state)
    _sessions(state)


def _events(state: State) -> None:
    common = {**_OWNED, "is_public": True, "canSelectAssessment": True, "owned_by": 30876, "location": []}
    seed_missing(
        state,
        "events",
        {
            "id": 196,
            **common,
            "title": "Hiring day",
            "status": 2,
            "code": "1508369126",
            "external_id": "hiring-day-2030",
            "locationImage": '<img src="https://maps.example.com/berlin.png" alt="">',
            "registration_start_date": "2026-01-12T09:30:00.000000Z",
            "registration_end_date": "2030-03-08T18:00:00.000000Z",
            "city": "Berlin",
            "location": _PLACE,
            "start_date": "2030-03-15T09:00:00.000000Z",
            "end_date": "2030-03-15T18:00:00.000000Z",
            "special_instructions": "Hall 4",
        },
    )
    for number, title, status in _EVENTS:
        code = str(3_816_463_857 + number)
        seed_missing(state, "events", {"id": number, **common, "title": title, "status": status, "code": code})
    other = {**common, "organization_id": 496, "owned_by": 50001, "title": "Elsewhere", "status": 2}
    seed_missing(state, "events", {"id": 700, **other, "code": "3816464557"})


def _members(state: State) -> None:
    users = (
        (471, 660, 30_876, 2, "Recruiter"),
        (1_135, 633, 30_953, 1, "Evaluator"),
        (1_136, 660, 67_656, 1, "Evaluator"),
    )
    more = (
        (1_137, 196, 67_656, 2, "Evaluator"),
        (1_138, 196, 30_876, 2, "Recruiter"),
        (1_139, 661, 45_285, 3, "Evaluator"),
    )
    for number, event, user, status, role in (*users, *more):
        known = {"event_id": event, "user_id": user, "status": status, "role": role}
        seed_missing(state, "event_users", {"id": number, **_OWNED, **_BY, **known})
    assessments = (
        (471, 660, 892_846),
        (472, 660, 892_847),
        (473, 196, 892_846),
        (474, 661, 892_847),
        (475, 633, 892_846),
    )
    for number, event, assessment in assessments:
        known = {"event_id": event, "assessment_id": assessment}
        seed_missing(state, "event_assessments", {"id": number, **_OWNED, **_BY, **known})
    candidates = (
        (402, 660, 6_833_191, None),
        (403, 660, 6_833_192, 2_206_746),
        (404, 660, 6_833_193, 2_210_485),
        (405, 196, 6_833_194, 2_215_547),
        (406, 196, 6_833_195, None),
        (407, 633, 6_833_196, 2_219_008),
    )
    for number, event, candidate, invited in candidates:
        known = {"event_id": event, "candidate_id": candidate, "assessment_candidate_id": invited}
        seed_missing(state, "event_candidates", {"id": number, **_OWNED, **_BY, **known})


def _sessions(state: State) -> None:
    for place, number in enumerate(_SESSIONS):
        seed_missing(
            state,
            "live_sessions",
            {
                "id": number,
                **_OWNED,
                **_BY,
                "name": str(612_791 + place),
                "status": 1,
                "starts_at": _STARTS,
                "ends_at": _ENDS,
                "duration": "01:00:00",
                "timezone": "Europe/Berlin",
                "assessment_section_candidate_id": 2_364_849,
                "hosted_by": 30876,
                "version": 2,
                "domain": _MEET,
                **_RECORDED.get(number, {}),
            },
        )
        ids = {1_665: (7_233, 181_507), 104_886: (259_637, 259_638)}.get(number, (260_000 + place, 261_000 + place))
        _attendees(state, number, *ids)


def _attendees(state: State, session: int, first: int, second: int) -> None:
    candidate = {"role": 1, "candidate_id": 6_833_192, "email": "tom.sales@example.com", "fullName": "Tom Sales"}
    person = {"email": "lars.panel@example.com", "fullName": "Lars Sample", "phone": "5550100"}
    user = {"role": 2, "user_id": 67_656, **person, **_BY}
    for number, known in ((first, candidate), (second, user)):
        seed_missing(
            state,
            "live_attendees",
            {
                "id": number,
                **_OWNED,
                **known,
                "live_session_id": session,
                "c": f"c-sample-{number}",
                "passcode": str(100_200 + number),
                "joinUrl": f"https://{_MEET}/join/{number}",
                "flashJoinUrl": f"https://{_MEET}/flash/{number}",
                "theme": "default",
            },
        )
