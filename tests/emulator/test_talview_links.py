"""Every link of every object of Talview's start world leads to an answer, or stands in a table of those that do not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from string import Formatter
from typing import Any, Final

import pytest

from assaykit.emulator.engine.clock import ManualClock
from tests.emulator import talview_acting, talview_asking
from tests.emulator.conftest import START
from tests.emulator.talview_lists import DELETED, EXPAND, WHOLE, Listed, Reader, Row, lists, templates

PAGE_OF_THE_WEB: Final = "a page of the web application, not of the API"
NO_PAGE: Final = "samples of the documentation lead there, but no page of it tells what is found"
UNDOCUMENTED: Final = {
    "/assessment/{}": PAGE_OF_THE_WEB,
    "/reports/assessment-time/{}": PAGE_OF_THE_WEB,
    "/models/live-session-flash-recording?live_session_id={}": NO_PAGE,
    "/models/menu-card-candidate?menu_card_id={}": NO_PAGE,
    "/models/source?menu_card_id={}": NO_PAGE,
    "/status?id={}": NO_PAGE,
    "/user/metrics/{}": NO_PAGE,
}
"""Addresses that answer 404, with a reason; a pair of braces stands for a number."""
WITHOUT_LINKS: Final[set[str]] = set()
"""Lists whose objects have a place for links and none in it."""
MANAGED: Final = (488, 2, 3, 733)
CALLERS: Final[dict[str, tuple[tuple[str, str], tuple[int, ...]]]] = {
    "recruiter": (talview_asking.DEMO, MANAGED),
    "evaluator": (talview_asking.EVALUATOR, MANAGED[:1]),
    "stranger": (talview_asking.OTHER, (496,)),
}
"""Who looks around, and the organizations that each administers, the own one first."""


class Walk:
    """Sees every object that a user can see, and gathers the links of all."""

    def __init__(self, reader: Reader, organizations: tuple[int, ...]) -> None:
        self.reader = reader
        self.origins: dict[str, set[str]] = {}
        self._organizations = organizations

    def everything(self) -> None:
        """See every list, what can be expanded in it, and each of its objects alone."""
        for listed in lists().values():
            # One list is of mere names.
            for path in self._paths(listed.template) if listed.shown else ():
                self._list(listed, path)
        sections = [row["id"] for row in self.reader.rows("assessment_sections_list") if row["is_public"]]
        self._one("me", "/user/me")
        self._one("organization", f"/user/organization/{self._organizations[0]}")
        for number in self._organizations:
            self._one("organization", f"/admin/organization/{number}")
        for number in sections:
            self._one("public section", f"/mobile/public-assessment-section/{number}")

    def _paths(self, template: str) -> Iterator[str]:
        """Return the paths of a list below every organization that is administered, user of the own one, or setting."""
        names = {found[1] for found in Formatter().parse(template) if found[1]}
        if "settings_id" in names:
            yield from (template.format(settings_id=row["id"]) for row in self.reader.rows("settings_list"))
        elif names & {"uid", "user_id"}:
            own = self._organizations[0]
            users = (row["id"] for row in self.reader.rows("users_list"))
            yield from (template.format(oid=own, uid=number, user_id=number) for number in users)
        else:
            yield from dict.fromkeys(template.format(oid=one, organization_id=one) for one in self._organizations)

    def _list(self, listed: Listed, path: str) -> None:
        whole = WHOLE.get(listed.id, ())
        rows = self.reader.read(listed, whole, path=path)
        self._gather(listed.id, rows)
        alive = [row["id"] for row in rows if not row.get(DELETED)]  # one list shows what was deleted too
        for number in alive if listed.is_got_by_id else ():
            self._one(listed.id, f"{path}/{number}")
        names: set[str] = set()
        while EXPAND in listed.others and rows and (more := _expandable(listed, rows) - names):
            names |= more
            rows = self.reader.read(listed, (*whole, (EXPAND, ",".join(sorted(names)))), path=path)
            self._gather(listed.id, rows)

    def _one(self, origin: str, path: str) -> None:
        self._gather(origin, self.reader.one(path))

    def _gather(self, origin: str, node: Any) -> None:
        """Keep the links of an object and of all objects inside of it."""
        if isinstance(node, list):
            for entry in node:
                self._gather(origin, entry)
        elif isinstance(node, dict):
            for link in (node.get("_links") or {}).values():
                self.origins.setdefault(link["href"], set()).add(origin)
            for name, value in node.items():
                if name != "_links":
                    self._gather(origin, value)


def _expandable(listed: Listed, rows: list[Row]) -> set[str]:
    """Return what can be expanded: what a list could show and does not, and references, two deep."""
    shown = {name for row in rows for name in row}
    names = {name for name in listed.shown if name not in shown} | _references(listed.shown)
    nested = [(outer, value) for row in rows for outer, value in row.items() if isinstance(value, dict)]
    return names | {f"{outer}.{name}" for outer, value in nested if outer in names for name in _references(value)}


def _references(names: Iterable[str]) -> set[str]:
    return {name.removesuffix("_id") for name in names if name.endswith("_id")}


@pytest.fixture(scope="module")
def walks() -> Iterator[dict[str, Walk]]:
    """Return what each user has seen of one start world."""
    with ExitStack() as opened:
        world = opened.enter_context(talview_acting.world_of(talview_asking.emulator(), ManualClock(START)))
        made: dict[str, Walk] = {}
        for name, (who, organizations) in CALLERS.items():
            client = opened.enter_context(talview_asking.signed_in(world, who))
            made[name] = Walk(Reader(world, client), organizations)
            made[name].everything()
        yield made


@pytest.fixture(scope="module")
def unanswered(walks: dict[str, Walk]) -> dict[str, dict[str, int]]:
    """Return the links of each user that are not answered 200, with the status."""
    statuses = {name: {href: walk.reader.get(href).status for href in walk.origins} for name, walk in walks.items()}
    return {name: {href: status for href, status in told.items() if status != 200} for name, told in statuses.items()}


def shape(href: str) -> str:
    return re.sub(r"\d+", "{}", href)


@pytest.mark.parametrize("name", CALLERS)
def test_every_link_is_answered(walks: dict[str, Walk], unanswered: dict[str, dict[str, int]], name: str) -> None:
    wrong = {
        href: (status, walks[name].origins[href])
        for href, status in unanswered[name].items()
        if shape(href) not in UNDOCUMENTED or status != 404
    }
    assert wrong == {}


def test_the_table_of_undocumented_addresses_is_exact(
    walks: dict[str, Walk], unanswered: dict[str, dict[str, int]]
) -> None:
    shapes = {name: {shape(href) for href in hrefs} for name, hrefs in unanswered.items()}
    assert set().union(*shapes.values()) == set(UNDOCUMENTED)
    answered = {shape(href) for name, walk in walks.items() for href in walk.origins if href not in unanswered[name]}
    assert answered & set(UNDOCUMENTED) == set()
    documented = {re.sub(r"\{\w+\}", "{}", template) for template in templates()}
    assert {address.partition("?")[0] for address in UNDOCUMENTED} & documented == set()


def test_links_of_every_kind_of_object_were_followed(walks: dict[str, Walk]) -> None:
    linking = {listed.id for listed in lists().values() if "_links" in listed.shown}
    followed = {origin for origins in walks["recruiter"].origins.values() for origin in origins}
    assert linking - followed == WITHOUT_LINKS
