"""Every list operation of Talview with its query filters, read from the bundled contract, and what a client reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

import httpx

from assaykit.emulator.engine.contract import load_document
from assaykit.emulator.engine.message import Reply, Request
from assaykit.emulator.engine.transport import base_url
from assaykit.emulator.engine.worlds import World

Row = dict[str, Any]
Sent = tuple[tuple[str, str], ...]
"""Names and values of a query, as they are written in an address."""
PAGE, SIZE, EXPAND, FIELDS, DELETED = "page", "pageSize", "expand", "fields", "is_deleted"
_NO_FILTERS: Final = {PAGE, SIZE, EXPAND, FIELDS, "suppress_error_code", "suppress_error_codes"}
PATHS: Final = {"oid": 488, "organization_id": 488, "uid": 30876, "user_id": 30876, "settings_id": 15}
"""Values of path parameters: the organization and the user who call, and a setting with allowed values."""
WHOLE: Final[Mapping[str, Sent]] = {"admin_notification_logs_list": (("from", "2000-01-01"),)}
"""What has to be asked for to see a whole list: without a filter this one shows the past hour only."""


@dataclass(frozen=True)
class Parameter:
    """A documented query filter."""

    name: str
    schema: Mapping[str, Any]
    item: Mapping[str, Any]
    description: str

    @property
    def field(self) -> str:
        return self.name.removesuffix("[]")

    @property
    def is_list(self) -> bool:
        return self.schema.get("type") == "array"


@dataclass(frozen=True)
class Listed:
    """A list operation."""

    id: str
    template: str
    shown: frozenset[str]
    filters: Mapping[str, Parameter]
    others: frozenset[str]

    @property
    def is_got_by_id(self) -> bool:
        """Whether an operation shows each of its objects alone."""
        below = [template for template in templates() if template.rpartition("/")[0] == self.template]
        return any(template.endswith("}") for template in below)

    def path(self, known: Mapping[str, int] = PATHS) -> str:
        return self.template.format_map(known)


@cache
def _document() -> Mapping[str, Any]:
    return load_document("talview")


def followed(node: Any) -> Any:
    """Return what a reference leads to."""
    while "$ref" in node:
        target: Any = _document()
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def properties(schema: Any) -> dict[str, Any]:
    """Return the properties of an object's schema, those of the parts of `allOf` included."""
    schema = followed(schema)
    found = {name: value for part in schema.get("allOf", ()) for name, value in properties(part).items()}
    return {**found, **schema.get("properties", {})}


@cache
def templates() -> list[str]:
    """Return the paths of all operations that read."""
    return [template for template, item in _document()["paths"].items() if "get" in item]


@cache
def lists() -> dict[str, Listed]:
    """Return every operation that answers a list, by its id."""
    found: dict[str, Listed] = {}
    for template, item in _document()["paths"].items():
        reply = followed(item["get"]["responses"].get("200", {})) if "get" in item else {}
        schema = followed(reply.get("content", {}).get("application/json", {}).get("schema", {}))
        if schema.get("type") != "array":
            continue
        declared = [followed(one) for one in (*item.get("parameters", ()), *item["get"].get("parameters", ()))]
        query = {one["name"]: one for one in declared if one["in"] == "query"}
        filters = {name: _parameter(one) for name, one in query.items() if name not in _NO_FILTERS}
        shown = frozenset(properties(schema["items"]))
        name = item["get"]["operationId"]
        found[name] = Listed(name, template, shown, filters, frozenset(query) & _NO_FILTERS)
    return found


def _parameter(declared: Mapping[str, Any]) -> Parameter:
    schema = followed(declared["schema"])
    item = followed(schema["items"]) if "items" in schema else schema
    return Parameter(declared["name"], schema, item, declared["description"])


def documented() -> list[tuple[str, str]]:
    """Return every pair of a list operation and a query filter of it."""
    return [(listed.id, name) for listed in lists().values() for name in listed.filters]


class Reader:
    """Reads lists for one caller, whole ones only once.

    It asks the world itself, in the place of a client library: thousands of requests are asked.
    """

    def __init__(self, world: World, client: httpx.Client) -> None:
        self._world = world
        self._headers = {"authorization": client.headers["Authorization"]}
        self._rows: dict[tuple[str, str], list[Row]] = {}

    def get(self, address: str) -> Reply:
        """Return the answer to an address, below the vendor's or with it."""
        path, _, query = address.removeprefix(_BASE).partition("?")
        return self._world.handle("talview", Request("GET", path, query.encode(), self._headers, b"", _BASE))

    def answered(self, address: str) -> Reply:
        """Return the answer to an address, which is a success."""
        reply = self.get(address)
        assert reply.status == 200, f"{address} {reply.body.decode()}"
        return reply

    def one(self, address: str) -> Any:
        """Return the object at an address."""
        return json.loads(self.answered(address).body)

    def rows(self, operation: str, **query: str) -> list[Row]:
        """Return everything that a list holds, what is marked as deleted included."""
        key = operation, str(query)
        if key not in self._rows:
            listed, asked = lists()[operation], (*WHOLE.get(operation, ()), *query.items())
            self._rows[key] = self.read(listed, asked)
            if DELETED in listed.filters:
                self._rows[key] += self.read(listed, (*asked, (DELETED, "true")))
        return self._rows[key]

    def read(self, listed: Listed, query: Iterable[tuple[str, str]] = (), size: int = 50, path: str = "") -> list[Row]:
        """Return all pages of a list, each reached by the link of the one before."""
        asked = urlencode([*query, *([(SIZE, str(size))] if SIZE in listed.others else [])])
        address: str | None = f"{path or listed.path()}?{asked}"
        items: list[Row] = []
        told: list[tuple[str | None, ...]] = []
        while address is not None:
            reply = self.answered(address)
            items += json.loads(reply.body)
            told.append(
                tuple(reply.header(f"x-pagination-{name}") for name in ("total-count", "page-count", "per-page"))
            )
            following = _NEXT.search(reply.header("link") or "")
            address = None if following is None else following[1]
        [total, pages, on_page] = (int(value or -1) for value in told[0])
        assert set(told) == {told[0]}
        assert (total, pages) == (len(items), -(-total // on_page)), told
        return items


_BASE: Final = base_url("talview")
_NEXT: Final = re.compile("<([^>]*)>; rel=next")
