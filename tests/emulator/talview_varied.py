"""Rows that differ from those of the start world, so that every filter has something to tell apart."""

from __future__ import annotations

from typing import Any, Final

import httpx

from assaykit.emulator.engine.worlds import World
from tests.emulator.talview_acting import NEWCOMER, OBJECTIVE, UNTIL, ok, run
from tests.emulator.talview_lists import PATHS

_ADMIN: Final = f"/admin/organization/{PATHS['oid']}"
_MADE: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (f"{_ADMIN}/rbac", {"type": 1, "item_name": "Recruiter", "user_id": PATHS["uid"]}),
    (f"{_ADMIN}/form", {"name": "Public", "type": 1, "is_public": True, "custom_url": "https://example.com/form"}),
    (f"{_ADMIN}/form", {"name": "Editable", "type": 2, "is_editable": True}),
    ("/models/assessment-candidate-file", {
        "file_id": 4805609, "assessment_candidate_id": 142789, "assessment_section_candidate_id": 131162,
    }),
    ("/models/assessment-collaborator", {"role": 2, "assessment_id": 21318, "user_id": 41}),
    ("/models/candidate-education", {"candidate_id": 6507787, "school": "Évening College", "type": "Part-time"}),
    ("/models/candidate-experience", {
        "candidate_id": 6507787, "organization": "Straße & Co", "title": "50%_Tester", "started_at": "2015-02-01",
        "completed_at": "2016-12-31",
    }),
    ("/models/event-candidate", {"event_id": 661, "candidate_id": NEWCOMER}),
    ("/models/evaluation-comment", {"evaluation_id": 87214, "content": "Speaks too fast.", "answer_id": 8}),
    ("/models/event", {"title": "Éclair day", "external_id": "A_1%", "owned_by": 41, "point_of_contact": 30876}),
    ("/models/external-assessment", {
        "reference_id": "ext-111", "title": "Backend Test", "description": "Builds a service.", "duration": "00:30:00",
        "start_date": "2026-02-01T00:00:00Z", "end_date": "2027-02-01T00:00:00+05:30",
    }),
    ("/models/evaluation-invitation", {
        "attend_url": "https://assessments.example.com/attend/x", "external_assessment_id": 108, "status": 20,
        "username": "tom.sample@example.com", "code": "7", "report_url": "https://assessments.example.com/reports/x",
    }),
    ("/models/menu-card-assessment", {"assessment_id": 859988, "menu_card_id": 83}),
    ("/models/parameter", {"name": "Wording", "external_id": "criterion-1", "category_id": 12, "type": 2}),
)  # fmt: skip
_CHANGED: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    (f"/models/candidate/{NEWCOMER}", {"first_name": "Élodie", "last_name": 'O\'Hara "100%_"'}),
    ("/models/form-instance-file/39", {"form_instance_id": 263842}),
    ("/models/assessment-candidate/1936002", {"evaluated_at": "2025-12-01T10:00:00Z"}),
)
_INVITED: Final = {
    "assessmentSectionID": OBJECTIVE,
    "endDate": UNTIL,
    "candidates": [{"id": NEWCOMER}],
    "isNotify": True,
}


def fill(world: World, client: httpx.Client) -> None:
    """Make them, by the operations that make them anywhere."""
    for path, body in _MADE:
        ok(client.post(path, json=body))
    for path, body in _CHANGED:
        ok(client.put(path, json=body))
    retired = ok(client.post(f"{_ADMIN}/form", json={"name": "Retired", "type": 1}))
    ok(client.delete(f"{_ADMIN}/form/{retired['id']}"))
    run(world, client, "invite", **_INVITED)
    world.act("talview", "attend-live", {"liveSessionId": 3947})
