"""The page's sample requests, and one for each operation of the specification, sent by curl to a served emulator.

The page's samples are calls of jQuery; what a browser makes of them is sent here, with the host alone swapped. The
specification has an example for every request and answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from assaykit.emulator import vendors
from tests.emulator.curl import curl, fields, served

CONTRACT = vendors.load("testdome").contract
IDS = {"{testId}": "1234567", "{candidateId}": "7654321", "{testUrlId}": "4321"}
PATHS = {"candidates_cancel_invite": "/v3/candidates/7654322/cancel-invite"}
"""Where the usual id would be refused: a test that is completed cannot be cancelled."""
NOT_SENT = {"envelope"}
"""Examples of answers that the emulator decided against."""
METHODS = ("get", "put", "post", "delete", "patch")
FORM = ("-H", "Content-Type: application/x-www-form-urlencoded; charset=UTF-8", "-H", "Accept: */*")
LOGIN = "grant_type=password&username=ada.sample%40example.com&password=assaykit-demo-password"


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with served("testdome") as (_, url):
        yield url


@pytest.fixture(scope="module")
def token(base: str) -> str:
    text: str = curl("-X", "POST", f"{base}/api/token", *FORM, "--data", LOGIN).json["access_token"]
    return text


@pytest.mark.parametrize("path", ["/api/token", "/token"])
def test_sign_in_as_the_page_does(base: str, path: str) -> None:
    answer = curl("-X", "POST", f"{base}{path}", *FORM, "--data", LOGIN)
    assert answer.status == 200
    told = answer.json
    assert told.pop("access_token").count(".") == 2
    assert told == {"token_type": "Bearer", "expires_in": 1800, "userName": "ada.sample@example.com"}


@pytest.mark.parametrize("flags", [(), ("--compressed",)])
@pytest.mark.parametrize("path", ["/api/v2/tests", "/v2/tests"])
def test_get_tests_as_the_page_does(base: str, token: str, path: str, flags: tuple[str, ...]) -> None:
    answer = curl(*flags, "-X", "GET", f"{base}{path}", "-H", f"Authorization: Bearer {token}", "-H", "Accept: */*")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json[0] == example("TestListV2")[0]


def test_a_failed_sign_in_is_told_as_the_example_shows(base: str) -> None:
    answer = curl(f"{base}/token", *FORM, "--data", LOGIN + "x")
    assert (answer.status, answer.json) == (400, example("InvalidGrant"))


def example(name: str) -> Any:
    return CONTRACT.schemas.resolve(f"#/components/examples/{name}")["value"]


def _at(pointer: str) -> Any:
    return CONTRACT.schemas.follow(pointer)[0]


def _examples(holder: Any) -> Iterator[tuple[str, str, Any]]:
    """Give media type, name and value of each example of a body."""
    for media, content in holder.get("content", {}).items():
        for name, shown in content.get("examples", {}).items():
            found = CONTRACT.schemas.resolve(shown["$ref"]) if "$ref" in shown else shown
            yield media, name, found["value"]


def _requests() -> Iterator[Any]:
    """Give every operation with each example of its body, and each example of its answer that it may be."""
    for template, item in CONTRACT.document["paths"].items():
        for method in METHODS:
            if method not in item:
                continue
            at = f"#/paths/{template.replace('~', '~0').replace('/', '~1')}/{method}"
            operation = item[method]
            bodies = list(_examples(_at(f"{at}/requestBody"))) if "requestBody" in operation else [("", "", None)]
            [status] = [status for status in operation["responses"] if status.startswith("2")]
            answers = [
                (name, value) for _, name, value in _examples(_at(f"{at}/responses/{status}")) if name not in NOT_SENT
            ]
            for media, body_name, body in bodies:
                for answer_name, answer in answers or [("", None)]:
                    name = "-".join(filter(None, (operation["operationId"], body_name, answer_name)))
                    values = (operation["operationId"], method, template, media, body, int(status), answer)
                    yield pytest.param(*values, id=name)


REQUESTS = list(_requests())


def test_every_operation_has_a_sample() -> None:
    assert {request.values[0] for request in REQUESTS} == set(CONTRACT.operations)
    assert len(CONTRACT.operations) == 26


def _without_links(value: Any) -> Any:
    """Return a value with all `_links` emptied: what they hold is the emulator's own."""
    if isinstance(value, dict):
        return {name: {} if name == "_links" else _without_links(inner) for name, inner in value.items()}
    return [_without_links(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("operation", "method", "template", "media", "body", "status", "answer"), REQUESTS)
def test_each_operation_answers_with_every_field_of_its_example(
    base: str, token: str, operation: str, method: str, template: str, media: str, body: Any, status: int, answer: Any
) -> None:
    path = PATHS.get(operation, template)
    for name, value in IDS.items():
        path = path.replace(name, value)
    world = f"{operation}-{method}".replace("_", "-")
    url = base.replace("/testdome", f"/worlds/{world}/testdome")
    by_password = curl(f"{url}/token", *FORM, "--data", LOGIN).json["access_token"]
    arguments = ["-X", method.upper(), "-H", f"Authorization: Bearer {by_password}"]
    if media == "application/json":
        arguments += ["-H", f"Content-Type: {media}", "--data", json.dumps(body)]
    elif media:
        arguments += [option for name, value in body.items() for option in ("--data-urlencode", f"{name}={value}")]
    if method == "get" and isinstance(answer, dict):
        arguments += ["-G", "--data-urlencode", f"$expand={','.join(answer)}"]
    shown = curl(*arguments, f"{url}{path}")
    assert shown.status == status, shown.body
    if answer is None:
        assert shown.body == b""
        return
    wanted = fields(_without_links(answer))
    if operation == "tokens_create" and body["grant_type"] == "client_credentials":
        wanted.remove("userName")
    assert wanted <= fields(_without_links(shown.json))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v3/tests/1234567", "Test"),
        ("/v3/tests/1234567?$expand=*", "TestExpanded"),
        ("/v3/tests/1234567/settings", "TestSettings"),
        ("/v3/candidates/7654321", "CandidateCompleted"),
        ("/v3/candidates/7654321?$expand=*", "CandidateExpanded"),
        ("/v3/candidates/7654322", "CandidateInvited"),
        ("/v3/accounts/current/plan", "Plan"),
    ],
)
def test_values_of_the_examples(base: str, token: str, path: str, name: str) -> None:
    wanted = _without_links(example(name))
    answer = curl(
        "-G", f"{base}{path.replace('*', ','.join(wanted))}", "-H", f"Authorization: Bearer {token}", "--globoff"
    )
    shown = {key: value for key, value in _without_links(answer.json).items() if key in wanted}
    # The example's deadline of URLs is near, so the emulator has one that lies ahead; a test is shown in full.
    if "urlSettings" in shown:
        shown["urlSettings"]["deadline"] = wanted["urlSettings"]["deadline"]
    if isinstance(wanted.get("test"), dict):
        shown["test"] = {key: shown["test"][key] for key in wanted["test"]}
    assert shown == wanted
