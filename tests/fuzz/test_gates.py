"""A session fails for everything it owes, and for nothing else."""

import json
from pathlib import Path

from scripts.fuzz.gates import violations
from scripts.fuzz.plan import DELETING_CASES, FEW_CASES, LARGE, LINKS, SHARD, Contract, Link, Operation, runs
from scripts.fuzz.report import Evidence

CREATE = Operation("things_create", "POST /things", "things")
GET = Operation("things_get", "GET /things/{id}", "things")
NAMES = ("POST /things -> [200] get -> GET /things/{id}", "POST /things -> [201] get -> GET /things/{id}")
LINK = Link("get", "things_create", "things_get", NAMES)
CONTRACT = Contract("vendor", Path("openapi.json"), (CREATE, GET), (LINK,))


def passed() -> Evidence:
    evidence = Evidence(cases=2)
    evidence.statuses[CREATE.label][200] = 1
    evidence.statuses[GET.label][200] = 1
    evidence.links.add(NAMES[1])
    return evidence


def test_a_session_that_covered_everything_passes() -> None:
    assert violations(CONTRACT, passed()) == []


def test_an_operation_that_only_refused_is_owed() -> None:
    evidence = passed()
    evidence.statuses[GET.label].clear()
    evidence.statuses[GET.label][404] = 5

    assert violations(CONTRACT, evidence) == ["no success: things_get never answered 2xx (answered {404: 5})"]


def test_a_link_that_was_never_followed_is_owed() -> None:
    evidence = passed()
    evidence.links.clear()

    assert violations(CONTRACT, evidence) == [f"link not followed: {NAMES[0]}"]


def test_an_operation_that_refused_nearly_all_valid_requests_is_owed() -> None:
    evidence = passed()
    evidence.rates[CREATE.label].update(accepted=1, conflicts=19)

    [line] = violations(CONTRACT, evidence)

    assert line.startswith("valid rate: things_create accepted 5%")


def test_what_is_used_up_owes_a_success_alone() -> None:
    evidence = passed()
    evidence.rates[CREATE.label].update(accepted=1, rejected=19)

    assert violations(CONTRACT, evidence, {CREATE.id: "a name is taken once"}) == []


def test_what_a_deletion_no_longer_finds_is_no_refusal() -> None:
    evidence = passed()
    evidence.rates["DELETE /things/{id}"].update(accepted=1, unreachable=19)
    evidence.rates["PUT /things/{id}"].update(accepted=1, unreachable=19)

    assert evidence.valid_rate("DELETE /things/{id}") == 1
    assert evidence.valid_rate("PUT /things/{id}") == 0.05


def test_failed_checks_and_errors_are_owed() -> None:
    evidence = passed()
    evidence.failures.append("Server error (500): POST /things")
    evidence.errors.append("the run stopped early")

    assert len(violations(CONTRACT, evidence)) == 2


def test_links_run_once_for_each_tag_with_the_operations_they_connect() -> None:
    stateful = [run for run in runs(CONTRACT) if run.phases == ("stateful",)]

    assert [(run.name, run.operations, run.links) for run in stateful] == [
        ("stateful-things", ("things_create", "things_get"), (LINK,))
    ]


def test_the_links_of_a_tag_with_many_run_in_parts_and_those_of_an_operation_together() -> None:
    sources = tuple(Operation(f"things_{n}", f"POST /things/{n}", "things") for n in range(4))
    links = tuple(Link(str(n), source.id, GET.id, ()) for source in sources for n in range(LINKS // 2))
    planned = runs(Contract("vendor", Path("openapi.json"), (*sources, GET), links))

    walks = [run for run in planned if run.links]
    assert [run.name for run in walks] == ["stateful-things", "stateful-things-1"]
    assert [set(run.operations) for run in walks] == [
        {"things_0", "things_1", "things_get"},
        {"things_2", "things_3", "things_get"},
    ]
    assert sum((run.links for run in walks), ()) == links


def test_a_tally_adds_to_what_earlier_runs_have_shown(tmp_path: Path) -> None:
    path = tmp_path / "tally.json"
    path.write_text(
        json.dumps({"cases": 3, "statuses": {GET.label: {"200": 2, "404": 1}}, "links": ["another"]}), "utf-8"
    )
    evidence = passed()

    evidence.read_tally(path)

    assert evidence.cases == 5
    assert evidence.statuses[GET.label] == {200: 3, 404: 1}
    assert evidence.links == {NAMES[1], "another"}


def test_deletions_and_what_spoils_others_run_in_worlds_of_their_own_and_links_only_if_asked() -> None:
    delete = Operation("things_delete", "DELETE /things/{id}", "things")
    contract = Contract("vendor", Path("openapi.json"), (CREATE, GET, delete), (LINK,))
    planned = {run.name: run.operations for run in runs(contract, links=False, alone=["things_get"])}

    assert planned == {
        "operations-1": ("things_create",),
        "things_get": ("things_get",),
        "deletions": ("things_delete",),
    }
    assert "stateful-things" in {run.name for run in runs(contract)}


def test_a_large_contract_is_tried_in_more_runs_with_fewer_cases() -> None:
    many = tuple(Operation(f"things{n}_get", f"GET /things{n}/{{id}}", f"things{n}") for n in range(3 * SHARD))
    large = Contract("vendor", Path("openapi.json"), many, ())
    planned = runs(large)

    assert [run.name for run in planned] == ["operations-1", "operations-2", "operations-3"]
    assert {len(run.operations) for run in planned} == {SHARD}
    assert large.cases == FEW_CASES < CONTRACT.cases
    assert {run.cases for run in planned} == {FEW_CASES}


def test_a_walk_that_deletes_has_more_scenarios_than_others_of_a_large_contract() -> None:
    many = tuple(Operation(f"things{n}_get", f"GET /things{n}/{{id}}", f"things{n}") for n in range(LARGE))
    delete = Operation("things_delete", "DELETE /things/{id}", "gone")
    links = LINK, Link("delete", "things_create", "things_delete", ())
    kept, gone = (
        runs(Contract("vendor", Path("openapi.json"), (*many, CREATE, GET, delete), owed))[-1]
        for owed in (links[:1], links)
    )

    assert kept.cases == FEW_CASES
    assert gone.cases == DELETING_CASES
