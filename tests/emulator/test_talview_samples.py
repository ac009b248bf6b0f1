"""Every request sample of the documentation is accepted, and answered with every field of the sample answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from assaykit.emulator.engine.contract import load_document
from assaykit.testing.talview import ORGANIZATION_ID, Emulator

SPEC: Final = load_document("talview")
METHODS: Final = ("get", "put", "post", "delete", "patch")
NOT_POSSIBLE: Final[dict[str, str]] = {
    "tokens_create-1": "an invented refresh token; test_talview_sessions has a real one",
    "tokens_create-2": "an invented assertion that nobody has signed; test_talview_sessions has a real one",
    "tokens_create-3": "likewise, as a form",
    "actions_section_workflow-1": "deletes what the sample before it inserts, so there is nothing between the two yet",
}
"""Samples that no server could accept, or that need another one first, with the reason."""
PATHS: Final[dict[str, dict[str, Any]]] = {
    "admin_account_managers": {"organization_id": ORGANIZATION_ID, "id": 700},
    "admin_account_managers_delete": {"id": 723},
    "admin_user_permissions_delete": {"id": 1516460},
    "candidates": {"id": 6507787},
    "live_sessions": {"id": 3947},
    "mobile_answers": {"id": 3233},
    "attend_answers": {"id": 3233},
    "mobile_assessment_section_candidates": {"id": 425863},
    "mobile_form_submissions": {"id": 263842},
    "mobile_forms": {"id": 6600},
    "mobile_live_attendees": {"id": 12524},
    "mobile_live_sessions": {"id": 3947},
    "mobile_public_assessment_sections": {"id": 43},
    "panel_candidates": {"id": 494897},
    "panels": {"id": 22244},
    "parameters": {"id": 116092},
    "question_skills": {"id": 53499},
    "section_combined": {"id": 127},
    "section_parameters": {"id": 5241115},
    "section_questions": {"id": 25900},
    "section_skills": {"id": 821373},
    "status_reasons": {"id": 462},
    "users_get_organization": {"id": ORGANIZATION_ID},
}
"""Values of path parameters that the samples of a tag or operation leave open or fill with ids of another customer."""
BODIES: Final[dict[str, dict[str, Any]]] = {
    "admin_notification_logs_resend": {"organization_id": ORGANIZATION_ID},
    "admin_account_managers_create": {"user_id": 70001},
    "attend_answers_create": {"question_id": 56659},
}
"""What has to differ from a sample: ids of another customer, and an address that the start world's candidate has."""
ATTENDING: Final = {"mobile_answers_create": 425864, "attend_answers_create": 425863}
"""Who sends a sample that only a candidate can send, by the section candidate."""
FILE_NAMES: Final = {
    "display_picture_create": "sample.png",
    "files_create": "portrait-2.png",
    "mobile_answer_recordings_create": "sample.webm",
    "spreadsheets_import_file": "candidates.csv",
}
"""Names of the files in samples, which only show their content."""


def resolve(node: Any) -> Any:
    while "$ref" in node:
        found: Any = SPEC
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def operations() -> Iterator[tuple[str, str, str, dict[str, Any], list[Any]]]:
    for path, item in SPEC["paths"].items():
        for method in METHODS:
            if method in item:
                definition = item[method]
                parameters = [resolve(one) for one in [*item.get("parameters", []), *definition.get("parameters", [])]]
                yield definition["operationId"], method, path, definition, parameters


def examples(content: dict[str, Any]) -> list[tuple[str, Any]]:
    return [
        (media, resolve(example)["value"])
        for media, described in content.items()
        for example in described.get("examples", {}).values()
    ]


def requests(definition: dict[str, Any]) -> list[tuple[str, Any]]:
    return examples(resolve(definition["requestBody"])["content"]) if "requestBody" in definition else [("", None)]


def missing(sample: Any, answer: Any, way: str = "") -> list[str]:
    """Name the fields of a sample that an answer lacks."""
    if isinstance(sample, dict) and isinstance(answer, dict):
        absent = [f"{way}.{name}" for name in sample if name not in answer]
        return absent + [
            line for name in sample if name in answer for line in missing(sample[name], answer[name], f"{way}.{name}")
        ]
    if isinstance(sample, list) and isinstance(answer, list) and sample and answer:
        return min((missing(sample[0], item, f"{way}[]") for item in answer), key=len)
    return []


OPERATIONS: Final[dict[str, tuple[str, str, dict[str, Any], list[Any]]]] = {
    name: (method, path, definition, parameters) for name, method, path, definition, parameters in operations()
}
SAMPLES: Final = [(name, number) for name in OPERATIONS for number, _ in enumerate(requests(OPERATIONS[name][2]))]
CASES: Final = [(name, number) for name, number in SAMPLES if f"{name}-{number}" not in NOT_POSSIBLE]


def send(handle: Emulator, name: str, number: int) -> httpx.Response:
    method, path, definition, parameters = OPERATIONS[name]
    media, body = requests(definition)[number]
    if isinstance(body, dict):
        body = {**body, **BODIES.get(name, {})}
    known = {"oid": ORGANIZATION_ID, **PATHS.get(definition["tags"][0], {}), **PATHS.get(name, {})}
    for parameter in parameters:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(known.get(parameter["name"], parameter.get("example"))))
    query = {
        one["name"]: known.get(one["name"], one.get("example"))
        for one in parameters
        if one["in"] == "query" and one.get("required")
    }
    headers = {} if definition.get("security") == [] else {"Authorization": f"Bearer {token(handle, definition)}"}
    sent: dict[str, Any] = {}
    if media == "application/json":
        sent["json"] = body
    elif media == "application/x-www-form-urlencoded":
        sent["data"] = body
    elif media:
        schema = resolve(resolve(definition["requestBody"])["content"][media]["schema"])
        sent["files"] = {
            part: (FILE_NAMES.get(name, "sample.txt"), value.encode())
            if resolve(schema["properties"][part]).get("format") == "binary"
            else (None, value if isinstance(value, str) else json.dumps(value))
            for part, value in body.items()
        }
    with httpx.Client(transport=handle.transport(), base_url=handle.base_url, headers=headers) as http:
        return http.request(method.upper(), path, params=query, **sent)


def token(handle: Emulator, definition: dict[str, Any]) -> str:
    if definition["operationId"] in ATTENDING:
        return handle.candidate_token(ATTENDING[definition["operationId"]])
    body = {"client_id": handle.client_id, "client_secret": handle.client_secret}
    body |= {"grant_type": "password", "username": handle.username, "password": handle.password}
    with httpx.Client(transport=handle.transport(), base_url=handle.base_url) as http:
        answered: str = http.post("/oauth2/token", json=body).json()["access_token"]
    return answered


@pytest.mark.parametrize(("name", "number"), CASES, ids=[f"{name}-{number}" for name, number in CASES])
def test_the_sample_is_answered_like_the_sample(talview_emulator: Emulator, name: str, number: int) -> None:
    response = send(talview_emulator, name, number)

    assert response.is_success, response.text
    answers = examples(resolve(OPERATIONS[name][2]["responses"][str(response.status_code)]).get("content", {}))
    if answers and answers[0][0] == "application/json":
        assert min((missing(sample, response.json()) for _, sample in answers), key=len) == []


def test_every_operation_is_here() -> None:
    assert len(OPERATIONS) == 354
    assert len(SAMPLES) - len(CASES) == len(NOT_POSSIBLE)
