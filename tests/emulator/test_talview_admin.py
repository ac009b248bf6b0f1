"""Talview's users, settings, permissions, calendars, notifications and administration."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.worlds import World
from tests.emulator.talview_asking import DEMO, OTHER, emulator, operations, request_of, signed_in, token
from tests.emulator.talview_asking import EVALUATOR as EVALUATOR_LOGIN

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
OPERATIONS = operations(
    "helpers", "settings", "me", "users", "permissions", "calendar", "user_calendars", "notification_logs",
    "notification_templates", "notification_template_tags", "notification_template_types", "menu_cards",
    "menu_card_assessments", "settings_allowed_values", "custom_fields", "categories", "select_field_data",
    "select_field_types", "code_languages", "display_picture", starting="admin_",
)  # fmt: skip
COMPANY = {"oid": 488, "organization_id": 488}
ME, EVALUATOR, HELPER = 30876, 41, 67656
GIVEN: dict[str, dict[str, Any]] = {
    "admin_user_permissions_delete": {"id": 1516459},
    "admin_account_managers_get": {"organization_id": 733},
    "admin_account_managers_update": {"id": 720},
    "admin_account_managers_delete": {"organization_id": 733},
    "users_get_organization": {"id": 488},
}
"""Values of parameters where the example names something else than this world has."""
BODIES: dict[str, dict[str, Any]] = {
    "admin_account_managers_create": {"user_id": HELPER},
    "admin_notification_logs_resend": {"organization_id": 488},
}
"""Likewise, of properties of bodies."""


@pytest.fixture
def world() -> Iterator[World]:
    made = emulator().make_world("talview-admin", ManualClock(START))
    yield made
    made.close()


@pytest.fixture
def api(world: World) -> Iterator[httpx.Client]:
    with signed_in(world) as client:
        yield client


def test_this_file_asks_for_every_operation_of_its_tags() -> None:
    assert len(OPERATIONS) == 128


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_succeeds(api: httpx.Client, name: str) -> None:
    method, path, operation = OPERATIONS[name]
    request = request_of(method, path, operation, {**COMPANY, **GIVEN.get(name, {})}, BODIES.get(name))
    answer = api.send(
        api.build_request(request.method, str(request.url), content=request.read(), headers=request.headers)
    )
    assert answer.is_success, answer.text


def read(api: httpx.Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """Return all items of a list, page by page."""
    items: list[dict[str, Any]] = []
    while True:
        answer = api.get(path, params={"page": len(items) // 50 + 1, "pageSize": 50, **query})
        assert answer.status_code == 200, answer.text
        items += answer.json()
        if len(items) >= int(answer.headers["X-Pagination-Total-Count"]):
            return items


def fields(answer: httpx.Response) -> set[str]:
    """Return the properties that a 422 names."""
    assert answer.status_code == 422, answer.text
    return {one["field"] for one in answer.json()}


LISTS = {
    "/user": ("external_id", "username", "name", "email"),
    "/user/me/calendar": ("type", "user_id"),
    "/models/user-calendar": ("type", "user_id"),
    "/models/category": ("name", "type"),
    "/models/custom-field-master": ("type", "label", "key"),
    "/models/select-field-data": ("key", "value", "parent_id", "parent_value", "select_field_type_id"),
    "/models/menu-card-assessment": ("assessment_id", "menu_card_id"),
    "/models/notification-log": ("to_address", "subject", "status", "assessment_id"),
    "/models/notification-template": ("type_id", "subject", "assessment_id"),
    "/models/notification-template-tag": ("tag", "description", "type_id"),
    "/admin/organization/488/category": ("name", "type"),
    "/admin/organization/488/custom-field-master": ("type", "label", "key"),
    "/admin/organization/488/select-field-data": ("key", "parent_id", "select_field_type_id"),
    "/admin/organization/488/settings-data": ("settings_id",),
    "/admin/organization/488/filter": ("object_type", "version"),
    "/admin/organization/488/rbac": ("item_name", "user_id", "type"),
    "/admin/organization/488/user/41/permission": ("item_name", "type"),
}


@pytest.mark.parametrize("path", LISTS)
def test_filters_find_what_brute_force_finds(api: httpx.Client, path: str) -> None:
    everything = read(api, path)
    assert everything
    for field in ("id", *LISTS[path]):
        offered = {
            one["name"]
            for _, known, operation in OPERATIONS.values()
            for one in operation["parameters"]
            if known == path and "name" in one
        }
        if field == "id" and field not in offered:
            continue
        for value in {one[field] for one in everything} - {None}:
            found = [one["id"] for one in read(api, path, **{field: value})]
            if path == "/user/me/calendar" and field == "user_id":
                assert found, value
            else:
                assert found == [one["id"] for one in everything if one[field] == value], (field, value)


def test_text_searches_ignore_case(api: httpx.Client) -> None:
    categories = read(api, "/admin/organization/488/category")
    found = read(api, "/admin/organization/488/category", s="ENG")
    assert found == [one for one in categories if "eng" in one["name"].lower()] != []
    choices = read(api, "/admin/organization/488/select-field-data")
    assert read(api, "/admin/organization/488/select-field-data", value="er") == [
        one for one in choices if "er" in one["value"].lower()
    ]


def test_nobody_sees_the_other_organization(world: World, api: httpx.Client) -> None:
    with signed_in(world, OTHER) as other:
        theirs = {one["id"] for one in read(other, "/user")}
        assert theirs
        assert not theirs & {one["id"] for one in read(api, "/user")}
        assert api.get(f"/user/{min(theirs)}").status_code == 404
        assert api.get("/organization/496").status_code == 404
        assert api.get("/admin/organization/496").status_code == 404
        assert api.get("/admin/organization/496/category").status_code == 404
        assert other.get("/admin/organization/496/category").status_code == 200


def test_roles_decide_who_may(world: World, api: httpx.Client) -> None:
    event = {"from": "2030-03-15T13:00:00Z", "to": "2030-03-15T14:00:00Z", "event": "Free", "type": 2}
    plain = {"email": "plain@example.com", "username": "plain@example.com"}
    made = api.post("/models/user", json=plain).json()
    assert made["roles"] == ["Recruiter"]
    secret = world.act("talview", "request-password-reset", {"username": "plain@example.com"})["token"]
    new = {"new_password": "eight pale lanterns", "new_password_repeat": "eight pale lanterns", "token": secret}
    assert api.post("/user/reset-password/change", json=new).status_code == 200
    with signed_in(world, ("plain@example.com", "eight pale lanterns")) as client:
        assert client.post("/user/me/calendar", json=event).status_code == 403
        manager = {"user_id": ME}
        assert client.post("/admin/organization/488/amo", json=manager).status_code == 403
        api.put(f"/models/user/{made['id']}", json={"name": "Plain", "roles": ["Evaluator", "API"]})
        assert client.get("/user/me").json()["roles"] == ["Evaluator", "API User"]
        assert client.post("/user/me/calendar", json=event).status_code == 201


def test_whoever_creates_an_organization_administers_it(api: httpx.Client) -> None:
    made = api.post("/admin/organization", json={"name": "New Company"}).json()
    [manager] = api.get(f"/admin/organization/{made['id']}/amo", params={"expand": "user"}).json()
    assert (manager["user_id"], manager["user"]["id"]) == (ME, ME)
    assert api.delete(f"/admin/organization/{made['id']}/amo/{manager['id']}").status_code == 403
    path = f"/admin/organization/{made['id']}/category"
    category = api.post(path, json={"name": "Bakers"}).json()
    assert [one["id"] for one in read(api, path)] == [category["id"]]
    assert api.get(f"/models/category/{category['id']}").status_code == 404
    assert api.put(f"/admin/organization/{made['id']}", json={"is_deleted": True}).status_code == 200
    assert api.get(path).status_code == 404
    assert fields(api.put("/admin/organization/488", json={"is_deleted": True})) == {"is_deleted"}


def test_soft_deletion_and_return(api: httpx.Client) -> None:
    path = "/admin/organization/488/custom-field-master"
    assert api.delete(f"{path}/487").status_code == 204
    assert api.get(f"{path}/487").status_code == 404
    assert 487 not in {one["id"] for one in read(api, path)}
    assert 487 in {one["id"] for one in read(api, path, is_deleted="true")}
    assert api.put(f"{path}/487", json={"is_deleted": False}).json()["is_deleted"] is False
    assert api.get(f"{path}/487").status_code == 200


def test_shared_filters_cannot_be_changed(api: httpx.Client) -> None:
    assert api.get("/admin/organization/488/filter/100").status_code == 200
    assert api.put("/admin/organization/488/filter/100", json={"version": "2"}).status_code == 403
    assert api.delete("/admin/organization/488/filter/100").status_code == 403


def test_users_are_unique_and_deleted_with_what_is_theirs(api: httpx.Client) -> None:
    taken = {"email": "evaluator@example.com", "username": "evaluator@example.com"}
    assert fields(api.post("/models/user", json=taken)) == {"email", "username"}
    assert api.delete(f"/models/user/{ME}").status_code == 403
    assert api.delete(f"/models/user/{EVALUATOR}").status_code == 204
    assert api.get(f"/user/{EVALUATOR}").status_code == 404
    assert read(api, "/models/user-calendar", user_id=EVALUATOR) == []
    managers = read(api, "/admin/organization/488/amo")
    assert {one["is_deleted"] for one in managers if one["user_id"] == EVALUATOR} == {True}


def test_users_by_roles(api: httpx.Client) -> None:
    users = read(api, "/user")
    wanted = {"Evaluator", "Account Manager"}
    found = read(api, "/user", **{"roles[]": ["Evaluator", "Account_Manager"]})
    assert found == [user for user in users if wanted & set(user["roles"])] != users


def test_a_new_password_opens_and_the_old_one_does_not(world: World, api: httpx.Client) -> None:
    change = {"current_password": DEMO[1], "new_password": "eight pale lanterns"}
    path = "/user/me/update-password"
    assert fields(api.post(path, json={**change, "new_password_repeat": "other"})) == {"new_password"}
    wrong = {"current_password": "wrong", "new_password": "1234", "new_password_repeat": "1234"}
    assert fields(api.post(path, json=wrong)) == {"current_password", "new_password"}
    same = {"current_password": DEMO[1], "new_password": DEMO[1], "new_password_repeat": DEMO[1]}
    assert fields(api.post(path, json=same)) == {"new_password"}
    assert api.post(path, json={**change, "new_password_repeat": "eight pale lanterns"}).json() == {}
    assert token(api, *DEMO).status_code == 401
    assert token(api, DEMO[0], "eight pale lanterns").status_code == 200


@pytest.mark.parametrize(
    ("password", "score"),
    [("password", 0), ("aaaaaaaaaaaa", 0), ("robin", 0), ("12345678x", 1), ("kzt4w", 1), ("kzt4wbq", 2),
     ("kzt4wbqm9", 3), ("eight pale lanterns", 4)],
)  # fmt: skip
def test_the_score_of_a_password(api: httpx.Client, password: str, score: int) -> None:
    assert api.post("/user/me/password-strength", json={"password": password}).json() == {"score": score}


def test_a_reset_link_works_once(world: World, api: httpx.Client) -> None:
    token_of = world.act("talview", "request-password-reset", {"username": EVALUATOR_LOGIN[0]})["token"]
    new = {"new_password": "nine red boats", "new_password_repeat": "nine red boats", "token": token_of}
    path = "/user/reset-password"
    assert api.get(f"{path}/verify-link", params={"c": token_of}).json()["status"] == 200
    assert fields(api.post(f"{path}/change", json={**new, "new_password_repeat": "x"})) == {"new_password"}
    assert api.post(f"{path}/change", json=new).status_code == 200
    assert token(api, EVALUATOR_LOGIN[0], "nine red boats").status_code == 200
    assert api.get(f"{path}/verify-link", params={"c": token_of}).status_code == 400
    assert fields(api.post(f"{path}/change", json=new)) == {"token"}


def test_the_secret_for_one_time_passwords_stays(api: httpx.Client) -> None:
    first = api.get("/user/me/generate-otp-uri").json()
    assert first == api.get("/user/me/generate-otp-uri").json()
    assert first["secret"] in first["qr-code"]


def test_settings_cascade(api: httpx.Client) -> None:
    def zone() -> str:
        applying = read(api, "/user/me/settings_data", expand="settings")
        assert len({one["settings_id"] for one in applying}) == len(applying)
        return next(str(one["value"]) for one in applying if one["settings"]["name"] == "Timezone")

    path = "/admin/organization/488/settings-data"
    assert zone() == "Pacific/Midway"
    assert api.get("/user/me/settings_data/60").status_code == 404
    assert api.delete(f"{path}/63").status_code == 204
    assert zone() == "Asia/Kolkata"
    assert api.get("/user/me/settings_data/60").status_code == 200
    assert api.delete(f"{path}/60").status_code == 204
    assert zone() == "UTC"
    mine = {"settings_id": 1, "settings_allowed_value_id": 144, "user_id": ME}
    assert api.post(path, json=mine).status_code == 201
    assert zone() == "Asia/Kolkata"
    assert fields(api.post(path, json={**mine, "settings_allowed_value_id": 190})) == {"settings_allowed_value_id"}


def test_permissions_are_granted_by_query(api: httpx.Client) -> None:
    path = "/admin/organization/488/rbac"
    grant = {"type": 2, "item_name": "cake.eat", "user_id": EVALUATOR}
    assert api.get("/admin/permission", params={"pageSize": 50}).json().count("cake.eat") == 0
    made = api.post(path, json=grant).json()
    assert api.post(path, json=grant).json()["id"] == made["id"]
    assert api.get("/admin/permission", params={"pageSize": 50}).json().count("cake.eat") == 1
    assert fields(api.post(path, json={**grant, "user_id": 50001})) == {"user_id"}
    assert fields(api.post(path, json={**grant, "organization_id": 496})) == {"organization_id"}
    wanted = {"item_name": "cake.eat"}
    assert api.put(path, params=wanted, json={"item_name": "cake.eat", "user_id": ME}).json()["user_id"] == ME
    assert "cake.eat" in {one["item_name"] for one in read(api, "/user/me/permission")}
    assert api.delete(path, params={**wanted, "user_id": EVALUATOR}).status_code == 404
    assert api.delete(path, params=wanted).status_code == 204
    assert api.delete(path, params=wanted).status_code == 404


def test_permissions_of_users(api: httpx.Client) -> None:
    path = f"/admin/organization/488/user/{EVALUATOR}/permission"
    assert fields(api.post(path, json={"item_name": "no.such"})) == {"item_name"}
    made = api.post(path, json={"item_name": "user.create"}).json()
    assert api.post(path, json={"item_name": "user.create"}).json()["id"] == made["id"]
    assert {one["user_id"] for one in read(api, path)} == {None, EVALUATOR}
    assert api.delete(f"{path}/435367").status_code == 404
    assert api.delete(f"{path}/{made['id']}").status_code == 204
    assert api.get("/admin/organization/2/user/41/permission").status_code == 404


def test_calendars_have_ranges(api: httpx.Client) -> None:
    events = read(api, "/user/me/calendar")
    starts = sorted(one["from"] for one in events)
    middle = starts[len(starts) // 2].replace(" ", "T") + ":00"
    found = read(api, "/user/me/calendar", **{"from": middle})
    assert found == [one for one in events if one["from"] >= starts[len(starts) // 2]] != events
    early = read(api, "/user/me/calendar", to=middle)
    assert early == [one for one in events if one["to"] <= starts[len(starts) // 2]] != []
    assert {one["user_id"] for one in read(api, "/user/me/calendar", user_id=EVALUATOR)} == {EVALUATOR}
    seconds = int(datetime.fromisoformat(middle).timestamp())
    assert read(api, "/user/me/calendar", startsAt=seconds) == found
    assert api.put("/user/me/calendar/3042791", json={"event": "Mine"}).status_code == 404
    times = {"from": "2030-03-15T13:00:00Z", "to": "2030-03-15T13:00:00Z"}
    assert fields(api.put("/user/me/calendar/3042793", json=times)) == {"to"}


@pytest.mark.parametrize(
    ("number", "organization", "wrong"),
    [(2889366, 488, ""), (2889367, 488, ""), (2889366, 496, "organization_id"), (2889362, 488, "sent_at"),
     (2889363, 488, "status")],
)  # fmt: skip
def test_resending(api: httpx.Client, number: int, organization: int, wrong: str) -> None:
    answer = api.patch(f"/admin/notification-log/{number}/resend", json={"organization_id": organization})
    if wrong:
        assert fields(answer) == {wrong}
    else:
        assert (answer.json()["status"], answer.json()["sent_by"]) == ("enqueued", ME)


def test_resending_ends_after_four_hours(world: World, api: httpx.Client) -> None:
    world.clock.advance(timedelta(hours=4))
    assert fields(api.patch("/admin/notification-log/2889366/resend", json={"organization_id": 488})) == {"sent_at"}


def test_administrators_see_the_last_hour_and_search_beyond(api: httpx.Client) -> None:
    lately = {one["id"] for one in read(api, "/admin/notification-log")}
    assert 2889369 in lately
    assert 2889360 not in lately
    assert {one["id"] for one in read(api, "/admin/notification-log", to="2026-01-03")} == {2889360, 2889361}
    assert {one["type_id"] for one in read(api, "/admin/notification-log", label="Password")} == {802}
    assert {one["organization_id"] for one in read(api, "/admin/notification-log", organization_id=496)} == {496}


def test_notifications_of_others_open_nothing_of_theirs(world: World) -> None:
    with signed_in(world, OTHER) as other:
        listed = read(other, "/admin/notification-log", to="2026-12-31", expand="assessment,candidate")
    foreign = [one for one in listed if one["organization_id"] == 488 and one["assessment_id"] is not None]
    assert foreign
    assert all((one["assessment"], one["candidate"], one["_links"]) == (None, None, {}) for one in foreign)


def test_the_placeholder_is_a_picture(api: httpx.Client) -> None:
    size_and_place = {"width": 12, "height": 9, "x": 2, "y": 1, "fSize": 7}
    query: dict[str, Any] = {"text": "I", "bgColor": "#000", "fillColor": "fff", **size_and_place}
    answer = api.get("/helpers/profile-image-placeholder", params=query)
    assert answer.headers["Content-Type"] == "image/png"
    size, palette, rows = png(answer.content)
    assert (size, palette) == ((12, 9), bytes(3) + b"\xff\xff\xff")
    drawn = [f"{int.from_bytes(row, 'big') >> 4:012b}" for row in rows]
    assert drawn == ["0" * 12, "000111000000", *["000010000000"] * 5, "000111000000", "0" * 12]


def png(content: bytes) -> tuple[tuple[int, int], bytes, list[bytes]]:
    """Return size, palette and rows of a PNG of two colours."""
    parts: dict[bytes, bytes] = {}
    place = 8
    while place < len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        kind, data = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        assert struct.unpack(">I", content[place + 8 + length : place + 12 + length])[0] == zlib.crc32(kind + data)
        parts[kind] = data
        place += 12 + length
    width, height = struct.unpack(">II", parts[b"IHDR"][:8])
    pixels, step = zlib.decompress(parts[b"IDAT"]), 1 + -(-width // 8)
    return (width, height), parts[b"PLTE"], [pixels[step * row + 1 : step * (row + 1)] for row in range(height)]


def test_the_display_picture_is_kept_and_removed(api: httpx.Client) -> None:
    assert api.get("/user/display-picture").json()["picture"] is None
    content = b"\x89PNG picture"
    made = api.post("/user/display-picture", files={"file": ("me.png", content, "image/png")}).json()
    assert made["picture"]["originalName"] == "me.png"
    assert api.get("/user/me").json()["profilePicUrl"] == made["picture"]["resourceUrl"]
    assert api.get(made["picture"]["resourceUrl"]).content == content
    assert api.delete("/user/display-picture").status_code == 204
    assert api.get("/user/display-picture").json()["picture"] is None
    assert api.delete("/user/display-picture").status_code == 204


def test_references_must_exist(api: httpx.Client) -> None:
    menu = {"assessment_id": 861338, "menu_card_id": 84}
    assert fields(api.post("/models/menu-card-assessment", json=menu)) == {"menu_card_id"}
    path = "/admin/organization/488/user/41/category"
    assert fields(api.post(path, json={"category_id": 515})) == {"category_id"}
