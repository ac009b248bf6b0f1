"""The engine's rules, each with a test that fails when the rule is off."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assaykit.emulator.engine.contract import ContractBroken
from assaykit.emulator.engine.dispatch import Dispatcher
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.message import Reply, Request, Success
from assaykit.emulator.engine.rejection import Rejected
from assaykit.emulator.engine.vendor import Behaviours, Call
from assaykit.emulator.engine.worlds import World
from tests.emulator.conftest import Ask
from tests.emulator.mini import ITEMS, behaviours, mini

NEW = b'{"name": "ink"}'


def test_literal_segment_wins_over_variable(ask: Ask) -> None:
    assert ask("GET", "/items/search").json["path"] == {}


def test_a_literal_branch_that_leads_nowhere_is_left_again(ask: Ask) -> None:
    assert ask("GET", "/items/of/3").json["path"] == {"name": "items", "itemId": 3}
    assert ask("GET", "/items/search/label").json["path"] == {"name": "search"}


@pytest.mark.parametrize("path", ["/nothing", "/items/", "//items", "/items//label", "", "/", "/items/1/2"])
def test_unknown_path_is_404(ask: Ask, path: str) -> None:
    assert ask("GET", path).status == 404


def test_encoded_slash_stays_inside_its_segment(ask: Ask) -> None:
    assert ask("GET", "/items/a%2Fb/label").json["path"] == {"name": "a/b"}


def test_percent_encoding_of_a_literal_segment_is_decoded(ask: Ask) -> None:
    assert ask("GET", "/it%65ms/search").status == 200


@pytest.mark.parametrize("segment", ["%zz", "%", "%e9", "%ED%A0%80", "%00", "%C0%AF"])
def test_malformed_path_segment_is_400_and_names_the_parameter(ask: Ask, segment: str) -> None:
    answer = ask("GET", f"/items/{segment}/label")
    assert answer.status == 400
    assert list(answer.fields) == ["path.name"]


def test_non_ascii_segment_survives(ask: Ask) -> None:
    assert ask("GET", "/items/%E2%82%AC%20/label").json["path"] == {"name": "€ "}


@pytest.mark.parametrize("segment", ["abc", "1.0", "+1", "01", "1e3", " 1", "%201", "0x1", "\u0661"])
def test_malformed_integer_in_the_path_is_400(ask: Ask, segment: str) -> None:
    assert ask("GET", f"/items/{segment}").status == 400


def test_integer_of_5000_digits_is_400_not_a_crash(ask: Ask) -> None:
    assert ask("GET", f"/items/{'9' * 5000}").status == 400
    assert ask("GET", "/items", query=b"page=" + b"9" * 5000).status == 400


def test_integer_outside_its_bounds_is_400_and_an_unknown_one_404(ask: Ask) -> None:
    assert ask("GET", "/items/0").fields == {"path.itemId": "must be at least 1"}
    assert ask("GET", "/items/77").status == 404
    assert ask("GET", f"/items/{10**60}").status == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "TRACE", "QUERY"])
def test_undeclared_method_is_405_and_allow_names_all_methods_of_the_path(ask: Ask, method: str) -> None:
    answer = ask(method, "/items/1")
    assert answer.status == 405
    assert answer.reply.header("Allow") == "DELETE, GET, HEAD, OPTIONS"


def test_405_comes_before_authentication(ask: Ask) -> None:
    assert ask("PUT", "/items", headers={}).status == 405


def test_options_tells_the_methods_of_the_path(ask: Ask) -> None:
    answer = ask("OPTIONS", "/items", headers={})
    assert (answer.status, answer.reply.header("Allow"), answer.reply.body) == (204, "GET, HEAD, OPTIONS, POST", b"")


def test_options_of_an_unknown_path_is_404(ask: Ask) -> None:
    assert ask("OPTIONS", "/nothing").status == 404


def test_head_is_get_without_the_body(ask: Ask) -> None:
    get, head = ask("GET", "/items"), ask("HEAD", "/items")
    assert head.reply.body == b""
    assert head.status == 200
    assert head.reply.header("content-length") == str(len(get.reply.body))
    assert head.reply.header("content-type") == "application/json"


def test_head_of_a_path_without_get_is_405(ask: Ask) -> None:
    assert ask("HEAD", "/login").status == 405


@pytest.mark.parametrize("headers", [{}, {"x-mini-key": "wrong"}, {"x-mini-key": ""}])
def test_missing_and_wrong_credentials_are_401(ask: Ask, headers: dict[str, str]) -> None:
    assert ask("GET", "/items", headers=headers).status == 401


def test_authentication_comes_before_parameters_and_body(ask: Ask) -> None:
    assert ask("GET", "/items/abc", headers={}).status == 401
    assert ask("GET", "/items", query=b"page=0", headers={}).status == 401
    assert ask("POST", "/items", body=b"{", headers={}).status == 401


def test_alternatives_of_security_are_tried_in_turn(ask: Ask) -> None:
    basic = {"authorization": "Basic bWluaS1rZXk6b3Blbg=="}
    assert ask("GET", "/either", headers=basic).json["identity"] == "password"
    assert ask("GET", "/either", headers={"authorization": "bearer mini-key"}).json["identity"] == "bearer"
    assert ask("GET", "/either", headers={"authorization": "Bearer other"}).json["message"] == "The bearer is wrong."


@pytest.mark.parametrize(
    "value", ["Basic", "Basic !", "Basic bm9jb2xvbg==", "Basic /w==", "Bearer ", "Digest mini-key"]
)
def test_malformed_authorization_is_401(ask: Ask, value: str) -> None:
    assert ask("GET", "/either", headers={"authorization": value}).status == 401


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (b"page=", "query.page"),
        (b"page=0", "query.page"),
        (b"page=1.0", "query.page"),
        (b"page=1&page=1", "query.page"),
        (b"flag=yes", "query.flag"),
        (b"flag=True", "query.flag"),
        (b"flag=1", "query.flag"),
        (b"ratio=1e999", "query.ratio"),
        (b"ratio=NaN", "query.ratio"),
        (b"ratio=Infinity", "query.ratio"),
        (b"ratio=.5", "query.ratio"),
        (b"day=2024-02-30", "query.day"),
        (b"day=2024-2-3", "query.day"),
        (b"sort=other", "query.sort"),
        (b"tag=", "query.tag[0]"),
        (b"tag=a&tag=b&tag=c&tag=d", "query.tag"),
        (b"ids=1,x", "query.ids[1]"),
        (b"ids=1&ids=2", "query.ids"),
        (b"page=%zz", "query"),
        (b"%ff=1", "query"),
        (b"tag=%00", "query"),
    ],
)
def test_unfit_query_is_400_and_names_the_parameter(ask: Ask, query: bytes, field: str) -> None:
    answer = ask("GET", "/items", query=query)
    assert (answer.status, list(answer.fields)) == (400, [field])


def test_query_is_decoded_by_its_schema(ask: Ask, world: World) -> None:
    sent = b"page=2&flag=false&ratio=-1.5e2&day=2024-02-29&sort=-name&tag=a+b&tag=c%2Bd&ids=1,-2&unknown=x&unknown=y"
    assert ask("GET", "/items", query=sent).status == 200
    assert world.states["mini"].cache["query"] == {
        "page": 2,
        "flag": False,
        "ratio": -150.0,
        "day": "2024-02-29",
        "sort": "-name",
        "tag": ["a b", "c+d"],
        "ids": [1, -2],
    }


def test_default_of_a_parameter_is_given_to_the_behaviour(ask: Ask, world: World) -> None:
    ask("GET", "/items")
    assert world.states["mini"].cache["query"] == {"page": 1}


def test_header_parameters_are_required_and_checked(ask: Ask) -> None:
    assert ask("GET", "/traced").fields == {"header.x-trace": "is required"}
    assert ask("GET", "/traced", headers={"x-trace": "1"}).status == 400
    trace = "4012ed2d-6445-4aa0-a5f7-e5cadffe2c0c"
    assert ask("GET", "/traced", headers={"x-trace": trace}).json["headers"] == {"x-trace": trace}


@pytest.mark.parametrize(
    "media",
    ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "", "application/json; charset=utf-16"],
)
def test_another_media_type_is_415(ask: Ask, media: str) -> None:
    assert ask("POST", "/items", body=NEW, media=media).status == 415


def test_a_body_without_media_type_is_415(ask: Ask) -> None:
    assert ask("POST", "/items", body=NEW, media=None).status == 415


@pytest.mark.parametrize(
    "media", ["application/json", "Application/JSON ; Charset=UTF-8", 'application/json;charset="utf-8"']
)
def test_the_media_type_is_read_with_its_parameters(ask: Ask, media: str) -> None:
    assert ask("POST", "/items", body=NEW, media=media).status == 201


def test_415_comes_before_parsing(ask: Ask) -> None:
    assert ask("POST", "/items", body=b"{", media="text/plain").status == 415


@pytest.mark.parametrize("headers", [None, {"x-mini-key": "mini-key", "content-type": "application/json"}])
def test_missing_body_is_400(ask: Ask, headers: dict[str, str] | None) -> None:
    assert ask("POST", "/items", headers=headers).fields == {"body": "is required"}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"null null",
        b'{"name": NaN}',
        b'{"name": "ink", "any": NaN}',
        b'{"name": "ink", "any": Infinity}',
        b'{"name": "ink", "any": -Infinity}',
        b'{"name": "ink", "any": 1e999}',
        b'{"name": "ink", "count": ' + b"9" * 4301 + b"}",
        b'{"name": "\\ud800"}',
        b'{"name": "ink", "any": "\\udc00 and 123456789012345678901"}',
        b'{"name": "\xff"}',
        b'{"name": "\xed\xa0\x80"}',
        b'\xef\xbb\xbf{"name": "ink"}',
        b"{'name': 'ink'}",
        b'{"name": "ink",}',
        b'{"name": "ink", "any": ' + b"[" * 200 + b"]" * 200 + b"}",
        b'{"name": "ink", "any": ' + b"[" * 100_000,
    ],
)
def test_what_is_not_strict_json_is_400(ask: Ask, body: bytes) -> None:
    answer = ask("POST", "/items", body=body)
    assert answer.status in (400, 413)
    assert answer.json["kind"] in ("bad_syntax", "too_large", "invalid")


def test_of_two_members_with_one_name_the_last_wins(ask: Ask) -> None:
    assert ask("POST", "/items", body=b'{"name": "a", "name": "b"}').json["name"] == "b"


def test_integers_of_any_size_keep_their_digits(ask: Ask) -> None:
    huge = 10**40 + 7
    made = ask("POST", "/items", body=b'{"name": "a", "any": {"n": %d}}' % huge)
    assert made.json["any"] == {"n": huge}
    assert ask("GET", f"/items/{made.json['id']}").json["any"] == {"n": huge}


def test_nul_in_json_text_is_kept(ask: Ask) -> None:
    made = ask("POST", "/items", body=b'{"name": "a\\u0000b"}')
    assert ask("GET", f"/items/{made.json['id']}").json["name"] == "a\0b"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"{}", {"body.name": "is required"}),
        (b"[]", {"body": "must be an object"}),
        (b"null", {"body": "must be an object"}),
        (b'{"name": ""}', {"body.name": "must have at least 1 character"}),
        (b'{"name": 5}', {"body.name": "must be text"}),
        (b'{"name": "a", "count": true}', {"body.count": "must be a whole number"}),
        (b'{"name": "a", "count": 1.5}', {"body.count": "must be a whole number"}),
        (b'{"name": "a", "email": "x"}', {"body.email": "must be an e-mail address"}),
        (b'{"name": "a", "kind": "x"}', {"body.kind": "must be one of name, -name"}),
        (b'{"name": "a", "tags": ["x", "x"]}', {"body.tags": "must not hold the same entry twice"}),
        (b'{"name": "a", "tags": ["x", 1]}', {"body.tags[1]": "must be text"}),
        (b'{"name": "a", "other": 1}', {"body.other": "is not a known field; leave it out"}),
        (
            b'{"name": "a", "extra": {"a": "0123456789012"}}',
            {"body.extra": "has 21 characters as JSON; at most 20 are allowed"},
        ),
    ],
)
def test_unfit_body_is_400_and_says_what_to_mend(ask: Ask, body: bytes, fields: dict[str, str]) -> None:
    answer = ask("POST", "/items", body=body)
    assert (answer.status, answer.fields) == (400, fields)


def test_json_length_is_counted_in_characters_without_blanks(ask: Ask) -> None:
    assert ask("POST", "/items", body='{"name": "a", "extra": {"a":   "€€€€€€€€€€€€"}}'.encode()).status == 201


def test_length_is_counted_in_code_points(ask: Ask) -> None:
    assert ask("POST", "/items", body=b'{"name": "' + "😀".encode() * 20 + b'"}').status == 201
    assert ask("POST", "/items", body=b'{"name": "' + "😀".encode() * 21 + b'"}').status == 400


def test_a_number_without_fraction_is_an_integer(ask: Ask) -> None:
    assert ask("POST", "/items", body=b'{"name": "a", "count": 1.0}').status == 201


def test_too_large_a_body_is_413(ask: Ask) -> None:
    assert ask("POST", "/items", body=b'{"name": "' + b"a" * 10_000 + b'"}').status == 413


def test_a_body_that_nobody_reads_is_ignored(ask: Ask) -> None:
    assert ask("GET", "/items", body=b"x" * 20_000, media="text/plain").status == 200


def test_form_is_read_strictly(ask: Ask) -> None:
    form = "application/x-www-form-urlencoded"
    assert ask("POST", "/login", body=b"user=a+b%21", media=form).json["body"] == {"user": "a b!"}
    assert ask("POST", "/login", body=b"user=a&user=b", media=form).status == 400
    assert ask("POST", "/login", body=b"user=%ff", media=form).status == 400
    assert ask("POST", "/login", body=b"user=", media=form).status == 400


def test_nothing_beyond_the_specification_is_refused(ask: Ask) -> None:
    assert ask("POST", "/items", body=b'{"name": "  "}').json["name"] == "  "


def test_created_is_readable_and_deleted_is_not(ask: Ask) -> None:
    number = ask("POST", "/items", body=NEW).json["id"]
    assert ask("GET", f"/items/{number}").status == 200
    assert ask("DELETE", f"/items/{number}").status == 204
    assert ask("GET", f"/items/{number}").status == 404
    assert ask("DELETE", f"/items/{number}").status == 404


def test_a_refusal_rolls_back_what_the_behaviour_wrote(ask: Ask, world: World) -> None:
    assert ask("POST", "/items", body=b'{"name": "refused"}').status == 409
    assert world.store.count(ITEMS) == 1


def test_instants_are_written_in_the_vendors_form(ask: Ask) -> None:
    assert ask("POST", "/items", body=NEW).json["made"] == "2026-01-05T09:00:00.0000000Z"


def test_a_page_outside_of_the_specification_needs_no_credentials(ask: Ask, world: World) -> None:
    reply = world.handle("mini", Request("GET", "/pages/a%2Fb"))
    assert (reply.status, reply.body) == (200, b"a/b")
    assert world.handle("mini", Request("GET", "/pages/%ff")).status == 404


def _with(**changed: Any) -> Emulator:
    other = Behaviours()
    other.operations |= behaviours.operations
    for name, behaviour in changed.items():
        other.operations[name] = behaviour
    return Emulator([replace(mini(), behaviours=other)], check_replies=True)


@pytest.mark.parametrize(
    ("success", "told"),
    [
        (Success({"path": 1}, 202), "202, which the specification does not document"),
        (Success([]), "unfit body"),
        (Success(b"x", media_type="text/plain"), "text/plain"),
        (Success(), "nothing"),
    ],
)
def test_a_reply_that_breaks_the_specification_is_caught(success: Success, told: str) -> None:
    def broken(call: Call) -> Success:
        return success

    world = _with(items_search=broken).world()
    with pytest.raises(ContractBroken, match=told):
        world.handle("mini", Request("GET", "/items/search"))


def test_a_missing_required_header_is_caught() -> None:
    def broken(call: Call) -> Success:
        return Success({"id": 1, "name": "a", "made": "2020-01-01T00:00:00Z"}, 201)

    world = _with(items_create=broken).world()
    sent = {"x-mini-key": "mini-key", "content-type": "application/json"}
    with pytest.raises(ContractBroken, match="location"):
        world.handle("mini", Request("POST", "/items", b"", sent, NEW))


def test_operations_and_behaviours_must_agree() -> None:
    other = Behaviours()
    other.operations |= behaviours.operations
    del other.operations["items_get"]
    with pytest.raises(ValueError, match="items_get"):
        Dispatcher(replace(mini(), behaviours=other))


def test_the_error_writer_knows_which_operation_was_asked_for() -> None:
    asked: list[str | None] = []

    def errors(rejected: Rejected) -> Reply:
        asked.append(rejected.operation)
        return mini().errors(rejected)

    other = Emulator([replace(mini(), errors=errors)]).world()
    other.faults.add(operation="items_list", status=503, when="after")
    for method, path in (("GET", "/items/1"), ("PUT", "/items/1"), ("GET", "/nowhere"), ("GET", "/items")):
        other.handle("mini", Request(method, path, b"", {"x-mini-key": "mini-key"}))
    assert asked == ["items_get", None, None, "items_list"]
