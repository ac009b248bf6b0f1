"""Every filter, sort, selection and expansion of the emulated TestDome against a brute force in Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx
import pytest

from assaykit.emulator import vendors
from assaykit.emulator.engine.clock import ManualClock
from assaykit.emulator.engine.emulator import Emulator
from assaykit.emulator.engine.worlds import World
from tests.emulator.conftest import START
from tests.emulator.testdome_calls import ADA, OTHER, TEST, act, everything, signed_in

Item = dict[str, Any]
TESTS, CANDIDATES, OF_TEST = "/v3/tests", "/v3/candidates", f"/v3/tests/{TEST}/candidates"


def everybody(client: httpx.Client) -> list[Item]:
    return everything(client, CANDIDATES, **{"$expand": "test"})


@pytest.mark.parametrize(("path", "size"), [(TESTS, 1), (TESTS, 7), (CANDIDATES, 13), (CANDIDATES, 100), (OF_TEST, 5)])
def test_pages_add_up_to_the_whole_in_the_order_of_the_ids(testdome: httpx.Client, path: str, size: int) -> None:
    ids = [item["id"] for item in everything(testdome, path, **{"$top": size})]
    assert ids == sorted(set(ids))
    assert ids == [item["id"] for item in everything(testdome, path)]
    assert len(ids) == {TESTS: 29, CANDIDATES: 201, OF_TEST: 12}[path]


def test_a_page_tells_its_place(testdome: httpx.Client) -> None:
    page = testdome.get(TESTS, params={"$top": 10, "$skip": 10, "$filter[term]": "e", "$sort": "name"}).json()
    assert (page["skip"], page["top"], page["totalCount"], page["hasMoreItems"]) == (10, 10, 29, True)
    following, before = (testdome.get(page["_links"][name]["href"]).json() for name in ("next", "previous"))
    names = [item["name"] for part in (before, page, following) for item in part["value"]]
    assert (len(names), names) == (29, sorted(names))
    assert not following["hasMoreItems"]
    assert "next" not in following["_links"]


@pytest.mark.parametrize("path", [TESTS, CANDIDATES, OF_TEST])
def test_nothing_lies_beyond_the_end(testdome: httpx.Client, path: str) -> None:
    whole = testdome.get(path, params={"$top": 1}).json()["totalCount"]
    for skip in (whole, 2_147_483_647):
        page = testdome.get(path, params={"$skip": skip}).json()
        assert (page["value"], page["hasMoreItems"], page["totalCount"]) == ([], False, whole)
    last = testdome.get(path, params={"$skip": whole - 1}).json()
    assert (len(last["value"]), last["hasMoreItems"]) == (1, False)


CANDIDATE_FILTERS: dict[str, tuple[dict[str, Any], Callable[[Item], bool]]] = {
    "archived": ({"$filter[archived]": "true"}, lambda c: c["archived"]),
    "not archived": ({"$filter[archived]": "false"}, lambda c: not c["archived"]),
    "a status": ({"$filter[status]": "didNotTake"}, lambda c: c["status"] == "didNotTake"),
    "two statuses": (
        {"$filter[status]": ["invited", "sendingInvitation"]},
        lambda c: c["status"] in ("invited", "sendingInvitation"),
    ),
    "a name": ({"$filter[term]": "ADA"}, lambda c: "ada" in f"{c['name']}\n{c['email']}".lower()),
    "an address": ({"$filter[term]": "@EXAMPLE."}, lambda c: True),
    "nobody": ({"$filter[term]": "nobody at all"}, lambda c: False),
    "no term": ({"$filter[term]": ""}, lambda c: True),
    "two tests": ({"$filter[tests]": [TEST, 1_234_602]}, lambda c: c["test"]["id"] in (TEST, 1_234_602)),
    "an unknown test": ({"$filter[tests]": 77}, lambda c: False),
    "a lowest score": ({"$filter[minScore]": 58}, lambda c: (c["score"] or -1) >= 58),
    "a highest score": ({"$filter[maxScore]": "58.0"}, lambda c: c["score"] is not None and c["score"] <= 58),
    "all of them": (
        {
            "$filter[archived]": "false",
            "$filter[status]": ["completed", "paused"],
            "$filter[term]": "sample",
            "$filter[minScore]": 10,
            "$filter[maxScore]": 95,
        },
        lambda c: (
            not c["archived"] and "sample" in f"{c['name']}\n{c['email']}".lower() and 10 <= (c["score"] or 0) <= 95
        ),
    ),
}


@pytest.mark.parametrize("name", CANDIDATE_FILTERS)
def test_filters_of_candidates(testdome: httpx.Client, name: str) -> None:
    query, fits = CANDIDATE_FILTERS[name]
    wanted = [candidate for candidate in everybody(testdome) if fits(candidate)]
    assert everything(testdome, CANDIDATES, **query, **{"$expand": "test", "$top": 9}) == wanted
    assert bool(wanted) == (name not in ("nobody", "an unknown test"))


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({"$filter[status]": "completed"}, lambda c: c["status"] == "completed"),
        ({"$filter[archived]": "false"}, lambda c: not c["archived"]),
        ({"$filter[term]": "TOM."}, lambda c: c["email"].startswith("tom.")),
        ({"$filter[notified]": "false", "$filter[status]": "completed"}, lambda c: c["shouldNotify"]),
        (
            {"$filter[notified]": "true"},
            lambda c: c["status"] == "completed" and not c["shouldNotify"],
        ),
    ],
)
def test_filters_of_the_candidates_of_a_test(
    testdome: httpx.Client, query: dict[str, str], fits: Callable[[Item], bool]
) -> None:
    of_test = [candidate for candidate in everybody(testdome) if candidate["test"]["id"] == TEST]
    wanted = [candidate for candidate in of_test if fits(candidate)]
    assert everything(testdome, OF_TEST, **query, **{"$expand": "test"}) == wanted
    assert wanted


def has(*questions: int) -> Callable[[Item], bool]:
    return lambda test: any(question["id"] in questions for question in test["questions"])


TEST_FILTERS: dict[str, tuple[dict[str, Any], Callable[[Item], bool]]] = {
    "archived": ({"$filter[archived]": "true"}, lambda t: t["archived"]),
    "not archived": ({"$filter[archived]": "False"}, lambda t: not t["archived"]),
    "another word": ({"$filter[archived]": "any"}, lambda t: True),
    "with questions": ({"$filter[hasQuestions]": "true"}, lambda t: bool(t["questions"])),
    "without questions": ({"$filter[hasQuestions]": "false"}, lambda t: not t["questions"]),
    "a question": ({"$filter[notContainsQuestions]": 5150}, lambda t: not has(5150)(t)),
    "two questions": (
        {"$filter[notContainsQuestions]": [6000, 6007]},
        lambda t: not has(6000, 6007)(t),
    ),
    "a term": ({"$filter[term]": "dEVELOPER"}, lambda t: "developer" in t["name"].lower()),
    "without deleted ones": ({"$filter[excludeDeleted]": "true"}, lambda t: True),
}


@pytest.mark.parametrize("name", TEST_FILTERS)
def test_filters_of_tests(testdome: httpx.Client, name: str) -> None:
    query, fits = TEST_FILTERS[name]
    whole = everything(testdome, TESTS, **{"$expand": "questions"})
    wanted = [test for test in whole if fits(test)]
    assert everything(testdome, TESTS, **query, **{"$expand": "questions", "$top": 4}) == wanted
    assert wanted


def test_deleted_and_unpublished_tests(testdome: httpx.Client) -> None:
    def ids(**query: str) -> set[int]:
        return {test["id"] for test in everything(testdome, TESTS, **{f"$filter[{k}]": v for k, v in query.items()})}

    deleted = ids(excludeDeleted="false") - ids()
    assert len(deleted) == 2
    assert {testdome.get(f"{TESTS}/{number}").status_code for number in deleted} == {404}
    published, others = ids(isPublished="true"), ids(isPublished="false")
    assert (published | others, published & others) == (ids(), set())
    assert min(len(published), len(others)) > 2


def rank(item: Item, name: str) -> tuple[bool, Any]:
    """Return what an item is sorted by: nulls come first."""
    return (False, 0) if item[name] is None else (True, item[name])


@pytest.mark.parametrize("path", [TESTS, CANDIDATES])
@pytest.mark.parametrize(("upwards", "downwards"), [("{}", "-{}"), ("{} asc", "{} DESC")])
def test_every_plain_property_can_be_sorted_by(testdome: httpx.Client, path: str, upwards: str, downwards: str) -> None:
    whole = everything(testdome, path)
    sortable = [name for name in whole[0] if name not in ("notifyTo", "tags", "_links")]
    assert len(sortable) > 10
    for name in sortable:
        for text, reverse in ((upwards, False), (downwards, True)):
            ranked = sorted(whole, key=partial(rank, name=name), reverse=reverse)
            found = testdome.get(path, params={"$sort": text.format(name), "$top": 60, "$select": "id"}).json()
            assert [item["id"] for item in found["value"]] == [item["id"] for item in ranked[:60]]


def test_sorting_by_several_properties_and_by_none(testdome: httpx.Client) -> None:
    whole = everybody(testdome)
    wanted = sorted(whole, key=lambda c: (c["status"], -(c["score"] or -1), c["email"]))
    assert everything(testdome, CANDIDATES, **{"$expand": "test", "$sort": ["status", "-score", "email"]}) == wanted
    assert everything(testdome, CANDIDATES, **{"$expand": "test", "$sort": "status,-score,email"}) == wanted
    for nothing in ("none", "tags", "no such property", "-", " "):
        assert everything(testdome, CANDIDATES, **{"$expand": "test", "$sort": nothing}) == whole


@pytest.mark.parametrize("path", [f"{TESTS}/{TEST}", f"{CANDIDATES}/{ADA}"])
def test_selections(testdome: httpx.Client, path: str) -> None:
    whole = testdome.get(path).json()
    for name in whole:
        assert testdome.get(path, params={"$select": name}).json() == {
            key: whole[key] for key in whole if key in ("id", name, "_links")
        }
    some = ["name", "archived", "no such property", "questions"]
    wanted = {key: whole[key] for key in ("id", "name", "archived", "_links")}
    assert testdome.get(path, params={"$select": some}).json() == wanted
    assert testdome.get(path, params={"$select": ",".join(some)}).json() == wanted
    assert testdome.get(path, params={"$select": ","}).json() == {key: whole[key] for key in ("id", "_links")}
    listed = testdome.get(path.rpartition("/")[0], params={"$select": some, "$top": 100}).json()["value"]
    assert wanted in listed


EXPANSIONS: dict[str, dict[str, Any]] = {
    f"{TESTS}/{TEST}": {
        "candidatesCount": 12,
        "scheduledCandidatesCount": 3,
        "questionsCount": 8,
        "timeLimit": 5400,
        "expectedPassRate": 40,
        "skills": [{"name": "Python"}, {"name": "SQL"}, {"name": "Algorithms"}],
        "owner": {"name": "Otto Sample", "email": "otto.sample@example.com"},
    },
    f"{CANDIDATES}/{ADA}": {
        "testUrl": None,
        "possibleCheatingAttempts": [],
        "skillScores": [{"skill": "Python", "score": 90}, {"skill": "SQL", "score": 75}],
        "betterThan": 75,
        "notes": [],
        "certificate": None,
    },
}


@pytest.mark.parametrize("path", EXPANSIONS)
def test_expansions(testdome: httpx.Client, path: str) -> None:
    plain, wanted = testdome.get(path).json(), EXPANSIONS[path]
    assert not set(wanted) & set(plain)
    for name, value in wanted.items():
        assert testdome.get(path, params={"$expand": name}).json() == plain | {name: value}
    for names in (list(wanted), ",".join(wanted), [*wanted, "no such property", "name"]):
        assert testdome.get(path, params={"$expand": names}).json() == plain | wanted
    selected = testdome.get(path, params={"$expand": list(wanted), "$select": "id"}).json()
    assert selected == {"id": plain["id"], "_links": plain["_links"]} | wanted


def test_what_is_expanded_agrees_with_what_is_read_elsewhere(testdome: httpx.Client) -> None:
    test = testdome.get(f"{TESTS}/{TEST}").json()
    ada = testdome.get(f"{CANDIDATES}/{ADA}", params={"$expand": ["test", "questions"]}).json()
    questions = testdome.get(f"{TESTS}/{TEST}", params={"$expand": "questions"}).json()["questions"]
    assert (ada["test"], ada["questions"]) == (test, questions)
    people = everybody(testdome)
    for shown in everything(testdome, TESTS, **{"$expand": "candidatesCount,scheduledCandidatesCount"}):
        held = [person["status"] for person in people if person["test"]["id"] == shown["id"]]
        assert shown["candidatesCount"] == len(held)
        assert shown["scheduledCandidatesCount"] == sum(status in ("sendingInvitation", "invited") for status in held)


def test_a_second_account_sees_nothing_of_the_first(testdome: httpx.Client, testdome_world: World) -> None:
    with signed_in(testdome_world, OTHER) as other:
        [test] = everything(other, TESTS)
        people = everything(other, CANDIDATES)
        assert (test["id"], len(people)) == (2_000_001, 2)
        assert other.get(f"{CANDIDATES}/{ADA}").status_code == 404
        assert other.get(OF_TEST).status_code == 404
        assert other.get(CANDIDATES, params={"$filter[tests]": TEST}).json()["totalCount"] == 0
        body = {"candidateIds": [ADA, people[0]["id"]]}
        assert other.post(f"{CANDIDATES}/archive", json=body).json()["failedCandidates"] == [ADA]
        assert [shown["id"] for shown in other.get("/v2/tests").json()] == [test["id"]]
    assert testdome.get(f"{TESTS}/{test['id']}").status_code == 404
    assert testdome.get("/v3/accounts/current/plan").json()["name"] == "Trial"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"$top": 101}, "query.$top must be at most 100."),
        ({"$top": 0}, "query.$top must be at least 1."),
        ({"$skip": -1}, "query.$skip must be at least 0."),
        ({"$filter[archived]": "yes"}, "query.$filter[archived] must be true or false."),
        ({"$filter[tests]": "a"}, "query.$filter[tests][0] must be a whole number."),
        ({"$sort": ""}, "query.$sort[0] must have at least 1 character."),
    ],
)
def test_options_that_do_not_fit(testdome: httpx.Client, query: dict[str, Any], told: str) -> None:
    answer = testdome.get(CANDIDATES, params=query)
    assert answer.status_code == 400
    assert answer.json()["error"]["innerError"] == {"code": "invalidProperty", "message": told}


@pytest.fixture(scope="module")
def lax_world() -> Iterator[World]:
    """Return a world whose replies are not compared with the specification, as users have it."""
    made = Emulator([vendors.load("testdome")]).make_world("lax", ManualClock(START))
    yield made
    made.close()


def test_fields_written_by_hand_are_shown_and_selected(lax_world: World) -> None:
    with signed_in(lax_world) as client:
        _write_by_hand(client, lax_world)


def _write_by_hand(testdome: httpx.Client, testdome_world: World) -> None:
    for kind, number in (("candidates", ADA), ("tests", TEST)):
        act(testdome_world, "set-field", kind=kind, id=number, field="unheardOf", value={"a": 1})
        act(testdome_world, "set-field", kind=kind, id=number, field="name", value="Written")
    for path in (f"{CANDIDATES}/{ADA}", f"{TESTS}/{TEST}"):
        shown = testdome.get(path).json()
        assert (shown["unheardOf"], shown["name"]) == ({"a": 1}, "Written")
        assert "unheardOf" not in testdome.get(path, params={"$select": "name"}).json()
    act(
        testdome_world, "set-field", kind="candidates", id=ADA, field=["activities", 0, "date"], value="2026-03-7 08:00"
    )
    assert "activities" not in testdome.get(f"{CANDIDATES}/{ADA}").json()
    expanded = testdome.get(f"{CANDIDATES}/{ADA}", params={"$expand": "activities"}).json()
    assert expanded["activities"][0]["date"] == "2026-03-7 08:00"
