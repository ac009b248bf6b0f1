"""What is compiled from a specification: dates, parameters, limits of what is served, and the time it takes."""

from __future__ import annotations

import copy
import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.contract import Contract, ContractBroken, load_document
from assaykit.emulator.engine.dates import compile_plan, day_range, instant_text, parse_instant, write_instant
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.jsontext import loads
from assaykit.emulator.engine.message import Request
from assaykit.emulator.engine.storage import Where
from tests.emulator.conftest import START
from tests.emulator.mini import AUTH, DOCUMENT, mini

JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2018-11-13T12:18:49.7233333Z", "2018-11-13T12:18:49.723333Z"),
        ("2018-12-31T23:59:59Z", "2018-12-31T23:59:59.000000Z"),
        ("2018-12-31t23:59:59z", "2018-12-31T23:59:59.000000Z"),
        ("2018-12-31T23:59:60Z", "2019-01-01T00:00:00.000000Z"),
        ("2019-01-01T01:29:60.5+01:30", "2019-01-01T00:00:00.500000Z"),
        ("2019-01-01T00:00:00+02:00", "2018-12-31T22:00:00.000000Z"),
        ("2019-01-01 00:00:00", "2019-01-01T00:00:00.000000Z"),
        ("0000-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
        ("0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00.000000Z"),
        ("9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_every_rfc_3339_instant_is_read(text: str, kept: str) -> None:
    assert instant_text(parse_instant(text)) == kept


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("rfc3339", "2020-05-23T00:54:00.12Z"),
        ("fraction6", "2020-05-23T00:54:00.120000Z"),
        ("fraction7", "2020-05-23T00:54:00.1200000Z"),
        ("naive-space", "2020-05-23 00:54:00"),
        ("offset-short", "2020-05-23 00:54:00+00"),
    ],
)
def test_every_wire_form(form: str, written: str) -> None:
    instant = datetime(2020, 5, 23, 0, 54, 0, 120000, UTC)
    assert write_instant(instant, form) == written
    assert write_instant(instant_text(instant), form) == written
    assert write_instant("2020-05-23T02:54:00.12+02:00", form) == written
    assert write_instant(None, form) is None
    assert write_instant("2020-05-23 00:54:00", form) == "2020-05-23 00:54:00"
    assert write_instant("2021-06-7 00:00:00", form) == "2021-06-7 00:00:00"
    assert write_instant("2021-06-07", form) == "2021-06-07"
    assert write_instant("not an instant at all, really", form) == "not an instant at all, really"


def test_whole_seconds_and_early_years() -> None:
    assert write_instant("2020-05-23T00:54:00.000000Z", "rfc3339") == "2020-05-23T00:54:00Z"
    assert write_instant(datetime(1, 2, 3, tzinfo=UTC), "fraction7") == "0001-02-03T00:00:00.0000000Z"


def test_naive_forms_are_written_in_the_vendors_zone() -> None:
    kept = "2020-05-23T20:54:00.120000Z"
    assert write_instant(kept, "naive-space", JAKARTA) == "2020-05-24 03:54:00"
    assert write_instant("2020-05-23T20:54:00+02:00", "naive-space", JAKARTA) == "2020-05-24 01:54:00"
    assert write_instant(kept, "offset-short", JAKARTA) == "2020-05-23 20:54:00+00"
    assert write_instant("9999-12-31T23:00:00.000000Z", "naive-space", JAKARTA) == "9999-12-31 23:00:00"
    assert write_instant("2020-05-23 00:54:00", "naive-space", JAKARTA) == "2020-05-23 00:54:00"


def test_a_vendor_names_the_zone_for_replies_and_webhooks() -> None:
    vendor = mini(JAKARTA)
    assert vendor.zone is JAKARTA
    world = Emulator([vendor], check_replies=True).make_world("a", ManualClock(START))
    states = world.states["mini"].cache
    reply = world.handle("mini", Request("GET", "/limited/1", b"", AUTH))
    assert loads(reply.body) == {"at": "2026-01-05 16:00:00", "sure": "2026-01-05T09:00:00.000000Z"}
    states["dates"] = {"at": "2021-06-7 00:00:00", "sure": "2021-06-07 00:00"}
    assert loads(world.handle("mini", Request("GET", "/limited/1", b"", AUTH)).body) == states["dates"]
    world.close()


def test_headers_of_replies_are_read_as_what_their_schema_says() -> None:
    operation = Contract(DOCUMENT).operations["limited_get"]
    body = ("Content-Type", "application/json")
    operation.check_reply(200, [body, ("X-Left", "0")], b"{}")
    for wrong in ("61", "-1", "two", "1.5", ""):
        with pytest.raises(ContractBroken, match="unfit header x-left"):
            operation.check_reply(200, [body, ("X-Left", wrong)], b"{}")
    with pytest.raises(ContractBroken, match="without the header retry-after"):
        operation.check_reply(429, [body], b"{}")


def test_a_plan_follows_references_lists_and_alternatives_even_into_itself() -> None:
    schemas: dict[str, Any] = {
        "#/Node": {
            "properties": {
                "at": {"type": ["string", "null"], "x-datetime": "naive-space"},
                "children": {"items": {"$ref": "#/Node"}},
                "plain": {"type": "string"},
            }
        }
    }
    plan = compile_plan({"oneOf": [{"allOf": [{"$ref": "#/Node"}]}, {"type": "null"}]}, schemas.__getitem__)
    assert plan is not None
    at = "2020-05-23T00:54:00.000000Z"
    given = {"at": at, "plain": at, "children": [{"at": None}], "other": at}
    kept = copy.deepcopy(given)
    assert plan(given) == {**given, "at": "2020-05-23 00:54:00"}
    assert given == kept
    assert plan(None) is None
    assert compile_plan({"properties": {"a": {"type": "string"}}}, schemas.__getitem__) is None


def test_day_range_is_inclusive() -> None:
    assert day_range("at", "2024-08-20", "2024-12-02") == [
        Where("at", ">=", "2024-08-20T00:00:00.000000Z"),
        Where("at", "<=", "2024-12-02T23:59:59.999999Z"),
    ]
    assert day_range("at", None, None) == []


def _broken(**changed: Any) -> dict[str, Any]:
    document = copy.deepcopy(DOCUMENT)
    document["paths"]["/items"]["get"]["parameters"] = [{"name": "p", "in": "query"} | changed]
    return document


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"content": {}}, "schema"),
        ({"schema": {"type": "object"}, "style": "deepObject"}, "brackets"),
        ({"schema": {"type": "object"}}, "objects"),
        ({"schema": {"type": "string"}, "in": "cookie"}, "in cookie is not supported"),
        ({"schema": {"$ref": "other.yaml#/A"}}, "inside the bundled document"),
        ({"schema": {"$ref": "#/components/schemas/Missing"}}, "points to nothing"),
    ],
)
def test_what_cannot_be_served_is_refused_with_its_place(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told) as caught:
        Contract(_broken(**changed))
    assert "GET /items" in str(caught.value)


def test_a_vendor_without_client_names_the_package() -> None:
    with pytest.raises(FileNotFoundError, match="nobody_client"):
        load_document("nobody")


def test_400_operations_compile_fast() -> None:
    """The goal is 0.4 s for a whole start; compiling takes a small part of it even on a busy machine."""
    document = copy.deepcopy(DOCUMENT)
    operation = document["paths"]["/items"]["post"]
    fields = {f"field{index}": {"type": ["string", "null"], "maxLength": 100} for index in range(40)}
    for index in range(400):
        name = f"Item{index}"
        document["components"]["schemas"][name] = {"type": "object", "properties": fields}
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        document["paths"][f"/things{index}/{{id}}"] = {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "post": {**operation, "operationId": f"op{index}", "requestBody": {"content": content}},
        }
    begun = time.process_time()
    contract = Contract(document)
    contract.schemas.validator("#/components/schemas/Item399")
    assert time.process_time() - begun < 0.4
    assert len(contract.operations) > 400
